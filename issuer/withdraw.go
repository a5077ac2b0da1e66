package issuer

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/accolade-badges/accolade/issuer/ledger"
)

// withdrawal words the revocation that follows from a withdrawn result, for the
// earner and all who verify. Revocations by hand are told from it by these words,
// which therefore stay as they are: see [history.revokedByHand].
func withdrawal(exam string, takenAt time.Time) string {
	return fmt.Sprintf("The result of exam %s on %s was withdrawn.", exam, takenAt.UTC().Format(time.DateOnly))
}

// withdraw revokes the awards that stood on a pass that counts no longer, where
// the rest of the candidate's passes does not carry them, and awards what that
// rest attains instead.
func (a *recording) withdraw(ctx context.Context) error {
	h, err := a.history(ctx)
	if err != nil {
		return err
	}
	standing, rest, err := a.standing(ctx, h)
	if err != nil {
		return err
	}
	carried, err := a.carried(ctx, standing, rest)
	if err != nil {
		return err
	}
	examBadge := false
	for _, w := range standing {
		if results, ok := carried[w.ID]; ok {
			if err := a.tx.AddAwardResults(ctx, w.ID, results); err != nil {
				return err
			}
			continue
		}
		reason := withdrawal(a.result.Exam, a.result.TakenAt)
		if err := a.s.revoke(ctx, a.tx, a.sit.Provider, w, reason, a.now); err != nil {
			return err
		}
		a.out.Awards = append(a.out.Awards, a.s.awardRef(w))
		_, certification := h.certification(w)
		examBadge = examBadge || !certification
	}
	if h, err = a.history(ctx); err != nil {
		return err
	}
	if examBadge {
		if err := a.awardExamBadge(ctx, h, h.passes...); err != nil {
			return err
		}
	}
	return a.awardCertifications(ctx, h)
}

// standing splits a history: the awards in force that stand on the withdrawn
// pass, also through other certifications, and all the rest.
func (a *recording) standing(ctx context.Context, h history) (standing []ledger.Award, rest history, err error) {
	rest = history{results: h.results, passes: h.passes, facts: h.facts}
	for _, w := range h.awards {
		var needs []string
		if w.RevokedAt.IsZero() {
			if needs, err = a.tx.AwardResults(ctx, w.ID); err != nil {
				return nil, rest, err
			}
		}
		if slices.Contains(needs, a.result.ID) {
			standing = append(standing, w)
		} else {
			rest.awards = append(rest.awards, w)
		}
	}
	return standing, rest, nil
}

// carried finds those of the standing certifications that the rest attains at
// the same moment, by id, with the results that they stand on now. A suspension
// of today says nothing about that moment, nor does a revocation by hand of an
// earlier term, which came after the award and let it stand.
func (a *recording) carried(ctx context.Context, standing []ledger.Award, rest history) (map[string][]string, error) {
	held := rest.held()
	for i := range held {
		held[i].Suspended = false
		if held[i].ByHand && slices.ContainsFunc(standing, func(w ledger.Award) bool {
			code, ok := rest.certification(w)
			return ok && code == held[i].Certification && w.CreatedAt.Before(held[i].RevokedAt)
		}) {
			held[i].Revoked, held[i].ByHand = false, false
		}
	}
	all := a.cat.Decide(rest.passes, held, nil, a.now)
	found := map[string][]string{}
	for _, w := range standing {
		code, ok := rest.certification(w)
		for _, d := range all {
			if !ok || !d.Attained || d.Certification != code || !d.AttainedAt.Truncate(time.Second).Equal(w.AttainedAt) {
				continue
			}
			results, err := a.standsOn(ctx, d, all, rest)
			if err != nil {
				return nil, err
			}
			found[w.ID] = results
		}
	}
	return found, nil
}
