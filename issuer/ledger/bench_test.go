package ledger_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/accolade-badges/accolade/issuer/ledger"
)

// The benchmarks print "xfloor", the rate as a multiple of how often this
// machine can append 4 KiB to a file and sync it, measured before and after the
// benchmark in the same run. Goals: 0.65 for one caller, 5 for 64.

// floor is how many times a second 4 KiB can be appended and synced.
func floor(b *testing.B) float64 {
	b.Helper()
	f, err := os.Create(filepath.Join(b.TempDir(), "floor"))
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	page := make([]byte, 4096)
	n, start := 0, time.Now()
	for ; time.Since(start) < 300*time.Millisecond; n++ {
		if _, err := f.Write(page); err != nil {
			b.Fatal(err)
		}
		if err := f.Sync(); err != nil {
			b.Fatal(err)
		}
	}
	return float64(n) / time.Since(start).Seconds()
}

// againstFloor runs op b.N times from a number of callers.
func againstFloor(b *testing.B, callers int, op func(i int64) error) {
	before := floor(b)
	var next atomic.Int64
	var group sync.WaitGroup
	b.ResetTimer()
	for range callers {
		group.Go(func() {
			for {
				i := next.Add(1)
				if i > int64(b.N) {
					return
				}
				if err := op(i); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	group.Wait()
	b.StopTimer()
	rate := float64(b.N) / b.Elapsed().Seconds()
	b.ReportMetric(rate, "tx/s")
	b.ReportMetric(rate/((before+floor(b))/2), "xfloor")
}

func benchmarkCallers(b *testing.B, op func(l *ledger.Ledger) func(i int64) error) {
	for _, callers := range []int{1, 64} {
		b.Run(fmt.Sprint("callers=", callers), func(b *testing.B) {
			l := open(b, filepath.Join(b.TempDir(), "accolade.db"))
			programme(b, l)
			againstFloor(b, callers, op(l))
		})
	}
}

// BenchmarkInsert writes one row a transaction.
func BenchmarkInsert(b *testing.B) {
	benchmarkCallers(b, func(l *ledger.Ledger) func(int64) error {
		return func(i int64) error {
			ctx := context.Background()
			return l.Update(ctx, func(tx *ledger.Tx) error {
				r := sampleResult
				r.ID, r.ResultID = fmt.Sprint("r", i), fmt.Sprint(i)
				_, err := tx.AddResult(ctx, r)
				return err
			})
		}
	})
}

// BenchmarkRecord writes all that a result which earns an award leads to.
func BenchmarkRecord(b *testing.B) {
	benchmarkCallers(b, func(l *ledger.Ledger) func(int64) error {
		return func(i int64) error { return record(l, i) }
	})
}

// record is a transaction like the one of a recorded result: it finds the
// candidate, and writes result, award, status index, two jobs and audit. The ids
// of awards are in no order, since they must not be guessed; those of what
// stays inside rise with time, which keeps new rows together.
func record(l *ledger.Ledger, i int64) error {
	ctx := context.Background()
	id, secret := fmt.Sprintf("%016x", i), fmt.Sprintf("%016x", uint64(i)*0x9e3779b97f4a7c15)
	return l.Update(ctx, func(tx *ledger.Tx) error {
		if _, err := tx.Candidate(ctx, "c1"); err != nil {
			return err
		}
		r := sampleResult
		r.ID, r.ResultID = "r"+id, id
		added, err := tx.AddResult(ctx, r)
		if err != nil || !added {
			return err
		}
		if _, err := tx.ReserveStatusIndex(ctx, "list1", 1, 1<<30); err != nil {
			return err
		}
		if _, err := tx.TakeStatusIndex(ctx, "list1", int(i*7919), "a"+secret); err != nil {
			return err
		}
		a := sampleAward
		a.ID, a.Result, a.Achievement, a.StatusIndex = "a"+secret, r.ID, "x"+id, int(i)
		if _, err := tx.AddAward(ctx, a); err != nil {
			return err
		}
		if err := tx.AddAwardResults(ctx, a.ID, []string{r.ID}); err != nil {
			return err
		}
		job := ledger.Job{ID: "s" + id, Kind: "sign", Args: []byte(`"a` + secret + `"`), Unique: "sign:" + secret, RunAt: now, MaxAttempts: 30, CreatedAt: now}
		other := job
		other.ID, other.Kind, other.Unique = "m"+id, "mail", "mail:"+id
		if err := tx.AddJobs(ctx, job, other); err != nil {
			return err
		}
		return tx.AppendAudit(ctx, ledger.Audit{At: now, Actor: "centre", Action: "award.created", Subject: a.ID, Detail: a.Achievement})
	})
}

// BenchmarkView reads one award by its id.
func BenchmarkView(b *testing.B) {
	l := open(b, filepath.Join(b.TempDir(), "accolade.db"))
	programme(b, l)
	award(b, l, nil)
	b.ReportAllocs()
	b.RunParallel(func(p *testing.PB) {
		for p.Next() {
			err := l.View(b.Context(), func(tx *ledger.Tx) error {
				_, err := tx.Award(b.Context(), "a1")
				return err
			})
			if err != nil {
				b.Error(err)
			}
		}
	})
}
