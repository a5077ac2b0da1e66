package issuer

import (
	"context"

	"github.com/accolade-badges/accolade/issuer/ledger"
)

// DeclineLink declines the award that a claim link leads to: nobody is reminded
// of it any more, and for 30 days it can be undone. Declining twice is declining
// once. Errors: [ErrLinkSpent], [ErrNotYours] where somebody has claimed it.
func (s *Service) DeclineLink(ctx context.Context, token string) error {
	return s.decline(ctx, "earner", func(tx *ledger.Tx) (ledger.Award, error) { return s.liveLink(ctx, tx, token, s.Now()) })
}

// DeclineAs declines an award that waits for an account; see
// [Service.DeclineLink].
func (s *Service) DeclineAs(ctx context.Context, account, award string) error {
	return s.decline(ctx, account, func(tx *ledger.Tx) (ledger.Award, error) { return s.waitingFor(ctx, tx, account, award) })
}

func (s *Service) decline(ctx context.Context, actor string, find func(*ledger.Tx) (ledger.Award, error)) error {
	return s.ledger.Update(ctx, func(tx *ledger.Tx) error {
		w, err := find(tx)
		if err != nil {
			return err
		}
		if w.Account != "" {
			return ErrNotYours
		}
		declined, err := tx.Decline(ctx, w.ID, s.Now())
		if err != nil || !declined {
			return err
		}
		s.log.Info("award declined", "award", w.ID)
		return s.audit(ctx, tx, actor, "award.declined", w.ID, "")
	})
}

// UndeclineLink takes back a decline of the award that a claim link leads to;
// it waits to be claimed again. [ErrLinkSpent] where the link works no more.
func (s *Service) UndeclineLink(ctx context.Context, token string) error {
	return s.undecline(ctx, "earner", func(tx *ledger.Tx) (ledger.Award, error) { return s.liveLink(ctx, tx, token, s.Now()) })
}

// UndeclineAs takes back a decline of an award that waited for an account.
func (s *Service) UndeclineAs(ctx context.Context, account, award string) error {
	return s.undecline(ctx, account, func(tx *ledger.Tx) (ledger.Award, error) { return s.waitingFor(ctx, tx, account, award) })
}

func (s *Service) undecline(ctx context.Context, actor string, find func(*ledger.Tx) (ledger.Award, error)) error {
	return s.ledger.Update(ctx, func(tx *ledger.Tx) error {
		w, err := find(tx)
		if err != nil {
			return err
		}
		undone, err := tx.Undecline(ctx, w.ID, s.Now().Add(-undoDecline))
		if err != nil || !undone {
			return err
		}
		return s.audit(ctx, tx, actor, "award.undeclined", w.ID, "")
	})
}
