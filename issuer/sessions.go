package issuer

import (
	"context"

	"github.com/accolade-badges/accolade/issuer/ledger"
)

// Sessions returns where an account is signed in, the browser used last first.
func (s *Service) Sessions(ctx context.Context, account string) ([]ledger.AccountSession, error) {
	var list []ledger.AccountSession
	err := s.ledger.View(ctx, func(tx *ledger.Tx) error {
		var err error
		list, err = tx.AccountSessions(ctx, account, s.Now())
		return err
	})
	return list, err
}

// EndSessionOf ends one session of an account, by its hash. Another account's
// session goes on, and is no error: it is not there for this one.
func (s *Service) EndSessionOf(ctx context.Context, account, hash string) error {
	return s.ledger.Update(ctx, func(tx *ledger.Tx) error {
		list, err := tx.AccountSessions(ctx, account, s.Now())
		if err != nil {
			return err
		}
		for _, v := range list {
			if v.Hash == hash {
				return tx.EndAccountSession(ctx, hash)
			}
		}
		return nil
	})
}

// EndOtherSessions ends all sessions of an account but the one with the hash
// keep, and returns how many.
func (s *Service) EndOtherSessions(ctx context.Context, account, keep string) (int, error) {
	var n int
	err := s.ledger.Update(ctx, func(tx *ledger.Tx) error {
		var err error
		if n, err = tx.EndAccountSessions(ctx, account, keep); err != nil {
			return err
		}
		return s.audit(ctx, tx, account, "account.sessions_ended", account, "")
	})
	return n, err
}
