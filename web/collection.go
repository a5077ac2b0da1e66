package web

import (
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/accolade-badges/accolade/issuer"
)

// collectionPage is what collection.html shows to the earner who arranges it.
type collectionPage struct {
	base
	Collection issuer.ProfileCollection
	Path       string
	Typed      issuer.CollectionText
	Wrong      string // field that was refused, or ""
	Fault      string
	Badges     []arrangedBadge
	Others     []badgeCard // that could be put into it
	Public     bool        // the profile page itself
	Asking     bool        // whether to go on although it tells more than its badges do
	Adding     string      // id of a badge that would come into it, where it is public already
	Names      []string    // that its badges were issued to, where they differ
	Seen       []badgeCard // of those in it, that everybody would see
	Unseen     []badgeCard // and those that nobody would
	Said       string
}

// addCollection makes a collection and goes to its page.
func (s *server) addCollection(c echo.Context) error {
	if err := readForm(c); err != nil {
		return err
	}
	id, err := s.Issuer.CreateCollection(c.Request().Context(), account(c).ID, issuer.CollectionText{Title: c.FormValue("title")}, c.FormValue("click"))
	if err != nil {
		return err
	}
	return seeOther(c, "/me/collections/"+id)
}

func (s *server) myCollection(c echo.Context) error {
	return s.showCollection(c, http.StatusOK, func(*collectionPage) {})
}

func (s *server) showCollection(c echo.Context, status int, change func(*collectionPage)) error {
	l := s.language(c)
	a, err := s.Issuer.Arrangement(c.Request().Context(), account(c).ID)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(a.Collections, func(one issuer.ProfileCollection) bool { return one.ID == c.Param("collection") })
	if at < 0 {
		return notFound()
	}
	one := a.Collections[at]
	page := collectionPage{
		base: s.base(c, one.Title), Collection: one, Path: "/me/collections/" + one.ID, Typed: issuer.CollectionText{Title: one.Title, Text: one.Description},
		Public: a.Account.ProfilePublic, Said: said(c),
	}
	hidden := map[string]bool{}
	var others []*issuer.Publication
	for _, item := range a.Items {
		hidden[item.Award.ID] = !item.OnPage()
		if !slices.ContainsFunc(one.Badges, func(b *issuer.Publication) bool { return b.Award.ID == item.Award.ID }) {
			others = append(others, item.Publication)
		}
	}
	page.Others = s.cards(l, others)
	for i, card := range s.cards(l, one.Badges) {
		page.Badges = append(page.Badges, arrangedBadge{card, false, !hidden[card.Badge.Award.ID], i == 0, i == len(one.Badges)-1})
	}
	change(&page)
	page.Back = ""
	if c.Request().Method != http.MethodPost {
		page.Back = comeBack(c)
	}
	c.Response().Header().Set("Content-Security-Policy", arrangeCSP)
	return s.page(c, status, "collection.html", page)
}

// describeCollection changes the title and text of a collection.
func (s *server) describeCollection(c echo.Context) error {
	if err := readForm(c); err != nil {
		return err
	}
	t := issuer.CollectionText{Title: c.FormValue("title"), Text: c.FormValue("text")}
	err := s.Issuer.DescribeCollection(c.Request().Context(), account(c).ID, c.Param("collection"), t)
	var fault *issuer.EarnerError
	if errors.As(err, &fault) {
		return s.showCollection(c, http.StatusUnprocessableEntity, func(p *collectionPage) {
			p.Typed, p.Wrong, p.Fault, p.Said = t, fault.Field, s.language(c).faultText(fault), ""
		})
	}
	if err != nil {
		return err
	}
	return seeOther(c, "/me/collections/"+c.Param("collection")+"?said=collection#about")
}

// removeCollection removes a collection; its badges stay.
func (s *server) removeCollection(c echo.Context) error {
	if err := s.Issuer.RemoveCollection(c.Request().Context(), account(c).ID, c.Param("collection")); err != nil {
		return err
	}
	return seeOther(c, "/me/profile?said=removed#collections")
}

// moveCollection moves a collection up or down the profile page.
func (s *server) moveCollection(c echo.Context) error {
	if err := readForm(c); err != nil {
		return err
	}
	if err := s.Issuer.MoveCollection(c.Request().Context(), account(c).ID, c.Param("collection"), steps(c)); err != nil {
		return err
	}
	return seeOther(c, "/me/profile#collections")
}

// collect puts a badge into a collection, takes one out, moves one, or stores a
// whole order, which a script sends.
func (s *server) collect(c echo.Context) error {
	if err := readForm(c); err != nil {
		return err
	}
	ctx, me, id, badge := c.Request().Context(), account(c).ID, c.Param("collection"), c.FormValue("badge")
	var err error
	switch {
	case c.FormValue("order") != "":
		err = s.Issuer.OrderCollected(ctx, me, id, strings.Fields(c.FormValue("order")))
	case c.FormValue("move") != "":
		err = s.Issuer.MoveCollected(ctx, me, id, badge, steps(c))
	default:
		if c.FormValue("in") == "1" && c.FormValue("sure") != "1" {
			mix, err := s.Issuer.Mixed(ctx, me, id, badge)
			if err != nil {
				return err
			}
			if mix.Tells() {
				return s.askMixed(c, mix, badge)
			}
		}
		err = s.Issuer.Collect(ctx, me, id, badge, c.FormValue("in") == "1")
	}
	if err != nil {
		return err
	}
	return seeOther(c, "/me/collections/"+id+"#badges")
}

// askMixed asks whether to go on although a collection tells more than its badges,
// with the one that would come into it.
func (s *server) askMixed(c echo.Context, mix issuer.Mix, adding string) error {
	return s.showCollection(c, http.StatusOK, func(p *collectionPage) {
		p.Asking, p.Adding, p.Names = true, adding, mix.Names
		add := func(card badgeCard) {
			if slices.Contains(mix.Unseen, card.Badge.Award.ID) {
				p.Unseen = append(p.Unseen, card)
			} else {
				p.Seen = append(p.Seen, card)
			}
		}
		for _, b := range p.Badges {
			add(b.badgeCard)
		}
		for _, card := range p.Others {
			if card.Badge.Award.ID == adding {
				add(card)
			}
		}
	})
}

// publishCollection shows a collection on the profile page, or takes it off. Where
// some of its badges would not be seen there it asks first: what stands beside
// each other can tell more than each alone, and a gap can too.
func (s *server) publishCollection(c echo.Context) error {
	if err := readForm(c); err != nil {
		return err
	}
	ctx, me, id := c.Request().Context(), account(c).ID, c.Param("collection")
	public := c.FormValue("public") == "1"
	if public && c.FormValue("sure") != "1" {
		mix, err := s.Issuer.Mixed(ctx, me, id, "")
		if err != nil {
			return err
		}
		if mix.Tells() {
			return s.askMixed(c, mix, "")
		}
	}
	if err := s.Issuer.PublishCollection(ctx, me, id, public); err != nil {
		return err
	}
	return seeOther(c, "/me/collections/"+id+"?said=collection#seen")
}
