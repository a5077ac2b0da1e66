package web

import (
	"errors"
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"github.com/accolade-badges/accolade/issuer"
)

const (
	// mailsAMinute is how many mails to addresses of their choice one client may
	// ask for. A class behind one address signs in with it.
	mailsAMinute = 30

	// guessesAMinute is how many links and codes that were wrong one client may
	// try. Right ones are not counted, so that nobody shuts another one out.
	guessesAMinute = 30
)

// pendingCookie names the challenge whose code this browser may type. Its value
// is no secret of the mail: link and code are.
const pendingCookie = "accolade-pending"

// readForm reads the form that a request carries.
func readForm(c echo.Context) error {
	r := c.Request()
	r.Body = http.MaxBytesReader(c.Response(), r.Body, formRoom)
	if err := r.ParseForm(); err != nil {
		return bodyError(err)
	}
	return nil
}

// nextPath is where a form asks to go on to: a path of ours, or "".
func nextPath(to string) string {
	if to = ownPath(to); to == "/" {
		return ""
	}
	return to
}

// signInPage asks for an address.
type signInPage struct {
	base
	Email string // as typed
	Next  string
	Wrong bool // what was typed is no address

	Providers []link // other ways to sign in
}

// showSignIn shows the page that asks for an address. Its script asks for a
// passkey in the background.
func (s *server) showSignIn(c echo.Context, status int, page signInPage) error {
	page.base = s.base(c, s.language(c).T("signin.title"))
	for _, p := range s.Providers {
		page.Providers = append(page.Providers, link{p.Name, p.path() + "?next=" + url.QueryEscape(page.Next)})
	}
	c.Response().Header().Set("Content-Security-Policy", arrangeCSP)
	return s.page(c, status, "signin.html", page)
}

func (s *server) signInPage(c echo.Context) error {
	next := nextPath(c.QueryParam("next"))
	if account(c) != nil {
		return seeOther(c, orMe(next))
	}
	return s.showSignIn(c, http.StatusOK, signInPage{Next: next})
}

// orMe is a path, or the account's own page.
func orMe(path string) string {
	if path == "" {
		return "/me"
	}
	return path
}

// seeOther sends the browser on with a GET; nobody keeps that.
func seeOther(c echo.Context, path string) error {
	c.Response().Header().Set("Cache-Control", "no-store")
	return c.Redirect(http.StatusSeeOther, path)
}

// signInForm mails a link and a code. Its answer is the same for every address.
func (s *server) signInForm(c echo.Context) error {
	if err := readForm(c); err != nil {
		return err
	}
	l := s.language(c)
	asked := issuer.Asked{Address: c.FormValue("email"), Language: l.Tag, Next: nextPath(c.FormValue("next"))}
	if !s.mails.allow(c.RealIP(), s.Issuer.Now()) {
		return errBusyClient
	}
	id, err := s.Issuer.StartSignIn(c.Request().Context(), asked)
	var invalid *issuer.InvalidError
	if errors.As(err, &invalid) {
		return s.showSignIn(c, http.StatusUnprocessableEntity, signInPage{Email: asked.Address, Next: asked.Next, Wrong: true})
	}
	if err != nil {
		return err
	}
	s.setPending(c, id)
	return seeOther(c, "/sign-in/code")
}

// setPending lets this browser type the code of a challenge; with "" it forgets.
func (s *server) setPending(c echo.Context, challenge string) {
	life := 24 * 60 * 60
	if challenge == "" {
		life = -1
	}
	c.SetCookie(&http.Cookie{ //nolint:gosec // it is Secure wherever the installation is reached by https
		Name: cookieName(s.Issuer, pendingCookie), Value: challenge, Path: "/", MaxAge: life,
		HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: secure(s.Issuer),
	})
}

// pending returns the challenge whose code this browser may type, or "".
func (s *server) pending(c echo.Context) string {
	cookie, err := c.Cookie(cookieName(s.Issuer, pendingCookie))
	if err != nil {
		return ""
	}
	return cookie.Value
}

// codePage tells that a mail is on its way, and takes its code.
type codePage struct {
	base
	Pending *issuer.Pending
	Address string // masked
	Badge   string // that it claims, by its title in the page's language; or ""
	Click   string
	Wrong   bool // the code that was typed
}

func (s *server) codePage(c echo.Context) error {
	p, err := s.Issuer.ChallengeByID(c.Request().Context(), s.pending(c))
	if errors.Is(err, issuer.ErrLinkSpent) {
		if account(c) != nil {
			return seeOther(c, "/me")
		}
		return seeOther(c, "/sign-in")
	}
	if err != nil {
		return err
	}
	return s.showCode(c, http.StatusOK, p, false)
}

func (s *server) showCode(c echo.Context, status int, p *issuer.Pending, wrong bool) error {
	c.Response().Header().Set("Cache-Control", "no-store")
	l := s.language(c)
	page := codePage{base: s.base(c, l.T("signin.code.title")), Pending: p, Address: issuer.MaskAddress(p.Address), Click: newClick(), Wrong: wrong}
	if p.Award != nil {
		page.Badge = l.title(p.Award.Facts)
	}
	return s.page(c, status, "code.html", page)
}

// codeForm confirms by the code of a mail, in the browser that asked for it.
func (s *server) codeForm(c echo.Context) error {
	if err := readForm(c); err != nil {
		return err
	}
	id := s.pending(c)
	err := s.confirm(c, issuer.Proof{Challenge: id, Code: c.FormValue("code")})
	var wrong *issuer.ErrWrongCode
	if !errors.As(err, &wrong) {
		return err
	}
	if !s.guesses.allow(c.RealIP(), s.Issuer.Now()) {
		return errBusyClient
	}
	p, err := s.Issuer.ChallengeByID(c.Request().Context(), id)
	if errors.Is(err, issuer.ErrLinkSpent) {
		return s.closedLink(c)
	}
	if err != nil {
		return err
	}
	return s.showCode(c, http.StatusUnprocessableEntity, p, true)
}

// confirmPage shows one button. Opening the link does nothing, so that programs
// that look into mails do no harm.
type confirmPage struct {
	base
	Pending *issuer.Pending
	Badge   string // that it claims, by its title in the page's language; or ""
	Picture string // of that badge
	Click   string
	Foreign bool   // the account that asked is not the one that is signed in here
	Now     string // address of who is signed in, where confirming signs somebody else in
}

func (s *server) confirmPage(c echo.Context) error {
	p, err := s.Issuer.Challenge(c.Request().Context(), c.Param("token"))
	if errors.Is(err, issuer.ErrLinkSpent) {
		return s.usedConfirmation(c)
	}
	if err != nil {
		return err
	}
	return s.showConfirm(c, http.StatusOK, p)
}

// usedConfirmation leads who opens a link again that has done its work for them to
// what it has done, and everybody else to a fresh one.
func (s *server) usedConfirmation(c echo.Context) error {
	me := account(c)
	if me == nil {
		return s.closedLink(c)
	}
	award, err := s.Issuer.ConfirmedBefore(c.Request().Context(), me.ID, c.Param("token"))
	switch {
	case errors.Is(err, issuer.ErrLinkSpent):
		return s.closedLink(c)
	case err != nil:
		return err
	case award != "":
		return seeOther(c, "/me/badges/"+award)
	}
	return seeOther(c, "/me")
}

func (s *server) showConfirm(c echo.Context, status int, p *issuer.Pending) error {
	l := s.language(c)
	page := confirmPage{base: s.base(c, l.T("confirm.title")), Pending: p, Click: newClick()}
	if p.Award != nil {
		page.Badge = l.title(p.Award.Facts)
		page.Picture = s.here(s.Issuer.URLs().Achievement(p.Award.Achievement.Slug, "/image.png?size=240")) + string(l.pictureQuery())
	}
	me := account(c)
	own := p.Purpose == issuer.PurposeAddress || p.Purpose == issuer.PurposeMerge
	page.Foreign = own && (me == nil || me.ID != p.Account)
	if !own && me != nil {
		if folded, err := issuer.FoldAddress(p.Address); err != nil || !me.Has(folded) {
			page.Now = me.Primary()
		}
	}
	return s.page(c, status, "confirm.html", page)
}

// confirmForm confirms by the link of a mail.
func (s *server) confirmForm(c echo.Context) error {
	if err := readForm(c); err != nil {
		return err
	}
	token := c.Param("token")
	err := s.confirm(c, issuer.Proof{Token: token})
	if !errors.Is(err, issuer.ErrNotYours) {
		return err
	}
	p, err := s.Issuer.Challenge(c.Request().Context(), token)
	if errors.Is(err, issuer.ErrLinkSpent) {
		return s.closedLink(c)
	}
	if err != nil {
		return err
	}
	return s.showConfirm(c, http.StatusForbidden, p)
}

// confirm uses a link or code, signs in, and goes to what it was asked for.
func (s *server) confirm(c echo.Context, p issuer.Proof) error {
	me := account(c)
	if me != nil {
		p.Account = me.ID
	}
	p.Click, p.Language = c.FormValue("click"), s.language(c).Tag
	done, err := s.Issuer.Confirm(c.Request().Context(), p)
	if errors.Is(err, issuer.ErrLinkSpent) {
		return s.closedLink(c)
	}
	if err != nil {
		return err
	}
	if me == nil || me.ID != done.Account {
		if err := s.signIn(c, done.Account); err != nil {
			return err
		}
	}
	s.setPending(c, "")
	switch {
	case done.Award != "":
		return seeOther(c, "/me/badges/"+done.Award)
	case done.Lost:
		return seeOther(c, "/me?note=lost")
	case done.Elsewhere:
		return seeOther(c, "/me/merge/"+done.Proof)
	}
	return seeOther(c, orMe(done.Next))
}

// errBusyClient is the answer to a client that asks too often.
var errBusyClient = &fault{status: http.StatusTooManyRequests, key: "signin.busy"}
