package issuer

import (
	"context"
	"errors"
	"slices"

	"github.com/accolade-badges/accolade/issuer/ledger"
)

// TiedAddress is an address of an account, for a badge that it owns.
type TiedAddress struct {
	ledger.AccountAddress
	Tied bool // the badge names it, hashed, among those that it was issued to
}

// TiedAddresses returns the addresses of an account and whether its badge names
// them. [ErrNotPublished] where the badge is not the account's.
func (s *Service) TiedAddresses(ctx context.Context, account, award string) ([]TiedAddress, error) {
	var list []TiedAddress
	err := s.ledger.View(ctx, func(tx *ledger.Tx) error {
		list = nil
		w, err := tx.OwnedAward(ctx, account, award)
		if err != nil {
			return unpublished(err)
		}
		mine, err := tx.AccountAddresses(ctx, account)
		if err != nil {
			return err
		}
		named, err := tx.Addresses(ctx, w.Candidate)
		if err != nil {
			return err
		}
		for _, a := range mine {
			tied := a.Folded == w.Folded || slices.ContainsFunc(named, func(n ledger.Address) bool { return n.Folded == a.Folded })
			list = append(list, TiedAddress{a, tied})
		}
		return nil
	})
	return list, err
}

// TieAddress has a badge name an address that its owner has proved, beside those
// that it was issued to: a new edition under the same id, which an employer can
// compare with the address that they know (Open Badges 3.0, "IdentityObject"). An
// address that it names already changes nothing. Errors: [ErrNotPublished] where the
// badge is not the account's, [ErrNotYours] where the address is not, and a
// [*ConflictError] where the badge is revoked, or its issuer knows the address as
// another candidate's.
func (s *Service) TieAddress(ctx context.Context, account, award, folded string) error {
	err := s.changeOwn(ctx, account, award, func(tx *ledger.Tx, w ledger.Award) error {
		a, err := tx.AccountAddress(ctx, folded)
		if errors.Is(err, ledger.ErrNotFound) || err == nil && a.Account != account {
			return ErrNotYours
		}
		switch {
		case err != nil:
			return err
		case !w.RevokedAt.IsZero():
			return &ConflictError{"the badge is revoked; a revoked badge gets no new edition"}
		case w.Folded == folded:
			return nil
		}
		candidate, err := tx.Candidate(ctx, w.Candidate)
		if err != nil {
			return err
		}
		shared, err := tx.AddressOfAnother(ctx, candidate, folded)
		switch {
		case err != nil:
			return err
		case shared:
			return &ConflictError{"its issuer knows this address as another candidate's, and could not tell the two apart any more"}
		}
		added, err := tx.AddAddress(ctx, candidate, a.Address, folded, s.Now())
		if err != nil || !added {
			return err
		}
		if w.Folded == "" {
			w.Address, w.Folded = a.Address, folded
		}
		if _, err := tx.Correct(ctx, w.ID, w.Name, w.Address, w.Folded); err != nil {
			return err
		}
		if err := tx.AddJob(ctx, s.job(jobSign, w.ID)); err != nil {
			return err
		}
		return s.audit(ctx, tx, account, "award.address_tied", w.ID, "")
	})
	if err == nil {
		s.poke()
	}
	return err
}
