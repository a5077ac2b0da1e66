package issuer_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/accolade-badges/accolade/issuer"
	"github.com/accolade-badges/accolade/issuer/ledger"
)

// mustFail lets the one job that signs fail until it is given up.
func (h *house) mustFail(t *testing.T, reason string) {
	t.Helper()
	for {
		var jobs []ledger.Job
		err := h.ledger.Update(t.Context(), func(tx *ledger.Tx) error {
			var err error
			if jobs, err = tx.ClaimJobs(t.Context(), []string{"sign"}, 1, "test", time.Minute); err != nil || len(jobs) == 0 {
				return err
			}
			return tx.RetryJob(t.Context(), jobs[0].ID, "test", time.Now().Add(-time.Second), reason)
		})
		if err != nil {
			t.Fatal(err)
		}
		if len(jobs) == 0 {
			return
		}
	}
}

// finding returns what an examination says of a subject.
func (h *house) finding(t *testing.T, subject string) issuer.Finding {
	t.Helper()
	for _, f := range h.Examine(context.Background(), nil) {
		if f.Subject == subject {
			return f
		}
	}
	t.Fatalf("nothing was examined that is called %q", subject)
	return issuer.Finding{}
}

func TestWorkThatWasGivenUpIsTriedAgain(t *testing.T) {
	t.Parallel()
	h := mustHouse(t, "", "2025-06-01T12:00:00Z")
	h.mustLoadDemo(t, unchanged)
	award := h.mustRecord(t, pass("1", "CL-220", "2025-02-01T10:00:00Z")).Awards[0].ID
	if err := h.RetryJob(t.Context(), "test", "none"); !errors.Is(err, issuer.ErrNoDeadJob) {
		t.Errorf("retrying no job: %v, want %v", err, issuer.ErrNoDeadJob)
	}
	h.mustFail(t, "the key is away")
	if f := h.finding(t, "jobs"); f.Level != issuer.Wrong || !strings.Contains(f.Message, "sign award "+award+": the key is away") ||
		!strings.Contains(f.Message, "accolade jobs retry") {
		t.Errorf("a job that was given up: %+v", f)
	}
	dead, err := h.DeadJobs(t.Context(), 10)
	if err != nil || len(dead) != 1 || dead[0].Work != "sign award "+award || dead[0].LastError != "the key is away" {
		t.Fatalf("given up: %+v, %v", dead, err)
	}
	if n, err := h.RetryJobs(t.Context(), "test"); n != 1 || err != nil {
		t.Errorf("%d jobs are tried again, %v; want 1", n, err)
	}
	if err := h.RetryJob(t.Context(), "test", dead[0].ID); !errors.Is(err, issuer.ErrNoDeadJob) {
		t.Errorf("retrying a job that waits: %v, want %v", err, issuer.ErrNoDeadJob)
	}
	h.mustDrain(t)
	if _, err := h.Export(t.Context(), award, issuer.FormatJSON); err != nil {
		t.Errorf("the award is not signed: %v", err)
	}
	if f := h.finding(t, "jobs"); f.Level == issuer.Wrong {
		t.Errorf("after the retry: %+v", f)
	}
}

// An award whose job went without signing it would wait for ever.
func TestAwardsWithoutASignatureAreFound(t *testing.T) {
	t.Parallel()
	h := mustHouse(t, "", "2025-06-01T12:00:00Z")
	h.mustLoadDemo(t, unchanged)
	award := h.mustRecord(t, pass("1", "CL-220", "2025-02-01T10:00:00Z")).Awards[0].ID
	if f := h.finding(t, "awards"); f.Level != issuer.Fine {
		t.Errorf("an award that waits to be signed: %+v", f)
	}
	err := h.ledger.Update(t.Context(), func(tx *ledger.Tx) error {
		jobs, err := tx.ClaimJobs(t.Context(), []string{"sign"}, 1, "test", time.Minute)
		if err != nil {
			return err
		}
		return tx.FinishJob(t.Context(), jobs[0].ID, "test")
	})
	if err != nil {
		t.Fatal(err)
	}
	if f := h.finding(t, "awards"); f.Level != issuer.Wrong || !strings.Contains(f.Message, award) {
		t.Errorf("an award that nothing signs: %+v", f)
	}
	for _, want := range []int{1, 0} {
		if n, err := h.RetryJobs(t.Context(), "test"); n != want || err != nil {
			t.Errorf("%d signatures are queued, %v; want %d", n, err, want)
		}
	}
	h.mustDrain(t)
	if f := h.finding(t, "awards"); f.Level != issuer.Fine {
		t.Errorf("after the retry: %+v", f)
	}
}
