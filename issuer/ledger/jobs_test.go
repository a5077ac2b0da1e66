package ledger_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/accolade-badges/accolade/issuer/ledger"
)

// addJobs queues jobs that are due at once.
func addJobs(t testing.TB, l *ledger.Ledger, jobs ...ledger.Job) {
	t.Helper()
	update(t, l, func(ctx context.Context, tx *ledger.Tx) error {
		for i := range jobs {
			if jobs[i].RunAt.IsZero() {
				jobs[i].RunAt = now
			}
			if jobs[i].MaxAttempts == 0 {
				jobs[i].MaxAttempts = 3
			}
			jobs[i].CreatedAt, jobs[i].Args = now, []byte(`"x"`)
		}
		return tx.AddJobs(ctx, jobs...)
	})
}

func claim(t testing.TB, l *ledger.Ledger, worker string, n int, lease time.Duration) (ids []string) {
	t.Helper()
	for _, j := range write(t, l, func(ctx context.Context, tx *ledger.Tx) ([]ledger.Job, error) {
		return tx.ClaimJobs(ctx, []string{"sign", "mail"}, n, worker, lease)
	}) {
		ids = append(ids, j.ID)
	}
	return ids
}

func pending(t testing.TB, l *ledger.Ledger, kind string) int {
	t.Helper()
	return read(t, l, func(ctx context.Context, tx *ledger.Tx) (int, error) { return tx.PendingJobs(ctx, kind) })
}

func testJobUnique(t *testing.T, l *ledger.Ledger) {
	addJobs(t, l, ledger.Job{ID: "j1", Kind: "sign", Unique: "sign:a1"}, ledger.Job{ID: "j2", Kind: "sign", Unique: "sign:a1"},
		ledger.Job{ID: "j3", Kind: "mail"}, ledger.Job{ID: "j4", Kind: "mail"}, ledger.Job{ID: "j4", Kind: "sign"})
	same(t, pending(t, l, ""), 3)
	same(t, pending(t, l, "sign"), 1)
	same(t, claim(t, l, "w", 1, time.Minute), []string{"j1"})
	addJobs(t, l, ledger.Job{ID: "j5", Kind: "sign", Unique: "sign:a1"})
	same(t, pending(t, l, "sign"), 1)
	update(t, l, func(ctx context.Context, tx *ledger.Tx) error { return tx.FinishJob(ctx, "j1", "w") })
	same(t, pending(t, l, "sign"), 0)
	addJobs(t, l, ledger.Job{ID: "j1", Kind: "sign"}) // a slot that ran does not run again
	same(t, pending(t, l, "sign"), 0)
	addJobs(t, l, ledger.Job{ID: "j6", Kind: "sign", Unique: "sign:a1"})
	same(t, pending(t, l, "sign"), 1)
	same(t, write(t, l, func(ctx context.Context, tx *ledger.Tx) (int, error) {
		return tx.PruneJobs(ctx, time.Now().Add(time.Minute), 10)
	}), 1)
	fails(t, l, ledger.ErrNotFound, func(ctx context.Context, tx *ledger.Tx) error {
		_, err := tx.Job(ctx, "j1")
		return err
	})
}

func testJobLease(t *testing.T, l *ledger.Ledger) {
	const lease = 300 * time.Millisecond
	addJobs(t, l, ledger.Job{ID: "j1", Kind: "sign"}, ledger.Job{ID: "later", Kind: "sign", RunAt: time.Now().Add(time.Hour)},
		ledger.Job{ID: "other", Kind: "unknown"})
	same(t, claim(t, l, "first", 10, lease), []string{"j1"})
	same(t, claim(t, l, "second", 10, lease), nil)
	update(t, l, func(ctx context.Context, tx *ledger.Tx) error {
		return tx.KeepJobs(ctx, []string{"j1"}, "first", 3*lease)
	})
	update(t, l, func(ctx context.Context, tx *ledger.Tx) error { return tx.KeepJobs(ctx, []string{"j1"}, "second", 0) })
	time.Sleep(lease + 50*time.Millisecond)
	same(t, claim(t, l, "second", 10, lease), nil)
	time.Sleep(2 * lease)
	same(t, claim(t, l, "second", 10, time.Hour), []string{"j1"})
	fails(t, l, ledger.ErrConflict, func(ctx context.Context, tx *ledger.Tx) error { return tx.FinishJob(ctx, "j1", "first") })
	fails(t, l, ledger.ErrConflict, func(ctx context.Context, tx *ledger.Tx) error {
		return tx.RetryJob(ctx, "j1", "first", now, "late")
	})
	fails(t, l, ledger.ErrNotFound, func(ctx context.Context, tx *ledger.Tx) error { return tx.FinishJob(ctx, "none", "first") })
	update(t, l, func(ctx context.Context, tx *ledger.Tx) error {
		return tx.RetryJob(ctx, "j1", "second", now, "the server is away")
	})
	j := read(t, l, func(ctx context.Context, tx *ledger.Tx) (ledger.Job, error) { return tx.Job(ctx, "j1") })
	same(t, j, ledger.Job{ID: "j1", Kind: "sign", Args: []byte(`"x"`), RunAt: now, Attempt: 2, MaxAttempts: 3, LastError: "the server is away", CreatedAt: now})
	same(t, claim(t, l, "second", 10, time.Hour), []string{"j1"})
	update(t, l, func(ctx context.Context, tx *ledger.Tx) error { return tx.FinishJob(ctx, "j1", "second") })
	fails(t, l, ledger.ErrConflict, func(ctx context.Context, tx *ledger.Tx) error { return tx.FinishJob(ctx, "j1", "second") })
	same(t, pending(t, l, ""), 2)
}

func testJobDeath(t *testing.T, l *ledger.Ledger) {
	addJobs(t, l, ledger.Job{ID: "j1", Kind: "sign", MaxAttempts: 1}, ledger.Job{ID: "j2", Kind: "sign", MaxAttempts: 1})
	dead := func() (ids []string) {
		for _, j := range read(t, l, func(ctx context.Context, tx *ledger.Tx) ([]ledger.Job, error) { return tx.DeadJobs(ctx, 10) }) {
			ids = append(ids, j.ID)
		}
		return ids
	}
	same(t, claim(t, l, "w", 10, time.Second), []string{"j1", "j2"})
	same(t, pending(t, l, ""), 2)
	same(t, dead(), nil)
	update(t, l, func(ctx context.Context, tx *ledger.Tx) error { return tx.RetryJob(ctx, "j1", "w", now, "refused") })
	time.Sleep(1100 * time.Millisecond) // the worker of j2 died
	same(t, claim(t, l, "w", 10, time.Minute), nil)
	same(t, dead(), []string{"j1", "j2"})
	same(t, pending(t, l, ""), 0)
	update(t, l, func(ctx context.Context, tx *ledger.Tx) error { return tx.ReviveJob(ctx, "j1", now) })
	fails(t, l, ledger.ErrConflict, func(ctx context.Context, tx *ledger.Tx) error { return tx.ReviveJob(ctx, "j1", now) })
	same(t, claim(t, l, "w", 10, time.Minute), []string{"j1"})
}

func testJobWorkers(t *testing.T, l *ledger.Ledger) {
	const jobs, workers = 200, 8
	for i := range jobs {
		addJobs(t, l, ledger.Job{ID: fmt.Sprint("j", i), Kind: "sign"})
	}
	var mu sync.Mutex
	runs := map[string]int{}
	var group sync.WaitGroup
	for w := range workers {
		group.Go(func() {
			name := fmt.Sprint("w", w)
			for {
				var ids []string
				err := l.Update(t.Context(), func(tx *ledger.Tx) error {
					ids = nil
					claimed, err := tx.ClaimJobs(t.Context(), []string{"sign"}, 7, name, time.Minute)
					for _, j := range claimed {
						ids = append(ids, j.ID)
					}
					return err
				})
				for _, id := range ids {
					err = errors.Join(err, l.Update(t.Context(), func(tx *ledger.Tx) error { return tx.FinishJob(t.Context(), id, name) }))
					mu.Lock()
					runs[id]++
					mu.Unlock()
				}
				if err != nil {
					t.Error(err)
				}
				if err != nil || len(ids) == 0 {
					return
				}
			}
		})
	}
	group.Wait()
	for id, n := range runs {
		if n != 1 {
			t.Errorf("job %s ran %d times", id, n)
		}
	}
	same(t, len(runs), jobs)
}
