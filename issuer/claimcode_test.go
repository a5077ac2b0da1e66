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

// mustAwardTo records a pass of C-77, with or without an address, and returns the
// award that it earns.
func (h *house) mustAwardTo(tb testing.TB, id, exam, address string) string {
	tb.Helper()
	r := byNumber(id, exam, "2026-03-01T10:00:00Z")
	r.Candidate.Email = address
	got := h.mustRecord(tb, r)
	if len(got.Awards) == 0 {
		tb.Fatal("nothing is awarded: ", got.Why())
	}
	h.mustDrain(tb)
	return got.Awards[len(got.Awards)-1].ID
}

func (h *house) mustBeTied(tb testing.TB, award, address string) {
	tb.Helper()
	if w, err := h.Award(context.Background(), award); err != nil || w.Address != address {
		tb.Errorf("the award is tied to %q (%v), want %q", w.Address, err, address)
	}
}

func TestAwardWithoutAnAddressGoesWhereTheLastOneWent(t *testing.T) {
	h, box := mustMailHouse(t, unchanged)
	h.clock.at = h.clock.at.AddDate(1, 0, 0)
	ctx := context.Background()
	h.mustAwardTo(t, "1", "CL-100", "good@example.org")
	second := h.mustAwardTo(t, "2", "CL-220", "typo@example.org")
	if err := h.Correct(ctx, "test", second, issuer.Correction{Email: "good@example.org"}, "A typing mistake."); err != nil {
		t.Fatal(err)
	}
	h.clock.at = h.clock.at.Add(time.Minute)
	h.mustBeTied(t, h.mustAwardTo(t, "3", "CL-210", ""), "good@example.org")
	// Once they have an account, it goes there, whichever addresses that has by then.
	in := h.signIn(t, box, "good@example.org")
	if err := h.ClaimAs(ctx, in.Account, second); err != nil {
		t.Fatal(err)
	}
	if err := h.VouchForAddress(ctx, "test", in.Account, "home@example.org", "Sample."); err != nil {
		t.Fatal(err)
	}
	if err := h.RemoveAddress(ctx, in.Account, "good@example.org"); err != nil {
		t.Fatal(err)
	}
	h.mustDrain(t)
	last := h.mustAwardTo(t, "4", "DL-210", "")
	h.mustBeTied(t, last, "")
	m := box.last(t)
	if m.To != "home@example.org" || !strings.Contains(m.Text, base+"/me/badges/"+last) || strings.Contains(m.Text, "/claim/") {
		t.Errorf("the mail goes to %s, want the account's own page in it and no link that anybody could use: %s", m.To, m.Text)
	}
	if err := h.ClaimAs(ctx, in.Account, last); err != nil {
		t.Error(err)
	}
}

func TestAddressThatIsReportedLater(t *testing.T) {
	h, box := mustMailHouse(t, unchanged)
	h.clock.at = h.clock.at.AddDate(1, 0, 0)
	ctx := context.Background()
	id := h.mustAwardTo(t, "1", "CL-220", "")
	code, err := h.MakeClaimCode(ctx, "test", id, 0)
	if err != nil {
		t.Fatal(err)
	}
	r := byNumber("1", "CL-220", "2026-03-01T10:00:00Z")
	r.Candidate.Email = "noor@example.org"
	h.mustRecord(t, r)
	h.mustDrain(t)
	h.mustBeTied(t, id, "noor@example.org")
	wantKinds(t, box, "award")
	token, _ := issuer.ReadClaimCode(code.Code)
	if _, _, err := h.ClaimLink(ctx, token); !errors.Is(err, issuer.ErrNotPublished) {
		t.Errorf("the code still works (%v)", err)
	}
	if err := h.claimByMail(t, box, id); err != nil {
		t.Error(err)
	}
}

// TestCodeOpensOneAward and none that is tied to an address of the same number.
func TestCodeOpensOneAward(t *testing.T) {
	h, box := mustMailHouse(t, unchanged)
	h.clock.at = h.clock.at.AddDate(1, 0, 0)
	ctx := context.Background()
	bare := h.mustAwardTo(t, "1", "CL-100", "")
	code, err := h.MakeClaimCode(ctx, "test", bare, 0)
	if err != nil {
		t.Fatal(err)
	}
	err = h.ledger.Update(ctx, func(tx *ledger.Tx) error { // as another issuer's import may have left it
		w, err := tx.Award(ctx, bare)
		if err != nil {
			return err
		}
		c, err := tx.Candidate(ctx, w.Candidate)
		if err == nil {
			_, err = tx.AddAddress(ctx, c, "noor@example.org", "noor@example.org", h.clock.at)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	mailed := h.mustAwardTo(t, "2", "CL-220", "noor@example.org")
	finder := h.signIn(t, box, "finder@example.org")
	token, _ := issuer.ReadClaimCode(code.Code)
	if got, err := h.ClaimWithLink(ctx, finder.Account, token); err != nil || got != bare {
		t.Fatalf("the code claims %q (%v), want %q", got, err, bare)
	}
	if err := h.ClaimAs(ctx, finder.Account, mailed); !errors.Is(err, issuer.ErrNotYours) {
		t.Errorf("the award that went to an address answers %v", err)
	}
	if err := h.DeleteAccount(ctx, "test", finder.Account); err != nil {
		t.Fatal(err)
	}
	h.mustBeTied(t, mailed, "noor@example.org")
}

// TestMailToWhoWasTooLate: a mail to an account is not sent once the badge is
// somebody else's.
func TestMailToWhoWasTooLate(t *testing.T) {
	h, box := mustMailHouse(t, unchanged)
	h.clock.at = h.clock.at.AddDate(1, 0, 0)
	ctx := context.Background()
	first := h.mustAwardTo(t, "1", "CL-100", "")
	code, err := h.MakeClaimCode(ctx, "test", first, 0)
	if err != nil {
		t.Fatal(err)
	}
	one, two := h.signIn(t, box, "one@example.org"), h.signIn(t, box, "two@example.org")
	token, _ := issuer.ReadClaimCode(code.Code)
	if _, err := h.ClaimWithLink(ctx, one.Account, token); err != nil {
		t.Fatal(err)
	}
	sent := len(box.kinds())
	second := h.mustRecord(t, byNumber("2", "CL-220", "2026-03-01T10:00:00Z")).Awards[0].ID // queued to one
	if code, err = h.MakeClaimCode(ctx, "test", second, 0); err != nil {
		t.Fatal(err)
	}
	token, _ = issuer.ReadClaimCode(code.Code)
	if _, err := h.ClaimWithLink(ctx, two.Account, token); err != nil {
		t.Fatal(err)
	}
	h.mustDrain(t)
	if got := box.kinds()[sent:]; len(got) != 0 {
		t.Errorf("mails %v to %s about a badge that another account has", got, box.last(t).To)
	}
}

func TestCodeThatWasReplacedIsNotWaitedFor(t *testing.T) {
	h, box := mustMailHouse(t, unchanged)
	h.clock.at = h.clock.at.AddDate(1, 0, 0)
	ctx := context.Background()
	id := h.mustAwardTo(t, "1", "CL-220", "")
	var challenges []string
	for range 2 {
		code, err := h.MakeClaimCode(ctx, "test", id, 0)
		if err != nil {
			t.Fatal(err)
		}
		token, _ := issuer.ReadClaimCode(code.Code)
		for range 2 { // pressed twice
			c, err := h.StartClaim(ctx, token, "", issuer.Asked{Address: "noor@example.org", Language: "en"})
			if err != nil {
				t.Fatal(err)
			}
			challenges = append(challenges, c)
		}
	}
	if challenges[0] != challenges[1] || challenges[2] != challenges[3] || challenges[0] == challenges[2] {
		t.Errorf("the four presses came to %v, want one proof for each code", challenges)
	}
	h.mustDrain(t)
	_, rest, _ := strings.Cut(box.last(t).Text, base+"/confirm/")
	if done, err := h.Confirm(ctx, issuer.Proof{Token: strings.Fields(rest + " x")[0], Language: "en"}); err != nil || done.Award != id {
		t.Errorf("confirming the second comes to %+v (%v)", done, err)
	}
}

func TestCodeForABadgeThatWasDeclined(t *testing.T) {
	h, _ := mustMailHouse(t, unchanged)
	h.clock.at = h.clock.at.AddDate(1, 0, 0)
	ctx := context.Background()
	id := h.mustAwardTo(t, "1", "CL-220", "")
	code, err := h.MakeClaimCode(ctx, "test", id, 0)
	if err != nil {
		t.Fatal(err)
	}
	token, _ := issuer.ReadClaimCode(code.Code)
	if err := h.DeclineLink(ctx, token); err != nil {
		t.Fatal(err)
	}
	h.clock.at = h.clock.at.AddDate(0, 0, 31)
	if _, err := h.MakeClaimCode(ctx, "test", id, 0); err != nil {
		t.Error("asked for after all: ", err)
	}
	if w, err := h.Award(ctx, id); err != nil || !w.DeclinedAt.IsZero() {
		t.Errorf("it is declined at %v still (%v)", w.DeclinedAt, err)
	}
	if err := h.Suspend(ctx, "test", id, "Sample."); err != nil {
		t.Fatal(err)
	}
	var conflict *issuer.ConflictError
	if _, err := h.MakeClaimCode(ctx, "test", id, 0); !errors.As(err, &conflict) {
		t.Errorf("suspended: %v, want that there is nothing to claim", err)
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
	if want := time.Date(h.clock.at.Year(), h.clock.at.Month(), h.clock.at.Day()+14, 23, 59, 59, 0, time.UTC); !first.Until.Equal(want) {
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
		_, _, err := h.ClaimLink(ctx, token)
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
	if _, _, err := h.ClaimLink(ctx, token); !errors.Is(err, issuer.ErrNotPublished) {
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
