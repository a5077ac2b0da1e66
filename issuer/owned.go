package issuer

import (
	"context"
	"errors"

	"github.com/accolade-badges/accolade/issuer/ledger"
)

// Waiting returns the awards that an account may claim, latest attained first.
func (s *Service) Waiting(ctx context.Context, account string) ([]*Publication, error) {
	return s.publications(ctx, func(tx *ledger.Tx) ([]ledger.Award, error) { return tx.WaitingAwards(ctx, account) })
}

// DeclinedBy returns the awards that an account has declined and might still
// accept, latest attained first.
func (s *Service) DeclinedBy(ctx context.Context, account string) ([]*Publication, error) {
	since := s.Now().Add(-undoDecline)
	return s.publications(ctx, func(tx *ledger.Tx) ([]ledger.Award, error) { return tx.DeclinedAwards(ctx, account, since) })
}

// Owned returns the awards that an account owns, latest attained first.
func (s *Service) Owned(ctx context.Context, account string) ([]*Publication, error) {
	return s.publications(ctx, func(tx *ledger.Tx) ([]ledger.Award, error) { return tx.AwardsOfAccount(ctx, account) })
}

// publications reads awards with all that their pages show.
func (s *Service) publications(ctx context.Context, find func(*ledger.Tx) ([]ledger.Award, error)) ([]*Publication, error) {
	var list []*Publication
	err := s.ledger.View(ctx, func(tx *ledger.Tx) error {
		awards, err := find(tx)
		if err != nil {
			return err
		}
		list = make([]*Publication, len(awards))
		for i, w := range awards {
			if list[i], err = s.publicationOf(ctx, tx, w); err != nil {
				return err
			}
		}
		return nil
	})
	return list, err
}

// publicationOf gathers what the page of an award shows.
func (s *Service) publicationOf(ctx context.Context, tx *ledger.Tx, w ledger.Award) (*Publication, error) {
	p := &Publication{}
	var err error
	if p.Edition, err = tx.Edition(ctx, w.ID); err != nil && !errors.Is(err, ledger.ErrNotFound) {
		return nil, err
	}
	d := draft{award: w}
	if err := s.readParts(ctx, tx, &d); err != nil {
		return nil, err
	}
	p.Award, p.Issuer, p.Achievement, p.Facts, p.Status = d.award, d.issuer, d.achievement, d.facts, StatusOf(d.award, s.Now())
	return p, nil
}

// OwnPublication returns an award to the account that owns it. All others get
// [ErrNotPublished].
func (s *Service) OwnPublication(ctx context.Context, account, award string) (*Publication, error) {
	p, err := s.EarnerPublication(ctx, account, award)
	if err == nil && p.Award.Account != account {
		return nil, ErrNotPublished
	}
	return p, err
}

// EarnerPublication returns an award to the account that owns it, or for which
// it waits. All others get [ErrNotPublished].
func (s *Service) EarnerPublication(ctx context.Context, account, award string) (*Publication, error) {
	if account == "" {
		return nil, ErrNotPublished
	}
	var p *Publication
	err := s.ledger.View(ctx, func(tx *ledger.Tx) error {
		w, err := s.waitingFor(ctx, tx, account, award)
		if errors.Is(err, ErrNotYours) {
			return ErrNotPublished
		}
		if err == nil {
			p, err = s.publicationOf(ctx, tx, w)
		}
		return err
	})
	return p, err
}

// LinkedAward returns the id of the award that a claim link led to once, for an
// account that owns it or may claim it: its owner needs no fresh link. Where it
// went to an address of the account and another account has claimed it, the
// error is [ErrNotYours]; all others get [ErrLinkSpent].
func (s *Service) LinkedAward(ctx context.Context, account, token string) (string, error) {
	var id string
	err := s.ledger.View(ctx, func(tx *ledger.Tx) error {
		l, err := tx.ClaimLink(ctx, tokenHash(token))
		if err != nil {
			return spent(err)
		}
		w, err := s.waitingFor(ctx, tx, account, l.Award)
		if err == nil {
			id = w.ID
		}
		if !errors.Is(err, ErrNotYours) {
			return err
		}
		address, err := tx.AccountAddress(ctx, w.Folded)
		if errors.Is(err, ledger.ErrNotFound) || err == nil && (address.Account != account || w.Account == "") {
			return ErrLinkSpent
		}
		if err == nil {
			err = ErrNotYours
		}
		return err
	})
	return id, err
}
