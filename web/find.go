package web

import (
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/accolade-badges/accolade/issuer"
)

// findPage asks for an address, to which a mail goes that tells what waits for
// it. The page itself never tells.
type findPage struct {
	base
	Email  string // as typed
	Wrong  bool   // what was typed is no address
	Code   string // as typed
	NoCode bool   // what was typed is no claim code
	Sent   bool
	Closed bool // a link that does not work has led here
}

func (s *server) findPage(c echo.Context) error {
	return s.page(c, http.StatusOK, "find.html", findPage{base: s.findBase(c)})
}

func (s *server) findBase(c echo.Context) base { return s.base(c, s.language(c).T("claim.find.title")) }

func (s *server) findForm(c echo.Context) error {
	if err := readForm(c); err != nil {
		return err
	}
	if c.Request().PostForm.Has("code") {
		return s.useCode(c, c.FormValue("code"))
	}
	if !s.mails.allow(c.RealIP(), s.Issuer.Now()) {
		return errBusyClient
	}
	email := c.FormValue("email")
	err := s.Issuer.StartFind(c.Request().Context(), issuer.Asked{Address: email, Language: s.language(c).Tag})
	var invalid *issuer.InvalidError
	if errors.As(err, &invalid) {
		return s.page(c, http.StatusUnprocessableEntity, "find.html", findPage{base: s.findBase(c), Email: email, Wrong: true})
	}
	if err != nil {
		return err
	}
	return s.page(c, http.StatusOK, "find.html", findPage{base: s.findBase(c), Sent: true})
}

// useCode leads from a claim code to the badge that it claims.
func (s *server) useCode(c echo.Context, typed string) error {
	token, ok := issuer.ReadClaimCode(typed)
	if !ok {
		return s.page(c, http.StatusUnprocessableEntity, "find.html", findPage{base: s.findBase(c), Code: typed, NoCode: true})
	}
	return seeOther(c, "/claim/"+token)
}

// closedLink is the one answer to a link that was used, is too old, was cut off
// or never was: a form with which its owner gets a fresh one.
func (s *server) closedLink(c echo.Context) error {
	c.Response().Header().Set("Cache-Control", "no-store")
	if !s.guesses.allow(c.RealIP(), s.Issuer.Now()) {
		return errBusyClient
	}
	page := findPage{base: s.base(c, s.language(c).T("claim.closed.title")), Closed: true}
	page.Back = "/find"
	return s.page(c, http.StatusNotFound, "find.html", page)
}
