package mail

import (
	"fmt"
	"strings"
)

// ownSentence is what a programme's own text may name.
type ownSentence struct {
	Name, Issuer, Achievement, ClaimLink, ClaimUntil, AttainedAt, ExpiresAt, Contact, OptOut, BadgeURL string
}

// ComposeNote writes the programme's own note, which goes out before the badge
// mail, in the best language that own has for locale (BCP 47); own must have one.
func ComposeNote(locale string, own Wording, a Award) (*Message, error) {
	a.Own = own
	if len(own) == 0 {
		return nil, fmt.Errorf("compose note: %w: the programme has no text for it", ErrInvalid)
	}
	return compose(locale, NoteWording, a)
}

// say puts the programme's own text in place of the house's words, where there
// is one for the language. A note has nothing else.
func (a *Award) say(p *page, w *words, locale, kind string) error {
	t, tag, ok := a.Own.in(locale, kind == NoteWording)
	if !ok {
		return nil
	}
	if faults := t.check(wordingOf(kind)); len(faults) > 0 {
		return fmt.Errorf("%w: the programme's own text in %s: %s", ErrInvalid, tag, faults[0])
	}
	s := ownSentence{
		Name: isolate(a.ToName), Issuer: isolate(a.Issuer), Achievement: isolate(a.Achievement), ClaimLink: a.ClaimURL,
		AttainedAt: w.date(a.AttainedAt), ExpiresAt: w.Labels.Never, Contact: a.ReplyTo, OptOut: a.OptOutURL, BadgeURL: a.BadgeURL,
	}
	if !a.ExpiresAt.IsZero() {
		s.ExpiresAt = w.date(a.ExpiresAt)
	}
	if !a.ClaimUntil.IsZero() {
		s.ClaimUntil = w.date(a.ClaimUntil)
	}
	f := filler{data: s}
	p.Subject = plainLine(f.fill(t.Subject))
	into, button := &p.Before, ""
	for _, text := range t.Paragraphs {
		if isButton(text) {
			into, button = &p.After, a.ClaimURL
			continue
		}
		if filled := strings.TrimSpace(f.fill(text)); filled != "" {
			*into = append(*into, filled)
		}
	}
	p.ButtonURL = button
	p.Language, p.Preview, p.Headline, p.Hint, p.Next, p.Home, p.Contact, p.OptOut = tag, "", "", "", nil, "", "", ""
	if kind == NoteWording {
		p.Facts, p.PictureURL = nil, ""
	}
	return f.err
}

// wordingOf is what a programme calls a kind of mail.
func wordingOf(kind string) string {
	if kind == "award" {
		return BadgeWording
	}
	return kind
}

// plainLine takes the directional marks out of a text for a header.
func plainLine(s string) string {
	return strings.NewReplacer(firstStrongIsolate, "", popIsolate, "").Replace(s)
}
