package issuer_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/accolade-badges/accolade/issuer"
)

// A disk is how fast this machine makes something durable: the limit of whatever
// must be when it is acknowledged.
type disk struct {
	file   *os.File
	syncs  int
	taking time.Duration
}

func mustDisk(b *testing.B) *disk {
	b.Helper()
	f, err := os.Create(filepath.Join(b.TempDir(), "limit"))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = f.Close() })
	return &disk{file: f}
}

// measure appends 4 KiB and syncs them, again and again for a while.
func (d *disk) measure(b *testing.B) {
	b.Helper()
	page, start := make([]byte, 4096), time.Now()
	for ; time.Since(start) < 100*time.Millisecond; d.syncs++ {
		if _, err := d.file.Write(page); err != nil {
			b.Fatal(err)
		}
		if err := d.file.Sync(); err != nil {
			b.Fatal(err)
		}
	}
	d.taking += time.Since(start)
}

// rate is how many times a second the disk synced.
func (d *disk) rate() float64 { return float64(d.syncs) / d.taking.Seconds() }

// BenchmarkRecordResult records results of new candidates durably on SQLite:
// sittings that earn no award, which are one durable result each, and passes that
// each earn an award, whose ten rows are written in the same transaction. xfsync is
// the rate as a multiple of the rate at which the disk syncs 4 KiB, fsyncs/s,
// measured in turn with it. Goals, for a sitting: 0.65 for one caller, 5 for 64.
func BenchmarkRecordResult(b *testing.B) {
	for _, of := range []struct {
		name    string
		outcome issuer.Outcome
	}{{"sitting", issuer.Failed}, {"award", issuer.Passed}} {
		for _, callers := range []int{1, 64} {
			b.Run(fmt.Sprint(of.name, "/callers=", callers), func(b *testing.B) { benchmarkRecord(b, of.outcome, callers) })
		}
	}
}

func benchmarkRecord(b *testing.B, outcome issuer.Outcome, callers int) {
	h := mustHouse(b, "", "2023-05-01T12:00:00Z")
	h.mustLoad(b, "microsoft.json")
	h.mustRecord(b, pass("first", "AZ-900", "2023-03-01T10:00:00Z")) // reads the catalogue
	limit := mustDisk(b)
	limit.measure(b)
	const rounds = 5 // other work on the machine meets both sides alike
	var next atomic.Int64
	b.ResetTimer()
	for round := range int64(rounds) {
		until := int64(b.N) * (round + 1) / rounds
		var group sync.WaitGroup
		for range callers {
			group.Go(func() {
				for n := next.Add(1); n <= until; n = next.Add(1) {
					r := pass(fmt.Sprint("r", n), "AZ-900", "2023-03-01T10:00:00Z")
					r.Outcome = outcome
					r.Candidate = issuer.Candidate{
						Number: fmt.Sprint("C-", n), Email: fmt.Sprintf("sample%d@example.org", n), FamilyName: "Sample",
					}
					if _, err := h.RecordResult(context.Background(), h.slug, r); err != nil {
						b.Error(err)
						return
					}
				}
			})
		}
		group.Wait()
		next.Store(until)
		b.StopTimer()
		limit.measure(b)
		b.StartTimer()
	}
	b.StopTimer()
	rate := float64(b.N) / b.Elapsed().Seconds()
	b.ReportMetric(rate, "results/s")
	b.ReportMetric(limit.rate(), "fsyncs/s")
	b.ReportMetric(rate/limit.rate(), "xfsync")
}

// BenchmarkSign drafts, lints, signs, verifies and stores awards, and mails
// them into a folder.
func BenchmarkSign(b *testing.B) {
	h := mustHouse(b, "", "2023-05-01T12:00:00Z")
	h.mustLoad(b, "microsoft.json")
	for n := range b.N {
		r := pass(fmt.Sprint("r", n), "AZ-900", "2023-03-01T10:00:00Z")
		r.Candidate = issuer.Candidate{Number: fmt.Sprint("C-", n), Email: fmt.Sprintf("sample%d@example.org", n), FamilyName: "Sample"}
		h.mustRecord(b, r)
	}
	b.ResetTimer()
	if _, err := h.Drain(context.Background(), nil); err != nil {
		b.Fatal(err)
	}
}
