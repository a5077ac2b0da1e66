package jsonld

import (
	"strings"

	"github.com/accolade-badges/accolade/openbadges/strictjson"
)

// object writes a JSON object that is a value of b: a node, or one of the forms
// with @value, @list or @set.
func (w *writer) object(ctx *context, b *binding, v *strictjson.Value, l *link) *Error {
	inner, typed, err := w.enter(ctx, b, v)
	if err != nil {
		return err
	}
	members := v.Members()
	for i := range members {
		m := &members[i]
		kw := inner.keyword(m.Name)
		switch kw {
		case atValue:
			return w.valueObject(inner, typed, v, l)
		case atList, atSet:
			if err := alone(inner, m.Name, members); err != nil {
				return err
			}
			if b = rebind(inner, b); kw == atSet {
				err = w.value(inner, b, &m.Value, l)
			} else {
				var items []object
				if err = w.value(inner, b, &m.Value, &link{graph: l.graph, items: &items}); err == nil {
					w.list(items, l)
				}
			}
			if err != nil {
				return err.under(m.Name)
			}
			return nil
		}
	}
	return w.node(inner, typed, v, l, l.graph)
}

// alone refuses whatever else stands in an object with @list or @set.
func alone(ctx *context, name string, members []strictjson.Member) *Error {
	for i := range members {
		if n := members[i].Name; n != name && ctx.keyword(n) != atContext {
			return refuse(BadValue, "an object with %s has no other members", quote(name)).under(n)
		}
	}
	return nil
}

// node writes an object that is about something: its link from above, if any,
// its types and its properties.
func (w *writer) node(ctx, typed *context, v *strictjson.Value, l *link, graph ref) *Error {
	subject, err := w.subject(ctx, v)
	if err != nil {
		return err
	}
	if l != nil {
		w.put(l, object{text: subject.iri, blank: subject.blank})
	}
	before := len(w.quads)
	out := link{subject: subject, graph: graph}
	members := v.Members()
	for i := range members {
		m := &members[i]
		b := ctx.terms[m.Name]
		switch {
		case b == nil:
			err = w.unbound(ctx, typed, m, &out)
		case b.keyword != noKeyword:
			err = w.keyword(ctx, typed, b.keyword, m, &out)
		case b.iri == "":
			err = refuse(UndefinedTerm, "the context takes the meaning of %s away", quote(m.Name))
		default:
			out.predicate = b.iri
			err = w.property(ctx, b, &m.Value, &out)
		}
		if err != nil {
			return err.under(m.Name)
		}
	}
	if l == nil && len(w.quads) == before {
		return refuse(NoStatement, "the object says nothing about what it names")
	}
	return nil
}

// subject returns what a node object is about.
func (w *writer) subject(ctx *context, v *strictjson.Value) (s ref, err *Error) {
	members := v.Members()
	found := false
	for i := range members {
		m := &members[i]
		if ctx.keyword(m.Name) != atID {
			continue
		}
		switch {
		case found:
			err = refuse(BadValue, "the identifier is given twice")
		case !m.Value.Is(strictjson.String):
			err = refuse(BadValue, "an identifier is a string, not a %s", m.Value.Kind())
		default:
			s, err = w.reference(ctx, m.Value.Str())
		}
		if err != nil {
			return s, err.under(m.Name)
		}
		found = true
	}
	if !found {
		s.blank = w.blank()
	}
	return s, nil
}

// unbound writes a member whose name is no term: a keyword, an IRI, a compact
// IRI, or a word under @vocab.
func (w *writer) unbound(ctx, typed *context, m *strictjson.Member, out *link) *Error {
	if strings.HasPrefix(m.Name, "@") {
		return w.keyword(ctx, typed, keywordOf(m.Name), m, out)
	}
	iri := expandPrefix(ctx, m.Name)
	if !strings.Contains(m.Name, ":") {
		if ctx.vocab == "" {
			return refuse(UndefinedTerm, "no context defines the member %s, so no signature would cover it", quote(m.Name))
		}
		iri = ctx.vocab + m.Name
	}
	if err := checkIRI(iri); err != nil {
		return err
	}
	out.predicate = iri
	return w.value(ctx, &binding{term: &term{iri: iri}, name: m.Name}, &m.Value, out)
}

// keyword writes a member that is a keyword or stands for one.
func (w *writer) keyword(ctx, typed *context, kw keyword, m *strictjson.Member, out *link) *Error {
	switch kw {
	case atID, atContext:
		return nil
	case atType:
		return w.rdfTypes(typed, &m.Value, out)
	case atGraph:
		return w.graph(ctx, &m.Value, out.subject)
	case noKeyword:
		return refuse(UndefinedTerm, "%s has the form of a keyword but is none", quote(m.Name))
	case atOther, atNone:
		return refuse(Unsupported, "the keyword %s is not taken in a document", quote(m.Name))
	}
	return refuse(BadValue, "%s stands in an object without @value", quote(m.Name))
}

// rdfTypes writes the types of a node.
func (w *writer) rdfTypes(ctx *context, v *strictjson.Value, out *link) *Error {
	out.predicate = rdfType
	if v.Is(strictjson.String) {
		t, err := w.word(ctx, v.Str())
		if err == nil {
			w.put(out, object{text: t.iri, blank: t.blank})
		}
		return err
	}
	if !v.Is(strictjson.Array) {
		return refuse(BadValue, "a type is a string or a list of strings, not a %s", v.Kind())
	}
	for i := range v.Items() {
		item := &v.Items()[i]
		if !item.Is(strictjson.String) {
			return refuse(BadValue, "a type is a string, not a %s", item.Kind()).under(i)
		}
		t, err := w.word(ctx, item.Str())
		if err != nil {
			return err.under(i)
		}
		w.put(out, object{text: t.iri, blank: t.blank})
	}
	return nil
}

// reference resolves an identifier: an IRI, a compact IRI or a blank node.
func (w *writer) reference(ctx *context, s string) (ref, *Error) {
	if strings.HasPrefix(s, "_:") {
		return w.labelled(s)
	}
	s = expandPrefix(ctx, s)
	return ref{iri: s}, checkIRI(s)
}

// word resolves a type, or a value that is looked up among the terms.
func (w *writer) word(ctx *context, s string) (ref, *Error) {
	if b := ctx.terms[s]; b != nil {
		if b.iri == "" {
			return ref{}, refuse(BadValue, "%s stands for no IRI", quote(s))
		}
		return ref{iri: b.iri}, nil
	}
	if strings.IndexByte(s, ':') < 0 {
		if ctx.vocab == "" || strings.HasPrefix(s, "@") {
			return ref{}, refuse(UndefinedTerm, "no context defines %s, so no signature would cover it", quote(s))
		}
		s = ctx.vocab + s
		return ref{iri: s}, checkIRI(s)
	}
	return w.reference(ctx, s)
}

// labelled returns the blank node that the document calls s.
func (w *writer) labelled(s string) (ref, *Error) {
	if !blankLabel(s) {
		return ref{}, refuse(BadIRI, "%s is not a blank node identifier", quote(s))
	}
	n, ok := w.labels[s]
	if !ok {
		if w.labels == nil {
			w.labels = map[string]int32{}
		}
		n = w.blank()
		w.labels[s] = n
	}
	return ref{blank: n}, nil
}

// expandPrefix writes a compact IRI in full and returns anything else as it is.
func expandPrefix(ctx *context, s string) string {
	i := strings.IndexByte(s, ':')
	if i <= 0 || strings.HasPrefix(s[i+1:], "//") {
		return s
	}
	if b := ctx.terms[s[:i]]; b != nil && b.prefix && b.iri != "" {
		return b.iri + s[i+1:]
	}
	return s
}
