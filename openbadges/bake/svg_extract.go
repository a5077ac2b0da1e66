package bake

import (
	"bytes"
	"strings"
)

// ExtractSVG takes all badges out of an SVG, in the order in which they stand
// there: elements credential and assertion of the three namespaces, with their
// verify attribute and their text. A picture without a badge gives none and no
// error. The error is always an [*Error].
func ExtractSVG(data []byte, l Limits) ([]Found, error) {
	l = l.withDefaults()
	x, err := openSVG(data, l)
	if err != nil {
		return nil, err
	}
	var found []Found
	inside := 0 // depth of the open badge element
	for {
		t, ok, err := x.next()
		if err != nil {
			return nil, err
		}
		if !ok {
			return found, nil
		}
		switch t.kind {
		case startTag:
			if x.depth == 1 {
				if err := checkRoot(t); err != nil {
					return nil, err
				}
				continue
			}
			g, is := badgeElement(t.name)
			if !is {
				continue
			}
			switch {
			case inside > 0:
				return nil, fail(BadXML, t.start, "", "a badge stands inside another badge")
			case len(found) == l.Found:
				return nil, fail(TooLarge, t.start, "", "the picture has more than %d badges inside", l.Found)
			}
			inside = x.depth
			f := Found{Generation: g, Where: "svg", Keyword: t.name.local, Offset: t.start}
			for _, a := range t.attributes {
				if a.space == "" && a.local == "verify" {
					f.Verify = strings.TrimSpace(a.value)
				}
			}
			found = append(found, f)
		case endTag:
			if inside > 0 && x.depth == inside-1 {
				inside = 0
				f := &found[len(found)-1]
				f.Text = bytes.TrimSpace(f.Text)
			}
		case text:
			if inside == 0 || x.depth != inside {
				continue
			}
			f := &found[len(found)-1]
			f.Text = append(f.Text, t.text...)
			if len(f.Text)+len(f.Verify) > l.Text {
				return nil, fail(TooLarge, f.Offset, "", "the badge has more than the %d bytes allowed", l.Text)
			}
		}
	}
}
