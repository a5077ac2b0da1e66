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

// VouchForAddress gives an account an address on the word of its issuer, for an
// earner who has lost every mailbox and passkey that opens it: they sign in with a
// mail to it as always, and mails to the account go there. All its other addresses
// are told, and the audit log keeps who did it and why. An address that the account
// has already changes nothing. Errors: [*InvalidError], a [*ConflictError] where it
// is another account's.
func (s *Service) VouchForAddress(ctx context.Context, actor, account, address, reason string) error {
	reason, err := reasonText(reason)
	if err != nil {
		return err
	}
	typed, folded, err := Asked{Address: address}.address()
	if err != nil {
		return err
	}
	err = s.ledger.Update(ctx, func(tx *ledger.Tx) error {
		a, err := accountIn(ctx, tx, account)
		if err != nil {
			return err
		}
		added, err := tx.AddAccountAddress(ctx, ledger.AccountAddress{Account: account, Address: typed, Folded: folded, ProvenAt: s.Now()})
		switch {
		case errors.Is(err, ledger.ErrConflict):
			return &ConflictError{"this address is another account's; whoever signs in with it there can join the two at /me/merge"}
		case err != nil || !added:
			return err
		}
		if err := tx.SetPrimaryAddress(ctx, account, folded); err != nil {
			return err
		}
		n := notice{Kind: mail.AddressVouched, Detail: typed, At: s.Now(), Link: s.urls.Base() + "/me/addresses"}
		for _, x := range a.Addresses {
			if err := s.queueLetter(ctx, tx, letter{kind: mailNotice, to: x.Address, language: a.Language, account: account, notice: &n}); err != nil {
				return err
			}
		}
		return s.audit(ctx, tx, actor, "account.address_vouched", account, reason)
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
