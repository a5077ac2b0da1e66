package web

import (
	"encoding/json"
	"encoding/xml"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/accolade-badges/accolade/issuer"
)

// The size of an embedded badge in pixels; it fits itself into less.
const embedWidth, embedHeight = 420, 180

// thumbnails are the sizes in which a badge is drawn small.
var thumbnails = []int{240, 192, 128, 96, 64}

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
	ThumbnailURL    string   `json:"thumbnail_url,omitempty" xml:"thumbnail_url,omitempty"`
	ThumbnailWidth  int      `json:"thumbnail_width,omitempty" xml:"thumbnail_width,omitempty"`
	ThumbnailHeight int      `json:"thumbnail_height,omitempty" xml:"thumbnail_height,omitempty"`
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
	if c.QueryParam("url") == "" {
		return badQuery("url", "must be the address of a badge")
	}
	path, ours := u.Path(c.QueryParam("url"))
	if at := strings.IndexAny(path, "?#"); at >= 0 { // a language, or what a mailing adds to count clicks
		path = path[:at]
	}
	id, isBadge := strings.CutPrefix(strings.TrimSuffix(path, "/"), "/badges/")
	if !ours || !isBadge || strings.ContainsAny(id, "/.") {
		return notFound()
	}
	maxWidth, err := most(c, "maxwidth")
	if err != nil {
		return err
	}
	maxHeight, err := most(c, "maxheight")
	if err != nil {
		return err
	}
	width, height := min(embedWidth, maxWidth), min(embedHeight, maxHeight)
	p, err := s.Issuer.Publication(c.Request().Context(), id)
	if err != nil {
		return err
	}
	title := p.Facts.Title + " – " + p.Award.Name
	answer := oembedAnswer{
		Version: "1.0", Type: "rich", Title: title, AuthorName: p.Issuer.Name, AuthorURL: u.Issuer(p.Issuer.Slug, ""),
		ProviderName: "accolade", ProviderURL: u.Base(), CacheAge: 300, Width: width, Height: height,
		HTML: embedFrame(u.Badge(id, "/embed"), width, height, title),
	}
	for _, side := range thumbnails {
		if side <= min(maxWidth, maxHeight) {
			answer.ThumbnailURL = u.Badge(id, "/image.png?size="+strconv.Itoa(side))
			answer.ThumbnailWidth, answer.ThumbnailHeight = side, side
			break
		}
	}
	c.Response().Header().Set("Cache-Control", "no-cache")
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

// most reads a maximum in pixels from the query; without one it is no limit.
func most(c echo.Context, name string) (int, error) {
	q := c.QueryParam(name)
	if q == "" {
		return math.MaxInt32, nil
	}
	n, err := strconv.Atoi(q)
	if err != nil || n < 1 {
		return 0, badQuery(name, "must be a number of pixels")
	}
	return n, nil
}
