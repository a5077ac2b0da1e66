package issuer

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/accolade-badges/accolade/issuer/ledger"
)

// Bounds of collections.
const (
	maxCollectionTitle = 80 // characters
	maxCollectionText  = 300
	maxCollections     = 50 // of an account
)

// CollectionText is what an earner says of a collection.
type CollectionText struct{ Title, Text string }

func (t CollectionText) clean() (CollectionText, error) {
	var err error
	if t.Title, err = plainText("title", t.Title, maxCollectionTitle); err != nil {
		return t, err
	}
	if t.Title == "" {
		return t, &EarnerError{Field: "title", Code: "missing"}
	}
	t.Text, err = plainText("text", t.Text, maxCollectionText)
	return t, err
}

// CreateCollection makes a collection, empty and private, and returns its id.
// click is random text of the form that was sent: sending it twice makes one.
func (s *Service) CreateCollection(ctx context.Context, account string, t CollectionText, click string) (string, error) {
	t, err := t.clean()
	if err != nil {
		return "", err
	}
	id := s.newID()
	if click != "" {
		id = sum256([]byte("collection\n" + account + "\n" + click))[:24]
	}
	err = s.ledger.Update(ctx, func(tx *ledger.Tx) error {
		all, err := tx.Collections(ctx, account)
		if err != nil {
			return err
		}
		switch {
		case slices.ContainsFunc(all, func(c ledger.Collection) bool { return c.ID == id }):
			return nil
		case len(all) >= maxCollections:
			return &EarnerError{Field: "title", Code: "many-collections", Most: len(all)}
		}
		return tx.AddCollection(ctx, ledger.Collection{
			ID: id, Account: account, Slug: collectionSlug(all, t.Title, id), Title: t.Title, Description: t.Text, CreatedAt: s.Now(),
		})
	})
	return id, err
}

// collectionSlug names a collection after its title, or after its id where no name is
// left of the title or another collection has it.
func collectionSlug(all []ledger.Collection, title, id string) string {
	slug := SuggestHandle(title)
	if slug == "" || slices.ContainsFunc(all, func(c ledger.Collection) bool { return c.Slug == slug }) {
		return "c-" + id
	}
	return slug
}

// changeCollection runs fn on a collection of an account in a transaction.
func (s *Service) changeCollection(ctx context.Context, account, id string, fn func(tx *ledger.Tx, c ledger.Collection) error) error {
	return s.ledger.Update(ctx, func(tx *ledger.Tx) error {
		c, err := tx.CollectionOf(ctx, account, id)
		if err != nil {
			return unpublished(err)
		}
		return fn(tx, c)
	})
}

// DescribeCollection changes the title and text of a collection.
func (s *Service) DescribeCollection(ctx context.Context, account, id string, t CollectionText) error {
	t, err := t.clean()
	if err != nil {
		return err
	}
	return s.changeCollection(ctx, account, id, func(tx *ledger.Tx, c ledger.Collection) error {
		c.Title, c.Description = t.Title, t.Text
		return tx.ChangeCollection(ctx, c)
	})
}

// RemoveCollection removes a collection; its badges stay. Removing one that is
// gone is no error.
func (s *Service) RemoveCollection(ctx context.Context, account, id string) error {
	err := s.changeCollection(ctx, account, id, func(tx *ledger.Tx, c ledger.Collection) error {
		if err := tx.RemoveCollection(ctx, account, c.ID); err != nil {
			return err
		}
		return s.audit(ctx, tx, account, "collection.removed", c.ID, "")
	})
	if errors.Is(err, ErrNotPublished) {
		return nil
	}
	return err
}

// MoveCollection moves a collection up or down the page, by so many places.
func (s *Service) MoveCollection(ctx context.Context, account, id string, by int) error {
	return s.changeCollection(ctx, account, id, func(tx *ledger.Tx, c ledger.Collection) error {
		all, err := tx.Collections(ctx, account)
		if err != nil {
			return err
		}
		byID, order := map[string]ledger.Collection{}, make([]string, len(all))
		for i, one := range all {
			byID[one.ID], order[i] = one, one.ID
		}
		for i, name := range moved(order, c.ID, by) {
			one := byID[name]
			if one.Position == i {
				continue
			}
			one.Position = i
			if err := tx.ChangeCollection(ctx, one); err != nil {
				return err
			}
		}
		return nil
	})
}

// Collect puts a badge of an account into a collection, at its end, or takes it
// out.
func (s *Service) Collect(ctx context.Context, account, id, award string, in bool) error {
	return s.arrange(ctx, account, id, award, func(order []string) []string {
		at := slices.Index(order, award)
		switch {
		case in && at < 0:
			return append(order, award)
		case !in && at >= 0:
			return slices.Delete(order, at, at+1)
		}
		return order
	})
}

// MoveCollected moves a badge up or down a collection, by so many places.
func (s *Service) MoveCollected(ctx context.Context, account, id, award string, by int) error {
	return s.arrange(ctx, account, id, award, func(order []string) []string { return moved(order, award, by) })
}

// OrderCollected stores the order of the badges in a collection; see
// [Service.OrderBadges].
func (s *Service) OrderCollected(ctx context.Context, account, id string, awards []string) error {
	return s.arrange(ctx, account, id, "", func(order []string) []string { return ordered(order, awards) })
}

// arrange lets change alter the order of a collection's badges. award, where one
// is named, must be the account's.
func (s *Service) arrange(ctx context.Context, account, id, award string, change func([]string) []string) error {
	return s.changeCollection(ctx, account, id, func(tx *ledger.Tx, c ledger.Collection) error {
		if award != "" {
			if _, err := tx.OwnedAward(ctx, account, award); err != nil {
				return unpublished(err)
			}
		}
		items, err := tx.CollectionAwards(ctx, c.ID)
		if err != nil {
			return err
		}
		order := make([]string, len(items))
		for i, w := range items {
			order[i] = w.ID
		}
		return tx.SetCollectionItems(ctx, account, c.ID, change(order))
	})
}

// Mix is what the badges of a collection tell about each other that none of them
// tells alone.
type Mix struct {
	Unseen []string // ids of those that are not seen on the account's page although the collection is
	Names  []string // to whom they were issued, seen or not yet, where the names differ
}

// changedBy tells whether the last of a collection's badges brings what was not asked
// about when the others came.
func (m Mix) changedBy(items []ledger.Award) bool {
	last := items[len(items)-1]
	before := func(w ledger.Award) bool { return w.ID != last.ID && sameName(w.Name, last.Name) }
	return slices.Contains(m.Unseen, last.ID) || !slices.ContainsFunc(items, before)
}

// Tells reports whether there is anything to ask the owner about.
func (m Mix) Tells() bool { return len(m.Unseen)+len(m.Names) > 0 }

// Mixed returns what a collection would tell once it is public; and, with the id of
// an award, what one that is public would once it has that award too.
func (s *Service) Mixed(ctx context.Context, account, id, add string) (Mix, error) {
	var mix Mix
	err := s.ledger.View(ctx, func(tx *ledger.Tx) error {
		mix = Mix{}
		c, err := tx.CollectionOf(ctx, account, id)
		if err != nil {
			return unpublished(err)
		}
		items, err := tx.CollectionAwards(ctx, c.ID)
		if err != nil {
			return err
		}
		if add != "" {
			w, err := tx.OwnedAward(ctx, account, add)
			if err != nil {
				return unpublished(err)
			}
			if !c.Public {
				return nil
			}
			items = append(items, w)
		}
		shown, err := tx.PublicProfile(ctx, account)
		if err != nil {
			return err
		}
		var names []string
		for _, w := range items {
			names = append(names, w.Name)
			if !slices.ContainsFunc(shown, func(p ledger.Award) bool { return p.ID == w.ID }) {
				mix.Unseen = append(mix.Unseen, w.ID)
			}
		}
		if names = eachNameOnce(names); len(names) > 1 {
			mix.Names = names
		}
		if add != "" && !mix.changedBy(items) {
			mix = Mix{}
		}
		return nil
	})
	return mix, err
}

// PublishCollection shows a collection on the account's page, or takes it off.
// Only its public badges are ever seen there.
func (s *Service) PublishCollection(ctx context.Context, account, id string, public bool) error {
	return s.changeCollection(ctx, account, id, func(tx *ledger.Tx, c ledger.Collection) error {
		if c.Public == public {
			return nil
		}
		c.Public = public
		if err := tx.ChangeCollection(ctx, c); err != nil {
			return err
		}
		return s.audit(ctx, tx, account, "collection.published", c.ID, fmt.Sprint(public))
	})
}
