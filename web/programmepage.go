package web

import (
	"cmp"
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"

	"github.com/accolade-badges/accolade/issuer"
	"github.com/accolade-badges/accolade/issuer/ledger"
)

// achievement is an achievement as a page or as JSON-LD.
func (s *server) achievement(c echo.Context) error {
	return pageOr(c, s.Issuer.Achievement, s.achievementPage)
}

// issuer is an issuer as a page or as its Profile.
func (s *server) issuer(c echo.Context) error {
	return pageOr(c, s.Issuer.IssuerProfile, s.issuerPage)
}

// pageOr serves a page to whoever asks for HTML and a JSON-LD document to
// everybody else.
func pageOr(c echo.Context, get documentFunc, page func(echo.Context) error) error {
	c.Response().Header().Set("Vary", "Accept")
	accept := c.Request().Header.Get("Accept")
	if q, how := quality(accept, "text/html"); how == exactly && q > 0 {
		if _, best := preferred(accept, issuer.TypeLD, issuer.TypeJSON, issuer.TypeOB3); best <= q {
			return page(c)
		}
	}
	offer, _ := preferred(accept, issuer.TypeLD, issuer.TypeJSON, issuer.TypeOB3)
	return form(c, c.Param("slug"), get, offer)
}

// achievementPage is what achievement.html shows.
type achievementPage struct {
	base
	Facts    issuer.AchievementPage
	Issuer   link
	Picture  string
	Criteria string
	Kind     string
	About    string // description, in the reader's language where there is one
	Original string // title as signed, where the page shows a translation
}

func (s *server) achievementPage(c echo.Context) error {
	a, err := s.Issuer.AchievementDetail(c.Request().Context(), c.Param("slug"))
	if err != nil {
		return err
	}
	u := s.Issuer.URLs()
	l := s.language(c)
	b := s.base(c, l.title(a.Facts))
	b.NoIndex, b.Canonical, b.Description = false, u.Achievement(a.Achievement.Slug, ""), l.description(a.Facts)
	p := achievementPage{
		base: b, Facts: *a, Issuer: link{a.Issuer.Name, s.here(u.Issuer(a.Issuer.Slug, ""))}, Kind: a.Achievement.Kind, About: b.Description,
		Picture: s.here(u.Achievement(a.Achievement.Slug, "/image.png?size=600") + string(l.pictureQuery())), Criteria: l.criteria(a.Facts.Criteria),
	}
	picture := u.Achievement(a.Achievement.Slug, "/image.png?size=600")
	p.Share = &shareHead{
		Title: shorten(p.Title, 200), Image: picture, SecureImage: secureAddress(picture), ImageAlt: l.T("badge.picture", "Title", p.Title), ImageWidth: 600, ImageHeight: 600,
		Schema: schema(schemaCredential(a.Facts, a.Issuer, p.Canonical, picture)),
	}
	if p.Title != a.Facts.Title {
		p.Original = a.Facts.Title
	}
	return s.page(c, http.StatusOK, "achievement.html", p)
}

// issuerPage is what issuer.html shows.
type issuerPage struct {
	base
	Issuer       ledger.Issuer
	Picture      string
	Achievements []achievementLink
	DID          string
}

type achievementLink struct {
	link
	Picture, Kind string
}

func (s *server) issuerPage(c echo.Context) error {
	is, list, err := s.Issuer.IssuerDetail(c.Request().Context(), c.Param("slug"))
	if err != nil {
		return err
	}
	u := s.Issuer.URLs()
	l := s.language(c)
	b := s.base(c, is.Name)
	b.NoIndex, b.Canonical, b.Description = false, u.Issuer(is.Slug, ""), is.Description
	p := issuerPage{base: b, Issuer: is, Picture: s.here(u.Issuer(is.Slug, "/image.png")), DID: s.here(u.Issuer(is.Slug, "/did.json"))}
	slices.SortStableFunc(list, func(a, b ledger.Achievement) int { return cmp.Compare(a.Kind, b.Kind) }) // certifications, then exams
	for _, a := range list {
		p.Achievements = append(p.Achievements, achievementLink{
			link{issuer.TitleOf(a, l.Tag), s.here(u.Achievement(a.Slug, ""))}, s.here(u.Achievement(a.Slug, "/image.png?size=192") + string(l.pictureQuery())), a.Kind,
		})
	}
	return s.page(c, http.StatusOK, "issuer.html", p)
}
