package web_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/accolade-badges/accolade/issuer"
)

// unknown is somebody whose address nobody knows.
var unknown = issuer.Candidate{Number: "S-4711", GivenName: "Noor", FamilyName: "Sample"}

// mustCode awards a badge to somebody whose address nobody knows, and returns its
// id and a code that claims it, made as a test centre's program makes it.
func (h *house) mustCode(tb testing.TB) (id, code string) {
	tb.Helper()
	id = h.mustAward(tb, "cloud-developer", passed("1", "CL-220", 20, unknown))
	made := mustJSON[issuer.ClaimCode](tb, h.call(tb, "POST", "/api/v1/awards/"+id+"/claim-code", h.mustToken(tb, issuer.AwardsWrite), map[string]int{"days": 30}), http.StatusCreated)
	if want := h.clock.now().AddDate(0, 0, 30); made.Until.Format(time.RFC3339) != want.UTC().Format(time.DateOnly)+"T23:59:59Z" {
		tb.Errorf("the code works until %s, want the end of that day, %s", made.Until, want)
	}
	if !strings.HasSuffix(made.URL, "/claim/"+strings.ReplaceAll(made.Code, "-", "")) {
		tb.Errorf("the code %s has the address %s", made.Code, made.URL)
	}
	return id, made.Code
}

func TestClaimWithACodeAndNoAddress(t *testing.T) {
	t.Parallel()
	for name, person := range map[string]struct {
		lang, open, claim, confirm, private, wrong, none string
	}{
		"in English": {"en", "Open the badge", "Claim this badge", "Confirm and claim", "Only you", "not a mail address", "no claim code"},
		"in Chinese": {"zh-CN,zh;q=0.9", "打开徽章", "领取这枚徽章", "确认并领取", "仅自己可见", "邮箱地址", "这不是领取码"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := mustHouse(t, nil)
			id, code := h.mustCode(t)
			v := h.mustVisitor(t)
			v.lang = person.lang
			v.open(t, "/find")
			v.press(t, person.open, "code", code[:len(code)-1])
			v.sees(t, person.none)
			v.press(t, person.open, "code", strings.ToLower(strings.ReplaceAll(code, "-", " ")))
			v.sees(t, "Noor Sample")
			v.press(t, person.claim, "email", "noor")
			v.sees(t, person.wrong)
			v.press(t, person.claim, "email", "Noor@example.org")
			if v.at != "/sign-in/code" {
				t.Fatalf("claiming leads to %s: %s", v.at, v.text())
			}
			h.mustOwner(t, id, "")
			v.open(t, h.newest(t, "Noor@example.org").link(t, confirmLink))
			h.mustOwner(t, id, "")
			v.press(t, person.confirm)
			if v.at != "/me/badges/"+id {
				t.Fatalf("confirming leads to %s: %s", v.at, v.text())
			}
			v.sees(t, person.private)
			h.mustOwner(t, id, "noor@example.org")
			late := h.mustVisitor(t)
			late.open(t, "/find")
			late.send(t, "POST", "/find", map[string][]string{"code": {code}})
			if late.status != http.StatusNotFound {
				t.Errorf("the used code answers %d at %s, want that it works no more", late.status, late.at)
			}
		})
	}
}

func TestCodeGoesToWhoIsSignedIn(t *testing.T) {
	t.Parallel()
	h := mustHouse(t, nil)
	id, code := h.mustCode(t)
	v := h.mustSignIn(t, "kim@example.org")
	v.open(t, "/find")
	v.press(t, "Open the badge", "code", code)
	v.press(t, "Accept this badge")
	if v.at != "/me/badges/"+id {
		t.Fatalf("accepting leads to %s: %s", v.at, v.text())
	}
	h.mustOwner(t, id, "kim@example.org")
	// The number leads to the account from now on, where a mail goes to it.
	next := h.mustAward(t, "data-engineer", passed("2", "DL-210", 21, unknown))
	v.open(t, h.newest(t, "kim@example.org").link(t, regexp.MustCompile(`/me/badges/\w+`)))
	v.press(t, "Accept")
	h.mustOwner(t, next, "kim@example.org")
}

// TestTwoDevicesWithOneCode: whoever confirms first has the badge, and the other
// is told so.
func TestTwoDevicesWithOneCode(t *testing.T) {
	t.Parallel()
	h := mustHouse(t, nil)
	id, code := h.mustCode(t)
	path := "/claim/" + strings.ReplaceAll(code, "-", "")
	var links []string
	for _, address := range []string{"one@example.org", "two@example.org"} {
		v := h.mustVisitor(t)
		v.open(t, path)
		v.press(t, "Claim this badge", "email", address)
		links = append(links, h.newest(t, address).link(t, confirmLink))
	}
	var last *visitor
	for i, button := range []string{"Confirm and claim", "Make my account"} {
		last = h.mustVisitor(t)
		last.open(t, links[i])
		last.press(t, button)
	}
	h.mustOwner(t, id, "one@example.org")
	if last.at != "/me?note=lost" {
		t.Errorf("the second leads to %s: %s", last.at, last.text())
	}
}

// TestCodeThatEndedMeanwhile: the mail that a code asked for claims nothing once
// the code was replaced.
func TestCodeThatEndedMeanwhile(t *testing.T) {
	t.Parallel()
	h := mustHouse(t, nil)
	id, code := h.mustCode(t)
	thief := h.mustVisitor(t)
	thief.open(t, "/claim/"+strings.ReplaceAll(code, "-", ""))
	thief.press(t, "Claim this badge", "email", "thief@example.org")
	if _, err := h.MakeClaimCode(t.Context(), "test", id, 0); err != nil {
		t.Fatal(err)
	}
	thief.open(t, h.newest(t, "thief@example.org").link(t, confirmLink))
	if strings.Contains(thief.text(), "Noor") {
		t.Errorf("who had the old code sees whose badge it is: %s", thief.text())
	}
	thief.press(t, "Make my account")
	h.mustOwner(t, id, "")
	if strings.Contains(thief.text(), "Noor") {
		t.Errorf("who had the old code sees whose badge it is: %s", thief.text())
	}
}

func TestDeclineWithACode(t *testing.T) {
	t.Parallel()
	h := mustHouse(t, nil)
	id, code := h.mustCode(t)
	v := h.mustVisitor(t)
	v.open(t, "/claim/"+strings.ReplaceAll(code, "-", ""))
	v.press(t, "Decline")
	w, err := h.Award(t.Context(), id)
	if err != nil || w.DeclinedAt.IsZero() {
		t.Fatalf("declined at %v (%v)", w.DeclinedAt, err)
	}
	v.press(t, "Undo the decline")
	v.press(t, "Claim this badge", "email", "noor@example.org")
	v.open(t, h.newest(t, "noor@example.org").link(t, confirmLink))
	v.press(t, "Confirm and claim")
	h.mustOwner(t, id, "noor@example.org")
}

func TestClaimCodeIsNotKept(t *testing.T) {
	t.Parallel()
	h := mustHouse(t, nil)
	id := h.mustAward(t, "cloud-developer", passed("1", "CL-220", 20, unknown))
	token := h.mustToken(t, issuer.AwardsWrite)
	ask := func() string {
		a := h.call(t, "POST", "/api/v1/awards/"+id+"/claim-code", token, map[string]int{}, "Idempotency-Key", "sample-key")
		return mustJSON[issuer.ClaimCode](t, a, http.StatusCreated).Code
	}
	if first, second := ask(), ask(); first == second {
		t.Error("a code was given twice, so it was kept")
	}
	for _, days := range []int{-1, 0, 181} {
		if a := h.call(t, "POST", "/api/v1/awards/"+id+"/claim-code", token, map[string]int{"days": days}); a.status != http.StatusUnprocessableEntity {
			t.Errorf("%d days answer %d, want that refused", days, a.status)
		}
	}
}
