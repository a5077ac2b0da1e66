package issuer

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/accolade-badges/accolade/issuer/ledger"
	"github.com/accolade-badges/accolade/issuer/mail"
)

// DeleteAccount deletes an account with all that is known of its owner: the
// account itself, the accounts that became part of it, and of its badges all but
// a tombstone, so that copies that are out there can still be told to be revoked
// or not. It cannot be undone. Its owner is told by one last mail, whose address
// is forgotten with it. [ErrNoAccount] where it is closed already.
func (s *Service) DeleteAccount(ctx context.Context, actor, account string) error {
	err := s.ledger.Update(ctx, func(tx *ledger.Tx) error {
		a, err := accountIn(ctx, tx, account)
		if err != nil {
			return err
		}
		done, err := tx.EraseAccount(ctx, account, s.Now())
		if err != nil {
			return err
		}
		if to := a.Primary(); to != "" {
			n := notice{Kind: mail.AccountDeleted, At: s.Now(), Link: s.urls.Base() + "/"}
			if err := s.queueLetter(ctx, tx, letter{kind: mailNotice, to: to, language: a.Language, notice: &n}); err != nil {
				return err
			}
		}
		s.log.Info("account deleted", "account", account, "awards", done.Awards, "actor", actor)
		return s.audit(ctx, tx, actor, "account.deleted", account, "")
	})
	if err == nil {
		s.poke()
	}
	return err
}

// forgetFarewell forgets to whom the mail that told of a deletion went, once it
// is sent or given up. It reports whether m is that mail.
func (s *Service) forgetFarewell(ctx context.Context, tx *ledger.Tx, m ledger.Mail) (bool, error) {
	if m.Kind != mailNotice {
		return false, nil
	}
	var n notice
	if err := json.Unmarshal(m.Data, &n); err != nil {
		return false, fmt.Errorf("mail %s: its notice: %w", m.ID, err)
	}
	if n.Kind != mail.AccountDeleted {
		return false, nil
	}
	return true, tx.ForgetMail(ctx, m.ID)
}
