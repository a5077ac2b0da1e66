package web

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/accolade-badges/accolade/issuer"
)

// write sends a body with its length, so that it goes out in one piece.
func write(c echo.Context, status int, mediaType string, body []byte) error {
	h := c.Response().Header()
	h.Set("Content-Type", mediaType)
	h.Set("Content-Length", strconv.Itoa(len(body)))
	c.Response().WriteHeader(status)
	if c.Request().Method == http.MethodHead {
		return nil
	}
	_, err := c.Response().Write(body)
	return err
}

// kept is a document of our own that never changes while the program runs.
func kept(body []byte, mediaType, cache string) *issuer.Document {
	return &issuer.Document{Status: http.StatusOK, Type: mediaType, Body: body, Cache: cache, ETag: entityTag(body)}
}

// entityTag is a strong ETag of a body.
func entityTag(body []byte) string {
	sum := sha256.Sum256(body)
	return `"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`
}

// serve sends a published document, or passes on why there is none.
func serve(c echo.Context, d *issuer.Document, err error) error {
	if err != nil {
		return err
	}
	return serveAs(c, d, d.Type)
}

// serveAs sends a published document as one of its media types, or 304 to
// whoever has it already.
func serveAs(c echo.Context, d *issuer.Document, mediaType string) error {
	h := c.Response().Header()
	h.Set("Cache-Control", d.Cache)
	h.Set("ETag", d.ETag)
	if policy, ok := documentPolicies[mediaType]; ok {
		h.Set("Content-Security-Policy", policy)
	}
	if d.Status == http.StatusOK && matches(c.Request().Header.Get("If-None-Match"), d.ETag) {
		c.Response().WriteHeader(http.StatusNotModified)
		return nil
	}
	return write(c, d.Status, mediaType, d.Body)
}

// documentPolicies are the Content-Security-Policies of documents that a browser
// shows by itself: a drawing may style itself and show pictures that it carries,
// and nothing else; the reader of a PDF is the browser's own.
var documentPolicies = map[string]string{
	issuer.TypeSVG: "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'; sandbox",
	issuer.TypePDF: "frame-ancestors 'none'",
}

// matches implements If-None-Match (RFC 9110, section 13.1.2).
func matches(header, etag string) bool {
	if header == "" {
		return false
	}
	for part := range strings.SplitSeq(header, ",") {
		part = strings.TrimSpace(part)
		if part == "*" || strings.TrimPrefix(part, "W/") == etag {
			return true
		}
	}
	return false
}
