package issuer_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/accolade-badges/accolade/issuer"
	"github.com/accolade-badges/accolade/issuer/ledger"
)

func TestQuestionsGoToTheDesksOfAnIssuer(t *testing.T) {
	h := mustHouse(t, "", "2026-03-01T12:00:00Z")
	ctx := t.Context()
	read := func() ledger.Issuer {
		is, err := h.OnlyIssuer(ctx, h.slug)
		if err != nil {
			t.Fatal(err)
		}
		return is
	}
	for _, about := range []string{issuer.AboutClaims, issuer.AboutEligibility} {
		is := read()
		if got := issuer.SettingsOf(is).Desks(about, is); len(got) != 1 || got[0].Email != is.Email {
			t.Errorf("without contacts, questions about %s go to %v", about, got)
		}
	}
	want := []issuer.Contact{
		{About: issuer.AboutEligibility, Region: "Europe", Email: "europe@example.org"},
		{About: issuer.AboutClaims, Email: "desk@example.org"},
		{About: issuer.AboutEligibility, Region: "Asia", Email: "asia@example.org"},
	}
	if err := h.ChangeSettings(ctx, "test", h.slug, func(s *issuer.Settings) { s.Contacts = want }); err != nil {
		t.Fatal(err)
	}
	is := read()
	if got := issuer.SettingsOf(is).Desks(issuer.AboutEligibility, is); len(got) != 2 || got[0] != want[0] || got[1] != want[2] {
		t.Errorf("questions about eligibility go to %v", got)
	}
	if got := issuer.SettingsOf(is).Desks(issuer.AboutClaims, is); len(got) != 1 || got[0] != want[1] {
		t.Errorf("questions about claims go to %v", got)
	}
	for _, c := range []issuer.Contact{
		{About: "weather", Email: "x@example.org"},
		{About: issuer.AboutClaims, Email: "nobody"},
		{About: issuer.AboutClaims, Email: "x@example.org", Region: strings.Repeat("x", 81)},
	} {
		err := h.ChangeSettings(ctx, "test", h.slug, func(s *issuer.Settings) { s.Contacts = []issuer.Contact{c} })
		var invalid *issuer.InvalidError
		if !errors.As(err, &invalid) {
			t.Errorf("the contact %+v: %v, want it refused", c, err)
		}
	}
	if got := issuer.SettingsOf(read()); len(got.Contacts) != 3 {
		t.Errorf("a refused change changed the contacts: %v", got.Contacts)
	}
}

func TestOperatorIsNotTheIssuer(t *testing.T) {
	h := mustHouse(t, "", "2026-03-01T12:00:00Z")
	ctx := t.Context()
	if got, err := h.Operator(ctx); err != nil || got != (issuer.Operator{Name: "localhost:8080", URL: base}) {
		t.Errorf("by default the operator is %+v, %v", got, err)
	}
	want := issuer.Operator{Name: "Sample Hosting", URL: "https://hosting.example.org", Email: "help@example.org"}
	if err := h.SetOperator(ctx, "test", want); err != nil {
		t.Fatal(err)
	}
	if got, err := h.Operator(ctx); err != nil || got != want {
		t.Errorf("the operator is %+v, %v", got, err)
	}
	for _, bad := range []issuer.Operator{{URL: "javascript:alert(1)"}, {Email: "nobody"}, {Name: "a\nb"}} {
		if err := h.SetOperator(ctx, "test", bad); err == nil {
			t.Errorf("%+v is taken", bad)
		}
	}
}
