package issuer

import (
	"context"
	"errors"
	"path/filepath"
	"testing"
	"time"

	"github.com/accolade-badges/accolade/issuer/keys"
	"github.com/accolade-badges/accolade/issuer/ledger"
)

// TestStatusIndexComesFromAnOpenList takes places where the list that gave the
// last one gives no more.
func TestStatusIndexComesFromAnOpenList(t *testing.T) {
	ctx, dir := t.Context(), t.TempDir()
	l, err := ledger.Open(ctx, ledger.Config{URL: filepath.Join(dir, "ledger.db")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	master, err := keys.CreateMaster(filepath.Join(dir, "master.key"), "")
	if err != nil {
		t.Fatal(err)
	}
	s, err := New(Config{Ledger: l, Master: master, BaseURL: "http://localhost:8080"})
	if err != nil {
		t.Fatal(err)
	}
	err = l.Update(ctx, func(tx *ledger.Tx) error {
		return tx.PutIssuer(ctx, ledger.Issuer{Slug: "sample", ID: "did:web:example.org", CreatedAt: time.Now()})
	})
	if err != nil {
		t.Fatal(err)
	}
	take := func(end error) (list string) {
		t.Helper()
		err := l.Update(ctx, func(tx *ledger.Tx) error {
			var err error
			list, _, err = s.takeStatusIndex(ctx, tx, "sample", s.newID())
			return errors.Join(err, end)
		})
		if !errors.Is(err, end) {
			t.Fatal(err)
		}
		return list
	}
	undone := take(errors.New("the award came to nothing"))
	first := take(nil)
	if first == undone {
		t.Error("a place was given in a list that is not there")
	}
	if again := take(nil); again != first {
		t.Errorf("the second place is in list %s, not in %s", again, first)
	}
	fill(t, l, first)
	second := take(nil)
	if second == first {
		t.Error("more than half of a list was given")
	}
	lists := map[string]int{}
	err = l.View(ctx, func(tx *ledger.Tx) error {
		all, err := tx.StatusLists(ctx, "sample")
		for _, list := range all {
			lists[list.ID] = list.Taken
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(lists) != 2 || lists[first] != 131072/2 || lists[second] != 1 {
		t.Errorf("places taken: %v", lists)
	}
}

// fill reserves what a list has left.
func fill(t *testing.T, l *ledger.Ledger, list string) {
	t.Helper()
	err := l.Update(context.Background(), func(tx *ledger.Tx) error {
		for {
			more, err := tx.ReserveStatusIndex(context.Background(), list, firstEpoch, 131072/2)
			if err != nil || !more {
				return err
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
}
