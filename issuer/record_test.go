package issuer_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/accolade-badges/accolade/issuer"
	"github.com/accolade-badges/accolade/issuer/ledger/ledgertest"
)

// onBothEngines runs a test on SQLite and on PostgreSQL.
func onBothEngines(t *testing.T, at string, test func(t *testing.T, h *house)) {
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		test(t, mustHouse(t, "", at))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		test(t, mustHouse(t, ledgertest.Postgres(t), at))
	})
}

// awarded maps the achievements of recorded results to how often each was
// awarded.
func awarded(list ...*issuer.Recorded) map[string]int {
	count := map[string]int{}
	for _, r := range list {
		for _, w := range r.Awards {
			count[w.Achievement]++
		}
	}
	return count
}

func TestExpertNeedsActivePrerequisite(t *testing.T) {
	t.Parallel()
	administrator, expert := pass("admin", "AZ-104", "2023-02-01T10:00:00Z"), pass("expert", "AZ-305", "2023-03-01T10:00:00Z")
	for name, order := range map[string][]issuer.Result{
		"administrator first": {administrator, expert},
		"expert first":        {expert, administrator},
	} {
		t.Run(name, func(t *testing.T) {
			onBothEngines(t, "2023-05-01T12:00:00Z", func(t *testing.T, h *house) {
				h.mustLoad(t, "microsoft.json")
				first := h.mustRecord(t, order[0])
				second := h.mustRecord(t, order[1])
				if n := awarded(first, second)["azure-solutions-architect"]; n != 1 {
					t.Errorf("architect awarded %d times, want once", n)
				}
				for _, w := range second.Awards {
					d, err := h.Award(context.Background(), w.ID)
					if err != nil {
						t.Fatal(err)
					}
					if w.Achievement == "azure-solutions-architect" && d.AttainedAt.Format(time.DateOnly) != "2023-03-01" {
						t.Errorf("architect dated %s, want the later of both passes", d.AttainedAt)
					}
				}
			})
		})
	}
	t.Run("expired administrator", func(t *testing.T) {
		onBothEngines(t, "2023-05-01T12:00:00Z", func(t *testing.T, h *house) {
			h.mustLoad(t, "microsoft.json")
			h.mustRecord(t, pass("admin", "AZ-104", "2021-08-01T10:00:00Z")) // valid for a year
			out := h.mustRecord(t, expert)
			if awarded(out)["azure-solutions-architect"] != 0 {
				t.Error("architect awarded on an administrator certification that had expired")
			}
			if !strings.Contains(out.Why(), "azure-solutions-architect") {
				t.Errorf("reasons %q, want why not the architect", out.Why())
			}
		})
	})
}

func TestSameReportAgainChangesNothing(t *testing.T) {
	t.Parallel()
	onBothEngines(t, "2023-05-01T12:00:00Z", func(t *testing.T, h *house) {
		h.mustLoad(t, "microsoft.json")
		first := h.mustRecord(t, pass("1", "AZ-900", "2023-03-01T10:00:00Z"))
		again := h.mustRecord(t, pass("1", "az-900", "2023-03-01T11:00:00+01:00"))
		if again.Status != issuer.RowSeen || len(again.Awards) != 1 || again.Awards[0] != first.Awards[0] {
			t.Errorf("the same report again: %s %v, want %s %v", again.Status, again.Awards, issuer.RowSeen, first.Awards)
		}
		retake := h.mustRecord(t, pass("2", "AZ-900", "2023-04-01T10:00:00Z"))
		if len(retake.Awards) != 0 {
			t.Errorf("a second pass of a certification that never expires awarded %v, want nothing", retake.Awards)
		}
	})
}

func TestCorrections(t *testing.T) {
	t.Parallel()
	outcome := func(r issuer.Result, o issuer.Outcome) issuer.Result { r.Outcome = o; return r }
	beta := pass("beta", "AZ-900", "2023-03-01T10:00:00Z")
	onBothEngines(t, "2023-05-01T12:00:00Z", func(t *testing.T, h *house) {
		h.mustLoad(t, "microsoft.json")
		ctx := context.Background()
		if out := h.mustRecord(t, outcome(beta, issuer.Held)); len(out.Awards) != 0 {
			t.Errorf("a held result awarded %v", out.Awards)
		}
		released := h.mustRecord(t, beta)
		if released.Status != issuer.RowChanged || len(released.Awards) != 1 {
			t.Fatalf("the released result: %s, awards %v, want one", released.Status, released.Awards)
		}
		id := released.Awards[0].ID
		h.mustDrain(t)
		voided := h.mustRecord(t, outcome(beta, issuer.Voided))
		w, err := h.Award(ctx, id)
		if err != nil || w.RevokedAt.IsZero() || w.RevocationReason == "" {
			t.Errorf("after the void (%s): award %+v, %v; want it revoked with a reason", voided.Status, w.Award, err)
		}
		_, err = h.RecordResult(ctx, h.slug, beta)
		var conflict *issuer.ConflictError
		if !errors.As(err, &conflict) {
			t.Errorf("passing a voided result: %v, want a conflict", err)
		}
		other := pass("beta", "AZ-104", "2023-03-01T10:00:00Z")
		if _, err = h.RecordResult(ctx, h.slug, other); !errors.As(err, &conflict) {
			t.Errorf("the same id for another exam: %v, want a conflict", err)
		}
	})
}

func TestTwoResultsAtOnce(t *testing.T) {
	t.Parallel()
	onBothEngines(t, "2021-05-01T12:00:00Z", func(t *testing.T, h *house) {
		h.mustLoad(t, "microsoft.json")
		const people = 20
		out := make([]*issuer.Recorded, 4*people)
		var group sync.WaitGroup
		for n := range out {
			person, half := n/4, n%4
			r := pass(fmt.Sprint(person, "-", half/2), []string{"AZ-303", "AZ-304"}[half/2], fmt.Sprintf("2021-04-0%dT10:00:00Z", 1+half/2))
			r.Candidate.Number, r.Candidate.Email = fmt.Sprint("C-", person), fmt.Sprintf("sample%d@example.org", person)
			group.Go(func() { // each result is reported twice, and both halves at once
				var err error
				if out[n], err = h.RecordResult(context.Background(), h.slug, r); err != nil {
					t.Error(err)
				}
			})
		}
		group.Wait()
		if t.Failed() {
			return
		}
		list, _, err := h.Awards(context.Background(), issuer.AwardQuery{Issuer: h.slug}, "", 1000)
		if err != nil {
			t.Fatal(err)
		}
		if len(list) != people {
			t.Errorf("%d awards for %d people who passed both halves at once", len(list), people)
		}
	})
}

func TestRecordRefuses(t *testing.T) {
	t.Parallel()
	h := mustHouse(t, "", "2023-05-01T12:00:00Z")
	h.mustLoad(t, "microsoft.json")
	good := pass("1", "AZ-900", "2023-03-01T10:00:00Z")
	for name, tt := range map[string]struct {
		spoil func(*issuer.Result)
		field string
	}{
		"an unknown exam":          {func(r *issuer.Result) { r.Exam = "AZ-000" }, "exam"},
		"a date in the future":     {func(r *issuer.Result) { r.TakenAt = "2023-05-02T12:00:00Z" }, "takenAt"},
		"a date that is none":      {func(r *issuer.Result) { r.TakenAt = "2023-02-30" }, "takenAt"},
		"a score that is none":     {func(r *issuer.Result) { r.Score = "seven" }, "score"},
		"an address that is none":  {func(r *issuer.Result) { r.Candidate.Email = "Kim <kim@example.org>" }, "candidate.email"},
		"two addresses":            {func(r *issuer.Result) { r.Candidate.Email = "a@example.org,b@example.org" }, "candidate.email"},
		"a header in an address":   {func(r *issuer.Result) { r.Candidate.Email = "a@example.org\r\nBcc: b@example.org" }, "candidate.email"},
		"no name":                  {func(r *issuer.Result) { r.Candidate.GivenName, r.Candidate.FamilyName = "", " " }, "candidate.familyName"},
		"a name with a line break": {func(r *issuer.Result) { r.Candidate.GivenName = "Kim\nBcc:" }, "candidate.givenName"},
		"no outcome":               {func(r *issuer.Result) { r.Outcome = "" }, "outcome"},
		"an outcome that is none":  {func(r *issuer.Result) { r.Outcome = "maybe" }, "outcome"},
		"a provider that is none":  {func(r *issuer.Result) { r.Provider = "Sample Centre" }, "provider"},
		"a delivery that is none":  {func(r *issuer.Result) { r.Delivery = "by post" }, "delivery"},
	} {
		t.Run(name, func(t *testing.T) {
			r := good
			tt.spoil(&r)
			_, err := h.RecordResult(context.Background(), h.slug, r)
			var invalid *issuer.InvalidError
			if !errors.As(err, &invalid) {
				t.Fatalf("RecordResult: %v, want a fault of %s", err, tt.field)
			}
			for _, f := range invalid.Fields {
				if f.Field != tt.field {
					t.Errorf("RecordResult: %v, want a fault of %s alone", err, tt.field)
				}
			}
		})
	}
	if list, _, err := h.Awards(context.Background(), issuer.AwardQuery{Issuer: h.slug}, "", 10); err != nil || len(list) != 0 {
		t.Errorf("after refusals only: %d awards, %v; want none", len(list), err)
	}
}
