package bake

import (
	"bytes"
	"strings"
)

// staticElements are the elements of SVG that draw and do nothing else.
var staticElements = wordSet(`svg g defs symbol use switch title desc metadata style view
	path rect circle ellipse line polyline polygon text tspan textPath tref image
	linearGradient radialGradient stop pattern clipPath mask marker filter solidcolor hatch hatchpath
	feBlend feColorMatrix feComponentTransfer feComposite feConvolveMatrix feDiffuseLighting
	feDisplacementMap feDistantLight feDropShadow feFlood feFuncA feFuncB feFuncG feFuncR
	feGaussianBlur feMerge feMergeNode feMorphology feOffset fePointLight feSpecularLighting
	feSpotLight feTile feTurbulence font font-face glyph missing-glyph`)

func wordSet(words string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(words) {
		set[w] = true
	}
	return set
}

// CheckArt tells whether an SVG that someone uploads may serve as badge art. It
// wants a picture that only draws: elements of SVG that are static, addresses
// that stay inside the picture or hold a bitmap, style sheets that load nothing.
// It refuses script, foreignObject, event handlers, animation, links, other
// kinds of markup, style sheet instructions and every DOCTYPE. Elements of other
// namespaces, which drawing programs leave behind and browsers ignore, are let
// pass. The error is always an [*Error], with code [Active] for what acts or
// loads.
func CheckArt(data []byte, l Limits) error {
	l = l.withDefaults()
	x, err := openSVG(data, l)
	if err != nil {
		return err
	}
	style := 0 // depth of the open style element
	var sheet []byte
	for {
		t, ok, err := x.next()
		if err != nil {
			return err
		}
		if !ok {
			return nil
		}
		switch t.kind {
		case doctype:
			return fail(Doctype, t.start, "remove the DOCTYPE from the SVG", "badge art may have no DOCTYPE")
		case instruction:
			return fail(Active, t.start, "remove it from the SVG", "a processing instruction")
		case startTag:
			if x.depth == 1 {
				if err := checkRoot(t); err != nil {
					return err
				}
			}
			if err := checkElement(t); err != nil {
				return err
			}
			if t.name.local == "style" && style == 0 {
				style, sheet = x.depth, sheet[:0]
			}
		case text:
			if style > 0 {
				sheet = append(sheet, t.text...)
			}
		case endTag:
			if style > 0 && x.depth == style-1 {
				style = 0
				if what := loads(string(sheet)); what != "" {
					return fail(Active, t.start, export, "a style sheet with %s", what)
				}
			}
		}
	}
}

func checkElement(t token) *Error {
	switch t.name.space {
	case spaceSVG, "":
		if !staticElements[t.name.local] {
			return fail(Active, t.start, export, "the element %s", t.name.local)
		}
	case "http://www.w3.org/1999/xhtml", "http://www.w3.org/1998/Math/MathML", spaceXLink, "http://www.w3.org/2001/XInclude",
		"http://www.w3.org/2001/xml-events", "http://www.w3.org/1999/XSL/Transform":
		return fail(Active, t.start, export, "the element %s of another kind of markup", t.name.local)
	}
	for _, a := range t.attributes {
		if a.space == spaceXMLNS {
			continue
		}
		if what := badAttribute(t.name.local, a); what != "" {
			return fail(Active, t.start, export, "%s", what)
		}
	}
	return nil
}

func badAttribute(element string, a attribute) string {
	local := strings.ToLower(a.local)
	switch {
	case strings.HasPrefix(local, "on") && (a.space == "" || a.space == spaceSVG):
		return "the event handler " + a.local
	case a.space == spaceXML && local == "base":
		return "a base address"
	case local == "href" || local == "src":
		if !innerReference(a.value, element == "image" || element == "feImage") {
			return "a reference to outside of the picture"
		}
	case a.space == "" || a.space == spaceSVG:
		if what := loads(a.value); what != "" {
			return "the attribute " + a.local + " with " + what
		}
	}
	return ""
}

// innerReference tells whether an address stays in the picture: a fragment, or,
// where a bitmap may stand, one as a data URI.
func innerReference(address string, bitmap bool) bool {
	address = strings.TrimSpace(address)
	if address == "" || address[0] == '#' {
		return true
	}
	if !bitmap {
		return false
	}
	for _, kind := range []string{"png", "jpeg", "jpg", "gif", "webp"} {
		prefix := "data:image/" + kind
		if len(address) > len(prefix) && strings.EqualFold(address[:len(prefix)], prefix) &&
			(address[len(prefix)] == ';' || address[len(prefix)] == ',') {
			return true
		}
	}
	return false
}

// loads names what a piece of style sheet, or the value of an attribute, would
// load or run. Escapes can hide words in CSS and have no place in art, so a
// backslash is refused wherever a style could stand.
func loads(css string) string {
	if len(css) == 0 {
		return ""
	}
	if strings.Contains(css, `\`) {
		return "an escape"
	}
	lower := strings.ToLower(css)
	for _, word := range []string{"@import", "@charset", "expression(", "javascript:", "vbscript:", "data:text", "behavior:", "-moz-binding", "image-set(", "src("} {
		if strings.Contains(lower, word) {
			return word
		}
	}
	rest := []byte(lower)
	for {
		i := bytes.Index(rest, []byte("url("))
		if i < 0 {
			return ""
		}
		rest = rest[i+len("url("):]
		inner := bytes.TrimLeft(rest, " \t\r\n\"'")
		if len(inner) == 0 || inner[0] != '#' && !innerReference(string(inner), true) {
			return "url() to outside of the picture"
		}
	}
}
