package web

import (
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/accolade-badges/accolade/issuer"
	"github.com/accolade-badges/accolade/issuer/ledger"
)

// myBadgePage is the page of one badge for its earner. It is made of sections:
// each is a field here, a method that fills it in a file of its own, and a
// template called after it in assets/pages/mebadge-….html.
type myBadgePage struct {
	badgePage
	Path    string    // of the page
	Mine    bool      // claimed; otherwise it waits, or was declined
	Undo    time.Time // declined, until when that can be undone; else zero
	Late    bool      // and that is over
	Becomes string    // visibility that accepting gives it
	Only    string    // the one address of the account, whose mailbox may be lost; else ""

	Control *control
	Sharing *sharing // nil while the badge is not public
	Along   *takeAlong
}

func (s *server) myBadge(c echo.Context) error {
	p, l := owned(c), s.language(c)
	page := myBadgePage{badgePage: s.describe(l, p), Path: "/me/badges/" + p.Award.ID, Mine: p.Award.Account == account(c).ID}
	page.NoIndex, page.Canonical, page.Share, page.Back = true, "", nil, comeBack(c)
	page.Picture = s.here(s.Issuer.URLs().Achievement(p.Achievement.Slug, "/image.png"))
	page.Undo = issuer.DeclinedUntil(p.Award)
	page.Late = s.late(page.Undo)
	page.Becomes = becomes(account(c), p)
	if page.Mine {
		if err := s.fillMyBadge(c, &page); err != nil {
			return err
		}
	}
	return s.page(c, http.StatusOK, "mebadge.html", page)
}

// fillMyBadge fills the sections of a badge that is claimed, in the order of the
// page.
func (s *server) fillMyBadge(c echo.Context, page *myBadgePage) (err error) {
	if page.Control, err = s.control(c, page.Badge); err != nil {
		return err
	}
	if me := account(c); len(me.Addresses) == 1 {
		page.Only = me.Primary()
	}
	l, p := s.language(c), page.Badge
	public := p.Award.Visibility == ledger.Public
	if public {
		page.Sharing = s.share(l, p)
	}
	page.Along = s.along(l, p, public)
	return nil
}
