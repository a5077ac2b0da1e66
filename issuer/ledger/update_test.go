package ledger_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/accolade-badges/accolade/issuer/ledger"
)

func put(name string) func(ctx context.Context, tx *ledger.Tx) error {
	return func(ctx context.Context, tx *ledger.Tx) error { return tx.PutSetting(ctx, name, "x") }
}

func settings(t testing.TB, l *ledger.Ledger) (names []string) {
	t.Helper()
	for _, s := range read(t, l, func(ctx context.Context, tx *ledger.Tx) ([]ledger.Setting, error) { return tx.Settings(ctx) }) {
		names = append(names, s.Name)
	}
	return names
}

func testRollback(t *testing.T, l *ledger.Ledger) {
	failed := errors.New("failed")
	fails(t, l, failed, func(ctx context.Context, tx *ledger.Tx) error {
		return errors.Join(tx.PutSetting(ctx, "a", "x"), failed)
	})
	// A database error that fn passes over rolls back all the same.
	fails(t, l, ledger.ErrConflict, func(ctx context.Context, tx *ledger.Tx) error {
		if err := tx.PutSetting(ctx, "b", "x"); err != nil {
			return err
		}
		_ = tx.AddCandidate(ctx, ledger.Candidate{ID: "c", Issuer: "nobody", CreatedAt: now})
		_ = tx.PutSetting(ctx, "c", "x")
		return nil
	})
	// An answer such as "not found" does not.
	update(t, l, func(ctx context.Context, tx *ledger.Tx) error {
		_, err := tx.Setting(ctx, "a")
		if !errors.Is(err, ledger.ErrNotFound) {
			return fmt.Errorf("got %v", err)
		}
		return tx.PutSetting(ctx, "d", "x")
	})
	same(t, settings(t, l), []string{"d"})
}

func testGroup(t *testing.T, l *ledger.Ledger) {
	const callers, each = 64, 8
	failed := errors.New("failed")
	var group sync.WaitGroup
	for c := range callers {
		group.Go(func() {
			for i := range each {
				name := fmt.Sprintf("%03d-%d", c, i)
				want := error(nil)
				if (c+i)%3 == 0 {
					want = failed
				}
				err := l.Update(t.Context(), func(tx *ledger.Tx) error {
					err := tx.PutSetting(t.Context(), name, "x")
					if err == nil {
						err = tx.AppendAudit(t.Context(), ledger.Audit{At: now, Subject: name})
					}
					if err == nil {
						err = want
					}
					return err
				})
				if !errors.Is(err, want) {
					t.Errorf("%s: %v, want %v", name, err, want)
				}
			}
		})
	}
	group.Wait()
	var want []string
	for c := range callers {
		for i := range each {
			if (c+i)%3 != 0 {
				want = append(want, fmt.Sprintf("%03d-%d", c, i))
			}
		}
	}
	same(t, settings(t, l), want)
	report := read(t, l, func(ctx context.Context, tx *ledger.Tx) (ledger.AuditReport, error) { return tx.VerifyAudit(ctx) })
	if report.Broken != 0 || report.Entries != int64(len(want)) {
		t.Errorf("audit chain of %d entries: %+v", len(want), report)
	}
}

func testPanic(t *testing.T, l *ledger.Ledger) {
	err := l.Update(t.Context(), func(tx *ledger.Tx) error {
		if err := tx.PutSetting(t.Context(), "a", "x"); err != nil {
			return err
		}
		panic("boom")
	})
	var p *ledger.PanicError
	if !errors.As(err, &p) || p.Value != "boom" || !strings.Contains(string(p.Stack), "testPanic") {
		t.Errorf("got %v", err)
	}
	update(t, l, put("b"))
	same(t, settings(t, l), []string{"b"})
}

func testGoexit(t *testing.T, l *ledger.Ledger) {
	var group sync.WaitGroup
	for i := range 16 {
		group.Go(func() {
			err := l.Update(t.Context(), func(tx *ledger.Tx) error {
				err := tx.PutSetting(t.Context(), fmt.Sprintf("%02d", i), "x")
				if i%4 == 0 {
					runtime.Goexit()
				}
				return err
			})
			if (err != nil) != (i%4 == 0) {
				t.Errorf("update %d: %v", i, err)
			}
		})
	}
	group.Wait()
	same(t, len(settings(t, l)), 12)
}

func testCancel(t *testing.T, l *ledger.Ledger) {
	release, running := make(chan struct{}), make(chan struct{})
	var group sync.WaitGroup
	group.Go(func() {
		err := l.Update(t.Context(), func(tx *ledger.Tx) error {
			close(running)
			<-release
			return tx.PutSetting(t.Context(), "slow", "x")
		})
		if err != nil {
			t.Error(err)
		}
	})
	<-running
	var cut sync.WaitGroup
	for i := range 300 { // more than fit into the queue
		cut.Go(func() {
			ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
			defer cancel()
			err := l.Update(ctx, func(tx *ledger.Tx) error { return tx.PutSetting(ctx, fmt.Sprint("late", i), "x") })
			if !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("got %v", err)
			}
		})
	}
	cut.Wait() // while the writer is still at work
	close(release)
	group.Wait()

	ctx, cancel := context.WithCancel(t.Context())
	err := l.Update(ctx, func(tx *ledger.Tx) error {
		if err := tx.PutSetting(ctx, "cut", "x"); err != nil {
			return err
		}
		cancel()
		return tx.PutSetting(ctx, "off", "x")
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if err := l.View(ctx, func(*ledger.Tx) error { return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("view: %v", err)
	}
	same(t, settings(t, l), []string{"slow"})
}

func testSnapshot(t *testing.T, l *ledger.Ledger) {
	update(t, l, put("a"))
	view(t, l, func(ctx context.Context, tx *ledger.Tx) error {
		before, err := tx.Settings(ctx)
		if err != nil {
			return err
		}
		if err := l.Update(ctx, func(w *ledger.Tx) error { return w.PutSetting(ctx, "b", "x") }); err != nil {
			return err
		}
		after, err := tx.Settings(ctx)
		if len(before) != len(after) {
			return errors.New("a view saw a commit that came after it began")
		}
		return err
	})
	same(t, settings(t, l), []string{"a", "b"})
}

func testReadOnlyView(t *testing.T, l *ledger.Ledger) {
	err := l.View(t.Context(), func(tx *ledger.Tx) error { return tx.PutSetting(t.Context(), "a", "x") })
	if err == nil {
		t.Error("a view wrote")
	}
	same(t, settings(t, l), nil)
}

func testOver(t *testing.T, l *ledger.Ledger) {
	var leaked [2]*ledger.Tx
	update(t, l, func(_ context.Context, tx *ledger.Tx) error { leaked[0] = tx; return nil })
	view(t, l, func(_ context.Context, tx *ledger.Tx) error { leaked[1] = tx; return nil })
	for _, tx := range leaked {
		if _, err := tx.Settings(t.Context()); err == nil {
			t.Error("a transaction worked after its function had returned")
		}
	}
}

func TestCloseAnswersEverybody(t *testing.T) {
	engines(t, func(t *testing.T, url string) {
		l, err := ledger.Open(t.Context(), ledger.Config{URL: url})
		if err != nil {
			t.Fatal(err)
		}
		var group sync.WaitGroup
		started := make(chan struct{}, 100)
		for i := range 32 {
			group.Go(func() {
				for {
					err := l.Update(context.Background(), func(tx *ledger.Tx) error { return tx.PutSetting(context.Background(), fmt.Sprint(i), "x") })
					if errors.Is(err, ledger.ErrClosed) {
						return
					}
					if err != nil {
						t.Error(err)
						return
					}
					select {
					case started <- struct{}{}:
					default:
					}
				}
			})
		}
		for range 64 {
			<-started
		}
		if err := l.Close(); err != nil {
			t.Error(err)
		}
		group.Wait()
		if err := l.View(t.Context(), func(*ledger.Tx) error { return nil }); !errors.Is(err, ledger.ErrClosed) {
			t.Errorf("a view after Close: %v", err)
		}
		if err := l.Close(); err != nil {
			t.Errorf("closing again: %v", err)
		}
	})
}
