package web

import (
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/accolade-badges/accolade/issuer"
	"github.com/accolade-badges/accolade/issuer/ledger"
)

// namePage is what name.html shows: the name on a badge, and what its owner has
// asked the issuer to make of it.
type namePage struct {
	accountBase
	Badge    *issuer.Publication
	Badges   string // the owner's page of the badge
	Name     string // as typed
	Note     string
	Requests []ledger.NameRequest // about this badge, newest first
	Open     bool                 // one of them waits
}

func (s *server) namePage(c echo.Context) error {
	return s.showName(c, http.StatusOK, owned(c).Award.Name, "", nil)
}

func (s *server) showName(c echo.Context, status int, name, note string, fault error) error {
	p := owned(c)
	page := namePage{accountBase: s.accountBase(c, "account.name.title"), Badge: p, Badges: "/me/badges/" + p.Award.ID, Name: name, Note: note}
	if fault != nil && !page.refused(fault) {
		return fault
	}
	list, err := s.Issuer.NameRequestsOf(c.Request().Context(), account(c).ID)
	if err != nil {
		return err
	}
	for _, r := range list {
		if r.Award == p.Award.ID {
			page.Requests = append(page.Requests, r)
			page.Open = page.Open || r.DecidedAt.IsZero()
		}
	}
	return s.page(c, status, "name.html", page)
}

// requestName asks the issuer of a badge to correct the name on it.
func (s *server) requestName(c echo.Context) error {
	if err := readForm(c); err != nil {
		return err
	}
	p := owned(c)
	name, note := c.FormValue("name"), c.FormValue("note")
	err := s.Issuer.RequestName(c.Request().Context(), account(c).ID, p.Award.ID, name, note)
	var invalid *issuer.InvalidError
	var typed *issuer.EarnerError
	var conflict *issuer.ConflictError
	switch {
	case errors.As(err, &invalid), errors.As(err, &typed):
		return s.showName(c, http.StatusUnprocessableEntity, name, note, err)
	case errors.As(err, &conflict): // one waits, or the badge is revoked: the page says so
		return seeOther(c, "/me/badges/"+p.Award.ID+"/name")
	case err != nil:
		return err
	}
	return seeOther(c, "/me/badges/"+p.Award.ID+"/name?said=asked")
}
