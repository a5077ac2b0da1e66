package web

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/accolade-badges/accolade/issuer"
)

// The size of an embedded badge in pixels, and the smallest that can be read.
const (
	embedWidth, embedHeight       = 420, 220
	minEmbedWidth, minEmbedHeight = 200, 120
)

// oembedAnswer is an oEmbed 1.0 response of type rich.
type oembedAnswer struct {
	XMLName         xml.Name `json:"-" xml:"oembed"`
	Version         string   `json:"version" xml:"version"`
	Type            string   `json:"type" xml:"type"`
	Title           string   `json:"title" xml:"title"`
	AuthorName      string   `json:"author_name" xml:"author_name"`
	AuthorURL       string   `json:"author_url" xml:"author_url"`
	ProviderName    string   `json:"provider_name" xml:"provider_name"`
	ProviderURL     string   `json:"provider_url" xml:"provider_url"`
	CacheAge        int      `json:"cache_age" xml:"cache_age"`
	HTML            string   `json:"html" xml:"html"`
	Width           int      `json:"width" xml:"width"`
	Height          int      `json:"height" xml:"height"`
	ThumbnailURL    string   `json:"thumbnail_url" xml:"thumbnail_url"`
	ThumbnailWidth  int      `json:"thumbnail_width" xml:"thumbnail_width"`
	ThumbnailHeight int      `json:"thumbnail_height" xml:"thumbnail_height"`
}

func oembedAddress(u issuer.URLs, id, format string) string {
	return u.Base() + "/oembed?format=" + format + "&url=" + url.QueryEscape(u.Badge(id, ""))
}

// oembed tells another site how to show a badge (oEmbed 1.0).
func (s *server) oembed(c echo.Context) error {
	format := c.QueryParam("format")
	if format == "" {
		format = "json"
	}
	if format != "json" && format != "xml" {
		return &statusError{http.StatusNotImplemented, "That format is not offered", "Ask for format=json or format=xml.", nil}
	}
	u := s.Issuer.URLs()
	path, ours := u.Path(c.QueryParam("url"))
	id, isBadge := strings.CutPrefix(path, "/badges/")
	if !ours || !isBadge || strings.ContainsAny(id, "/.?#") {
		return notFound()
	}
	width, err := within(c, "maxwidth", embedWidth)
	if err != nil {
		return err
	}
	height, err := within(c, "maxheight", embedHeight)
	if err != nil {
		return err
	}
	if width < minEmbedWidth || height < minEmbedHeight {
		return &statusError{http.StatusNotImplemented, "That is too small to show a badge in",
			fmt.Sprintf("A badge needs at least %d by %d pixels.", minEmbedWidth, minEmbedHeight), nil}
	}
	p, err := s.Issuer.Publication(c.Request().Context(), id)
	if err != nil {
		return err
	}
	title := p.Facts.Title + " – " + p.Award.Name
	answer := oembedAnswer{
		Version: "1.0", Type: "rich", Title: title, AuthorName: p.Issuer.Name, AuthorURL: u.Issuer(p.Issuer.Slug, ""),
		ProviderName: "accolade", ProviderURL: u.Base(), CacheAge: 300, Width: width, Height: height,
		HTML: fmt.Sprintf(`<iframe src="%s" width="%d" height="%d" title="%s" style="border:0" loading="lazy"></iframe>`,
			html.EscapeString(u.Badge(id, "/embed")), width, height, html.EscapeString(title)),
		ThumbnailURL: u.Badge(id, "/image.png?size=240"), ThumbnailWidth: 240, ThumbnailHeight: 240,
	}
	h := c.Response().Header()
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Cache-Control", "no-cache")
	if format == "xml" {
		body, err := xml.Marshal(answer)
		if err != nil {
			return err
		}
		return write(c, http.StatusOK, "text/xml; charset=utf-8", append([]byte(xml.Header), body...))
	}
	body, err := json.Marshal(answer)
	if err != nil {
		return err
	}
	return write(c, http.StatusOK, issuer.TypeJSON, body)
}

// within reads a maximum from the query and returns usual within it.
func within(c echo.Context, name string, usual int) (int, error) {
	q := c.QueryParam(name)
	if q == "" {
		return usual, nil
	}
	n, err := strconv.Atoi(q)
	if err != nil || n < 1 {
		return 0, badQuery(name, "must be a number of pixels")
	}
	return min(n, usual), nil
}
