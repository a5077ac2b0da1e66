package issuer_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/accolade-badges/accolade/issuer"
)

func TestResendKeepsWithinBounds(t *testing.T) {
	t.Parallel()
	h, box := mustMailHouse(t, unchanged)
	ctx := context.Background()
	id := h.mustRecord(t, pass("1", "CL-220", "2025-05-01T10:00:00Z")).Awards[0].ID
	var conflict *issuer.ConflictError
	var many *issuer.ErrTooMany
	if err := h.Resend(ctx, "test", id); !errors.As(err, &conflict) {
		t.Errorf("while the first is under way: %v, want a ConflictError", err)
	}
	h.mustDrain(t)
	if err := h.Resend(ctx, "test", "no such award"); !errors.Is(err, issuer.ErrNoAward) {
		t.Errorf("an award that never was: %v", err)
	}
	resent := 0
	for range 12 {
		err := h.Resend(ctx, "test", id)
		switch {
		case err == nil:
			resent++
			h.mustDrain(t)
			if err := h.Resend(ctx, "test", id); !errors.As(err, &many) || many.RetryAfter <= 0 {
				t.Errorf("a moment later: %v, want ErrTooMany", err)
			}
		case !errors.As(err, &many):
			t.Fatal(err)
		}
		h.clock.at = h.clock.at.Add(11 * time.Minute)
	}
	if resent != 5 || len(box.kinds()) != 6 {
		t.Errorf("resent %d times, %d mails; want 5 a day beside the first", resent, len(box.kinds()))
	}
	h.clock.at = h.clock.at.Add(24 * time.Hour)
	if err := h.Resend(ctx, "test", id); err != nil {
		t.Errorf("the next day: %v", err)
	}
	h.mustDrain(t)
	if err := h.Revoke(ctx, "test", id, "A mistake."); err != nil {
		t.Fatal(err)
	}
	if err := h.Resend(ctx, "test", id); !errors.As(err, &conflict) {
		t.Errorf("a revoked badge: %v, want a ConflictError", err)
	}
}

// TestResendOfADeclinedBadge takes the word of its issuer that the earner has
// asked for it; without that nobody is written to who wants no badge.
func TestResendOfADeclinedBadge(t *testing.T) {
	t.Parallel()
	h, box := mustMailHouse(t, unchanged)
	ctx := context.Background()
	id := h.mustRecord(t, pass("1", "CL-220", "2025-05-01T10:00:00Z")).Awards[0].ID
	h.mustDrain(t)
	if err := h.DeclineLink(ctx, claimToken(t, box)); err != nil {
		t.Fatal(err)
	}
	var conflict *issuer.ConflictError
	for _, c := range []struct {
		after time.Duration
		says  string
	}{{time.Hour, "until"}, {31 * 24 * time.Hour, "--declined"}} {
		h.clock.at = h.clock.at.Add(c.after)
		if err := h.Resend(ctx, "test", id); !errors.As(err, &conflict) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s after: %v, want a ConflictError that says %q", c.after, err, c.says)
		}
	}
	before := len(box.kinds())
	if err := h.ResendDeclined(ctx, "test", id); err != nil {
		t.Fatal(err)
	}
	h.mustDrain(t)
	w, err := h.Award(ctx, id)
	if err != nil || issuer.AcceptanceOf(w.Award) != issuer.Unclaimed || w.RemindAt.IsZero() {
		t.Errorf("it is %s, reminded %s, %v; want it to wait, and to be reminded of", issuer.AcceptanceOf(w.Award), w.RemindAt, err)
	}
	if got := box.kinds()[before:]; len(got) != 1 {
		t.Errorf("mails %v, want the badge's", got)
	}
	var many *issuer.ErrTooMany
	if err := h.ResendDeclined(ctx, "test", id); !errors.As(err, &many) {
		t.Errorf("a moment later: %v, want ErrTooMany", err)
	}
}
