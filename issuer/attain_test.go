package issuer_test

import (
	"strings"
	"testing"

	"github.com/accolade-badges/accolade/issuer"
)

func TestBadgeSaysTheRequirementThatWasMet(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ exam, at, other string }{
		"in force":                 {"CL-200", "2022-05-01T10:00:00Z", "CL-210"},
		"replaced, and open still": {"CL-200", "2023-05-01T10:00:00Z", "CL-210"},
		"its successor":            {"CL-210", "2023-05-01T10:00:00Z", "CL-200"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := mustHouse(t, "", "2023-06-01T12:00:00Z")
			h.mustLoadDemo(t, unchanged)
			out := h.mustRecord(t, pass("1", tt.exam, tt.at))
			h.mustDrain(t)
			found := false
			for _, ref := range out.Awards {
				if ref.Achievement != "cloud-administrator" {
					continue
				}
				found = true
				badge := string(h.mustExport(t, ref.ID, issuer.FormatJSON))
				if !strings.Contains(badge, tt.exam) || strings.Contains(badge, tt.other) {
					t.Errorf("earned with %s, the signed badge says %s", tt.exam, badge)
				}
			}
			if !found {
				t.Fatalf("%s on %s awarded %v, want the administrator: %s", tt.exam, tt.at, out.Awards, out.Why())
			}
		})
	}
}
