package web

import (
	"encoding/json"
	"html/template"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/accolade-badges/accolade/issuer"
)

// earnerPage is what earner.html shows: an earner's public profile.
type earnerPage struct {
	base
	Headline    string
	Picture     string // address, or ""
	Verified    bool   // the name is the one that all the badges were issued to
	Badges      []profileBadge
	Collections []shelf
	JSON, RSS   string
}

// shelf is a collection on a profile page.
type shelf struct {
	Title, Text string
	Badges      []profileBadge
}

// profileBadge is one badge on a profile page.
type profileBadge struct {
	Badge       *issuer.Publication
	Title       string // in the reader's language where there is one
	URL         string
	Picture     string // live: it shows the state
	IssuedTo    string // the name on the badge, where it is not the one on the page
	ExpiresSoon bool
}

func (s *server) profileBadges(l *locale, name string, list []*issuer.Publication) []profileBadge {
	u := s.Issuer.URLs()
	out := make([]profileBadge, len(list))
	for i, p := range list {
		out[i] = profileBadge{
			Badge: p, Title: l.title(p.Facts), URL: s.here(u.Badge(p.Award.ID, "")),
			Picture:     s.here(u.Badge(p.Award.ID, "/image.png?size=240")),
			ExpiresSoon: issuer.ExpiresSoon(p.Award, s.Issuer.Now()),
		}
		if p.Award.Name != name {
			out[i].IssuedTo = p.Award.Name
		}
	}
	return out
}

// earner shows the profile page of an earner who made it public.
func (s *server) earner(c echo.Context) error {
	p, err := s.Issuer.Profile(c.Request().Context(), c.Param("handle"))
	if err != nil {
		return err
	}
	u, l := s.Issuer.URLs(), s.language(c)
	b := s.base(c, p.Name)
	b.NoIndex, b.Canonical = false, u.Earner(p.Handle, "")
	b.Description = shorten(p.Headline, 300)
	if b.Description == "" {
		b.Description = l.T("profile.description", "Name", p.Name, "Count", len(p.Badges))
	}
	page := earnerPage{
		base: b, Headline: p.Headline, Verified: p.Verified(), Badges: s.profileBadges(l, p.Name, p.Badges),
		JSON: u.Earner(p.Handle, "/badges.json"), RSS: u.Earner(p.Handle, "/badges.rss"),
	}
	page.base.Share = &shareHead{Title: shorten(p.Name, 200), Feed: page.RSS, FeedJSON: page.JSON, FeedOf: p.Name, Schema: personSchema(u, p)}
	if p.Picture != "" {
		page.Picture = s.here(u.Earner(p.Handle, "/picture.png")) + "?v=" + p.Picture[:8]
		page.base.Share.Image, page.base.Share.ImageAlt = u.Earner(p.Handle, "/picture.png")+"?v="+p.Picture[:8], p.Name
		page.base.Share.ImageWidth, page.base.Share.ImageHeight = issuer.PortraitSide, issuer.PortraitSide
	} else if len(p.Badges) > 0 {
		first := p.Badges[0]
		page.base.Share.Image, page.base.Share.ImageAlt = u.Badge(first.Award.ID, "/image.png?size=600"), l.title(first.Facts)
		page.base.Share.ImageWidth, page.base.Share.ImageHeight = 600, 600
	}
	if strings.HasPrefix(page.base.Share.Image, "https:") {
		page.base.Share.SecureImage = page.base.Share.Image
	}
	for _, one := range p.Collections {
		page.Collections = append(page.Collections, shelf{one.Title, one.Description, s.profileBadges(l, p.Name, one.Badges)})
	}
	body, err := s.pages.render(l, "earner.html", page)
	if err != nil {
		return err
	}
	h := c.Response().Header()
	h.Set("Content-Language", l.Tag)
	h.Set("ETag", entityTag(body))
	if matches(c.Request().Header.Get("If-None-Match"), entityTag(body)) {
		h.Set("Cache-Control", "no-cache")
		c.Response().WriteHeader(http.StatusNotModified)
		return nil
	}
	return s.html(c, http.StatusOK, body)
}

// earnerPicture serves the picture on a profile page.
func (s *server) earnerPicture(c echo.Context) error {
	return named("handle", s.Issuer.ProfilePicture)(c)
}

// personSchema describes an earner to search engines (schema.org Person with
// hasCredential). json.Marshal escapes what could end a script element.
func personSchema(u issuer.URLs, p *issuer.Profile) template.JS {
	credentials := []map[string]any{}
	for _, b := range p.Badges {
		if b.Status == issuer.Revoked || b.Status == issuer.Suspended { // no credential of theirs
			continue
		}
		one := map[string]any{
			"@type": "EducationalOccupationalCredential", "name": b.Facts.Title, "url": u.Badge(b.Award.ID, ""),
			"credentialCategory": b.Achievement.Kind, "dateCreated": b.Award.AttainedAt.UTC().Format(time.DateOnly),
			"recognizedBy": map[string]any{"@type": "Organization", "name": b.Issuer.Name, "url": b.Issuer.URL},
		}
		if !b.Award.ExpiresAt.IsZero() {
			one["expires"] = b.Award.ExpiresAt.UTC().Format(time.DateOnly)
		}
		credentials = append(credentials, one)
	}
	person := map[string]any{
		"@context": "https://schema.org", "@type": "Person", "name": p.Name, "url": u.Earner(p.Handle, ""), "hasCredential": credentials,
	}
	if p.Headline != "" {
		person["description"] = p.Headline
	}
	body, err := json.Marshal(person)
	if err != nil {
		panic("web: strings always marshal: " + err.Error())
	}
	return template.JS(body) //nolint:gosec // JSON with <, > and & escaped
}
