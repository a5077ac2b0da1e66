package issuer_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/accolade-badges/accolade/issuer"
)

func TestBadgeSaysWhatHadToBeMetThen(t *testing.T) {
	t.Parallel()
	onBothEngines(t, "2023-05-01T12:00:00Z", func(t *testing.T, h *house) {
		h.mustLoad(t, "microsoft.json")
		ctx := context.Background()
		architect := func(out *issuer.Recorded) *issuer.Publication {
			t.Helper()
			for _, w := range out.Awards {
				if w.Achievement == "azure-solutions-architect" {
					p, err := h.AnyPublication(ctx, w.ID)
					if err != nil {
						t.Fatal(err)
					}
					return p
				}
			}
			t.Fatalf("awards %v, want an architect", out.Awards)
			return nil
		}
		person := func(r issuer.Result, name string) issuer.Result {
			r.ResultID += name
			r.Candidate.Number, r.Candidate.Email = name, name+"@example.org"
			return r
		}
		var old []*issuer.Publication
		for _, name := range []string{"one", "two"} {
			h.mustRecord(t, person(pass("1", "AZ-304", "2021-03-01T10:00:00Z"), name))
			old = append(old, architect(h.mustRecord(t, person(pass("2", "AZ-303", "2021-04-01T10:00:00Z"), name))))
		}
		for _, p := range old {
			if !slices.Equal(p.Facts.Exams, []string{"AZ-303", "AZ-304"}) || strings.Contains(p.Facts.Criteria, "AZ-305") || !strings.Contains(p.Facts.Validity, "24 months") {
				t.Errorf("the badge of 2021 says %q, %s, of exams %v; want the rule of 2021", p.Facts.Criteria, p.Facts.Validity, p.Facts.Exams)
			}
			if p.Award.AchievementVersion != old[0].Award.AchievementVersion {
				t.Errorf("two badges that say the same are of versions %d and %d", old[0].Award.AchievementVersion, p.Award.AchievementVersion)
			}
		}
		h.mustRecord(t, person(pass("1", "AZ-104", "2023-03-01T10:00:00Z"), "three"))
		fresh := architect(h.mustRecord(t, person(pass("2", "AZ-305", "2023-04-01T10:00:00Z"), "three")))
		if !slices.Equal(fresh.Facts.Exams, []string{"AZ-305"}) {
			t.Errorf("the badge of 2023 is of exams %v", fresh.Facts.Exams)
		}
		page, err := h.AchievementDetail(ctx, "azure-solutions-architect")
		if err != nil || !slices.Equal(page.Facts.Exams, []string{"AZ-305"}) {
			t.Errorf("the page of today is of exams %v, %v", page.Facts.Exams, err)
		}
		h.mustDrain(t)
		if r := h.verdict(t, h.mustExport(t, old[0].Award.ID, issuer.FormatJSON)); r.Verdict != "expired" {
			t.Errorf("the badge of 2021: %s: %s", r.Verdict, r.Summary)
		}
	})
}
