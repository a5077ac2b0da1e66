package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/accolade-badges/accolade/issuer"
	"github.com/accolade-badges/accolade/issuer/ledger"
)

// mustLetter awards a badge to somebody and returns its id and claim link.
func (h *house) mustLetter(tb testing.TB, achievement string, r issuer.Result) (id, link string) {
	tb.Helper()
	id = h.mustAward(tb, achievement, r)
	return id, h.newest(tb, r.Candidate.Email).link(tb, claimLink)
}

// mustOwner fails unless an award is an account's that has proved an address;
// with "" unless it is nobody's.
func (h *house) mustOwner(tb testing.TB, id, address string) {
	tb.Helper()
	w, err := h.Award(tb.Context(), id)
	if err != nil {
		tb.Fatal(err)
	}
	if w.Account == "" || address == "" {
		if w.Account != "" || address != "" {
			tb.Fatalf("the award belongs to %q, want that of %q", w.Account, address)
		}
		return
	}
	a, err := h.Account(tb.Context(), w.Account)
	if err != nil {
		tb.Fatal(err)
	}
	if !a.Has(address) {
		tb.Fatalf("the award belongs to an account with %v, want %s", a.Addresses, address)
	}
}

func TestClaimInFourSteps(t *testing.T) {
	t.Parallel()
	for name, person := range map[string]struct {
		who                             issuer.Candidate
		lang                            string
		claim, confirm, private, signed string
	}{
		"in English": {kim, "en", "Claim this badge", "Confirm and claim", "Only you", "My badges"},
		"in Chinese": {li, "zh-CN,zh;q=0.9", "领取这枚徽章", "确认并领取", "仅自己可见", "我的徽章"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := mustHouse(t, nil)
			id, link := h.mustLetter(t, "cloud-developer", passed("1", "CL-220", 20, person.who))
			v := h.mustVisitor(t)
			v.lang = person.lang
			v.open(t, link) // 1
			v.press(t, person.claim)
			if v.at != "/sign-in/code" { // 2
				t.Fatalf("claiming leads to %s: %s", v.at, v.text())
			}
			h.mustOwner(t, id, "")
			mail := h.newest(t, person.who.Email) // 3
			phone := h.mustVisitor(t)             // the link is opened elsewhere
			phone.lang = person.lang
			phone.open(t, mail.link(t, confirmLink))
			h.mustOwner(t, id, "")
			phone.press(t, person.confirm) // 4
			if phone.at != "/me/badges/"+id {
				t.Fatalf("confirming leads to %s: %s", phone.at, phone.text())
			}
			h.mustOwner(t, id, person.who.Email)
			w, err := h.Award(t.Context(), id)
			if err != nil || w.Visibility != ledger.Private || w.ClaimedAt.IsZero() {
				t.Errorf("the claimed award is %s, claimed at %v (%v); want private, claimed", w.Visibility, w.ClaimedAt, err)
			}
			phone.open(t, "/me")
			phone.sees(t, person.private, person.signed)
			if got := len(h.drain(t, person.who.Email)); got != 2 {
				t.Errorf("%d mails were sent, want the badge's and the confirmation", got)
			}
		})
	}
}

func TestClaimByCode(t *testing.T) {
	t.Parallel()
	h := mustHouse(t, nil)
	id, link := h.mustLetter(t, "cloud-developer", passed("1", "CL-220", 20, kim))
	v := h.mustVisitor(t)
	v.open(t, link)
	v.press(t, "Claim this badge")
	v.sees(t, "k…@e….org", "Cloud Developer")
	code := h.newest(t, kim.Email).code(t)
	elsewhere := h.mustVisitor(t)
	elsewhere.send(t, "POST", "/sign-in/code", url.Values{"code": {code}})
	if elsewhere.status != http.StatusNotFound {
		t.Errorf("a code in another browser: %d %s", elsewhere.status, elsewhere.text())
	}
	h.mustOwner(t, id, "")
	v.press(t, "Confirm", "code", code[:3]+" "+code[3:])
	if v.at != "/me/badges/"+id {
		t.Fatalf("the code leads to %s: %s", v.at, v.text())
	}
	h.mustOwner(t, id, kim.Email)
}

func TestWrongCodesAreFew(t *testing.T) {
	t.Parallel()
	h := mustHouse(t, nil)
	id, link := h.mustLetter(t, "cloud-developer", passed("1", "CL-220", 20, kim))
	v := h.mustVisitor(t)
	v.open(t, link)
	v.press(t, "Claim this badge")
	mail := h.newest(t, kim.Email)
	right := mail.code(t)
	wrong := "000000"
	if wrong == right {
		wrong = "000001"
	}
	for left := 4; left > 0; left-- {
		v.press(t, "Confirm", "code", wrong)
		if v.status != http.StatusUnprocessableEntity {
			t.Fatalf("a wrong code, %d left: %d %s", left, v.status, v.text())
		}
	}
	v.sees(t, "You can try once more")
	click := v.page
	v.press(t, "Confirm", "code", wrong)
	v.sees(t, "The link in the mail still works")
	v.page = click
	v.press(t, "Confirm", "code", right)
	if v.status != http.StatusUnprocessableEntity {
		t.Errorf("the right code after five wrong ones: %d %s", v.status, v.text())
	}
	h.mustOwner(t, id, "")
	v.open(t, mail.link(t, confirmLink)) // the owner is not locked out
	v.press(t, "Confirm and claim")
	h.mustOwner(t, id, kim.Email)
}

func TestScannersThatFollowLinksDoNoHarm(t *testing.T) {
	t.Parallel()
	h := mustHouse(t, nil)
	id, link := h.mustLetter(t, "cloud-developer", passed("1", "CL-220", 20, kim))
	look := func(path string) {
		for range 20 {
			for _, method := range []string{"GET", "HEAD"} {
				if got := h.do(t, method, path, nil, "Accept", browser, "Purpose", "prefetch"); got.status != 200 || got.header.Get("Set-Cookie") != "" {
					t.Fatalf("%s %s: %d, Set-Cookie %q", method, path, got.status, got.header.Get("Set-Cookie"))
				}
			}
		}
	}
	look(link)
	v := h.mustVisitor(t)
	v.open(t, link)
	v.press(t, "Claim this badge")
	confirm := h.newest(t, kim.Email).link(t, confirmLink)
	look(confirm)
	h.mustOwner(t, id, "")
	v.open(t, confirm)
	v.press(t, "Confirm and claim")
	h.mustOwner(t, id, kim.Email)
}

func TestLinksThatDoNotWorkAllSayTheSame(t *testing.T) {
	t.Parallel()
	h := mustHouse(t, nil)
	_, used := h.mustLetter(t, "cloud-developer", passed("1", "CL-220", 20, kim))
	v := h.mustVisitor(t)
	v.open(t, used)
	v.press(t, "Claim this badge")
	usedConfirm := h.newest(t, kim.Email).link(t, confirmLink)
	v.open(t, usedConfirm)
	v.press(t, "Confirm and claim")
	_, old := h.mustLetter(t, "data-engineer", passed("2", "DL-210", 20, noor))
	h.clock.add(2 * 365 * 24 * time.Hour)
	stranger := h.mustVisitor(t)
	stranger.send(t, "GET", "/claim/never-was", nil)
	want := stranger.page
	if stranger.status != http.StatusNotFound || !strings.Contains(want, `action="/find"`) {
		t.Fatalf("a link that never was: %d %s", stranger.status, stranger.text())
	}
	for _, path := range []string{used, old, used[:len(used)-3], used + "x", usedConfirm, "/confirm/never-was", usedConfirm + "."} {
		stranger.send(t, "GET", path, nil)
		if stranger.status != http.StatusNotFound || stranger.page != want {
			t.Errorf("GET %s: %d, and another page than for a link that never was:\n%s", path, stranger.status, stranger.text())
		}
		for _, form := range []url.Values{{"act": {"claim"}}, {"click": {"x"}}} {
			stranger.send(t, "POST", path, form)
			if strings.HasPrefix(path, "/claim/") == (form.Get("act") == "") {
				continue
			}
			if stranger.status != http.StatusNotFound || stranger.page != want {
				t.Errorf("POST %s: %d %s", path, stranger.status, stranger.text())
			}
		}
	}
	// The mail of two years ago leads to a fresh link.
	stranger.send(t, "GET", old, nil)
	stranger.press(t, "Mail me", "email", "  NOOR@Example.org ")
	stranger.sees(t, "A mail is on its way")
	fresh := h.newest(t, "NOOR@Example.org").link(t, claimLink)
	stranger.open(t, fresh)
	stranger.sees(t, "نور المثال")
}

func TestOldLinkOfTheOwnerLeadsToTheBadge(t *testing.T) {
	t.Parallel()
	h := mustHouse(t, nil)
	id, link := h.mustLetter(t, "cloud-developer", passed("1", "CL-220", 20, kim))
	v := h.mustSignIn(t, kim.Email)
	v.open(t, link)
	v.press(t, "Accept this badge") // one click, for the address is proved
	if v.at != "/me/badges/"+id {
		t.Fatalf("accepting leads to %s: %s", v.at, v.text())
	}
	h.clock.add(15 * 24 * time.Hour)
	v.open(t, link)
	if v.at != "/me/badges/"+id {
		t.Errorf("the used link leads its owner to %s", v.at)
	}
	other := h.mustSignIn(t, noor.Email)
	other.send(t, "GET", link, nil)
	if other.status != http.StatusNotFound || strings.Contains(other.page, "Kim") {
		t.Errorf("the used link of somebody else: %d %s", other.status, other.text())
	}
}

func TestAccountFindsWhatWaitsForItsAddress(t *testing.T) {
	t.Parallel()
	h := mustHouse(t, nil)
	id := h.mustAward(t, "cloud-developer", passed("1", "CL-220", 20, kim))
	v := h.mustSignIn(t, "KIM@example.ORG") // the mails are deleted
	v.open(t, "/me")
	v.sees(t, "Waiting for you", "Cloud Developer", "Kim Sample")
	v.open(t, "/me/badges/"+id)
	v.press(t, "Accept this badge")
	h.mustOwner(t, id, kim.Email)
	v.open(t, "/me")
	v.sees(t, "In my account", "Only you")
}

func TestClaimWithAnotherAddressSignedIn(t *testing.T) {
	t.Parallel()
	h := mustHouse(t, nil)
	id, link := h.mustLetter(t, "cloud-developer", passed("1", "CL-220", 20, kim))
	v := h.mustSignIn(t, "private@example.com")
	v.open(t, link)
	v.sees(t, "issued to k…@e….org", "signed in as private@example.com")
	v.press(t, "Yes, mail me a code")
	v.sees(t, "It adds that address to your account")
	mail := h.newest(t, kim.Email)
	if !strings.Contains(mail.text, "Somebody who is signed in to an account here says that kim@example.org is theirs") {
		t.Errorf("the mail does not say what confirming does:\n%s", mail.text)
	}
	v.open(t, mail.link(t, confirmLink))
	v.sees(t, "the account that you are signed in to, and kim@example.org becomes one of that account’s addresses")
	// Whoever reads the mail elsewhere gives the address to nobody.
	elsewhere := h.mustVisitor(t)
	elsewhere.open(t, mail.link(t, confirmLink))
	elsewhere.sees(t, "Sign in first")
	elsewhere.send(t, "POST", mail.link(t, confirmLink), url.Values{})
	if elsewhere.status != http.StatusForbidden {
		t.Errorf("confirming without the account that asked: %d", elsewhere.status)
	}
	h.mustOwner(t, id, "")
	v.open(t, "/sign-in/code")
	v.press(t, "Confirm", "code", mail.code(t))
	if v.at != "/me/badges/"+id {
		t.Fatalf("the code leads to %s: %s", v.at, v.text())
	}
	h.mustOwner(t, id, "private@example.com")
	h.mustOwner(t, id, kim.Email)
	if got := h.newest(t, "private@example.com").subject; !strings.Contains(got, "address was added") {
		t.Errorf("the old address hears of the new one by %q", got)
	}
}

func TestDeclineAndUndo(t *testing.T) {
	t.Parallel()
	h := mustHouse(t, nil)
	id, link := h.mustLetter(t, "cloud-developer", passed("1", "CL-220", 20, kim))
	v := h.mustVisitor(t)
	v.open(t, link)
	v.press(t, "Decline")
	v.sees(t, "You declined this badge", "31 March 2026")
	v.press(t, "Undo the decline")
	v.sees(t, "Claim this badge")
	v.press(t, "Decline")
	v = h.mustSignIn(t, kim.Email)
	v.open(t, "/me")
	v.sees(t, "Declined", "Cloud Developer")
	if strings.Contains(v.text(), "Waiting for you") {
		t.Error("a declined badge waits")
	}
	v.press(t, "Undo the decline")
	v.press(t, "Accept this badge")
	h.mustOwner(t, id, kim.Email)

	late, link := h.mustLetter(t, "data-engineer", passed("2", "DL-210", 20, noor))
	v = h.mustVisitor(t)
	v.open(t, link)
	v.press(t, "Decline")
	h.clock.add(30*24*time.Hour + time.Second)
	v = h.mustSignIn(t, noor.Email)
	v.open(t, "/me")
	if strings.Contains(v.text(), "Data Engineer") {
		t.Error("a badge that was declined a month ago is still shown")
	}
	v.send(t, "POST", "/me/badges/"+late+"/accept", url.Values{})
	h.mustOwner(t, late, "")
}

// TestDeclinedLongAgo follows somebody who wants a badge a month after they have
// declined it: they are told whom to ask, and who issued it can send it again.
func TestDeclinedLongAgo(t *testing.T) {
	t.Parallel()
	h := mustHouse(t, nil)
	id, link := h.mustLetter(t, "cloud-developer", passed("1", "CL-220", 20, kim))
	v := h.mustVisitor(t)
	v.open(t, link)
	v.press(t, "Decline")
	h.clock.add(30 * 24 * time.Hour)
	owner := h.mustSignIn(t, kim.Email)
	owner.open(t, "/find")
	owner.press(t, "Mail me", "email", kim.Email)
	if text := h.newest(t, kim.Email).text; claimLink.MatchString(text) || !strings.Contains(text, "declined more than 30 days ago") {
		t.Errorf("the mail leads to a page where nothing can be done, or says nothing of it:\n%s", text)
	}
	if err := h.ResendDeclined(t.Context(), "test", id); err != nil {
		t.Fatal(err)
	}
	v.open(t, h.newest(t, kim.Email).link(t, claimLink))
	v.press(t, "Claim this badge")
	v.press(t, "Confirm", "code", h.newest(t, kim.Email).code(t))
	h.mustOwner(t, id, kim.Email)
}

// TestDeclinedBadgeTellsItsEarnerWhomToAsk when undoing that is over, on each
// page that shows it.
func TestDeclinedBadgeTellsItsEarnerWhomToAsk(t *testing.T) {
	t.Parallel()
	h := mustHouse(t, nil)
	id := h.mustAward(t, "cloud-developer", passed("1", "CL-220", 20, kim))
	v := h.mustSignIn(t, kim.Email)
	v.open(t, "/me/badges/"+id)
	v.press(t, "Decline")
	h.clock.add(29 * 24 * time.Hour)
	v.open(t, "/find")
	v.press(t, "Mail me", "email", kim.Email)
	link := h.newest(t, kim.Email).link(t, claimLink)
	v.open(t, link)
	v.sees(t, "Undo the decline")
	h.clock.add(24 * time.Hour)
	v = h.mustSignIn(t, kim.Email)
	for _, path := range []string{link, "/me/badges/" + id} {
		v.open(t, path)
		v.sees(t, "You declined this badge", "until 31 March 2026", "badges@example.org")
		if strings.Contains(v.text(), "Undo the decline") {
			t.Errorf("%s has a button that does nothing", path)
		}
	}
}

func TestSeveralPeopleWithOneAddress(t *testing.T) {
	t.Parallel()
	h := mustHouse(t, nil)
	one, two := kim, kim
	two.Number, two.GivenName = "S-2001", "Robin"
	h.mustAward(t, "cloud-developer", passed("1", "CL-220", 20, one))
	h.mustAward(t, "cloud-developer", passed("2", "CL-220", 20, two))
	v := h.mustSignIn(t, kim.Email)
	v.open(t, "/me")
	v.sees(t, "Kim Sample", "Robin Sample")
}

func TestAutoAccept(t *testing.T) {
	t.Parallel()
	h := mustHouse(t, nil)
	first := h.mustAward(t, "cloud-developer", passed("1", "CL-220", 200, kim))
	v := h.mustSignIn(t, kim.Email)
	v.open(t, "/me/badges/"+first)
	v.press(t, "Accept this badge")
	w, err := h.Award(t.Context(), first)
	if err != nil {
		t.Fatal(err)
	}
	off := h.mustAward(t, "data-engineer", passed("2", "DL-210", 20, kim))
	h.mustOwner(t, off, "") // off by default
	if err := h.ChangeAccount(t.Context(), w.Account, issuer.AccountSettings{AutoAccept: true, DefaultVisibility: ledger.Public}); err != nil {
		t.Fatal(err)
	}
	h.mustSignIn(t, kim.Email)
	h.mustOwner(t, off, "")                                                     // what waited still asks, for it would be public
	on := h.mustAward(t, "cloud-administrator", passed("3", "CL-210", 10, kim)) // what comes is taken as it comes
	h.mustOwner(t, on, kim.Email)
	if w, err := h.Award(t.Context(), on); err != nil || w.Visibility != ledger.Public {
		t.Errorf("it is %s (%v), want what the earner wants for new badges", w.Visibility, err)
	}
	other := kim
	other.Number, other.GivenName = "S-2001", "Robin"
	h.mustOwner(t, h.mustAward(t, "cloud-developer", passed("4", "CL-220", 5, other)), "")
	h.mustSignIn(t, kim.Email)
	v.open(t, "/me")
	v.sees(t, "Waiting for you", "Robin Sample")
}

func TestOneButtonPressedTwice(t *testing.T) {
	t.Parallel()
	h := mustHouse(t, nil)
	id, link := h.mustLetter(t, "cloud-developer", passed("1", "CL-220", 20, kim))
	v := h.mustVisitor(t)
	v.open(t, link)
	v.press(t, "Claim this badge")
	confirm := h.newest(t, kim.Email).link(t, confirmLink)
	v.open(t, confirm)
	first, second := *v, *v
	second.client = h.mustVisitor(t).client // the first answer never arrived
	first.press(t, "Confirm and claim")
	second.press(t, "Confirm and claim")
	for _, v := range []*visitor{&first, &second} {
		if v.at != "/me/badges/"+id {
			t.Errorf("one of two presses leads to %s: %s", v.at, v.text())
		}
	}
	later := h.mustVisitor(t) // who only has the address of the page gets nowhere
	later.send(t, "POST", confirm, url.Values{"click": {"another"}})
	if later.status != http.StatusNotFound {
		t.Errorf("the used link elsewhere: %d", later.status)
	}
}

func TestRaceForABadge(t *testing.T) {
	t.Parallel()
	h := mustHouse(t, nil)
	id, link := h.mustLetter(t, "cloud-developer", passed("1", "CL-220", 20, kim))
	// Two accounts may claim it: one has the address, the other asked to prove it.
	rival := h.mustSignIn(t, "private@example.com")
	rival.open(t, link)
	rival.press(t, "Yes, mail me a code")
	code := h.newest(t, kim.Email).code(t)
	owner := h.mustSignIn(t, kim.Email)
	owner.open(t, link)
	var both sync.WaitGroup
	both.Go(func() { owner.press(t, "Accept this badge") })
	both.Go(func() { rival.press(t, "Confirm", "code", code) })
	both.Wait()
	w, err := h.Award(t.Context(), id)
	if err != nil || w.Account == "" {
		t.Fatalf("nobody got it: %v", err)
	}
	won := 0
	for _, v := range []*visitor{owner, rival} {
		if v.at == "/me/badges/"+id {
			won++
			continue
		}
		if v.status != http.StatusOK || !strings.HasPrefix(v.at, "/me?note=") {
			t.Errorf("the slower one reads %s: %d %s", v.at, v.status, v.text())
		}
	}
	if won != 1 {
		t.Errorf("%d of two got the badge", won)
	}
}
