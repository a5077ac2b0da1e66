package mail

import (
	"bytes"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"time"
)

// Award is what a mail about one award tells. Fields without a remark are
// required.
type Award struct {
	ID   string    // Message-ID without angle brackets, "outbox-id@own-domain"
	Date time.Time // when the mail is written, in the programme's time

	From    string // sender's address
	ReplyTo string // the programme's desk: where answers go, and shown as its contact
	To      string // earner's address
	ToName  string // earner's name; empty greets without one

	Issuer     string // programme's name; also the sender's
	IssuerSlug string // for Feedback-ID
	IssuerURL  string // optional: the programme's own pages
	Colour     string // optional: accent as #rrggbb; default the house's

	Achievement string    // what was earned
	PictureURL  string    // optional: its picture as PNG, the same for everybody who earned it
	AttainedAt  time.Time // when it was earned
	ExpiresAt   time.Time // zero: never
	Words       string    // optional: the programme's own paragraph in the award mail

	ClaimURL   string    // award mail: where the badge is claimed; correction: optional, where its earner sees it
	ClaimUntil time.Time // when ClaimURL stops working; zero: not said
	BadgeURL   string    // where the badge lives, and where anybody verifies it
	OptOutURL  string    // optional: where mails about this award are stopped; default: by answering

	Reason string // why it was revoked or corrected; optional
}

// houseColour is the accent of a programme that has chosen none.
const houseColour = "#1f4fbf"

var colourForm = regexp.MustCompile(`^#[0-9a-fA-F]{6}$`)

// ComposeAward writes the mail that tells a person of a badge and how to claim
// it, in the best language for locale (BCP 47).
func ComposeAward(locale string, a Award) (*Message, error) {
	if a.ClaimURL == "" {
		return nil, fmt.Errorf("compose award mail: %w: there is no claim link", ErrInvalid)
	}
	return compose(locale, "award", a)
}

// ComposeRevocation tells a person that a badge was revoked, why, and whom to ask.
func ComposeRevocation(locale string, a Award) (*Message, error) {
	return compose(locale, "revocation", a)
}

// ComposeCorrection tells a person that a badge was corrected and reissued.
func ComposeCorrection(locale string, a Award) (*Message, error) {
	return compose(locale, "correction", a)
}

// compose fills the words of one language into the two layouts.
func compose(locale, kind string, a Award) (*Message, error) {
	a.clean()
	if err := a.check(); err != nil {
		return nil, fmt.Errorf("compose %s mail: %w", kind, err)
	}
	t, err := templates()
	if err != nil {
		return nil, fmt.Errorf("compose %s mail: %w", kind, err)
	}
	page, err := t.page(locale, kind, a)
	if err != nil {
		return nil, fmt.Errorf("compose %s mail: %w", kind, err)
	}
	var text, html bytes.Buffer
	if err := errors.Join(t.text.Execute(&text, page), t.html.Execute(&html, page)); err != nil {
		return nil, fmt.Errorf("compose %s mail: %w", kind, err)
	}
	return &Message{
		ID: a.ID, Date: a.Date, From: a.From, FromName: a.Issuer, ReplyTo: a.ReplyTo, To: a.To, ToName: a.ToName,
		Subject: page.Subject, Text: text.String(), HTML: html.String(),
		Headers: map[string]string{
			"Feedback-ID":      strings.Join([]string{kind, a.IssuerSlug, "badges", "accolade"}, ":"),
			"Content-Language": page.Language,
		},
	}, nil
}

// clean makes every text that may come from strangers one line of visible text.
func (a *Award) clean() {
	for _, s := range []*string{&a.ToName, &a.Issuer, &a.Achievement, &a.Reason, &a.Words} {
		*s = oneLine(*s)
	}
	const longName = 120
	a.ToName, a.Issuer, a.Achievement = shorten(a.ToName, longName), shorten(a.Issuer, longName), shorten(a.Achievement, longName)
	if !colourForm.MatchString(a.Colour) {
		a.Colour = houseColour
	}
}

// check lists what a mail may not go out without.
func (a *Award) check() error {
	var missing []string
	need := func(name string, there bool) {
		if !there {
			missing = append(missing, name)
		}
	}
	need("issuer", a.Issuer != "")
	need("issuer slug", isDotAtom(a.IssuerSlug))
	need("achievement", a.Achievement != "")
	need("date of attainment", !a.AttainedAt.IsZero())
	need("contact", CheckAddress(a.ReplyTo) == nil)
	need("badge address", isWebAddress(a.BadgeURL))
	for name, address := range map[string]string{"claim link": a.ClaimURL, "issuer address": a.IssuerURL, "picture address": a.PictureURL, "opt-out address": a.OptOutURL} {
		need(name, address == "" || isWebAddress(address))
	}
	if len(missing) > 0 {
		return fmt.Errorf("%w: missing or malformed: %s", ErrInvalid, strings.Join(missing, ", "))
	}
	return nil
}

func isWebAddress(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && u.User == nil && !strings.ContainsAny(s, " <>\"\\^`{|}\t\r\n")
}
