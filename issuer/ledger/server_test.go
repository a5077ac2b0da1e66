package ledger_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/accolade-badges/accolade/issuer/ledger"
	"github.com/accolade-badges/accolade/issuer/ledger/ledgertest"
)

// admin is a connection of somebody else to a database.
func admin(t *testing.T, url string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	return conn
}

func TestServerThatDropsConnections(t *testing.T) {
	t.Parallel()
	url := ledgertest.Postgres(t)
	l := open(t, url)
	other := admin(t, url)
	drop := func() {
		_, err := other.Exec(t.Context(), "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()")
		if err != nil {
			t.Error(err)
		}
	}
	for range 3 {
		update(t, l, put("a"))
		same(t, settings(t, l), []string{"a"})
		drop()
	}
	// In the middle of an update: it runs again, on a new connection.
	runs := 0
	update(t, l, func(ctx context.Context, tx *ledger.Tx) error {
		if err := tx.PutSetting(ctx, "b", "x"); err != nil {
			return err
		}
		if runs++; runs == 1 {
			drop()
		}
		return tx.PutSetting(ctx, "c", "x")
	})
	same(t, runs, 2)
	same(t, settings(t, l), []string{"a", "b", "c"})
}

func TestServerTurnIsHeldByAnother(t *testing.T) {
	t.Parallel()
	url := ledgertest.Postgres(t)
	first, second := open(t, url), open(t, url)
	release, holding := make(chan struct{}), make(chan struct{})
	var group sync.WaitGroup
	group.Go(func() {
		err := first.Update(t.Context(), func(tx *ledger.Tx) error {
			close(holding)
			<-release
			return tx.PutSetting(t.Context(), "first", "x")
		})
		if err != nil {
			t.Error(err)
		}
	})
	<-holding
	began := time.Now()
	err := second.Update(t.Context(), func(tx *ledger.Tx) error { return tx.PutSetting(t.Context(), "second", "x") })
	if waited := time.Since(began); !errors.Is(err, ledger.ErrBusy) || waited < 4*time.Second || waited > 9*time.Second {
		t.Errorf("got %v after %v", err, waited)
	}
	same(t, settings(t, second), nil) // reads go on
	close(release)
	group.Wait()
	update(t, second, put("second"))
	same(t, settings(t, first), []string{"first", "second"})
}
