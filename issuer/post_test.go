package issuer_test

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/accolade-badges/accolade/issuer"
	"github.com/accolade-badges/accolade/issuer/ledger"
	"github.com/accolade-badges/accolade/issuer/mail"
)

// senderFunc is a mail server of a test.
type senderFunc func(ctx context.Context, m *mail.Message) error

func (f senderFunc) Send(ctx context.Context, m *mail.Message) error { return f(ctx, m) }

func TestMailTakenWhileStoppingIsNotSentAgain(t *testing.T) {
	t.Parallel()
	h := mustHouse(t, "", "2025-06-01T12:00:00Z")
	h.mustLoadDemo(t, unchanged)
	id := h.mustRecord(t, pass("1", "CL-220", "2025-02-01T10:00:00Z")).Awards[0].ID
	ctx, stop := context.WithCancel(context.Background())
	sent := 0
	stopping := h.mustService(t, senderFunc(func(context.Context, *mail.Message) error {
		sent++
		stop() // the program is told to stop just as the server takes the mail
		return nil
	}))
	_, _ = stopping.Drain(ctx, nil) // ends with ctx
	w, err := h.Award(context.Background(), id)
	if err != nil {
		t.Fatal(err)
	}
	if sent != 1 || len(w.Mails) != 1 || w.Mails[0].SentAt.IsZero() {
		t.Errorf("%d mails taken, the award knows of %+v; want one, noted as sent", sent, w.Mails)
	}
}

func TestRevokedAwardIsNotAnnounced(t *testing.T) {
	t.Parallel()
	h := mustHouse(t, "", "2025-06-01T12:00:00Z")
	h.mustLoadDemo(t, unchanged)
	ctx := context.Background()
	id := h.mustRecord(t, pass("1", "CL-210", "2025-02-01T10:00:00Z")).Awards[0].ID
	if err := h.Revoke(ctx, "test", id, "Awarded by mistake."); err != nil {
		t.Fatal(err)
	}
	h.mustDrain(t)
	w, err := h.Award(ctx, id)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range w.Mails {
		if announced := m.Kind == "badge"; announced != m.SentAt.IsZero() || announced && !strings.Contains(m.LastError, "revoked") {
			t.Errorf("%s mail: sent %v, error %q; want the revocation told and the badge not announced", m.Kind, m.SentAt, m.LastError)
		}
	}
}

func TestCorrectionBeforeTheFirstSignatureIsSigned(t *testing.T) {
	t.Parallel()
	h := mustHouse(t, "", "2025-06-01T12:00:00Z")
	h.mustLoadDemo(t, unchanged)
	ctx := context.Background()
	id := h.mustRecord(t, pass("1", "CL-220", "2025-02-01T10:00:00Z")).Awards[0].ID
	if err := h.Correct(ctx, "test", id, issuer.Correction{GivenName: "Kim", FamilyName: "Muster"}, "Married."); err != nil {
		t.Fatal(err)
	}
	if _, err := h.mustService(t, nil).Drain(ctx, nil); err != nil { // without mail, which would sign it too
		t.Fatal(err)
	}
	p, err := h.AnyPublication(ctx, id)
	if err != nil || p.Edition.Number != p.Award.Edition {
		t.Errorf("the newest edition is %d of %d (%v) and nothing is queued", p.Edition.Number, p.Award.Edition, err)
	}
}

func TestSuspendedAwardIsNotAwardedAgainByHand(t *testing.T) {
	t.Parallel()
	h := mustHouse(t, "", "2025-06-01T12:00:00Z")
	h.mustLoadDemo(t, unchanged)
	ctx := context.Background()
	sitting := pass("1", "CL-210", "2025-02-01T10:00:00Z")
	ref := h.mustRecord(t, sitting).Awards[0]
	if err := h.Suspend(ctx, "test", ref.ID, "Under review."); err != nil {
		t.Fatal(err)
	}
	_, err := h.AwardByHand(ctx, "test", h.slug, issuer.ManualAward{Achievement: ref.Achievement, Candidate: sitting.Candidate, Reason: "On request."})
	var conflict *issuer.ConflictError
	if !errors.As(err, &conflict) || !strings.Contains(err.Error(), "suspended") {
		t.Errorf("awarding by hand what is suspended: %v, want a conflict that says so", err)
	}
}

func TestRestoredStatusListGivesNoMorePlaces(t *testing.T) {
	t.Parallel()
	h := mustHouse(t, "", "2025-06-01T12:00:00Z")
	h.mustLoadDemo(t, unchanged)
	ctx := context.Background()
	before := h.mustRecord(t, pass("1", "CL-210", "2025-02-01T10:00:00Z")).Awards[0].ID
	dir := t.TempDir()
	backup, restored := filepath.Join(dir, "backup.db"), filepath.Join(dir, "restored.db")
	if err := h.ledger.Backup(ctx, backup); err != nil {
		t.Fatal(err)
	}
	if _, err := ledger.Restore(ctx, ledger.Config{URL: restored, Now: h.clock.now}, backup); err != nil {
		t.Fatal(err)
	}
	l, err := ledger.Open(ctx, ledger.Config{URL: restored, Now: h.clock.now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	h.ledger = l
	h.Service = h.mustService(t, &mail.Folder{Dir: h.outbox})
	list := func(id string) string {
		w, err := h.Award(ctx, id)
		if err != nil {
			t.Fatal(err)
		}
		return w.StatusList
	}
	after := h.mustRecord(t, pass("2", "DL-100", "2025-03-01T10:00:00Z")).Awards
	if list(after[0].ID) == list(before) {
		t.Error("an award made after the restore shares a status list with badges that the backup does not know")
	}
	if list(after[1].ID) != list(after[0].ID) {
		t.Error("every award after the restore opens a list of its own")
	}
	h.clock.at = h.clock.at.Add(time.Minute)
	h.mustDrain(t)
}
