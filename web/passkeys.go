package web

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/accolade-badges/accolade/issuer"
	"github.com/accolade-badges/accolade/issuer/ledger"
)

// passkeyRoom is how large the answer of an authenticator may be.
const passkeyRoom = 64 << 10

// passkeysPage is what passkeys.html shows.
type passkeysPage struct {
	accountBase
	Passkeys []ledger.Passkey
}

func (s *server) passkeysPage(c echo.Context) error {
	list, err := s.Issuer.Passkeys(c.Request().Context(), account(c).ID)
	if err != nil {
		return err
	}
	c.Response().Header().Set("Content-Security-Policy", arrangeCSP)
	return s.page(c, http.StatusOK, "passkeys.html", passkeysPage{s.accountBase(c, "account.passkeys.title"), list})
}

// passkeyAnswer is what the script of a page sends back.
type passkeyAnswer struct {
	Ceremony string          `json:"ceremony"`
	Name     string          `json:"name"`
	Answer   json.RawMessage `json:"answer"`
	Next     string          `json:"next"`
}

// readAnswer reads what the script of a page sends; other sites cannot send JSON.
func readAnswer(c echo.Context) (passkeyAnswer, error) {
	var a passkeyAnswer
	body, err := io.ReadAll(http.MaxBytesReader(c.Response(), c.Request().Body, passkeyRoom))
	if err != nil {
		return a, bodyError(err)
	}
	if json.Unmarshal(body, &a) != nil {
		return a, errPasskey
	}
	return a, nil
}

// errPasskey is the answer to a passkey that cannot be used.
var errPasskey = &fault{status: http.StatusUnprocessableEntity, key: "account.passkey"}

// passkeyFault turns the refusal of a passkey into its answer.
func passkeyFault(err error) error {
	if errors.Is(err, issuer.ErrPasskey) {
		return errPasskey
	}
	return err
}

// passkeyOptions begins the making of a passkey.
func (s *server) passkeyOptions(c echo.Context) error {
	ceremony, err := s.Issuer.StartPasskey(c.Request().Context(), account(c).ID)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, ceremony)
}

// addPasskey keeps the passkey that a browser has made.
func (s *server) addPasskey(c echo.Context) error {
	a, err := readAnswer(c)
	if err != nil {
		return err
	}
	if err := s.Issuer.AddPasskey(c.Request().Context(), account(c).ID, a.Ceremony, a.Name, a.Answer); err != nil {
		return passkeyFault(err)
	}
	return c.JSON(http.StatusOK, map[string]string{"next": "/me/passkeys?said=added"})
}

// namePasskey gives a passkey another name.
func (s *server) namePasskey(c echo.Context) error {
	if err := readForm(c); err != nil {
		return err
	}
	if err := s.Issuer.NamePasskey(c.Request().Context(), account(c).ID, c.FormValue("passkey"), c.FormValue("name")); err != nil {
		return err
	}
	return seeOther(c, "/me/passkeys?said=saved")
}

// removePasskey deletes a passkey.
func (s *server) removePasskey(c echo.Context) error {
	if err := readForm(c); err != nil {
		return err
	}
	if err := s.Issuer.RemovePasskey(c.Request().Context(), account(c).ID, c.FormValue("passkey")); err != nil {
		return err
	}
	return seeOther(c, "/me/passkeys?said=removed")
}

// passkeySignInOptions begins signing in with a passkey.
func (s *server) passkeySignInOptions(c echo.Context) error {
	c.Response().Header().Set("Cache-Control", "no-store")
	if !s.mails.allow(c.RealIP(), s.Issuer.Now()) {
		return errBusyClient
	}
	ceremony, err := s.Issuer.StartPasskeySignIn(c.Request().Context())
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, ceremony)
}

// passkeySignIn signs in whose passkey has answered.
func (s *server) passkeySignIn(c echo.Context) error {
	a, err := readAnswer(c)
	if err != nil {
		return err
	}
	id, err := s.Issuer.SignInByPasskey(c.Request().Context(), a.Ceremony, a.Answer)
	if err != nil {
		if errors.Is(err, issuer.ErrPasskey) && !s.guesses.allow(c.RealIP(), s.Issuer.Now()) {
			return errBusyClient
		}
		return passkeyFault(err)
	}
	if err := s.signIn(c, id); err != nil {
		return err
	}
	return c.JSON(http.StatusOK, map[string]string{"next": orMe(nextPath(a.Next))})
}
