package issuer

import (
	"context"
	"fmt"
	"slices"

	"github.com/accolade-badges/accolade/issuer/ledger"
	"github.com/accolade-badges/accolade/openbadges/status"
)

// firstEpoch is the epoch of a status list that no restore has raised.
const firstEpoch = 1

// takeStatusIndex gives the award a random free place in the issuer's open
// status list.
func (s *Service) takeStatusIndex(ctx context.Context, tx *ledger.Tx, issuer, award string) (string, int, error) {
	list, err := s.openStatusList(ctx, tx, issuer)
	if err != nil {
		return "", 0, err
	}
	for range 64 {
		index, err := status.RandomIndex(s.rand, list.Length)
		if err != nil {
			return "", 0, err
		}
		taken, err := tx.TakeStatusIndex(ctx, list.ID, index, award)
		if err != nil {
			return "", 0, err
		}
		if taken {
			return list.ID, index, nil
		}
	}
	return "", 0, fmt.Errorf("status list %s: no free place among 64 random ones, though half of it should be free; run accolade doctor", list.ID)
}

// openStatusList returns the issuer's open status list with a place reserved in
// it, and opens another list when half of it is taken. A list that a backup
// brought back gives no more places: badges that were issued after the backup may
// have some that look free.
func (s *Service) openStatusList(ctx context.Context, tx *ledger.Tx, issuer string) (ledger.StatusList, error) {
	reserve := func(l ledger.StatusList) (bool, error) {
		return tx.ReserveStatusIndex(ctx, l.ID, firstEpoch, l.Length/2)
	}
	// The list that was open last spares a look at all of them. It may be full
	// by now, or never have been committed; then no place is reserved in it.
	last, _ := s.lists.open.Load(issuer)
	if l, ok := last.(ledger.StatusList); ok {
		if reserved, err := reserve(l); err != nil || reserved {
			return l, err
		}
	}
	lists, err := tx.StatusLists(ctx, issuer)
	if err != nil {
		return ledger.StatusList{}, err
	}
	for _, l := range slices.Backward(lists) {
		if reserved, err := reserve(l); err != nil || reserved {
			s.lists.open.Store(issuer, l)
			return l, err
		}
	}
	l := ledger.StatusList{
		ID: s.newID(), Issuer: issuer, Purpose: "revocation", Length: status.MinimumLength, CreatedAt: s.Now(),
	}
	if err := tx.AddStatusList(ctx, l); err != nil {
		return l, err
	}
	s.lists.open.Store(issuer, l)
	_, err = reserve(l)
	return l, err
}
