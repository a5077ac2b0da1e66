package mail_test

import (
	"encoding/xml"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/accolade-badges/accolade/issuer/mail"
)

var update = flag.Bool("update", false, "rewrite the golden files")

var sampleTime = time.Date(2026, 11, 25, 9, 30, 0, 0, time.UTC)

func sampleLetter() mail.Letter {
	return mail.Letter{
		ID: "4kV2sample@badges.example.org", Date: sampleTime,
		From: "badges@example.org", ReplyTo: "desk@example.org", To: "alex@example.org", ToName: "Alex Sample",
		Issuer: "Sample Programme", IssuerSlug: "sample-programme", IssuerURL: "https://example.org/",
	}
}

// stoppableLetter is one that its recipient may want no more of.
func stoppableLetter() mail.Letter {
	l := sampleLetter()
	l.OptOutURL = "https://badges.example.org/u/5Jv8wYzAbCdEfGhJkLmNpQ"
	l.OptOutMail, l.OptOutSubject = "bounces@example.org", "unsubscribe 5Jv8wYzAbCdEfGhJkLmNpQ"
	return l
}

const samplePicture = "https://badges.example.org/achievements/network-administrator-associate/image.png"

func sampleAward() mail.Award {
	return mail.Award{
		Letter: sampleLetter(), Achievement: "Network Administrator Associate", PictureURL: samplePicture,
		AttainedAt: time.Date(2026, 11, 24, 16, 0, 0, 0, time.UTC), ExpiresAt: time.Date(2027, 11, 24, 16, 0, 0, 0, time.UTC),
		ClaimURL:   "https://badges.example.org/claim/5Jv8wYzAbCdEfGhJkLmNpQ",
		ClaimUntil: time.Date(2026, 12, 9, 9, 30, 0, 0, time.UTC),
		BadgeURL:   "https://badges.example.org/badges/7Yk3mNpQrStUvWxYz12345",
	}
}

func sampleConfirmation() mail.Confirmation {
	return mail.Confirmation{
		Letter: sampleLetter(), Link: "https://badges.example.org/confirm/5Jv8wYzAbCdEfGhJkLmNpQ", Code: "048213",
		Until: sampleTime.Add(time.Hour), Achievement: "Network Administrator Associate", AchievementIssuer: "Sample Programme", PictureURL: samplePicture,
	}
}

func sampleFind(n int) mail.Find {
	f := mail.Find{Letter: sampleLetter(), Until: sampleTime.Add(14 * 24 * time.Hour), FindURL: "https://badges.example.org/find"}
	for i := range n {
		f.Waiting = append(f.Waiting, mail.Waiting{
			Achievement: "Network Administrator " + []string{"Associate", "Professional", "Expert"}[i%3], Issuer: "Sample Programme",
			AttainedAt: sampleTime.AddDate(0, -i, 0), ClaimURL: "https://badges.example.org/claim/5Jv8wYzAbCdEfGhJkLmNp" + string(rune('A'+i)),
		})
	}
	return f
}

func sampleNotice(kind mail.NoticeKind) mail.Notice {
	n := mail.Notice{Letter: sampleLetter(), Kind: kind, Detail: "alex.private@example.com", At: sampleTime, Link: "https://badges.example.org/me/account"}
	switch kind {
	case mail.PasskeyAdded, mail.PasskeyRemoved:
		n.Detail = "Alex’s phone"
	case mail.SignInLinked:
		n.Detail = "Example University"
	case mail.AccountsMerged:
		n.Until = sampleTime.AddDate(0, 0, 14)
	case mail.AccountDeleted:
		n.Detail, n.Link = "", "https://badges.example.org/"
	}
	return n
}

// kinds compose mails about an award.
var kinds = map[string]func(string, mail.Award) (*mail.Message, error){
	"award": mail.ComposeAward, "accepted": mail.ComposeAccepted, "revocation": mail.ComposeRevocation, "correction": mail.ComposeCorrection,
	"end": mail.ComposeEnd,
}

func mustCompose(tb testing.TB, kind, locale string, a mail.Award) *mail.Message {
	tb.Helper()
	m, err := kinds[kind](locale, a)
	return mustBeSendable(tb, m, err)
}

func mustBeSendable(tb testing.TB, m *mail.Message, err error) *mail.Message {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
	if _, err := m.Bytes(); err != nil {
		tb.Fatalf("the composed mail cannot be sent: %v", err)
	}
	return m
}

// everyMail composes one mail of every kind that there is.
func everyMail(tb testing.TB, locale string) map[string]*mail.Message {
	tb.Helper()
	all := map[string]*mail.Message{}
	add := func(kind string, m *mail.Message, err error) { all[kind] = mustBeSendable(tb, m, err) }
	for kind, compose := range kinds {
		a := sampleAward()
		if kind == "revocation" || kind == "correction" {
			a.Reason = "The exam sitting was voided."
		}
		m, err := compose(locale, a)
		add(kind, m, err)
	}
	reminder := sampleAward()
	reminder.Letter = stoppableLetter()
	m, err := mail.ComposeReminder(locale, reminder)
	add("reminder", m, err)
	m, err = mail.ComposeConfirmation(locale, sampleConfirmation())
	add("confirmation", m, err)
	address := sampleConfirmation()
	address.Achievement, address.PictureURL = "", ""
	m, err = mail.ComposeConfirmation(locale, address)
	add("confirmation-address", m, err)
	joins := sampleConfirmation()
	joins.Joins = true
	m, err = mail.ComposeConfirmation(locale, joins)
	add("confirmation-joins", m, err)
	m, err = mail.ComposeMerge(locale, sampleConfirmation())
	add("confirmation-merge", m, err)
	m, err = mail.ComposeSignIn(locale, sampleConfirmation())
	add("sign-in", m, err)
	for kind, n := range map[string]int{"find-nothing": 0, "find-one": 1, "find-three": 3} {
		m, err = mail.ComposeFind(locale, sampleFind(n))
		add(kind, m, err)
	}
	for _, kind := range []mail.NoticeKind{
		mail.AddressAdded, mail.AddressRemoved, mail.PasskeyAdded, mail.PasskeyRemoved, mail.SignInLinked, mail.AccountsMerged, mail.MergeUndone, mail.AccountDeleted,
		mail.NameDeclined, mail.AddressCheck, mail.AddressVouched, mail.NameAsked,
	} {
		m, err = mail.ComposeNotice(locale, sampleNotice(kind))
		add("notice-"+string(kind), m, err)
	}
	return all
}

func TestComposeGolden(t *testing.T) {
	t.Parallel()
	for _, locale := range []string{"en", "zh-CN"} {
		for kind, m := range everyMail(t, locale) {
			golden(t, kind+"."+locale+".txt", "Subject: "+m.Subject+"\n\n"+m.Text)
			if kind == "award" || kind == "confirmation" || kind == "find-three" {
				golden(t, kind+"."+locale+".html", m.HTML)
			}
		}
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v; write it with go test -update", err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}

// TestEveryMailCarriesWhatItMust, in both parts and with as little given as is
// allowed.
func TestEveryMailCarriesWhatItMust(t *testing.T) {
	t.Parallel()
	least := sampleAward()
	least.ToName, least.IssuerURL, least.PictureURL, least.ExpiresAt, least.ClaimUntil = "", "", "", time.Time{}, time.Time{}
	for kind := range kinds {
		least := least
		if kind == "end" {
			least.ExpiresAt = sampleTime
		}
		for _, locale := range []string{"en", "zh-CN"} {
			for name, a := range map[string]mail.Award{"full": sampleAward(), "least": least} {
				m := mustCompose(t, kind, locale, a)
				for part, body := range map[string]string{"text": m.Text, "HTML": m.HTML} {
					needs := []string{a.Issuer, a.Achievement, a.ReplyTo, a.To}
					switch kind {
					case "award", "accepted":
						needs = append(needs, a.ClaimURL, a.BadgeURL)
					case "correction", "end":
						needs = append(needs, a.ClaimURL)
					default:
						needs = append(needs, a.BadgeURL)
					}
					for _, need := range needs {
						if !strings.Contains(body, need) {
							t.Errorf("%s %s %s: the %s part lacks %q", kind, locale, name, part, need)
						}
					}
					for _, leftover := range []string{"{{", "}}", "<no value>", "ZgotmplZ", "\n\n\n"} {
						if strings.Contains(body, leftover) {
							t.Errorf("%s %s %s: the %s part has %q", kind, locale, name, part, leftover)
						}
					}
				}
				if m.FromName != a.Issuer || m.ReplyTo != a.ReplyTo {
					t.Errorf("%s: from %q, answers to %q; want the programme and its desk", kind, m.FromName, m.ReplyTo)
				}
				if _, ok := m.Headers["List-Unsubscribe"]; ok {
					t.Errorf("%s carries List-Unsubscribe, which is for reminders and news", kind)
				}
			}
		}
	}
}

func TestCorrectionWithoutAClaimLinkLeadsToTheBadge(t *testing.T) {
	t.Parallel()
	a := sampleAward()
	a.ClaimURL, a.ClaimUntil = "", time.Time{}
	if m := mustCompose(t, "correction", "en", a); !strings.Contains(m.Text, a.BadgeURL) || !strings.Contains(m.HTML, a.BadgeURL) {
		t.Error("there is no way to the badge")
	}
}

func TestComposePicksTheLanguage(t *testing.T) {
	t.Parallel()
	for locale, want := range map[string]string{
		"en": "en", "en-GB": "en", "zh-CN": "zh-CN", "zh": "zh-CN", "zh-Hans-SG": "zh-CN", "fr": "en", "": "en", "no such tag!": "en",
	} {
		if got := mustCompose(t, "award", locale, sampleAward()).Headers["Content-Language"]; got != want {
			t.Errorf("%q: got %s, want %s", locale, got, want)
		}
	}
}

func TestComposeRefusesAMailWithoutItsEssentials(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*mail.Award){
		"no claim link":                   func(a *mail.Award) { a.ClaimURL = "" },
		"a claim link that runs a script": func(a *mail.Award) { a.ClaimURL = "javascript:alert(1)" },
		"a badge address with a password": func(a *mail.Award) { a.BadgeURL = "https://a:b@example.org/" },
		"a picture that is no address":    func(a *mail.Award) { a.PictureURL = "https://example.org/a b.png" },
		"no badge address":                func(a *mail.Award) { a.BadgeURL = "" },
		"no issuer":                       func(a *mail.Award) { a.Issuer = " \r\n" },
		"no achievement":                  func(a *mail.Award) { a.Achievement = "" },
		"no contact":                      func(a *mail.Award) { a.ReplyTo = "" },
		"no date of attainment":           func(a *mail.Award) { a.AttainedAt = time.Time{} },
	} {
		a := sampleAward()
		change(&a)
		if _, err := mail.ComposeAward("en", a); !errors.Is(err, mail.ErrInvalid) {
			t.Errorf("%s: got %v, want ErrInvalid", name, err)
		}
	}
}

func TestComposeHostileNames(t *testing.T) {
	t.Parallel()
	for name, given := range map[string]string{
		"line breaks":          "Alex\r\nBcc: b@example.org\n\nHello",
		"markup":               `<img src=x onerror=alert(1)>"><script>alert(1)</script>`,
		"template":             `{{.To}}{{template "x"}}`,
		"directional marks":    "Alex \u202egpj.exe\u202c",
		"invalid UTF-8":        "Alex\xff\xfe",
		"zero bytes":           "Al\x00ex\x1b[31m",
		"a whole book":         strings.Repeat("Alex ", 5000),
		"nothing but controls": "\x01\x02",
	} {
		a := sampleAward()
		a.ToName, a.Reason, a.Achievement = given, given, "Badge "+given
		for kind := range kinds {
			m := mustCompose(t, kind, "en", a)
			all := m.Subject + m.Text + m.HTML
			for _, bad := range []string{"<img src=x", "<script"} {
				if strings.Contains(m.HTML, bad) {
					t.Errorf("%s: the HTML of the %s mail holds %q", name, kind, bad)
				}
			}
			for _, bad := range []string{"\x1b", "\x00", "\u202e", "\r", "\nBcc:"} {
				if strings.Contains(all, bad) {
					t.Errorf("%s: the %s mail holds %q", name, kind, bad)
				}
			}
			if !utf8.ValidString(all) || strings.Contains(m.Subject, "\n") {
				t.Errorf("%s: the %s mail is not clean text", name, kind)
			}
			if name == "template" && !strings.Contains(m.Text, "{{.To}}") {
				t.Errorf("a name was run as a template")
			}
		}
	}
}

func TestComposeRightToLeftNamesAreIsolated(t *testing.T) {
	t.Parallel()
	a := sampleAward()
	a.ToName = "أليكس نموذج"
	m := mustCompose(t, "award", "en", a)
	if !strings.HasPrefix(m.Text, "Hello \u2068أليكس نموذج\u2069,") {
		t.Errorf("greeting %q", strings.SplitN(m.Text, "\n", 2)[0])
	}
	if m.ToName != a.ToName || strings.ContainsAny(m.Subject, "\u2068\u2069") {
		t.Errorf("headers carry directional marks: %q, %q", m.ToName, m.Subject)
	}
}

func TestHTMLIsFitForMailPrograms(t *testing.T) {
	t.Parallel()
	for kind := range kinds {
		for _, locale := range []string{"en", "zh-CN"} {
			m := mustCompose(t, kind, locale, sampleAward())
			if n := len(m.HTML); n > 40_000 {
				t.Errorf("%s %s: %d bytes; some programs cut a mail at 100 kB", kind, locale, n)
			}
			for _, need := range []string{`name="color-scheme" content="light dark"`, `lang="` + locale + `"`, `role="presentation"`, `name="viewport"`} {
				if !strings.Contains(m.HTML, need) {
					t.Errorf("%s %s lacks %s", kind, locale, need)
				}
			}
			for _, bad := range []string{"<script", "<form", "<link", "<iframe", "@import", "url(", "http://", "position:"} {
				if strings.Contains(m.HTML, bad) {
					t.Errorf("%s %s has %s", kind, locale, bad)
				}
			}
			wantPictures := 1
			if kind == "revocation" || kind == "end" {
				wantPictures = 0
			}
			if got := checkTags(t, kind+" "+locale, m.HTML); got != wantPictures {
				t.Errorf("%s %s: %d pictures, want %d", kind, locale, got, wantPictures)
			}
		}
	}
}

// checkTags reads the HTML as loose XML: tags nest, pictures have a text and a
// size, layout tables say that they are none.
func checkTags(t *testing.T, name, html string) (pictures int) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(html))
	d.Strict, d.AutoClose, d.Entity = false, xml.HTMLAutoClose, xml.HTMLEntity
	for {
		token, err := d.Token()
		if token == nil {
			break
		}
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		start, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		attr := map[string]string{}
		for _, a := range start.Attr {
			attr[a.Name.Local] = a.Value
		}
		switch start.Name.Local {
		case "img":
			pictures++
			if attr["alt"] == "" || attr["width"] == "" || attr["height"] == "" {
				t.Errorf("%s: a picture without text or size: %v", name, attr)
			}
		case "table":
			if attr["role"] != "presentation" {
				t.Errorf("%s: a layout table without role", name)
			}
		}
	}
	return pictures
}

func TestButtonTextIsReadableOnEveryColour(t *testing.T) {
	t.Parallel()
	for colour, want := range map[string]string{"#ffd400": "#131c2b", "#1f4fbf": "#ffffff", "#000000": "#ffffff", "#ffffff": "#131c2b", "red;}": "#ffffff"} {
		a := sampleAward()
		a.Colour = colour
		m := mustCompose(t, "award", "en", a)
		if !strings.Contains(m.HTML, "color:"+want+";text-decoration:none") {
			t.Errorf("on %s the button's text is not %s", colour, want)
		}
		if strings.Contains(m.HTML, "red;}") {
			t.Error("a colour that is none went into the mail")
		}
	}
}

func TestFeedbackID(t *testing.T) {
	t.Parallel()
	if got := mustCompose(t, "revocation", "en", sampleAward()).Headers["Feedback-ID"]; got != "revocation:sample-programme:badges:accolade" {
		t.Errorf("got %q", got)
	}
}
