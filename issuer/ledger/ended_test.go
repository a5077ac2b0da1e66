package ledger_test

import (
	"context"
	"testing"
	"time"

	"github.com/accolade-badges/accolade/issuer/ledger"
)

// testEnded: who is told of a badge's end, and when.
func testEnded(t *testing.T, l *ledger.Ledger) {
	programme(t, l)
	accounts(t, l, "acc1")
	end := sampleAward.ExpiresAt
	for i, id := range []string{"claimed", "told", "unclaimed", "late", "revoked", "suspended", "endless"} {
		award(t, l, func(a *ledger.Award) {
			a.ID, a.StatusIndex, a.AttainedAt = id, i, a.AttainedAt.Add(time.Duration(i)*time.Second)
			if id == "endless" {
				a.ExpiresAt = time.Time{}
			}
		})
		if id == "unclaimed" {
			continue
		}
		at := now
		if id == "late" {
			at = end
		}
		write(t, l, func(ctx context.Context, tx *ledger.Tx) (bool, error) {
			return tx.ClaimAward(ctx, "acc1", id, ledger.Private, at)
		})
	}
	write(t, l, func(ctx context.Context, tx *ledger.Tx) (bool, error) {
		return tx.Revoke(ctx, "revoked", "Fraud.", now)
	})
	write(t, l, func(ctx context.Context, tx *ledger.Tx) (bool, error) {
		return tx.Suspend(ctx, "suspended", "Review.", now)
	})
	write(t, l, func(ctx context.Context, tx *ledger.Tx) (bool, error) {
		return tx.AddMail(ctx, ledger.Mail{ID: "m1", Award: "told", Kind: "ended", Edition: 1, MessageID: "m1@example.org", CreatedAt: end})
	})
	write(t, l, func(ctx context.Context, tx *ledger.Tx) (bool, error) { // of an end that was put off since
		return tx.AddMail(ctx, ledger.Mail{ID: "m2", Award: "claimed", Kind: "ended", MessageID: "m2@example.org", CreatedAt: now})
	})
	ended := func(since, at time.Time) []string {
		return ids(read(t, l, func(ctx context.Context, tx *ledger.Tx) ([]ledger.Award, error) {
			return tx.AwardsEnded(ctx, since, at, "ended", 10)
		}))
	}
	same(t, ended(now, end.Add(-time.Microsecond)), nil)
	same(t, ended(now, end), []string{"claimed"})
	same(t, ended(end, end.AddDate(1, 0, 0)), nil)
}

// testUnseen: which addresses are to be asked, longest unseen first.
func testUnseen(t *testing.T, l *ledger.Ledger) {
	accounts(t, l, "acc1", "acc2")
	proven(t, l, "acc1", "old@example.org")
	proven(t, l, "acc2", "older@example.org")
	unseen := func(before time.Time) (list []string) {
		for _, a := range read(t, l, func(ctx context.Context, tx *ledger.Tx) ([]ledger.AccountAddress, error) {
			return tx.AddressesUnseen(ctx, before, 10)
		}) {
			list = append(list, a.Folded)
		}
		return list
	}
	asked := func(folded string, before, at time.Time) bool {
		return write(t, l, func(ctx context.Context, tx *ledger.Tx) (bool, error) {
			return tx.AddressAsked(ctx, folded, before, at)
		})
	}
	same(t, unseen(now.Add(-time.Second)), nil)
	same(t, asked("old@example.org", now.Add(-time.Second), now.Add(time.Hour)), false)
	same(t, asked("old@example.org", now, now.Add(time.Hour)), true)
	same(t, asked("old@example.org", now, now.Add(2*time.Hour)), false)
	same(t, asked("none@example.org", now, now.Add(time.Hour)), false)
	same(t, unseen(now.Add(time.Hour)), []string{"older@example.org", "old@example.org"})
	update(t, l, func(ctx context.Context, tx *ledger.Tx) error { return tx.AddressSeen(ctx, "none@example.org", now) })
	update(t, l, func(ctx context.Context, tx *ledger.Tx) error {
		return tx.MoveAddress(ctx, "older@example.org", "acc2", "acc1", now.AddDate(0, 1, 0))
	})
	same(t, unseen(now.Add(time.Hour)), []string{"old@example.org"})
}
