package web

import (
	"errors"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/accolade-badges/accolade/issuer"
	"github.com/accolade-badges/accolade/issuer/ledger"
)

// claimPage is what claim.html shows to whoever holds a claim link: the badge
// as its earner sees it, with every file to take along.
type claimPage struct {
	badgePage
	Token    string
	Until    time.Time // when the link stops working
	Becomes  string    // visibility that the account which is signed in gives it; "stranger" where none is, "shown" where it is public already
	IssuedTo string    // address that it went to, masked; "" where it has none
	Me       string    // address of who is signed in, or ""
	MayClaim bool      // one click is enough: who is signed in has that address, or there is none
	Email    string    // typed, where the badge has none
	Wrong    bool      // what was typed is no address
	Claimed  bool      // by an account, which is not signed in here
	Undo     time.Time // declined, until when that can be undone; else zero
	Late     bool      // and that is over
}

// claim shows the badge that a claim link leads to. Opening the link changes
// nothing, so that mail scanners that follow it do no harm.
func (s *server) claim(c echo.Context) error {
	ctx := c.Request().Context()
	token, me := c.Param("token"), account(c)
	p, until, err := s.Issuer.ClaimLink(ctx, token)
	if errors.Is(err, issuer.ErrNotPublished) || err == nil && me != nil && p.Award.Account == me.ID {
		return s.usedLink(c)
	}
	if err != nil {
		return err
	}
	return s.showClaim(c, http.StatusOK, p, claimPage{Until: until})
}

// showClaim shows the badge that the claim link in the address leads to, with the
// end of the link and the address that was typed.
func (s *server) showClaim(c echo.Context, status int, p *issuer.Publication, typed claimPage) error {
	ctx := c.Request().Context()
	token, me, l := c.Param("token"), account(c), s.language(c)
	page := claimPage{badgePage: s.describe(l, p), Token: token, Until: typed.Until, IssuedTo: masked(p.Award.Address), Email: typed.Email, Wrong: typed.Wrong}
	page.NoIndex, page.Canonical, page.Share, page.Back = true, "", nil, comeBack(c)
	page.Picture = s.here(s.Issuer.URLs().Achievement(p.Achievement.Slug, "/image.png"))
	page.Files = fileList(l, func(format issuer.Format) string {
		return s.here(s.Issuer.URLs().Claim(token)) + "/" + string(format)
	}, issuer.FormatOB2JWS)
	page.Files = append(page.Files, file{l.T("sharing.along.archive"), l.T("sharing.along.archive.for"), s.here(s.Issuer.URLs().Claim(token)) + "/archive.zip"})
	page.Claimed = p.Award.Account != ""
	page.Undo = issuer.DeclinedUntil(p.Award)
	page.Late = s.late(page.Undo)
	page.Becomes = becomes(me, p)
	if me != nil {
		page.Me = me.Primary()
		_, err := s.Issuer.EarnerPublication(ctx, me.ID, p.Award.ID)
		if err != nil && !errors.Is(err, issuer.ErrNotPublished) {
			return err
		}
		page.MayClaim = err == nil || page.IssuedTo == ""
	}
	return s.page(c, status, "claim.html", page)
}

// becomes is the visibility that an account gives a badge by accepting it; "stranger"
// where nobody is signed in, and "shown" or "linked" where its issuer has made it
// public or unlisted already.
func becomes(me *issuer.Account, p *issuer.Publication) string {
	switch {
	case p.Award.Visibility == ledger.Public:
		return "shown"
	case p.Award.Visibility == ledger.Unlisted:
		return "linked"
	case me == nil:
		return "stranger"
	}
	return me.Gives(p.Award)
}

// masked is what may be shown of an address, if there is one.
func masked(address string) string {
	if address == "" {
		return ""
	}
	return issuer.MaskAddress(address)
}

// late tells whether the time is over in which a decline can be undone.
func (s *server) late(undo time.Time) bool { return !undo.IsZero() && !s.Issuer.Now().Before(undo) }

// usedLink leads the owner of a badge from its old link to it, and everybody
// else to a fresh one.
func (s *server) usedLink(c echo.Context) error {
	if me := account(c); me != nil {
		id, err := s.Issuer.LinkedAward(c.Request().Context(), me.ID, c.Param("token"))
		if err == nil {
			return seeOther(c, "/me/badges/"+id)
		}
		if errors.Is(err, issuer.ErrNotYours) { // another account has it
			return seeOther(c, "/me?note=taken")
		}
		if !errors.Is(err, issuer.ErrLinkSpent) {
			return err
		}
	}
	return s.closedLink(c)
}

// claimForm does what the buttons of the claim page say.
func (s *server) claimForm(c echo.Context) error {
	if err := readForm(c); err != nil {
		return err
	}
	token := c.Param("token")
	var err error
	switch c.FormValue("act") {
	case "claim":
		err = s.startClaim(c, token)
	case "decline":
		if err = s.Issuer.DeclineLink(c.Request().Context(), token); err == nil {
			err = seeOther(c, "/claim/"+token)
		}
	case "undecline":
		if err = s.Issuer.UndeclineLink(c.Request().Context(), token); err == nil {
			err = seeOther(c, "/claim/"+token)
		}
	default:
		return &fault{status: http.StatusBadRequest, key: "claim.unclear"}
	}
	switch {
	case errors.Is(err, issuer.ErrLinkSpent):
		return s.usedLink(c)
	case errors.Is(err, issuer.ErrNotYours): // somebody was faster, who may be the same person elsewhere
		return seeOther(c, "/claim/"+token)
	}
	return err
}

// startClaim claims for who is signed in where that is enough, and otherwise
// mails the confirmation to the address that the badge went to, or that was typed
// where it has none.
func (s *server) startClaim(c echo.Context, token string) error {
	ctx := c.Request().Context()
	p, until, err := s.Issuer.ClaimLink(ctx, token)
	if errors.Is(err, issuer.ErrNotPublished) {
		return issuer.ErrLinkSpent
	}
	if err != nil {
		return err
	}
	asks := ""
	if me := account(c); me != nil {
		err := s.Issuer.ClaimAs(ctx, me.ID, p.Award.ID)
		if err == nil {
			return seeOther(c, "/me/badges/"+p.Award.ID)
		}
		if !errors.Is(err, issuer.ErrNotYours) {
			return err
		}
		if p.Award.Address == "" {
			id, err := s.Issuer.ClaimWithLink(ctx, me.ID, token)
			if err != nil {
				return err
			}
			return seeOther(c, "/me/badges/"+id)
		}
		asks = me.ID
	}
	typed := issuer.Asked{Address: c.FormValue("email"), Language: s.language(c).Tag}
	if p.Award.Address == "" && !s.mails.allow(c.RealIP(), s.Issuer.Now()) {
		return errBusyClient
	}
	id, err := s.Issuer.StartClaim(ctx, token, asks, typed)
	var invalid *issuer.InvalidError
	if errors.As(err, &invalid) {
		return s.showClaim(c, http.StatusUnprocessableEntity, p, claimPage{Until: until, Email: typed.Address, Wrong: true})
	}
	if err != nil {
		return err
	}
	s.setPending(c, id)
	return seeOther(c, "/sign-in/code")
}

// claimFile hands the holder of a claim link one form of the badge.
func (s *server) claimFile(c echo.Context) error {
	ctx := c.Request().Context()
	p, _, err := s.Issuer.ClaimLink(ctx, c.Param("token"))
	if err != nil {
		return err
	}
	return s.ownFile(c, p)
}
