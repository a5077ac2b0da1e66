package catalogue

import (
	"slices"
	"time"
)

// Op is the kind of a requirement expression.
type Op string

// The kinds of expression.
const (
	OpExam          Op = "exam"
	OpCertification Op = "certification"
	OpAll           Op = "all"
	OpAny           Op = "any"
	OpAtLeast       Op = "atLeast"
	// OpPractical is something that is no exam in the data; no rule meets it.
	OpPractical Op = "practical"
)

// Moments at which a required certification must be active.
const (
	// WhenAwarded is the deciding moment, the default.
	WhenAwarded = ""
	// WhenExamTaken is the moment at which the exams that stand beside the
	// certification were taken.
	WhenExamTaken = "exam"
)

// Requirement is one expression of what a certification needs.
type Requirement struct {
	Op Op
	// Code is the exam's code, the certification's id, or the words of a
	// practical.
	Code string
	// N is the number of parts that atLeast asks for.
	N int
	// Of are the parts of all, any and atLeast.
	Of []*Requirement
	// Held of a certification means that it is enough to have held it once:
	// mustBe "held". The default, mustBe "active", asks for one that is held,
	// not expired, not revoked and not suspended.
	Held bool
	// When is [WhenAwarded] or [WhenExamTaken]; WhenText is how the file words
	// it.
	When, WhenText string

	row string // where the file has it, for findings
}

// Equal reports whether two expressions ask for the same in the same order.
func (r *Requirement) Equal(s *Requirement) bool {
	if r == nil || s == nil {
		return r == s
	}
	return r.Op == s.Op && r.Code == s.Code && r.N == s.N && r.Held == s.Held && r.When == s.When &&
		slices.EqualFunc(r.Of, s.Of, (*Requirement).Equal)
}

// walk visits the expression and all its parts.
func (r *Requirement) walk(visit func(*Requirement)) {
	if r == nil {
		return
	}
	visit(r)
	for _, part := range r.Of {
		part.walk(visit)
	}
}

// codes lists what the leaves of one kind name, each once.
func (r *Requirement) codes(op Op) []string {
	var list []string
	r.walk(func(q *Requirement) {
		if q.Op == op && !slices.Contains(list, q.Code) {
			list = append(list, q.Code)
		}
	})
	return list
}

// ExamCodes lists the exams that the expression names itself, each once.
func (r *Requirement) ExamCodes() []string { return r.codes(OpExam) }

// CertificationIDs lists the certifications that the expression names, each
// once.
func (r *Requirement) CertificationIDs() []string { return r.codes(OpCertification) }

// RequirementAt gives the requirement in force at a moment: the row seen last
// before it, or the first row. It is nil when that row tells none.
func (c *Certification) RequirementAt(at time.Time) *Requirement {
	row := c.History[0]
	for _, next := range c.History[1:] {
		if at.Before(next.SeenFrom) {
			break
		}
		row = next
	}
	return row.Requires
}
