package issuer

import (
	"context"
	"time"

	"github.com/accolade-badges/accolade/issuer/ledger"
	"github.com/accolade-badges/accolade/issuer/mail"
)

// askAgain is how long the owner of an address may not have been heard of there
// before they are asked whether it is still theirs.
func askAgain(now time.Time) time.Time { return now.AddDate(-1, 0, 0) }

// AskAddresses queues a mail to addresses of accounts that nobody has signed in by
// for a year, once a year, and returns how many: who is about to lose the mailbox
// adds another one while it can still be read, and does not lose the badges with
// it. It asks some at a time, for there may be many.
func (s *Service) AskAddresses(ctx context.Context) (queued int, err error) {
	err = eachDue(ctx, s, func(tx *ledger.Tx, limit int) ([]ledger.AccountAddress, error) {
		return tx.AddressesUnseen(ctx, askAgain(s.Now()), limit)
	}, func(x ledger.AccountAddress) (bool, error) {
		asked, err := s.askAddress(ctx, x)
		if asked {
			queued++
		}
		return false, err // the others are asked the next time
	})
	return queued, err
}

// askAddress queues the mail to one address. It reports false where another
// process was first, or the address is gone.
func (s *Service) askAddress(ctx context.Context, x ledger.AccountAddress) (asked bool, err error) {
	err = s.ledger.Update(ctx, func(tx *ledger.Tx) error {
		now := s.Now()
		var err error
		if asked, err = tx.AddressAsked(ctx, x.Folded, askAgain(now), now); err != nil || !asked {
			return err
		}
		a, err := tx.Account(ctx, x.Account)
		if err != nil {
			return err
		}
		n := notice{Kind: mail.AddressCheck, Detail: x.Address, At: now, Link: s.urls.Base() + "/me/addresses"}
		return s.queueLetter(ctx, tx, letter{kind: mailNotice, to: x.Address, language: a.Language, account: a.ID, notice: &n})
	})
	return asked, err
}
