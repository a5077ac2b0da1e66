package mail

import (
	"fmt"
	"regexp"
	"time"
)

// Confirmation is what the mail tells that proves an address: whoever opens its
// link, or types its code, reads what comes to this address. Fields without a
// remark are required.
type Confirmation struct {
	Letter

	Link  string    // shows a page whose button confirms
	Code  string    // six digits, for where links are eaten
	Until time.Time // when both stop working

	// Achievement is optional: the badge that confirming claims too, with
	// the name of its issuer.
	Achievement, AchievementIssuer string
	Joins                          bool   // the address and the badge go to the account that asked, which is there already
	PictureURL                     string // optional: its picture as PNG
}

// ComposeConfirmation writes the mail that confirms an account, and claims the
// badge that led to it, in the best language for locale (BCP 47).
func ComposeConfirmation(locale string, c Confirmation) (*Message, error) {
	kind := "confirmation"
	switch {
	case c.Achievement == "":
		kind = "confirmation-address"
	case c.Joins:
		kind = "confirmation-joins"
	}
	return c.compose(locale, kind)
}

// ComposeSignIn writes the mail with which a person signs in to an account that
// is there already. It uses the same fields as a confirmation, without a badge.
func ComposeSignIn(locale string, c Confirmation) (*Message, error) {
	c.Achievement, c.PictureURL = "", ""
	return c.compose(locale, "sign-in")
}

// ComposeMerge writes the mail that proves an address of another account, which
// is to become part of the one that asked. It uses the same fields as a
// confirmation, without a badge.
func ComposeMerge(locale string, c Confirmation) (*Message, error) {
	c.Achievement, c.PictureURL = "", ""
	return c.compose(locale, "confirmation-merge")
}

var codeForm = regexp.MustCompile(`^[0-9]{6}$`)

func (c *Confirmation) compose(locale, kind string) (*Message, error) {
	c.clean()
	c.Achievement, c.AchievementIssuer = shorten(oneLine(c.Achievement), longName), shorten(oneLine(c.AchievementIssuer), longName)
	var f faults
	c.check(&f)
	f.need("link", isWebAddress(c.Link))
	f.need("code", codeForm.MatchString(c.Code))
	f.need("end", !c.Until.IsZero())
	f.optional("picture address", c.PictureURL)
	if err := f.err(); err != nil {
		return nil, fmt.Errorf("compose %s mail: %w", kind, err)
	}
	w, err := wordsFor(locale)
	if err != nil {
		return nil, fmt.Errorf("compose %s mail: %w", kind, err)
	}
	s := c.sentence(w)
	s.Until = w.moment(c.Until)
	s.Achievement, s.Quoted = isolate(c.Achievement), isolate(fmt.Sprintf(w.Quote, c.Achievement))
	p, err := w.page(kind, c.Letter, s)
	if err != nil {
		return nil, fmt.Errorf("compose %s mail: %w", kind, err)
	}
	p.ButtonURL, p.Code, p.CodeLabel = c.Link, c.Code[:3]+" "+c.Code[3:], w.Labels.Code
	if c.Achievement != "" {
		p.Facts = []fact{{w.Labels.Badge, s.Achievement}}
		if c.AchievementIssuer != "" {
			p.Facts = append(p.Facts, fact{w.Labels.Issuer, isolate(c.AchievementIssuer)})
		}
		p.PictureURL, p.PictureAlt = c.PictureURL, w.pictureAlt(c.Achievement, c.AchievementIssuer)
	}
	return c.write(kind, p)
}

// Find is the answer to somebody who asked what waits for an address. It goes to
// that address alone, so that nobody else learns of it.
type Find struct {
	Letter

	// Waiting are the badges that nobody has claimed, each with a fresh link.
	// None: the mail says that nothing waits, and what to try.
	Waiting []Waiting
	Until   time.Time // when the links stop working; required where there are any
	FindURL string    // the page where one asks; required
}

// Waiting is one badge in a [Find]. All fields are required.
type Waiting struct {
	Achievement string
	Issuer      string
	AttainedAt  time.Time
	ClaimURL    string
}

// ComposeFind writes the answer, in the best language for locale (BCP 47).
func ComposeFind(locale string, f Find) (*Message, error) {
	kind := "find"
	if len(f.Waiting) == 0 {
		kind = "find-nothing"
	}
	f.clean()
	var bad faults
	f.check(&bad)
	bad.need("address of the page", isWebAddress(f.FindURL))
	bad.need("end", len(f.Waiting) == 0 || !f.Until.IsZero())
	for _, b := range f.Waiting {
		bad.need("claim link", isWebAddress(b.ClaimURL))
		bad.need("achievement", oneLine(b.Achievement) != "")
	}
	if err := bad.err(); err != nil {
		return nil, fmt.Errorf("compose %s mail: %w", kind, err)
	}
	w, err := wordsFor(locale)
	if err != nil {
		return nil, fmt.Errorf("compose %s mail: %w", kind, err)
	}
	s := f.sentence(w)
	s.Count, s.Until = len(f.Waiting), w.date(f.Until)
	p, err := w.page(kind, f.Letter, s)
	if err != nil {
		return nil, fmt.Errorf("compose %s mail: %w", kind, err)
	}
	for _, b := range f.Waiting {
		p.Badges = append(p.Badges, badge{
			Name: isolate(shorten(oneLine(b.Achievement), longName)),
			From: isolate(shorten(oneLine(b.Issuer), longName)) + " · " + w.date(b.AttainedAt),
			URL:  b.ClaimURL,
		})
	}
	if len(f.Waiting) == 0 {
		p.ButtonURL = f.FindURL
	} else {
		p.AddressLabel = "" // each badge has its own
	}
	return f.write(kind, p)
}

// NoticeKind says what happened to an account.
type NoticeKind string

// What happens to an account that its owner must hear of.
const (
	AddressAdded   NoticeKind = "address-added"   // Detail: the address
	AddressRemoved NoticeKind = "address-removed" // Detail: the address
	PasskeyAdded   NoticeKind = "passkey-added"   // Detail: what it is called
	PasskeyRemoved NoticeKind = "passkey-removed" // Detail: what it is called
	SignInLinked   NoticeKind = "sign-in-linked"  // Detail: the provider
	AccountsMerged NoticeKind = "accounts-merged" // Detail: the other account's address
	MergeUndone    NoticeKind = "merge-undone"    // Detail: the other account's address
	AccountDeleted NoticeKind = "account-deleted" // no Detail
	NameDeclined   NoticeKind = "name-declined"   // Detail: the issuer's reason
	AddressCheck   NoticeKind = "address-check"   // Detail: the address; nothing happened, a year went by
	AddressVouched NoticeKind = "address-vouched" // Detail: the address, which an issuer stands for
	NameAsked      NoticeKind = "name-asked"      // to an issuer's desk; Detail: id of the badge whose name its earner wants corrected
)

// Notice tells the owner of an account of a change that somebody else might have
// made. Fields without a remark are required.
type Notice struct {
	Letter

	Kind   NoticeKind
	Detail string    // what was added, removed or joined; see the kinds
	At     time.Time // when
	Until  time.Time // AccountsMerged: until when it can be undone
	Link   string    // where the owner looks and undoes it; the installation's front page after a deletion
}

// ComposeNotice writes the notice, in the best language for locale (BCP 47).
func ComposeNotice(locale string, n Notice) (*Message, error) {
	kind := "notice-" + string(n.Kind)
	n.clean()
	n.Detail = shorten(oneLine(n.Detail), 254)
	var f faults
	n.check(&f)
	f.need("link", isWebAddress(n.Link))
	f.need("time", !n.At.IsZero())
	if err := f.err(); err != nil {
		return nil, fmt.Errorf("compose %s mail: %w", kind, err)
	}
	w, err := wordsFor(locale)
	if err != nil {
		return nil, fmt.Errorf("compose %s mail: %w", kind, err)
	}
	s := n.sentence(w)
	s.Detail = isolate(n.Detail)
	if !n.Until.IsZero() {
		s.Until = w.date(n.Until)
	}
	p, err := w.page(kind, n.Letter, s)
	if err != nil {
		return nil, fmt.Errorf("compose %s mail: %w", kind, err)
	}
	p.ButtonURL = n.Link
	p.Facts = []fact{{w.Labels.When, w.moment(n.At)}}
	if n.Detail != "" {
		p.Facts = append(p.Facts, fact{w.Labels.What, s.Detail})
	}
	return n.write(kind, p)
}
