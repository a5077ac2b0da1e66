package jsonld

import (
	"slices"
	"strings"

	"github.com/accolade-badges/accolade/openbadges/strictjson"
)

// writer turns one document into statements. It does the work of expansion,
// node map generation and RDF conversion (json-ld11-api, sections 5.1.2, 7.2 and
// 8.1.2) in one walk, since nothing but the statements is wanted.
type writer struct {
	quads    []quad
	blanks   int32
	labels   map[string]int32 // blank nodes that the document names itself
	compiled int              // terms of the contexts compiled for this document
}

// maxCompiled bounds what one document may make us compile; real badges need
// about 5,000 terms the first time and none after that.
const maxCompiled = 100_000

// link is where a value goes: the object of a statement, or the next item of a
// list when items is set.
type link struct {
	subject   ref
	predicate string
	graph     ref
	items     *[]object
}

func (w *writer) put(l *link, o object) {
	if l.items != nil {
		*l.items = append(*l.items, o)
		return
	}
	w.quads = append(w.quads, quad{l.subject, l.predicate, o, l.graph})
}

func (w *writer) blank() int32 {
	w.blanks++
	return w.blanks
}

// document walks the whole document.
func (w *writer) document(doc *strictjson.Value, o Options) error {
	if !doc.Is(strictjson.Object) {
		return refuse(BadValue, "a JSON-LD document is an object, not a %s", doc.Kind())
	}
	given := o.Context
	if given == nil {
		given = doc.Get("@context")
	}
	ctx, err := w.root(given, o.Edition)
	if err != nil {
		return err.under("@context")
	}
	if err := w.top(ctx, doc); err != nil {
		return err
	}
	return nil
}

// top walks the outermost object. One that has nothing but @graph stands for the
// default graph.
func (w *writer) top(ctx *context, doc *strictjson.Value) *Error {
	for i := range doc.Members() {
		switch kw := ctx.keyword(doc.Members()[i].Name); kw {
		case atContext:
		case atGraph:
			if len(doc.Members()) <= 2 && onlyGraph(ctx, doc) {
				m := &doc.Members()[i]
				if err := w.graph(ctx, &m.Value, ref{}); err != nil {
					return err.under(m.Name)
				}
				return nil
			}
		case atValue, atList, atSet:
			return refuse(BadValue, "a document is about something: %s cannot be its outermost object", quote(doc.Members()[i].Name))
		}
	}
	inner, err := w.types(ctx, doc)
	if err != nil {
		return err
	}
	return w.node(inner, ctx, doc, nil, ref{})
}

func onlyGraph(ctx *context, doc *strictjson.Value) bool {
	for i := range doc.Members() {
		if kw := ctx.keyword(doc.Members()[i].Name); kw != atGraph && kw != atContext {
			return false
		}
	}
	return true
}

// graph writes the nodes of a @graph member into the named graph.
func (w *writer) graph(ctx *context, v *strictjson.Value, name ref) *Error {
	list := v.List()
	for i := range list {
		item := &list[i]
		err := w.member(ctx, item, name)
		if err != nil {
			if v.Is(strictjson.Array) {
				err.under(i)
			}
			return err
		}
	}
	return nil
}

// member writes one node of a graph.
func (w *writer) member(ctx *context, v *strictjson.Value, name ref) *Error {
	if !v.Is(strictjson.Object) {
		return refuse(NoStatement, "a graph holds objects; a %s in it would leave no statement", v.Kind())
	}
	child, typed, err := w.enter(ctx, nil, v)
	if err != nil {
		return err
	}
	for i := range v.Members() {
		if kw := child.keyword(v.Members()[i].Name); kw == atValue || kw == atList || kw == atSet {
			return refuse(NoStatement, "a value in a graph would leave no statement")
		}
	}
	return w.node(child, typed, v, nil, name)
}

// property writes the value of one member.
func (w *writer) property(ctx *context, b *binding, v *strictjson.Value, l *link) *Error {
	switch {
	case b.coercion == toJSON:
		o, err := jsonText(v)
		if err == nil {
			w.put(l, o)
		}
		return err
	case b.container == 0 || b.container == setContainer:
		return w.value(ctx, b, v, l)
	case b.container&listContainer != 0:
		return w.listOf(ctx, b, v, l)
	case b.container&languageContainer != 0 && v.Is(strictjson.Object):
		return w.languageMap(ctx, b, v, l)
	case b.container&graphContainer != 0:
		return w.graphs(ctx, b, v, l)
	}
	return w.value(ctx, b, v, l)
}

// value writes a value, or each item of an array, as objects of the link.
func (w *writer) value(ctx *context, b *binding, v *strictjson.Value, l *link) *Error {
	switch v.Kind() {
	case strictjson.Null:
		return nil
	case strictjson.Array:
		items := v.Items()
		for i := range items {
			var err *Error
			if l.items != nil && items[i].Is(strictjson.Array) {
				err = w.listOf(ctx, b, &items[i], l)
			} else {
				err = w.value(ctx, b, &items[i], l)
			}
			if err != nil {
				return err.under(i)
			}
		}
		return nil
	case strictjson.Object:
		return w.object(ctx, b, v, l)
	}
	o, err := w.scalar(ctx, b, v)
	if err == nil {
		w.put(l, o)
	}
	return err
}

// listOf writes an RDF list of the items in v.
func (w *writer) listOf(ctx *context, b *binding, v *strictjson.Value, l *link) *Error {
	if v.Is(strictjson.Null) {
		return nil
	}
	if v.Is(strictjson.Object) && hasKeyword(ctx, v, atList) {
		return w.object(ctx, b, v, l)
	}
	var items []object
	if err := w.value(ctx, b, v, &link{graph: l.graph, items: &items}); err != nil {
		return err
	}
	w.list(items, l)
	return nil
}

// list writes the cells of an RDF list.
func (w *writer) list(items []object, l *link) {
	if len(items) == 0 {
		w.put(l, object{text: rdfNil})
		return
	}
	cell := w.blank()
	w.put(l, object{blank: cell})
	for i, o := range items {
		w.quads = append(w.quads, quad{ref{blank: cell}, rdfFirst, o, l.graph})
		rest := object{text: rdfNil}
		if i+1 < len(items) {
			rest = object{blank: w.blank()}
		}
		w.quads = append(w.quads, quad{ref{blank: cell}, rdfRest, rest, l.graph})
		cell = rest.blank
	}
}

// graphs writes each value into a graph of its own, named by a blank node.
func (w *writer) graphs(ctx *context, b *binding, v *strictjson.Value, l *link) *Error {
	list := v.List()
	for i := range list {
		item := &list[i]
		if item.Is(strictjson.Null) {
			continue
		}
		name := ref{blank: w.blank()}
		w.put(l, object{blank: name.blank})
		err := w.inGraph(ctx, b, item, name)
		if err != nil {
			if v.Is(strictjson.Array) {
				err.under(i)
			}
			return err
		}
	}
	return nil
}

func (w *writer) inGraph(ctx *context, b *binding, v *strictjson.Value, name ref) *Error {
	if !v.Is(strictjson.Object) {
		return refuse(NoStatement, "%s takes objects; a %s here would leave no statement", quote(b.name), v.Kind())
	}
	child, typed, err := w.enter(ctx, b, v)
	if err != nil {
		return err
	}
	for i := range v.Members() {
		switch child.keyword(v.Members()[i].Name) {
		case atValue, atList, atSet, atGraph:
			return refuse(Unsupported, "%s takes plain objects, not one with %s", quote(b.name), quote(v.Members()[i].Name))
		}
	}
	return w.node(child, typed, v, nil, name)
}

// languageMap writes the texts of an object whose members are language tags.
func (w *writer) languageMap(ctx *context, b *binding, v *strictjson.Value, l *link) *Error {
	direction := ctx.textDir
	if b.textDir.set {
		direction = b.textDir.value
	}
	for i := range v.Members() {
		m := &v.Members()[i]
		tag, err := languageTag(m.Name, ctx.keyword(m.Name) == atNone)
		if err != nil {
			return err.under(m.Name)
		}
		list := m.Value.List()
		for j := range list {
			if list[j].Is(strictjson.Null) {
				continue
			}
			if !list[j].Is(strictjson.String) {
				return refuse(BadValue, "a language map holds texts, not a %s", list[j].Kind()).under(m.Name)
			}
			o, err := tagged(list[j].Str(), tag, direction)
			if err != nil {
				return err.under(m.Name)
			}
			w.put(l, o)
		}
	}
	return nil
}

func hasKeyword(ctx *context, v *strictjson.Value, want keyword) bool {
	return slices.ContainsFunc(v.Members(), func(m strictjson.Member) bool { return ctx.keyword(m.Name) == want })
}

// tagged returns a text in a language and a direction, either of which may be
// empty. Directions become datatypes, as the rdfc cryptosuites of others do
// (json-ld11-api, section 8.2.2, step 13, i18n-datatype).
func tagged(s, language, direction string) (object, *Error) {
	text, err := content(s)
	o := object{text: text, literal: true}
	switch {
	case direction != "":
		o.suffix = strings.Join([]string{"^^<", i18n, language, "_", direction, ">"}, "")
	case language != "":
		o.suffix = "@" + language
	}
	return o, err
}
