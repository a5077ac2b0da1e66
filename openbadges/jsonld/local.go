package jsonld

import (
	"strings"

	"github.com/accolade-badges/accolade/openbadges/strictjson"
)

// localContext is one element of an @context as it is written, before it meets
// an active context.
type localContext struct {
	null                     bool   // the element is null
	url                      string // the element names another context
	protected                bool
	propagate                *bool
	vocab, language, textDir setting
	terms                    []localTerm
}

// setting is an entry that may be left out, null, or a string.
type setting struct {
	set, null bool
	value     string
}

// localTerm is a term definition as it is written.
type localTerm struct {
	name string
	// simple marks the short form, "name": "IRI", which may serve as a prefix.
	simple            bool
	id                setting
	typ               string
	container         container
	language, textDir setting
	protected, prefix *bool
	scope             []localContext // nil when there is none
}

// container is the set of @container keywords of a term.
type container uint8

const (
	setContainer container = 1 << iota
	listContainer
	graphContainer
	languageContainer
)

func containerOf(keyword string) (container, bool) {
	switch keyword {
	case "@set":
		return setContainer, true
	case "@list":
		return listContainer, true
	case "@graph":
		return graphContainer, true
	case "@language":
		return languageContainer, true
	}
	return 0, false
}

// parseLocal reads the value of an @context member: null, a URL, an object, or
// an array of these.
func parseLocal(v *strictjson.Value) ([]localContext, *Error) {
	if v.Is(strictjson.Array) {
		list := make([]localContext, 0, len(v.Items()))
		for i := range v.Items() {
			c, err := parseElement(&v.Items()[i])
			if err != nil {
				return nil, err.under(i)
			}
			list = append(list, c)
		}
		return list, nil
	}
	c, err := parseElement(v)
	if err != nil {
		return nil, err
	}
	return []localContext{c}, nil
}

func parseElement(v *strictjson.Value) (c localContext, err *Error) {
	switch v.Kind() {
	case strictjson.Null:
		return localContext{null: true}, nil
	case strictjson.String:
		return localContext{url: v.Str()}, nil
	case strictjson.Object:
	default:
		return c, refuse(BadContext, "a context is an address, an object or null, not a %s", v.Kind())
	}
	for _, m := range v.Members() {
		switch m.Name {
		case "@version":
			if m.Value.Literal() != "1.1" {
				err = refuse(BadContext, "@version can only be 1.1")
			}
		case "@protected":
			c.protected, err = boolean(&m.Value)
		case "@propagate":
			var b bool
			b, err = boolean(&m.Value)
			c.propagate = &b
		case "@vocab":
			c.vocab, err = text(&m.Value)
		case "@language":
			c.language, err = text(&m.Value)
		case "@direction":
			c.textDir, err = text(&m.Value)
		case "@base", "@import":
			err = refuse(Unsupported, "%s is not taken; write absolute addresses and the terms themselves", m.Name)
		default:
			var t localTerm
			t, err = parseTerm(m.Name, &m.Value)
			c.terms = append(c.terms, t)
		}
		if err != nil {
			return c, err.under(m.Name)
		}
	}
	return c, nil
}

func parseTerm(name string, v *strictjson.Value) (t localTerm, err *Error) {
	t.name = name
	switch v.Kind() {
	case strictjson.Null:
		t.id = setting{set: true, null: true}
		return t, nil
	case strictjson.String:
		t.simple, t.id = true, setting{set: true, value: v.Str()}
		return t, nil
	case strictjson.Object:
	default:
		return t, refuse(BadContext, "a term is defined by an IRI, an object or null, not by a %s", v.Kind())
	}
	for _, m := range v.Members() {
		switch m.Name {
		case "@id":
			t.id, err = text(&m.Value)
		case "@type":
			if t.typ = m.Value.Str(); t.typ == "" {
				err = refuse(BadContext, "@type must be an IRI or a keyword")
			}
		case "@container":
			t.container, err = parseContainer(&m.Value)
		case "@language":
			t.language, err = text(&m.Value)
		case "@direction":
			t.textDir, err = text(&m.Value)
		case "@protected":
			var b bool
			b, err = boolean(&m.Value)
			t.protected = &b
		case "@prefix":
			var b bool
			b, err = boolean(&m.Value)
			t.prefix = &b
		case "@context":
			t.scope, err = parseLocal(&m.Value)
		case "@reverse", "@nest", "@index":
			err = refuse(Unsupported, "%s in a term definition is not taken", m.Name)
		default:
			err = refuse(BadContext, "a term definition has no member of this name")
		}
		if err != nil {
			return t, err.under(m.Name)
		}
	}
	return t, nil
}

func parseContainer(v *strictjson.Value) (container, *Error) {
	var all container
	for _, item := range v.List() {
		c, ok := containerOf(item.Str())
		if !ok {
			return 0, refuse(Unsupported, "the container %s is not taken", item.Append(nil))
		}
		all |= c
	}
	switch rest := all &^ setContainer; {
	case all == 0:
		return 0, refuse(BadContext, "an empty @container")
	case rest == listContainer && all != rest, rest&(rest-1) != 0:
		return 0, refuse(BadContext, "these containers cannot be combined")
	}
	return all, nil
}

func text(v *strictjson.Value) (setting, *Error) {
	switch {
	case v.Is(strictjson.Null):
		return setting{set: true, null: true}, nil
	case v.Is(strictjson.String):
		return setting{set: true, value: v.Str()}, nil
	}
	return setting{}, refuse(BadContext, "must be a string or null, not a %s", v.Kind())
}

func boolean(v *strictjson.Value) (bool, *Error) {
	if !v.Is(strictjson.Bool) {
		return false, refuse(BadContext, "must be true or false")
	}
	return v.True(), nil
}

// looksLikeKeyword tells whether s has the form that JSON-LD reserves for
// keywords: an at sign and letters.
func looksLikeKeyword(s string) bool {
	return len(s) > 1 && s[0] == '@' && strings.Trim(s[1:], "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
}
