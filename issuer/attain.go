package issuer

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/accolade-badges/accolade/issuer/catalogue"
	"github.com/accolade-badges/accolade/issuer/ledger"
)

// history is all that a decision about a candidate depends on.
type history struct {
	results []ledger.Result
	passes  []catalogue.Pass // of the results
	awards  []ledger.Award
	facts   map[string]ledger.Achievement // of the awards, by slug
}

func (a *recording) history(ctx context.Context) (history, error) {
	h := history{facts: map[string]ledger.Achievement{}}
	var err error
	if a.fresh {
		h.results = []ledger.Result{a.result}
	} else if h.results, err = a.tx.ResultsOf(ctx, a.candidate.ID); err != nil {
		return h, err
	}
	for _, r := range h.results {
		if Outcome(r.Outcome) == Passed {
			h.passes = append(h.passes, catalogue.Pass{ResultID: r.ID, Exam: r.Exam, At: a.passedAt(r)})
		}
	}
	if a.fresh {
		return h, nil
	}
	if h.awards, err = a.tx.AwardsOf(ctx, a.candidate.ID); err != nil {
		return h, err
	}
	for _, w := range h.awards {
		if h.facts[w.Achievement], err = a.tx.Achievement(ctx, w.Achievement); err != nil {
			return h, err
		}
	}
	return h, nil
}

// passedAt is when a pass counts from. A provider's clock may run ahead of ours
// by as much as a report may; what it reports counts at once, and nothing is
// dated in the future.
func (a *recording) passedAt(r ledger.Result) time.Time {
	if r.TakenAt.After(a.now) && !r.TakenAt.After(a.now.Add(clockSkew)) {
		return a.now.Truncate(time.Second)
	}
	return r.TakenAt
}

// certification returns the certification that an award is of.
func (h history) certification(w ledger.Award) (code string, ok bool) {
	f := h.facts[w.Achievement]
	return f.Code, f.Kind == ledger.KindCertification
}

// held lists the certifications that the candidate was awarded.
func (h history) held() []catalogue.Held {
	var list []catalogue.Held
	for _, w := range h.awards {
		if code, ok := h.certification(w); ok {
			list = append(list, catalogue.Held{
				Certification: code, AwardedAt: w.AttainedAt, ExpiresAt: w.ExpiresAt,
				Revoked: !w.RevokedAt.IsZero(), Suspended: !w.SuspendedAt.IsZero(),
				ByHand: h.revokedByHand(w), RevokedAt: w.RevokedAt,
			})
		}
	}
	return list
}

// revokedByHand reports whether a person decided on the award's revocation, and
// no withdrawn result brought it about. That the result was withdrawn as well,
// before or after, changes nothing about what the person decided.
func (h history) revokedByHand(w ledger.Award) bool {
	return !w.RevokedAt.IsZero() && !slices.ContainsFunc(h.results, func(r ledger.Result) bool {
		return w.RevocationReason == withdrawal(r.Exam, r.TakenAt)
	})
}

// attain awards whatever the candidate's passes attain by now, with this one.
func (a *recording) attain(ctx context.Context) error {
	h, err := a.history(ctx)
	if err != nil {
		return err
	}
	for _, p := range h.passes {
		if p.ResultID == a.result.ID {
			if err := a.awardExamBadge(ctx, h, p); err != nil {
				return err
			}
		}
	}
	return a.awardCertifications(ctx, h)
}

// awardCertifications awards the certifications that the passes attain.
func (a *recording) awardCertifications(ctx context.Context, h history) error {
	affected := a.cat.Affected(a.sit.Exam)
	all := a.cat.Decide(h.passes, h.held(), nil, a.now)
	for _, d := range all {
		if slices.Contains(affected, d.Certification) || d.Attained {
			a.out.Decisions = append(a.out.Decisions, Decision{d.Certification, d.Attained, d.Reasons})
		}
		if d.Attained && !d.Badge {
			last := &a.out.Decisions[len(a.out.Decisions)-1]
			last.Reasons = append(last.Reasons, "the programme gives no badge for what was earned then")
		}
		if !d.Attained || !d.Badge {
			continue
		}
		results, err := a.standsOn(ctx, d, all, h)
		if err != nil {
			return err
		}
		err = a.award(ctx, attainment{
			kind: ledger.KindCertification, code: d.Certification, at: d.AttainedAt, expires: d.ExpiresAt,
			rule: d.RuleFrom, results: results, deciding: cmp.Or(d.Deciding, a.result.ID),
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// standsOn lists the results that a decision, one of all, rests on: its own,
// and those behind the certifications that it counts.
func (a *recording) standsOn(ctx context.Context, d catalogue.Decision, all []catalogue.Decision, h history) ([]string, error) {
	results, through := slices.Clone(d.Results), slices.Clone(d.Through)
	for n := 0; n < len(through); n++ {
		for _, other := range all {
			if other.Attained && other.Certification == through[n] {
				results = addNew(results, other.Results)
				through = addNew(through, other.Through)
			}
		}
		for _, w := range h.awards {
			code, ok := h.certification(w)
			if !ok || code != through[n] || !w.RevokedAt.IsZero() {
				continue
			}
			behind, err := a.tx.AwardResults(ctx, w.ID)
			if err != nil {
				return nil, err
			}
			results = addNew(results, behind)
		}
	}
	return results, nil
}

// addNew appends those of more that list does not have.
func addNew(list, more []string) []string {
	for _, s := range more {
		if !slices.Contains(list, s) {
			list = append(list, s)
		}
	}
	return list
}

// awardExamBadge gives the exam of the sitting its own badge for the first of
// the passes that earns it, unless the candidate has it. A pass whose badge was
// revoked earns none again, nor does one until a revocation by hand.
func (a *recording) awardExamBadge(ctx context.Context, h history, passes ...catalogue.Pass) error {
	exam, ok := a.cat.Exam(a.sit.Exam)
	if !ok {
		return nil
	}
	from, has := exam.BadgeFrom()
	if !has {
		return nil
	}
	var ended []time.Time
	var barred time.Time
	for _, w := range h.awards {
		if f := h.facts[w.Achievement]; f.Kind != ledger.KindExam || f.Code != exam.Code {
			continue
		}
		if w.RevokedAt.IsZero() {
			return nil
		}
		ended = append(ended, w.AttainedAt)
		if h.revokedByHand(w) && w.RevokedAt.After(barred) {
			barred = w.RevokedAt
		}
	}
	for _, p := range passes {
		if other, _ := a.cat.Exam(p.Exam); other != exam || p.At.Before(from) || !p.At.After(barred) || slices.ContainsFunc(ended, p.At.Equal) {
			continue
		}
		return a.award(ctx, attainment{
			kind: ledger.KindExam, code: exam.Code, at: p.At, rule: p.At, results: []string{p.ResultID}, deciding: p.ResultID,
		})
	}
	return nil
}
