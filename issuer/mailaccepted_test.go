package issuer_test

import (
	"context"
	"strings"
	"testing"

	"github.com/accolade-badges/accolade/issuer"
	"github.com/accolade-badges/accolade/issuer/ledger"
)

// TestBadgeThatIsAcceptedByItselfIsNotToBeClaimed: its mail leads into the
// account, and so does one about a correction of a badge that was claimed.
func TestBadgeThatIsAcceptedByItselfIsNotToBeClaimed(t *testing.T) {
	t.Parallel()
	h, box := mustMailHouse(t, unchanged)
	id := h.mustRecord(t, pass("1", "CL-220", "2025-05-01T10:00:00Z")).Awards[0].ID
	h.mustDrain(t)
	if err := h.claimByMail(t, box, id); err != nil {
		t.Fatal(err)
	}
	w, err := h.Award(context.Background(), id)
	if err != nil {
		t.Fatal(err)
	}
	if err := h.ChangeAccount(context.Background(), w.Account, issuer.AccountSettings{DefaultVisibility: ledger.Private, AutoAccept: true}); err != nil {
		t.Fatal(err)
	}
	h.mustRecord(t, pass("2", "CL-210", "2025-05-02T10:00:00Z")) // earns two badges
	h.mustDrain(t)
	wantKinds(t, box, "award", "confirmation", "accepted", "accepted")
	for _, m := range box.taken[2:] {
		if !strings.Contains(m.Text, base+"/me/badges/") || strings.Contains(m.Text, "/claim/") {
			t.Errorf("the mail does not lead into the account:\n%s", m.Text)
		}
	}
	if err := h.Correct(context.Background(), "test", id, issuer.Correction{GivenName: "Kim", FamilyName: "Muster"}, "Married."); err != nil {
		t.Fatal(err)
	}
	h.mustDrain(t)
	if m := box.last(t); !strings.HasPrefix(m.Headers["Feedback-ID"], "correction:") || !strings.Contains(m.Text, base+"/me/badges/"+id) || strings.Contains(m.Text, "/claim/") {
		t.Errorf("the mail about the correction does not lead into the account:\n%s", m.Text)
	}
}
