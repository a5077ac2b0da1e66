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
	sum := sha256.Sum256(body)
	return &issuer.Document{
		Status: http.StatusOK, Type: mediaType, Body: body, Cache: cache,
		ETag: `"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`,
	}
}

// serve sends a published document, or 304 to whoever has it already. What is
// published may be read by any site's script: it is public, and carries no
// cookie.
func serve(c echo.Context, d *issuer.Document, err error) error {
	if err != nil {
		return err
	}
	return serveAs(c, d, d.Type)
}

func serveAs(c echo.Context, d *issuer.Document, mediaType string) error {
	h := c.Response().Header()
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Cache-Control", d.Cache)
	h.Set("ETag", d.ETag)
	if mediaType == issuer.TypeSVG {
		h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; sandbox")
	}
	if d.Status == http.StatusOK && matches(c.Request().Header.Get("If-None-Match"), d.ETag) {
		c.Response().WriteHeader(http.StatusNotModified)
		return nil
	}
	return write(c, d.Status, mediaType, d.Body)
}

// matches implements If-None-Match (RFC 9110, section 13.1.2).
func matches(header, etag string) bool {
	if header == "*" {
		return true
	}
	for part := range strings.SplitSeq(header, ",") {
		if strings.TrimPrefix(strings.TrimSpace(part), "W/") == etag {
			return true
		}
	}
	return false
}
