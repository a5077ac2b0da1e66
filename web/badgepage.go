package web

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/accolade-badges/accolade/issuer"
	"github.com/accolade-badges/accolade/issuer/catalogue"
	"github.com/accolade-badges/accolade/issuer/ledger"
	"github.com/accolade-badges/accolade/verifier"
)

// badgePage is what badge.html shows.
type badgePage struct {
	base
	Badge       *issuer.Publication
	URL         string // permanent address
	Report      *verifier.Report
	Criteria    string // Markdown
	Kind        string // of achievement, as the ledger calls it
	About       string // description, in the reader's language where there is one
	Original    string // title as signed, where the page shows a translation
	Achievement link
	Issuer      link
	ExpiresSoon bool
	Files       []file
	Picture, QR string       // addresses, without size
	Query       template.URL // what goes behind the size of a picture, for its language
	Licence     string
	Theme       string      // of a frame: "light" or "dark", or empty: as the reader's screen is
	Shown       []shownExam // what the earner shows of the exams behind it
	ByLink      bool        // seen by a share link
	around
}

// file is one form of an award to take along.
type file struct{ Name, For, URL string }

// badgePage shows a public award with its verdict. A page is kept for as long as
// nothing of it can have changed, and its ETag is what it was kept under.
func (s *server) badgePage(c echo.Context, id string) error {
	ctx := c.Request().Context()
	p, err := s.Issuer.Publication(ctx, id)
	if err != nil {
		return err
	}
	newer, err := s.Issuer.Newer(ctx, p)
	if err != nil {
		return err
	}
	h := c.Response().Header()
	s.leadToBadge(c)
	l := s.language(c)
	h.Set("Content-Language", l.Tag)
	profile, err := s.Issuer.ProfileWith(ctx, id)
	if err != nil {
		return err
	}
	key := s.pages.key(l, pageMoment(p, newer+"/"+profile, s.Issuer.Now()))
	h.Set("ETag", key)
	if matches(c.Request().Header.Get("If-None-Match"), key) {
		h.Set("Cache-Control", "no-cache")
		c.Response().WriteHeader(http.StatusNotModified)
		return nil
	}
	body, err := s.rendered.get(key, func() ([]byte, error) { return s.renderBadge(ctx, l, id, profile) })
	if err != nil {
		h.Del("ETag")
		return err
	}
	return s.html(c, http.StatusOK, body)
}

// pageMoment names all that a badge page depends on. The minute stands for what
// an award's version does not tell: that it has expired, or that a key of its
// issuer was lost.
func pageMoment(p *issuer.Publication, newer string, now time.Time) string {
	return fmt.Sprint(newer, p.Award.ID, p.Award.Version, p.Edition.Number, p.Achievement.Version, p.Status, now.Unix()/60,
		strconv.Quote(p.Issuer.Name), strconv.Quote(p.Issuer.URL), p.Issuer.Colour)
}

// renderBadge makes the page of a public award, which the profile page with a
// handle shows too, unless that is "".
func (s *server) renderBadge(ctx context.Context, l *locale, id, profile string) ([]byte, error) {
	doc, err := s.Issuer.CredentialJSON(ctx, id)
	if err != nil {
		return nil, err
	}
	p, err := s.Issuer.Publication(ctx, id)
	if err != nil {
		return nil, err
	}
	page := s.describe(l, p)
	if err := s.judge(ctx, l, &page, doc.Body); err != nil {
		return nil, err
	}
	shown, err := s.Issuer.Shown(ctx, p)
	if err != nil {
		return nil, err
	}
	page.Shown = l.exams(shown)
	if u := s.Issuer.URLs(); profile != "" {
		page.Share.Feed, page.Share.FeedJSON, page.Share.FeedOf = u.Earner(profile, "/badges.rss"), u.Earner(profile, "/badges.json"), p.Award.Name
	}
	return s.pages.render(l, "badge.html", page)
}

// judge adds to what a page says of an award its verdict, which is that of the
// public verifier on the signed credential, and what stands around the award. All
// that it needs is here.
func (s *server) judge(ctx context.Context, l *locale, page *badgePage, credential []byte) error {
	o := s.Issuer.VerifierOptions()
	o.Offline, o.Trusted = true, s.Trusted
	var err error
	if page.Report, err = verifier.Verify(ctx, verifier.Input{Data: credential}, o); err != nil {
		return err
	}
	page.around, err = s.around(ctx, l, page.Badge)
	return err
}

// describe gathers what a page says of an award but for its verdict.
func (s *server) describe(l *locale, p *issuer.Publication) badgePage {
	u := s.Issuer.URLs()
	id := p.Award.ID
	page := badgePage{
		base: base{Title: l.title(p.Facts), Site: u.Base(), Back: s.here(u.Badge(id, ""))}, Badge: p, URL: u.Badge(id, ""), Criteria: l.criteria(p.Facts.Criteria), Kind: p.Achievement.Kind, About: l.description(p.Facts), Query: l.pictureQuery(),
		Achievement: link{l.title(p.Facts), s.here(u.Achievement(p.Achievement.Slug, ""))},
		Issuer:      link{p.Issuer.Name, s.here(u.Issuer(p.Issuer.Slug, ""))},
		Picture:     s.here(u.Badge(id, "/image.png")),
		QR:          s.here(u.Badge(id, "/qr.png")),
		Files: fileList(l, func(f issuer.Format) string {
			if f == issuer.FormatPDF {
				return s.here(u.Badge(id, "/certificate.pdf")) + strings.Replace(string(l.pictureQuery()), "&", "?", 1)
			}
			return s.here(u.Badge(id, issuer.Formats()[f]))
		}, issuer.FormatOB2),
	}
	if page.Title != p.Facts.Title {
		page.Original = p.Facts.Title
	}
	page.ExpiresSoon, page.Licence = issuer.ExpiresSoon(p.Award, s.Issuer.Now()), issuer.LicenceNumber(id)
	page.Canonical = page.URL
	page.Description = shorten(l.T("badge.description", "Name", p.Award.Name, "Issuer", p.Issuer.Name, "Date", l.Date(p.Award.AttainedAt)), 300)
	if p.Status != issuer.Current { // first, for a preview shows but a line
		page.Description = shorten(l.T("sharing.head.ended", "State", capital(l.state(p)), "Description", page.Description), 300)
	}
	page.Share = &shareHead{
		Title: shorten(page.Title, 200),
		Image: u.Badge(id, "/card.png") + "?v=" + strconv.Itoa(p.Award.Version) + "-" + string(p.Status) + string(page.Query), ImageAlt: l.T("badge.card", "Title", page.Title, "Name", p.Award.Name, "State", l.state(p)),
		ImageWidth: 1200, ImageHeight: 630,
		JSON: u.Badge(id, ".json"), OEmbedJSON: oembedAddress(u, id, "json"), OEmbedXML: oembedAddress(u, id, "xml"),
		Schema: schemaOrg(page, u.Badge(id, "/image.png?size=600")),
	}
	page.Share.SecureImage = secureAddress(page.Share.Image)
	return page
}

// secureAddress returns an address again when it is https, else nothing.
func secureAddress(address string) string {
	if strings.HasPrefix(address, "https:") {
		return address
	}
	return ""
}

// fileList names the forms of an award for people; ob2 is the form of Open
// Badges 2.0 that goes with the others.
func fileList(l *locale, address func(issuer.Format) string, ob2 issuer.Format) []file {
	one := func(name string, f issuer.Format) file {
		return file{l.T("badge.file." + name), l.T("badge.file." + name + ".for"), address(f)}
	}
	return []file{
		one("png", issuer.FormatPNG), one("svg", issuer.FormatSVG), one("pdf", issuer.FormatPDF),
		one("json", issuer.FormatJSON), one("jwt", issuer.FormatJWT), one("ob2", ob2),
	}
}

// shorten cuts text to most characters, with an ellipsis where it had more.
func shorten(text string, most int) string {
	if r := []rune(text); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return text
}

// schemaOrg describes a public award to search engines (schema.org: a Person who
// hasCredential an EducationalOccupationalCredential). What is withdrawn is no
// credential of theirs, and nothing is said.
func schemaOrg(p badgePage, picture string) template.JS {
	award := p.Badge.Award
	if p.Badge.Status == issuer.Revoked || p.Badge.Status == issuer.Suspended {
		return ""
	}
	credential := schemaCredential(p.Badge.Facts, p.Badge.Issuer, p.URL, picture)
	credential["identifier"], credential["dateCreated"] = p.Licence, award.AttainedAt.UTC().Format(time.DateOnly)
	if !award.ExpiresAt.IsZero() {
		credential["expires"] = award.ExpiresAt.UTC().Format(time.DateOnly)
	}
	return schema(map[string]any{"@type": "Person", "name": award.Name, "hasCredential": credential})
}

// schemaCredential describes an achievement, whoever earns it, as schema.org does.
func schemaCredential(f catalogue.AchievementFacts, is ledger.Issuer, page, picture string) map[string]any {
	term := func(name string) map[string]any { return map[string]any{"@type": "DefinedTerm", "name": name} }
	credential := map[string]any{
		"@type": "EducationalOccupationalCredential", "name": f.Title, "description": f.Description, "url": page, "image": picture,
		"credentialCategory": term(f.Kind), "recognizedBy": map[string]any{"@type": "Organization", "name": is.Name, "url": is.URL},
	}
	if f.Level != "" {
		credential["educationalLevel"] = f.Level
	}
	if f.Months > 0 {
		credential["validFor"] = duration(f.Months)
	}
	if len(f.Languages) == 1 {
		credential["inLanguage"] = f.Languages[0]
	}
	var skills []any
	for _, k := range f.Skills {
		skills = append(skills, term(k.Text))
	}
	if skills != nil {
		credential["competencyRequired"] = skills
	}
	return credential
}

// schema writes a thing of schema.org as JSON-LD. json.Marshal escapes what could
// end a script element.
func schema(thing map[string]any) template.JS {
	thing["@context"] = "https://schema.org"
	body, err := json.Marshal(thing)
	if err != nil {
		panic("web: strings always marshal: " + err.Error())
	}
	return template.JS(body) //nolint:gosec // JSON with <, > and & escaped
}

// duration writes a number of months as ISO 8601 does.
func duration(months int) string {
	if months%12 == 0 {
		return "P" + strconv.Itoa(months/12) + "Y"
	}
	return "P" + strconv.Itoa(months) + "M"
}

// embedCSP lets any site show the page in a frame. It has no actions.
const embedCSP = "default-src 'none'; img-src 'self'; style-src 'self'; base-uri 'none'; frame-ancestors *"

// embed is the award in a frame of another site; where there is none, the frame
// says so.
func (s *server) embed(c echo.Context) error {
	c.Response().Header().Set("Content-Security-Policy", embedCSP)
	theme := c.QueryParam("theme")
	if theme != "light" && theme != "dark" {
		theme = ""
	}
	p, err := s.Issuer.Publication(c.Request().Context(), c.Param("id"))
	if errors.Is(err, issuer.ErrNotPublished) {
		c.Response().Header().Set("Cache-Control", "no-store")
		return s.page(c, http.StatusNotFound, "embed.html", badgePage{base: s.base(c, s.language(c).T("badge.embed.title")), Theme: theme})
	}
	if err != nil {
		return err
	}
	s.leadToBadge(c)
	page := s.describe(s.language(c), p)
	page.NoIndex, page.Theme = true, theme
	return s.page(c, http.StatusOK, "embed.html", page)
}
