package issuer_test

import (
	"fmt"
	"testing"

	"github.com/accolade-badges/accolade/issuer"
)

func TestLanesKeepACandidateTogether(t *testing.T) {
	t.Parallel()
	lanes := issuer.NewLanes(64)
	used := map[int]bool{}
	for i := range 500 {
		number, address := fmt.Sprint("N", i), fmt.Sprintf("p%d@example.org", i)
		want := lanes.Of(issuer.Result{Candidate: issuer.Candidate{Number: number, Email: address}})
		if want < 0 || want > 63 {
			t.Fatalf("lane %d of 64", want)
		}
		used[want] = true
		for _, c := range []issuer.Candidate{{Number: number}, {Email: address}, {Number: " " + number, Email: "P" + address[1:]}, {Number: number, Email: "other" + address}, {Email: "other" + address}} {
			if got := lanes.Of(issuer.Result{Candidate: c}); got != want {
				t.Errorf("%+v goes to lane %d, and the candidate's first result to %d", c, got, want)
			}
		}
	}
	if len(used) < 32 {
		t.Errorf("500 candidates use %d of 64 lanes", len(used))
	}
}
