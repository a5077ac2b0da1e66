package web

import (
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/accolade-badges/accolade/issuer"
)

// tiedPage is what tied.html shows: the addresses that a badge names.
type tiedPage struct {
	accountBase
	Badge  *issuer.Publication
	Badges string // the owner's page of the badge
	List   []issuer.TiedAddress
	Refuse string // address that another candidate of the issuer has, or ""
}

func (s *server) tiedPage(c echo.Context) error { return s.showTied(c, http.StatusOK, "") }

func (s *server) showTied(c echo.Context, status int, refuse string) error {
	p := owned(c)
	page := tiedPage{accountBase: s.accountBase(c, "account.tied.title"), Badge: p, Badges: "/me/badges/" + p.Award.ID, Refuse: refuse}
	var err error
	if page.List, err = s.Issuer.TiedAddresses(c.Request().Context(), account(c).ID, p.Award.ID); err != nil {
		return err
	}
	return s.page(c, status, "tied.html", page)
}

// tieAddress has a badge name an address of its owner.
func (s *server) tieAddress(c echo.Context) error {
	if err := readForm(c); err != nil {
		return err
	}
	id, address := owned(c).Award.ID, c.FormValue("address")
	err := s.Issuer.TieAddress(c.Request().Context(), account(c).ID, id, address)
	var conflict *issuer.ConflictError
	switch {
	case errors.As(err, &conflict) && owned(c).Award.RevokedAt.IsZero():
		return s.showTied(c, http.StatusConflict, address)
	case errors.As(err, &conflict), errors.Is(err, issuer.ErrNotYours): // the page says how it is
		return seeOther(c, "/me/badges/"+id+"/addresses")
	case err != nil:
		return err
	}
	return seeOther(c, "/me/badges/"+id+"/addresses?said=tied")
}
