package issuer_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/accolade-badges/accolade/issuer"
	"github.com/accolade-badges/accolade/issuer/ledger"
	"github.com/accolade-badges/accolade/verifier"
)

// TestCorrectedAddressIsNobodysAnyMore: neither an identity in the new edition, nor
// a mailbox at which another award waits.
func TestCorrectedAddressIsNobodysAnyMore(t *testing.T) {
	t.Parallel()
	h, box := mustMailHouse(t, unchanged)
	h.clock.at = h.clock.at.AddDate(1, 0, 0)
	ctx := context.Background()
	exam := h.mustAwardTo(t, "1", "CL-220", "wrong@example.org")
	other := h.mustAwardTo(t, "2", "DL-210", "wrong@example.org")
	wrong := h.signIn(t, box, "wrong@example.org")
	if err := h.Correct(ctx, "test", exam, issuer.Correction{Email: "right@example.org"}, "A typing mistake."); err != nil {
		t.Fatal(err)
	}
	h.mustDrain(t)
	for _, id := range []string{exam, other} {
		h.mustBeTied(t, id, "right@example.org")
		if err := h.ClaimAs(ctx, wrong.Account, id); !errors.Is(err, issuer.ErrNotYours) {
			t.Errorf("the old mailbox may claim it: %v", err)
		}
		if err := h.SetVisibility(ctx, "test", id, ledger.Public); err != nil {
			t.Fatal(err)
		}
		doc, err := h.Export(ctx, id, issuer.FormatJSON)
		if err != nil {
			t.Fatal(err)
		}
		for recipient, want := range map[string]verifier.Match{"wrong@example.org": verifier.MatchNo, "right@example.org": verifier.MatchYes} {
			o := h.VerifierOptions()
			o.Recipient = recipient
			r, err := verifier.Verify(ctx, verifier.Input{Data: doc.Body}, o)
			if err != nil || r.Recipient == nil || r.Recipient.Match != want {
				t.Errorf("%s: %+v (%v), want %s", recipient, r.Recipient, err, want)
			}
		}
	}
}

// TestCorrectionAfterTheWrongPersonClaimed another award of the candidate.
func TestCorrectionAfterTheWrongPersonClaimed(t *testing.T) {
	t.Parallel()
	h, box := mustMailHouse(t, unchanged)
	h.clock.at = h.clock.at.AddDate(1, 0, 0)
	ctx := context.Background()
	waits := h.mustAwardTo(t, "1", "CL-220", "wrong@example.org")
	taken := h.mustAwardTo(t, "2", "DL-210", "wrong@example.org")
	wrong := h.signIn(t, box, "wrong@example.org")
	if err := h.ClaimAs(ctx, wrong.Account, taken); err != nil {
		t.Fatal(err)
	}
	if err := h.Correct(ctx, "test", waits, issuer.Correction{Email: "right@example.org"}, "A typing mistake."); err != nil {
		t.Fatal(err)
	}
	if err := h.ClaimAs(ctx, wrong.Account, waits); !errors.Is(err, issuer.ErrNotYours) {
		t.Errorf("who claimed another one may claim it: %v", err)
	}
	h.mustDrain(t)
	right := h.signIn(t, box, "right@example.org")
	if err := h.ClaimAs(ctx, right.Account, waits); err != nil {
		t.Error("the right person: ", err)
	}
}

// TestAnotherPersonAtTheMailboxIsNotAcceptedFor, also where another issuer knows
// nobody else there.
func TestAnotherPersonAtTheMailboxIsNotAcceptedFor(t *testing.T) {
	t.Parallel()
	h, box := mustMailHouse(t, unchanged)
	ctx := context.Background()
	own := h.mustRecord(t, pass("1", "CL-220", "2025-02-01T10:00:00Z")).Awards[0].ID
	h.mustDrain(t)
	in := h.signIn(t, box, "kim@example.org")
	if err := h.ClaimAs(ctx, in.Account, own); err != nil {
		t.Fatal(err)
	}
	settings, err := h.AccountSettings(ctx, in.Account)
	if err != nil {
		t.Fatal(err)
	}
	settings.AutoAccept = true
	if err := h.ChangeAccount(ctx, in.Account, settings); err != nil {
		t.Fatal(err)
	}
	h.clock.at = h.clock.at.Add(time.Minute)
	for id, name := range map[string]string{"2": "Child", "3": "KIM"} {
		r := pass(id, "DL-210", "2025-02-02T10:00:00Z")
		r.Candidate.Number, r.Candidate.GivenName = "", name
		if _, err := h.RecordResult(ctx, h.mustSecondIssuer(t, name), r); err != nil {
			t.Fatal(err)
		}
	}
	h.mustDrain(t)
	h.signIn(t, box, "kim@example.org")
	var got []string
	for _, slug := range []string{"child-school", "kim-school"} {
		list, _, err := h.Awards(ctx, issuer.AwardQuery{Issuer: slug}, "", 10)
		if err != nil || len(list) != 1 {
			t.Fatalf("%s: %v %v", slug, list, err)
		}
		got = append(got, string(issuer.AcceptanceOf(list[0].Award)))
	}
	if got[0] != "pending" || got[1] != "claimed" {
		t.Errorf("the child's and her own are %v, want pending, claimed", got)
	}
}

// mustSecondIssuer adds an issuer called after a name, with the demo's programme,
// and returns its slug.
func (h *house) mustSecondIssuer(tb testing.TB, name string) string {
	tb.Helper()
	is, err := h.CreateIssuer(context.Background(), "test", issuer.NewIssuer{Name: name + " School", Email: "school@example.org"})
	if err != nil {
		tb.Fatal(err)
	}
	second := *h
	second.slug = is.Slug
	second.mustLoadDemo(tb, unchanged)
	return is.Slug
}
