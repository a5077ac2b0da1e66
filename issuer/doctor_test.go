package issuer_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/accolade-badges/accolade/issuer"
)

func TestExaminationCountsInOrder(t *testing.T) {
	t.Parallel()
	h := mustHouse(t, "", "2025-06-01T12:00:00Z")
	h.mustLoadDemo(t, unchanged)
	const people = 40
	for n := range people {
		r := pass(fmt.Sprint(n), "CL-220", "2025-02-01T10:00:00Z")
		r.Candidate.Number, r.Candidate.Email = fmt.Sprint("C-", n), fmt.Sprintf("sample%d@example.org", n)
		h.mustRecord(t, r)
	}
	h.mustDrain(t)
	last := 0 // the race detector sees two who call at once
	for _, f := range h.Examine(context.Background(), func(n int) {
		if n != last+1 {
			t.Errorf("edition %d is reported after %d", n, last)
		}
		last = n
	}) {
		if f.Level == issuer.Wrong {
			t.Errorf("%s: %s", f.Subject, f.Message)
		}
	}
	if last != people {
		t.Errorf("%d editions were reported, want %d", last, people)
	}
}
