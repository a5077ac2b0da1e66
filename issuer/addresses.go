package issuer

import (
	"context"
	"errors"

	"github.com/accolade-badges/accolade/issuer/ledger"
	"github.com/accolade-badges/accolade/issuer/mail"
)

// ErrLastAddress is returned where taking an address away would leave an account
// without any.
var ErrLastAddress = errors.New("this is the only address of the account; add another one first")

// SetPrimaryAddress makes one of an account's addresses the one that mails to the
// account go to. folded is the address as addresses are compared. [ErrNotYours]
// where it is none of the account's.
func (s *Service) SetPrimaryAddress(ctx context.Context, account, folded string) error {
	return s.ledger.Update(ctx, func(tx *ledger.Tx) error {
		a, err := accountIn(ctx, tx, account)
		if err != nil {
			return err
		}
		if !a.Has(folded) {
			return ErrNotYours
		}
		return tx.SetPrimaryAddress(ctx, account, folded)
	})
}

// RemoveAddress takes an address from an account and tells both it and the
// account's others: whoever did it, its reader hears of it. Removing it twice is
// removing it once. Errors: [ErrLastAddress].
func (s *Service) RemoveAddress(ctx context.Context, account, folded string) error {
	err := s.ledger.Update(ctx, func(tx *ledger.Tx) error {
		a, err := accountIn(ctx, tx, account)
		if err != nil {
			return err
		}
		if !a.Has(folded) {
			return nil
		}
		if len(a.Addresses) == 1 {
			return ErrLastAddress
		}
		gone, err := tx.AccountAddress(ctx, folded)
		if err != nil {
			return err
		}
		if err := tx.RemoveAccountAddress(ctx, account, folded); err != nil {
			return err
		}
		if err := s.noticeEach(ctx, tx, account, notice{Kind: mail.AddressRemoved, Detail: gone.Address}, "/me/addresses", gone.Address); err != nil {
			return err
		}
		return s.audit(ctx, tx, account, "account.address_removed", account, "")
	})
	if err == nil {
		s.poke()
	}
	return err
}

// noticeEach tells the owner of an account of something, at its primary address
// and at others that are not its own any more.
func (s *Service) noticeEach(ctx context.Context, tx *ledger.Tx, account string, n notice, path string, others ...string) error {
	a, err := accountIn(ctx, tx, account)
	if err != nil {
		return err
	}
	n.At, n.Link = s.Now(), s.urls.Base()+path
	if err := s.queueNotice(ctx, tx, a, n, a.Language); err != nil {
		return err
	}
	for _, to := range others {
		if err := s.queueLetter(ctx, tx, letter{kind: mailNotice, to: to, language: a.Language, account: account, notice: &n}); err != nil {
			return err
		}
	}
	return nil
}
