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

// fsyncRate is how many times a second this machine appends 4 KiB to a file and
// syncs it: the limit of whatever must be durable when it is acknowledged.
func fsyncRate(b *testing.B) float64 {
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

// BenchmarkRecordResult records results of new candidates durably on SQLite:
// passes that each earn an award, and sittings that earn none. xfsync is the
// rate as a multiple of fsyncRate in the same run.
func BenchmarkRecordResult(b *testing.B) {
	for _, outcome := range []issuer.Outcome{issuer.Passed, issuer.Failed} {
		for _, callers := range []int{1, 64} {
			b.Run(fmt.Sprint(outcome, "/callers=", callers), func(b *testing.B) { benchmarkRecord(b, outcome, callers) })
		}
	}
}

func benchmarkRecord(b *testing.B, outcome issuer.Outcome, callers int) {
	h := mustHouse(b, "", "2023-05-01T12:00:00Z")
	h.mustLoad(b, "microsoft.json")
	before := fsyncRate(b)
	var next atomic.Int64
	var group sync.WaitGroup
	b.ResetTimer()
	for range callers {
		group.Go(func() {
			for n := next.Add(1); n <= int64(b.N); n = next.Add(1) {
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
	b.StopTimer()
	rate := float64(b.N) / b.Elapsed().Seconds()
	b.ReportMetric(rate, "results/s")
	b.ReportMetric(rate/((before+fsyncRate(b))/2), "xfsync")
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
