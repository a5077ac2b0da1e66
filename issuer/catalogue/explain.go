package catalogue

import (
	"fmt"
	"strings"
	"time"
)

func (w *work) explainAttained(i, row int, d *Decision) []string {
	k := &w.c.Certifications[i]
	var b strings.Builder
	for n, u := range w.used {
		if n > 0 {
			b.WriteString(", ")
		}
		if u.pass != nil {
			b.WriteString("exam " + w.c.examCode(u.pass) + " passed on " + day(u.pass.At))
		} else {
			b.WriteString("the certification " + w.c.Certifications[u.certification].ID + ", active from " + day(u.span.from))
		}
	}
	if from := k.History[row].SeenFrom; from.IsZero() {
		b.WriteString(": the requirement is met")
	} else {
		b.WriteString(": the requirement of " + day(from) + " is met")
	}
	expiry := w.c.terms(k, d.AttainedAt).words()
	if !d.ExpiresAt.IsZero() {
		expiry = "expires on " + day(d.ExpiresAt) + ": " + expiry
	}
	return []string{b.String(), expiry}
}

func (c *Catalogue) examCode(p *Pass) string {
	if e, ok := c.Exam(p.Exam); ok {
		return e.Code
	}
	return p.Exam
}

func explainHeld(s span) []string {
	text := "held since " + day(s.from)
	if s.until.IsZero() {
		text += ", without expiry"
	} else {
		text += ", until " + day(s.until)
	}
	if s.suspended {
		text += "; it is suspended"
	}
	return []string{text}
}

// explainMissing says why a certification is not attained: the reasons of the
// row that comes nearest at the last relevant moment.
func (w *work) explainMissing(i int) []string {
	r, k := &w.c.index.rules[i], &w.c.Certifications[i]
	var reasons []string
	for _, p := range w.future {
		if w.c.index.touches[w.c.index.exams[fold(p.Exam)]].has(i) {
			reasons = append(reasons, fmt.Sprintf("the pass of exam %s on %s is in the future and does not count", w.c.examCode(&p), day(p.At)))
		}
	}
	if k.Hidden {
		return append(reasons, "it is a hidden legacy version and is not awarded any more")
	}
	t := w.now
	if m := w.moments(i); len(m) > 0 {
		t = m[len(m)-1]
	}
	for _, s := range w.spans[i] {
		if !s.revoked && !s.until.IsZero() && s.until.After(t) && !s.until.After(w.now) {
			t = s.until // what counts after a term is judged from its end on
		}
	}
	barred := w.barred(i)
	if !barred.IsZero() && !t.After(barred) {
		t = barred.Add(1) // and after a revocation by hand, what comes behind it
	}
	for _, s := range w.spans[i] {
		if s.revoked && !s.from.After(t) {
			reasons = append(reasons, "its award of "+day(s.from)+" is revoked")
		}
	}
	if !r.closes.IsZero() && !t.Before(r.closes) {
		return append(reasons, fmt.Sprintf("it is not attained on %s any more: %s", day(t), r.why))
	}
	floor, lapse := w.floor(i, t), w.lapse(i, t)
	switch {
	case !barred.IsZero() && !barred.Before(lapse):
		reasons = append(reasons, "it was revoked by hand on "+day(barred)+"; all required exams must be passed again after that")
	case !lapse.IsZero():
		reasons = append(reasons, "it expired on "+day(lapse)+"; all required exams must be passed again from then on")
	}
	for _, e := range r.exams {
		if until := closedAt(r, e, t); !until.IsZero() && len(w.passes[e]) > 0 {
			reasons = append(reasons, fmt.Sprintf("exam %s counted towards it until %s", w.c.Exams[e].Code, day(until)))
		}
	}
	return append(reasons, w.nearest(r, t, floor)...)
}

// closedAt gives the moment at which an exam stopped counting in every row, the
// zero time when it counts in one at t.
func closedAt(r *rule, exam int, t time.Time) time.Time {
	var latest time.Time
	var look func(p *part) bool
	look = func(p *part) bool {
		if p.Op == OpExam && p.exam == exam {
			if p.until.IsZero() || t.Before(p.until) {
				return false
			}
			if p.until.After(latest) {
				latest = p.until
			}
		}
		for _, q := range p.of {
			if !look(q) {
				return false
			}
		}
		return true
	}
	for _, row := range r.rows {
		if row.root != nil && !look(row.root) {
			return time.Time{}
		}
	}
	return latest
}

// nearest lists what is missing in the row that comes nearest: among those open
// at t the one that lacks least, the newer one of two.
func (w *work) nearest(r *rule, t, floor time.Time) []string {
	var nearest []string
	for n := len(r.rows) - 1; n >= 0; n-- {
		if !r.rows[n].open(t) {
			continue
		}
		if missing := w.missingOf(&r.rows[n], t, floor); nearest == nil || len(missing) < len(nearest) {
			nearest = missing
		}
	}
	switch {
	case nearest != nil:
		return nearest
	case t.Before(r.rows[0].from):
		return []string{fmt.Sprintf("its first requirement counts from %s, after %s", day(r.rows[0].from), day(t))}
	}
	return []string{fmt.Sprintf("no requirement counts on %s", day(t))}
}

// missingOf lists what one row that is open at t lacks. It is never empty.
func (w *work) missingOf(row *window, t, floor time.Time) []string {
	if row.root == nil {
		return []string{"the catalogue tells no requirement, so no rule awards it"}
	}
	if missing := w.missing(row.root, t, floor); len(missing) > 0 {
		return missing
	}
	w.used = w.used[:0]
	if at, _ := w.eval(row.root, t, floor); at.Before(row.from) {
		return []string{fmt.Sprintf("all of it was met on %s, before the requirement counts from %s", day(at), day(row.from))}
	}
	return []string{"all of it is met, and an award that is held or revoked stands for it"}
}

// missing lists, in sentences, the parts of a requirement that are not met.
func (w *work) missing(p *part, t, floor time.Time) []string {
	w.used, w.latest = w.used[:0], false
	if _, ok := w.eval(p, t, floor); ok {
		return nil
	}
	switch p.Op {
	case OpExam:
		return []string{w.missingExam(p, t, floor)}
	case OpCertification:
		return []string{"needs " + w.missingCertification(p, t)}
	case OpPractical:
		return []string{fmt.Sprintf("needs the practical %q, which no rule decides", p.Code)}
	}
	var parts []string
	met := 0
	for _, q := range p.of {
		lacks := w.missing(q, t, floor)
		if len(lacks) == 0 {
			met++
		}
		if p.Op == OpAll {
			parts = append(parts, lacks...)
		} else if len(lacks) > 0 {
			parts = append(parts, strings.TrimPrefix(strings.Join(lacks, " and "), "needs "))
		}
	}
	switch p.Op {
	case OpAny:
		if len(parts) == 1 {
			return []string{"needs " + parts[0]}
		}
		return []string{"needs one of: " + strings.Join(parts, "; ")}
	case OpAtLeast:
		return []string{fmt.Sprintf("needs %d of %d, has %d; open: %s", p.N, len(p.of), met, strings.Join(parts, "; "))}
	}
	return parts
}

func (w *work) missingExam(p *part, t, floor time.Time) string {
	e := &w.c.Exams[p.exam]
	name := "exam " + e.Code
	if e.Title != "" {
		name += " (" + e.Title + ")"
	}
	if !p.until.IsZero() && !t.Before(p.until) {
		return fmt.Sprintf("needs %s, which counted here until %s", name, day(p.until))
	}
	var last *Pass
	for n, pass := range w.passes[p.exam] {
		if !pass.At.After(t) {
			last = &w.passes[p.exam][n]
		}
	}
	switch {
	case last == nil:
		return "needs " + name + ": no pass recorded"
	case last.At.Before(floor):
		return fmt.Sprintf("needs %s again: last passed on %s", name, day(last.At))
	case last.At.Before(e.AvailableFrom):
		return fmt.Sprintf("needs %s: the pass of %s is before the exam was available on %s", name, day(last.At), day(e.AvailableFrom))
	}
	for _, g := range p.guards {
		if lacks := w.missing(g, last.At, time.Time{}); len(lacks) > 0 {
			return fmt.Sprintf("the pass of exam %s does not count: it %s", e.Code, strings.Join(lacks, " and "))
		}
	}
	return "needs " + name
}

// missingCertification words why a required certification does not count at t.
func (w *work) missingCertification(p *part, t time.Time) string {
	text := "the certification " + p.Code
	if p.Held {
		text += ", held by " + day(t)
	} else {
		text += ", active on " + day(t)
	}
	var last *span
	for _, i := range p.lines {
		for n := range w.spans[i] {
			s := &w.spans[i][n]
			if last == nil || s.from.After(last.from) {
				last = s
			}
		}
	}
	switch {
	case last == nil:
		return text + "; it is not held"
	case last.revoked:
		return text + "; it is revoked"
	case t.Before(last.from):
		return text + "; it is held from " + day(last.from) + " only"
	case last.suspended:
		return text + "; it is suspended"
	}
	return text + "; it expired on " + day(last.until)
}
