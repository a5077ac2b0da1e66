package issuer

import (
	"context"

	"github.com/accolade-badges/accolade/issuer/ledger"
)

// StartFind mails to an address what waits for it, with fresh links, or that
// nothing does. Nothing that can be seen from outside tells which. Errors:
// [*InvalidError], [*ErrTooMany].
func (s *Service) StartFind(ctx context.Context, a Asked) error {
	typed, folded, err := a.address()
	if err != nil {
		return err
	}
	err = s.ledger.Update(ctx, func(tx *ledger.Tx) error {
		return s.startChallenge(ctx, tx, ledger.Challenge{ID: s.newID(), Purpose: purposeFind, Address: typed, Folded: folded},
			challengeData{Language: a.Language}, mailFind)
	})
	if err == nil {
		s.poke()
	}
	return err
}
