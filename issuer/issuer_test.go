package issuer_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/accolade-badges/accolade/issuer"
	"github.com/accolade-badges/accolade/issuer/keys"
	"github.com/accolade-badges/accolade/issuer/ledger"
	"github.com/accolade-badges/accolade/issuer/mail"
	"github.com/accolade-badges/accolade/verifier"
)

const base = "http://localhost:8080"

// clock is a programme's clock that a test moves.
type clock struct{ at time.Time }

func (c *clock) now() time.Time { return c.at }

// house is an installation of a test: a real ledger, an issuer, a catalogue.
type house struct {
	*issuer.Service
	ledger *ledger.Ledger
	master *keys.Master
	clock  *clock
	slug   string
	outbox string
}

// mustHouse sets up an installation with one issuer on a ledger at url, or on a
// new SQLite file.
func mustHouse(tb testing.TB, url, at string) *house {
	tb.Helper()
	dir := tb.TempDir()
	if url == "" {
		url = filepath.Join(dir, "ledger.db")
	}
	moment, err := time.Parse(time.RFC3339, at)
	if err != nil {
		tb.Fatal(err)
	}
	h := &house{clock: &clock{moment}, outbox: filepath.Join(dir, "outbox")}
	ctx := context.Background()
	if h.ledger, err = ledger.Open(ctx, ledger.Config{URL: url, Now: h.clock.now}); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = h.ledger.Close() })
	if h.master, err = keys.CreateMaster(filepath.Join(dir, "master.key"), ""); err != nil {
		tb.Fatal(err)
	}
	h.Service = h.mustService(tb, &mail.Folder{Dir: h.outbox})
	is, err := h.CreateIssuer(ctx, "test", issuer.NewIssuer{Name: "Sample Institute", Email: "badges@example.org"})
	if err != nil {
		tb.Fatal(err)
	}
	h.slug = is.Slug
	return h
}

// mustService is one more process on the installation.
func (h *house) mustService(tb testing.TB, sender mail.Sender) *issuer.Service {
	tb.Helper()
	s, err := issuer.New(issuer.Config{Ledger: h.ledger, Master: h.master, BaseURL: base, Now: h.clock.now, Sender: sender})
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

// mustLoad loads one of the shared catalogues.
func (h *house) mustLoad(tb testing.TB, name string) {
	tb.Helper()
	source, err := os.ReadFile("../../shared/fixtures/catalogue/" + name)
	if err != nil {
		tb.Skip("the shared catalogues are not here: ", err)
	}
	if _, err := h.LoadProgramme(context.Background(), "test", h.slug, source); err != nil {
		tb.Fatal(err)
	}
}

// pass is a passed sitting of the sample candidate.
func pass(id, exam, at string) issuer.Result {
	return issuer.Result{
		Provider: "sample-centre", ResultID: id, Exam: exam, TakenAt: at, Outcome: issuer.Passed,
		Candidate: issuer.Candidate{Number: "C-1", Email: "Kim@example.org", GivenName: "Kim", FamilyName: "Sample"},
	}
}

func (h *house) mustRecord(tb testing.TB, r issuer.Result) *issuer.Recorded {
	tb.Helper()
	out, err := h.RecordResult(context.Background(), h.slug, r)
	if err != nil {
		tb.Fatalf("RecordResult(%s %s): %v", r.ResultID, r.Exam, err)
	}
	return out
}

func (h *house) mustDrain(tb testing.TB) {
	tb.Helper()
	if _, err := h.Drain(context.Background(), nil); err != nil {
		tb.Fatal(err)
	}
	err := h.ledger.View(context.Background(), func(tx *ledger.Tx) error {
		for _, kind := range []string{"sign", "mail"} {
			n, err := tx.PendingJobs(context.Background(), kind)
			if err != nil {
				return err
			}
			if n > 0 {
				tb.Errorf("%d %s jobs are left; the log has the reason", n, kind)
			}
		}
		return nil
	})
	if err != nil {
		tb.Fatal(err)
	}
}

func TestResultToVerifiedBadge(t *testing.T) {
	h := mustHouse(t, "", "2021-05-01T12:00:00Z")
	h.mustLoad(t, "microsoft.json")
	ctx := context.Background()
	first := h.mustRecord(t, pass("1", "AZ-304", "2021-03-01T10:00:00Z"))
	if len(first.Awards) != 0 || first.Why() == "" {
		t.Errorf("AZ-304 alone: awards %v, why not %q; want none, with reasons", first.Awards, first.Why())
	}
	second := h.mustRecord(t, pass("2", "AZ-303", "2021-04-01T10:00:00Z"))
	if len(second.Awards) != 1 || second.Awards[0].Achievement != "azure-solutions-architect" {
		t.Fatalf("AZ-304 then AZ-303: awards %v, want azure-solutions-architect", second.Awards)
	}
	id := second.Awards[0].ID
	h.mustDrain(t)
	w, err := h.Award(ctx, id)
	if err != nil {
		t.Fatal(err)
	}
	if got := w.AttainedAt.Format(time.RFC3339); got != "2021-04-01T10:00:00Z" {
		t.Errorf("attained at %s, want the later pass", got)
	}
	if got := w.ExpiresAt.Format(time.RFC3339); got != "2023-04-01T10:00:00Z" {
		t.Errorf("expires at %s, want 24 months on", got)
	}
	for _, visibility := range []string{ledger.Private, ledger.Public} {
		if err := h.SetVisibility(ctx, "test", id, visibility); err != nil {
			t.Fatal(err)
		}
		for f := range issuer.Formats() {
			d, err := h.Export(ctx, id, f)
			if err != nil {
				t.Fatalf("Export(%s): %v", f, err)
			}
			r, err := verifier.Verify(ctx, verifier.Input{Data: d.Body}, h.VerifierOptions())
			if err != nil {
				t.Fatalf("Verify(%s): %v", f, err)
			}
			if f == issuer.FormatOB2 && visibility == ledger.Private {
				continue // hosted: it verifies only while it is there to see
			}
			if r.Verdict != verifier.Valid {
				t.Errorf("%s %s: verdict %s: %s %+v", visibility, f, r.Verdict, r.Summary, r.Checks)
			}
		}
	}
}
