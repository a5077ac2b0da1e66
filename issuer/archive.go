package issuer

import (
	"archive/zip"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/accolade-badges/accolade/issuer/ledger"
)

// FileName returns the name of an award's file in one form. It is ASCII, short,
// without blanks, and no system refuses it.
func FileName(award string, f Format) string { return "badge-" + award + Formats()[f] }

// archiveOrder is the order of the forms in an archive: what people look at
// first.
var archiveOrder = []Format{FormatPDF, FormatPNG, FormatSVG, FormatJSON, FormatJWT, FormatOB2JWS, FormatOB2}

// archiveQR is the side of the QR code in an archive, in pixels: sharp in print
// at 5 cm.
const archiveQR = 600

// Archive writes awards as one ZIP file to w, whatever their visibility: it is for
// their earner. See [Service.AddToArchive].
func (s *Service) Archive(ctx context.Context, w io.Writer, note func(*Publication) string, awards ...string) error {
	z := zip.NewWriter(w)
	for i, id := range awards {
		if slices.Contains(awards[:i], id) {
			continue
		}
		folder := ""
		if len(awards) > 1 {
			folder = "badge-" + id + "/"
		}
		if err := s.AddToArchive(ctx, z, folder, note, id); err != nil {
			return err
		}
	}
	if err := z.Close(); err != nil {
		return fmt.Errorf("archive: %w", err)
	}
	return nil
}

// AddToArchive adds one award in every form to an archive, one form after the
// other, under folder, which is "" or ends with a slash: the certificate, both
// pictures, the credential in its three signed forms, the hosted assertion while
// the award is public (a hosted form of what is private verifies nowhere), and
// the QR code of its address. What note returns, in plain text and the reader's
// language, is added as a text file; a nil note adds none.
func (s *Service) AddToArchive(ctx context.Context, z *zip.Writer, folder string, note func(*Publication) string, award string) error {
	p, err := s.signedPublication(ctx, award, s.AnyPublication)
	if err != nil {
		return err
	}
	add := func(name string, body []byte) error {
		method := zip.Deflate
		if strings.HasSuffix(name, ".png") || strings.HasSuffix(name, ".pdf") { // they are compressed already
			method = zip.Store
		}
		w, err := z.CreateHeader(&zip.FileHeader{Name: folder + name, Method: method, Modified: p.Edition.SignedAt.UTC().Truncate(time.Second)})
		if err == nil {
			_, err = w.Write(body)
		}
		if err != nil {
			return fmt.Errorf("archive of award %s: %s: %w", award, name, err)
		}
		return nil
	}
	for _, f := range archiveOrder {
		if f == FormatOB2 && p.Award.Visibility != ledger.Public {
			continue
		}
		d, err := s.Export(ctx, award, f)
		if err != nil {
			return err
		}
		if err := add(FileName(award, f), d.Body); err != nil {
			return err
		}
	}
	studio, err := s.studio()
	if err != nil {
		return err
	}
	code, err := studio.QR(s.urls.Badge(award, ""), archiveQR)
	if err != nil {
		return err
	}
	if err := add("badge-"+award+"-qr.png", code); err != nil {
		return err
	}
	if note == nil {
		return nil
	}
	text := strings.ReplaceAll(strings.ReplaceAll(note(p), "\r\n", "\n"), "\n", "\r\n")
	return add("badge-"+award+".txt", []byte(text))
}
