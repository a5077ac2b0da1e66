package issuer

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/accolade-badges/accolade/issuer/ledger"
)

// ManualAward is an award that a person decides on, without an exam result.
type ManualAward struct {
	Achievement string // slug
	AwardedAt   string // RFC 3339; default: now
	Candidate   Candidate
	Reason      string // for the audit log
}

// AwardByHand awards without an exam result. The audit log keeps who did it and
// why. An achievement that the candidate holds already is refused with a
// [*ConflictError].
func (s *Service) AwardByHand(ctx context.Context, actor, issuer string, m ManualAward) (AwardRef, error) {
	reason, err := reasonText(m.Reason)
	if err != nil {
		return AwardRef{}, err
	}
	now := s.Now()
	if m.AwardedAt == "" {
		m.AwardedAt = now.Format(time.RFC3339)
	}
	// The rules for a person and a moment are those of a result.
	sit, err := Result{
		Provider: "manual", ResultID: "-", Exam: "-", TakenAt: m.AwardedAt, Outcome: Passed, Candidate: m.Candidate,
	}.normalise(now)
	if err != nil {
		return AwardRef{}, err
	}
	cat, err := s.currentCatalogue(ctx, issuer)
	if err != nil {
		return AwardRef{}, err
	}
	var ref AwardRef
	err = s.ledger.Update(ctx, func(tx *ledger.Tx) error {
		facts, err := tx.Achievement(ctx, m.Achievement)
		if errors.Is(err, ledger.ErrNotFound) || err == nil && facts.Issuer != issuer {
			return &InvalidError{[]FieldError{{"achievement", fmt.Sprintf("the issuer has no achievement %q; its page lists them", m.Achievement)}}}
		}
		if err != nil {
			return err
		}
		a := &recording{s: s, tx: tx, issuer: issuer, cat: cat, sit: sit, now: now}
		known, err := a.known(ctx)
		if err != nil {
			return err
		}
		if err := a.findCandidate(ctx, known); err != nil {
			return err
		}
		if err := a.refuseSecond(ctx, facts.Slug); err != nil {
			return err
		}
		var expires time.Time
		if facts.Kind == ledger.KindCertification {
			expires = cat.ExpiryOf(facts.Code, sit.takenAt)
		}
		if facts, err = achievementAt(ctx, tx, cat.Catalogue, facts, sit.takenAt, sit.takenAt); err != nil {
			return err
		}
		w, err := a.newAward(ctx, facts, sit.takenAt, expires)
		if err != nil {
			return err
		}
		granted, err := a.grant(ctx, w, nil, actor)
		if err != nil {
			return err
		}
		if !granted {
			return &ConflictError{"the candidate was awarded this at that very moment already"}
		}
		ref = s.awardRef(w)
		return s.audit(ctx, tx, actor, "award.by_hand", w.ID, reason)
	})
	if err == nil {
		s.poke()
	}
	return ref, err
}

// refuseSecond refuses an achievement that the candidate holds: in force, or
// suspended, which another award would get round.
func (a *recording) refuseSecond(ctx context.Context, slug string) error {
	held, err := a.tx.AwardsOf(ctx, a.candidate.ID)
	if err != nil {
		return err
	}
	for _, w := range held {
		if w.Achievement != slug {
			continue
		}
		switch StatusOf(w, a.now) {
		case Suspended:
			return &ConflictError{"the candidate holds this already, and it is suspended; reinstate or revoke it first: " + a.s.urls.Badge(w.ID, "")}
		case Current:
			return &ConflictError{"the candidate holds this already: " + a.s.urls.Badge(w.ID, "")}
		}
	}
	return nil
}
