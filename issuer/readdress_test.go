package issuer_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/accolade-badges/accolade/issuer"
	"github.com/accolade-badges/accolade/openbadges"
)

// TestResultReportedWithAnotherAddress: the provider found the typing mistake.
// What waits goes to the right mailbox, as if it had gone there at first.
func TestResultReportedWithAnotherAddress(t *testing.T) {
	t.Parallel()
	onBothEngines(t, "2026-06-01T12:00:00Z", func(t *testing.T, h *house) {
		box := &letterbox{}
		h.Service = h.mustService(t, box)
		h.mustLoadDemo(t, withMail(ownNote))
		ctx := context.Background()
		id := h.mustAwardTo(t, "1", "CL-220", "wrong@example.org")
		stranger := h.signIn(t, box, "wrong@example.org")
		if err := h.DeclineAs(ctx, stranger.Account, id); err != nil {
			t.Fatal(err)
		}
		before := h.mustSalt(t, id)
		sent := len(box.taken)
		h.clock.at = h.clock.at.Add(time.Hour)
		if again := h.mustAwardTo(t, "1", "CL-220", "right@example.org"); again != id {
			t.Fatalf("the same sitting earned %s, before %s", again, id)
		}
		h.mustBeTied(t, id, "right@example.org")
		for _, m := range box.taken[sent:] {
			if m.To != "right@example.org" || strings.Contains(m.Text, "correct") {
				t.Errorf("a mail to %s says %s", m.To, m.Text)
			}
		}
		wantKinds(t, &letterbox{taken: box.taken[sent:]}, "note", "award")
		if err := h.ClaimAs(ctx, stranger.Account, id); !errors.Is(err, issuer.ErrNotYours) {
			t.Errorf("the first address may claim it: %v", err)
		}
		if h.mustSalt(t, id) == before {
			t.Error("the new edition hashes with the salt of the first one")
		}
		// The report once more changes nothing.
		sent = len(box.taken)
		h.mustAwardTo(t, "1", "CL-220", "right@example.org")
		if len(box.taken) != sent {
			t.Error("the same report mails again")
		}
		right := h.signIn(t, box, "right@example.org")
		if err := h.ClaimAs(ctx, right.Account, id); err != nil {
			t.Error("the right person: ", err)
		}
		// What its earner has claimed stays theirs.
		h.mustAwardTo(t, "1", "CL-220", "third@example.org")
		h.mustBeTied(t, id, "right@example.org")
		if w, err := h.Award(ctx, id); err != nil || w.Account != right.Account {
			t.Errorf("its owner is %q (%v), want who claimed it", w.Account, err)
		}
	})
}

// TestReportsThatMoveNothing: the desk's correction is not undone by a report that
// still gives the old address, nor one badge's by another result's.
func TestReportsThatMoveNothing(t *testing.T) {
	t.Parallel()
	h, box := mustMailHouse(t, unchanged)
	h.clock.at = h.clock.at.AddDate(1, 0, 0)
	ctx := context.Background()
	id := h.mustAwardTo(t, "1", "CL-220", "typo@example.org")
	other := h.mustAwardTo(t, "2", "DL-210", "typo@example.org")
	if err := h.Correct(ctx, "test", id, issuer.Correction{Email: "right@example.org"}, "A typing mistake."); err != nil {
		t.Fatal(err)
	}
	h.mustDrain(t)
	sent := len(box.taken)
	again := byNumber("1", "CL-220", "2026-03-01T10:00:00Z")
	again.Candidate.Email, again.Score = "typo@example.org", "812"
	h.mustRecord(t, again)
	h.mustDrain(t)
	for _, award := range []string{id, other} {
		h.mustBeTied(t, award, "right@example.org")
	}
	again = byNumber("2", "DL-210", "2026-03-01T10:00:00Z")
	again.Candidate.Email = "new@example.org"
	h.mustRecord(t, again) // the desk's word of it stands: the report before gave the typing mistake
	h.mustDrain(t)
	h.mustBeTied(t, other, "right@example.org")
	if len(box.taken) != sent {
		t.Errorf("%d mails went out", len(box.taken)-sent)
	}
}

// TestOneMailboxWrittenOtherwise: its reader's refusal stands.
func TestOneMailboxWrittenOtherwise(t *testing.T) {
	t.Parallel()
	h, box := mustMailHouse(t, unchanged)
	h.clock.at = h.clock.at.AddDate(1, 0, 0)
	ctx := context.Background()
	id := h.mustAwardTo(t, "1", "CL-220", "Kim@example.org")
	in := h.signIn(t, box, "kim@example.org")
	if err := h.DeclineAs(ctx, in.Account, id); err != nil {
		t.Fatal(err)
	}
	if err := h.Correct(ctx, "test", id, issuer.Correction{Email: "kim@example.org"}, "Tidied."); err != nil {
		t.Fatal(err)
	}
	if w, err := h.Award(ctx, id); err != nil || issuer.AcceptanceOf(w.Award) != issuer.Declined {
		t.Errorf("it is %s (%v), want declined as before", issuer.AcceptanceOf(w.Award), err)
	}
}

// mustSalt reads the salt of the address in an award's newest edition.
func (h *house) mustSalt(tb testing.TB, id string) string {
	tb.Helper()
	doc, err := openbadges.Parse(h.mustExport(tb, id, issuer.FormatJSON))
	if err != nil {
		tb.Fatal(err)
	}
	c, err := doc.Credential()
	if err != nil {
		tb.Fatal(err)
	}
	for _, x := range c.Subject.Identifier {
		if x.Hashed {
			return x.Salt
		}
	}
	tb.Fatal("the badge has no hashed address")
	return ""
}
