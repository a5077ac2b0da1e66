package art

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// svgInfo is what an SVG says about itself beside its outlines.
type svgInfo struct {
	Title, Description, Language string
}

// encodeSVG writes d. Its ids begin with a word made from what it shows, so
// that several pictures may stand in one page.
func encodeSVG(d *drawing, info svgInfo) []byte {
	body := &strings.Builder{}
	var blends []paint
	prefix := fmt.Sprintf("acc%08x", uint32(hash(fmt.Sprint(info, len(d.ops)))))
	for i := range d.ops {
		o := &d.ops[i]
		if o.said != nil {
			continue // an SVG has its title and description
		}
		ref := o.paint.from.hex()
		if o.paint.blend {
			ref = fmt.Sprintf("url(#%s-%d)", prefix, indexOf(&blends, o.paint))
		}
		if o.text != nil {
			writeReaderText(body, o.text, ref)
			continue
		}
		body.WriteString(`<path fill="` + ref + `" d="`)
		writePath(body, o.path)
		body.WriteString(`"/>`)
	}
	out := &strings.Builder{}
	fmt.Fprintf(out, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %s %s" role="img"`, number(d.w), number(d.h))
	if lang := languageTag(info.Language); lang != "" {
		fmt.Fprintf(out, ` lang="%s" xml:lang="%s"`, lang, lang)
	}
	fmt.Fprintf(out, ` aria-labelledby="%s-t %s-d"><title id="%s-t">%s</title><desc id="%s-d">%s</desc>`,
		prefix, prefix, prefix, xmlText(info.Title), prefix, xmlText(info.Description))
	if len(blends) > 0 {
		out.WriteString("<defs>")
		for i, p := range blends {
			fmt.Fprintf(out, `<linearGradient id="%s-%d" gradientUnits="userSpaceOnUse" x1="%s" y1="%s" x2="%s" y2="%s"><stop stop-color="%s"/><stop offset="1" stop-color="%s"/></linearGradient>`,
				prefix, i, number(p.a.X), number(p.a.Y), number(p.b.X), number(p.b.Y), p.from.hex(), p.to.hex())
		}
		out.WriteString("</defs>")
	}
	out.WriteString(body.String())
	out.WriteString("</svg>\n")
	return []byte(out.String())
}

func indexOf(all *[]paint, p paint) int {
	for i, q := range *all {
		if q == p {
			return i
		}
	}
	*all = append(*all, p)
	return len(*all) - 1
}

func writeReaderText(w *strings.Builder, t *readerText, fill string) {
	weight, dir := "", ""
	if t.bold {
		weight = ` font-weight="700"`
	}
	if t.rtl {
		dir = ` direction="rtl"`
	}
	fmt.Fprintf(w, `<text x="%s" y="%s" font-size="%s" text-anchor="middle" font-family="sans-serif"%s%s fill="%s">%s</text>`,
		number(t.x), number(t.y), number(t.size), weight, dir, fill, xmlText(t.text))
}

// number writes a coordinate with one decimal at most.
func number(f float64) string {
	return strconv.FormatFloat(math.Round(f*10)/10, 'f', -1, 64)
}

// writePath writes p with relative coordinates in tenths. Each step is
// taken from where rounding has left the pen, so that errors do not add up.
func writePath(w *strings.Builder, p *path) {
	var pen, begin [2]int64 // in tenths
	tenth := func(q point) [2]int64 {
		return [2]int64{int64(math.Round(q.X * 10)), int64(math.Round(q.Y * 10))}
	}
	last := byte(0)
	p.each(func(v verb, _ point, pts []point) {
		letter := "mlqcz"[v]
		if v == closed {
			w.WriteByte('z')
			pen, last = begin, 0
			return
		}
		to := tenth(pts[len(pts)-1])
		if v == lineTo && to[1] == pen[1] {
			letter = 'h'
		} else if v == lineTo && to[0] == pen[0] {
			letter = 'v'
		}
		if letter != last {
			w.WriteByte(letter)
		}
		first := letter != last
		put := func(n int64) {
			s := strconv.FormatFloat(float64(n)/10, 'f', -1, 64)
			if n > -10 && n < 10 {
				s = strings.Replace(s, "0.", ".", 1)
			}
			if !first && s[0] != '-' {
				w.WriteByte(' ')
			}
			w.WriteString(s)
			first = false
		}
		switch letter {
		case 'h':
			put(to[0] - pen[0])
		case 'v':
			put(to[1] - pen[1])
		default:
			for _, q := range pts {
				at := tenth(q)
				put(at[0] - pen[0])
				put(at[1] - pen[1])
			}
		}
		pen, last = to, letter
		if v == moveTo {
			begin, last = to, 'l' // what follows a move without a letter is a line
		}
	})
}

// languageTag returns tag when it has the form of a language tag.
func languageTag(tag string) string {
	if len(tag) > 35 {
		return ""
	}
	for _, r := range tag {
		if r != '-' && (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') {
			return ""
		}
	}
	return tag
}

// xmlText escapes text and leaves out what XML may not hold.
func xmlText(s string) string {
	out := &strings.Builder{}
	for _, r := range s {
		switch {
		case r == '&':
			out.WriteString("&amp;")
		case r == '<':
			out.WriteString("&lt;")
		case r == '>':
			out.WriteString("&gt;")
		case r == '"':
			out.WriteString("&quot;")
		case r < 0x20 && r != '\t' && r != '\n', r == utf8.RuneError, r == 0xFFFE, r == 0xFFFF:
		default:
			out.WriteRune(r)
		}
	}
	return out.String()
}
