package issuer_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/accolade-badges/accolade/issuer"
)

func TestOptOutByMail(t *testing.T) {
	t.Parallel()
	h, box := mustMailHouse(t, unchanged)
	h.mustRecord(t, pass("1", "CL-220", "2025-05-01T10:00:00Z"))
	h.mustDrain(t)
	h.mustPass(t, 7)
	header := box.last(t).Headers["List-Unsubscribe"]
	_, rest, found := strings.Cut(header, "?subject=unsubscribe%20")
	token := strings.TrimSuffix(rest, ">")
	if !found || token != optOutToken(t, box) {
		t.Fatalf("List-Unsubscribe %q does not mail the token of the link", header)
	}
	if _, err := h.TakeReturned(context.Background(), "test", strings.NewReader("To: badges@example.org\nSubject: unsubscribe "+token+"\n\n")); err != nil {
		t.Fatal(err)
	}
	if out, err := h.OptOut(context.Background(), token); err != nil || !out.Stopped {
		t.Errorf("%+v %v, want that it is stopped", out, err)
	}
}

func TestOptOutStopsRemindersAndNothingElse(t *testing.T) {
	t.Parallel()
	h, box := mustMailHouse(t, unchanged)
	ctx := context.Background()
	h.mustSettings(t, func(m *issuer.MailSettings) { m.RemindAfterDays = []int{1, 2, 3, 4} })
	id := h.mustRecord(t, pass("1", "CL-220", "2025-05-01T10:00:00Z")).Awards[0].ID
	h.mustDrain(t)
	h.mustPass(t, 1)
	wantKinds(t, box, "award", "reminder")
	token := optOutToken(t, box)
	if out, err := h.OptOut(ctx, token); err != nil || out.Stopped || out.Address != "Kim@example.org" || out.Issuer.Slug != h.slug {
		t.Errorf("looking: %+v %v; want what it is about, and nothing stopped", out, err)
	}
	for range 2 {
		if err := h.StopMail(ctx, token); err != nil {
			t.Fatal(err)
		}
	}
	h.mustPass(t, 1)
	wantKinds(t, box, "award", "reminder")
	if err := h.ResumeMail(ctx, token); err != nil {
		t.Fatal(err)
	}
	h.mustPass(t, 1)
	wantKinds(t, box, "award", "reminder", "reminder")
	if err := h.StopMail(ctx, token); err != nil {
		t.Fatal(err)
	}
	h.mustRecord(t, pass("2", "CL-210", "2025-05-02T10:00:00Z"))
	h.mustDrain(t)
	if err := h.Revoke(ctx, "test", id, "A mistake."); err != nil {
		t.Fatal(err)
	}
	h.mustDrain(t)
	h.clock.at = h.clock.at.AddDate(9, 0, 0) // the link never ends
	h.mustPass(t, 1)
	wantKinds(t, box, "award", "reminder", "reminder", "award", "award", "revocation")
	if err := h.StopMail(ctx, token); err != nil {
		t.Errorf("after nine years: %v", err)
	}
}

func TestOptOutLinksCannotBeMadeUp(t *testing.T) {
	t.Parallel()
	h, box := mustMailHouse(t, unchanged)
	h.mustRecord(t, pass("1", "CL-220", "2025-05-01T10:00:00Z"))
	h.mustDrain(t)
	good := optOutToken(t, box)
	for name, token := range map[string]string{
		"empty": "", "cut off": good[:len(good)-1], "changed": "A" + good[1:], "longer": good + "AAAA", "no base64": "!!!", "another's": strings.Repeat("A", len(good)),
	} {
		if token == good {
			token = "B" + good[1:]
		}
		if err := h.StopMail(context.Background(), token); !errors.Is(err, issuer.ErrNoOptOut) {
			t.Errorf("%s: %v, want ErrNoOptOut", name, err)
		}
	}
}
