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
// machine can append 4 KiB to a file and sync it, measured in turn with it. Goals:
// 0.65 for one caller, 5 for 64.

// againstFloor runs op b.N times from a number of callers.
func againstFloor(b *testing.B, callers int, op func(i int64) error) {
	f, err := os.Create(filepath.Join(b.TempDir(), "floor"))
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	page, syncs, syncing := make([]byte, 4096), 0, time.Duration(0)
	floor := func() {
		b.StopTimer()
		start := time.Now()
		for ; time.Since(start) < 100*time.Millisecond; syncs++ {
			if _, err := f.Write(page); err != nil {
				b.Fatal(err)
			}
			if err := f.Sync(); err != nil {
				b.Fatal(err)
			}
		}
		syncing += time.Since(start)
		b.StartTimer()
	}
	const rounds = 5 // other work on the machine meets both sides alike
	floor()
	b.ResetTimer()
	for round := range int64(rounds) {
		var next atomic.Int64
		next.Store(int64(b.N) * round / rounds)
		until := int64(b.N) * (round + 1) / rounds
		var group sync.WaitGroup
		for range callers {
			group.Go(func() {
				for i := next.Add(1); i <= until; i = next.Add(1) {
					if err := op(i); err != nil {
						b.Error(err)
						return
					}
				}
			})
		}
		group.Wait()
		floor()
	}
	b.StopTimer()
	rate, limit := float64(b.N)/b.Elapsed().Seconds(), float64(syncs)/syncing.Seconds()
	b.ReportMetric(rate, "tx/s")
	b.ReportMetric(limit, "floor/s")
	b.ReportMetric(rate/limit, "xfloor")
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

// record is a transaction like the one of a recorded result: it looks up what the
// report may be about, and writes candidate, address, result, status index,
// award, mail, two jobs and audit. The ids of awards are in no order, since they
// must not be guessed; those of what stays inside rise with time, which keeps new
// rows together.
func record(l *ledger.Ledger, i int64) error {
	ctx := context.Background()
	id, secret := fmt.Sprintf("%016x", i), fmt.Sprintf("%016x", uint64(i)*0x9e3779b97f4a7c15)
	c, r, a, address := sampleCandidate, sampleResult, sampleAward, id+"@example.org"
	c.ID, c.Number = "c"+id, id
	r.ID, r.ResultID, r.Candidate = "r"+id, id, c.ID
	a.ID, a.Candidate, a.Result, a.Address, a.Folded, a.StatusIndex = "a"+secret, c.ID, r.ID, address, address, int(i*7919%131072)
	sign := ledger.Job{ID: "s" + id, Kind: "sign", Args: []byte(`"a` + secret + `"`), Unique: "sign:" + secret, RunAt: now, MaxAttempts: 30, CreatedAt: now}
	mail := sign
	mail.ID, mail.Kind, mail.Unique = "m"+id, "mail", "mail:"+id
	return l.Update(ctx, func(tx *ledger.Tx) error {
		if known, err := tx.Known(ctx, r.Issuer, r.Provider, r.ResultID, c.Number, address); err != nil || known.Result {
			return err
		}
		if err := tx.AddCandidate(ctx, c); err != nil {
			return err
		}
		if _, err := tx.AddAddress(ctx, c, address, address, now); err != nil {
			return err
		}
		if _, err := tx.AddResult(ctx, r); err != nil {
			return err
		}
		if _, err := tx.ReserveStatusIndex(ctx, a.StatusList, 1, 131072); err != nil {
			return err
		}
		if _, err := tx.TakeStatusIndex(ctx, a.StatusList, a.StatusIndex, a.ID); err != nil {
			return err
		}
		if added, err := tx.AddAward(ctx, a); err != nil || !added {
			return err
		}
		if err := tx.AddAwardResults(ctx, a.ID, []string{r.ID}); err != nil {
			return err
		}
		if _, err := tx.AddMail(ctx, ledger.Mail{ID: "m" + id, Award: a.ID, Kind: "badge", Edition: 1, Recipient: address, MessageID: id, CreatedAt: now}); err != nil {
			return err
		}
		if err := tx.AddJobs(ctx, sign, mail); err != nil {
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
