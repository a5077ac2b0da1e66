package bake

import (
	"bytes"
	"strings"
)

func nameByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' ||
		c == '_' || c == '-' || c == '.' || c == ':' || c >= 0x80
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

// word reads a name as it is spelled, prefix and all.
func (x *xmlReader) word() (string, *Error) {
	start := x.at
	for x.at < len(x.data) && nameByte(x.data[x.at]) {
		x.at++
	}
	s := string(x.data[start:x.at])
	if s == "" || strings.ContainsRune("0123456789-.", rune(s[0])) || strings.Count(s, ":") > 1 ||
		s[0] == ':' || s[len(s)-1] == ':' {
		return "", fail(BadXML, start, again, "a name was expected")
	}
	return s, nil
}

func (x *xmlReader) skipSpace() bool {
	start := x.at
	for x.at < len(x.data) && isSpace(x.data[x.at]) {
		x.at++
	}
	return x.at > start
}

// resolve splits a name and finds the namespace of its prefix. A name without
// one is in the default namespace when it is an element's, in none otherwise.
func (x *xmlReader) resolve(word string, element bool, at int) (name, *Error) {
	prefix, local, found := strings.Cut(word, ":")
	if !found {
		prefix, local = "", word
	}
	switch {
	case prefix == "xml":
		return name{prefix, spaceXML, local}, nil
	case prefix == "xmlns" || !element && word == "xmlns":
		return name{prefix, spaceXMLNS, local}, nil
	case prefix == "" && !element:
		return name{"", "", local}, nil
	}
	if uri, bound := x.lookup(prefix); bound || prefix == "" {
		return name{prefix, uri, local}, nil
	}
	return name{}, fail(BadXML, at, "", "the prefix %q is not declared", prefix)
}

func (x *xmlReader) lookup(prefix string) (uri string, bound bool) {
	for i := len(x.scopes) - 1; i >= 0; i-- {
		if x.scopes[i].prefix == prefix {
			return x.scopes[i].uri, x.scopes[i].uri != ""
		}
	}
	return "", false
}

type rawAttribute struct {
	word, value string
	at          int
}

func (x *xmlReader) start() (token, *Error) {
	t := token{kind: startTag, start: x.at}
	if x.depth == 0 && x.seen {
		return t, fail(BadXML, x.at, "", "a second root element")
	}
	if x.depth >= x.limits.Depth {
		return t, fail(TooLarge, x.at, "", "elements are nested more than %d deep", x.limits.Depth)
	}
	x.at++
	at := x.at
	word, err := x.word()
	if err != nil {
		return t, err
	}
	raw, err := x.attributes(&t)
	if err != nil {
		return t, err
	}
	x.depth++
	x.seen = true
	for _, a := range raw {
		prefix, local, found := strings.Cut(a.word, ":")
		switch {
		case found && prefix == "xmlns":
			x.scopes = append(x.scopes, binding{local, a.value, x.depth})
		case a.word == "xmlns":
			x.scopes = append(x.scopes, binding{"", a.value, x.depth})
		}
	}
	if t.name, err = x.resolve(word, true, at); err != nil {
		return t, err
	}
	for _, a := range raw {
		n, err := x.resolve(a.word, false, a.at)
		if err != nil {
			return t, err
		}
		for _, other := range t.attributes {
			if other.space == n.space && other.local == n.local {
				return t, fail(BadXML, a.at, "", "the attribute %s stands twice", a.word)
			}
		}
		t.attributes = append(t.attributes, attribute{n, a.value})
	}
	x.open = append(x.open, openTag{word, t.name.space, t.name.local})
	return t, nil
}

// attributes reads up to the end of a start tag.
func (x *xmlReader) attributes(t *token) ([]rawAttribute, *Error) {
	var out []rawAttribute
	for {
		spaced := x.skipSpace()
		rest := x.data[x.at:]
		switch {
		case len(rest) == 0:
			return nil, fail(Truncated, t.start, again, "a tag that does not end")
		case rest[0] == '>':
			x.at++
			t.end = x.at
			return out, nil
		case len(rest) > 1 && rest[0] == '/' && rest[1] == '>':
			t.end, t.empty, x.empty = x.at+2, true, true
			return out, nil
		case !spaced:
			return nil, fail(BadXML, x.at, again, "attributes without white space between them")
		case len(out) == 256:
			return nil, fail(TooLarge, x.at, "", "an element with more than 256 attributes")
		}
		a := rawAttribute{at: x.at}
		var err *Error
		if a.word, err = x.word(); err != nil {
			return nil, err
		}
		x.skipSpace()
		if x.at == len(x.data) || x.data[x.at] != '=' {
			return nil, fail(BadXML, x.at, again, "the attribute %s has no value", a.word)
		}
		x.at++
		x.skipSpace()
		if a.value, err = x.quoted(a.word); err != nil {
			return nil, err
		}
		out = append(out, a)
	}
}

func (x *xmlReader) quoted(word string) (string, *Error) {
	if x.at == len(x.data) || x.data[x.at] != '"' && x.data[x.at] != '\'' {
		return "", fail(BadXML, x.at, again, "the value of the attribute %s is not quoted", word)
	}
	quote := x.data[x.at]
	x.at++
	end := bytes.IndexByte(x.data[x.at:], quote)
	if end < 0 {
		return "", fail(Truncated, x.at, again, "the value of the attribute %s does not end", word)
	}
	raw := x.data[x.at : x.at+end]
	if i := bytes.IndexByte(raw, '<'); i >= 0 {
		return "", fail(BadXML, x.at+i, "", "a bare < in the attribute %s", word)
	}
	s, err := x.unescape(raw, x.at)
	x.at += end + 1
	return s, err
}

// end reads an end tag.
func (x *xmlReader) end() (token, *Error) {
	t := token{kind: endTag, start: x.at}
	if x.depth == 0 {
		return t, fail(BadXML, x.at, "", "an end tag without a start tag")
	}
	top := x.open[len(x.open)-1]
	x.at += 2
	word, err := x.word()
	if err != nil {
		return t, err
	}
	x.skipSpace()
	if x.at == len(x.data) || x.data[x.at] != '>' {
		return t, fail(BadXML, x.at, again, "an end tag that does not end")
	}
	x.at++
	if word != top.name {
		return t, fail(BadXML, t.start, again, "%s is closed where %s should be", word, top.name)
	}
	t.end = x.at
	x.close(&t, top)
	return t, nil
}

func (x *xmlReader) close(t *token, top openTag) {
	t.name = name{space: top.space, local: top.local}
	x.open = x.open[:len(x.open)-1]
	for len(x.scopes) > 0 && x.scopes[len(x.scopes)-1].depth == x.depth {
		x.scopes = x.scopes[:len(x.scopes)-1]
	}
	x.depth--
}
