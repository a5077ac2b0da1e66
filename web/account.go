package web

import (
	"errors"
	"io"
	"net/http"
	"slices"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/accolade-badges/accolade/issuer"
	"github.com/accolade-badges/accolade/issuer/ledger"
)

// accountBase is what the pages about an account have in common.
type accountBase struct {
	base
	Account *issuer.Account
	Here    string // path of the page
	Said    string // what has just been done, or ""
	Wrong   string // field that was refused, or ""
	Fault   string // what is wrong with it
	zone    *time.Location
	l       *locale
}

// accountSaid are the notes that an address may ask a page about an account to
// show.
var accountSaid = []string{"saved", "picture", "added", "removed", "primary", "ended", "linked", "undone", "moved", "merged", "none", "asked", "tied"}

func (s *server) accountBase(c echo.Context, title string) accountBase {
	l, a := s.language(c), account(c)
	b := accountBase{base: s.base(c, l.T(title)), Account: a, Here: c.Request().URL.Path, l: l, zone: time.UTC}
	if said := c.QueryParam("said"); slices.Contains(accountSaid, said) {
		b.Said = l.T("account.said." + said)
	}
	if zone, err := time.LoadLocation(a.TimeZone); err == nil {
		b.zone = zone
	}
	return b
}

// When writes a moment in the time zone of the account.
func (b accountBase) When(t time.Time) string {
	return t.In(b.zone).Format(b.l.T("account.moment") + " MST")
}

// refused notes what was wrong with what was typed; it reports false where err is
// something else.
func (b *accountBase) refused(err error) bool {
	var typed *issuer.EarnerError
	if errors.As(err, &typed) {
		b.Wrong, b.Said, b.Fault = typed.Field, "", b.l.faultText(typed)
		return true
	}
	var invalid *issuer.InvalidError
	if !errors.As(err, &invalid) || len(invalid.Fields) == 0 {
		return false
	}
	b.Wrong, b.Said = invalid.Fields[0].Field, ""
	b.Fault = b.l.named("account.wrong.", b.Wrong)
	return true
}

// accountPage is what account.html shows.
type accountPage struct {
	accountBase
	Settings issuer.AccountSettings
	Issuers  []acceptedIssuer
	Zones    []string
}

// acceptedIssuer is an issuer whose badges an account may accept by itself.
type acceptedIssuer struct {
	Slug, Name string
	On         bool
}

// zones are time zones to choose from; any other can be typed.
var zones = []string{
	"UTC", "America/Los_Angeles", "America/Denver", "America/Chicago", "America/New_York", "America/Sao_Paulo", "Europe/London",
	"Europe/Berlin", "Europe/Paris", "Europe/Madrid", "Europe/Kyiv", "Europe/Istanbul", "Africa/Lagos", "Africa/Cairo",
	"Africa/Johannesburg", "Africa/Nairobi", "Asia/Dubai", "Asia/Karachi", "Asia/Kolkata", "Asia/Dhaka", "Asia/Bangkok",
	"Asia/Singapore", "Asia/Shanghai", "Asia/Taipei", "Asia/Seoul", "Asia/Tokyo", "Australia/Sydney", "Pacific/Auckland",
}

func (s *server) accountPage(c echo.Context) error {
	n, err := s.Issuer.AccountSettings(c.Request().Context(), account(c).ID)
	if err != nil {
		return err
	}
	if c.QueryParam("refused") == "picture" { // told again, in another language
		return s.showAccount(c, http.StatusOK, n, errPicture)
	}
	return s.showAccount(c, http.StatusOK, n, nil)
}

// errPicture refuses a picture that cannot be read.
var errPicture = &issuer.InvalidError{Fields: []issuer.FieldError{{Field: "picture"}}}

func (s *server) showAccount(c echo.Context, status int, n issuer.AccountSettings, fault error) error {
	page := accountPage{accountBase: s.accountBase(c, "account.title"), Settings: n, Zones: zones}
	if fault != nil && !page.refused(fault) {
		return fault
	}
	page.Here, page.Back = "/me/account", "/me/account"
	if page.Wrong == "picture" {
		page.Back += "?refused=picture"
	}
	list, err := s.Issuer.Issuers(c.Request().Context())
	if err != nil {
		return err
	}
	for _, is := range list {
		page.Issuers = append(page.Issuers, acceptedIssuer{is.Slug, is.Name, slices.Contains(n.AutoAcceptOf, is.Slug)})
	}
	return s.page(c, status, "account.html", page)
}

// changeAccount stores the settings of an account.
func (s *server) changeAccount(c echo.Context) error {
	if err := readForm(c); err != nil {
		return err
	}
	n := issuer.AccountSettings{
		Language: c.FormValue("language"), TimeZone: c.FormValue("timeZone"), DefaultVisibility: c.FormValue("visibility"),
		AutoAccept: c.FormValue("accept") == "all",
	}
	if c.FormValue("accept") == "some" {
		n.AutoAcceptOf = c.Request().PostForm["issuer"]
	}
	if n.TimeZone == "UTC" {
		n.TimeZone = ""
	}
	err := s.Issuer.ChangeAccount(c.Request().Context(), account(c).ID, n)
	var invalid *issuer.InvalidError
	if errors.As(err, &invalid) {
		return s.showAccount(c, http.StatusUnprocessableEntity, n, err)
	}
	if err != nil {
		return err
	}
	s.forgetLanguage(c) // the page is in the language that was chosen here
	return seeOther(c, "/me/account?said=saved")
}

// pictureRoom is how large a form with a picture may be.
const pictureRoom = issuer.MaxPortrait + 64<<10

// setPicture takes a profile picture.
func (s *server) setPicture(c echo.Context) error {
	r := c.Request()
	r.Body = http.MaxBytesReader(c.Response(), r.Body, pictureRoom)
	data, err := formFile(r, "picture")
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return &fault{status: http.StatusRequestEntityTooLarge, key: "account.large"}
	case err != nil:
		return s.pictureFault(c, errPicture)
	}
	if err := s.Issuer.SetPortrait(r.Context(), account(c).ID, data); err != nil {
		return s.pictureFault(c, err)
	}
	return seeOther(c, "/me/account?said=picture")
}

func (s *server) pictureFault(c echo.Context, fault error) error {
	n, err := s.Issuer.AccountSettings(c.Request().Context(), account(c).ID)
	if err != nil {
		return err
	}
	return s.showAccount(c, http.StatusUnprocessableEntity, n, fault)
}

// formFile reads the file of a form without writing it anywhere.
func formFile(r *http.Request, field string) ([]byte, error) {
	parts, err := r.MultipartReader()
	if err != nil {
		return nil, err
	}
	for {
		part, err := parts.NextPart()
		if err != nil {
			return nil, err
		}
		if part.FormName() == field {
			return io.ReadAll(part)
		}
	}
}

func (s *server) removePicture(c echo.Context) error {
	if err := s.Issuer.RemovePortrait(c.Request().Context(), account(c).ID); err != nil {
		return err
	}
	return seeOther(c, "/me/account?said=removed")
}

// myPicture shows an earner their own picture, whoever else may see it.
func (s *server) myPicture(c echo.Context) error {
	portrait, err := s.Issuer.Portrait(c.Request().Context(), account(c).ID)
	if errors.Is(err, issuer.ErrNoAccount) {
		return c.Redirect(http.StatusSeeOther, "/favicon.svg")
	}
	if err != nil {
		return err
	}
	return write(c, http.StatusOK, "image/png", portrait)
}

// addressPage is what addresses.html shows.
type addressPage struct {
	accountBase
	Email     string // as typed
	Wrong     bool
	SignIns   []linkedSignIn
	Providers []link // that are not linked yet
}

// linkedSignIn is a sign-in provider that an account is linked to.
type linkedSignIn struct {
	ledger.Identity
	Title string
}

func (s *server) addressesPage(c echo.Context) error {
	return s.showAddresses(c, http.StatusOK, "", false)
}

func (s *server) showAddresses(c echo.Context, status int, typed string, wrong bool) error {
	page := addressPage{accountBase: s.accountBase(c, "account.addresses.title"), Email: typed, Wrong: wrong}
	page.Here = "/me/addresses"
	list, err := s.Issuer.Identities(c.Request().Context(), account(c).ID)
	if err != nil {
		return err
	}
	for _, i := range list {
		page.SignIns = append(page.SignIns, linkedSignIn{i, i.Provider})
	}
	for _, p := range s.Providers {
		if !slices.ContainsFunc(list, func(i ledger.Identity) bool { return i.Provider == p.Name }) {
			page.Providers = append(page.Providers, link{p.Name, p.path() + "?next=/me/addresses"})
		}
	}
	return s.page(c, status, "addresses.html", page)
}

// addAddress mails the proof of a new address to it.
func (s *server) addAddress(c echo.Context) error {
	return s.startProof(c, s.Issuer.StartAddress, "/me/addresses?said=added", func(typed string) error {
		return s.showAddresses(c, http.StatusUnprocessableEntity, typed, true)
	})
}

// primaryAddress makes an address the one that mails to the account go to.
func (s *server) primaryAddress(c echo.Context) error {
	return s.onAddress(c, "/me/addresses?said=primary", func(folded string) error {
		return s.Issuer.SetPrimaryAddress(c.Request().Context(), account(c).ID, folded)
	})
}

// removeAddress takes an address from the account.
func (s *server) removeAddress(c echo.Context) error {
	return s.onAddress(c, "/me/addresses?said=removed", func(folded string) error {
		return s.Issuer.RemoveAddress(c.Request().Context(), account(c).ID, folded)
	})
}

func (s *server) onAddress(c echo.Context, then string, act func(folded string) error) error {
	if err := readForm(c); err != nil {
		return err
	}
	err := act(c.FormValue("address"))
	switch {
	case errors.Is(err, issuer.ErrLastAddress):
		return &fault{status: http.StatusConflict, key: "account.last"}
	case errors.Is(err, issuer.ErrNotYours): // it was removed in another tab
		return seeOther(c, "/me/addresses")
	case err != nil:
		return err
	}
	return seeOther(c, then)
}

// unlink takes a sign-in provider from the account.
func (s *server) unlink(c echo.Context) error {
	if err := readForm(c); err != nil {
		return err
	}
	if err := s.Issuer.Unlink(c.Request().Context(), account(c).ID, c.FormValue("provider"), c.FormValue("subject")); err != nil {
		return err
	}
	return seeOther(c, "/me/addresses?said=removed")
}
