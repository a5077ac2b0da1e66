package catalogue

import (
	"slices"
	"strings"
	"time"
)

// defaultGrace is how many months a retired exam or a replaced requirement goes
// on to count.
const defaultGrace = 12

// set is a set of small numbers.
type set []uint64

func newSet(n int) set { return make(set, (n+63)/64) }

func (s set) add(i int)      { s[i/64] |= 1 << (i % 64) }
func (s set) has(i int) bool { return s[i/64]&(1<<(i%64)) != 0 }
func (s set) union(t set) {
	for i := range t {
		s[i] |= t[i]
	}
}

// index is the catalogue made ready for deciding: codes are numbers, windows
// are computed, and certifications stand in an order in which each comes after
// those it needs.
type index struct {
	exams, certifications map[string]int
	rules                 []rule
	order                 []int
	// loops says that certifications need each other over time, so that one
	// round in order may not be enough.
	loops bool
	// touches holds, for each exam, the certifications that may hang on it.
	touches []set
}

// rule is one certification made ready.
type rule struct {
	rows []window
	// closes is the moment from which the certification is not attained any
	// more, zero for never; why says the reason.
	closes time.Time
	why    string
	exams  []int // all exams of all rows
	needs  []int // all certifications of all rows, with their earlier lines
}

// window is one requirement row with the time in which it counts.
type window struct {
	from, until time.Time // until is exclusive, zero for open
	root        *part     // nil for a row that tells no requirement
	exams       bool      // the row names an exam
}

// part is a requirement with its codes turned into numbers.
type part struct {
	*Requirement
	of []*part
	// exam is the number of the exam, lines those of the certification and of
	// the earlier pages of its line.
	exam  int
	lines []int
	// until is when the exam stops counting, exclusive, zero for never.
	until time.Time
	// guards must hold at the moment at which the exam was taken.
	guards []*part
}

func newIndex(c *Catalogue) *index {
	x := &index{exams: map[string]int{}, certifications: map[string]int{}}
	for i, e := range c.Exams {
		x.exams[fold(e.Code)] = i
	}
	for i, k := range c.Certifications {
		x.certifications[fold(k.ID)] = i
	}
	earlier := x.earlierLines(c)
	grace := c.grace()
	x.rules = make([]rule, len(c.Certifications))
	for i := range c.Certifications {
		x.rules[i] = x.newRule(c, &c.Certifications[i], earlier, grace)
	}
	x.sort()
	x.spread(len(c.Exams))
	return x
}

// grace reads the months that a retired exam goes on to count from the policy
// "retired-exam-grace", which may carry the programme's prefix.
func (c *Catalogue) grace() int {
	for _, p := range c.Policies {
		if p.Months > 0 && strings.HasSuffix("-"+p.ID, "-retired-exam-grace") {
			return p.Months
		}
	}
	return defaultGrace
}

// earlierLines gives for each certification the legacy versions and earlier
// pages whose holders hold it too.
func (x *index) earlierLines(c *Catalogue) [][]int {
	direct := make([][]int, len(c.Certifications))
	link := func(newer string, older int) {
		if i, ok := x.certifications[fold(newer)]; ok && newer != "" && i != older && !slices.Contains(direct[i], older) {
			direct[i] = append(direct[i], older)
		}
	}
	for i, k := range c.Certifications {
		link(k.LegacyOf, i)
		link(k.SucceededBy, i)
		if older, ok := x.certifications[fold(k.Continues)]; ok && k.Continues != "" {
			link(k.ID, older)
		}
	}
	all := make([][]int, len(direct))
	for i := range direct {
		lines := []int{i}
		for k := 0; k < len(lines); k++ {
			for _, older := range direct[lines[k]] {
				if !slices.Contains(lines, older) {
					lines = append(lines, older)
				}
			}
		}
		all[i] = lines
	}
	return all
}

func (x *index) newRule(c *Catalogue, k *Certification, earlier [][]int, grace int) rule {
	r := rule{}
	if !k.RetiredOn.IsZero() {
		r.closes = k.RetiredOn.AddDate(0, 0, 1)
		r.why = "it retired on " + day(k.RetiredOn)
	}
	if s := k.SucceededOn; !s.IsZero() && (r.closes.IsZero() || s.Before(r.closes)) {
		r.closes = s
		r.why = "since " + day(s) + " it goes on as " + k.SucceededBy
	}
	for i, h := range k.History {
		w := window{from: h.SeenFrom}
		var replaced time.Time
		if i+1 < len(k.History) {
			replaced = AddMonths(k.History[i+1].SeenFrom, grace)
		}
		if h.Requires != nil {
			w.root = x.newPart(c, h.Requires, earlier, grace, replaced)
			w.exams = len(h.Requires.ExamCodes()) > 0
		}
		if !w.exams {
			w.until = replaced
		}
		r.rows = append(r.rows, w)
		h.Requires.walk(func(q *Requirement) {
			switch q.Op {
			case OpExam:
				if e := x.exams[fold(q.Code)]; !slices.Contains(r.exams, e) {
					r.exams = append(r.exams, e)
				}
			case OpCertification:
				for _, n := range earlier[x.certifications[fold(q.Code)]] {
					if !slices.Contains(r.needs, n) {
						r.needs = append(r.needs, n)
					}
				}
			}
		})
	}
	return r
}

func (x *index) newPart(c *Catalogue, r *Requirement, earlier [][]int, grace int, replaced time.Time) *part {
	p := &part{Requirement: r, exam: -1}
	switch r.Op {
	case OpExam:
		p.exam = x.exams[fold(r.Code)]
		p.until = replaced
		if retired := c.Exams[p.exam].RetiredOn; !retired.IsZero() {
			p.until = AddMonths(retired, grace).AddDate(0, 0, 1)
		}
	case OpCertification:
		p.lines = earlier[x.certifications[fold(r.Code)]]
	}
	for _, q := range r.Of {
		p.of = append(p.of, x.newPart(c, q, earlier, grace, replaced))
	}
	if r.Op == OpAll {
		p.guard()
	}
	return p
}

// guard moves the parts that must hold when the exam is taken from an all to
// the exams beside them.
func (p *part) guard() {
	var guards, others []*part
	beside := false
	for _, q := range p.of {
		if len(q.ExamCodes()) == 0 && q.atExam() {
			guards = append(guards, q)
			continue
		}
		others = append(others, q)
		beside = beside || len(q.ExamCodes()) > 0
	}
	if len(guards) == 0 || !beside {
		return
	}
	p.of = others
	for _, q := range others {
		q.addGuards(guards)
	}
}

func (p *part) atExam() bool {
	found := false
	p.walk(func(r *Requirement) { found = found || r.Op == OpCertification && r.When == WhenExamTaken })
	return found
}

func (p *part) addGuards(guards []*part) {
	if p.Op == OpExam {
		p.guards = append(p.guards, guards...)
	}
	for _, q := range p.of {
		q.addGuards(guards)
	}
}

// sort puts certifications after those they need.
func (x *index) sort() {
	state := make([]int, len(x.rules))
	var visit func(i int)
	visit = func(i int) {
		state[i] = 1
		for _, n := range x.rules[i].needs {
			switch state[n] {
			case 0:
				visit(n)
			case 1:
				x.loops = true
			}
		}
		state[i] = 2
		x.order = append(x.order, i)
	}
	for i := range x.rules {
		if state[i] == 0 {
			visit(i)
		}
	}
}

// spread finds for each exam the certifications that may hang on it.
func (x *index) spread(exams int) {
	neededBy := make([][]int, len(x.rules))
	for i, r := range x.rules {
		for _, n := range r.needs {
			neededBy[n] = append(neededBy[n], i)
		}
	}
	x.touches = make([]set, exams)
	for e := range x.touches {
		x.touches[e] = newSet(len(x.rules))
	}
	for i, r := range x.rules {
		reach := newSet(len(x.rules))
		queue := []int{i}
		reach.add(i)
		for len(queue) > 0 {
			n := queue[0]
			queue = queue[1:]
			for _, up := range neededBy[n] {
				if !reach.has(up) {
					reach.add(up)
					queue = append(queue, up)
				}
			}
		}
		for _, e := range r.exams {
			x.touches[e].union(reach)
		}
	}
}
