package catalogue

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// names is a set of codes of one kind, whatever their case.
type names struct {
	what string
	rows map[string]string
	l    *log
}

func newNames(what string, l *log) *names { return &names{what, map[string]string{}, l} }

// add tells a code that stands twice.
func (n *names) add(row, code string) {
	if code == "" {
		return
	}
	if other, twice := n.rows[fold(code)]; twice {
		n.l.error(row, "duplicate", fmt.Sprintf("the %s %q stands also at %s", n.what, code, other),
			"give each row a code of its own, or join the two")
		return
	}
	n.rows[fold(code)] = row
}

// refer tells a code that names nothing.
func (n *names) refer(row, code string) {
	if _, known := n.rows[fold(code)]; code != "" && !known {
		n.l.error(row, "unknown-code", fmt.Sprintf("names the %s %q, which is not in the catalogue", n.what, code),
			"correct the code or add the "+n.what)
	}
}

// checkReferences finds ids that stand twice and codes that name nothing. The
// objects are those the rows were read from, in the same order.
func checkReferences(c *Catalogue, l *log, examRows, certificationRows []object) {
	sources, policies := newNames("source", l), newNames("policy", l)
	exams, certifications := newNames("exam", l), newNames("certification", l)
	for i, s := range c.Sources {
		sources.add(fmt.Sprintf("sources[%d] (%s)", i, s.ID), s.ID)
	}
	for i, p := range c.Policies {
		policies.add(fmt.Sprintf("policies[%d] (%s)", i, p.ID), p.ID)
	}
	for i, e := range c.Exams {
		exams.add(examRows[i].row(""), e.Code)
	}
	for i, k := range c.Certifications {
		certifications.add(certificationRows[i].row(""), k.ID)
	}
	for i, e := range c.Exams {
		for k, code := range e.ReplacedBy {
			exams.refer(examRows[i].row(fmt.Sprintf("replacedBy[%d]", k)), code)
		}
	}
	for i := range c.Certifications {
		k, o := &c.Certifications[i], certificationRows[i]
		certifications.refer(o.row("legacyOf"), k.LegacyOf)
		certifications.refer(o.row("continues"), k.Continues)
		certifications.refer(o.row("succeededBy.id"), k.SucceededBy)
		if m, ok := o.object("migratesTo"); ok {
			certifications.refer(m.row("certification"), m.text("certification"))
		}
		if k.Validity.Policy != "unknown" {
			policies.refer(o.row("validity.policy"), k.Validity.Policy)
		}
		leaf := func(r *Requirement) {
			switch r.Op {
			case OpExam:
				exams.refer(r.row, r.Code)
			case OpCertification:
				certifications.refer(r.row, r.Code)
			}
		}
		k.Requires.walk(leaf)
		for _, h := range k.History {
			h.Requires.walk(leaf)
		}
	}
}

// complete gives every certification a history: one without gets a row that is
// always open, and today's requirement becomes a row where the last row differs.
func (c *Catalogue) complete(l *log, rows []object) {
	for i := range c.Certifications {
		k := &c.Certifications[i]
		if len(k.History) == 0 {
			k.History = []HistoryRow{{Requires: k.Requires}}
			continue
		}
		last := k.History[len(k.History)-1]
		if last.Requires.Equal(k.Requires) {
			continue
		}
		from, err := ParseDate(c.AsOf[:min(len(c.AsOf), len(time.DateOnly))])
		if err != nil || !from.After(last.SeenFrom) {
			l.error(rows[i].row("requires"), "history", "differs from the last row of requirementsHistory, and nothing says since when",
				"add a row with its seenFrom, or make the two equal")
			continue
		}
		l.warn(rows[i].row("requires"), "history", "differs from the last row of requirementsHistory; it counts from "+day(from),
			"add a row with its seenFrom")
		k.History = append(k.History, HistoryRow{SeenFrom: from, Requires: k.Requires})
	}
}

// checkCycles finds certifications that need each other on one day. Each day on
// which some requirement changes is looked at, and today.
func checkCycles(c *Catalogue, l *log, rows []object) {
	ids := map[string]int{}
	days := []time.Time{{}}
	for i, k := range c.Certifications {
		ids[fold(k.ID)] = i
		for _, h := range k.History {
			days = append(days, h.SeenFrom)
		}
	}
	slices.SortFunc(days, time.Time.Compare)
	told := map[string]bool{}
	for _, at := range slices.CompactFunc(days, time.Time.Equal) {
		needs := make([][]int, len(c.Certifications))
		for i := range c.Certifications {
			k := &c.Certifications[i]
			if at.Before(k.History[0].SeenFrom) {
				continue
			}
			for _, id := range k.RequirementAt(at).CertificationIDs() {
				needs[i] = append(needs[i], ids[fold(id)])
			}
		}
		for _, cycle := range cycles(needs) {
			var path []string
			for _, i := range cycle {
				path = append(path, c.Certifications[i].ID)
			}
			text := strings.Join(append(path, path[0]), " → ")
			if told[text] {
				continue
			}
			told[text] = true
			l.error(rows[cycle[0]].row("requires"), "cycle", "the certifications need each other: "+text,
				"take one of them out of the requirement of the next")
		}
	}
}

// cycles gives one cycle for each edge that closes one, starting at its
// smallest number.
func cycles(needs [][]int) [][]int {
	state := make([]int, len(needs)) // 0 unseen, 1 on the path, 2 done
	var path []int
	var found [][]int
	var visit func(i int)
	visit = func(i int) {
		state[i] = 1
		path = append(path, i)
		for _, next := range needs[i] {
			switch state[next] {
			case 0:
				visit(next)
			case 1:
				cycle := slices.Clone(path[slices.Index(path, next):])
				least := slices.Index(cycle, slices.Min(cycle))
				found = append(found, append(cycle[least:len(cycle):len(cycle)], cycle[:least]...))
			}
		}
		path = path[:len(path)-1]
		state[i] = 2
	}
	for i := range needs {
		if state[i] == 0 {
			visit(i)
		}
	}
	return found
}
