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
}

func (s *server) tiedPage(c echo.Context) error {
	p := owned(c)
	page := tiedPage{accountBase: s.accountBase(c, "account.tied.title"), Badge: p, Badges: "/me/badges/" + p.Award.ID}
	var err error
	if page.List, err = s.Issuer.TiedAddresses(c.Request().Context(), account(c).ID, p.Award.ID); err != nil {
		return err
	}
	return s.page(c, http.StatusOK, "tied.html", page)
}

// tieAddress has a badge name an address of its owner, or takes one off that it names
// because of them.
func (s *server) tieAddress(c echo.Context) error {
	if err := readForm(c); err != nil {
		return err
	}
	id := owned(c).Award.ID
	change := s.Issuer.TieAddress
	if c.FormValue("off") == "1" {
		change = s.Issuer.UntieAddress
	}
	changed, err := change(c.Request().Context(), account(c).ID, id, c.FormValue("address"))
	var conflict *issuer.ConflictError
	if err != nil && !errors.As(err, &conflict) && !errors.Is(err, issuer.ErrNotYours) {
		return err
	}
	page := "/me/badges/" + id + "/addresses" // it says how it is
	if changed {
		page += "?said=tied"
	}
	return seeOther(c, page)
}
