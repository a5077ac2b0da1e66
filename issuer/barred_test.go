package issuer_test

import (
	"context"
	"testing"
	"time"

	"github.com/accolade-badges/accolade/issuer"
)

// mustRevoke revokes the award in force of an achievement by hand.
func (h *house) mustRevoke(tb testing.TB, achievement string) {
	tb.Helper()
	ctx := context.Background()
	list, _, err := h.Awards(ctx, issuer.AwardQuery{Issuer: h.slug}, "", 100)
	if err != nil {
		tb.Fatal(err)
	}
	for _, w := range list {
		if w.Achievement == achievement && issuer.StatusOf(w.Award, h.Now()) == issuer.Current {
			if err := h.Revoke(ctx, "test", w.ID, "Broke the rules of the exam."); err != nil {
				tb.Fatal(err)
			}
			return
		}
	}
	tb.Fatalf("no %s is in force", achievement)
}

func TestRevocationByHandOutlastsEarlierPasses(t *testing.T) {
	t.Parallel()
	first, retake := pass("1", "CL-100", "2025-02-01T10:00:00Z"), pass("2", "CL-100", "2025-03-01T10:00:00Z")
	third := pass("3", "CL-100", "2025-07-01T10:00:00Z")
	unrelated := pass("9", "DL-100", "2025-06-02T10:00:00Z")
	for name, tt := range map[string]struct {
		before, after []issuer.Result
		want          string // day of what is in force at the end
	}{
		"a retake before, and an unrelated result":     {[]issuer.Result{first, retake}, []issuer.Result{unrelated}, ""},
		"a retake before that is reported late":        {[]issuer.Result{first}, []issuer.Result{retake}, ""},
		"the pass voided after that":                   {[]issuer.Result{first, retake}, []issuer.Result{void(first)}, ""},
		"a pass after it":                              {[]issuer.Result{first, retake}, []issuer.Result{third}, "2025-07-01"},
		"a pass after it, voided as well":              {[]issuer.Result{first, retake}, []issuer.Result{third, void(third)}, ""},
		"an earlier pass voided, with one in force":    {[]issuer.Result{first, retake}, []issuer.Result{third, void(first)}, "2025-07-01"},
		"a pass voided before the revocation by hand":  {[]issuer.Result{first, retake, void(first)}, []issuer.Result{unrelated}, ""},
		"a pass voided before, and a pass after again": {[]issuer.Result{first, retake, void(first)}, []issuer.Result{third}, "2025-07-01"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := mustHouse(t, "", "2025-06-01T12:00:00Z")
			h.mustLoadDemo(t, unchanged)
			for _, r := range tt.before {
				h.mustRecord(t, r)
			}
			h.mustRevoke(t, "cloud-foundations")
			h.mustRevoke(t, "exam-cl-100")
			h.clock.at = h.clock.at.AddDate(0, 2, 0)
			for _, r := range tt.after {
				h.mustRecord(t, r)
			}
			for _, achievement := range []string{"cloud-foundations", "exam-cl-100"} {
				if day := h.inForce(t)[achievement]; day != tt.want {
					t.Errorf("%s of %q is in force, want %q", achievement, day, tt.want)
				}
			}
		})
	}
}

func TestWithdrawnResultBarsNoOtherPass(t *testing.T) {
	t.Parallel()
	h := mustHouse(t, "", "2025-06-01T12:00:00Z")
	h.mustLoadDemo(t, unchanged)
	first := pass("1", "CL-100", "2025-02-01T10:00:00Z")
	h.mustRecord(t, first)
	failed := first
	failed.Outcome = issuer.Failed
	h.mustRecord(t, failed)
	h.mustRecord(t, first) // and passed after all: the award stays revoked, the candidate is not barred
	h.mustRecord(t, pass("2", "CL-100", "2025-03-01T10:00:00Z"))
	if day := h.inForce(t)["cloud-foundations"]; day != "2025-03-01" {
		t.Errorf("foundations of %q is in force, want it for the pass that nobody questioned", day)
	}
}

func TestVoidKeepsATermBesideOneRevokedByHand(t *testing.T) {
	t.Parallel()
	h := mustHouse(t, "", "2023-03-01T12:00:00Z")
	h.mustLoadDemo(t, unchanged)
	for _, r := range []issuer.Result{
		pass("0", "CL-210", "2023-01-10T10:00:00Z"), pass("1", "CL-301", "2023-01-11T10:00:00Z"), pass("2", "CL-302", "2023-01-12T10:00:00Z"),
	} {
		h.mustRecord(t, r)
	}
	h.clock.at = h.clock.at.AddDate(3, 0, 0)
	doubled := pass("4", "CL-301", "2025-08-02T10:00:00Z")
	for _, r := range []issuer.Result{
		pass("3", "CL-210", "2025-08-01T10:00:00Z"), doubled, pass("5", "CL-301", "2025-08-03T10:00:00Z"), pass("6", "CL-302", "2025-08-04T10:00:00Z"),
	} {
		h.mustRecord(t, r)
	}
	h.clock.at = h.clock.at.Add(time.Hour)
	list, _, err := h.Awards(context.Background(), issuer.AwardQuery{Issuer: h.slug}, "", 100)
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range list {
		if w.Achievement == "cloud-architect" && w.AttainedAt.Year() == 2023 {
			if err := h.Revoke(context.Background(), "test", w.ID, "Broke the rules of the exam."); err != nil {
				t.Fatal(err)
			}
		}
	}
	h.mustRecord(t, void(doubled))
	if day := h.inForce(t)["cloud-architect"]; day != "2025-08-04" {
		t.Errorf("architect of %q is in force, want the second term, which other passes carry", day)
	}
}
