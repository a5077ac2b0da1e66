package jsonld

import (
	"bytes"
	"crypto"
	"crypto/sha256"
	"crypto/sha512"
	"slices"
	"strings"
	"sync"
)

// Canonicalize returns the canonical N-Quads of the dataset by RDFC-1.0
// (rdf-canon, section 4), and which canonical identifier each blank node got,
// both without "_:". Of o it heeds Hash and MaxCalls. The error is an [*Error].
func (d *Dataset) Canonicalize(o Options) (nquads []byte, issued map[string]string, err error) {
	out, canonical, err := canonicalForm(nil, d.quads, d.blanks, d.distinct, o)
	if err != nil {
		return nil, nil, err
	}
	labels := d.labels
	if labels == nil {
		labels = numbered("b", d.blanks)
	}
	issued = make(map[string]string, len(labels))
	for i, label := range labels {
		if canonical[i] != "" {
			issued[label] = canonical[i]
		}
	}
	return out, issued, nil
}

// canonicalForm appends to dst the canonical form of quads that mention blank
// nodes 1 to blanks; distinct promises that none stands twice.
func canonicalForm(dst []byte, quads []quad, blanks int, distinct bool, o Options) ([]byte, []string, error) {
	if o.Hash != 0 && o.Hash != crypto.SHA256 && o.Hash != crypto.SHA384 {
		return nil, nil, refuse(Unsupported, "RDFC-1.0 hashes with SHA-256 or SHA-384, not with %s", o.Hash)
	}
	c := canonizers.Get().(*canonizer)
	defer c.release()
	c.start(quads, blanks, o)
	if !distinct {
		for n := range int32(blanks) {
			c.unique(n)
		}
	}
	if err := c.issue(); err != nil {
		return nil, nil, err
	}
	return c.lines(dst), c.labels, nil
}

// canonizer holds the state of one canonicalization (rdf-canon, section 4.2).
// Blank nodes are numbered from 0 here.
type canonizer struct {
	quads  []quad
	sha384 bool
	// mentions of node n are order[starts[n]:starts[n+1]] of quad numbers.
	starts   []int32
	mentions []int32
	hashes   []digest // first degree
	issued   []int32  // canonical number from 1, or 0
	next     int32
	labels   []string
	order    []int32

	scratch, sorted []byte
	spans           []span

	calls, maxCalls int
	steps           int
}

// digest is a hash in raw form; SHA-256 leaves the end empty.
type digest [sha512.Size384]byte

type span struct{ from, to int32 }

var canonizers = sync.Pool{New: func() any { return new(canonizer) }}

func (c *canonizer) release() {
	if cap(c.mentions) > 4096 {
		return
	}
	*c = canonizer{starts: c.starts, mentions: c.mentions, hashes: c.hashes, issued: c.issued, order: c.order, scratch: c.scratch, sorted: c.sorted, spans: c.spans}
	canonizers.Put(c)
}

// resize returns a slice of n zero elements, reusing s.
func resize[T any](s []T, n int) []T {
	s = slices.Grow(s[:0], n)[:n]
	clear(s)
	return s
}

func (c *canonizer) start(quads []quad, blanks int, o Options) {
	c.quads, c.sha384, c.maxCalls = quads, o.Hash == crypto.SHA384, o.MaxCalls
	if c.maxCalls == 0 {
		c.maxCalls = defaultMaxCalls
	}
	c.hashes, c.issued = resize(c.hashes, blanks), resize(c.issued, blanks)
	c.index(blanks)
}

// index lists the quads of each blank node, once per node.
func (c *canonizer) index(blanks int) {
	c.starts = resize(c.starts, blanks+2)
	for i := range c.quads {
		nodes, n := c.quads[i].nodes()
		for _, node := range nodes[:n] {
			c.starts[node+1]++
		}
	}
	for n := 1; n < len(c.starts); n++ {
		c.starts[n] += c.starts[n-1]
	}
	c.mentions = resize(c.mentions, int(c.starts[blanks]))
	for i := range c.quads {
		nodes, n := c.quads[i].nodes()
		for _, node := range nodes[:n] {
			at := c.starts[node]
			c.mentions[at] = int32(i)
			c.starts[node]++
		}
	}
	// Filling moved each start to the end of its list, that is, to the next start.
	copy(c.starts[1:], c.starts[:blanks])
	c.starts[0] = 0
}

// nodes returns the blank nodes of a quad, numbered from 0, each once.
func (q *quad) nodes() (list [3]int32, n int) {
	for _, b := range [...]int32{q.s.blank, q.o.blank, q.g.blank} {
		if b != 0 && !slices.Contains(list[:n], b-1) {
			list[n] = b - 1
			n++
		}
	}
	return list, n
}

// unique drops quads that stand twice in the list of node n: a dataset is a set.
// The places that get free hold -1 and are at the end of the list.
func (c *canonizer) unique(n int32) {
	list := c.mentions[c.starts[n]:c.starts[n+1]]
	kept := list[:0]
	var seen map[quad]struct{}
	if len(list) > 32 {
		seen = make(map[quad]struct{}, len(list))
	}
	for _, i := range list {
		q := &c.quads[i]
		var twice bool
		if seen != nil {
			_, twice = seen[*q]
			seen[*q] = struct{}{}
		} else {
			twice = slices.ContainsFunc(kept, func(j int32) bool { return c.quads[j] == *q })
		}
		if !twice {
			kept = append(kept, i)
		}
	}
	for i := len(kept); i < len(list); i++ {
		list[i] = -1
	}
}

// of returns the quads of node n.
func (c *canonizer) of(n int32) []int32 {
	list := c.mentions[c.starts[n]:c.starts[n+1]]
	for len(list) > 0 && list[len(list)-1] < 0 {
		list = list[:len(list)-1]
	}
	return list
}

// sum hashes data.
func (c *canonizer) sum(data []byte) (d digest) {
	if c.sha384 {
		return sha512.Sum384(data)
	}
	h := sha256.Sum256(data)
	copy(d[:], h[:])
	return d
}

// hex writes a digest in hexadecimal.
func (c *canonizer) hex(dst []byte, d *digest) []byte {
	const digits = "0123456789abcdef"
	n := sha256.Size
	if c.sha384 {
		n = len(d)
	}
	for _, b := range d[:n] {
		dst = append(dst, digits[b>>4], digits[b&15])
	}
	return dst
}

// issue gives every blank node its canonical number (rdf-canon, section 4.4.3).
func (c *canonizer) issue() error {
	blanks := len(c.issued)
	for n := range int32(blanks) {
		c.hashes[n] = c.firstDegree(n)
	}
	nodes := make([]int32, blanks)
	for i := range nodes {
		nodes[i] = int32(i)
	}
	slices.SortFunc(nodes, func(a, b int32) int { return bytes.Compare(c.hashes[a][:], c.hashes[b][:]) })
	var ties [][]int32
	for from := 0; from < blanks; {
		to := from + 1
		for to < blanks && c.hashes[nodes[to]] == c.hashes[nodes[from]] {
			to++
		}
		if to-from == 1 {
			c.number(nodes[from])
		} else {
			ties = append(ties, nodes[from:to])
		}
		from = to
	}
	for _, group := range ties {
		if err := c.breakTie(group); err != nil {
			return err
		}
	}
	c.name()
	return nil
}

// number issues the next canonical number to node n unless it has one.
func (c *canonizer) number(n int32) {
	if c.issued[n] == 0 && len(c.of(n)) > 0 {
		c.next++
		c.issued[n] = c.next
	}
}

// name turns the canonical numbers into labels.
func (c *canonizer) name() {
	canonical := numbered("c14n", int(c.next))
	c.labels = make([]string, len(c.issued))
	for n, number := range c.issued {
		if number != 0 {
			c.labels[n] = canonical[number-1]
		}
	}
}

// firstDegree hashes the quads of a node with its neighbours made anonymous
// (rdf-canon, section 4.6).
func (c *canonizer) firstDegree(n int32) digest {
	c.scratch, c.spans = c.scratch[:0], c.spans[:0]
	for _, i := range c.of(n) {
		from := len(c.scratch)
		c.scratch = c.anonymous(c.scratch, &c.quads[i], n+1)
		c.spans = append(c.spans, span{int32(from), int32(len(c.scratch))})
	}
	slices.SortFunc(c.spans, func(a, b span) int {
		return bytes.Compare(c.scratch[a.from:a.to], c.scratch[b.from:b.to])
	})
	c.sorted = c.sorted[:0]
	for _, s := range c.spans {
		c.sorted = append(c.sorted, c.scratch[s.from:s.to]...)
	}
	return c.sum(c.sorted)
}

// anonymous writes a quad with "_:a" for the node own and "_:z" for others.
func (c *canonizer) anonymous(dst []byte, q *quad, own int32) []byte {
	masked := *q
	for _, b := range [...]*int32{&masked.s.blank, &masked.o.blank, &masked.g.blank} {
		switch *b {
		case 0:
		case own:
			*b = 1
		default:
			*b = 2
		}
	}
	return masked.append(dst, anonymousLabels)
}

var anonymousLabels = strings.Fields("a z")
