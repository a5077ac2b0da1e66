package art

import (
	"bytes"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"

	"codeberg.org/go-pdf/fpdf"
	"github.com/go-fonts/dejavu/dejavusans"
)

// points is the length of a drawing unit, a tenth of a millimetre, in PDF.
const points = 72 / 254.0

// searchFont is the family of the invisible text.
const searchFont = "DejaVu"

// encodePDF writes d as one page with c's data as document properties.
func encodePDF(d *drawing, c Certificate) ([]byte, error) {
	f := fpdf.New("L", "mm", "A4", "")
	title := plain(c.Title)
	if name := plain(c.Earner); name != "" {
		title += " · " + name
	}
	f.SetCatalogSort(true)
	f.SetCreationDate(c.Issued.UTC())
	f.SetModificationDate(c.Issued.UTC())
	f.SetProducer("accolade", true)
	f.SetCreator("accolade", true)
	f.SetTitle(title, true)
	f.SetAuthor(plain(c.Issuer), true)
	f.SetSubject(c.describe(), true)
	f.SetLang(languageTag(c.Language))
	f.SetXmpMetadata(xmp(title, c))
	f.SetDisplayMode("fullpage", "single")
	f.SetAutoPageBreak(false, 0)
	f.SetMargins(0, 0, 0)
	f.AddUTF8FontFromBytes(searchFont, "", dejavusans.TTF)
	if c.Credential != nil {
		name := c.CredentialName
		if name == "" {
			name = "credential.json"
		}
		f.SetAttachments([]fpdf.Attachment{{Content: c.Credential, Filename: name, Description: plain(c.Title)}})
	}
	f.AddPage()
	w := &pageWriter{f: f, height: pageHeight}
	for i := range d.ops {
		o := &d.ops[i]
		switch {
		case o.said != nil:
			w.say(o.said)
		case o.path != nil:
			w.fill(o.path, o.paint)
		}
	}
	if c.URL != "" {
		q := certificateQR
		f.LinkString(q.X0/10, q.Y0/10, (q.X1-q.X0)/10, (q.Y1-q.Y0)/10, c.URL)
	}
	var out bytes.Buffer
	if err := f.Output(&out); err != nil {
		return nil, fmt.Errorf("write PDF: %w", err)
	}
	return out.Bytes(), nil
}

// pageWriter writes the operators of one page (ISO 32000-1, section 8).
type pageWriter struct {
	f      *fpdf.Fpdf
	height float64
}

func (w *pageWriter) fill(p *path, with paint) {
	body := &strings.Builder{}
	if !with.blend {
		fmt.Fprintf(body, "%s %s %s rg\n", part(with.from.R), part(with.from.G), part(with.from.B))
		w.outline(body, p)
		body.WriteString("f")
		w.f.RawWriteStr(body.String())
		return
	}
	body.WriteString("q\n")
	w.outline(body, p)
	body.WriteString("W n")
	w.f.RawWriteStr(body.String())
	b := p.bounds()
	across := func(q point) (x, y float64) {
		return (q.X - b.X0) / (b.X1 - b.X0), (b.Y1 - q.Y) / (b.Y1 - b.Y0)
	}
	x1, y1 := across(with.a)
	x2, y2 := across(with.b)
	w.f.LinearGradient(b.X0/10, b.Y0/10, (b.X1-b.X0)/10, (b.Y1-b.Y0)/10,
		int(with.from.R), int(with.from.G), int(with.from.B), int(with.to.R), int(with.to.G), int(with.to.B), x1, y1, x2, y2)
	w.f.RawWriteStr("Q")
}

func (w *pageWriter) outline(out *strings.Builder, p *path) {
	put := func(q point) {
		out.WriteString(decimal(q.X * points))
		out.WriteByte(' ')
		out.WriteString(decimal((w.height - q.Y) * points))
		out.WriteByte(' ')
	}
	p.each(func(v verb, pen point, pts []point) {
		switch v {
		case moveTo:
			put(pts[0])
			out.WriteString("m\n")
		case lineTo:
			put(pts[0])
			out.WriteString("l\n")
		case quadTo: // PDF has cubic curves only
			c, to := pts[0], pts[1]
			put(point{pen.X + (c.X-pen.X)*2/3, pen.Y + (c.Y-pen.Y)*2/3})
			put(point{to.X + (c.X-to.X)*2/3, to.Y + (c.Y-to.Y)*2/3})
			put(to)
			out.WriteString("c\n")
		case cubeTo:
			put(pts[0])
			put(pts[1])
			put(pts[2])
			out.WriteString("c\n")
		case closed:
			out.WriteString("h\n")
		}
	})
}

func decimal(f float64) string {
	return strconv.FormatFloat(math.Round(f*100)/100, 'f', -1, 64)
}

func part(v uint8) string {
	return strconv.FormatFloat(math.Round(float64(v)/255*1000)/1000, 'f', -1, 64)
}

// say writes text that is found, copied and read aloud, but not seen (text
// rendering mode 3). Readers expect lines from left to right and turn
// right-to-left text round themselves. Characters beyond the first plane,
// which the text operator does not reach, stand beside it as ActualText (ISO
// 32000-1, 14.9.4).
func (w *pageWriter) say(s *saidText) {
	beyond := false
	shown := strings.Map(func(r rune) rune {
		if r > 0xffff {
			beyond = true
			return 0x25a1
		}
		return r
	}, s.visual)
	size := s.size * points
	w.f.SetFont(searchFont, "", size)
	stretch := 100.0
	if own := w.f.GetStringWidth(shown) * 10; own > 0 {
		stretch = math.Max(10, math.Min(400, 100*s.width/own))
	}
	w.f.RawWriteStr(fmt.Sprintf("3 Tr %s Tz", decimal(stretch)))
	if beyond {
		w.f.RawWriteStr("/Span <</ActualText <" + utf16Hex(s.text) + ">>> BDC")
	}
	w.f.Text(s.x/10, s.y/10, shown)
	if beyond {
		w.f.RawWriteStr("EMC")
	}
}

func utf16Hex(s string) string {
	out := &strings.Builder{}
	out.WriteString("FEFF")
	for _, u := range utf16.Encode([]rune(s)) {
		fmt.Fprintf(out, "%04X", u)
	}
	return out.String()
}

// xmp is the metadata packet (ISO 16684-1).
func xmp(title string, c Certificate) []byte {
	lang := languageTag(c.Language)
	if lang == "" {
		lang = "x-default"
	}
	when := c.Issued.UTC().Format(time.RFC3339)
	out := &strings.Builder{}
	out.WriteString("<?xpacket begin=\"\ufeff\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n" +
		`<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">` +
		`<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/">` +
		`<dc:format>application/pdf</dc:format>`)
	fmt.Fprintf(out, `<dc:title><rdf:Alt><rdf:li xml:lang="x-default">%s</rdf:li></rdf:Alt></dc:title>`, xmlText(title))
	fmt.Fprintf(out, `<dc:description><rdf:Alt><rdf:li xml:lang="x-default">%s</rdf:li></rdf:Alt></dc:description>`, xmlText(c.describe()))
	fmt.Fprintf(out, `<dc:creator><rdf:Seq><rdf:li>%s</rdf:li></rdf:Seq></dc:creator>`, xmlText(plain(c.Issuer)))
	if lang != "x-default" {
		fmt.Fprintf(out, `<dc:language><rdf:Bag><rdf:li>%s</rdf:li></rdf:Bag></dc:language>`, lang)
	}
	fmt.Fprintf(out, `<xmp:CreatorTool>accolade</xmp:CreatorTool><xmp:CreateDate>%s</xmp:CreateDate><xmp:ModifyDate>%s</xmp:ModifyDate><pdf:Producer>accolade</pdf:Producer>`, when, when)
	out.WriteString("</rdf:Description></rdf:RDF></x:xmpmeta>\n<?xpacket end=\"w\"?>")
	return []byte(out.String())
}
