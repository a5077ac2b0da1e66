package mail

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	htmltemplate "html/template"
	"io/fs"
	"math"
	"strconv"
	"strings"
	"sync"
	texttemplate "text/template"
	"time"

	"golang.org/x/text/language"

	"github.com/accolade-badges/accolade/assets"
)

// languages lists what assets/mail has words for; the first is the fallback.
var languages = []language.Tag{language.English, language.MustParse("zh-CN")}

// words is one file words.LANGUAGE.json. Its sentences are text templates over
// a [sentence].
type words struct {
	Language            string
	Date                string // layout of package time
	Moment              string // likewise, with the time of day
	Quote               string // a format for the achievement's name
	Separator           string // between a label and its value
	Greeting            string
	GreetingWithoutName string
	Labels              struct{ Badge, Issuer, Attained, Expires, Never, Next, Address, Reason, Code, When, What string }
	Account             footer // of mails about an account that say nothing else
	Mails               map[string]mailWords
}

// mailWords are the words of one kind of mail.
type mailWords struct {
	Subject, Preview, Headline, Lead string
	Button, Hint                     string
	NextTitle                        string // above Next; by default that of all mails
	Next                             []string
	Home                             string
	footer
}

// footer says why somebody gets a mail, whom to ask, and how to stop it.
type footer struct{ Why, Contact, OptOut string }

// sentence is what the sentences of words may name.
type sentence struct {
	Name, Issuer, Achievement, Quoted string
	Until, Detail                     string
	To, Contact, OptOutURL            string
	Count                             int
}

// page is what the layouts show.
type page struct {
	Language, Subject, Preview              string
	Greeting, Headline, Lead                string
	Before, After                           []string // the programme's own text, instead of the three above: before and after the button
	Facts                                   []fact
	Badges                                  []badge
	Separator                               string
	Button, ButtonURL, Hint, AddressLabel   string
	Code, CodeLabel                         string
	NextTitle                               string
	Next                                    []string
	Home, BadgeURL                          string
	Issuer, IssuerURL, Why, Contact, OptOut string
	Colour, OnColour                        string
	PictureURL, PictureAlt                  string
}

type fact struct{ Label, Value string }

// badge is one of several that a mail lists.
type badge struct{ Name, From, URL string }

// loaded are the parsed files of assets/mail.
type loaded struct {
	text    *texttemplate.Template
	html    *htmltemplate.Template
	words   []words // in the order of languages
	matcher language.Matcher
}

var templates = sync.OnceValues(func() (*loaded, error) { return load(assets.Mail()) })

func load(files fs.FS) (*loaded, error) {
	functions := map[string]any{"number": func(i int) string { return strconv.Itoa(i + 1) }, "trim": strings.TrimSpace, "links": links}
	t := &loaded{matcher: language.NewMatcher(languages)}
	var err error
	if t.text, err = texttemplate.New("layout.txt").Funcs(functions).ParseFS(files, "layout.txt"); err != nil {
		return nil, err
	}
	if t.html, err = htmltemplate.New("layout.html").Funcs(functions).ParseFS(files, "layout.html"); err != nil {
		return nil, err
	}
	for _, tag := range languages {
		name := "words." + tag.String() + ".json"
		body, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		var w words
		d := json.NewDecoder(bytes.NewReader(body))
		d.DisallowUnknownFields()
		if err := d.Decode(&w); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		t.words = append(t.words, w)
	}
	return t, nil
}

// wordsFor returns the words of the best language for locale.
func wordsFor(locale string) (*words, error) {
	t, err := templates()
	if err != nil {
		return nil, err
	}
	_, index := language.MatchStrings(t.matcher, locale)
	return &t.words[index], nil
}

func (w *words) date(at time.Time) string   { return at.UTC().Format(w.Date) }
func (w *words) moment(at time.Time) string { return at.UTC().Format(w.Moment) }

// sentence is what a letter gives to the sentences of every kind.
func (l *Letter) sentence(w *words) sentence {
	return sentence{Name: isolate(l.ToName), Issuer: isolate(l.Issuer), To: l.To, Contact: l.ReplyTo, OptOutURL: l.OptOutURL}
}

// page fills s into the words of a kind.
func (w *words) page(kind string, l Letter, s sentence) (*page, error) {
	m, ok := w.Mails[kind]
	if !ok {
		return nil, fmt.Errorf("words.%s.json has no mail %q", w.Language, kind)
	}
	f := filler{data: s}
	greeting := w.Greeting
	if l.ToName == "" {
		greeting = w.GreetingWithoutName
	}
	p := &page{
		Language: w.Language, Subject: f.fill(m.Subject), Preview: f.fill(m.Preview),
		Greeting: f.fill(greeting), Headline: f.fill(m.Headline), Lead: f.fill(m.Lead),
		Button: f.fill(m.Button), Hint: f.fill(m.Hint), AddressLabel: w.Labels.Address,
		NextTitle: cmp.Or(m.NextTitle, w.Labels.Next), Home: f.fill(m.Home), Issuer: s.Issuer, IssuerURL: l.IssuerURL,
		Why: f.fill(cmp.Or(m.Why, w.Account.Why)), Contact: f.fill(cmp.Or(m.Contact, w.Account.Contact)), OptOut: f.fill(cmp.Or(m.OptOut, w.Account.OptOut)),
		Colour: l.Colour, OnColour: textOn(l.Colour), Separator: w.Separator,
	}
	for _, step := range m.Next {
		p.Next = append(p.Next, f.fill(step))
	}
	p.Subject = plainLine(p.Subject)
	return p, f.err
}

// run is a piece of a text: an address, or what stands between two.
type run struct{ Text, URL string }

// links finds the addresses in a text, so that they can be clicked.
func links(text string) (runs []run) {
	for {
		at := addressForm.FindStringIndex(text)
		if at == nil {
			break
		}
		end := at[0] + len(strings.TrimRight(text[at[0]:at[1]], sentenceEnd))
		if address := text[at[0]:end]; isWebAddress(address) {
			runs = append(runs, run{Text: text[:at[0]]}, run{URL: address})
		} else {
			runs = append(runs, run{Text: text[:end]})
		}
		text = text[end:]
	}
	return append(runs, run{Text: text})
}

// sentenceEnd are the marks that end a sentence and no address.
const sentenceEnd = ".,;:!?)，。；：！？）"

// filler fills sentences and keeps the first error.
type filler struct {
	data any
	err  error
}

func (f *filler) fill(text string) string {
	if !strings.Contains(text, "{{") || f.err != nil {
		return text
	}
	t, err := texttemplate.New("sentence").Parse(text)
	if err != nil {
		f.err = err
		return ""
	}
	var out strings.Builder
	if err := t.Execute(&out, f.data); err != nil {
		f.err = err
	}
	return out.String()
}

// textOn picks the colour of a text on the given #rrggbb: whichever of white and
// near-black contrasts more (WCAG 2.2, relative luminance).
func textOn(colour string) string {
	const white, dark = "#ffffff", "#131c2b"
	if contrast(colour, white) >= contrast(colour, dark) {
		return white
	}
	return dark
}

func contrast(a, b string) float64 {
	la, lb := luminance(a), luminance(b)
	return (max(la, lb) + 0.05) / (min(la, lb) + 0.05)
}

func luminance(colour string) float64 {
	var sum float64
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		v, err := strconv.ParseUint(colour[1+2*i:3+2*i], 16, 8)
		if err != nil {
			return 0 // colourForm has seen to it
		}
		c := float64(v) / 255
		if c <= 0.04045 {
			sum += weight * c / 12.92
		} else {
			sum += weight * math.Pow((c+0.055)/1.055, 2.4)
		}
	}
	return sum
}
