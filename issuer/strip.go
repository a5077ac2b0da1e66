package issuer

import (
	"bytes"
	"encoding/base64"
	"encoding/xml"
	"fmt"
	"strings"
)

// strip is a row of pictures that becomes one SVG. A picture that stands in it
// more than once is in the file once.
type strip struct {
	pictures []string // data URLs, in the order of their first use
	index    map[string]int
	items    []stripItem
}

type stripItem struct {
	picture int
	title   string
}

// add puts a picture, a PNG that key names, at the end.
func (s *strip) add(key string, png []byte, title string) {
	if s.index == nil {
		s.index = map[string]int{}
	}
	at, ok := s.index[key]
	if !ok {
		at = len(s.pictures)
		s.index[key] = at
		s.pictures = append(s.pictures, "data:image/png;base64,"+base64.StdEncoding.EncodeToString(png))
	}
	s.items = append(s.items, stripItem{at, title})
}

// stripGap is the room between pictures, in pixels.
const stripGap = 12

// svg writes the strip, its pictures side pixels wide. A strip without pictures
// is a picture of nothing, one of them high.
func (s *strip) svg(name string, side int) []byte {
	columns := min(max(len(s.items), 1), stripRow)
	rows := max((len(s.items)+stripRow-1)/stripRow, 1)
	width, height := columns*(side+stripGap)-stripGap, rows*(side+stripGap)-stripGap
	titles := make([]string, len(s.items))
	for i, item := range s.items {
		titles[i] = item.title
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="%d" height="%d" viewBox="0 0 %d %d" role="img" aria-labelledby="title desc">`,
		width, height, width, height)
	fmt.Fprintf(&b, `<title id="title">%s</title><desc id="desc">%s</desc>`, escaped(name), escaped(strings.Join(titles, "; ")))
	if len(s.pictures) > 0 {
		b.WriteString("<defs>")
		for i, address := range s.pictures {
			fmt.Fprintf(&b, `<image id="p%d" width="%d" height="%d" xlink:href="%s"/>`, i, side, side, address)
		}
		b.WriteString("</defs>")
	}
	for i, item := range s.items {
		fmt.Fprintf(&b, `<g role="img" transform="translate(%d %d)"><title>%s</title><use xlink:href="#p%d"/></g>`,
			i%stripRow*(side+stripGap), i/stripRow*(side+stripGap), escaped(item.title), item.picture)
	}
	b.WriteString("</svg>\n")
	return b.Bytes()
}

// escaped writes text for an element or attribute of XML.
func escaped(text string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(text)) // a Builder takes everything
	return b.String()
}
