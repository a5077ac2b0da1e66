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

// AskAddresses queues a mail to each address of an account that nobody has signed
// in with for a year, once a year, and returns how many: who is about to lose the
// mailbox adds another one while it can still be read, and does not lose the
// badges with it.
func (s *Service) AskAddresses(ctx context.Context) (queued int, err error) {
	for {
		var due []ledger.AccountAddress
		err := s.ledger.View(ctx, func(tx *ledger.Tx) error {
			var err error
			due, err = tx.AddressesUnseen(ctx, askAgain(s.Now()), remindBatch)
			return err
		})
		if err != nil || len(due) == 0 {
			return queued, err
		}
		for _, x := range due {
			asked, err := s.askAddress(ctx, x)
			if err != nil {
				return queued, err
			}
			if asked {
				queued++
			}
		}
	}
}

// askAddress queues the mail to one address. It reports false where another
// process was first, or the address is gone.
func (s *Service) askAddress(ctx context.Context, x ledger.AccountAddress) (asked bool, err error) {
	err = s.ledger.Update(ctx, func(tx *ledger.Tx) error {
		now := s.Now()
		var err error
		if asked, err = tx.AddressSeen(ctx, x.Folded, now); err != nil || !asked {
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
