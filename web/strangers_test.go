package web_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/accolade-badges/accolade/issuer"
)

func TestFindTellsAStrangerNothing(t *testing.T) {
	t.Parallel()
	h := mustHouse(t, nil)
	h.mustAward(t, "cloud-developer", passed("1", "CL-220", 20, kim))
	var pages []string
	for _, address := range []string{kim.Email, "nobody@example.org"} {
		v := h.mustVisitor(t)
		v.open(t, "/find")
		v.press(t, "Mail me", "email", address)
		if v.status != http.StatusOK {
			t.Errorf("find %s: %d", address, v.status)
		}
		pages = append(pages, v.page)
		v.open(t, "/sign-in")
		v.press(t, "Mail me a link", "email", address)
		pages = append(pages, strings.ReplaceAll(v.text(), issuer.MaskAddress(address), ""))
	}
	if pages[0] != pages[2] || pages[1] != pages[3] {
		t.Errorf("the pages tell a known address from an unknown one:\n%s\n%s\n%s\n%s", pages[0], pages[2], pages[1], pages[3])
	}
	mails := h.drain(t, "nobody@example.org")
	if len(mails) != 2 || !strings.Contains(mails[0].text+mails[1].text, "/find") {
		t.Errorf("the unknown address gets %d mails, want one that says that nothing waits, and one to make an account", len(mails))
	}
	found := h.drain(t, kim.Email)
	if text := found[1].text + found[2].text; !strings.Contains(text, "Cloud Developer") || !claimLink.MatchString(text) {
		t.Errorf("the known address does not get what waits:\n%s", text)
	}
}

func TestMailsToAnAddressAreLimitedAndTheOwnerIsNotLockedOut(t *testing.T) {
	t.Parallel()
	h := mustHouse(t, nil)
	id, link := h.mustLetter(t, "cloud-developer", passed("1", "CL-220", 20, kim))
	attacker := h.mustVisitor(t)
	for i := range 6 {
		attacker.open(t, "/sign-in")
		attacker.press(t, "Mail me a link", "email", kim.Email)
		if limited := attacker.status == http.StatusTooManyRequests; limited != (i == 5) {
			t.Fatalf("mail %d: %d", i+1, attacker.status)
		}
	}
	mails := h.drain(t, kim.Email)
	if len(mails) != 6 {
		t.Errorf("%d mails to the address, want the badge's and five", len(mails))
	}
	v := h.mustVisitor(t)
	v.open(t, mails[3].link(t, confirmLink)) // a link that is there works
	v.press(t, "Make my account")
	if v.at != "/me" {
		t.Fatalf("it leads to %s: %s", v.at, v.text())
	}
	other := h.mustVisitor(t)
	other.open(t, link) // and so does claiming, which only the owner can start
	other.press(t, "Claim this badge")
	other.press(t, "Confirm", "code", h.newest(t, kim.Email).code(t))
	h.mustOwner(t, id, kim.Email)
}

func TestGuessedLinksAreLimitedAndRightOnesAreNot(t *testing.T) {
	t.Parallel()
	h := mustHouse(t, nil)
	_, link := h.mustLetter(t, "cloud-developer", passed("1", "CL-220", 20, kim))
	limited := 0
	for range 100 {
		if h.do(t, "GET", "/claim/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", nil, "Accept", browser).status == http.StatusTooManyRequests {
			limited++
		}
	}
	if limited < 50 {
		t.Errorf("%d of 100 guesses were limited", limited)
	}
	if got := h.do(t, "GET", link, nil, "Accept", browser); got.status != http.StatusOK {
		t.Errorf("the right link after the guesses: %d", got.status)
	}
}

func TestRevokedBadgeIsNotClaimed(t *testing.T) {
	t.Parallel()
	h := mustHouse(t, nil)
	id, link := h.mustLetter(t, "cloud-developer", passed("1", "CL-220", 20, kim))
	v := h.mustVisitor(t)
	v.open(t, link)
	v.press(t, "Claim this badge")
	mail := h.newest(t, kim.Email)
	if err := h.Revoke(t.Context(), "test", id, "The result was voided"); err != nil {
		t.Fatal(err)
	}
	if v.send(t, "GET", link, nil); v.status != http.StatusNotFound || strings.Contains(v.page, "Kim") {
		t.Errorf("the link to a revoked badge: %d %s", v.status, v.text())
	}
	v.open(t, mail.link(t, confirmLink))
	v.press(t, "Confirm and claim")
	v.sees(t, "cannot be claimed any more")
	h.mustOwner(t, id, "")
}

func TestHostileNamesOnEarnerPages(t *testing.T) {
	t.Parallel()
	h := mustHouse(t, nil)
	who := issuer.Candidate{Email: "hostile@example.org", GivenName: hostileText, FamilyName: "🎓 نور"}
	id, link := h.mustLetter(t, "cloud-developer", passed("1", "CL-220", 20, who))
	v := h.mustVisitor(t)
	v.open(t, link)
	check := func() {
		t.Helper()
		if strings.Contains(v.page, "<script>alert") || strings.Contains(v.page, "<img src=x") {
			t.Errorf("%s carries the markup of a name", v.at)
		}
	}
	check()
	v.press(t, "Claim this badge")
	check()
	v.open(t, h.newest(t, who.Email).link(t, confirmLink))
	check()
	v.press(t, "Confirm and claim")
	check()
	v.open(t, "/me")
	check()
	v.send(t, "POST", "/sign-in", url.Values{"email": {hostileText}})
	check()
	h.mustOwner(t, id, who.Email)
}

// Somebody who watches the clock learns no more than somebody who reads.
func TestKnownAddressesTakeAsLongAsUnknownOnes(t *testing.T) {
	h := mustHouse(t, nil)
	h.mustAward(t, "cloud-developer", passed("1", "CL-220", 20, kim))
	h.mustSignIn(t, kim.Email)
	v := h.mustVisitor(t)
	times := map[string][]time.Duration{}
	for range 100 { // in turn, so that whatever else goes on is the same for both
		h.clock.add(25 * time.Hour)
		for _, address := range []string{kim.Email, "new@example.org"} {
			for _, path := range []string{"/sign-in", "/find"} {
				began := time.Now()
				v.send(t, "POST", path, url.Values{"email": {address}})
				times[path+" "+address] = append(times[path+" "+address], time.Since(began))
				if v.status != http.StatusOK {
					t.Fatalf("%s for %s: %d %s", path, address, v.status, v.text())
				}
			}
		}
	}
	median := func(key string) time.Duration {
		slices.Sort(times[key])
		return times[key][len(times[key])/2]
	}
	for _, path := range []string{"/sign-in", "/find"} {
		known, unknown := median(path+" "+kim.Email), median(path+" new@example.org")
		noise := times[path+" new@example.org"][75] - times[path+" new@example.org"][25]
		t.Logf("%s: %s for a known address, %s for an unknown one, noise %s", path, known, unknown, noise)
		if (known - unknown).Abs() > max(noise, unknown/4) {
			t.Errorf("%s takes %s for a known address and %s for an unknown one", path, known, unknown)
		}
	}
}
