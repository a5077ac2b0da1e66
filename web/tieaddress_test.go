package web_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/accolade-badges/accolade/issuer"
	"github.com/accolade-badges/accolade/issuer/ledger"
)

// mustCompare asks the public verifier whether a badge is somebody's.
func (h *house) mustCompare(t *testing.T, id, recipient, want string) {
	t.Helper()
	if _, err := h.Drain(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	body := `{"input":"` + string(h.do(t, "GET", "/badges/"+id+".jwt", nil).body) + `","recipient":"` + recipient + `"}`
	r := mustJSON[report](t, h.do(t, "POST", "/api/v1/verify", []byte(body), "Content-Type", "application/json"), 200)
	if r.Recipient == nil || r.Recipient.Match != want {
		t.Errorf("is it %s's? %+v, want %s", recipient, r.Recipient, want)
	}
}

// TestAnotherAddressOnAnOldBadge: its owner has it named, without the issuer, and
// only where it is proved to be theirs.
func TestAnotherAddressOnAnOldBadge(t *testing.T) {
	t.Parallel()
	h := mustHouse(t, nil)
	id, v := h.mustMine(t, "cloud-developer", passed("1", "CL-220", 20, kim))
	h.mustShow(t, id, ledger.Public)
	path := "/me/badges/" + id + "/addresses"
	v.open(t, "/me/badges/"+id)
	v.sees(t, "By which addresses it can be checked")
	v.send(t, "POST", path, url.Values{"address": {"private@example.org"}}) // not hers yet
	h.mustCompare(t, id, "private@example.org", "no")
	v.open(t, "/me/addresses")
	v.press(t, "Mail me a link", "email", "private@example.org")
	v.press(t, "Confirm", "code", h.newest(t, "private@example.org").code(t))
	v.open(t, path)
	v.sees(t, kim.Email, "The badge names it", "private@example.org", "The badge does not name it")
	v.press(t, "Have it named")
	v.sees(t, "The badge has a new edition")
	for _, address := range []string{kim.Email, "private@example.org"} {
		h.mustCompare(t, id, address, "yes")
	}
	edition := func() int {
		w, err := h.Award(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		return w.Edition
	}
	before := edition()
	v.send(t, "POST", path, url.Values{"address": {"private@example.org"}})
	if now := edition(); now != before {
		t.Errorf("asking twice makes edition %d of %d", now, before)
	}
}

// TestNamingIsOfOneBadge: of the owner's others, and of what the issuer knows of the
// candidate, it says nothing.
func TestNamingIsOfOneBadge(t *testing.T) {
	t.Parallel()
	h := mustHouse(t, nil)
	first, v := h.mustMine(t, "cloud-developer", passed("1", "CL-220", 20, kim))
	second := h.mustAward(t, "cloud-foundations", passed("2", "CL-100", 10, kim))
	v.open(t, "/me/badges/"+second)
	v.press(t, "Accept this badge")
	v.open(t, "/me/addresses")
	v.press(t, "Mail me a link", "email", "private@example.org")
	v.press(t, "Confirm", "code", h.newest(t, "private@example.org").code(t))
	for _, id := range []string{first, second} {
		h.mustShow(t, id, ledger.Public)
	}
	v.open(t, "/me/badges/"+first+"/addresses")
	v.press(t, "Have it named")
	h.mustCompare(t, first, "private@example.org", "yes")
	if err := h.Correct(t.Context(), "test", second, issuer.Correction{GivenName: "Kimberly", FamilyName: "Sample"}, "Married."); err != nil {
		t.Fatal(err)
	}
	h.mustCompare(t, second, "private@example.org", "no")
	v.open(t, "/me/badges/"+second+"/addresses")
	v.sees(t, "The badge does not name it")
	v.press(t, "Have it named")
	h.mustCompare(t, second, "private@example.org", "yes")
	v.send(t, "POST", "/me/addresses/remove", url.Values{"address": {"private@example.org"}}) // it stays on the badge
	h.mustCompare(t, second, "private@example.org", "yes")
	v.open(t, "/me/badges/"+second+"/addresses")
	v.press(t, "Take it off")
	v.sees(t, "The badge has a new edition")
	h.mustCompare(t, second, "private@example.org", "no")
	h.mustCompare(t, first, "private@example.org", "yes")
	v.send(t, "POST", "/me/badges/"+second+"/addresses", url.Values{"address": {kim.Email}, "off": {"1"}})
	h.mustCompare(t, second, kim.Email, "yes") // the issuer's word is not the owner's to take off
	if err := h.Revoke(t.Context(), "test", first, "Sample."); err != nil {
		t.Fatal(err)
	}
	v.open(t, "/me/badges/"+first+"/addresses")
	if strings.Contains(v.page, "<button") && strings.Contains(v.page, "Take it off") {
		t.Error("a revoked badge offers a new edition")
	}
}

// TestBadgeFromACodeGetsAnAddress that its owner has proved.
func TestBadgeFromACodeGetsAnAddress(t *testing.T) {
	t.Parallel()
	h := mustHouse(t, nil)
	bare := kim
	bare.Email, bare.Number = "", "S-3003"
	id := h.mustAward(t, "cloud-developer", passed("1", "CL-220", 20, bare))
	code, err := h.MakeClaimCode(t.Context(), "test", id, 0)
	if err != nil {
		t.Fatal(err)
	}
	v := h.mustSignIn(t, "private@example.org")
	v.open(t, code.URL[len(h.base):])
	v.press(t, "Accept this badge")
	h.mustShow(t, id, ledger.Public)
	h.mustCompare(t, id, "private@example.org", "no")
	v.open(t, "/me/badges/"+id)
	v.sees(t, "It names no address")
	v.open(t, "/me/badges/"+id+"/addresses")
	v.press(t, "Have it named")
	h.mustCompare(t, id, "private@example.org", "yes")
	got, err := h.Export(t.Context(), id, issuer.FormatOB2)
	if err != nil || !strings.Contains(string(got.Body), `"type": "email"`) {
		t.Errorf("the OB 2.0 assertion: %s (%v), want it tied to the address", got.Body, err)
	}
}
