package catalogue

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestDiffTellsWhatChanged(t *testing.T) {
	const policies = `"policies":[{"id":"v","validityMonths":[{"earnedFrom":null,"earnedBefore":null,"months":24}]}]`
	parse := func(policy, exams, certifications string) *Catalogue {
		return mustParse(t, []byte(strings.Replace(string(file(exams, certifications)), `"policies":[]`, policy, 1)))
	}
	old := parse(policies, `{"code":"A","title":"Alpha"},{"code":"B","title":"Beta"},{"code":"C","title":"Gamma"}`,
		`{"id":"k","title":"K","requires":{"exam":"A"}},{"id":"gone","title":"Gone","requires":{"exam":"C"}}`)
	changed := parse(`"policies":[{"id":"v","validityMonths":[{"earnedFrom":null,"earnedBefore":"2027-01-01","months":24},{"earnedFrom":"2027-01-01","earnedBefore":null,"months":12}]}]`,
		`{"code":"A","title":"Alpha"},{"code":"B","title":"Beta Two"},{"code":"D","title":"Delta"}`,
		`{"id":"k","title":"K","requires":{"all":[{"exam":"A"},{"exam":"B"}]},"validity":{"policy":"v"}},{"id":"fresh","title":"Fresh","requires":{"exam":"D"}}`)
	var got []string
	for _, c := range Diff(old, changed) {
		got = append(got, c.String())
	}
	want := []string{
		"~ policy v: validity: 24 months → 24 months before 2027-01-01; 12 months from 2027-01-01",
		"~ exam B: title: Beta → Beta Two",
		"+ exam D: Delta",
		"- exam C: Gamma",
		"~ certification k: requirement: exam A (Alpha) → all of: exam A (Alpha), exam B (Beta Two)",
		"~ certification k: requirement history: none: exam A (Alpha) → none: all of: exam A (Alpha), exam B (Beta Two)",
		"~ certification k: validity: none → v",
		"+ certification fresh: Fresh",
		"- certification gone: Gone",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Diff: -want +got\n%s", diff)
	}
}

func TestDiffOfOneCatalogueIsEmpty(t *testing.T) {
	for _, data := range [][]byte{mustDemo(t), mustRead(t, "microsoft.json")} {
		c, again := mustParse(t, data), mustParse(t, data)
		if changes := Diff(c, again); len(changes) > 0 {
			t.Errorf("Diff: %v", changes)
		}
	}
}
