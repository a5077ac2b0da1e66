package ledger_test

import (
	"context"
	"testing"
	"time"

	"github.com/accolade-badges/accolade/issuer/ledger"
)

// accounts adds open accounts with these ids.
func accounts(t testing.TB, l *ledger.Ledger, ids ...string) {
	t.Helper()
	for _, id := range ids {
		update(t, l, func(ctx context.Context, tx *ledger.Tx) error {
			return tx.AddAccount(ctx, ledger.Account{ID: id, CreatedAt: now})
		})
	}
}

// proven gives an account an address.
func proven(t testing.TB, l *ledger.Ledger, account, folded string) {
	t.Helper()
	write(t, l, func(ctx context.Context, tx *ledger.Tx) (bool, error) {
		return tx.AddAccountAddress(ctx, ledger.AccountAddress{Account: account, Address: folded, Folded: folded, ProvenAt: now})
	})
}

func testAccounts(t *testing.T, l *ledger.Ledger) {
	a := ledger.Account{ID: "acc1", Handle: "ada", Name: "Ada", Language: "zh-CN", TimeZone: "Asia/Shanghai", AutoAcceptSince: now, CreatedAt: now}
	update(t, l, func(ctx context.Context, tx *ledger.Tx) error { return tx.AddAccount(ctx, a) })
	a.DefaultVisibility, a.Version = ledger.Private, 1
	get := func() ledger.Account {
		return read(t, l, func(ctx context.Context, tx *ledger.Tx) (ledger.Account, error) {
			return tx.AccountByHandle(ctx, "ada")
		})
	}
	same(t, get(), a)
	fails(t, l, ledger.ErrConflict, func(ctx context.Context, tx *ledger.Tx) error {
		return tx.AddAccount(ctx, ledger.Account{ID: "acc2", Handle: "ada", CreatedAt: now})
	})
	accounts(t, l, "acc2", "acc3") // neither has a handle
	fails(t, l, ledger.ErrConflict, func(ctx context.Context, tx *ledger.Tx) error {
		return tx.ChangeAccount(ctx, ledger.Account{ID: "acc2", Handle: "ada"})
	})
	a.Headline, a.ProfilePublic, a.DefaultVisibility, a.AutoAcceptSince, a.Version = "测试", true, ledger.Public, time.Time{}, 2
	update(t, l, func(ctx context.Context, tx *ledger.Tx) error { return tx.ChangeAccount(ctx, a) })
	same(t, get(), a)
	fails(t, l, ledger.ErrNotFound, func(ctx context.Context, tx *ledger.Tx) error {
		return tx.ChangeAccount(ctx, ledger.Account{ID: "none", Handle: "x"})
	})

	png := []byte("\x89PNG\x00\xff")
	for range 2 {
		update(t, l, func(ctx context.Context, tx *ledger.Tx) error { return tx.SetAccountPicture(ctx, "acc1", png) })
	}
	same(t, read(t, l, func(ctx context.Context, tx *ledger.Tx) ([]byte, error) { return tx.AccountPicture(ctx, "acc1") }), png)
	same(t, len(get().Picture), 64)
	update(t, l, func(ctx context.Context, tx *ledger.Tx) error { return tx.SetAccountPicture(ctx, "acc1", nil) })
	same(t, get().Picture, "")
	fails(t, l, ledger.ErrNotFound, func(ctx context.Context, tx *ledger.Tx) error {
		_, err := tx.AccountPicture(ctx, "acc1")
		return err
	})
	page := read(t, l, func(ctx context.Context, tx *ledger.Tx) ([]ledger.Account, error) { return tx.Accounts(ctx, "acc1", 1) })
	if len(page) != 1 || page[0].ID != "acc2" {
		t.Errorf("accounts after acc1: %+v", page)
	}
}

func testAccountAddresses(t *testing.T, l *ledger.Ledger) {
	accounts(t, l, "acc1", "acc2")
	add := func(account, folded string, at time.Time) func(context.Context, *ledger.Tx) (bool, error) {
		return func(ctx context.Context, tx *ledger.Tx) (bool, error) {
			return tx.AddAccountAddress(ctx, ledger.AccountAddress{Account: account, Address: "As Typed", Folded: folded, ProvenAt: at})
		}
	}
	all := func(account string) (list []string) {
		found := read(t, l, func(ctx context.Context, tx *ledger.Tx) ([]ledger.AccountAddress, error) {
			return tx.AccountAddresses(ctx, account)
		})
		for i, a := range found {
			if a.Primary != (i == 0) {
				t.Errorf("%s: address %d is primary: %v", account, i, a.Primary)
			}
			list = append(list, a.Folded)
		}
		return list
	}
	same(t, write(t, l, add("acc1", "a@example.org", now)), true)
	same(t, write(t, l, add("acc1", "b@example.org", now.Add(time.Minute))), true)
	same(t, write(t, l, add("acc1", "c@example.org", now.Add(time.Hour))), true)
	same(t, write(t, l, add("acc1", "b@example.org", now)), false)
	fails(t, l, ledger.ErrConflict, func(ctx context.Context, tx *ledger.Tx) error {
		_, err := add("acc2", "b@example.org", now)(ctx, tx)
		return err
	})
	same(t, all("acc1"), []string{"a@example.org", "b@example.org", "c@example.org"})
	update(t, l, func(ctx context.Context, tx *ledger.Tx) error {
		return tx.SetPrimaryAddress(ctx, "acc1", "c@example.org")
	})
	same(t, all("acc1"), []string{"c@example.org", "a@example.org", "b@example.org"})
	owner := read(t, l, func(ctx context.Context, tx *ledger.Tx) (ledger.Account, error) {
		return tx.AccountByAddress(ctx, "b@example.org")
	})
	same(t, owner.ID, "acc1")

	// The primary address goes: the account's next one takes its place, and it is
	// the other account's first.
	move := func(ctx context.Context, tx *ledger.Tx) error {
		return tx.MoveAddress(ctx, "c@example.org", "acc1", "acc2", now)
	}
	update(t, l, move)
	same(t, all("acc1"), []string{"a@example.org", "b@example.org"})
	same(t, all("acc2"), []string{"c@example.org"})
	fails(t, l, ledger.ErrConflict, move)
	for _, foreign := range []func(context.Context, *ledger.Tx) error{
		func(ctx context.Context, tx *ledger.Tx) error {
			return tx.SetPrimaryAddress(ctx, "acc2", "a@example.org")
		},
		func(ctx context.Context, tx *ledger.Tx) error {
			return tx.RemoveAccountAddress(ctx, "acc2", "a@example.org")
		},
	} {
		fails(t, l, ledger.ErrNotFound, foreign)
	}
	update(t, l, func(ctx context.Context, tx *ledger.Tx) error {
		return tx.RemoveAccountAddress(ctx, "acc1", "a@example.org")
	})
	same(t, all("acc1"), []string{"b@example.org"})
}

func testAutoAccept(t *testing.T, l *ledger.Ledger) {
	programme(t, l)
	accounts(t, l, "acc1", "acc2")
	proven(t, l, "acc1", "ada@example.org")
	on := func(account string, on bool) {
		update(t, l, func(ctx context.Context, tx *ledger.Tx) error {
			return tx.SetAutoAccept(ctx, account, "sample", on, now)
		})
	}
	who := func() string {
		found := ""
		view(t, l, func(ctx context.Context, tx *ledger.Tx) error {
			a, err := tx.AutoAccepts(ctx, "c1", "sample")
			found = a.ID
			return ignoreMissing(err)
		})
		return found
	}
	on("acc1", true)
	same(t, who(), "") // the candidate is not known to be this account's own
	link := func(account string) func(context.Context, *ledger.Tx) (bool, error) {
		return func(ctx context.Context, tx *ledger.Tx) (bool, error) {
			return tx.LinkCandidate(ctx, account, "c1", now)
		}
	}
	same(t, write(t, l, link("acc1")), true)
	same(t, write(t, l, link("acc1")), false)
	fails(t, l, ledger.ErrConflict, func(ctx context.Context, tx *ledger.Tx) error {
		_, err := link("acc2")(ctx, tx)
		return err
	})
	same(t, who(), "acc1")
	same(t, read(t, l, func(ctx context.Context, tx *ledger.Tx) ([]string, error) { return tx.AutoAccept(ctx, "acc1") }), []string{"sample"})
	same(t, read(t, l, func(ctx context.Context, tx *ledger.Tx) ([]string, error) { return tx.CandidatesOfAccount(ctx, "acc1") }), []string{"c1"})
	on("acc1", false)
	same(t, who(), "")
	update(t, l, func(ctx context.Context, tx *ledger.Tx) error {
		return tx.ChangeAccount(ctx, ledger.Account{ID: "acc1", DefaultVisibility: ledger.Private, AutoAcceptSince: now})
	})
	same(t, who(), "acc1")

	// What waits is accepted if it was made after that was said.
	made := func(id string, at time.Time) {
		award(t, l, func(a *ledger.Award) { a.ID, a.Folded, a.AttainedAt, a.CreatedAt = id, "ada@example.org", at, at })
	}
	made("before", now)
	made("since", now.Add(time.Second))
	taken := func() []string {
		return ids(read(t, l, func(ctx context.Context, tx *ledger.Tx) ([]ledger.Award, error) {
			return tx.AwardsToAccept(ctx, "acc1")
		}))
	}
	same(t, taken(), []string{"since"})
	update(t, l, func(ctx context.Context, tx *ledger.Tx) error {
		return tx.ChangeAccount(ctx, ledger.Account{ID: "acc1", DefaultVisibility: ledger.Private})
	})
	same(t, taken(), nil)
	on("acc1", true)
	same(t, taken(), []string{"since"})
}

func testMerges(t *testing.T, l *ledger.Ledger) {
	accounts(t, l, "acc1", "acc2")
	m := ledger.Merge{ID: "m1", From: "acc1", Into: "acc2", Data: []byte(`{"awards":["a1"]}`), MergedAt: now, UndoUntil: now.Add(time.Hour)}
	update(t, l, func(ctx context.Context, tx *ledger.Tx) error { return tx.AddMerge(ctx, m) })
	same(t, read(t, l, func(ctx context.Context, tx *ledger.Tx) (ledger.Merge, error) { return tx.Merge(ctx, "m1") }), m)
	undo := func(at time.Time) func(context.Context, *ledger.Tx) error {
		return func(ctx context.Context, tx *ledger.Tx) error { return tx.UndoMerge(ctx, "m1", at) }
	}
	fails(t, l, ledger.ErrConflict, undo(m.UndoUntil))
	update(t, l, undo(now.Add(time.Minute)))
	fails(t, l, ledger.ErrConflict, undo(now.Add(time.Minute)))
	m.Data, m.UndoneAt = nil, now.Add(time.Minute)
	same(t, read(t, l, func(ctx context.Context, tx *ledger.Tx) ([]ledger.Merge, error) { return tx.MergesInto(ctx, "acc2") }), []ledger.Merge{m})
}
