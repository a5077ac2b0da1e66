package ledger_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/accolade-badges/accolade/issuer/ledger"
)

func testFunnels(t *testing.T, l *ledger.Ledger) {
	programme(t, l)
	accounts(t, l, "acc1", "acc2")
	for i := range 9 {
		award(t, l, func(a *ledger.Award) {
			a.ID, a.StatusIndex = fmt.Sprint("a", i), i
			a.AttainedAt, a.CreatedAt = now.Add(time.Duration(i)*time.Second), now.Add(time.Duration(i)*time.Hour)
			if i == 8 {
				a.Achievement = "other"
			}
		})
	}
	// 0 nobody was told; 1 told; 2 bounced; 3 bounced, then told; 4 claimed, public;
	// 5 declined; 6 revoked; 7 erased.
	mailed := func(i, number int, bounced bool) {
		update(t, l, func(ctx context.Context, tx *ledger.Tx) error {
			id := fmt.Sprint("m", i, "-", number)
			_, err := tx.AddMail(ctx, ledger.Mail{ID: id, Award: fmt.Sprint("a", i), Kind: "badge", Edition: 1, Number: number, MessageID: id, CreatedAt: now})
			err = errors.Join(err, tx.MarkMailSent(ctx, id, now, nil))
			if bounced {
				_, failed := tx.BounceMail(ctx, id, "550", now)
				err = errors.Join(err, failed)
			}
			return err
		})
	}
	mailed(1, 0, false)
	mailed(2, 0, true)
	mailed(3, 0, true)
	mailed(3, 1, false)
	mailed(7, 0, false)
	update(t, l, func(ctx context.Context, tx *ledger.Tx) error {
		_, err := tx.ClaimAward(ctx, "acc1", "a4", ledger.Public, now)
		_, err1 := tx.Decline(ctx, "a5", now)
		_, err2 := tx.Revoke(ctx, "a6", "Fraud.", now)
		_, err3 := tx.ClaimAward(ctx, "acc2", "a7", ledger.Public, now)
		_, err4 := tx.EraseAccount(ctx, "acc2", now)
		return errors.Join(err, err1, err2, err3, err4)
	})
	funnels := func(issuer string, since, until time.Time) []ledger.Funnel {
		return read(t, l, func(ctx context.Context, tx *ledger.Tx) ([]ledger.Funnel, error) {
			return tx.Funnels(ctx, issuer, since, until)
		})
	}
	other := ledger.Funnel{Achievement: "other", Awarded: 1, Waiting: 1}
	same(t, funnels("sample", time.Time{}, time.Time{}), []ledger.Funnel{
		other,
		{Achievement: "sample-expert", Awarded: 8, Told: 2, Bounced: 1, Claimed: 1, Declined: 1, Waiting: 4, Revoked: 1, Public: 1},
	})
	same(t, funnels("sample", now.Add(8*time.Hour), time.Time{}), []ledger.Funnel{other})
	same(t, funnels("sample", now.Add(4*time.Hour), now.Add(6*time.Hour)), []ledger.Funnel{
		{Achievement: "sample-expert", Awarded: 2, Claimed: 1, Declined: 1, Public: 1},
	})
	same(t, len(funnels("nobody", time.Time{}, time.Time{})), 0)
	pending := read(t, l, func(ctx context.Context, tx *ledger.Tx) ([]ledger.Award, error) {
		return tx.Awards(ctx, ledger.AwardFilter{Issuer: "sample", Achievement: "sample-expert", Acceptance: ledger.AcceptancePending}, ledger.Cursor{}, 20)
	})
	same(t, ids(pending), []string{"a3", "a2", "a1", "a0"})
}
