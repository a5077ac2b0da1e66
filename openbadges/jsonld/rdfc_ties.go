package jsonld

import (
	"bytes"
	"slices"
	"strconv"
)

// issuer hands out temporary identifiers b0, b1 and so on in the order of asking
// (rdf-canon, section 4.5).
type issuer struct {
	order []int32 // nodes in the order of their numbers
	has   []int32 // by node: number from 1, or 0; nil while order is short
}

// searched is how many nodes an issuer searches before it keeps an index.
const searched = 16

func (s *issuer) clone() *issuer { return &issuer{slices.Clone(s.order), slices.Clone(s.has)} }

// number returns the number of a node from 1, or 0.
func (s *issuer) number(n int32) int32 {
	if s.has != nil {
		return s.has[n]
	}
	return int32(slices.Index(s.order, n) + 1)
}

// issue gives node n, one of so many, the next number.
func (s *issuer) issue(n int32, nodes int) {
	s.order = append(s.order, n)
	if s.has != nil {
		s.has[n] = int32(len(s.order))
	} else if len(s.order) > searched {
		s.has = make([]int32, nodes)
		for i, node := range s.order {
			s.has[node] = int32(i + 1)
		}
	}
}

// outcome is what the N-degree hash of a node yields.
type outcome struct {
	hash   digest
	issuer *issuer
}

// breakTie issues canonical numbers to nodes whose first-degree hashes are alike
// (rdf-canon, section 4.4.3, step 5).
func (c *canonizer) breakTie(group []int32) error {
	var results []outcome
	if c.open(group) > c.maxCalls-c.calls { // each of them takes a call
		return c.tooComplex()
	}
	for _, n := range group {
		if c.issued[n] != 0 || len(c.of(n)) == 0 {
			continue
		}
		s := new(issuer)
		s.issue(n, len(c.issued))
		r, err := c.nDegree(n, s)
		if err != nil {
			return err
		}
		results = append(results, r)
	}
	slices.SortStableFunc(results, func(a, b outcome) int { return bytes.Compare(a.hash[:], b.hash[:]) })
	for _, r := range results {
		for _, n := range r.issuer.order {
			c.number(n)
		}
	}
	return nil
}

// stepsPerCall says how many hashes, permutations and copies the budget allows
// for each call of nDegree.
const stepsPerCall = 6

// spend takes steps from the budget.
func (c *canonizer) spend(steps int) error {
	if c.steps += steps; c.calls > c.maxCalls || c.steps > c.maxCalls*stepsPerCall {
		return c.tooComplex()
	}
	return nil
}

func (c *canonizer) tooComplex() error {
	return refuse(TooComplex, "the blank nodes are too much alike: telling them apart takes more than %d steps; give them identifiers", c.maxCalls)
}

// open counts the nodes of a group that have no canonical number yet.
func (c *canonizer) open(group []int32) (n int) {
	for _, node := range group {
		if c.issued[node] == 0 {
			n++
		}
	}
	return n
}

// related is a neighbour of a node and the hash of how it is related.
type related struct {
	hash digest
	node int32
}

// nDegree hashes a node by the paths that lead from it (rdf-canon, section 4.8).
func (c *canonizer) nDegree(n int32, s *issuer) (outcome, error) {
	c.calls++
	neighbours, err := c.neighbours(n, s)
	if err != nil {
		return outcome{}, err
	}
	var data []byte
	for from := 0; from < len(neighbours); {
		to := from + 1
		for to < len(neighbours) && neighbours[to].hash == neighbours[from].hash {
			to++
		}
		data = c.hex(data, &neighbours[from].hash)
		path, chosen, err := c.shortest(neighbours[from:to], s)
		if err != nil {
			return outcome{}, err
		}
		data = append(data, path...)
		s = chosen
		from = to
	}
	return outcome{c.sum(data), s}, nil
}

// neighbours returns the nodes that share a quad with n, sorted by how.
func (c *canonizer) neighbours(n int32, s *issuer) ([]related, error) {
	quads := c.of(n)
	if err := c.spend(len(quads)); err != nil {
		return nil, err
	}
	var list []related
	for _, i := range quads {
		q := &c.quads[i]
		for _, at := range [...]struct {
			position byte
			blank    int32
		}{{'s', q.s.blank}, {'o', q.o.blank}, {'g', q.g.blank}} {
			if at.blank != 0 && at.blank != n+1 {
				list = append(list, related{c.relation(at.position, q, at.blank-1, s), at.blank - 1})
			}
		}
	}
	slices.SortFunc(list, func(a, b related) int {
		if d := bytes.Compare(a.hash[:], b.hash[:]); d != 0 {
			return d
		}
		return int(a.node - b.node)
	})
	return list, nil
}

// relation is the Hash Related Blank Node algorithm (rdf-canon, section 4.7).
func (c *canonizer) relation(position byte, q *quad, node int32, s *issuer) digest {
	in := append(c.scratch[:0], position)
	if position != 'g' {
		in = append(in, '<')
		in = append(in, q.p...)
		in = append(in, '>')
	}
	if c.issued[node] != 0 || s.number(node) != 0 {
		in = c.identifier(in, node, s)
	} else {
		in = c.hex(in, &c.hashes[node])
	}
	c.scratch = in
	return c.sum(in)
}

// identifier writes the canonical or, failing that, the temporary identifier.
func (c *canonizer) identifier(dst []byte, node int32, s *issuer) []byte {
	if number := c.issued[node]; number != 0 {
		return strconv.AppendInt(append(dst, "_:c14n"...), int64(number-1), 10)
	}
	return strconv.AppendInt(append(dst, "_:b"...), int64(s.number(node)-1), 10)
}

// shortest finds the least path through neighbours that are related alike, over
// all orders of them.
func (c *canonizer) shortest(group []related, s *issuer) ([]byte, *issuer, error) {
	order := make([]int32, len(group))
	for i := range group {
		order[i] = group[i].node
	}
	var best []byte
	var chosen *issuer
	for {
		if err := c.spend(1 + len(s.order)/64 + len(s.has)/64); err != nil {
			return nil, nil, err
		}
		path, with, err := c.path(order, s.clone(), best)
		if err != nil {
			return nil, nil, err
		}
		if path != nil && (best == nil || bytes.Compare(path, best) < 0) {
			best, chosen = path, with
		}
		if !permute(order) {
			return best, chosen, nil
		}
	}
}

// path follows the neighbours in one order. It returns nil as soon as the path
// can no longer be less than best.
func (c *canonizer) path(order []int32, s *issuer, best []byte) ([]byte, *issuer, error) {
	path := make([]byte, 0, 16*len(order))
	var unseen []int32
	for _, n := range order {
		if c.issued[n] == 0 && s.number(n) == 0 {
			unseen = append(unseen, n)
			s.issue(n, len(c.issued))
		}
		path = c.identifier(path, n, s)
		if worse(path, best) {
			return nil, nil, nil
		}
	}
	for _, n := range unseen {
		r, err := c.nDegree(n, s)
		if err != nil {
			return nil, nil, err
		}
		path = c.identifier(path, n, s)
		path = append(path, '<')
		path = c.hex(path, &r.hash)
		path = append(path, '>')
		s = r.issuer
		if worse(path, best) {
			return nil, nil, nil
		}
	}
	return path, s, nil
}

func worse(path, best []byte) bool {
	return best != nil && len(path) >= len(best) && bytes.Compare(path, best) > 0
}

// permute steps to the next order, and tells whether there was one. Starting from
// a sorted order it visits each different order once.
func permute(order []int32) bool {
	i := len(order) - 2
	for i >= 0 && order[i] >= order[i+1] {
		i--
	}
	if i < 0 {
		return false
	}
	j := len(order) - 1
	for order[j] <= order[i] {
		j--
	}
	order[i], order[j] = order[j], order[i]
	slices.Reverse(order[i+1:])
	return true
}
