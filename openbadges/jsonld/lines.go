package jsonld

import (
	"slices"
	"strings"
)

// size is how many bytes append writes.
func (q *quad) size(labels []string) int {
	n := q.s.size(labels) + len(q.p) + len("<> ") + len(" .\n") + 1
	if q.o.literal {
		n += len(q.o.text) + len(q.o.suffix) + 2
	} else {
		n += ref{q.o.text, q.o.blank}.size(labels)
	}
	if q.g != (ref{}) {
		n += 1 + q.g.size(labels)
	}
	return n
}

func (r ref) size(labels []string) int {
	if r.blank != 0 {
		return 2 + len(labels[r.blank-1])
	}
	return 2 + len(r.iri)
}

// The order of statements is that of the code points of their lines, given the
// labels of the blank nodes. No part of a line is a prefix of another one's but by
// its end mark, so that parts can be compared one after the other.

// compareRest orders statements about the same subject.
func compareRest(a, b *quad, labels []string) int {
	if c := comparePart(a.p, b.p, '>'); c != 0 {
		return c
	}
	if a.o.literal && b.o.literal {
		if c := comparePart(a.o.text, b.o.text, '"'); c != 0 {
			return c
		}
		if c := strings.Compare(a.o.suffix, b.o.suffix); c != 0 {
			return c
		}
	} else if a.o.literal != b.o.literal { // '"' comes before '<' and '_'
		if a.o.literal {
			return -1
		}
		return 1
	} else if c := compareRef(ref{a.o.text, a.o.blank}, ref{b.o.text, b.o.blank}, labels); c != 0 {
		return c
	}
	if a.g == b.g {
		return 0
	}
	if a.g == (ref{}) { // '.' comes before '<' and '_'
		return -1
	}
	if b.g == (ref{}) {
		return 1
	}
	return compareRef(a.g, b.g, labels)
}

func compareRef(a, b ref, labels []string) int {
	switch {
	case a.blank != 0 && b.blank != 0:
		return strings.Compare(labels[a.blank-1], labels[b.blank-1])
	case a.blank != 0:
		return 1
	case b.blank != 0:
		return -1
	}
	return comparePart(a.iri, b.iri, '>')
}

// comparePart compares two texts that are both followed by end.
func comparePart(a, b string, end byte) int {
	c := strings.Compare(a, b)
	if c == 0 || len(a) == len(b) {
		return c
	}
	if c < 0 {
		if len(a) < len(b) && end > b[len(a)] && strings.HasPrefix(b, a) {
			return 1
		}
		return c
	}
	if len(b) < len(a) && end > a[len(b)] && strings.HasPrefix(a, b) {
		return -1
	}
	return c
}

// lines appends to out the statements in canonical order, each once.
func (c *canonizer) lines(out []byte) []byte {
	quads, labels := c.quads, c.labels
	runs, order := c.spans[:0], c.order[:0]
	size := 0
	for i := range quads {
		size += quads[i].size(labels)
		if i > 0 && quads[i].s == quads[i-1].s {
			runs[len(runs)-1].to++
		} else {
			runs = append(runs, span{int32(i), int32(i + 1)})
		}
	}
	// A document tells of one subject after another: sorting whole runs by subject
	// first saves most comparisons.
	slices.SortFunc(runs, func(a, b span) int { return compareRef(quads[a.from].s, quads[b.from].s, labels) })
	out = slices.Grow(out, size)
	for from := 0; from < len(runs); {
		order = order[:0]
		subject := quads[runs[from].from].s
		for from < len(runs) && quads[runs[from].from].s == subject {
			for i := runs[from].from; i < runs[from].to; i++ {
				order = append(order, i)
			}
			from++
		}
		slices.SortFunc(order, func(a, b int32) int { return compareRest(&quads[a], &quads[b], labels) })
		for i, n := range order {
			if i == 0 || compareRest(&quads[order[i-1]], &quads[n], labels) != 0 {
				out = quads[n].append(out, labels)
			}
		}
	}
	c.spans, c.order = runs, order
	return out
}
