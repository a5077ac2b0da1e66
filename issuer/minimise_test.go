package issuer_test

import (
	"context"
	"strings"
	"testing"

	"github.com/accolade-badges/accolade/issuer"
	"github.com/accolade-badges/accolade/issuer/ledger"
	"github.com/accolade-badges/accolade/verifier"
)

// mustMinimise sees to what is old, and wants so many to be told and done.
func (h *house) mustMinimise(tb testing.TB, told, done int) {
	tb.Helper()
	if a, b, err := h.Minimise(context.Background()); err != nil || a != told || b != done {
		tb.Errorf("%d are told and %d done (%v), want %d and %d", a, b, err, told, done)
	}
	h.mustDrain(tb)
}

// scored reports a sitting with all that is said of one.
func scored(id, exam, address string) issuer.Result {
	r := byNumber(id, exam, "2026-03-01T10:00:00Z")
	r.Candidate.Email, r.Candidate.Number = address, "C-"+id
	r.Score, r.Delivery, r.Language = "742", "online", "en"
	return r
}

// kept is what is kept of an award beside it.
func (h *house) kept(tb testing.TB, id string) (result ledger.Result, mails []ledger.Mail) {
	tb.Helper()
	err := h.ledger.View(context.Background(), func(tx *ledger.Tx) error {
		w, err := tx.Award(context.Background(), id)
		if err != nil {
			return err
		}
		if result, err = tx.ResultByID(context.Background(), w.Result); err != nil {
			return err
		}
		mails, err = tx.MailsOf(context.Background(), id)
		return err
	})
	if err != nil {
		tb.Fatal(err)
	}
	return result, mails
}

// TestUnclaimedBadgesAreMinimised, never deleted: their earner is told ahead, and can
// claim them afterwards as before.
func TestUnclaimedBadgesAreMinimised(t *testing.T) {
	t.Parallel()
	onBothEngines(t, "2026-03-02T12:00:00Z", func(t *testing.T, h *house) {
		ctx := context.Background()
		box := &letterbox{}
		h.Service = h.mustService(t, box)
		h.mustLoadDemo(t, unchanged)
		var ids []string
		for i, address := range []string{"waits@example.org", "claims@example.org", "late@example.org", "declines@example.org"} {
			ids = append(ids, h.mustRecord(t, scored(string(rune('1'+i)), "CL-220", address)).Awards[0].ID)
		}
		h.mustDrain(t)
		waits, claims, late, declines := ids[0], ids[1], ids[2], ids[3]
		account := h.signIn(t, box, "claims@example.org")
		if err := h.ClaimAs(ctx, account.Account, claims); err != nil {
			t.Fatal(err)
		}
		if err := h.DeclineAs(ctx, h.signIn(t, box, "declines@example.org").Account, declines); err != nil {
			t.Fatal(err)
		}
		h.clock.at = h.clock.at.AddDate(0, 24, -32)
		h.mustMinimise(t, 0, 0)
		h.clock.at = h.clock.at.AddDate(0, 0, 1)
		sent := len(box.taken)
		h.mustMinimise(t, 3, 0)
		h.mustMinimise(t, 0, 0)                                           // once
		wantKinds(t, &letterbox{taken: box.taken[sent:]}, "kept", "kept") // who declined is not written to
		if m := box.last(t); !strings.Contains(m.Text, base+"/claim/") || !strings.Contains(m.Text, "1 March 2028") {
			t.Errorf("the mail says %s", m.Text)
		}
		if err := h.ClaimAs(ctx, h.signIn(t, box, "late@example.org").Account, late); err != nil {
			t.Fatal(err)
		}
		h.clock.at = h.clock.at.AddDate(0, 0, 30)
		h.mustMinimise(t, 0, 0) // the day that was named counts as a whole
		h.clock.at = h.clock.at.AddDate(0, 0, 1)
		h.mustMinimise(t, 0, 2)
		h.mustMinimise(t, 0, 0)
		for id, all := range map[string]bool{waits: false, claims: true, late: true, declines: false} {
			result, mails := h.kept(t, id)
			if got := result.Score == "742" && result.Delivery == "online" && result.Language == "en"; got != all {
				t.Errorf("of award %s is kept %+v", id, result)
			}
			for _, m := range mails {
				if got := m.Recipient != ""; got != all {
					t.Errorf("award %s: a mail to %q is kept", id, m.Recipient)
				}
			}
		}
		// Reported again it is the same sitting, and the badge is claimed as ever.
		if again := h.mustRecord(t, scored("1", "CL-220", "waits@example.org")); again.Status != issuer.RowSeen {
			t.Errorf("the same report is %s", again.Status)
		}
		in := h.signIn(t, box, "waits@example.org")
		if err := h.ClaimAs(ctx, in.Account, waits); err != nil {
			t.Fatal(err)
		}
		if r := h.verdict(t, h.mustExport(t, waits, issuer.FormatJSON)); r.Verdict != verifier.Expired && r.Verdict != verifier.Valid {
			t.Errorf("the badge is %s: %s", r.Verdict, r.Summary)
		}
		if err := h.ChangeSettings(ctx, "test", h.slug, func(s *issuer.Settings) { s.KeepMonths = -1 }); err != nil {
			t.Fatal(err)
		}
		h.mustRecord(t, scored("9", "CL-220", "ever@example.org"))
		h.mustDrain(t)
		h.clock.at = h.clock.at.AddDate(100, 0, 0)
		h.mustMinimise(t, 0, 0)
		if err := h.ChangeSettings(ctx, "test", h.slug, func(s *issuer.Settings) { s.KeepMonths = -2 }); err == nil {
			t.Error("-2 months are taken")
		}
	})
}
