package mail_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/accolade-badges/accolade/issuer/mail"
)

func ownWording() mail.Wording {
	return mail.Wording{
		"en": {
			Subject: "You passed: {{.Achievement}}",
			Paragraphs: []string{
				"{{if .Name}}Dear {{.Name}},{{else}}Good day,{{end}}", "{{.Issuer}} congratulates you on {{.Achievement}}, earned on {{.AttainedAt}}.",
				"{{.ClaimLink}}", "The link works until {{.ClaimUntil}}; the badge {{.ExpiresAt}}. More at https://example.org/help.",
				"Questions go to {{.Contact}}. No reminders: {{.OptOut}}",
			},
		},
	}
}

func ownAward() mail.Award {
	a := sampleAward()
	a.Letter, a.Own = stoppableLetter(), ownWording()
	return a
}

func TestProgrammesOwnWordsTakeTheHousesPlace(t *testing.T) {
	t.Parallel()
	a := ownAward()
	m, err := mail.ComposeAward("en", a)
	mustBeSendable(t, m, err)
	golden(t, "own.en.txt", "Subject: "+m.Subject+"\n\n"+m.Text)
	golden(t, "own.en.html", m.HTML)
	for part, body := range map[string]string{"text": m.Text, "HTML": m.HTML} {
		for _, need := range []string{"Dear Alex Sample,", a.ClaimURL, a.ReplyTo, a.OptOutURL, "25 November 2026"[3:]} {
			if !strings.Contains(body, need) {
				t.Errorf("the %s part lacks %q", part, need)
			}
		}
		if strings.Contains(body, "Congratulations, you earned it") {
			t.Errorf("the %s part has the house's words too", part)
		}
	}
	if !strings.Contains(m.HTML, `href="https://example.org/help"`) {
		t.Error("an address in the text cannot be clicked")
	}
	before, after := strings.Index(m.Text, "congratulates"), strings.Index(m.Text, "Questions go to")
	if button := strings.Index(m.Text, a.ClaimURL); before > button || button > after {
		t.Errorf("the button stands at %d, not between the paragraphs at %d and %d", button, before, after)
	}
}

func TestProgrammesOwnWordsAreForTheirLanguage(t *testing.T) {
	t.Parallel()
	a := ownAward()
	for locale, own := range map[string]bool{"en": true, "en-GB": true, "zh-CN": false, "fr": false} {
		m, err := mail.ComposeAward(locale, a)
		mustBeSendable(t, m, err)
		if got := strings.HasPrefix(m.Subject, "You passed"); got != own {
			t.Errorf("%s: own words %v, want %v", locale, got, own)
		}
	}
	for _, locale := range []string{"en", "zh-CN", "fr"} { // a note there must be
		m, err := mail.ComposeNote(locale, ownWording(), a)
		mustBeSendable(t, m, err)
		if !strings.HasPrefix(m.Subject, "You passed") || m.Headers["Content-Language"] != "en" {
			t.Errorf("%s: note %q in %s", locale, m.Subject, m.Headers["Content-Language"])
		}
	}
	if _, err := mail.ComposeNote("en", nil, a); !errors.Is(err, mail.ErrInvalid) {
		t.Errorf("a note without a text: %v, want ErrInvalid", err)
	}
}

func TestWordingWithoutItsEssentialsIsRefused(t *testing.T) {
	t.Parallel()
	without := func(field string) func(*mail.Template) {
		return func(t *mail.Template) {
			t.Paragraphs = slices.Clone(t.Paragraphs)
			for i := range t.Paragraphs {
				t.Paragraphs[i] = strings.ReplaceAll(t.Paragraphs[i], "{{."+field+"}}", "x")
			}
		}
	}
	add := func(text string) func(*mail.Template) {
		return func(t *mail.Template) { t.Paragraphs = append(slices.Clone(t.Paragraphs), text) }
	}
	for name, c := range map[string]struct {
		change func(*mail.Template)
		want   string
	}{
		"as it is":               {func(*mail.Template) {}, ""},
		"no claim link":          {without("ClaimLink"), "ClaimLink"},
		"no issuer":              {without("Issuer"), "Issuer"},
		"no contact":             {without("Contact"), "Contact"},
		"no opt-out":             {without("OptOut"), "OptOut"},
		"no subject":             {func(t *mail.Template) { t.Subject = " " }, "subject"},
		"no text":                {func(t *mail.Template) { t.Paragraphs = nil }, "paragraphs"},
		"a hidden opt-out":       {func(t *mail.Template) { without("OptOut")(t); add("{{if .Name}}{{.OptOut}}{{end}}")(t) }, "OptOut"},
		"a link within a text":   {add("Go to {{.ClaimLink}} now"), "alone"},
		"an unknown field":       {add("{{.Password}}"), "no field"},
		"a loop":                 {add("{{range 1000000000}}x{{end}}"), "not known here"},
		"a function":             {add(`{{printf "%1000000d" 1}}`), "no field"},
		"a template":             {add(`{{define "x"}}{{end}}{{template "x"}}`), ""},
		"half a field":           {add("{{.Name"), "cannot be read"},
		"a shortener":            {add("See https://bit.ly/abc"), "hides where it leads"},
		"a link without TLS":     {add("See http://example.org/"), "https"},
		"a number for a host":    {add("See https://192.0.2.1/"), "number"},
		"a line break":           {add("one\ntwo"), "line break"},
		"a right-to-left mark":   {add("abc\u202edef"), "control character"},
		"a book":                 {add(strings.Repeat("word ", 5000)), "characters together"},
		"a line break in a head": {func(t *mail.Template) { t.Subject += "\r\nBcc: b@example.org" }, "line break"},
	} {
		w := ownWording()
		t1 := w["en"]
		c.change(&t1)
		w["en"] = t1
		faults := strings.Join(w.Check(mail.BadgeWording), "; ")
		if name == "a template" {
			if faults == "" {
				t.Errorf("%s is taken", name)
			}
			continue
		}
		if c.want == "" && faults != "" || c.want != "" && !strings.Contains(faults, c.want) {
			t.Errorf("%s: %q, want something about %q", name, faults, c.want)
		}
		a := ownAward()
		a.Own = w
		if _, err := mail.ComposeAward("en", a); (err == nil) != (c.want == "") {
			t.Errorf("%s: composing it comes to %v", name, err)
		}
	}
	if faults := (mail.Wording{"not a language!": ownWording()["en"]}).Check(mail.BadgeWording); len(faults) == 0 {
		t.Error("a language that is none is taken")
	}
	note := ownWording()
	t1 := note["en"]
	without("ClaimLink")(&t1)
	note["en"] = t1
	if faults := note.Check(mail.NoteWording); faults != nil {
		t.Errorf("a note without a claim link: %v; the badge mail has it", faults)
	}
}

// FuzzWording: whatever a programme writes, the check comes to an end, and what
// it takes can be composed.
func FuzzWording(f *testing.F) {
	for _, p := range append(ownWording()["en"].Paragraphs, "{{range 9}}{{end}}", "{{if}}", "{{.Name | len}}", "{{- /* x */ -}}", "https://bit.ly/x") {
		f.Add(p, p)
	}
	f.Fuzz(func(t *testing.T, subject, paragraph string) {
		own := ownWording()["en"]
		own.Subject, own.Paragraphs = subject, append(own.Paragraphs, paragraph)
		w := mail.Wording{"en": own}
		faults := w.Check(mail.BadgeWording)
		a := ownAward()
		a.Own = w
		m, err := mail.ComposeAward("en", a)
		if len(faults) == 0 {
			if err != nil {
				t.Fatalf("taken, and not composed: %v", err)
			}
			if _, err := m.Bytes(); err != nil && strings.TrimSpace(m.Subject) != "" && len(m.Subject) < 900 {
				t.Fatalf("composed, and cannot be sent: %v", err)
			}
		} else if err == nil {
			t.Fatalf("refused (%s), and composed", faults[0])
		}
	})
}
