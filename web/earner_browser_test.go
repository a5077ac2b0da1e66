package web_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// earnerPages are the pages from the mail to the badge that is claimed, each in
// every state that it has.
func earnerPages(t *testing.T) (*house, []visit) {
	t.Helper()
	h := mustHouse(t, nil)
	nobody := map[string]string{}
	waiting, link := h.mustLetter(t, "data-engineer", passed("1", "DL-210", 30, kim))
	asked := h.mustVisitor(t)
	asked.open(t, link)
	asked.press(t, "Claim this badge")
	mail := h.newest(t, kim.Email)
	pages := []visit{
		{"sign-in", "/sign-in", nobody},
		{"find", "/find", nobody},
		{"closed-link", "/claim/never-was", nobody},
		{"claim-first", link, nobody},
		{"claim-code", "/sign-in/code", asked.cookies(t)},
		{"confirm-claim", mail.link(t, confirmLink), nobody},
	}
	stranger := h.mustSignIn(t, "private@example.com")
	pages = append(pages, visit{"claim-other", link, stranger.cookies(t)}, visit{"me-empty", "/me", stranger.cookies(t)})
	mine := h.mustAward(t, "cloud-developer", passed("2", "CL-220", 350, kim))
	gone := h.mustAward(t, "database-migration-specialty", passed("3", "CL-410", 40, kim))
	_, declined := h.mustLetter(t, "cloud-security-engineer", passed("4", "SL-210", 40, kim))
	no := h.mustVisitor(t)
	no.open(t, declined)
	no.press(t, "Decline")
	pages = append(pages, visit{"claim-declined", declined, nobody})
	owner := h.mustSignIn(t, kim.Email)
	pages = append(pages, visit{"claim-one-click", link, owner.cookies(t)}, visit{"mebadge-waiting", "/me/badges/" + waiting, owner.cookies(t)})
	for _, id := range []string{mine, gone} {
		owner.open(t, "/me/badges/"+id)
		owner.press(t, "Accept this badge")
	}
	if err := h.Suspend(t.Context(), "test", gone, "The sitting is being looked into"); err != nil {
		t.Fatal(err)
	}
	for i, name := range []string{"sign-in", "new"} {
		v := h.mustVisitor(t)
		v.open(t, "/sign-in")
		address := []string{kim.Email, "new@example.org"}[i]
		v.press(t, "Mail me a link", "email", address)
		pages = append(pages, visit{"confirm-" + name, h.newest(t, address).link(t, confirmLink), owner.cookies(t)})
	}
	return h, append(pages, visit{"me", "/me", owner.cookies(t)}, visit{"me-note", "/me?note=elsewhere&lang=zh-CN", owner.cookies(t)},
		visit{"mebadge", "/me/badges/" + mine, owner.cookies(t)}, visit{"mebadge-suspended", "/me/badges/" + gone + "?lang=zh-CN", owner.cookies(t)})
}

func TestEarnerPagesInABrowser(t *testing.T) {
	if testing.Short() {
		t.Skip("opens pages of an earner in a browser")
	}
	browser := mustChromium(t)
	h, pages := earnerPages(t)
	inTheTable := []string{"sign-in", "find", "claim-first", "confirm-new", "me", "mebadge"} // as they are there
	browser.look(t, h, slices.DeleteFunc(pages, func(p visit) bool { return slices.Contains(inTheTable, p.name) }))
}

// wear gives the browser these cookies and no other.
func (p tab) wear(t *testing.T, h *house, cookies map[string]string) {
	t.Helper()
	if _, err := chromedp.Call(p.ctx, network.ClearBrowserCookies, struct{}{}); err != nil {
		t.Fatal(err)
	}
	for name, value := range cookies {
		c := network.SetCookieParams{Name: name, Value: value, URL: h.base, Path: "/", SameSite: network.CookieSameSiteLax}
		if _, err := chromedp.Call(p.ctx, network.SetCookie, c); err != nil {
			t.Fatal(err)
		}
	}
}

func TestPagesOfOnePersonAreKeptByNobody(t *testing.T) {
	t.Parallel()
	h, pages := earnerPages(t)
	for _, p := range pages {
		v := h.mustVisitor(t)
		var cookie []string
		for name, value := range p.cookies {
			cookie = append(cookie, name+"="+value)
		}
		v.send(t, "GET", p.path, nil, "Cookie", strings.Join(cookie, "; "))
		if len(p.cookies) == 0 && !strings.HasPrefix(p.path, "/claim/") && !strings.HasPrefix(p.path, "/confirm/") {
			continue
		}
		if got := v.header.Get("Cache-Control"); got != "no-store" || !strings.Contains(strings.Join(v.header.Values("Vary"), ","), "Cookie") {
			t.Errorf("%s: Cache-Control %q, Vary %v", p.name, got, v.header.Values("Vary"))
		}
		if v.status != http.StatusOK && p.name != "closed-link" {
			t.Errorf("%s: %d", p.name, v.status)
		}
	}
}
