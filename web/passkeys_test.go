package web_test

import (
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/webauthn"
	"github.com/chromedp/chromedp"
)

// await runs an expression until it is true; the page may change meanwhile.
func (p tab) await(t *testing.T, what, expression string) {
	t.Helper()
	var err error
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		var done bool
		if done, err = chromedp.Run(p.ctx, chromedp.Evaluate[bool](expression)); err == nil && done {
			return
		}
	}
	text, _ := chromedp.Run(p.ctx, chromedp.Evaluate[string](`location.href + " " + document.body.innerText`))
	t.Fatalf("%s: not within 30 s (%v):\n%s", what, err, text)
}

// TestPasskeySignsIn makes a passkey in a real browser, with an authenticator
// that stands for the reader's finger, and signs in with it.
func TestPasskeySignsIn(t *testing.T) {
	if testing.Short() {
		t.Skip("it needs a browser")
	}
	h := mustHouse(t, nil)
	v := h.mustSignIn(t, kim.Email)
	b := mustChromium(t)
	ctx, stop := chromedp.NewContext(b.ctx)
	t.Cleanup(stop)
	p := tab{ctx: ctx}
	if err := chromedp.Do(ctx, chromedp.Navigate("about:blank")); err != nil {
		t.Fatal(err)
	}
	if _, err := chromedp.Call(ctx, webauthn.Enable, webauthn.EnableParams{}); err != nil {
		t.Fatal(err)
	}
	if _, err := chromedp.Call(ctx, webauthn.AddVirtualAuthenticator, webauthn.AddVirtualAuthenticatorParams{Options: &webauthn.VirtualAuthenticatorOptions{
		Protocol: webauthn.AuthenticatorProtocolCtap2, Transport: webauthn.AuthenticatorTransportInternal,
		HasResidentKey: true, HasUserVerification: true, IsUserVerified: true, AutomaticPresenceSimulation: true,
	}}); err != nil {
		t.Fatal(err)
	}
	open := func(path string) {
		t.Helper()
		if err := chromedp.Do(ctx, chromedp.Navigate(h.base+path)); err != nil {
			t.Fatal(err)
		}
	}
	const press = `(() => { const f = document.querySelector("form[data-passkey]"); if (f.hidden) return false; f.querySelector("button").click(); return true })()`
	p.wear(t, h, v.cookies(t))
	open("/me/passkeys")
	p.await(t, "type a name", `(document.querySelector("#passkey-name").value = "My phone", true)`)
	p.await(t, "make a passkey", press)
	p.await(t, "see it", `location.search.includes("said=added") && document.querySelector(".rows").innerText.includes("My phone")`)
	if got := h.newest(t, kim.Email); !strings.Contains(got.subject, "passkey was added") || !strings.Contains(got.text, "My phone") {
		t.Errorf("the owner is told %q", got.subject)
	}
	p.wear(t, h, nil)
	open("/sign-in?next=/me/passkeys")
	p.await(t, "sign in with it", press)
	p.await(t, "be signed in", `location.pathname === "/me/passkeys" && document.querySelector(".rows").innerText.includes("last used")`)
	// Removed, it opens nothing, though the device still has it.
	p.await(t, "remove it", `(document.querySelector('form[action="/me/passkeys/remove"] button').click(), true)`)
	p.await(t, "see it gone", `document.querySelector(".note.empty") !== null`)
	p.wear(t, h, nil)
	open("/sign-in")
	p.await(t, "try it", press)
	p.await(t, "be told", `document.querySelector("[data-failed]").textContent !== ""`)
}

// TestAccountPagesInABrowser looks at the pages about an account that has more to
// show than that of the table of routes.
func TestAccountPagesInABrowser(t *testing.T) {
	if testing.Short() {
		t.Skip("opens pages about an account in a browser")
	}
	browser := mustChromium(t)
	h := mustHouse(t, nil)
	id, owner := h.mustMine(t, "cloud-developer", passed("1", "CL-220", 20, kim))
	owner.upload(t, picture(t, 100, 100))
	owner.mustAdd(t, "a-rather-long-address-of-somebody@mail.department.example.com")
	h.mustSignIn(t, home)
	owner.open(t, "/me/merge")
	owner.press(t, "Mail me a link", "email", home)
	owner.press(t, "Confirm", "code", h.newest(t, home).code(t))
	merging := owner.at
	h.mustSignIn(t, kim.Email)
	browser.look(t, h, visits(owner.cookies(t), map[string]string{
		"addresses-long": "/me/addresses", "sessions-ended": "/me/sessions?said=ended", "merging": merging,
		"name": "/me/badges/" + id + "/name", "tied": "/me/badges/" + id + "/addresses", "tied-zh": "/me/badges/" + id + "/addresses?lang=zh-CN", "account-zh": "/me/account?lang=zh-CN", "delete-zh": "/me/delete?lang=zh-CN", "merging-zh": merging + "?lang=zh-CN",
	}))
}

func TestPasskeysOfOthersAreOutOfReach(t *testing.T) {
	t.Parallel()
	h := mustHouse(t, nil)
	v := h.mustVisitor(t)
	for _, body := range []string{"", "{}", `{"ceremony":"x","answer":{}}`, `[1]`, `{"ceremony":"x","answer":{"id":"AA","rawId":"AA","type":"public-key","response":{}}}`} {
		if got := h.do(t, "POST", "/sign-in/passkey", []byte(body), "Content-Type", "application/json"); got.status != 422 {
			t.Errorf("%q: %d", body, got.status)
		}
	}
	v.open(t, "/sign-in")
	if !strings.Contains(v.page, "data-passkey") {
		t.Error("the sign-in page offers no passkey")
	}
}
