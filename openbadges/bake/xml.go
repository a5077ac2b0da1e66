package bake

import (
	"bytes"
	"strconv"
	"strings"
	"unicode/utf8"
)

// xmlReader goes through an XML document without building anything, and refuses
// what a picture has no use for: internal DTDs, entities other than the five of
// XML, encodings other than UTF-8, and deep nesting.
type xmlReader struct {
	data   []byte
	at     int
	depth  int
	limits Limits
	scopes []binding // namespace declarations in force, innermost last
	open   []openTag
	seen   bool // the root element has begun
	empty  bool // in front of the "/>" of an empty element
}

type binding struct {
	prefix, uri string
	depth       int
}

type openTag struct {
	name  string
	space string
	local string
}

// name is a name with its namespace; Prefix is how the document spells it.
type name struct{ prefix, space, local string }

type attribute struct {
	name
	value string // unescaped
}

type tokenKind int

const (
	startTag tokenKind = iota + 1
	endTag
	text
	comment
	instruction
	doctype
)

// token is one piece of the document, data[start:end].
type token struct {
	kind       tokenKind
	start, end int
	name       name
	attributes []attribute
	empty      bool   // a start tag that ends at once; an end tag follows all the same
	text       string // of text, unescaped; the target of an instruction
	synthetic  bool   // the end that an empty element lacks
}

const (
	spaceXML   = "http://www.w3.org/XML/1998/namespace"
	spaceXMLNS = "http://www.w3.org/2000/xmlns/"
	spaceSVG   = "http://www.w3.org/2000/svg"
	spaceXLink = "http://www.w3.org/1999/xlink"
)

func newXML(data []byte, l Limits) (*xmlReader, *Error) {
	x := &xmlReader{data: data, limits: l}
	switch {
	case len(data) > l.Picture:
		return nil, fail(TooLarge, -1, "", "the picture has %d bytes, more than the %d allowed", len(data), l.Picture)
	case bytes.HasPrefix(data, []byte("\xfe\xff")), bytes.HasPrefix(data, []byte("\xff\xfe")):
		return nil, fail(BadEncoding, 0, "save the SVG as UTF-8", "the SVG is UTF-16")
	case bytes.HasPrefix(data, []byte("\ufeff")):
		x.at = 3
	}
	for i := 0; i < len(data); {
		if c := data[i]; c < utf8.RuneSelf {
			if c < 0x20 && c != '\t' && c != '\n' && c != '\r' {
				return nil, fail(BadXML, i, again, "a control character in the SVG")
			}
			i++
			continue
		}
		r, n := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError && n == 1 {
			return nil, fail(BadEncoding, i, "save the SVG as UTF-8", "the SVG is not UTF-8")
		}
		if r == 0xfffe || r == 0xffff {
			return nil, fail(BadXML, i, again, "a character that XML does not have")
		}
		i += n
	}
	if bytes.HasPrefix(data[x.at:], []byte("<?xml")) {
		if err := x.declaration(); err != nil {
			return nil, err
		}
	}
	return x, nil
}

// declaration reads the XML declaration and holds it to UTF-8.
func (x *xmlReader) declaration() *Error {
	end := bytes.Index(x.data[x.at:], []byte("?>"))
	if end < 0 {
		return fail(BadXML, x.at, again, "the XML declaration does not end")
	}
	decl := string(x.data[x.at : x.at+end])
	if i := strings.Index(decl, "encoding"); i >= 0 {
		value := strings.TrimLeft(decl[i+len("encoding"):], " \t\r\n=")
		value = strings.Trim(strings.ToLower(strings.TrimSpace(value)), `"'`)
		if j := strings.IndexAny(value, `"'`); j >= 0 {
			value = value[:j]
		}
		if value != "utf-8" && value != "utf8" && value != "us-ascii" {
			return fail(BadEncoding, x.at, "save the SVG as UTF-8", "the SVG declares the encoding %q", value)
		}
	}
	x.at += end + 2
	return nil
}

// next returns the next token; ok is false at the end of the document.
func (x *xmlReader) next() (t token, ok bool, err *Error) {
	if x.at == len(x.data) {
		if x.depth > 0 || !x.seen {
			return t, false, fail(Truncated, x.at, again, "the SVG ends before its last element does")
		}
		return t, false, nil
	}
	rest := x.data[x.at:]
	if x.empty {
		t = token{kind: endTag, start: x.at + 2, end: x.at + 2, synthetic: true}
		x.at, x.empty = x.at+2, false
		x.close(&t, x.open[len(x.open)-1])
		return t, true, nil
	}
	switch {
	case rest[0] != '<':
		return x.characters()
	case bytes.HasPrefix(rest, []byte("<!--")):
		t, err = x.until(comment, "<!--", "-->")
	case bytes.HasPrefix(rest, []byte("<![CDATA[")):
		if x.depth == 0 {
			return t, false, fail(BadXML, x.at, "", "text outside of the root element")
		}
		t, err = x.until(text, "<![CDATA[", "]]>")
	case bytes.HasPrefix(rest, []byte("<?")):
		t, err = x.until(instruction, "<?", "?>")
		t.text, _, _ = strings.Cut(t.text, " ")
		if err == nil && strings.EqualFold(t.text, "xml") {
			return t, false, fail(BadXML, t.start, "", "a second XML declaration")
		}
	case bytes.HasPrefix(rest, []byte("<!")):
		t, err = x.doctype()
	case bytes.HasPrefix(rest, []byte("</")):
		t, err = x.end()
	default:
		t, err = x.start()
	}
	return t, err == nil, err
}

func (x *xmlReader) until(kind tokenKind, open, closing string) (token, *Error) {
	i := bytes.Index(x.data[x.at+len(open):], []byte(closing))
	if i < 0 {
		return token{}, fail(Truncated, x.at, again, "a %s that does not end", open)
	}
	t := token{kind: kind, start: x.at, text: string(x.data[x.at+len(open) : x.at+len(open)+i])}
	x.at += len(open) + i + len(closing)
	t.end = x.at
	return t, nil
}

// doctype accepts the two harmless forms that drawing programs write, a bare
// "<!DOCTYPE svg>" and one with the public identifier of SVG, and skips them:
// nothing is fetched. Everything else, an internal subset above all, is refused.
func (x *xmlReader) doctype() (token, *Error) {
	end := bytes.IndexByte(x.data[x.at:], '>')
	if end < 0 {
		return token{}, fail(Truncated, x.at, again, "a DOCTYPE that does not end")
	}
	decl := string(x.data[x.at : x.at+end+1])
	words := strings.Fields(strings.TrimSuffix(decl, ">"))
	plain := len(words) >= 2 && words[0] == "<!DOCTYPE" && strings.HasSuffix(words[1], "svg") && !strings.Contains(decl, "[")
	known := len(words) == 2 || len(words) > 3 && words[2] == "PUBLIC" && strings.HasPrefix(words[3], `"-//W3C//DTD`)
	if !plain || !known || x.seen {
		return token{}, fail(Doctype, x.at, "remove the DOCTYPE from the SVG", "a DOCTYPE that may define or load something")
	}
	t := token{kind: doctype, start: x.at, end: x.at + end + 1}
	x.at = t.end
	return t, nil
}

func (x *xmlReader) characters() (token, bool, *Error) {
	end := bytes.IndexByte(x.data[x.at:], '<')
	if end < 0 {
		end = len(x.data) - x.at
	}
	raw := x.data[x.at : x.at+end]
	if x.depth == 0 && len(bytes.TrimSpace(raw)) > 0 {
		return token{}, false, fail(BadXML, x.at, "", "text outside of the root element")
	}
	if i := bytes.Index(raw, []byte("]]>")); i >= 0 {
		return token{}, false, fail(BadXML, x.at+i, "", "]]> outside of CDATA")
	}
	s, err := x.unescape(raw, x.at)
	if err != nil {
		return token{}, false, err
	}
	t := token{kind: text, start: x.at, end: x.at + end, text: s}
	x.at += end
	return t, true, nil
}

// unescape resolves the five entities of XML and character references.
func (x *xmlReader) unescape(raw []byte, at int) (string, *Error) {
	if bytes.IndexByte(raw, '&') < 0 {
		return string(raw), nil
	}
	out := make([]byte, 0, len(raw))
	for i := 0; i < len(raw); {
		if raw[i] != '&' {
			out = append(out, raw[i])
			i++
			continue
		}
		end := bytes.IndexByte(raw[i:min(len(raw), i+12)], ';')
		r, ok := rune(0), false
		if end > 1 {
			r, ok = reference(string(raw[i+1 : i+end]))
		}
		if !ok {
			return "", fail(BadXML, at+i, "replace the entity by the character it stands for", "an entity that XML does not define")
		}
		out = utf8.AppendRune(out, r)
		i += end + 1
	}
	return string(out), nil
}

func reference(s string) (rune, bool) {
	switch s {
	case "lt":
		return '<', true
	case "gt":
		return '>', true
	case "amp":
		return '&', true
	case "quot":
		return '"', true
	case "apos":
		return '\'', true
	}
	if s[0] != '#' {
		return 0, false
	}
	digits, base := s[1:], 10
	if strings.HasPrefix(digits, "x") {
		digits, base = digits[1:], 16
	}
	n, err := strconv.ParseUint(digits, base, 32)
	r := rune(n)
	if err != nil || n > utf8.MaxRune || !utf8.ValidRune(r) || r == 0xfffe || r == 0xffff ||
		r < 0x20 && r != '\t' && r != '\n' && r != '\r' {
		return 0, false
	}
	return r, true
}
