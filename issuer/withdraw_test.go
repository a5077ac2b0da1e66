package issuer_test

import (
	"bytes"
	"context"
	"os"
	"testing"
	"time"

	"github.com/accolade-badges/accolade/issuer"
)

// mustLoadDemo loads the programme that comes with the program, changed by
// edit.
func (h *house) mustLoadDemo(tb testing.TB, edit func([]byte) []byte) {
	tb.Helper()
	source, err := os.ReadFile("../assets/programmes/demo.json")
	if err != nil {
		tb.Fatal(err)
	}
	if _, err := h.LoadProgramme(context.Background(), "test", h.slug, edit(source)); err != nil {
		tb.Fatal(err)
	}
}

func unchanged(source []byte) []byte { return source }

func void(r issuer.Result) issuer.Result { r.Outcome = issuer.Voided; return r }

// inForce maps the achievements of the awards in force to the days on which
// they were attained.
func (h *house) inForce(tb testing.TB) map[string]string {
	tb.Helper()
	list, _, err := h.Awards(context.Background(), issuer.AwardQuery{Issuer: h.slug}, "", 100)
	if err != nil {
		tb.Fatal(err)
	}
	days := map[string]string{}
	for _, w := range list {
		if issuer.StatusOf(w.Award, h.Now()) != issuer.Current {
			continue
		}
		if days[w.Achievement] != "" {
			tb.Errorf("%s is in force twice", w.Achievement)
		}
		days[w.Achievement] = w.AttainedAt.Format(time.DateOnly)
	}
	return days
}

func TestVoidKeepsWhatOtherPassesCarry(t *testing.T) {
	t.Parallel()
	h := mustHouse(t, "", "2025-06-01T12:00:00Z")
	h.mustLoadDemo(t, unchanged)
	first := pass("1", "CL-301", "2025-02-01T10:00:00Z")
	for _, r := range []issuer.Result{
		pass("0", "CL-210", "2025-01-01T10:00:00Z"), first, pass("2", "CL-301", "2025-03-01T10:00:00Z"), pass("3", "CL-302", "2025-04-01T10:00:00Z"),
	} {
		h.mustRecord(t, r)
	}
	if day := h.inForce(t)["cloud-architect"]; day != "2025-04-01" {
		t.Fatalf("architect of %q, want the day of the last pass", day)
	}
	h.mustRecord(t, void(first))
	if day := h.inForce(t)["cloud-architect"]; day != "2025-04-01" {
		t.Errorf("with one of two passes of an exam voided: architect of %q, want it as it was", day)
	}
	h.mustRecord(t, void(pass("2", "CL-301", "2025-03-01T10:00:00Z")))
	if day := h.inForce(t)["cloud-architect"]; day != "" {
		t.Errorf("with both passes voided the architect of %s is still in force", day)
	}
}

func TestVoidReachesWhatStandsOnACertification(t *testing.T) {
	t.Parallel()
	administrator := pass("0", "CL-210", "2025-01-01T10:00:00Z")
	others := []issuer.Result{pass("1", "CL-301", "2025-02-01T10:00:00Z"), pass("2", "CL-302", "2025-03-01T10:00:00Z")}
	for name, order := range map[string][]issuer.Result{
		"prerequisite first": {administrator, others[0], others[1]},
		"prerequisite last":  {others[0], others[1], administrator},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := mustHouse(t, "", "2025-06-01T12:00:00Z")
			h.mustLoadDemo(t, unchanged)
			for _, r := range order {
				h.mustRecord(t, r)
			}
			if day := h.inForce(t)["cloud-architect"]; day != "2025-03-01" {
				t.Fatalf("architect of %q, want the day of the last pass", day)
			}
			h.mustRecord(t, void(administrator))
			if left := h.inForce(t); left["cloud-administrator"] != "" || left["cloud-architect"] != "" {
				t.Errorf("with the administrator's pass voided %v is in force, want neither certification", left)
			}
		})
	}
}

func TestVoidLeavesTheBadgeOfAnotherPass(t *testing.T) {
	t.Parallel()
	h := mustHouse(t, "", "2025-06-01T12:00:00Z")
	h.mustLoadDemo(t, unchanged)
	first := pass("1", "CL-100", "2025-02-01T10:00:00Z")
	h.mustRecord(t, first)
	h.mustRecord(t, pass("2", "CL-100", "2025-03-01T10:00:00Z"))
	h.mustRecord(t, void(first))
	for _, achievement := range []string{"exam-cl-100", "cloud-foundations"} {
		if day := h.inForce(t)[achievement]; day != "2025-03-01" {
			t.Errorf("%s of %q, want the day of the pass that is left", achievement, day)
		}
	}
}

func TestVoidEarnsNoExamBadge(t *testing.T) {
	t.Parallel()
	h := mustHouse(t, "", "2025-06-01T12:00:00Z")
	mark := []byte(`"badge": {"from": "2022-01-01"},`)
	h.mustLoadDemo(t, func(source []byte) []byte { return bytes.ReplaceAll(source, mark, nil) })
	only := pass("1", "CL-100", "2025-02-01T10:00:00Z")
	h.mustRecord(t, only)
	h.mustLoadDemo(t, unchanged)
	h.mustRecord(t, void(only))
	if left := h.inForce(t); len(left) != 0 {
		t.Errorf("after the only pass was voided %v is in force", left)
	}
}

func TestPassAheadOfOurClockCounts(t *testing.T) {
	t.Parallel()
	h := mustHouse(t, "", "2025-06-01T12:00:00Z")
	h.mustLoadDemo(t, unchanged)
	ahead := pass("1", "CL-100", "2025-06-01T12:04:00Z")
	if out := h.mustRecord(t, ahead); len(out.Awards) != 2 {
		t.Fatalf("a pass reported four minutes ahead of our clock awarded %v, want the exam's badge and the certification: %s", out.Awards, out.Why())
	}
	list, _, err := h.Awards(context.Background(), issuer.AwardQuery{Issuer: h.slug}, "", 10)
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range list {
		if w.AttainedAt.After(h.Now()) {
			t.Errorf("%s is dated %s, in the future", w.Achievement, w.AttainedAt)
		}
	}
	h.mustDrain(t)
	h.clock.at = h.clock.at.Add(time.Hour)
	if again := h.mustRecord(t, ahead); again.Status != issuer.RowSeen || len(again.Awards) != 2 {
		t.Errorf("the same report an hour later: %s, %v; want it seen with both awards", again.Status, again.Awards)
	}
	h.mustRecord(t, pass("2", "DL-100", "2025-06-01T13:00:00Z"))
	if list, _, err = h.Awards(context.Background(), issuer.AwardQuery{Issuer: h.slug}, "", 10); err != nil || len(list) != 4 {
		t.Errorf("after a pass of another exam with a badge: %d awards, %v; want two more", len(list), err)
	}
}

func TestAwardNamesTheDecidingResult(t *testing.T) {
	t.Parallel()
	h := mustHouse(t, "", "2025-06-01T12:00:00Z")
	h.mustLoadDemo(t, unchanged)
	h.mustRecord(t, pass("later", "CL-302", "2025-04-01T10:00:00Z"))
	h.mustRecord(t, pass("administrator", "CL-210", "2025-01-01T10:00:00Z"))
	out := h.mustRecord(t, pass("earlier", "CL-301", "2025-03-01T10:00:00Z"))
	for _, ref := range out.Awards {
		w, err := h.Award(context.Background(), ref.ID)
		if err != nil {
			t.Fatal(err)
		}
		if ref.Achievement == "cloud-architect" && w.ResultID != "later" {
			t.Errorf("the architect was decided by result %q, want the one that was passed last", w.ResultID)
		}
	}
}

func TestReleasedResultKeepsItsNewAddress(t *testing.T) {
	t.Parallel()
	h := mustHouse(t, "", "2025-06-01T12:00:00Z")
	h.mustLoadDemo(t, unchanged)
	beta := pass("1", "CL-100", "2025-02-01T10:00:00Z")
	beta.Outcome, beta.Candidate.Number = issuer.Held, ""
	h.mustRecord(t, beta)
	beta.Outcome, beta.Candidate.Email, beta.Candidate.FamilyName = issuer.Passed, "kim.new@example.org", "Muster"
	h.mustRecord(t, beta)
	next := pass("2", "CL-100", "2025-03-01T10:00:00Z")
	next.Candidate = beta.Candidate
	if out := h.mustRecord(t, next); len(out.Awards) != 0 {
		t.Errorf("a second pass under the new address awarded %v, as if it were another person's", out.Awards)
	}
	list, _, err := h.Awards(context.Background(), issuer.AwardQuery{Issuer: h.slug}, "", 10)
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range list {
		if w.Name != "Kim Muster" {
			t.Errorf("%s is issued to %q, want the name of the report that released it", w.Achievement, w.Name)
		}
	}
}
