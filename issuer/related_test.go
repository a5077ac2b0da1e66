package issuer_test

import (
	"slices"
	"testing"

	"github.com/accolade-badges/accolade/issuer"
	"github.com/accolade-badges/accolade/issuer/ledger"
)

func TestRelatedSaysWhatABadgeRestsOnAndLeadsTo(t *testing.T) {
	h := mustHouse(t, "", "2026-03-01T12:00:00Z")
	h.mustLoadDemo(t, unchanged)
	ctx := t.Context()
	awards := map[string]string{}
	for _, r := range []issuer.Result{pass("1", "CL-100", "2026-01-10T10:00:00Z"), pass("2", "CL-220", "2026-02-10T10:00:00Z")} {
		for _, w := range h.mustRecord(t, r).Awards {
			awards[w.Achievement] = w.ID
		}
	}
	cat, err := h.Catalogue(ctx, h.slug)
	if err != nil {
		t.Fatal(err)
	}
	if len(awards) < 3 {
		t.Fatalf("the sample results earn %v, want an exam's badge and two certifications'", awards)
	}
	for slug, id := range awards {
		p, err := h.AnyPublication(ctx, id)
		if err != nil {
			t.Fatal(err)
		}
		r, err := h.Related(ctx, p)
		if err != nil {
			t.Fatal(err)
		}
		var towards, needs []string
		for _, one := range r.Towards {
			towards = append(towards, one.Code)
			if one.Title == "" || one.Slug == "" || one.Kind != ledger.KindCertification {
				t.Errorf("%s leads to %+v, want a certification with a page", slug, one)
			}
		}
		for _, one := range r.Needs {
			needs = append(needs, one.Code)
		}
		for _, k := range cat.Certifications {
			requires := k.RequirementAt(h.Now())
			named := requires.CertificationIDs()
			if p.Achievement.Kind == ledger.KindExam {
				named = requires.ExamCodes()
			}
			if want := slices.Contains(named, p.Achievement.Code) && !k.Hidden && (k.RetiredOn.IsZero() || h.Now().Before(k.RetiredOn)); want != slices.Contains(towards, k.ID) {
				t.Errorf("%s leads to %v; to %s: want %v", slug, towards, k.ID, want)
			}
			if p.Achievement.Kind == ledger.KindCertification && k.ID == p.Achievement.Code && !slices.Equal(needs, append(requires.ExamCodes(), requires.CertificationIDs()...)) {
				t.Errorf("%s needs %v", slug, needs)
			}
		}
	}
}

func TestNewerIsALaterPublicAward(t *testing.T) {
	h := mustHouse(t, "", "2026-03-01T12:00:00Z")
	h.mustLoadDemo(t, unchanged)
	ctx := t.Context()
	first := h.mustRecord(t, pass("1", "CL-220", "2024-03-10T10:00:00Z")).Awards[0]
	second := h.mustRecord(t, pass("2", "CL-220", "2026-02-10T10:00:00Z")).Awards[0]
	old, err := h.AnyPublication(ctx, first.ID)
	if err != nil {
		t.Fatal(err)
	}
	newer := func() string {
		t.Helper()
		id, err := h.Newer(ctx, old)
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	if got := newer(); got != "" {
		t.Errorf("a private award is named: %s", got)
	}
	if err := h.SetVisibility(ctx, "test", second.ID, ledger.Public); err != nil {
		t.Fatal(err)
	}
	if got := newer(); got != second.ID {
		t.Errorf("the newer award is %q, want %q", got, second.ID)
	}
	recent, err := h.AnyPublication(ctx, second.ID)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := h.Newer(ctx, recent); err != nil || got != "" {
		t.Errorf("the newest award has a newer one: %q, %v", got, err)
	}
}
