package jsonld

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// ParseNQuads reads N-Quads (RDF 1.1 N-Quads, section 4), comments and blank
// lines included. Statements that stand twice are kept once. The error is an
// [*Error] with code [BadNQuads], whose Path is "line N".
func ParseNQuads(data []byte) (*Dataset, error) {
	if !utf8.Valid(data) {
		return nil, refuse(BadNQuads, "not valid UTF-8")
	}
	p := nquads{nodes: map[string]int32{}, seen: map[quad]struct{}{}}
	p.labels, p.distinct = []string{}, true
	rest := string(data)
	for line := 1; rest != ""; line++ {
		end := strings.IndexAny(rest, "\r\n")
		if end < 0 {
			end = len(rest)
		}
		p.in = rest[:end]
		if err := p.line(); err != nil {
			err.Path = fmt.Sprintf("line %d", line)
			return nil, err
		}
		if strings.HasPrefix(rest[end:], "\r\n") {
			end++
		}
		rest = rest[min(end+1, len(rest)):]
	}
	p.blanks = len(p.labels)
	return &p.Dataset, nil
}

// nquads is the parser of one document; in is what is left of the current line.
type nquads struct {
	Dataset
	in    string
	nodes map[string]int32
	seen  map[quad]struct{}
}

func (p *nquads) line() *Error {
	p.space()
	if p.in == "" || p.in[0] == '#' {
		return nil
	}
	var q quad
	var err *Error
	if q.s, err = p.node("a subject"); err != nil {
		return err
	}
	predicate, err := p.node("a predicate")
	if err != nil {
		return err
	}
	if predicate.blank != 0 {
		return refuse(BadNQuads, "a blank node is no predicate")
	}
	q.p = predicate.iri
	if strings.HasPrefix(p.in, `"`) {
		q.o, err = p.literal()
	} else {
		var r ref
		r, err = p.node("an object")
		q.o = object{text: r.iri, blank: r.blank}
	}
	if err != nil {
		return err
	}
	if !strings.HasPrefix(p.in, ".") {
		if q.g, err = p.node("a graph or the final dot"); err != nil {
			return err
		}
	}
	if !strings.HasPrefix(p.in, ".") {
		return refuse(BadNQuads, "the statement does not end in a dot")
	}
	p.in = p.in[1:]
	p.space()
	if p.in != "" && p.in[0] != '#' {
		return refuse(BadNQuads, "something follows the final dot: %s", quote(p.in))
	}
	if _, twice := p.seen[q]; !twice {
		p.seen[q] = struct{}{}
		p.quads = append(p.quads, q)
	}
	return nil
}

func (p *nquads) space() { p.in = strings.TrimLeft(p.in, " \t") }

// node reads an IRI or a blank node and the space after it.
func (p *nquads) node(what string) (ref, *Error) {
	switch {
	case strings.HasPrefix(p.in, "<"):
		iri, err := p.iri()
		p.space()
		return ref{iri: iri}, err
	case strings.HasPrefix(p.in, "_:"):
		end := strings.IndexAny(p.in, " \t<\"#")
		if end < 0 {
			end = len(p.in)
		}
		for end > 2 && p.in[end-1] == '.' {
			end--
		}
		label := p.in[:end]
		if !blankLabel(label) {
			return ref{}, refuse(BadNQuads, "%s is not a blank node label", quote(label))
		}
		p.in = p.in[end:]
		p.space()
		return ref{blank: p.number(label[2:])}, nil
	}
	return ref{}, refuse(BadNQuads, "%s is missing at %s", what, quote(p.in))
}

func (p *nquads) number(label string) int32 {
	n, ok := p.nodes[label]
	if !ok {
		p.labels = append(p.labels, label)
		n = int32(len(p.labels))
		p.nodes[label] = n
	}
	return n
}

func (p *nquads) iri() (string, *Error) {
	end := strings.IndexByte(p.in, '>')
	if end < 0 {
		return "", refuse(BadNQuads, "an IRI does not end")
	}
	iri, err := unescape(p.in[1:end], "")
	if err == nil {
		err = checkIRI(iri)
	}
	if err != nil {
		return "", refuse(BadNQuads, "%s", err.Reason)
	}
	p.in = p.in[end+1:]
	return iri, nil
}

func (p *nquads) literal() (object, *Error) {
	end := 1
	for end < len(p.in) && p.in[end] != '"' {
		if p.in[end] == '\\' {
			end++
		}
		end++
	}
	if end >= len(p.in) {
		return object{}, refuse(BadNQuads, "a literal does not end")
	}
	text, err := unescape(p.in[1:end], "tbnrf\"'\\")
	if err != nil {
		return object{}, err
	}
	o := object{text: escape(text), literal: true}
	p.in = p.in[end+1:]
	switch {
	case strings.HasPrefix(p.in, "^^<"):
		p.in = p.in[2:]
		datatype, err := p.iri()
		if err != nil {
			return object{}, err
		}
		o.suffix = datatypeSuffix(datatype)
	case strings.HasPrefix(p.in, "@"):
		end := strings.IndexAny(p.in, " \t.<_")
		if end < 0 {
			end = len(p.in)
		}
		if err := tag(p.in[1:end]); err != nil {
			return object{}, err
		}
		o.suffix = p.in[:end]
		p.in = p.in[end:]
	}
	p.space()
	return o, nil
}

// tag checks a language tag as N-Quads spells it: LANGTAG of the grammar.
func tag(s string) *Error {
	for i, part := range strings.Split(s, "-") {
		letters := "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
		if i > 0 {
			letters += "0123456789"
		}
		if part == "" || strings.Trim(part, letters) != "" {
			return refuse(BadNQuads, "%s is not a language tag", quote(s))
		}
	}
	return nil
}

// unescape resolves \u and \U and those of the short escapes that are allowed.
func unescape(s, short string) (string, *Error) {
	i := strings.IndexByte(s, '\\')
	if i < 0 {
		return s, nil
	}
	var out strings.Builder
	for i >= 0 {
		out.WriteString(s[:i])
		s = s[i+1:]
		if s == "" {
			return "", refuse(BadNQuads, "a backslash without what it escapes")
		}
		digits := 0
		switch c := s[0]; {
		case c == 'u':
			digits = 4
		case c == 'U':
			digits = 8
		case strings.IndexByte(short, c) < 0:
			return "", refuse(BadNQuads, "an escape that N-Quads does not have: \\%s", s[:1])
		default:
			out.WriteByte(shortEscape(c))
		}
		if digits > 0 {
			if len(s) <= digits {
				return "", refuse(BadNQuads, "a numeric escape is cut short")
			}
			r, err := strconv.ParseUint(s[1:1+digits], 16, 32)
			if err != nil || r > utf8.MaxRune || !utf8.ValidRune(rune(r)) {
				return "", refuse(BadNQuads, "%s is not a character", quote(s[:1+digits]))
			}
			out.WriteRune(rune(r))
		}
		s = s[1+digits:]
		i = strings.IndexByte(s, '\\')
	}
	out.WriteString(s)
	return out.String(), nil
}

func shortEscape(c byte) byte {
	switch c {
	case 't':
		return '\t'
	case 'b':
		return '\b'
	case 'n':
		return '\n'
	case 'r':
		return '\r'
	case 'f':
		return '\f'
	}
	return c
}
