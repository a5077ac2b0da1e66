package web

import (
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/accolade-badges/accolade/issuer"
)

// mePage is what me.html shows: what waits for somebody, and what is theirs.
type mePage struct {
	base
	Account  *issuer.Account
	Waiting  []badgeCard
	Badges   []badgeCard
	Declined []badgeCard
	Note     string // "lost", "elsewhere", "taken" or "": what went otherwise than asked
	Becomes  string // visibility that accepting gives a badge which waits
}

// badgeCard is one badge in a list of an earner's.
type badgeCard struct {
	Badge       *issuer.Publication
	Title       string // in the reader's language where there is one
	URL         string
	Picture     string
	ExpiresSoon bool
	Undo        time.Time // declined, until when that can be undone; else zero
}

// meNotes are the notes that an address may ask the page to show.
var meNotes = []string{"lost", "elsewhere", "taken"}

func (s *server) me(c echo.Context) error {
	ctx, me := c.Request().Context(), account(c)
	l := s.language(c)
	page := mePage{base: s.base(c, l.T("me.title")), Account: me}
	if note := c.QueryParam("note"); slices.Contains(meNotes, note) {
		page.Note = note
	}
	waiting, err := s.Issuer.Waiting(ctx, me.ID)
	if err != nil {
		return err
	}
	owned, err := s.Issuer.Owned(ctx, me.ID)
	if err != nil {
		return err
	}
	declined, err := s.Issuer.DeclinedBy(ctx, me.ID)
	if err != nil {
		return err
	}
	page.Becomes = me.DefaultVisibility
	page.Waiting, page.Badges, page.Declined = s.cards(l, waiting), s.cards(l, owned), s.cards(l, declined)
	return s.page(c, http.StatusOK, "me.html", page)
}

// cards describes badges for a list of an earner's.
func (s *server) cards(l *locale, list []*issuer.Publication) []badgeCard {
	cards := make([]badgeCard, len(list))
	for i, p := range list {
		cards[i] = badgeCard{
			Badge: p, Title: l.title(p.Facts), URL: "/me/badges/" + p.Award.ID,
			Picture:     s.here(s.Issuer.URLs().Achievement(p.Achievement.Slug, "/image.png?size=240")),
			ExpiresSoon: issuer.ExpiresSoon(p.Award, s.Issuer.Now()), Undo: issuer.DeclinedUntil(p.Award),
		}
	}
	return cards
}

// acceptBadge claims a badge that waits for who is signed in.
func (s *server) acceptBadge(c echo.Context) error {
	id := owned(c).Award.ID
	err := s.Issuer.ClaimAs(c.Request().Context(), account(c).ID, id)
	if errors.Is(err, issuer.ErrNotYours) { // somebody was faster
		return seeOther(c, "/me?note=taken")
	}
	if err != nil {
		return err
	}
	return seeOther(c, "/me/badges/"+id)
}

// declineBadge declines a badge that waits for who is signed in.
func (s *server) declineBadge(c echo.Context) error {
	id := owned(c).Award.ID
	err := s.Issuer.DeclineAs(c.Request().Context(), account(c).ID, id)
	if errors.Is(err, issuer.ErrNotYours) {
		return seeOther(c, "/me/badges/"+id)
	}
	if err != nil {
		return err
	}
	return seeOther(c, "/me")
}

// undeclineBadge takes that back.
func (s *server) undeclineBadge(c echo.Context) error {
	id := owned(c).Award.ID
	if err := s.Issuer.UndeclineAs(c.Request().Context(), account(c).ID, id); err != nil {
		return err
	}
	return seeOther(c, "/me/badges/"+id)
}
