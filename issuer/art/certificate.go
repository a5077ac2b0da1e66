package art

import (
	"fmt"
	"math"
	"time"
)

// Certificate is what a printable certificate is made from. All words are
// the caller's, in the language of Badge.Language.
type Certificate struct {
	Badge
	Earner      string   // the earner's name, any script
	LatinEarner string   // drawn in its place when no font has its letters
	Statement   string   // line above the name, such as "This certifies that"
	Achieved    string   // line below the name, such as "has earned the certification"
	Lines       []string // facts below the title, such as "Awarded 5 March 2026"; four are drawn
	URL         string   // https or http address where the award is verified; also the QR code
	Verify      string   // words above URL, such as "Verify at"

	Credential     []byte // the signed credential, attached as a file; nil attaches none
	CredentialName string // its file name; default "credential.json"

	Issued time.Time // date of the document, part of its bytes; zero means the year 2000
}

// Page of a certificate: A4 landscape in tenths of a millimetre.
const (
	pageWidth  = 2970
	pageHeight = 2100
)

// maxLines is how many fact lines a certificate has room for.
const maxLines = 4

// Certificate makes a PDF of one A4 page, landscape. Names and words are
// outlines of any script, with the same words as invisible text for search,
// copy and screen readers; the credential is attached as a file. A URL that
// is no https or http address is an error.
func (s *Studio) Certificate(c Certificate) ([]byte, error) {
	if c.Issued.IsZero() {
		c.Issued = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	var out []byte
	err := s.use(func(t *typesetter) error {
		d, err := composeCertificate(t, c)
		if err != nil {
			return err
		}
		out, err = encodePDF(d, c)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("certificate: %w", err)
	}
	return out, nil
}

// Places on the page.
var (
	certificateBadge = rect{190, 480, 1170, 1460}
	certificateQR    = rect{2410, 1590, 2750, 1930}
)

func composeCertificate(t *typesetter, c Certificate) (*drawing, error) {
	d := &drawing{w: pageWidth, h: pageHeight}
	issuer, ok := parseColour(c.Colour)
	if !ok {
		issuer, _ = parseColour(DefaultColour)
	}
	p := paletteOf(Professional, issuer, c.State.outOfForce())
	certificateGround(d, p)
	at := certificateBadge
	badge := composeBadge(t, c.Badge, full, false)
	d.place(badge, scaleBy((at.X1-at.X0)/side).then(translate(at.X0, at.Y0)))
	if c.URL != "" {
		if err := d.qr(c.URL, certificateQR); err != nil {
			return nil, err
		}
	}
	p.paper = white // the words stand on the page itself
	soft := p.paperSoft()
	col := column{t: t, d: d, language: c.Language, x: 1290, wide: 1460, y: 250, align: start}
	col.put(64, 40, 2, 150, 150, true, soft, c.Issuer, c.LatinIssuer)
	col.y = math.Max(col.y, 480)
	col.put(54, 36, 1, 90, 60, false, soft, c.Statement)
	col.name(170, 70, 360, 62, p.paperInk, c.Earner, c.LatinEarner)
	col.put(54, 36, 1, 90, 52, false, soft, c.Achieved)
	col.put(112, 60, 3, math.Max(200, 1330-col.y), 56, true, p.paperInk, headTitle(c.Badge), c.LatinTitle, c.Code)
	bar := &path{}
	bar.pill(col.x, col.y, col.x+180, col.y+14, 7)
	if rtlLanguage(c.Language) {
		bar = bar.transform(translate(col.wide-180, 0))
	}
	d.fill(bar, solid(p.accent))
	col.y += 70
	for i, line := range c.Lines {
		if i == maxLines {
			break
		}
		col.put(48, 32, 1, 70, 30, false, p.paperInk, line)
	}
	col.wide = certificateQR.X0 - 60 - col.x
	col.y = math.Max(col.y, 1776)
	col.put(42, 28, 1, 60, 22, false, soft, c.Verify)
	col.put(42, 20, 2, 100, 0, true, p.paperInk, c.URL)
	return d, nil
}

// certificateGround is a framed page with the issuer's colour at its left.
func certificateGround(d *drawing, p palette) {
	const m = 70 // the frame's distance from the edge: no printer needs more
	page := &path{}
	page.polygon(point{0, 0}, point{pageWidth, 0}, point{pageWidth, pageHeight}, point{0, pageHeight})
	d.fill(page, solid(white))
	const x0, y0, x1, y1 = m, m, pageWidth - m, pageHeight - m
	frame := &path{}
	frame.pill(x0, y0, x1, y1, 0)
	inner := &path{}
	inner.pill(x0+8, y0+8, x1-8, y1-8, 0)
	frame.append(inner.reversed(), identity)
	field := &path{}
	field.polygon(point{x0, y0}, point{880, y0}, point{420, y1}, point{x0, y1})
	d.fill(field, blend(p.faceA, p.faceB, point{0, y0}, point{0, y1}))
	cut := &path{}
	cut.polygon(point{880, y0}, point{936, y0}, point{476, y1}, point{420, y1})
	d.fill(cut, solid(p.accent))
	d.fill(frame, solid(p.edge))
}
