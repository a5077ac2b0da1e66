package issuer

import (
	"context"
	"errors"
	"slices"

	"github.com/accolade-badges/accolade/issuer/ledger"
)

// Bounds of what an earner writes about themselves, in characters.
const (
	maxShownName = 120
	maxHeadline  = 160
)

// Profile is the page of an earner as everybody sees it.
type Profile struct {
	Handle, Name, Headline string
	Picture                string         // SHA-256 of the picture, or ""
	Badges                 []*Publication // that are public and not hidden, in the earner's order
	Collections            []ProfileCollection
	Language               string // BCP 47, in which the earner reads
}

// ProfileCollection is a collection on a profile page.
type ProfileCollection struct {
	ledger.Collection
	Badges []*Publication // of a public page: those that are public and not hidden
}

// IssuedNames lists the names that the badges on the page were issued to, each
// once.
func (p *Profile) IssuedNames() []string {
	var names []string
	for _, b := range p.Badges {
		if !slices.Contains(names, b.Award.Name) {
			names = append(names, b.Award.Name)
		}
	}
	return names
}

// Verified tells whether the name on the page is the one name that all badges on
// it were issued to, and not one that the earner chose.
func (p *Profile) Verified() bool {
	names := p.IssuedNames()
	return len(names) == 1 && names[0] == p.Name
}

// Profile returns the page of the earner with a handle. [ErrNotPublished] unless
// the earner made it public, as where nobody has that handle.
func (s *Service) Profile(ctx context.Context, handle string) (*Profile, error) {
	var p *Profile
	err := s.ledger.View(ctx, func(tx *ledger.Tx) error {
		a, err := s.publicAccount(ctx, tx, handle)
		if err != nil {
			return err
		}
		p, err = s.profileOf(ctx, tx, a)
		return err
	})
	return p, err
}

func (s *Service) publicAccount(ctx context.Context, tx *ledger.Tx, handle string) (ledger.Account, error) {
	a, err := tx.AccountByHandle(ctx, handle)
	if err == nil && !a.ProfilePublic {
		err = ErrNotPublished
	}
	return a, unpublished(err)
}

// ProfileWith returns the handle of the public page of an earner that shows an
// award, or "" where none does.
func (s *Service) ProfileWith(ctx context.Context, award string) (handle string, err error) {
	err = s.ledger.View(ctx, func(tx *ledger.Tx) error {
		handle, err = tx.ShowsOnProfile(ctx, award)
		return err
	})
	return handle, err
}

func (s *Service) profileOf(ctx context.Context, tx *ledger.Tx, a ledger.Account) (*Profile, error) {
	p := &Profile{Handle: a.Handle, Name: a.Name, Headline: a.Headline, Picture: a.Picture, Language: a.Language}
	if p.Name == "" {
		p.Name = a.Handle
	}
	awards, err := tx.PublicProfile(ctx, a.ID)
	if err != nil {
		return nil, err
	}
	shown := map[string]*Publication{}
	for _, w := range awards {
		b, err := s.publicationOf(ctx, tx, w)
		if err != nil {
			return nil, err
		}
		shown[w.ID] = b
		p.Badges = append(p.Badges, b)
	}
	all, err := tx.Collections(ctx, a.ID)
	if err != nil {
		return nil, err
	}
	for _, c := range all {
		if !c.Public {
			continue
		}
		one := ProfileCollection{Collection: c}
		items, err := tx.CollectionAwards(ctx, c.ID)
		if err != nil {
			return nil, err
		}
		for _, w := range items {
			if b := shown[w.ID]; b != nil {
				one.Badges = append(one.Badges, b)
			}
		}
		if one.Badges != nil {
			p.Collections = append(p.Collections, one)
		}
	}
	return p, nil
}

// ProfilePicture returns the picture on the page of an earner, a PNG.
func (s *Service) ProfilePicture(ctx context.Context, handle string) (*Document, error) {
	var body []byte
	err := s.ledger.View(ctx, func(tx *ledger.Tx) error {
		a, err := s.publicAccount(ctx, tx, handle)
		if err != nil {
			return err
		}
		body, err = tx.AccountPicture(ctx, a.ID)
		return unpublished(err)
	})
	if err != nil {
		return nil, err
	}
	return document(TypePNG, cacheRevalidate, body), nil
}

// Arrangement is all that an earner arranges on their profile page.
type Arrangement struct {
	Account     *Account
	Items       []ArrangedBadge // every badge of the account, in its order
	Collections []ProfileCollection
}

// ArrangedBadge is a badge with where it is seen.
type ArrangedBadge struct {
	*Publication
	Hidden bool // not on the page, though it may be public
}

// OnPage tells whether the page shows the badge.
func (b ArrangedBadge) OnPage() bool { return !b.Hidden && b.Award.Visibility == ledger.Public }

// Names lists to whom the badges that the page shows were issued, each name once; and
// with those of badges that it might show, too.
func (a *Arrangement) Names(with ...string) []string {
	var all []string
	for _, item := range a.Items {
		if item.OnPage() {
			all = append(all, item.Award.Name)
		}
	}
	return eachNameOnce(append(all, with...))
}

// Arrangement returns what an account arranges. The collections hold all of
// their badges, private ones too.
func (s *Service) Arrangement(ctx context.Context, account string) (*Arrangement, error) {
	var out *Arrangement
	err := s.ledger.View(ctx, func(tx *ledger.Tx) error {
		a, err := accountIn(ctx, tx, account)
		if err != nil {
			return err
		}
		out = &Arrangement{Account: a}
		items, err := tx.Profile(ctx, account)
		if err != nil {
			return err
		}
		byID := map[string]*Publication{}
		for _, i := range items {
			b, err := s.publicationOf(ctx, tx, i.Award)
			if err != nil {
				return err
			}
			byID[i.ID] = b
			out.Items = append(out.Items, ArrangedBadge{b, i.Hidden})
		}
		all, err := tx.Collections(ctx, account)
		if err != nil {
			return err
		}
		for _, c := range all {
			awards, err := tx.CollectionAwards(ctx, c.ID)
			if err != nil {
				return err
			}
			one := ProfileCollection{Collection: c}
			for _, w := range awards {
				if b := byID[w.ID]; b != nil {
					one.Badges = append(one.Badges, b)
				}
			}
			out.Collections = append(out.Collections, one)
		}
		return nil
	})
	return out, err
}

// ProfileText is what an earner says of themselves.
type ProfileText struct{ Name, Headline, Handle string }

// DescribeProfile stores what an earner says of themselves. An empty handle takes
// a page that is public off the net. A handle that is given up is kept for its
// account for a year. Errors: [*EarnerError].
func (s *Service) DescribeProfile(ctx context.Context, account string, t ProfileText) error {
	name, err := plainText("name", t.Name, maxShownName)
	if err != nil {
		return err
	}
	headline, err := plainText("headline", t.Headline, maxHeadline)
	if err != nil {
		return err
	}
	handle := ""
	if t.Handle != "" {
		if handle, err = cleanHandle(t.Handle); err != nil {
			return err
		}
	}
	return s.changeAccount(ctx, account, "profile.described", func(tx *ledger.Tx, a *ledger.Account) error {
		if handle != a.Handle {
			if handle != "" {
				err = s.takeHandle(ctx, tx, *a, handle)
			} else {
				err = tx.LeaveHandle(ctx, a.ID, a.Handle, skeleton(a.Handle), s.Now())
			}
			if err != nil {
				return err
			}
			a.Handle, a.Look = handle, skeleton(handle)
		}
		a.Name, a.Headline = name, headline
		a.ProfilePublic = a.ProfilePublic && handle != ""
		return nil
	})
}

// PublishProfile shows the page of an account to everybody, or to nobody. It
// needs a handle to be shown.
func (s *Service) PublishProfile(ctx context.Context, account string, public bool) error {
	action := "profile.hidden"
	if public {
		action = "profile.published"
	}
	return s.changeAccount(ctx, account, action, func(_ *ledger.Tx, a *ledger.Account) error {
		if public && a.Handle == "" {
			return &EarnerError{Field: "handle", Code: "missing"}
		}
		a.ProfilePublic = public
		return nil
	})
}

// changeAccount lets change alter an open account, and notes it where it did.
func (s *Service) changeAccount(ctx context.Context, account, action string, change func(*ledger.Tx, *ledger.Account) error) error {
	return s.ledger.Update(ctx, func(tx *ledger.Tx) error {
		open, err := accountIn(ctx, tx, account)
		if err != nil {
			return err
		}
		a := open.Account
		if err := change(tx, &a); err != nil || a == open.Account {
			return err
		}
		err = tx.ChangeAccount(ctx, a)
		if errors.Is(err, ledger.ErrConflict) {
			return &EarnerError{Field: "handle", Code: "taken"}
		}
		if err != nil {
			return err
		}
		return s.audit(ctx, tx, account, action, account, "")
	})
}

// MoveBadge moves one badge of an account up or down its page, by so many places;
// it stops at the ends.
func (s *Service) MoveBadge(ctx context.Context, account, award string, by int) error {
	return s.changeOwn(ctx, account, award, func(tx *ledger.Tx, _ ledger.Award) error {
		items, err := tx.Profile(ctx, account)
		if err != nil {
			return err
		}
		order := make([]string, len(items))
		for i, item := range items {
			order[i] = item.ID
		}
		return tx.SetProfileOrder(ctx, account, moved(order, award, by))
	})
}

// OrderBadges stores the order of an account's badges. Those that are not named
// come last, in their old order; names that are not the account's are passed
// over.
func (s *Service) OrderBadges(ctx context.Context, account string, awards []string) error {
	return s.ledger.Update(ctx, func(tx *ledger.Tx) error {
		items, err := tx.Profile(ctx, account)
		if err != nil {
			return err
		}
		have := make([]string, len(items))
		for i, item := range items {
			have[i] = item.ID
		}
		return tx.SetProfileOrder(ctx, account, ordered(have, awards))
	})
}

// ordered puts those of have that wanted names first, in its order, then the
// others.
func ordered(have, wanted []string) []string {
	var order []string
	for _, id := range slices.Concat(wanted, have) {
		if slices.Contains(have, id) && !slices.Contains(order, id) {
			order = append(order, id)
		}
	}
	return order
}

// moved moves one of a list by so many places.
func moved(list []string, one string, by int) []string {
	at := slices.Index(list, one)
	if at < 0 {
		return list
	}
	rest := slices.Delete(slices.Clone(list), at, at+1)
	return slices.Insert(rest, min(max(at+by, 0), len(rest)), one)
}

// HideBadge leaves a badge of an account out of its page and feeds, or puts it
// back. Who may see the badge itself is another matter: see [Service.Show].
func (s *Service) HideBadge(ctx context.Context, account, award string, hidden bool) error {
	return s.changeOwn(ctx, account, award, func(tx *ledger.Tx, _ ledger.Award) error {
		return tx.SetHidden(ctx, account, award, hidden)
	})
}
