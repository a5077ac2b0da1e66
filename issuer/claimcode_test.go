package issuer_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/accolade-badges/accolade/issuer"
	"github.com/accolade-badges/accolade/issuer/ledger"
	"github.com/accolade-badges/accolade/verifier"
)

// byNumber is a passed sitting of somebody whose address nobody knows.
func byNumber(id, exam, at string) issuer.Result {
	r := pass(id, exam, at)
	r.Candidate = issuer.Candidate{Number: "C-77", GivenName: "Kim", FamilyName: "Sample"}
	return r
}

// mustBareAward awards a badge to somebody whose address nobody knows.
func (h *house) mustBareAward(tb testing.TB) string {
	tb.Helper()
	got := h.mustRecord(tb, byNumber("1", "AZ-900", "2026-03-01T10:00:00Z"))
	if len(got.Awards) != 1 {
		tb.Fatalf("awards %v (%s), want one", got.Awards, got.Why())
	}
	h.mustDrain(tb)
	return got.Awards[0].ID
}

func TestAwardWithoutAnAddress(t *testing.T) {
	h := mustHouse(t, "", "2026-03-02T12:00:00Z")
	h.mustLoad(t, "microsoft.json")
	ctx := context.Background()
	id := h.mustBareAward(t)
	w, err := h.Award(ctx, id)
	if err != nil || w.Address != "" || len(w.Mails) != 0 {
		t.Fatalf("the award has the address %q and the mails %v (%v); want none", w.Address, w.Mails, err)
	}
	if err := h.SetVisibility(ctx, "test", id, ledger.Public); err != nil {
		t.Fatal(err)
	}
	for _, f := range []issuer.Format{issuer.FormatJSON, issuer.FormatJWT, issuer.FormatOB2, issuer.FormatOB2JWS, issuer.FormatPNG} {
		data, err := h.Export(ctx, id, f)
		if err != nil {
			t.Fatal(f, err)
		}
		for recipient, want := range map[string]verifier.Match{"": verifier.MatchNotAsked, "kim@example.org": verifier.MatchNo} {
			o := h.VerifierOptions()
			o.Recipient = recipient
			r, err := verifier.Verify(ctx, verifier.Input{Data: data.Body}, o)
			if err != nil {
				t.Fatal(f, err)
			}
			if recipient == "" && r.Verdict != verifier.Valid || r.Recipient == nil || r.Recipient.Match != want {
				t.Errorf("%s for %q is %s, %+v: %s", f, recipient, r.Verdict, r.Recipient, r.Summary)
			}
		}
	}
	if err := h.Resend(ctx, "test", id); err == nil || !strings.Contains(err.Error(), "claim code") {
		t.Errorf("sending it again answers %v, want the way to a claim code", err)
	}
	if err := h.Revoke(ctx, "test", id, "Sample."); err != nil {
		t.Error("revoke: ", err)
	}
	h.mustDrain(t)
}

func TestAddressesFindTheNextAward(t *testing.T) {
	h := mustHouse(t, "", "2026-03-02T12:00:00Z")
	h.mustLoad(t, "microsoft.json")
	h.mustBareAward(t)
	r := byNumber("2", "DP-900", "2026-03-01T11:00:00Z")
	r.Candidate.Email = "Kim@example.org"
	h.mustRecord(t, r)
	third := h.mustRecord(t, byNumber("3", "AI-900", "2026-03-01T12:00:00Z"))
	if len(third.Awards) != 1 {
		t.Fatalf("awards %v: %s", third.Awards, third.Why())
	}
	w, err := h.Award(context.Background(), third.Awards[0].ID)
	if err != nil || w.Address != "Kim@example.org" {
		t.Errorf("the award is tied to %q (%v), want the address that the number was reported with", w.Address, err)
	}
}

func TestCandidateWithNeitherNumberNorAddressIsRefused(t *testing.T) {
	h := mustHouse(t, "", "2026-03-02T12:00:00Z")
	h.mustLoad(t, "microsoft.json")
	r := byNumber("1", "AZ-900", "2026-03-01T10:00:00Z")
	r.Candidate.Number = ""
	_, err := h.RecordResult(context.Background(), h.slug, r)
	var invalid *issuer.InvalidError
	if !errors.As(err, &invalid) || invalid.Fields[0].Field != "candidate.email" {
		t.Errorf("answers %v, want candidate.email named", err)
	}
}

func TestClaimCode(t *testing.T) {
	h := mustHouse(t, "", "2026-03-02T12:00:00Z")
	h.mustLoad(t, "microsoft.json")
	ctx := context.Background()
	id := h.mustBareAward(t)
	first, err := h.MakeClaimCode(ctx, "test", id, 0)
	if err != nil {
		t.Fatal(err)
	}
	if want := h.clock.at.AddDate(0, 0, 14); !first.Until.Equal(want) {
		t.Errorf("it works until %s, want %s", first.Until, want)
	}
	second, err := h.MakeClaimCode(ctx, "test", id, 30)
	if err != nil {
		t.Fatal(err)
	}
	open := func(code string) error {
		token, ok := issuer.ReadClaimCode(code)
		if !ok {
			t.Errorf("%q is not read as a code", code)
		}
		_, err := h.ClaimLink(ctx, token)
		return err
	}
	if err := open(first.Code); !errors.Is(err, issuer.ErrNotPublished) {
		t.Errorf("the first code answers %v after a second was made, want that it works no more", err)
	}
	typed := strings.ToLower(strings.ReplaceAll(second.Code, "-", " "))
	if err := open(typed); err != nil {
		t.Errorf("%q: %v", typed, err)
	}
	h.clock.at = second.Until.Add(-time.Second)
	if err := open(second.Code); err != nil {
		t.Error("in its last second: ", err)
	}
	h.clock.at = second.Until
	if err := open(second.Code); !errors.Is(err, issuer.ErrNotPublished) {
		t.Errorf("after its end it answers %v", err)
	}
}

func TestClaimCodeIsRefused(t *testing.T) {
	h := mustHouse(t, "", "2026-03-02T12:00:00Z")
	h.mustLoad(t, "microsoft.json")
	ctx := context.Background()
	bare := h.mustBareAward(t)
	mailed := h.mustRecord(t, pass("2", "DP-900", "2026-03-01T10:00:00Z")).Awards[0].ID
	var conflict *issuer.ConflictError
	if _, err := h.MakeClaimCode(ctx, "test", mailed, 0); !errors.As(err, &conflict) || !strings.Contains(err.Error(), "resend") {
		t.Errorf("for an award with an address: %v, want the way to send it there", err)
	}
	if _, err := h.MakeClaimCode(ctx, "test", "none", 0); !errors.Is(err, issuer.ErrNoAward) {
		t.Errorf("for no award: %v", err)
	}
	var invalid *issuer.InvalidError
	for _, days := range []int{-1, 181} {
		if _, err := h.MakeClaimCode(ctx, "test", bare, days); !errors.As(err, &invalid) {
			t.Errorf("for %d days: %v, want that refused", days, err)
		}
	}
	code, err := h.MakeClaimCode(ctx, "test", bare, 0)
	if err != nil {
		t.Fatal(err)
	}
	if err := h.Correct(ctx, "test", bare, issuer.Correction{Email: "kim@example.org"}, "They gave an address."); err != nil {
		t.Fatal(err)
	}
	token, _ := issuer.ReadClaimCode(code.Code)
	if _, err := h.ClaimLink(ctx, token); !errors.Is(err, issuer.ErrNotPublished) {
		t.Errorf("the code of an award that has an address now answers %v, want that it works no more", err)
	}
	h.mustDrain(t)
	if w, err := h.Award(ctx, bare); err != nil || len(w.Mails) != 1 {
		t.Errorf("%d mails went to the address that it was given (%v), want one", len(w.Mails), err)
	}
}

func TestReadClaimCode(t *testing.T) {
	const token = "8K3F9Q2MX4TD05RVC7WN6HJA1BPE"
	for typed, want := range map[string]string{
		"8K3F-9Q2M-X4TD-05RV-C7WN-6HJA-1BPE":    token,
		" 8k3f 9q2m x4td o5rv c7wn 6hja lbpe\t": token,
		"8K3F–9Q2M–X4TD–05RV–C7WN–6HJA–IBPE":    token,
		"８Ｋ３Ｆ９Ｑ２ＭＸ４ＴＤ０５ＲＶＣ７ＷＮ６ＨＪＡ１ＢＰＥ":          token,
		"8K3F-9Q2M-X4TD-05RV-C7WN-6HJA-1BP":     "",
		"8K3F-9Q2M-X4TD-05RV-C7WN-6HJA-1BPEE":   "",
		"8K3F-9Q2M-X4TD-05RV-C7WN-6HJA-1BPU":    "",
		"8K3F/9Q2M/X4TD/05RV/C7WN/6HJA/1BPE":    "",
		"":                                      "",
		"8K3F9Q2MX4TD05RVC7WN6HJA1BP\u00e9":     "",
		strings.Repeat("-", 28):                 "",
	} {
		got, ok := issuer.ReadClaimCode(typed)
		if ok != (want != "") || ok && got != want {
			t.Errorf("%q is read as %q, %v; want %q", typed, got, ok, want)
		}
	}
}
