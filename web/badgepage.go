package web

import (
	"encoding/json"
	"html/template"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/accolade-badges/accolade/issuer"
	"github.com/accolade-badges/accolade/issuer/ledger"
	"github.com/accolade-badges/accolade/verifier"
)

// badgePage is what badge.html shows.
type badgePage struct {
	base
	Badge        *issuer.Publication
	URL          string // permanent address
	Report       *verifier.Report
	Criteria     string // Markdown
	Kind         string // "Certification" or "Exam"
	Achievement  link
	Issuer       link
	ExpiresSoon  bool
	Files        []file
	Picture      string // address, without size
	SignatureAlt string
}

// file is one form of an award to take along.
type file struct{ Name, URL, For string }

// badgePage shows a public award with its verdict, checked as the page is made.
func (s *server) badgePage(c echo.Context, id string) error {
	ctx := c.Request().Context()
	doc, err := s.Issuer.CredentialJSON(ctx, id)
	if err != nil {
		return err
	}
	p, err := s.Issuer.Publication(ctx, id)
	if err != nil {
		return err
	}
	report, err := s.run(ctx, verifier.Input{Data: doc.Body, Name: id}, "")
	if err != nil {
		return err
	}
	page := s.describe(p)
	page.Report = report
	c.Response().Header().Set("Cache-Control", "no-cache")
	return s.page(c, http.StatusOK, "badge.html", page)
}

// describe gathers what a page says of an award but for its verdict.
func (s *server) describe(p *issuer.Publication) badgePage {
	u := s.Issuer.URLs()
	id := p.Award.ID
	page := badgePage{
		base: s.base(p.Facts.Title), Badge: p, URL: u.Badge(id, ""), Criteria: p.Facts.Criteria, Kind: "Certification",
		Achievement: link{p.Facts.Title, u.Achievement(p.Achievement.Slug, "")},
		Issuer:      link{p.Issuer.Name, u.Issuer(p.Issuer.Slug, "")},
		Picture:     u.Badge(id, "/image.png"),
		Files: []file{
			{"PNG", u.Badge(id, ".png"), "picture with the badge inside"},
			{"SVG", u.Badge(id, ".svg"), "sharp at any size, with the badge inside"},
			{"PDF", u.Badge(id, "/certificate.pdf"), "certificate to print"},
			{"JSON", u.Badge(id, ".json"), "Open Badges 3.0, for wallets"},
			{"JWT", u.Badge(id, ".jwt"), "Open Badges 3.0, signed token"},
			{"OB 2.0", u.Assertion(id), "Open Badges 2.0, for older backpacks"},
		},
	}
	if p.Achievement.Kind == ledger.KindExam {
		page.Kind = "Exam"
	}
	now := s.Issuer.Now()
	page.ExpiresSoon = p.Status == issuer.Current && !p.Award.ExpiresAt.IsZero() && p.Award.ExpiresAt.Sub(now) < 30*24*time.Hour
	page.Canonical = page.URL
	page.Description = p.Award.Name + " earned this from " + p.Issuer.Name + " on " + p.Award.AttainedAt.UTC().Format("2 January 2006") + "."
	page.NoIndex = false
	page.Share = &shareHead{
		Image: u.Badge(id, "/card.png"), ImageAlt: p.Facts.Title + ", earned by " + p.Award.Name, ImageWidth: 1200, ImageHeight: 630,
		JSON: u.Badge(id, ".json"), OEmbedJSON: oembedAddress(u, id, "json"), OEmbedXML: oembedAddress(u, id, "xml"),
		Schema: schemaOrg(page),
	}
	return page
}

// schemaOrg describes a public award to search engines (schema.org Person with
// hasCredential). json.Marshal escapes what could end a script element.
func schemaOrg(p badgePage) template.JS {
	credential := map[string]any{
		"@type": "EducationalOccupationalCredential", "name": p.Badge.Facts.Title, "description": p.Badge.Facts.Description,
		"url": p.URL, "image": p.Picture, "credentialCategory": "certification", "dateCreated": p.Badge.Award.AttainedAt.UTC().Format(time.DateOnly),
		"recognizedBy": map[string]any{"@type": "Organization", "name": p.Badge.Issuer.Name, "url": p.Badge.Issuer.URL},
	}
	if !p.Badge.Award.ExpiresAt.IsZero() {
		credential["expires"] = p.Badge.Award.ExpiresAt.UTC().Format(time.DateOnly)
	}
	body, err := json.Marshal(map[string]any{
		"@context": "https://schema.org", "@type": "Person", "name": p.Badge.Award.Name, "hasCredential": credential,
	})
	if err != nil {
		panic("web: strings always marshal: " + err.Error())
	}
	return template.JS(body) //nolint:gosec // JSON with <, > and & escaped
}

// embed is the award in a frame of another site.
func (s *server) embed(c echo.Context) error {
	p, err := s.Issuer.Publication(c.Request().Context(), c.Param("id"))
	if err != nil {
		return err
	}
	c.Response().Header().Set("Content-Security-Policy", "default-src 'none'; img-src 'self'; style-src 'self'; base-uri 'none'; frame-ancestors *")
	page := s.describe(p)
	page.NoIndex = true
	return s.page(c, http.StatusOK, "embed.html", page)
}

// achievement is an achievement as a page or as JSON-LD.
func (s *server) achievement(c echo.Context) error {
	return s.pageOr(c, s.Issuer.Achievement, "slug", s.achievementPage)
}

// issuer is an issuer as a page or as its Profile.
func (s *server) issuer(c echo.Context) error {
	return s.pageOr(c, s.Issuer.IssuerProfile, "slug", s.issuerPage)
}

// pageOr serves a page to browsers and a JSON-LD document to everybody else.
func (s *server) pageOr(c echo.Context, get documentFunc, param string, page func(echo.Context) error) error {
	c.Response().Header().Set("Vary", "Accept")
	accept := c.Request().Header.Get("Accept")
	offer, _ := preferred(accept, issuer.TypeLD, issuer.TypeJSON, issuer.TypeOB3, "text/html")
	if accept != "" && offer != "text/html" && quick(accept) {
		offer = "text/html"
	}
	if offer == "text/html" {
		return page(c)
	}
	d, err := get(c.Request().Context(), c.Param(param))
	if err != nil {
		return err
	}
	return serveAs(c, d, offer)
}

// quick tells whether an Accept header names HTML.
func quick(accept string) bool {
	q, how := quality(accept, "text/html")
	return how == 2 && q > 0
}

// achievementPage is what achievement.html shows.
type achievementPage struct {
	base
	Facts    issuer.AchievementPage
	Issuer   link
	Picture  string
	Criteria string
	Kind     string
}

func (s *server) achievementPage(c echo.Context) error {
	a, err := s.Issuer.AchievementDetail(c.Request().Context(), c.Param("slug"))
	if err != nil {
		return err
	}
	u := s.Issuer.URLs()
	b := s.base(a.Facts.Title)
	b.NoIndex, b.Canonical, b.Description = false, u.Achievement(a.Achievement.Slug, ""), a.Facts.Description
	p := achievementPage{
		base: b, Facts: *a, Issuer: link{a.Issuer.Name, u.Issuer(a.Issuer.Slug, "")}, Kind: "Certification",
		Picture: u.Achievement(a.Achievement.Slug, "/image.png?size=400"), Criteria: a.Facts.Criteria,
	}
	if a.Achievement.Kind == ledger.KindExam {
		p.Kind = "Exam"
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
	b := s.base(is.Name)
	b.NoIndex, b.Canonical, b.Description = false, u.Issuer(is.Slug, ""), is.Description
	p := issuerPage{base: b, Issuer: is, Picture: u.Issuer(is.Slug, "/image.png"), DID: u.Issuer(is.Slug, "/did.json")}
	for _, a := range list {
		p.Achievements = append(p.Achievements, achievementLink{
			link{a.Name, u.Achievement(a.Slug, "")}, u.Achievement(a.Slug, "/image.png?size=128"), a.Kind,
		})
	}
	return s.page(c, http.StatusOK, "issuer.html", p)
}
