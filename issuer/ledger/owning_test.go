package ledger_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/accolade-badges/accolade/issuer/ledger"
)

func ids(awards []ledger.Award) (ids []string) {
	for _, a := range awards {
		ids = append(ids, a.ID)
	}
	return ids
}

// attained adds an award that was attained a number of hours after the sample.
func attained(t testing.TB, l *ledger.Ledger, id, folded string, hours int) ledger.Award {
	t.Helper()
	return award(t, l, func(a *ledger.Award) {
		a.ID, a.Folded, a.AttainedAt = id, folded, a.AttainedAt.Add(time.Duration(hours)*time.Hour)
	})
}

func testOwnership(t *testing.T, l *ledger.Ledger) {
	programme(t, l)
	accounts(t, l, "acc1", "acc2")
	proven(t, l, "acc1", "ada@example.org")
	attained(t, l, "a1", "ada@example.org", 0)
	attained(t, l, "a2", "other@example.org", 1)
	waiting := func() []string {
		return ids(read(t, l, func(ctx context.Context, tx *ledger.Tx) ([]ledger.Award, error) { return tx.WaitingAwards(ctx, "acc1") }))
	}
	may := func(id string) bool {
		return read(t, l, func(ctx context.Context, tx *ledger.Tx) (bool, error) { return tx.MayClaim(ctx, "acc1", id) })
	}
	same(t, waiting(), []string{"a1"})
	same(t, []bool{may("a1"), may("a2"), may("none")}, []bool{true, false, false})
	write(t, l, func(ctx context.Context, tx *ledger.Tx) (bool, error) {
		return tx.LinkCandidate(ctx, "acc1", "c1", now)
	})
	same(t, waiting(), []string{"a2", "a1"})
	same(t, may("a2"), true)

	decline := func(ctx context.Context, tx *ledger.Tx) (bool, error) { return tx.Decline(ctx, "a2", now) }
	same(t, write(t, l, decline), true)
	same(t, waiting(), []string{"a1"})
	declined := func(since time.Time) []string {
		return ids(read(t, l, func(ctx context.Context, tx *ledger.Tx) ([]ledger.Award, error) {
			return tx.DeclinedAwards(ctx, "acc1", since)
		}))
	}
	same(t, declined(now.Add(-time.Hour)), []string{"a2"})
	same(t, len(declined(now)), 0)
	undecline := func(since time.Time) bool {
		return write(t, l, func(ctx context.Context, tx *ledger.Tx) (bool, error) { return tx.Undecline(ctx, "a2", since) })
	}
	same(t, []bool{undecline(now), undecline(now.Add(-time.Second)), undecline(now.Add(-time.Second))}, []bool{false, true, false})
	same(t, waiting(), []string{"a2", "a1"})

	claim := func(account string) func(context.Context, *ledger.Tx) (bool, error) {
		return func(ctx context.Context, tx *ledger.Tx) (bool, error) {
			return tx.ClaimAward(ctx, account, "a1", ledger.Public, now)
		}
	}
	same(t, []bool{write(t, l, claim("acc1")), write(t, l, claim("acc1"))}, []bool{true, false})
	fails(t, l, ledger.ErrConflict, func(ctx context.Context, tx *ledger.Tx) error {
		_, err := claim("acc2")(ctx, tx)
		return err
	})
	same(t, waiting(), []string{"a2"})
	owned := read(t, l, func(ctx context.Context, tx *ledger.Tx) ([]ledger.Award, error) {
		return tx.AwardsOfAccount(ctx, "acc1")
	})
	if len(owned) != 1 || owned[0].Account != "acc1" || owned[0].ClaimedAt != now || owned[0].Visibility != ledger.Public {
		t.Errorf("owned: %+v", owned)
	}
	fails(t, l, ledger.ErrNotFound, func(ctx context.Context, tx *ledger.Tx) error {
		_, err := tx.OwnedAward(ctx, "acc2", "a1")
		return err
	})
	write(t, l, func(ctx context.Context, tx *ledger.Tx) (bool, error) { return tx.Revoke(ctx, "a2", "Fraud.", now) })
	same(t, len(waiting()), 0)
	fails(t, l, ledger.ErrConflict, func(ctx context.Context, tx *ledger.Tx) error {
		_, err := tx.ClaimAward(ctx, "acc1", "a2", ledger.Private, now)
		return err
	})
	same(t, ids(read(t, l, func(ctx context.Context, tx *ledger.Tx) ([]ledger.Award, error) {
		return tx.AwardsTo(ctx, "other@example.org")
	})), []string{"a2"})
}

func testClaimRace(t *testing.T, l *ledger.Ledger) {
	programme(t, l)
	accounts(t, l, "acc1", "acc2")
	award(t, l, nil)
	var won, lost atomic.Int32
	var group sync.WaitGroup
	for i := range 20 {
		account := []string{"acc1", "acc2"}[i%2]
		group.Go(func() {
			claimed := false
			err := l.Update(context.Background(), func(tx *ledger.Tx) (err error) {
				claimed, err = tx.ClaimAward(context.Background(), account, "a1", ledger.Private, now)
				return err
			})
			switch {
			case err == nil && claimed:
				won.Add(1)
			case errors.Is(err, ledger.ErrConflict):
				lost.Add(1)
			case err != nil:
				t.Error(err)
			}
		})
	}
	group.Wait()
	if won.Load() != 1 || lost.Load() != 10 {
		t.Errorf("%d claims won and %d were refused, want 1 and the 10 of the other account", won.Load(), lost.Load())
	}
}

func testReminders(t *testing.T, l *ledger.Ledger) {
	programme(t, l)
	accounts(t, l, "acc1")
	for i, id := range []string{"a1", "a2", "a3", "a4", "a5"} {
		award(t, l, func(a *ledger.Award) {
			a.ID, a.Folded, a.AttainedAt, a.RemindAt = id, id+"@example.org", a.AttainedAt.Add(time.Duration(i)*time.Hour), now.Add(time.Duration(i)*time.Minute)
		})
	}
	due := func(at time.Time) []string {
		return ids(read(t, l, func(ctx context.Context, tx *ledger.Tx) ([]ledger.Award, error) {
			return tx.AwardsToRemind(ctx, at, 10)
		}))
	}
	same(t, due(now.Add(time.Minute)), []string{"a1", "a2"})
	reminded := func(id string, number int, next time.Time) bool {
		return write(t, l, func(ctx context.Context, tx *ledger.Tx) (bool, error) { return tx.Reminded(ctx, id, number, next) })
	}
	later := now.Add(time.Hour)
	same(t, []bool{reminded("a1", 1, later), reminded("a1", 1, later), reminded("a1", 3, later), reminded("a1", 2, time.Time{})}, []bool{true, false, false, true})
	write(t, l, func(ctx context.Context, tx *ledger.Tx) (bool, error) {
		return tx.ClaimAward(ctx, "acc1", "a2", ledger.Private, now)
	})
	write(t, l, func(ctx context.Context, tx *ledger.Tx) (bool, error) { return tx.Decline(ctx, "a3", now) })
	update(t, l, func(ctx context.Context, tx *ledger.Tx) error {
		return tx.EndReminders(ctx, "a4@example.org", "another")
	})
	same(t, due(later), []string{"a4", "a5"})
	update(t, l, func(ctx context.Context, tx *ledger.Tx) error { return tx.EndReminders(ctx, "a4@example.org", "") })
	same(t, due(later), []string{"a5"})
	write(t, l, func(ctx context.Context, tx *ledger.Tx) (bool, error) {
		return tx.Undecline(ctx, "a3", now.Add(-time.Hour))
	})
	update(t, l, func(ctx context.Context, tx *ledger.Tx) error { return tx.SetReminder(ctx, "a3", now) })
	same(t, due(later), []string{"a3", "a5"})
}

func testShares(t *testing.T, l *ledger.Ledger) {
	programme(t, l)
	accounts(t, l, "acc1", "acc2")
	award(t, l, nil)
	write(t, l, func(ctx context.Context, tx *ledger.Tx) (bool, error) {
		return tx.ClaimAward(ctx, "acc1", "a1", ledger.Private, now)
	})
	s := ledger.Share{ID: "s1", Hash: "h1", Account: "acc1", Award: "a1", Label: "An employer", CreatedAt: now, ExpiresAt: now.Add(time.Hour)}
	add := func(ctx context.Context, tx *ledger.Tx) error { return tx.AddShare(ctx, s) }
	update(t, l, add)
	fails(t, l, ledger.ErrConflict, add)
	live := func(at time.Time) bool {
		found := false
		view(t, l, func(ctx context.Context, tx *ledger.Tx) error {
			got, err := tx.LiveShare(ctx, "h1", at)
			found = got.ID == "s1"
			return ignoreMissing(err)
		})
		return found
	}
	look := func(at time.Time) func(context.Context, *ledger.Tx) error {
		return func(ctx context.Context, tx *ledger.Tx) error { return tx.ViewShare(ctx, "h1", at) }
	}
	same(t, []bool{live(now), live(s.ExpiresAt)}, []bool{true, false})
	update(t, l, look(now))
	update(t, l, look(now.Add(time.Minute)))
	fails(t, l, ledger.ErrNotFound, look(s.ExpiresAt))
	s.Views, s.LastViewAt = 2, now.Add(time.Minute)
	same(t, read(t, l, func(ctx context.Context, tx *ledger.Tx) ([]ledger.Share, error) { return tx.Shares(ctx, "acc1", "a1") }), []ledger.Share{s})
	same(t, len(read(t, l, func(ctx context.Context, tx *ledger.Tx) ([]ledger.Share, error) { return tx.Shares(ctx, "acc2", "a1") })), 0)
	fails(t, l, ledger.ErrNotFound, func(ctx context.Context, tx *ledger.Tx) error { return tx.RevokeShare(ctx, "acc2", "s1", now) })
	for i := range 2 {
		update(t, l, func(ctx context.Context, tx *ledger.Tx) error {
			return tx.RevokeShare(ctx, "acc1", "s1", now.Add(time.Duration(i)*time.Hour))
		})
	}
	s.RevokedAt = now
	same(t, live(now), false)
	fails(t, l, ledger.ErrNotFound, look(now))
	same(t, read(t, l, func(ctx context.Context, tx *ledger.Tx) ([]ledger.Share, error) {
		return tx.SharesOfAccount(ctx, "acc1")
	}), []ledger.Share{s})
	s.ID, s.Hash, s.ExpiresAt = "s2", "h2", time.Time{}
	update(t, l, add)
	update(t, l, func(ctx context.Context, tx *ledger.Tx) error { return tx.RevokeShares(ctx, "a1", now) })
	fails(t, l, ledger.ErrNotFound, func(ctx context.Context, tx *ledger.Tx) error { return tx.ViewShare(ctx, "h2", now) })
}

func testProfile(t *testing.T, l *ledger.Ledger) {
	programme(t, l)
	accounts(t, l, "acc1", "acc2")
	for i, id := range []string{"a1", "a2", "a3", "a4"} {
		attained(t, l, id, "", i)
		visibility := ledger.Public
		if id == "a4" {
			visibility = ledger.Private
		}
		write(t, l, func(ctx context.Context, tx *ledger.Tx) (bool, error) {
			return tx.ClaimAward(ctx, "acc1", id, visibility, now)
		})
	}
	attained(t, l, "a5", "", 5)
	all := func() (list []string) {
		for _, i := range read(t, l, func(ctx context.Context, tx *ledger.Tx) ([]ledger.ProfileItem, error) { return tx.Profile(ctx, "acc1") }) {
			if i.Hidden {
				i.ID += " hidden"
			}
			list = append(list, i.ID)
		}
		return list
	}
	public := func() []string {
		return ids(read(t, l, func(ctx context.Context, tx *ledger.Tx) ([]ledger.Award, error) { return tx.PublicProfile(ctx, "acc1") }))
	}
	same(t, public(), []string{"a3", "a2", "a1"})
	update(t, l, func(ctx context.Context, tx *ledger.Tx) error { return tx.SetHidden(ctx, "acc1", "a2", true) })
	same(t, all(), []string{"a4", "a3", "a2 hidden", "a1"})
	order := func(awards ...string) {
		update(t, l, func(ctx context.Context, tx *ledger.Tx) error { return tx.SetProfileOrder(ctx, "acc1", awards) })
	}
	order("a1", "a5", "a2")
	same(t, all(), []string{"a1", "a2 hidden", "a4", "a3"})
	same(t, public(), []string{"a1", "a3"})
	order("a3")
	same(t, all(), []string{"a3", "a4", "a2 hidden", "a1"})
	update(t, l, func(ctx context.Context, tx *ledger.Tx) error { return tx.SetHidden(ctx, "acc1", "a2", false) })
	same(t, public(), []string{"a3", "a2", "a1"})
	for _, foreign := range []string{"a1", "a5"} {
		fails(t, l, ledger.ErrNotFound, func(ctx context.Context, tx *ledger.Tx) error { return tx.SetHidden(ctx, "acc2", foreign, true) })
	}
}

func testCollections(t *testing.T, l *ledger.Ledger) {
	programme(t, l)
	accounts(t, l, "acc1", "acc2")
	for i, id := range []string{"a1", "a2", "a3"} {
		attained(t, l, id, "", i)
	}
	for _, id := range []string{"a1", "a2"} {
		write(t, l, func(ctx context.Context, tx *ledger.Tx) (bool, error) {
			return tx.ClaimAward(ctx, "acc1", id, ledger.Public, now)
		})
	}
	c := ledger.Collection{ID: "k1", Account: "acc1", Slug: "work", Title: "Work", CreatedAt: now}
	second := ledger.Collection{ID: "k2", Account: "acc1", Slug: "play", Public: true, CreatedAt: now}
	for _, c := range []ledger.Collection{c, second} {
		update(t, l, func(ctx context.Context, tx *ledger.Tx) error { return tx.AddCollection(ctx, c) })
	}
	fails(t, l, ledger.ErrConflict, func(ctx context.Context, tx *ledger.Tx) error {
		return tx.AddCollection(ctx, ledger.Collection{ID: "k3", Account: "acc1", Slug: "work", CreatedAt: now})
	})
	second.Position = 1
	list := func() []ledger.Collection {
		return read(t, l, func(ctx context.Context, tx *ledger.Tx) ([]ledger.Collection, error) {
			return tx.Collections(ctx, "acc1")
		})
	}
	same(t, list(), []ledger.Collection{c, second})
	c.Title, c.Public, c.Position = "At work", true, 2
	update(t, l, func(ctx context.Context, tx *ledger.Tx) error { return tx.ChangeCollection(ctx, c) })
	same(t, list(), []ledger.Collection{second, c})

	update(t, l, func(ctx context.Context, tx *ledger.Tx) error {
		return tx.SetCollectionItems(ctx, "acc1", "k1", []string{"a2", "a3", "a1", "a2"})
	})
	held := func() []string {
		return ids(read(t, l, func(ctx context.Context, tx *ledger.Tx) ([]ledger.Award, error) {
			return tx.CollectionAwards(ctx, "k1")
		}))
	}
	same(t, held(), []string{"a2", "a1"})
	for _, foreign := range []func(context.Context, *ledger.Tx) error{
		func(ctx context.Context, tx *ledger.Tx) error { return tx.SetCollectionItems(ctx, "acc2", "k1", nil) },
		func(ctx context.Context, tx *ledger.Tx) error { return tx.RemoveCollection(ctx, "acc2", "k1") },
		func(ctx context.Context, tx *ledger.Tx) error {
			return tx.ChangeCollection(ctx, ledger.Collection{ID: "k1", Account: "acc2"})
		},
	} {
		fails(t, l, ledger.ErrNotFound, foreign)
	}
	same(t, held(), []string{"a2", "a1"})
	bySlug := read(t, l, func(ctx context.Context, tx *ledger.Tx) (ledger.Collection, error) {
		return tx.CollectionOf(ctx, "acc1", "work")
	})
	same(t, bySlug, c)
	update(t, l, func(ctx context.Context, tx *ledger.Tx) error { return tx.RemoveCollection(ctx, "acc1", "k1") })
	same(t, list(), []ledger.Collection{second})
}

func testDisclosure(t *testing.T, l *ledger.Ledger) {
	programme(t, l)
	before := award(t, l, nil)
	get := func() ledger.Disclosure {
		return read(t, l, func(ctx context.Context, tx *ledger.Tx) (ledger.Disclosure, error) { return tx.Disclosure(ctx, "a1") })
	}
	same(t, get(), ledger.Disclosure{Award: "a1"})
	for _, d := range []ledger.Disclosure{{Award: "a1", Score: true}, {Award: "a1", Evidence: true}} {
		update(t, l, func(ctx context.Context, tx *ledger.Tx) error { return tx.PutDisclosure(ctx, d) })
		same(t, get(), d)
	}
	after := read(t, l, func(ctx context.Context, tx *ledger.Tx) (ledger.Award, error) { return tx.Award(ctx, "a1") })
	same(t, after.Version, before.Version+2)
}

func testNameRequests(t *testing.T, l *ledger.Ledger) {
	programme(t, l)
	accounts(t, l, "acc1")
	award(t, l, nil)
	r := ledger.NameRequest{ID: "n1", Award: "a1", Account: "acc1", Issuer: "sample", Name: "Ada B. Sample", Note: "Married.", CreatedAt: now}
	add := func(ctx context.Context, tx *ledger.Tx) error { return tx.AddNameRequest(ctx, r) }
	update(t, l, add)
	r.ID = "n2"
	fails(t, l, ledger.ErrConflict, add)
	r.ID = "n1"
	list := func(open bool) []ledger.NameRequest {
		return read(t, l, func(ctx context.Context, tx *ledger.Tx) ([]ledger.NameRequest, error) {
			return tx.NameRequests(ctx, "sample", open)
		})
	}
	same(t, list(true), []ledger.NameRequest{r})
	for issuer, want := range map[string]int{"": 1, "other": 0} {
		same(t, len(read(t, l, func(ctx context.Context, tx *ledger.Tx) ([]ledger.NameRequest, error) {
			return tx.NameRequests(ctx, issuer, true)
		})), want)
	}
	decide := func(ctx context.Context, tx *ledger.Tx) error {
		return tx.DecideNameRequest(ctx, "n1", true, "Seen.", now)
	}
	update(t, l, decide)
	fails(t, l, ledger.ErrConflict, decide)
	r.DecidedAt, r.Accepted, r.Reason = now, true, "Seen."
	same(t, len(list(true)), 0)
	same(t, list(false), []ledger.NameRequest{r})
	same(t, read(t, l, func(ctx context.Context, tx *ledger.Tx) ([]ledger.NameRequest, error) {
		return tx.NameRequestsOf(ctx, "acc1")
	}), []ledger.NameRequest{r})
	r = ledger.NameRequest{ID: "n3", Award: "a1", Account: "acc1", Issuer: "sample", CreatedAt: now}
	update(t, l, add)
	same(t, slices.ContainsFunc(list(true), func(r ledger.NameRequest) bool { return r.ID == "n3" }), true)
}
