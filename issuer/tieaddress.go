package issuer

import (
	"context"
	"errors"
	"slices"

	"github.com/accolade-badges/accolade/issuer/ledger"
	"github.com/accolade-badges/accolade/openbadges"
)

// TiedAddress is an address of an account, for a badge that it owns.
type TiedAddress struct {
	ledger.AccountAddress
	Named bool // the badge names it, hashed, among those that it was issued to
	Own   bool // because its owner had it named, and can take it off again
}

// TiedAddresses returns the addresses of an account and whether its badge names
// them, and those that its owner had it name and the account has no more. [ErrNotPublished] where the badge is not the account's.
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
		own, err := tx.TiedAddresses(ctx, award)
		if err != nil {
			return err
		}
		reported, err := tx.Addresses(ctx, w.Candidate)
		if err != nil {
			return err
		}
		for _, r := range reported { // the issuer's word is not the owner's to take off
			own = slices.DeleteFunc(own, func(n ledger.Address) bool { return n.Folded == r.Folded })
		}
		for _, a := range mine {
			named, err := s.names(ctx, tx, w, a.Folded)
			if err != nil {
				return err
			}
			tied := slices.ContainsFunc(own, func(n ledger.Address) bool { return n.Folded == a.Folded })
			list = append(list, TiedAddress{a, named, named && tied && a.Folded != w.Folded})
		}
		for _, n := range own { // that the account has no more
			if n.Folded != w.Folded && !slices.ContainsFunc(mine, func(a ledger.AccountAddress) bool { return a.Folded == n.Folded }) {
				list = append(list, TiedAddress{ledger.AccountAddress{Account: account, Address: n.Address, Folded: n.Folded}, true, true})
			}
		}
		return nil
	})
	return list, err
}

// names tells whether the newest edition of an award names an address, signed or yet
// to be signed.
func (s *Service) names(ctx context.Context, tx *ledger.Tx, w ledger.Award, folded string) (bool, error) {
	e, err := tx.Edition(ctx, w.ID)
	if err != nil && !errors.Is(err, ledger.ErrNotFound) {
		return false, err
	}
	if err != nil || e.Number < w.Edition {
		others, err := s.otherAddresses(ctx, tx, w)
		return folded == w.Folded || slices.ContainsFunc(others, func(h hashedAddress) bool { return h.folded == folded }), err
	}
	doc, err := openbadges.Parse(e.Credential)
	if err != nil {
		return false, err
	}
	c, err := doc.Credential()
	if err != nil {
		return false, err
	}
	return slices.ContainsFunc(c.Subject.Identifier, func(o openbadges.IdentityObject) bool {
		return o.Hashed && openbadges.MatchIdentity(o, folded)
	}), nil
}

// TieAddress has a badge name an address that its owner has proved, beside those
// that it was issued to: a new edition under the same id, which an employer can
// compare with the address that they know (Open Badges 3.0, "IdentityObject"). It
// reports false, and changes nothing, where the badge names it already. Errors:
// [ErrNotPublished] where the badge is not the account's, [ErrNotYours] where the
// address is not, and a [*ConflictError] where the badge is revoked.
func (s *Service) TieAddress(ctx context.Context, account, award, folded string) (changed bool, err error) {
	return s.retie(ctx, account, award, func(tx *ledger.Tx, w *ledger.Award) (string, error) {
		a, err := tx.AccountAddress(ctx, folded)
		if errors.Is(err, ledger.ErrNotFound) || err == nil && a.Account != account {
			return "", ErrNotYours
		}
		if err != nil {
			return "", err
		}
		if named, err := s.names(ctx, tx, *w, folded); err != nil || named {
			return "", err
		}
		if w.Folded == "" {
			w.Address, w.Folded = a.Address, folded
		}
		return "award.address_tied", tx.TieAddress(ctx, w.ID, a.Address, folded, s.Now())
	})
}

// UntieAddress takes an address off a badge that its owner had it name, by a new
// edition. It reports false, and changes nothing, where there is none such. Errors
// as for [Service.TieAddress].
func (s *Service) UntieAddress(ctx context.Context, account, award, folded string) (changed bool, err error) {
	return s.retie(ctx, account, award, func(tx *ledger.Tx, w *ledger.Award) (string, error) {
		if w.Folded == folded { // it was issued to nobody's address before
			return "", nil
		}
		gone, err := tx.UntieAddress(ctx, w.ID, folded)
		if err != nil || !gone {
			return "", err
		}
		return "award.address_untied", nil
	})
}

// retie makes a new edition of an account's award where change says what it has done.
func (s *Service) retie(ctx context.Context, account, award string, change func(*ledger.Tx, *ledger.Award) (action string, err error)) (changed bool, err error) {
	err = s.changeOwn(ctx, account, award, func(tx *ledger.Tx, w ledger.Award) error {
		changed = false
		if !w.RevokedAt.IsZero() {
			return &ConflictError{"the badge is revoked; a revoked badge gets no new edition"}
		}
		action, err := change(tx, &w)
		if err != nil || action == "" {
			return err
		}
		changed = true
		if _, err := tx.Correct(ctx, w.ID, w.Name, w.Address, w.Folded); err != nil {
			return err
		}
		if err := tx.AddJob(ctx, s.job(jobSign, w.ID)); err != nil {
			return err
		}
		return s.audit(ctx, tx, account, action, w.ID, "")
	})
	if err == nil && changed {
		s.poke()
	}
	return changed, err
}
