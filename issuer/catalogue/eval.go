package catalogue

import (
	"slices"
	"time"
)

// floor is the moment from which passes count at t: what was passed before the
// end of the last term before t does not count again (S-72), nor does what was
// passed until a revocation by hand.
func (w *work) floor(i int, t time.Time) time.Time {
	floor := w.lapse(i, t)
	if barred := w.barred(i); !barred.IsZero() && !barred.Before(floor) {
		floor = barred.Add(1)
	}
	return floor
}

// lapse is the end of the last term before t, zero when there was none.
func (w *work) lapse(i int, t time.Time) time.Time {
	var end time.Time
	for _, s := range w.spans[i] {
		if !s.revoked && !s.until.IsZero() && !s.until.After(t) && s.until.After(end) {
			end = s.until
		}
	}
	return end
}

// barred is the last revocation by hand, zero when there was none.
func (w *work) barred(i int) time.Time {
	var last time.Time
	for _, s := range w.spans[i] {
		if s.barred.After(last) {
			last = s.barred
		}
	}
	return last
}

// completed reports whether a requirement is met at t by things of which the
// last happened at exactly t; it leaves them in w.used. The earliest things are
// taken where those suffice. Where they were complete before t, which may have
// been too early for the row, a later pass may complete the requirement anew.
func (w *work) completed(row *window, t, floor time.Time) bool {
	for _, latest := range []bool{false, true} {
		w.used, w.latest = w.used[:0], latest
		at, ok := w.eval(row.root, t, floor)
		if !row.exams && at.Before(floor) {
			at = floor // a title begins again when its own term ends
		}
		if !ok || at.Equal(t) {
			return ok
		}
	}
	return false
}

// eval reports whether a requirement is met at t, and by when it was met by the
// things it chose, which it leaves at the end of w.used. Passes before floor do
// not count. Among several ways it takes the one completed first, or one that
// was completed at exactly t when w.latest asks for that; never the one that
// was given first.
func (w *work) eval(p *part, t, floor time.Time) (time.Time, bool) {
	switch p.Op {
	case OpExam:
		return w.evalExam(p, t, floor)
	case OpCertification:
		return w.evalCertification(p, t)
	case OpAll:
		mark := len(w.used)
		var latest time.Time
		for _, q := range p.of {
			at, ok := w.eval(q, t, floor)
			if !ok {
				w.used = w.used[:mark]
				return time.Time{}, false
			}
			if at.After(latest) {
				latest = at
			}
		}
		return latest, true
	case OpAny:
		return w.evalAny(p, t, floor)
	case OpAtLeast:
		return w.evalAtLeast(p, t, floor)
	}
	return time.Time{}, false
}

// sooner orders the moments of two ways: the earliest first, but exactly t
// before all where w.latest asks for it.
func (w *work) sooner(a, b, t time.Time) bool {
	if w.latest && a.Equal(t) != b.Equal(t) {
		return a.Equal(t)
	}
	return a.Before(b)
}

func (w *work) evalAny(p *part, t, floor time.Time) (time.Time, bool) {
	start := len(w.used)
	var best time.Time
	met := false
	for _, q := range p.of {
		mark := len(w.used)
		at, ok := w.eval(q, t, floor)
		if !ok || met && !w.sooner(at, best, t) {
			w.used = w.used[:mark]
			continue
		}
		n := copy(w.used[start:], w.used[mark:])
		w.used = w.used[:start+n]
		best, met = at, true
	}
	return best, met
}

func (w *work) evalAtLeast(p *part, t, floor time.Time) (time.Time, bool) {
	type way struct {
		at   time.Time
		used []use
	}
	start := len(w.used)
	var ways []way
	for _, q := range p.of {
		if at, ok := w.eval(q, t, floor); ok {
			ways = append(ways, way{at, slices.Clone(w.used[start:])})
		}
		w.used = w.used[:start]
	}
	if len(ways) < p.N {
		return time.Time{}, false
	}
	slices.SortStableFunc(ways, func(a, b way) int {
		switch {
		case w.sooner(a.at, b.at, t):
			return -1
		case w.sooner(b.at, a.at, t):
			return 1
		}
		return 0
	})
	var latest time.Time
	for _, way := range ways[:p.N] {
		w.used = append(w.used, way.used...)
		if way.at.After(latest) {
			latest = way.at
		}
	}
	return latest, true
}

func (w *work) evalExam(p *part, t, floor time.Time) (time.Time, bool) {
	if !p.until.IsZero() && !t.Before(p.until) {
		return time.Time{}, false
	}
	list := w.passes[p.exam]
	first := -1
	for n := range list {
		if list[n].At.After(t) {
			break
		}
		if (first < 0 || w.sooner(list[n].At, list[first].At, t)) && w.counts(p, &list[n], floor) {
			first = n
		}
	}
	if first < 0 {
		return time.Time{}, false
	}
	for _, g := range p.guards {
		w.eval(g, list[first].At, time.Time{})
	}
	w.used = append(w.used, use{pass: &list[first]})
	return list[first].At, true
}

// counts reports whether a pass may be used: taken at or after floor, not
// before the exam was available, and while what its guards ask for was active.
func (w *work) counts(p *part, pass *Pass, floor time.Time) bool {
	if pass.At.Before(floor) || pass.At.Before(w.c.Exams[p.exam].AvailableFrom) {
		return false
	}
	mark := len(w.used)
	defer func() { w.used = w.used[:mark] }()
	for _, g := range p.guards {
		if _, ok := w.eval(g, pass.At, time.Time{}); !ok {
			return false
		}
	}
	return true
}

func (w *work) evalCertification(p *part, t time.Time) (time.Time, bool) {
	var best use
	met := false
	for _, i := range p.lines {
		for _, s := range w.spans[i] {
			if !w.active(p, s, t) || met && !w.sooner(s.from, best.span.from, t) {
				continue
			}
			best, met = use{certification: i, span: s}, true
		}
	}
	if met {
		w.used = append(w.used, best)
	}
	return best.span.from, met
}

// active reports whether a term counts at t: begun, not revoked, and, unless it
// is enough to have held it once, neither suspended nor over.
func (w *work) active(p *part, s span, t time.Time) bool {
	if s.revoked || t.Before(s.from) {
		return false
	}
	return p.Held || !s.suspended && s.covers(t)
}
