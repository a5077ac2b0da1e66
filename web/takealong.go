package web

import (
	"bytes"
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/accolade-badges/accolade/issuer"
	"github.com/accolade-badges/accolade/issuer/ledger"
)

// myFile hands the owner of a badge one form of it.
func (s *server) myFile(c echo.Context) error { return s.ownFile(c, owned(c)) }

// myArchive hands the owner of a badge all its forms in one file.
func (s *server) myArchive(c echo.Context) error { return s.ownArchive(c, owned(c)) }

// ownFile hands one form of a badge, or the archive of all, to whoever may have it
// whatever its visibility.
func (s *server) ownFile(c echo.Context, p *issuer.Publication) error {
	if c.Param("file") == archiveFile {
		return s.ownArchive(c, p)
	}
	format := issuer.Format(c.Param("file"))
	if _, ok := issuer.Formats()[format]; !ok {
		return issuer.ErrNotPublished
	}
	d, err := s.Issuer.Export(c.Request().Context(), p.Award.ID, format)
	if err != nil {
		return err
	}
	return attach(c, issuer.FileName(p.Award.ID, format), d.Type, d.Body)
}

// archiveFile is the archive's name in addresses.
const archiveFile = "archive.zip"

func (s *server) ownArchive(c echo.Context, p *issuer.Publication) error {
	var b bytes.Buffer
	if err := s.Issuer.Archive(c.Request().Context(), &b, s.archiveNote(s.language(c)), p.Award.ID); err != nil {
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
