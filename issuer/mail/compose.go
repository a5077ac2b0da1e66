package mail

import (
	"fmt"
	"time"
)

// Award is what a mail about one award tells. Fields without a remark are
// required.
type Award struct {
	Letter

	Achievement string    // what was earned
	PictureURL  string    // optional: its picture as PNG, the same for everybody who earned it
	AttainedAt  time.Time // when it was earned
	ExpiresAt   time.Time // zero: never
	Own         Wording   // optional: the programme's own text for this kind of mail

	ClaimURL   string    // award mail and reminder: where the badge is claimed; accepted and end: where its earner sees it; correction: likewise, optional
	ClaimUntil time.Time // when ClaimURL stops working; zero: not said
	BadgeURL   string    // where the badge lives, and where anybody verifies it

	Reason string // why it was revoked or corrected; optional
}

// ComposeAward writes the mail that tells a person of a badge and how to claim
// it, in the best language for locale (BCP 47).
func ComposeAward(locale string, a Award) (*Message, error) { return compose(locale, "award", a) }

// ComposeReminder tells a person again of a badge that nobody has claimed. It
// carries List-Unsubscribe, so that OptOutURL is required.
func ComposeReminder(locale string, a Award) (*Message, error) { return compose(locale, "reminder", a) }

// ComposeAccepted tells a person of a badge that their account has accepted by
// itself; ClaimURL is where they see it.
func ComposeAccepted(locale string, a Award) (*Message, error) { return compose(locale, "accepted", a) }

// ComposeRevocation tells a person that a badge was revoked, why, and whom to ask.
func ComposeRevocation(locale string, a Award) (*Message, error) {
	return compose(locale, "revocation", a)
}

// ComposeEnd tells a person that a badge of theirs has ended, and what goes on
// showing it; ClaimURL is where they see it.
func ComposeEnd(locale string, a Award) (*Message, error) { return compose(locale, "end", a) }

// ComposeCorrection tells a person that a badge was corrected and reissued.
func ComposeCorrection(locale string, a Award) (*Message, error) {
	return compose(locale, "correction", a)
}

// compose fills the words of one language into the two layouts.
func compose(locale, kind string, a Award) (*Message, error) {
	a.clean()
	if err := a.check(kind); err != nil {
		return nil, fmt.Errorf("compose %s mail: %w", kind, err)
	}
	p, err := a.page(locale, kind)
	if err != nil {
		return nil, fmt.Errorf("compose %s mail: %w", kind, err)
	}
	return a.write(kind, p)
}

// claims tells whether a mail of this kind is there to be claimed from.
func claims(kind string) bool { return kind == "award" || kind == ReminderWording }

func (a *Award) clean() {
	a.Letter.clean()
	for _, s := range []*string{&a.Achievement, &a.Reason} {
		*s = oneLine(*s)
	}
	a.Achievement = shorten(a.Achievement, longName)
}

func (a *Award) check(kind string) error {
	var f faults
	a.Letter.check(&f)
	f.need("achievement", a.Achievement != "")
	f.need("date of attainment", !a.AttainedAt.IsZero())
	f.need("badge address", isWebAddress(a.BadgeURL))
	f.need("claim link", a.ClaimURL != "" || !claims(kind) && kind != "accepted" && kind != "end")
	f.need("end", kind != "end" || !a.ExpiresAt.IsZero())
	f.optional("claim link", a.ClaimURL)
	f.optional("picture address", a.PictureURL)
	return f.err()
}

// pictureAlt stands in place of a badge's picture, as long as pictures are blocked.
func (w *words) pictureAlt(achievement, issuer string) string {
	alt := w.Labels.Badge + w.Separator + achievement
	if issuer != "" {
		alt += " · " + issuer
	}
	return alt
}

// page puts a's facts into the words of the best language for locale.
func (a *Award) page(locale, kind string) (*page, error) {
	w, err := wordsFor(locale)
	if err != nil {
		return nil, err
	}
	s := a.sentence(w)
	if !a.ClaimUntil.IsZero() {
		s.Until = w.date(a.ClaimUntil)
	}
	s.Achievement, s.Quoted = isolate(a.Achievement), isolate(fmt.Sprintf(w.Quote, a.Achievement))
	p, err := w.page(kind, a.Letter, s)
	if err != nil {
		return nil, err
	}
	p.BadgeURL, p.PictureURL, p.PictureAlt = a.BadgeURL, a.PictureURL, w.pictureAlt(a.Achievement, a.Issuer)
	switch p.ButtonURL = a.BadgeURL; {
	case claims(kind):
		p.ButtonURL = a.ClaimURL
	case kind != "revocation" && a.ClaimURL != "":
		p.ButtonURL = a.ClaimURL // shows the badge to its earner while it is private
	}
	p.Facts = []fact{{w.Labels.Badge, s.Achievement}, {w.Labels.Issuer, s.Issuer}, {w.Labels.Attained, w.date(a.AttainedAt)}}
	switch {
	case kind == "revocation":
		p.PictureURL = "" // nothing to show off
	case kind == "end":
		p.PictureURL = ""
		p.Facts = append(p.Facts, fact{w.Labels.Expires, w.date(a.ExpiresAt)})
	case a.ExpiresAt.IsZero():
		p.Facts = append(p.Facts, fact{w.Labels.Expires, w.Labels.Never})
	default:
		p.Facts = append(p.Facts, fact{w.Labels.Expires, w.date(a.ExpiresAt)})
	}
	if !claims(kind) && kind != NoteWording && a.Reason != "" {
		p.Facts = append(p.Facts, fact{w.Labels.Reason, isolate(a.Reason)})
	}
	return p, a.say(p, w, locale, kind)
}
