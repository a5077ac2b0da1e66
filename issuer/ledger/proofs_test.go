package ledger_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/accolade-badges/accolade/issuer/ledger"
)

// ignoreMissing forgives that there is no such record.
func ignoreMissing(err error) error {
	if errors.Is(err, ledger.ErrNotFound) {
		return nil
	}
	return err
}

func testChallenges(t *testing.T, l *ledger.Ledger) {
	accounts(t, l, "acc1")
	c := ledger.Challenge{
		ID: "ch1", Purpose: "sign-in", Account: "acc1", Address: "Ada@example.org", Folded: "ada@example.org", Data: []byte(`{"next":"/me"}`),
		Hash: "h1", CodeHash: "right", CreatedAt: now, ExpiresAt: now.Add(time.Hour),
	}
	add := func(ctx context.Context, tx *ledger.Tx) error { return tx.AddChallenge(ctx, c) }
	update(t, l, add)
	fails(t, l, ledger.ErrConflict, add)
	try := func(code string, at time.Time) func(context.Context, *ledger.Tx) (bool, error) {
		return func(ctx context.Context, tx *ledger.Tx) (bool, error) {
			return tx.TryChallenge(ctx, "ch1", code, 3, at)
		}
	}
	spent := func(code string, at time.Time) {
		t.Helper()
		fails(t, l, ledger.ErrConflict, func(ctx context.Context, tx *ledger.Tx) error {
			_, err := try(code, at)(ctx, tx)
			return err
		})
	}
	same(t, write(t, l, try("", now)), false)
	same(t, write(t, l, try("wrong", now)), false)
	c.Attempts = 2
	same(t, read(t, l, func(ctx context.Context, tx *ledger.Tx) (ledger.Challenge, error) {
		return tx.ChallengeByHash(ctx, "h1")
	}), c)
	spent("right", c.ExpiresAt)
	same(t, write(t, l, try("right", now.Add(time.Minute))), true)
	spent("right", now)
	use := func(ctx context.Context, tx *ledger.Tx) error { return tx.UseChallenge(ctx, "ch1", now) }
	fails(t, l, ledger.ErrConflict, use)
	c.UsedAt, c.Attempts = now.Add(time.Minute), 3
	same(t, read(t, l, func(ctx context.Context, tx *ledger.Tx) (ledger.Challenge, error) { return tx.Challenge(ctx, "ch1") }), c)

	// Three wrong codes end a challenge for the right one.
	c = ledger.Challenge{ID: "ch2", Hash: "h2", CodeHash: "right", Folded: c.Folded, Purpose: "sign-in", CreatedAt: now.Add(time.Minute), ExpiresAt: c.ExpiresAt}
	update(t, l, add)
	try2 := func(code string) func(context.Context, *ledger.Tx) (bool, error) {
		return func(ctx context.Context, tx *ledger.Tx) (bool, error) {
			return tx.TryChallenge(ctx, "ch2", code, 3, now)
		}
	}
	for range 3 {
		same(t, write(t, l, try2("wrong")), false)
	}
	fails(t, l, ledger.ErrConflict, func(ctx context.Context, tx *ledger.Tx) error {
		_, err := try2("right")(ctx, tx)
		return err
	})
	count := func(since time.Time) int {
		return read(t, l, func(ctx context.Context, tx *ledger.Tx) (int, error) {
			return tx.CountChallenges(ctx, "ada@example.org", since)
		})
	}
	same(t, []int{count(now), count(now.Add(time.Second)), count(now.Add(time.Hour))}, []int{2, 1, 0})
	update(t, l, func(ctx context.Context, tx *ledger.Tx) error {
		return tx.VoidChallengesTo(ctx, "ada@example.org", "sign-in", now)
	})
	c = ledger.Challenge{ID: "ch3", Account: "acc1", CreatedAt: now, ExpiresAt: now.Add(2 * time.Hour)}
	update(t, l, add)
	update(t, l, func(ctx context.Context, tx *ledger.Tx) error { return tx.VoidChallenges(ctx, "acc1", now) })
	for _, id := range []string{"ch2", "ch3"} {
		fails(t, l, ledger.ErrConflict, func(ctx context.Context, tx *ledger.Tx) error { return tx.UseChallenge(ctx, id, now) })
	}
	same(t, write(t, l, func(ctx context.Context, tx *ledger.Tx) (int, error) {
		return tx.ForgetChallenges(ctx, now.Add(61*time.Minute))
	}), 2)
}

func testAccountSessions(t *testing.T, l *ledger.Ledger) {
	accounts(t, l, "acc1", "acc2")
	put := func(hash, account string, seen time.Time) ledger.AccountSession {
		s := ledger.AccountSession{Hash: hash, Account: account, Data: []byte{0, 1}, Agent: "Browser", CreatedAt: now, SeenAt: seen, ExpiresAt: now.Add(time.Hour)}
		update(t, l, func(ctx context.Context, tx *ledger.Tx) error { return tx.PutAccountSession(ctx, s) })
		return s
	}
	all := func(account string, at time.Time) []ledger.AccountSession {
		return read(t, l, func(ctx context.Context, tx *ledger.Tx) ([]ledger.AccountSession, error) {
			return tx.AccountSessions(ctx, account, at)
		})
	}
	put("s1", "", now)
	one, two, three := put("s1", "acc1", now), put("s2", "acc1", now.Add(time.Minute)), put("s3", "acc2", now)
	same(t, all("acc1", now), []ledger.AccountSession{two, one})
	same(t, len(all("acc1", now.Add(time.Hour))), 0)
	fails(t, l, ledger.ErrNotFound, func(ctx context.Context, tx *ledger.Tx) error {
		_, err := tx.AccountSession(ctx, "s1", now.Add(time.Hour))
		return err
	})
	end := func(keep string) int {
		return write(t, l, func(ctx context.Context, tx *ledger.Tx) (int, error) { return tx.EndAccountSessions(ctx, "acc1", keep) })
	}
	same(t, end("s2"), 1)
	same(t, all("acc1", now), []ledger.AccountSession{two})
	same(t, end(""), 1)
	same(t, all("acc2", now), []ledger.AccountSession{three})
	update(t, l, func(ctx context.Context, tx *ledger.Tx) error { return tx.EndAccountSession(ctx, "s3") })
	put("s4", "acc2", now)
	same(t, write(t, l, func(ctx context.Context, tx *ledger.Tx) (int, error) {
		return tx.ForgetAccountSessions(ctx, now.Add(2*time.Hour))
	}), 1)
}

func testPasskeys(t *testing.T, l *ledger.Ledger) {
	accounts(t, l, "acc1", "acc2")
	p := ledger.Passkey{ID: "k1", Account: "acc1", Name: "Phone", Data: []byte(`{"count":0}`), CreatedAt: now}
	add := func(ctx context.Context, tx *ledger.Tx) error { return tx.AddPasskey(ctx, p) }
	update(t, l, add)
	fails(t, l, ledger.ErrConflict, add)
	update(t, l, func(ctx context.Context, tx *ledger.Tx) error {
		return tx.UsePasskey(ctx, "k1", []byte(`{"count":1}`), now)
	})
	fails(t, l, ledger.ErrNotFound, func(ctx context.Context, tx *ledger.Tx) error { return tx.NamePasskey(ctx, "acc2", "k1", "Mine") })
	fails(t, l, ledger.ErrNotFound, func(ctx context.Context, tx *ledger.Tx) error { return tx.RemovePasskey(ctx, "acc2", "k1") })
	update(t, l, func(ctx context.Context, tx *ledger.Tx) error { return tx.NamePasskey(ctx, "acc1", "k1", "Key") })
	p.Name, p.Data, p.LastUsedAt = "Key", []byte(`{"count":1}`), now
	same(t, read(t, l, func(ctx context.Context, tx *ledger.Tx) (ledger.Passkey, error) { return tx.Passkey(ctx, "k1") }), p)
	same(t, read(t, l, func(ctx context.Context, tx *ledger.Tx) ([]ledger.Passkey, error) { return tx.Passkeys(ctx, "acc1") }), []ledger.Passkey{p})
	update(t, l, func(ctx context.Context, tx *ledger.Tx) error { return tx.RemovePasskey(ctx, "acc1", "k1") })
	fails(t, l, ledger.ErrNotFound, func(ctx context.Context, tx *ledger.Tx) error {
		_, err := tx.Passkey(ctx, "k1")
		return err
	})
}

func testIdentities(t *testing.T, l *ledger.Ledger) {
	accounts(t, l, "acc1", "acc2")
	i := ledger.Identity{Provider: "work", Subject: "42", Account: "acc1", CreatedAt: now}
	add := func(ctx context.Context, tx *ledger.Tx) (bool, error) { return tx.AddIdentity(ctx, i) }
	same(t, []bool{write(t, l, add), write(t, l, add)}, []bool{true, false})
	same(t, read(t, l, func(ctx context.Context, tx *ledger.Tx) ([]ledger.Identity, error) { return tx.Identities(ctx, "acc1") }), []ledger.Identity{i})
	i.Account = "acc2"
	fails(t, l, ledger.ErrConflict, func(ctx context.Context, tx *ledger.Tx) error {
		_, err := add(ctx, tx)
		return err
	})
	remove := func(account string) func(context.Context, *ledger.Tx) error {
		return func(ctx context.Context, tx *ledger.Tx) error { return tx.RemoveIdentity(ctx, account, "work", "42") }
	}
	fails(t, l, ledger.ErrNotFound, remove("acc2"))
	update(t, l, remove("acc1"))
}
