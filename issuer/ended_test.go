package issuer_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/accolade-badges/accolade/issuer"
)

// mustTell queues and sends the mails about badges that have ended.
func (h *house) mustTell(tb testing.TB, want int) {
	tb.Helper()
	if n, err := h.TellEnded(context.Background()); err != nil || n != want {
		tb.Fatalf("%d mails about ended badges (%v), want %d", n, err, want)
	}
	h.mustDrain(tb)
}

// mustClaimed awards a badge that ends on 1 February 2026, and claims it.
func mustClaimed(tb testing.TB) (h *house, box *letterbox, id string) {
	tb.Helper()
	h, box = mustMailHouse(tb, unchanged)
	id = h.mustRecord(tb, pass("1", "CL-220", "2025-02-01T10:00:00Z")).Awards[0].ID
	h.mustDrain(tb)
	if err := h.claimByMail(tb, box, id); err != nil {
		tb.Fatal(err)
	}
	return h, box, id
}

func TestEarnerIsToldOnceThatABadgeHasEnded(t *testing.T) {
	t.Parallel()
	h, box, id := mustClaimed(t)
	h.clock.at = time.Date(2026, 2, 1, 9, 59, 59, 0, time.UTC)
	h.mustTell(t, 0)
	h.clock.at = h.clock.at.Add(time.Second)
	h.mustTell(t, 1)
	h.mustTell(t, 0)
	m := box.last(t)
	if m.To != "Kim@example.org" || !strings.Contains(m.Subject, "has ended") {
		t.Errorf("the mail goes to %s: %s", m.To, m.Subject)
	}
	for _, want := range []string{"1 February 2026", "https://www.linkedin.com/in/me/details/certifications/", base + "/me/badges/" + id} {
		if !strings.Contains(m.Text, want) {
			t.Errorf("the mail does not say %q: %s", want, m.Text)
		}
	}
	if !strings.Contains(m.HTML, `<a href="https://www.linkedin.com/in/me/details/certifications/"`) {
		t.Error("the address of the entry cannot be clicked")
	}
	if err := h.Correct(context.Background(), "test", id, issuer.Correction{GivenName: "Kim", FamilyName: "Muster"}, "Married."); err != nil {
		t.Fatal(err)
	}
	h.mustTell(t, 0) // it ended once
}

func TestWhoIsNotToldThatABadgeHasEnded(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	for name, change := range map[string]func(h *house, id string) error{
		"revoked":   func(h *house, id string) error { return h.Revoke(ctx, "test", id, "Sample.") },
		"suspended": func(h *house, id string) error { return h.Suspend(ctx, "test", id, "Sample.") },
		"long ago": func(h *house, _ string) error {
			h.clock.at = h.clock.at.AddDate(0, 2, 0)
			return nil
		},
		"account gone": func(h *house, id string) error {
			w, err := h.Award(ctx, id)
			if err != nil {
				return err
			}
			return h.DeleteAccount(ctx, "test", w.Account)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h, _, id := mustClaimed(t)
			h.clock.at = time.Date(2026, 2, 1, 10, 0, 0, 0, time.UTC)
			if err := change(h, id); err != nil {
				t.Fatal(err)
			}
			h.mustTell(t, 0)
		})
	}
	t.Run("claimed after its end", func(t *testing.T) {
		t.Parallel()
		h, box := mustMailHouse(t, unchanged)
		id := h.mustRecord(t, pass("1", "CL-220", "2024-05-20T10:00:00Z")).Awards[0].ID
		h.mustDrain(t)
		if err := h.claimByMail(t, box, id); err != nil {
			t.Fatal(err)
		}
		h.mustTell(t, 0)
	})
	t.Run("address gone before it was sent", func(t *testing.T) {
		t.Parallel()
		h, box, id := mustClaimed(t)
		h.clock.at = time.Date(2026, 2, 1, 10, 0, 0, 0, time.UTC)
		if _, err := h.TellEnded(ctx); err != nil {
			t.Fatal(err)
		}
		w, err := h.Award(ctx, id)
		if err != nil {
			t.Fatal(err)
		}
		if err := h.VouchForAddress(ctx, "test", w.Account, "kim@new.example.org", "Sample."); err != nil {
			t.Fatal(err)
		}
		if err := h.RemoveAddress(ctx, w.Account, "kim@example.org"); err != nil {
			t.Fatal(err)
		}
		h.mustDrain(t)
		for _, m := range box.taken {
			if strings.Contains(m.Subject, "has ended") {
				t.Errorf("%s is told: %s", m.To, m.Subject)
			}
		}
	})
	t.Run("suspended for a while", func(t *testing.T) {
		t.Parallel()
		h, box, id := mustClaimed(t)
		h.clock.at = time.Date(2026, 2, 1, 10, 0, 0, 0, time.UTC)
		if err := h.Suspend(ctx, "test", id, "Sample."); err != nil {
			t.Fatal(err)
		}
		h.mustTell(t, 0)
		if err := h.Reinstate(ctx, "test", id, "Sample."); err != nil {
			t.Fatal(err)
		}
		h.mustTell(t, 1)
		if m := box.last(t); !strings.Contains(m.Subject, "has ended") {
			t.Errorf("the last mail is %s", m.Subject)
		}
	})
}
