package web

import (
	"bytes"
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/accolade-badges/accolade/issuer"
	"github.com/accolade-badges/accolade/issuer/ledger"
)

// myFile hands the owner of a badge one form of it.
func (s *server) myFile(c echo.Context) error {
	p := owned(c)
	format := issuer.Format(c.Param("file"))
	if _, ok := issuer.Formats()[format]; !ok {
		return issuer.ErrNotPublished
	}
	ctx := c.Request().Context()
	get := func() (*issuer.Document, error) { return s.Issuer.Export(ctx, p.Award.ID, format) }
	if format == issuer.FormatPDF { // its words are the reader's
		get = func() (*issuer.Document, error) {
			return s.Issuer.As(viewer(c)).In(s.language(c).Tag).Certificate(ctx, p.Award.ID)
		}
	}
	d, err := get()
	if err != nil {
		return err
	}
	return attach(c, issuer.FileName(p.Award.ID, format), d.Type, d.Body)
}

// myArchive hands the owner of a badge all its forms in one file.
func (s *server) myArchive(c echo.Context) error {
	p, l := owned(c), s.language(c)
	var b bytes.Buffer
	if err := s.Issuer.Archive(c.Request().Context(), &b, s.archiveNote(l), p.Award.ID); err != nil {
		return err
	}
	return attach(c, "badge-"+p.Award.ID+".zip", "application/zip", b.Bytes())
}

// archiveNote writes the text file that goes with an award in an archive: the
// lines for a CV, to whom it was issued, and how to check it.
func (s *server) archiveNote(l *locale) func(*issuer.Publication) string {
	return func(p *issuer.Publication) string {
		return p.Award.Name + "\n" + s.cvText(l, p, p.Award.Visibility == ledger.Public) + "\n\n" + l.T("sharing.along.text") + "\n"
	}
}

// attach sends a file to keep.
func attach(c echo.Context, name, mediaType string, body []byte) error {
	c.Response().Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
	return write(c, http.StatusOK, mediaType, body)
}
