package issuer_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/accolade-badges/accolade/issuer"
	"github.com/accolade-badges/accolade/issuer/ledger"
	"github.com/accolade-badges/accolade/openbadges"
	"github.com/accolade-badges/accolade/openbadges/strictjson"
	"github.com/accolade-badges/accolade/verifier"
)

// mustAward awards Azure Fundamentals to the sample candidate and signs it.
func (h *house) mustAward(tb testing.TB) string {
	tb.Helper()
	h.mustLoad(tb, "microsoft.json")
	out := h.mustRecord(tb, pass("1", "AZ-900", "2023-03-01T10:00:00Z"))
	if len(out.Awards) != 1 {
		tb.Fatalf("awards %v, want one", out.Awards)
	}
	h.mustDrain(tb)
	return out.Awards[0].ID
}

func (h *house) mustExport(tb testing.TB, id string, f issuer.Format) []byte {
	tb.Helper()
	d, err := h.Export(context.Background(), id, f)
	if err != nil {
		tb.Fatal(err)
	}
	return d.Body
}

func (h *house) verdict(tb testing.TB, badge []byte) *verifier.Report {
	tb.Helper()
	r, err := verifier.Verify(context.Background(), verifier.Input{Data: badge}, h.VerifierOptions())
	if err != nil {
		tb.Fatal(err)
	}
	return r
}

// signedFormats verify without the award being public.
var signedFormats = []issuer.Format{issuer.FormatJSON, issuer.FormatJWT, issuer.FormatPNG, issuer.FormatSVG, issuer.FormatOB2JWS, issuer.FormatPDF}

func TestRevocationReachesEveryForm(t *testing.T) {
	t.Parallel()
	onBothEngines(t, "2023-05-01T12:00:00Z", func(t *testing.T, h *house) {
		ctx := context.Background()
		id := h.mustAward(t)
		if err := h.SetVisibility(ctx, "test", id, "public"); err != nil {
			t.Fatal(err)
		}
		before := map[issuer.Format][]byte{}
		for _, f := range signedFormats {
			before[f] = h.mustExport(t, id, f)
		}
		if err := h.Suspend(ctx, "test", id, "Under review."); err != nil {
			t.Fatal(err)
		}
		for f, badge := range before {
			if r := h.verdict(t, badge); r.Verdict != verifier.Suspended || !strings.Contains(r.Check(verifier.CheckStatus).Message, "Under review.") {
				t.Errorf("%s of a suspended award: %s: %s", f, r.Verdict, r.Check(verifier.CheckStatus).Message)
			}
		}
		if err := h.Reinstate(ctx, "test", id, "Review ended."); err != nil {
			t.Fatal(err)
		}
		for f, badge := range before {
			if r := h.verdict(t, badge); r.Verdict != verifier.Valid {
				t.Errorf("%s of a reinstated award: %s: %s", f, r.Verdict, r.Summary)
			}
		}
		if err := h.Revoke(ctx, "test", id, "Awarded by mistake."); err != nil {
			t.Fatal(err)
		}
		for f, badge := range before {
			if v := h.verdict(t, badge).Verdict; v != verifier.Revoked {
				t.Errorf("%s of a revoked award: %s, want revoked", f, v)
			}
		}
		d, err := h.Assertion(ctx, id)
		if err != nil || d.Status != http.StatusGone || !strings.Contains(string(d.Body), `"revoked": true`) || !strings.Contains(string(d.Body), "Awarded by mistake.") {
			t.Errorf("assertion of a revoked award: %+v, %v; want 410 with the reason", d, err)
		}
		var conflict *issuer.ConflictError
		if err := h.Reinstate(ctx, "test", id, "Sorry."); !errors.As(err, &conflict) {
			t.Errorf("reinstating a revoked award: %v, want a conflict", err)
		}
		h.mustDrain(t) // the earner is told
	})
}

func TestRotationKeepsOldBadges(t *testing.T) {
	t.Parallel()
	onBothEngines(t, "2023-05-01T12:00:00Z", func(t *testing.T, h *house) {
		ctx := context.Background()
		id := h.mustAward(t)
		old := map[issuer.Format][]byte{}
		for _, f := range signedFormats {
			old[f] = h.mustExport(t, id, f)
		}
		fresh, err := h.RotateKeys(ctx, "test", h.slug)
		if err != nil || len(fresh) != 2 {
			t.Fatalf("RotateKeys: %d keys, %v; want one for each algorithm", len(fresh), err)
		}
		next := h.mustRecord(t, pass("2", "DP-900", "2023-03-02T10:00:00Z"))
		h.mustDrain(t)
		badge := h.mustExport(t, next.Awards[0].ID, issuer.FormatJSON)
		if !strings.Contains(string(badge), fresh[0].Name) {
			t.Error("a badge signed after the rotation does not name the new key")
		}
		for f, b := range old {
			if r := h.verdict(t, b); r.Verdict != verifier.Valid {
				t.Errorf("%s signed before the rotation: %s: %s", f, r.Verdict, r.Summary)
			}
		}
		for _, f := range signedFormats {
			if r := h.verdict(t, h.mustExport(t, next.Awards[0].ID, f)); r.Verdict != verifier.Valid {
				t.Errorf("%s signed after the rotation: %s: %s", f, r.Verdict, r.Summary)
			}
		}
	})
}

func TestCorrectionIsANewEdition(t *testing.T) {
	t.Parallel()
	h := mustHouse(t, "", "2023-05-01T12:00:00Z")
	ctx := context.Background()
	id := h.mustAward(t)
	if err := h.SetVisibility(ctx, "test", id, ledger.Public); err != nil { // its refresh address answers, and is asked when it is signed
		t.Fatal(err)
	}
	before := h.mustExport(t, id, issuer.FormatJSON)
	h.clock.at = h.clock.at.Add(time.Hour)
	if err := h.Correct(ctx, "test", id, issuer.Correction{GivenName: "Kim", FamilyName: "Muster"}, "Married."); err != nil {
		t.Fatal(err)
	}
	h.mustDrain(t)
	r := h.verdict(t, h.mustExport(t, id, issuer.FormatJSON))
	if r.Verdict != verifier.Valid || r.Recipient.Name != "Kim Muster" || r.ID != base+"/badges/"+id {
		t.Errorf("the new edition: %s for %q with id %s", r.Verdict, r.Recipient.Name, r.ID)
	}
	if got := r.AwardedDate.Format(time.RFC3339); got != "2023-03-01T10:00:00Z" {
		t.Errorf("the new edition was awarded on %s, want the first date", got)
	}
	if r := h.verdict(t, before); r.Verdict == verifier.Invalid {
		t.Errorf("the old edition: %s: %s; its signature still holds", r.Verdict, r.Summary)
	}
	for _, f := range h.Examine(ctx, nil) {
		if f.Level == issuer.Wrong {
			t.Errorf("examination: %s: %s", f.Subject, f.Message)
		}
	}
}

// TestOldCopyOfAPrivateBadge: its newest edition is shown to nobody, but whoever has
// an old one reads that there is a newer; what it says stays private.
func TestOldCopyOfAPrivateBadge(t *testing.T) {
	t.Parallel()
	h := mustHouse(t, "", "2023-05-01T12:00:00Z")
	ctx := context.Background()
	id := h.mustAward(t)
	code := func(badge []byte) string {
		t.Helper()
		r := h.verdict(t, badge)
		if r.Verdict != verifier.Valid || r.Recipient.Name == "Kim Muster" {
			t.Errorf("%s for %q: %s", r.Verdict, r.Recipient.Name, r.Summary)
		}
		return r.Check(verifier.CheckSupersession).Code
	}
	forms := []issuer.Format{issuer.FormatJSON, issuer.FormatJWT, issuer.FormatPNG, issuer.FormatPDF, issuer.FormatOB2JWS}
	old := map[issuer.Format][]byte{}
	for _, f := range forms {
		old[f] = h.mustExport(t, id, f)
		if got := code(old[f]); got == verifier.CodeSupersededUnseen {
			t.Errorf("%s: the only edition is superseded", f)
		}
	}
	h.clock.at = h.clock.at.Add(time.Hour)
	if err := h.Correct(ctx, "test", id, issuer.Correction{GivenName: "Kim", FamilyName: "Muster"}, "Married."); err != nil {
		t.Fatal(err)
	}
	h.mustDrain(t)
	for _, f := range forms {
		if got := code(old[f]); got != verifier.CodeSupersededUnseen {
			t.Errorf("%s: the old copy answers %s, want superseded", f, got)
		}
		if got := h.verdict(t, h.mustExport(t, id, f)).Check(verifier.CheckSupersession).Code; got == verifier.CodeSupersededUnseen {
			t.Errorf("%s: the newest edition is superseded", f)
		}
	}
}

// TestForeignCopyTellsNothing: who signs a credential of their own under the id of a
// private badge learns nothing of it from us.
func TestForeignCopyTellsNothing(t *testing.T) {
	t.Parallel()
	h := mustHouse(t, "", "2023-05-01T12:00:00Z")
	ctx := context.Background()
	id := h.mustAward(t)
	old := h.mustExport(t, id, issuer.FormatJSON)
	h.clock.at = h.clock.at.Add(time.Hour)
	if err := h.Correct(ctx, "test", id, issuer.Correction{GivenName: "Kim", FamilyName: "Muster"}, "Married."); err != nil {
		t.Fatal(err)
	}
	h.mustDrain(t)
	free, err := h.FreeIssuers(ctx)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := openbadges.Parse(old)
	if err != nil {
		t.Fatal(err)
	}
	bare := doc.JSON.Without("proof", "credentialStatus", "refreshService", "credentialSchema")
	for _, did := range free {
		by := bare.Get("issuer").With("id", strictjson.NewString(did))
		mine := bare.With("issuer", by)
		signed, err := h.IssueFree(ctx, "test", &mine, "")
		if err != nil {
			t.Logf("%s is not for this: %v", did, err)
			continue
		}
		r := h.verdict(t, signed.Append(nil))
		if got := r.Check(verifier.CheckSupersession).Code; r.Verdict != verifier.Valid || got != verifier.CodeNone {
			t.Errorf("a copy by %s: %s, supersession %s", did, r.Verdict, got)
		}
		return
	}
	t.Error("nobody signed a copy")
}

func TestPrivateIsNotThere(t *testing.T) {
	t.Parallel()
	h := mustHouse(t, "", "2023-05-01T12:00:00Z")
	ctx := context.Background()
	id := h.mustAward(t)
	forms := map[string]func() (*issuer.Document, error){
		"json":        func() (*issuer.Document, error) { return h.CredentialJSON(ctx, id) },
		"jwt":         func() (*issuer.Document, error) { return h.CredentialJWT(ctx, id) },
		"png":         func() (*issuer.Document, error) { return h.BakedPNG(ctx, id) },
		"svg":         func() (*issuer.Document, error) { return h.BakedSVG(ctx, id) },
		"ob2 svg":     func() (*issuer.Document, error) { return h.BakedOB2SVG(ctx, id) },
		"assertion":   func() (*issuer.Document, error) { return h.Assertion(ctx, id) },
		"picture":     func() (*issuer.Document, error) { return h.LivePicture(ctx, id, 100) },
		"card":        func() (*issuer.Document, error) { return h.Card(ctx, id) },
		"qr":          func() (*issuer.Document, error) { return h.QR(ctx, id, 100) },
		"certificate": func() (*issuer.Document, error) { return h.Certificate(ctx, id) },
	}
	for _, visibility := range []string{"private", "public", "unlisted", "public", "private"} {
		if err := h.SetVisibility(ctx, "test", id, visibility); err != nil {
			t.Fatal(err)
		}
		for name, get := range forms {
			_, err := get()
			if visibility == "public" && err != nil {
				t.Errorf("%s of a public award: %v", name, err)
			}
			if visibility != "public" && !errors.Is(err, issuer.ErrNotPublished) {
				t.Errorf("%s of a %s award: %v, want not published", name, visibility, err)
			}
		}
	}
}
