package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

func TestSessionIDIsNewAtSignInAndWorthNothingAfterwards(t *testing.T) {
	t.Parallel()
	h := mustHouse(t, nil)
	v := h.mustVisitor(t)
	fixed := &http.Cookie{Name: "accolade", Value: "an-id-that-somebody-else-knows", Path: "/"}
	base, err := url.Parse(h.base)
	if err != nil {
		t.Fatal(err)
	}
	v.client.Jar.SetCookies(base, []*http.Cookie{fixed})
	v.open(t, "/sign-in")
	v.press(t, "Mail me a link", "email", kim.Email)
	v.press(t, "Confirm", "code", h.newest(t, kim.Email).code(t))
	id := v.cookies(t)["accolade"]
	if id == "" || id == fixed.Value {
		t.Fatalf("the session is called %q after signing in", id)
	}
	v.open(t, "/me")
	v.press(t, "Sign out")
	v.client.Jar.SetCookies(base, []*http.Cookie{{Name: "accolade", Value: id, Path: "/"}})
	if v.send(t, "GET", "/me", nil); !strings.HasPrefix(v.at, "/sign-in?next=") {
		t.Errorf("a session that was ended still opens %s", v.at)
	}
}

func TestSessionEnds(t *testing.T) {
	t.Parallel()
	h := mustHouse(t, nil)
	v := h.mustSignIn(t, kim.Email)
	h.clock.add(29 * 24 * time.Hour)
	v.open(t, "/me")
	if v.at != "/me" {
		t.Errorf("after 29 days /me leads to %s", v.at)
	}
	h.clock.add(2 * 24 * time.Hour)
	if v.send(t, "GET", "/me", nil); v.at != "/sign-in?next=%2Fme" {
		t.Errorf("after 31 days /me leads to %s", v.at)
	}
}

func TestFormsOfOtherSitesDoNothing(t *testing.T) {
	t.Parallel()
	h := mustHouse(t, nil)
	id, link := h.mustLetter(t, "cloud-developer", passed("1", "CL-220", 20, kim))
	v := h.mustSignIn(t, kim.Email)
	for _, path := range []string{"/me/badges/" + id + "/accept", link, "/sign-in", "/sign-in/code", "/confirm/x", "/find", "/sign-out"} {
		for _, header := range [][]string{{"Origin", "https://evil.example.org", "Sec-Fetch-Site", "cross-site"}, {"Origin", "null", "Sec-Fetch-Site", ""}} {
			v.send(t, "POST", path, url.Values{"act": {"claim"}, "email": {"x@example.org"}}, header...)
			if v.status != http.StatusForbidden {
				t.Errorf("POST %s with %v: %d, want 403", path, header, v.status)
			}
			v.sees(t, "This came from another site")
		}
	}
	h.mustOwner(t, id, "")
	v.open(t, "/me")
	if v.at != "/me" {
		t.Error("another site has signed somebody out")
	}
}

func TestSignInLeadsOnlyToPagesOfOurs(t *testing.T) {
	t.Parallel()
	h := mustHouse(t, nil)
	for next, want := range map[string]string{
		"/me/badges": "/me/badges", "//evil.example.org": "/me", `/\evil.example.org`: "/me", "https://evil.example.org/": "/me", "javascript:alert(1)": "/me", "": "/me",
	} {
		v := h.mustVisitor(t)
		v.open(t, "/sign-in?next="+escape(next))
		v.press(t, "Mail me a link", "email", strings.ToLower(escape(next))[:min(3, len(escape(next)))]+"next@example.org")
		link := h.newest(t, "next@example.org").link(t, confirmLink)
		got := h.do(t, "POST", link, nil, "Accept", browser)
		if to := got.header.Get("Location"); got.status != http.StatusSeeOther || to != want {
			t.Errorf("next %q leads to %d %q, want %q", next, got.status, to, want)
		}
		h.clock.add(time.Second)
	}
}

func TestCookiesAreBoundToTheHost(t *testing.T) {
	t.Parallel()
	h := mustHouse(t, nil)
	v := h.mustVisitor(t)
	v.open(t, "/sign-in")
	v.press(t, "Mail me a link", "email", kim.Email)
	got := h.do(t, "POST", h.newest(t, kim.Email).link(t, confirmLink), nil, "Accept", browser)
	for _, c := range got.header.Values("Set-Cookie") {
		if !strings.Contains(c, "HttpOnly") || !strings.Contains(c, "SameSite=Lax") || !strings.Contains(c, "Path=/") || strings.Contains(c, "Domain") {
			t.Errorf("Set-Cookie: %s", c)
		}
	}
	if got.header.Get("Referrer-Policy") != "no-referrer" || got.header.Get("Cache-Control") != "no-store" {
		t.Errorf("headers of a confirmation: %v", got.header)
	}
	if strings.Contains(h.log.String(), "/confirm/") || strings.Contains(h.log.String(), kim.Email) {
		t.Errorf("the log tells a secret or an address:\n%s", h.log.String())
	}
}
