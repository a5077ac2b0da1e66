package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark"

	"github.com/accolade-badges/accolade/assets"
)

// pageSet is every page in every language, parsed once.
type pageSet struct {
	byName    map[pageName]*template.Template
	static    *staticFiles
	languages *languages
	edition   string             // changes with every template, word and static file
	clean     *bluemonday.Policy // what Markdown may become
}

// pageName is a page in a language.
type pageName struct{ language, file string }

// layout stands around every page but those that other sites frame; parts are
// what several pages have in common.
const layout, parts = "layout.html", "parts.html"

// The page of one badge for its earner is made of sections, each in a file.
const myBadgeFile, sectionPattern = "mebadge.html", "mebadge-*.html"

func newPages() (*pageSet, error) {
	files, err := newStaticFiles()
	if err != nil {
		return nil, err
	}
	words, err := newLanguages()
	if err != nil {
		return nil, err
	}
	p := &pageSet{static: files, languages: words, byName: map[pageName]*template.Template{}, clean: bluemonday.StrictPolicy()}
	p.clean.AllowElements("p", "ul", "ol", "li", "em", "strong", "code", "br")
	names, err := fs.Glob(assets.Pages(), "*.html")
	if err != nil {
		return nil, err
	}
	sections, err := fs.Glob(assets.Pages(), sectionPattern)
	if err != nil {
		return nil, err
	}
	sum := sha256.New()
	for _, name := range names {
		source, err := fs.ReadFile(assets.Pages(), name)
		if err != nil {
			return nil, err
		}
		_, _ = sum.Write(source)
		if name == layout || name == parts || slices.Contains(sections, name) {
			continue
		}
		files := []string{layout, parts, name}
		if name == myBadgeFile {
			files = append(files, sections...)
		}
		for _, l := range words.list {
			t, err := template.New(name).Funcs(p.functions()).Funcs(l.functions(words)).ParseFS(assets.Pages(), files...)
			if err != nil {
				return nil, fmt.Errorf("page %s: %w", name, err)
			}
			p.byName[pageName{l.Tag, name}] = t
		}
	}
	p.edition = hex.EncodeToString(sum.Sum(nil)) + words.edition + files.addresses()
	return p, nil
}

func (p *pageSet) functions() template.FuncMap {
	return template.FuncMap{
		"static":   p.static.path,
		"capital":  capital,
		"text":     func(s any) string { return fmt.Sprint(s) },
		"stamp":    func(t time.Time) string { return t.UTC().Format(time.RFC3339) },
		"markdown": p.markdown,
		"words":    func(s any) string { return strings.ReplaceAll(fmt.Sprint(s), "_", " ") },
	}
}

// markdown renders text of the programme or of a stranger: a strict subset,
// without pictures, scripts or styles.
func (p *pageSet) markdown(text string) (template.HTML, error) {
	var b bytes.Buffer
	if err := goldmark.Convert([]byte(text), &b); err != nil {
		return "", err
	}
	return template.HTML(p.clean.SanitizeBytes(b.Bytes())), nil //nolint:gosec // sanitised in this line
}

// base is what every page has.
type base struct {
	Title string
	Site  string // base URL
	Back  string // path to return to after choosing another language; empty: the choice is for this page
	// Head of a page that can be shared; empty elsewhere.
	Canonical, Description string
	NoIndex                bool
	Share                  *shareHead
}

// shareHead is what the head of a shareable page says to other sites.
type shareHead struct {
	Title, Image, ImageAlt      string
	SecureImage                 string // Image again when it is https
	ImageWidth, ImageHeight     int
	JSON, OEmbedJSON, OEmbedXML string      // of an award
	Feed, FeedJSON, FeedOf      string      // of an earner, and their name
	Schema                      template.JS // JSON-LD of schema.org
}

func (s *server) base(c echo.Context, title string) base {
	return base{Title: title, Site: s.Issuer.URLs().Base(), Back: comeBack(c), NoIndex: true}
}

// pageCSP lets a page load what is ours and nothing else.
const pageCSP = "default-src 'none'; img-src 'self'; style-src 'self'; script-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// render makes a page into bytes.
func (p *pageSet) render(l *locale, name string, data any) ([]byte, error) {
	t, ok := p.byName[pageName{l.Tag, name}]
	if !ok {
		return nil, fmt.Errorf("there is no page %s", name)
	}
	entry := layout
	if t.Lookup("frame") != nil {
		entry = "frame"
	}
	var b bytes.Buffer
	if err := t.ExecuteTemplate(&b, entry, data); err != nil {
		return nil, fmt.Errorf("render %s: %w", name, err)
	}
	return b.Bytes(), nil
}

// page renders a page in the reader's language, then writes it.
func (s *server) page(c echo.Context, status int, name string, data any) error {
	l := s.language(c)
	body, err := s.pages.render(l, name, data)
	if err != nil {
		return err
	}
	c.Response().Header().Set("Content-Language", l.Tag)
	return s.html(c, status, body)
}

// html writes a page. A policy or a cache rule that the handler has set stands.
func (s *server) html(c echo.Context, status int, body []byte) error {
	h := c.Response().Header()
	if h.Get("Content-Security-Policy") == nothingCSP {
		h.Set("Content-Security-Policy", pageCSP)
	}
	if h.Get("Cache-Control") == "" {
		h.Set("Cache-Control", "no-cache")
	}
	if h.Get("Permissions-Policy") == "" {
		h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
	}
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	return write(c, status, "text/html; charset=utf-8", body)
}

// key turns what a page depends on into a strong ETag; it changes with every
// template and style too.
func (p *pageSet) key(l *locale, moment string) string {
	return entityTag([]byte(p.edition + l.Tag + moment))
}

// here makes one of our addresses relative to the host that was asked: a page
// that is opened by another name of this machine loads nothing from elsewhere.
func (s *server) here(address string) string {
	if path, ours := s.Issuer.URLs().Path(address); ours {
		return path
	}
	return address
}

func (s *server) home(c echo.Context) error {
	l := s.language(c)
	b := s.base(c, l.T("site.home.title"))
	b.NoIndex, b.Canonical = false, s.Issuer.URLs().Base()+"/"
	b.Description = l.T("site.home.description")
	list, err := s.Issuer.Issuers(c.Request().Context())
	if err != nil {
		return err
	}
	c.Response().Header().Set("Permissions-Policy", withCamera)
	p := homePage{base: b, Mailbox: s.Mailbox != "", Deleted: c.QueryParam("said") == "deleted"}
	for _, is := range list {
		p.Issuers = append(p.Issuers, link{is.Name, s.here(s.Issuer.URLs().Issuer(is.Slug, ""))})
	}
	return s.page(c, http.StatusOK, "home.html", p)
}

type homePage struct {
	base
	Input, Recipient string // of the verify box, always empty here
	Issuers          []link
	Mailbox          bool
	Deleted          bool // an account, a moment ago
}

type link struct{ Text, URL string }

func (s *server) healthy(c echo.Context) error {
	return write(c, http.StatusOK, "text/plain; charset=utf-8", []byte("ok\n"))
}

func (s *server) ready(c echo.Context) error {
	if err := s.Issuer.Ping(c.Request().Context()); err != nil {
		s.Log.Warn("not ready", "error", err)
		return &fault{status: http.StatusServiceUnavailable, key: "errors.not-ready"}
	}
	return write(c, http.StatusOK, "text/plain; charset=utf-8", []byte("ready\n"))
}

func (s *server) robots(c echo.Context) error {
	return write(c, http.StatusOK, "text/plain; charset=utf-8", []byte("User-agent: *\nDisallow: /api/\nDisallow: /claim/\nDisallow: /mailbox\n"))
}
