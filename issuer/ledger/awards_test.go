package ledger_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/accolade-badges/accolade/issuer/ledger"
)

func testAwards(t *testing.T, l *ledger.Ledger) {
	programme(t, l)
	got := award(t, l, nil)
	want := sampleAward
	want.Edition, want.Version = 1, 1
	same(t, got, want)
	again := sampleAward
	again.ID = "a2"
	if write(t, l, func(ctx context.Context, tx *ledger.Tx) (bool, error) { return tx.AddAward(ctx, again) }) {
		t.Error("one attainment was awarded twice")
	}
	second := award(t, l, func(a *ledger.Award) {
		a.ID, a.Achievement, a.AttainedAt, a.ExpiresAt = "a0", "other", now.AddDate(-1, 0, 0), time.Time{}
	})
	same(t, read(t, l, func(ctx context.Context, tx *ledger.Tx) ([]ledger.Award, error) { return tx.AwardsOf(ctx, "c1") }), []ledger.Award{second, want})

	for _, id := range []string{"r1", "r2", "r3", "r4"} {
		r := sampleResult
		r.ID, r.ResultID = id, id
		write(t, l, func(ctx context.Context, tx *ledger.Tx) (bool, error) { return tx.AddResult(ctx, r) })
	}
	update(t, l, func(ctx context.Context, tx *ledger.Tx) error {
		return tx.AddAwardResults(ctx, "a1", []string{"r2", "r1"})
	})
	update(t, l, func(ctx context.Context, tx *ledger.Tx) error {
		return tx.AddAwardResults(ctx, "a1", []string{"r1", "r3"})
	})
	update(t, l, func(ctx context.Context, tx *ledger.Tx) error { return tx.AddAwardResults(ctx, "a0", nil) })
	same(t, read(t, l, func(ctx context.Context, tx *ledger.Tx) ([]string, error) { return tx.AwardResults(ctx, "a1") }), []string{"r1", "r2", "r3"})
	same(t, read(t, l, func(ctx context.Context, tx *ledger.Tx) ([]ledger.Award, error) { return tx.AwardsByResult(ctx, "r2") }), []ledger.Award{want})
}

func testLifecycle(t *testing.T, l *ledger.Ledger) {
	programme(t, l)
	want := award(t, l, nil)
	step := func(what string, changes bool, fn func(ctx context.Context, tx *ledger.Tx) (bool, error)) {
		t.Helper()
		if got := write(t, l, fn); got != changes {
			t.Errorf("%s: changed = %v, want %v", what, got, changes)
		}
		if changes {
			want.Version++
		}
		same(t, read(t, l, func(ctx context.Context, tx *ledger.Tx) (ledger.Award, error) { return tx.Award(ctx, "a1") }), want)
	}
	claim := func(ctx context.Context, tx *ledger.Tx) (bool, error) {
		return tx.ClaimAward(ctx, "acc1", "a1", ledger.Private, now)
	}
	decline := func(ctx context.Context, tx *ledger.Tx) (bool, error) { return tx.Decline(ctx, "a1", now) }
	suspend := func(ctx context.Context, tx *ledger.Tx) (bool, error) { return tx.Suspend(ctx, "a1", "Review.", now) }
	reinstate := func(ctx context.Context, tx *ledger.Tx) (bool, error) { return tx.Reinstate(ctx, "a1") }
	revoke := func(ctx context.Context, tx *ledger.Tx) (bool, error) { return tx.Revoke(ctx, "a1", "Fraud.", now) }

	update(t, l, func(ctx context.Context, tx *ledger.Tx) error { return tx.SetVisibility(ctx, "a1", ledger.Public) })
	want.Visibility = ledger.Public
	want.Version++
	want.DeclinedAt, want.Visibility = now, ledger.Private
	step("decline", true, decline)
	step("decline again", false, decline)
	update(t, l, func(ctx context.Context, tx *ledger.Tx) error {
		return tx.AddAccount(ctx, ledger.Account{ID: "acc1", CreatedAt: now})
	})
	want.ClaimedAt, want.DeclinedAt, want.Account = now, time.Time{}, "acc1"
	step("claim", true, claim)
	step("claim again", false, claim)
	step("decline what is claimed", false, decline)
	step("reinstate what is in force", false, reinstate)
	want.SuspendedAt, want.SuspensionReason = now, "Review."
	step("suspend", true, suspend)
	step("suspend again", false, suspend)
	want.SuspendedAt, want.SuspensionReason = time.Time{}, ""
	step("reinstate", true, reinstate)
	edition := write(t, l, func(ctx context.Context, tx *ledger.Tx) (int, error) {
		return tx.Correct(ctx, "a1", "Ada B. Sample", "Ada.b@example.org", "ada.b@example.org")
	})
	same(t, edition, 2)
	want.Name, want.Address, want.Folded, want.Edition, want.Version = "Ada B. Sample", "Ada.b@example.org", "ada.b@example.org", 2, want.Version+1
	want.RevokedAt, want.RevocationReason = now, "Fraud."
	step("revoke", true, revoke)
	step("revoke again", false, func(ctx context.Context, tx *ledger.Tx) (bool, error) {
		return tx.Revoke(ctx, "a1", "Another reason.", now.Add(time.Hour))
	})
	step("suspend what is revoked", false, suspend)
	step("reinstate what is revoked", false, reinstate)
	fails(t, l, ledger.ErrConflict, func(ctx context.Context, tx *ledger.Tx) error {
		_, err := tx.Correct(ctx, "a1", "X", "x@example.org", "x@example.org")
		return err
	})
	for name, fn := range map[string]func(context.Context, *ledger.Tx) (bool, error){
		"claim": func(ctx context.Context, tx *ledger.Tx) (bool, error) {
			return tx.ClaimAward(ctx, "acc1", "none", ledger.Private, now)
		},
		"revoke":  func(ctx context.Context, tx *ledger.Tx) (bool, error) { return tx.Revoke(ctx, "none", "x", now) },
		"suspend": func(ctx context.Context, tx *ledger.Tx) (bool, error) { return tx.Suspend(ctx, "none", "x", now) },
		"visible": func(ctx context.Context, tx *ledger.Tx) (bool, error) {
			return false, tx.SetVisibility(ctx, "none", ledger.Public)
		},
	} {
		t.Run(name, func(t *testing.T) {
			fails(t, l, ledger.ErrNotFound, func(ctx context.Context, tx *ledger.Tx) error {
				_, err := fn(ctx, tx)
				return err
			})
		})
	}
}

func testAwardLists(t *testing.T, l *ledger.Ledger) {
	programme(t, l)
	for i := range 6 {
		award(t, l, func(a *ledger.Award) {
			a.ID, a.Achievement, a.StatusIndex = fmt.Sprint("a", i), fmt.Sprint("x", i%2), i
			a.AttainedAt, a.CreatedAt = now.Add(time.Duration(i)*time.Second), now.Add(time.Duration(i/2)*time.Minute)
			if i < 2 {
				a.Visibility = ledger.Public
			}
			if i == 5 {
				a.ExpiresAt = time.Time{}
			}
		})
	}
	update(t, l, func(ctx context.Context, tx *ledger.Tx) error {
		if _, err := tx.Revoke(ctx, "a3", "Fraud.", now); err != nil {
			return err
		}
		if _, err := tx.Decline(ctx, "a3", now); err != nil {
			return err
		}
		_, err := tx.Suspend(ctx, "a2", "Review.", now)
		if err != nil {
			return err
		}
		return tx.AddAwardResults(ctx, "a4", []string{"r9"})
	})
	later := now.AddDate(2, 0, 0)
	for name, test := range map[string]struct {
		filter ledger.AwardFilter
		want   []string
	}{
		"all":         {ledger.AwardFilter{}, []string{"a5", "a4", "a3", "a2", "a1", "a0"}},
		"issuer":      {ledger.AwardFilter{Issuer: "nobody"}, nil},
		"candidate":   {ledger.AwardFilter{Candidate: "c1", Achievement: "x1"}, []string{"a5", "a3", "a1"}},
		"achievement": {ledger.AwardFilter{Issuer: "sample", Achievement: "x0"}, []string{"a4", "a2", "a0"}},
		"result":      {ledger.AwardFilter{Result: "r9"}, []string{"a4"}},
		"public":      {ledger.AwardFilter{Issuer: "sample", Visibility: ledger.Public}, []string{"a1", "a0"}},
		"private":     {ledger.AwardFilter{Visibility: ledger.Private}, []string{"a5", "a4", "a3", "a2"}},
		"revoked":     {ledger.AwardFilter{State: ledger.StateRevoked}, []string{"a3"}},
		"suspended":   {ledger.AwardFilter{State: ledger.StateSuspended}, []string{"a2"}},
		"expired":     {ledger.AwardFilter{State: ledger.StateExpired, At: later}, []string{"a4", "a1", "a0"}},
		"pending":     {ledger.AwardFilter{Acceptance: ledger.AcceptancePending}, []string{"a5", "a4", "a2", "a1", "a0"}},
		"declined":    {ledger.AwardFilter{Acceptance: ledger.AcceptanceDeclined}, []string{"a3"}},
		"claimed":     {ledger.AwardFilter{Acceptance: ledger.AcceptanceClaimed}, nil},
		"in force":    {ledger.AwardFilter{State: ledger.StateInForce, At: later}, []string{"a5"}},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			var at ledger.Cursor
			for {
				page := read(t, l, func(ctx context.Context, tx *ledger.Tx) ([]ledger.Award, error) {
					return tx.Awards(ctx, test.filter, at, 2)
				})
				for _, a := range page {
					got = append(got, a.ID)
					at = ledger.After(a)
				}
				if len(page) < 2 {
					break
				}
			}
			same(t, got, test.want)
		})
	}
	ids := func(awards []ledger.Award) (ids []string) {
		for _, a := range awards {
			ids = append(ids, a.ID)
		}
		return ids
	}
	same(t, ids(read(t, l, func(ctx context.Context, tx *ledger.Tx) ([]ledger.Award, error) { return tx.EndedAwards(ctx, "sample") })), []string{"a2", "a3"})
	same(t, ids(read(t, l, func(ctx context.Context, tx *ledger.Tx) ([]ledger.Award, error) {
		return tx.Awards(ctx, ledger.AwardFilter{Issuer: "sample", Visibility: ledger.Public}, ledger.Cursor{}, 1)
	})), []string{"a1"})
}
