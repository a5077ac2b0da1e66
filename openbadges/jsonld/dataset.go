package jsonld

import "strconv"

// IRIs of RDF and of its datatypes that the conversion itself writes.
const (
	rdfType    = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
	rdfFirst   = "http://www.w3.org/1999/02/22-rdf-syntax-ns#first"
	rdfRest    = "http://www.w3.org/1999/02/22-rdf-syntax-ns#rest"
	rdfNil     = "http://www.w3.org/1999/02/22-rdf-syntax-ns#nil"
	rdfJSON    = "http://www.w3.org/1999/02/22-rdf-syntax-ns#JSON"
	xsdString  = "http://www.w3.org/2001/XMLSchema#string"
	xsdBoolean = "http://www.w3.org/2001/XMLSchema#boolean"
	xsdInteger = "http://www.w3.org/2001/XMLSchema#integer"
	xsdDouble  = "http://www.w3.org/2001/XMLSchema#double"
	i18n       = "https://www.w3.org/ns/i18n#"
)

// Dataset is an RDF dataset: statements in the default graph and in named ones.
type Dataset struct {
	quads    []quad
	blanks   int      // how many blank nodes there are
	labels   []string // theirs, without "_:"; nil when they are to be numbered
	distinct bool     // no quad stands twice
}

// ref is a subject or the name of a graph: an IRI, a blank node by its number
// from 1, or, in place of a graph, neither.
type ref struct {
	iri   string
	blank int32
}

// object is the third part of a statement: a [ref] or a literal, whose text is
// already escaped as N-Quads wants it.
type object struct {
	text    string
	suffix  string // of a literal: empty, "^^<datatype>" or "@language"
	blank   int32
	literal bool
}

// quad is one statement.
type quad struct {
	s ref
	p string
	o object
	g ref
}

// Len returns the number of statements.
func (d *Dataset) Len() int { return len(d.quads) }

// NQuads writes the statements as N-Quads, a line each, in no particular order
// and with whatever labels the blank nodes have.
func (d *Dataset) NQuads() []byte {
	labels := d.labels
	if labels == nil {
		labels = numbered("b", d.blanks)
	}
	var out []byte
	for i := range d.quads {
		out = d.quads[i].append(out, labels)
	}
	return out
}

// numbered returns n labels, prefix and number.
func numbered(prefix string, n int) []string {
	labels := make([]string, n)
	all := make([]byte, 0, n*(len(prefix)+3))
	ends := make([]int, n)
	for i := range n {
		all = append(all, prefix...)
		all = strconv.AppendInt(all, int64(i), 10)
		ends[i] = len(all)
	}
	text, start := string(all), 0
	for i, end := range ends {
		labels[i], start = text[start:end], end
	}
	return labels
}

// append writes the statement as a line of canonical N-Quads (rdf-canon,
// section 5).
func (q *quad) append(dst []byte, labels []string) []byte {
	dst = q.s.append(dst, labels)
	dst = append(dst, " <"...)
	dst = append(dst, q.p...)
	dst = append(dst, "> "...)
	switch {
	case q.o.literal:
		dst = append(dst, '"')
		dst = append(dst, q.o.text...)
		dst = append(dst, '"')
		dst = append(dst, q.o.suffix...)
	default:
		dst = ref{q.o.text, q.o.blank}.append(dst, labels)
	}
	if q.g != (ref{}) {
		dst = append(dst, ' ')
		dst = q.g.append(dst, labels)
	}
	return append(dst, " .\n"...)
}

func (r ref) append(dst []byte, labels []string) []byte {
	if r.blank != 0 {
		dst = append(dst, "_:"...)
		return append(dst, labels[r.blank-1]...)
	}
	dst = append(dst, '<')
	dst = append(dst, r.iri...)
	return append(dst, '>')
}
