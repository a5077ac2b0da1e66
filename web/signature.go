package web

import (
	"fmt"
	"html"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/labstack/echo/v4"

	"github.com/accolade-badges/accolade/issuer"
	"github.com/accolade-badges/accolade/issuer/ledger"
)

// signaturePage is what signature.html shows: a badge for a mail signature.
type signaturePage struct {
	base
	Path   string // of the owner's page of the badge
	Name   string // of the badge
	Public bool
	Links  []issuer.ShareLink // open ones, where the badge is not public
	Choice string             // "live", "fixed", or the id of one of Links
	Size   int
	Sizes  []int
	Ended  string // how the badge stands where it is not in force, else ""

	HTML, Text        string
	Preview           string // address of the preview, up to its ground
	Height            int    // of the preview
	File, PictureFile string
}

// signatureChoice is which of its signatures a badge is asked for.
type signatureChoice struct {
	size    int
	picture string // "live", "fixed", or the id of the share link that it uses
	link    string // address of that share link, or ""
}

// chooseSignature reads the choice of a request, which is among these links and
// what a badge has anyway; anything else is the usual. A badge that is not public
// shows its state to those alone who have a link.
func chooseSignature(c echo.Context, p *issuer.Publication, links []issuer.ShareLink) signatureChoice {
	k := signatureChoice{size: size(c, 96), picture: "fixed"}
	if !slices.Contains(issuer.SignatureSizes(), k.size) {
		k.size = 96
	}
	picture := c.QueryParam("picture")
	if p.Award.Visibility == ledger.Public && picture != "fixed" {
		k.picture = "live"
	}
	for _, one := range links {
		if one.ID == picture {
			k.picture, k.link = one.ID, one.URL
		}
	}
	return k
}

// fixed tells whether the picture is the badge as it was designed.
func (k signatureChoice) fixed() bool { return k.picture == "fixed" }

// query is the choice as our own addresses carry it: without the secret of a link.
func (k signatureChoice) query() string {
	return "?size=" + strconv.Itoa(k.size) + "&picture=" + url.QueryEscape(k.picture)
}

// openLinks are the share links that work of a badge that is not public.
func (s *server) openLinks(c echo.Context, p *issuer.Publication) ([]issuer.ShareLink, error) {
	if p.Award.Visibility == ledger.Public {
		return nil, nil
	}
	all, err := s.Issuer.Shares(c.Request().Context(), account(c).ID, p.Award.ID)
	now := s.Issuer.Now()
	return slices.DeleteFunc(all, func(l issuer.ShareLink) bool { return !l.Open(now) }), err
}

// signature makes the signature of a badge in a language, and its plain form.
func (s *server) signature(l *locale, p *issuer.Publication, k signatureChoice) (g issuer.Signature, text string) {
	u := s.Issuer.URLs()
	title, name := l.title(p.Facts), p.Award.Name
	public := p.Award.Visibility == ledger.Public
	month := l.month(issuer.MonthOf(p.Award.AttainedAt))
	g = issuer.Signature{
		Title: title, Size: k.size, Lang: l.Tag, Link: l.T("signature.verify"),
		Page: u.Badge(p.Award.ID, ""), Picture: u.Achievement(p.Achievement.Slug, "/image.png"),
		Line: l.T("signature.line.fixed", "Issuer", p.Issuer.Name, "Month", month),
		Alt:  l.T("signature.alt.fixed", "Title", title, "Issuer", p.Issuer.Name, "Month", month),
	}
	switch {
	case k.link != "":
		g.Page, g.Picture = k.link, k.link+"/image.png"
	case !k.fixed():
		g.Picture = u.Badge(p.Award.ID, "/image.png")
	case !public: // nobody else could open its page
		g.Page, g.Link = u.Achievement(p.Achievement.Slug, ""), l.T("signature.about")
		g.Alt = l.T("signature.alt.private", "Title", title, "Issuer", p.Issuer.Name, "Month", month)
	}
	g.Picture += "?size=" + strconv.Itoa(2*k.size) + string(l.pictureQuery())
	if !k.fixed() { // the words stay where the picture changes, so they say of when they are
		g.Alt = l.T("signature.alt.live", "Title", title, "Issuer", p.Issuer.Name, "State", l.state(p), "Date", l.Date(s.Issuer.Now()))
		if p.Status == issuer.Revoked || p.Status == issuer.Expired { // and will not be otherwise by itself
			g.Line = l.T("signature.line", "Issuer", p.Issuer.Name, "State", l.state(p))
		}
	}
	switch {
	case !public && k.link == "":
		return g, l.T("signature.plain.private", "Name", name, "Title", title, "Issuer", p.Issuer.Name)
	case p.Status != issuer.Current:
		return g, l.T("signature.plain.state", "Name", name, "Title", title, "State", l.state(p), "URL", g.Page)
	}
	return g, l.T("signature.plain", "Name", name, "Title", title, "URL", g.Page)
}

// signaturePage shows the signatures of a badge to its owner.
func (s *server) signaturePage(c echo.Context) error {
	l, p := s.language(c), owned(c)
	links, err := s.openLinks(c, p)
	if err != nil {
		return err
	}
	k := chooseSignature(c, p, links)
	g, text := s.signature(l, p, k)
	path, query := "/me/badges/"+p.Award.ID, k.query()+"&lang="+l.Tag
	page := signaturePage{
		base: s.base(c, l.T("signature.title")), Path: path, Name: l.title(p.Facts), Public: p.Award.Visibility == ledger.Public,
		Links: links, Choice: k.picture, Size: k.size, Sizes: issuer.SignatureSizes(),
		HTML: g.HTML(), Text: text, Height: max(k.size, 80) + 120,
		Preview: path + "/signature/preview" + query, File: path + "/signature/signature.html" + query, PictureFile: path + "/signature/badge.png" + query,
	}
	if p.Status != issuer.Current {
		page.Ended = l.state(p)
	}
	c.Response().Header().Set("Content-Security-Policy", pageCSP+"; frame-src 'self'")
	return s.page(c, http.StatusOK, "signature.html", page)
}

// previewCSP lets our own page frame a signature, which has styles of its own
// and no script.
const previewCSP = "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"

// signaturePreview shows a signature as a mail program does.
func (s *server) signaturePreview(c echo.Context) error {
	l, p := s.language(c), owned(c)
	links, err := s.openLinks(c, p)
	if err != nil {
		return err
	}
	k := chooseSignature(c, p, links)
	g, _ := s.signature(l, p, k)
	g.Picture = "/me/badges/" + p.Award.ID + "/signature/badge.png" + k.query() + "&lang=" + l.Tag // the same one, and looking is no view of a link
	c.Response().Header().Set("Content-Security-Policy", previewCSP)
	return s.html(c, http.StatusOK, mailPreview(l, g, p.Award.Name, c.QueryParam("ground") == "dark"))
}

// mailPreview is the end of a mail, on white or on the ground of a dark mail
// program.
func mailPreview(l *locale, g issuer.Signature, name string, dark bool) []byte {
	look := "color-scheme:light;background:#fff;color:#1f1f1f"
	if dark {
		look = "color-scheme:dark;background:#1f1f1f;color:#e8e8e8"
	}
	return fmt.Appendf(nil, `<!doctype html><html lang="%s"><head><meta charset="utf-8"><title>%s</title><style>html{%s}body{margin:14px 16px;width:max-content;font:14px/20px Arial,Helvetica,sans-serif}p{margin:0 0 14px}</style></head><body><p>%s<br><bdi>%s</bdi></p>%s</body></html>`,
		l.Tag, html.EscapeString(g.Title), look, html.EscapeString(l.T("signature.preview.regards")), html.EscapeString(name), g.HTML())
}

// signatureFile hands the owner a signature as an HTML file, or its picture.
func (s *server) signatureFile(c echo.Context) error {
	ctx, p := c.Request().Context(), owned(c)
	links, err := s.openLinks(c, p)
	if err != nil {
		return err
	}
	k := chooseSignature(c, p, links)
	h := c.Response().Header()
	name := "badge-" + p.Award.ID + "-" + strconv.Itoa(k.size)
	switch c.Param("file") {
	case "signature.html":
		l := s.language(c)
		g, _ := s.signature(l, p, k)
		h.Set("Content-Disposition", `attachment; filename="`+name+`.html"`)
		body := fmt.Sprintf("<!doctype html>\n<html lang=\"%s\"><head><meta charset=\"utf-8\"><title>%s</title></head><body>\n%s\n</body></html>\n", l.Tag, html.EscapeString(g.Title), g.HTML())
		return write(c, http.StatusOK, "text/html; charset=utf-8", []byte(body))
	case "badge.png":
		tag := s.language(c).Tag
		get := func() (*issuer.Document, error) {
			return s.Issuer.AchievementPictureIn(ctx, tag, p.Achievement.Slug, 2*k.size)
		}
		if !k.fixed() {
			get = func() (*issuer.Document, error) {
				return s.Issuer.As(viewer(c)).In(tag).LivePicture(ctx, p.Award.ID, 2*k.size)
			}
		}
		d, err := get()
		if err != nil {
			return err
		}
		h.Set("Content-Disposition", `inline; filename="`+name+`.png"`)
		return write(c, http.StatusOK, d.Type, d.Body)
	}
	return notFound()
}
