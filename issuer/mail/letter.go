package mail

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"time"
)

// Letter is what every mail has, whatever it is about. Fields without a remark
// are required.
type Letter struct {
	ID   string    // Message-ID without angle brackets, "outbox-id@own-domain"
	Date time.Time // when the mail is written, in the programme's time

	From       string // sender's address
	FromName   string // optional: sender's name; default: Issuer
	ReplyTo    string // the desk: where answers go, and shown as the contact
	ReturnPath string // optional: the envelope's sender, where bounces go; default: From
	To         string // recipient's address
	ToName     string // recipient's name; empty greets without one

	Issuer     string // who writes: the programme's name, or the installation's in mails about an account
	IssuerSlug string // for Feedback-ID
	IssuerURL  string // optional: the writer's own pages
	Colour     string // optional: accent as #rrggbb; default the house's

	// OptOutURL is where mails of this kind are stopped with one click. Mails
	// that one may want no more of carry it as List-Unsubscribe (RFC 8058),
	// and go nowhere without it; in others it is optional.
	OptOutURL string

	// OptOutMail is optional: an address, with OptOutSubject, to which a mail
	// does the same (RFC 2369).
	OptOutMail, OptOutSubject string
}

// houseColour is the accent of a programme that has chosen none.
const houseColour = "#1f4fbf"

var colourForm = regexp.MustCompile(`^#[0-9a-fA-F]{6}$`)

// longName bounds names in a mail, in characters.
const longName = 120

// clean makes every text that may come from strangers one line of visible text.
func (l *Letter) clean() {
	for _, s := range []*string{&l.ToName, &l.Issuer, &l.FromName} {
		*s = shorten(oneLine(*s), longName)
	}
	if !colourForm.MatchString(l.Colour) {
		l.Colour = houseColour
	}
}

// faults collects what a mail may not go out without.
type faults []string

func (f *faults) need(name string, there bool) {
	if !there {
		*f = append(*f, name)
	}
}

// optional is for addresses that may be missing, but not malformed.
func (f *faults) optional(name, address string) { f.need(name, address == "" || isWebAddress(address)) }

func (f faults) err() error {
	if len(f) == 0 {
		return nil
	}
	return fmt.Errorf("%w: missing or malformed: %s", ErrInvalid, strings.Join(f, ", "))
}

func (l *Letter) check(f *faults) {
	f.need("issuer", l.Issuer != "")
	f.need("issuer slug", isDotAtom(l.IssuerSlug))
	f.need("contact", CheckAddress(l.ReplyTo) == nil)
	f.optional("issuer address", l.IssuerURL)
	f.optional("opt-out address", l.OptOutURL)
	f.need("opt-out mailbox", l.OptOutMail == "" || CheckAddress(l.OptOutMail) == nil)
}

func isWebAddress(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && u.User == nil && !strings.ContainsAny(s, " <>\"\\^`{|}\t\r\n")
}

// stoppable are the kinds of mail that one may want no more of.
func stoppable(kind string) bool { return kind == ReminderWording }

// headers are those beside the ones that every message has.
func (l *Letter) headers(kind, language string) map[string]string {
	h := map[string]string{
		"Feedback-ID":      strings.Join([]string{kind, l.IssuerSlug, "badges", "accolade"}, ":"),
		"Content-Language": language,
	}
	if !stoppable(kind) {
		return h
	}
	ways := "<" + l.OptOutURL + ">"
	if l.OptOutMail != "" {
		mailto := url.URL{Scheme: "mailto", Opaque: l.OptOutMail, RawQuery: "subject=" + url.PathEscape(l.OptOutSubject)}
		ways += ", <" + mailto.String() + ">"
	}
	h["List-Unsubscribe"] = ways
	h["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
	return h
}

// write lays p out as both parts of a message of the given kind.
func (l *Letter) write(kind string, p *page) (*Message, error) {
	if stoppable(kind) && l.OptOutURL == "" {
		return nil, fmt.Errorf("compose %s mail: %w: there is no opt-out address", kind, ErrInvalid)
	}
	t, err := templates()
	if err != nil {
		return nil, fmt.Errorf("compose %s mail: %w", kind, err)
	}
	var text, html bytes.Buffer
	if err := errors.Join(t.text.Execute(&text, p), t.html.Execute(&html, p)); err != nil {
		return nil, fmt.Errorf("compose %s mail: %w", kind, err)
	}
	return &Message{
		ID: l.ID, Date: l.Date, From: l.From, FromName: cmp.Or(l.FromName, l.Issuer), ReplyTo: l.ReplyTo, ReturnPath: l.ReturnPath,
		To: l.To, ToName: l.ToName, Subject: p.Subject, Text: text.String(), HTML: html.String(),
		Headers: l.headers(kind, p.Language),
	}, nil
}
