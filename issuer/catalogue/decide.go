package catalogue

import (
	"cmp"
	"slices"
	"time"
)

// Pass is one passed exam of a candidate.
type Pass struct {
	// ResultID is the caller's id of the result; it comes back in
	// [Decision.Results].
	ResultID string
	Exam     string
	At       time.Time
}

// Held is a certification that the candidate was awarded. Give every award of
// the candidate, the expired and revoked ones too: they decide what a new pass
// is worth.
type Held struct {
	Certification string
	AwardedAt     time.Time
	// ExpiresAt is the current expiry, after any renewals; zero means never.
	ExpiresAt          time.Time
	Revoked, Suspended bool
	// ByHand says that a person decided on the revocation, at RevokedAt, and it
	// did not follow from a result that was withdrawn: what was passed until
	// then does not count towards the certification again.
	ByHand    bool
	RevokedAt time.Time
}

// Decision is what the rules say about one certification and one candidate.
type Decision struct {
	Certification string
	// Attained says that the requirement is met anew: an award is due.
	Attained bool
	// AttainedAt is the deciding moment: the later of the last pass and the
	// moment at which a required certification became active.
	AttainedAt time.Time
	// RuleFrom is the SeenFrom of the [HistoryRow] that is met, zero for one
	// that counts since ever. It may have been replaced by AttainedAt:
	// [Catalogue.AchievementUnder] tells what it asks for.
	RuleFrom time.Time
	// ExpiresAt is zero for never.
	ExpiresAt time.Time
	// Results are the ids of the results that counted, the oldest first, and
	// Deciding the one that was the last to be needed; it is "" when an award
	// held before was the last.
	Results  []string
	Deciding string
	// Through are the certifications that counted.
	Through []string
	// Badge says whether what is attained at that moment earns a badge
	// ([Certification.BadgeFrom]).
	Badge bool
	// Reasons are sentences: what was met, or what is missing.
	Reasons []string
	// HeldAlready says that the certification is held and current (or
	// suspended), so that nothing is due; AttainedAt and ExpiresAt are those of
	// the award that is held.
	HeldAlready bool
}

// Decide says which certifications a candidate has attained. It is a pure
// function of its arguments, and the order of passes and held does not matter,
// nor does a result that is given twice.
//
// With only nil it decides every certification that the passes touch, directly
// or through others; otherwise those named. A certification attained in the
// same call counts for another one. Passes after now never count.
//
// A certification appears once in the answer, in the order of the file, unless
// it was attained several times, one term after the other; then each new
// attainment has a Decision of its own, the oldest first. Two terms of one
// certification never overlap: after an expiry, every required exam must have
// been passed at or after that moment.
func (c *Catalogue) Decide(passes []Pass, held []Held, only []string, now time.Time) []Decision {
	w := newWork(c, passes, held, now)
	wanted, unknown := w.wanted(only)
	w.settle(wanted)
	var decisions []Decision
	for i := range c.Certifications {
		if wanted.has(i) {
			decisions = append(decisions, w.decisions(i)...)
		}
	}
	for _, id := range unknown {
		decisions = append(decisions, Decision{Certification: id, Reasons: []string{"the catalogue has no certification " + id}})
	}
	return decisions
}

// work is the state of one call of Decide.
type work struct {
	c   *Catalogue
	now time.Time
	// passes holds, for each exam with any, its passes until now, the oldest first.
	passes map[int][]Pass
	future []Pass
	// spans holds, for each certification with any, the terms held or attained.
	spans map[int][]span
	// used and times are scratch of eval and moments; latest steers eval.
	used   []use
	times  []time.Time
	latest bool
}

// span is a term of a certification: held before, or attained in this call.
type span struct {
	from, until        time.Time // until is exclusive, zero for ever
	revoked, suspended bool
	barred             time.Time // the revocation by hand, zero when there was none
	fresh              *Decision // nil when held before
}

// compare puts terms into the one order that does not hang on how they were
// given.
func (s span) compare(t span) int {
	return cmp.Or(s.from.Compare(t.from), s.until.Compare(t.until), cmp.Compare(s.rank(), t.rank()), s.barred.Compare(t.barred))
}

func (s span) rank() int {
	switch {
	case s.revoked:
		return 2
	case s.suspended:
		return 1
	}
	return 0
}

func (s span) covers(t time.Time) bool {
	return !t.Before(s.from) && (s.until.IsZero() || t.Before(s.until))
}

// use is one thing that counted: a pass, or a span of a certification.
type use struct {
	pass          *Pass
	certification int
	span          span
}

func newWork(c *Catalogue, passes []Pass, held []Held, now time.Time) *work {
	w := &work{c: c, now: now, passes: map[int][]Pass{}, spans: map[int][]span{}}
	for _, p := range passes {
		e, ok := c.index.exams[fold(p.Exam)]
		switch {
		case !ok:
		case p.At.After(now):
			p.At = p.At.UTC()
			w.future = append(w.future, p)
		default:
			p.At = p.At.UTC()
			w.passes[e] = append(w.passes[e], p)
		}
	}
	for e := range w.passes {
		w.passes[e] = inOrder(w.passes[e])
	}
	w.future = inOrder(w.future)
	for _, h := range held {
		if i, ok := c.index.certifications[fold(h.Certification)]; ok {
			s := span{from: h.AwardedAt.UTC(), until: h.ExpiresAt, revoked: h.Revoked, suspended: h.Suspended}
			if h.Revoked && h.ByHand {
				s.barred = h.RevokedAt.UTC()
			}
			w.spans[i] = append(w.spans[i], s)
		}
	}
	for _, list := range w.spans {
		slices.SortFunc(list, span.compare)
	}
	return w
}

// inOrder sorts passes and drops those that are given twice.
func inOrder(list []Pass) []Pass {
	slices.SortFunc(list, func(a, b Pass) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ResultID, b.ResultID), cmp.Compare(fold(a.Exam), fold(b.Exam)))
	})
	return slices.CompactFunc(list, func(a, b Pass) bool {
		return a.At.Equal(b.At) && a.ResultID == b.ResultID && fold(a.Exam) == fold(b.Exam)
	})
}

// wanted gives the certifications to decide, and the ids that name none.
func (w *work) wanted(only []string) (set, []string) {
	wanted := newSet(len(w.c.Certifications))
	if only == nil {
		for e := range w.passes {
			wanted.union(w.c.index.touches[e])
		}
		for _, p := range w.future {
			wanted.union(w.c.index.touches[w.c.index.exams[fold(p.Exam)]])
		}
		return wanted, nil
	}
	var unknown []string
	for _, id := range only {
		if i, ok := w.c.index.certifications[fold(id)]; ok {
			wanted.add(i)
		} else if !slices.Contains(unknown, id) {
			unknown = append(unknown, id)
		}
	}
	return wanted, unknown
}

// settle finds all terms of the wanted certifications and of those they need.
func (w *work) settle(wanted set) {
	x := w.c.index
	needed := newSet(len(x.rules))
	needed.union(wanted)
	for changed := true; changed; changed = x.loops && changed {
		changed = false
		for k := len(x.order) - 1; k >= 0; k-- {
			i := x.order[k]
			if !needed.has(i) {
				continue
			}
			for _, n := range x.rules[i].needs {
				changed = changed || !needed.has(n)
				needed.add(n)
			}
		}
	}
	for found := true; found; found = x.loops && found {
		found = false
		for _, i := range x.order {
			if needed.has(i) && w.attain(i) {
				found = true
			}
		}
	}
}

// attain finds the terms of one certification, the oldest first, and reports
// whether there was a new one.
func (w *work) attain(i int) bool {
	found := false
	for _, t := range w.moments(i) {
		if d, ok := w.attainedAt(i, t); ok {
			w.spans[i] = append(w.spans[i], span{from: t, until: d.ExpiresAt, fresh: d})
			found = true
		}
	}
	if found && w.c.Certifications[i].HoldsWhile() {
		w.attain(i) // the end of a title's term may begin the next one
	}
	return found
}

// moments lists the moments at which something happened that could complete the
// requirement, in order.
func (w *work) moments(i int) []time.Time {
	r := &w.c.index.rules[i]
	times := w.times[:0]
	for _, e := range r.exams {
		for _, p := range w.passes[e] {
			times = append(times, p.At)
		}
	}
	for _, n := range r.needs {
		for _, s := range w.spans[n] {
			if !s.from.After(w.now) {
				times = append(times, s.from)
			}
		}
	}
	if w.c.Certifications[i].HoldsWhile() {
		for _, s := range w.spans[i] {
			if !s.until.IsZero() && !s.until.After(w.now) {
				times = append(times, s.until)
			}
		}
	}
	slices.SortFunc(times, time.Time.Compare)
	w.times = slices.CompactFunc(times, time.Time.Equal)
	return w.times
}

// attainedAt reports whether the certification is attained anew at exactly t.
func (w *work) attainedAt(i int, t time.Time) (*Decision, bool) {
	r, k := &w.c.index.rules[i], &w.c.Certifications[i]
	if k.Hidden || !r.closes.IsZero() && !t.Before(r.closes) {
		return nil, false
	}
	for _, s := range w.spans[i] {
		if s.revoked && s.from.Equal(t) || !s.revoked && s.covers(t) || !t.After(s.barred) {
			return nil, false
		}
	}
	floor := w.floor(i, t)
	for n := len(r.rows) - 1; n >= 0; n-- {
		row := &r.rows[n]
		if !row.open(t) || row.root == nil {
			continue
		}
		if !w.completed(row, t, floor) {
			continue
		}
		until := w.until(i, t)
		if w.overlaps(i, t, until) {
			return nil, false
		}
		return w.attained(i, n, t, until), true
	}
	return nil, false
}

func (row *window) open(t time.Time) bool {
	return !t.Before(row.from) && (row.until.IsZero() || t.Before(row.until))
}

// until is the expiry of what is attained at t by the things in w.used.
func (w *work) until(i int, t time.Time) time.Time {
	k := &w.c.Certifications[i]
	until := w.c.terms(k, t).expiry(t)
	if !k.HoldsWhile() {
		return until
	}
	for _, u := range w.used {
		if u.pass == nil && !u.span.until.IsZero() && (until.IsZero() || u.span.until.Before(until)) {
			until = u.span.until
		}
	}
	return until
}

func (w *work) overlaps(i int, from, until time.Time) bool {
	for _, s := range w.spans[i] {
		if !s.revoked && s.from.After(from) && (until.IsZero() || s.from.Before(until)) {
			return true
		}
	}
	return false
}

// attained writes the decision from the things in w.used.
func (w *work) attained(i, row int, t, until time.Time) *Decision {
	k := &w.c.Certifications[i]
	d := &Decision{Certification: k.ID, Attained: true, AttainedAt: t, RuleFrom: k.History[row].SeenFrom, ExpiresAt: until, Badge: k.Badged(t)}
	slices.SortStableFunc(w.used, func(a, b use) int { return a.at().Compare(b.at()) })
	for _, u := range w.used {
		if u.pass != nil {
			if !slices.Contains(d.Results, u.pass.ResultID) {
				d.Results = append(d.Results, u.pass.ResultID)
			}
			if u.pass.At.Equal(t) && d.Deciding == "" {
				d.Deciding = u.pass.ResultID
			}
			continue
		}
		if id := w.c.Certifications[u.certification].ID; !slices.Contains(d.Through, id) {
			d.Through = append(d.Through, id)
		}
		if u.span.fresh != nil && u.span.from.Equal(t) && d.Deciding == "" {
			d.Deciding = u.span.fresh.Deciding
		}
	}
	d.Reasons = w.explainAttained(i, row, d)
	return d
}

func (u use) at() time.Time {
	if u.pass != nil {
		return u.pass.At
	}
	return u.span.from
}

// decisions gives the answer about one certification.
func (w *work) decisions(i int) []Decision {
	var list []Decision
	var current *span
	for n := range w.spans[i] {
		s := &w.spans[i][n]
		if s.fresh != nil {
			list = append(list, *s.fresh)
		} else if !s.revoked && s.covers(w.now) {
			current = s
		}
	}
	if len(list) > 0 {
		return list
	}
	d := Decision{Certification: w.c.Certifications[i].ID}
	if current != nil {
		d.HeldAlready, d.AttainedAt, d.ExpiresAt = true, current.from, current.until
		d.Reasons = explainHeld(*current)
		return []Decision{d}
	}
	d.Reasons = w.explainMissing(i)
	return []Decision{d}
}
