package web

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/accolade-badges/accolade/issuer"
)

// claimPage is what claim.html shows to whoever holds a claim link: the badge
// as its earner sees it, with every file to take along.
type claimPage struct {
	badgePage
	Token string
}

// claim shows the badge that a claim link leads to. Opening the link changes
// nothing, so that mail scanners that follow it do no harm.
func (s *server) claim(c echo.Context) error {
	token := c.Param("token")
	p, err := s.Issuer.ClaimLink(c.Request().Context(), token)
	if err != nil {
		return err
	}
	page := claimPage{badgePage: s.describe(s.language(c), p), Token: token}
	page.NoIndex, page.Canonical, page.Share, page.Back = true, "", nil, comeBack(c)
	page.Picture = s.here(s.Issuer.URLs().Achievement(p.Achievement.Slug, "/image.png"))
	page.Files = fileList(s.language(c), func(format issuer.Format) string {
		return s.here(s.Issuer.URLs().Claim(token)) + "/" + string(format)
	}, issuer.FormatOB2JWS)
	return s.page(c, http.StatusOK, "claim.html", page)
}

// claimFile hands the holder of a claim link one form of the badge.
func (s *server) claimFile(c echo.Context) error {
	ctx := c.Request().Context()
	p, err := s.Issuer.ClaimLink(ctx, c.Param("token"))
	if err != nil {
		return err
	}
	format := issuer.Format(c.Param("file"))
	ending, ok := issuer.Formats()[format]
	if !ok {
		return issuer.ErrNotPublished
	}
	d, err := s.Issuer.Export(ctx, p.Award.ID, format)
	if err != nil {
		return err
	}
	c.Response().Header().Set("Content-Disposition", `attachment; filename="badge-`+p.Award.ID+ending+`"`)
	return write(c, http.StatusOK, d.Type, d.Body)
}
