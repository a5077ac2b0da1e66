package web

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/accolade-badges/accolade/issuer"
	"github.com/accolade-badges/accolade/issuer/ledger"
)

// startProof mails a link and a code to the address of a form, which prove it
// where this account is signed in.
func (s *server) startProof(c echo.Context, start func(context.Context, string, issuer.Asked) (string, error), next string, wrong func(typed string) error) error {
	if err := readForm(c); err != nil {
		return err
	}
	asked := issuer.Asked{Address: c.FormValue("email"), Language: s.language(c).Tag, Next: next}
	if !s.mails.allow(c.RealIP(), s.Issuer.Now()) {
		return errBusyClient
	}
	id, err := start(c.Request().Context(), account(c).ID, asked)
	var invalid *issuer.InvalidError
	if errors.As(err, &invalid) {
		return wrong(asked.Address)
	}
	if err != nil {
		return err
	}
	s.setPending(c, id)
	return seeOther(c, "/sign-in/code")
}

// mergePage is what merge.html shows.
type mergePage struct {
	accountBase
	Email  string // as typed
	Wrong  bool
	Merges []pastMerge
}

// pastMerge is an account that became part of this one.
type pastMerge struct {
	ledger.Merge
	Undo bool // it can be taken back
}

func (s *server) mergePage(c echo.Context) error { return s.showMerge(c, http.StatusOK, "", false) }

func (s *server) showMerge(c echo.Context, status int, typed string, wrong bool) error {
	page := mergePage{accountBase: s.accountBase(c, "account.merge.title"), Email: typed, Wrong: wrong}
	list, err := s.Issuer.Merges(c.Request().Context(), account(c).ID)
	if err != nil {
		return err
	}
	for _, m := range list {
		if m.UndoneAt.IsZero() {
			page.Merges = append(page.Merges, pastMerge{m, s.Issuer.Now().Before(m.UndoUntil)})
		}
	}
	return s.page(c, status, "merge.html", page)
}

// startMerge mails the proof of the other account's address to it.
func (s *server) startMerge(c echo.Context) error {
	return s.startProof(c, s.Issuer.StartMerge, "/me/merge?said=none", func(typed string) error {
		return s.showMerge(c, http.StatusUnprocessableEntity, typed, true)
	})
}

// mergingPage is what merging.html shows: what would move.
type mergingPage struct {
	accountBase
	Merging *issuer.Merging
	Badges  []badgeCard
	Until   time.Time // until when it can be undone
}

func (s *server) mergingPage(c echo.Context) error {
	m, err := s.Issuer.Merging(c.Request().Context(), account(c).ID, c.Param("proof"))
	if errors.Is(err, issuer.ErrLinkSpent) {
		return seeOther(c, "/me/merge")
	}
	if err != nil {
		return err
	}
	page := mergingPage{accountBase: s.accountBase(c, "account.merging.title"), Merging: m, Badges: s.cards(s.language(c), m.Badges), Until: s.Issuer.Now().AddDate(0, 0, 14)}
	return s.page(c, http.StatusOK, "merging.html", page)
}

// merge makes one of two accounts, or only moves the address that was proved.
func (s *server) merge(c echo.Context) error {
	if err := readForm(c); err != nil {
		return err
	}
	ctx, me, proof := c.Request().Context(), account(c).ID, c.Param("proof")
	act, then := s.Issuer.Merge, "/me/merge?said=merged"
	if c.FormValue("act") == "move" {
		act, then = s.Issuer.MoveAddress, "/me/addresses?said=moved"
	}
	err := act(ctx, me, proof)
	switch {
	case errors.Is(err, issuer.ErrLinkSpent): // it was done in another tab, or is too long ago
		return seeOther(c, "/me/merge")
	case errors.Is(err, issuer.ErrLastAddress):
		return &fault{status: http.StatusConflict, key: "account.move"}
	case err != nil:
		return err
	}
	return seeOther(c, then)
}

// unmerge takes a merge back.
func (s *server) unmerge(c echo.Context) error {
	err := s.Issuer.Unmerge(c.Request().Context(), account(c).ID, c.Param("merge"))
	switch {
	case errors.Is(err, issuer.ErrNotYours):
		return notFound()
	case errors.Is(err, issuer.ErrLinkSpent):
		return &fault{status: http.StatusConflict, key: "account.late"}
	case err != nil:
		return err
	}
	return seeOther(c, "/me/merge?said=undone")
}
