package ledger_test

import (
	"context"
	"testing"
	"time"

	"github.com/accolade-badges/accolade/issuer/ledger"
)

func testTiedAddresses(t *testing.T, l *ledger.Ledger) {
	programme(t, l)
	award(t, l, nil)
	tied := func() []ledger.Address {
		return read(t, l, func(ctx context.Context, tx *ledger.Tx) ([]ledger.Address, error) { return tx.TiedAddresses(ctx, "a1") })
	}
	untie := func() bool {
		return write(t, l, func(ctx context.Context, tx *ledger.Tx) (bool, error) {
			return tx.UntieAddress(ctx, "a1", "home@example.org")
		})
	}
	same(t, len(tied()), 0)
	same(t, untie(), false)
	for i := range 2 { // the first time counts
		update(t, l, func(ctx context.Context, tx *ledger.Tx) error {
			return tx.TieAddress(ctx, "a1", "Home@example.org", "home@example.org", now.Add(time.Duration(i)*time.Hour))
		})
	}
	same(t, tied(), []ledger.Address{{Address: "Home@example.org", Folded: "home@example.org", FirstSeen: now}})
	same(t, untie(), true)
	same(t, len(tied()), 0)
}
