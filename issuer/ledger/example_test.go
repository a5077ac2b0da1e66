package ledger_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"time"

	"github.com/accolade-badges/accolade/issuer/ledger"
)

// A result is recorded, and the job that follows from it is queued, in one
// transaction; then both are read from one snapshot.
func Example() {
	folder, err := os.MkdirTemp("", "ledger")
	if err != nil {
		log.Fatal(err)
	}
	defer func() { _ = os.RemoveAll(folder) }()

	ctx := context.Background()
	l, err := ledger.Open(ctx, ledger.Config{URL: filepath.Join(folder, "accolade.db")})
	if err != nil {
		log.Fatal(err)
	}
	defer func() { _ = l.Close() }()

	now := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	err = l.Update(ctx, func(tx *ledger.Tx) error {
		if err := tx.PutIssuer(ctx, ledger.Issuer{Slug: "sample", ID: "did:web:example.org", Name: "Sample", CreatedAt: now}); err != nil {
			return err
		}
		if err := tx.AddCandidate(ctx, ledger.Candidate{ID: "c1", Issuer: "sample", GivenName: "Ada", CreatedAt: now}); err != nil {
			return err
		}
		added, err := tx.AddResult(ctx, ledger.Result{
			ID: "r1", Issuer: "sample", Provider: "centre", ResultID: "42", Exam: "AZ-900",
			TakenAt: now, Outcome: "passed", Candidate: "c1", RecordedAt: now,
		})
		if err != nil || !added {
			return err
		}
		return tx.AddJob(ctx, ledger.Job{ID: "j1", Kind: "decide", Args: []byte(`"r1"`), RunAt: now, MaxAttempts: 5, CreatedAt: now})
	})
	if err != nil {
		log.Fatal(err)
	}

	err = l.View(ctx, func(tx *ledger.Tx) error {
		r, err := tx.Result(ctx, "sample", "centre", "42")
		if err != nil {
			return err
		}
		pending, err := tx.PendingJobs(ctx, "")
		fmt.Println(r.Exam, r.Outcome, r.TakenAt.Format(time.DateOnly), pending)
		return err
	})
	if err != nil {
		log.Fatal(err)
	}
	// Output: AZ-900 passed 2026-03-01 1
}
