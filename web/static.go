package web

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io/fs"
	"maps"
	"mime"
	"net/http"
	"path"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/accolade-badges/accolade/assets"
)

// staticFiles are the site's own style, scripts and pictures. Each carries a
// hash of its bytes in its address, and may be kept for a year.
type staticFiles struct{ byName map[string]staticFile }

type staticFile struct {
	body      []byte
	mediaType string
	address   string
}

func newStaticFiles() (*staticFiles, error) {
	s := &staticFiles{byName: map[string]staticFile{}}
	files := assets.Static()
	entries, err := fs.ReadDir(files, ".")
	if err != nil {
		return nil, fmt.Errorf("static files: %w", err)
	}
	for _, e := range entries {
		body, err := fs.ReadFile(files, e.Name())
		if err != nil {
			return nil, fmt.Errorf("static file %s: %w", e.Name(), err)
		}
		sum := sha256.Sum256(body)
		s.byName[e.Name()] = staticFile{
			body: body, mediaType: mime.TypeByExtension(path.Ext(e.Name())),
			address: "/static/" + base64.RawURLEncoding.EncodeToString(sum[:9]) + "/" + e.Name(),
		}
	}
	return s, nil
}

// addresses joins the addresses of all files.
func (s *staticFiles) addresses() string {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(s.byName)) {
		b.WriteString(s.byName[name].address)
	}
	return b.String()
}

// path returns the address of a file; templates call it.
func (s *staticFiles) path(name string) (string, error) {
	f, ok := s.byName[name]
	if !ok {
		return "", fmt.Errorf("there is no static file %s", name)
	}
	return f.address, nil
}

func (s *server) static(c echo.Context) error {
	f, ok := s.pages.static.byName[c.Param("file")]
	if !ok || f.address != c.Request().URL.Path {
		return notFound()
	}
	c.Response().Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	return write(c, http.StatusOK, f.mediaType, f.body)
}

func (s *server) favicon(c echo.Context) error {
	f := s.pages.static.byName["favicon.svg"]
	c.Response().Header().Set("Cache-Control", "public, max-age=86400")
	return write(c, http.StatusOK, f.mediaType, f.body)
}
