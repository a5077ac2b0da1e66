package web_test

import (
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/accolade-badges/accolade/issuer/ledger"
	"github.com/accolade-badges/accolade/web"
)

// Every page of the site is opened in a browser, in every state that it has: the
// pages of the table of routes here, further states of some where they are made.

// visit is a page as somebody with these cookies sees it.
type visit struct {
	name, path string
	cookies    map[string]string
}

// visits gives names to paths that somebody opens.
func visits(cookies map[string]string, paths map[string]string) []visit {
	var list []visit
	for _, name := range slices.Sorted(maps.Keys(paths)) {
		list = append(list, visit{name, paths[name], cookies})
	}
	return list
}

// view is a size of window and a colour scheme.
type view struct {
	name   string
	width  int64
	scheme string
}

var views = []view{
	{"narrow-light", 320, "light"},
	{"phone-light", 390, "light"},
	{"phone-dark", 390, "dark"},
	{"desktop-light", 1280, "light"},
	{"desktop-dark", 1280, "dark"},
}

// look opens pages: none is wider than its window, and axe-core finds nothing on
// the smallest screen in the light, nor on the largest in the dark. Pictures are
// kept of the sizes between, too.
func (b chromium) look(t *testing.T, h *house, list []visit) {
	t.Helper()
	axe := axeSource(t)
	for _, p := range list {
		t.Run(p.name, func(t *testing.T) {
			tab := b.mustTab(t, h.base, "data://") // the browser draws its own date field
			tab.wear(t, h, p.cookies)
			if err := chromedp.Do(tab.ctx, chromedp.Navigate(h.base+p.path)); err != nil {
				t.Fatal(err)
			}
			for _, v := range views {
				tab.show(t, v)
				tab.keep(t, p.name+"-"+v.name)
				tab.fits(t, v)
			}
			if axe == "" {
				return
			}
			for _, v := range []view{views[0], views[4]} {
				tab.show(t, v)
				tab.accessible(t, axe, v)
			}
		})
	}
}

// elsewhereSeen are the routes that lead to a page of another route or site, and
// those of mails, which a page shows in a frame.
var elsewhereSeen = []string{
	"/ob2/assertions/:id", "/sign-in/with/:provider", "/sign-in/with/:provider/back", "/mailbox/:name/html", "/me/badges/:id/signature/preview",
}

// click is what makes a page another one at each asking.
var click = regexp.MustCompile(`name="click" value="[^"]*"`)

func TestEveryPageOfTheTableIsAccessible(t *testing.T) {
	if testing.Short() {
		t.Skip("opens every page in a browser")
	}
	b := mustChromium(t)
	m := mustMatrix(t)
	m.mustShow(t, m.id, ledger.Public)
	owner := m.mustSignIn(t, zephyrine.Email)
	secrets := m.mustSecrets(t, owner)
	nobody := map[string]string{}
	var list []visit
	for _, r := range web.Routes() {
		if r.Method != "GET" || slices.Contains(elsewhereSeen, r.Path) {
			continue
		}
		l := lines[r.Method+" "+r.Path]
		paths, _ := m.requests(r, l)
		actors := []visit{{"", "", owner.cookies(t)}, {" stranger", "", nobody}}
		if secret, ok := secrets[r.Path]; ok {
			paths = []string{secret.path}
			if secret.cookies != nil {
				actors = []visit{secret}
			}
		}
		if l.query != "" { // with nothing to ask about, too
			paths = append(paths, strings.Split(paths[0], "?")[0])
		}
		seen, another := 0, false // it is a page, it is something else
		for _, path := range paths {
			var before string
			for _, who := range actors {
				got := m.do(t, "GET", path, nil, "Accept", browser, "Cookie", cookieHeader(who.cookies))
				page := got.mediaType() == "text/html" && !strings.HasPrefix(got.header.Get("Content-Disposition"), "attachment")
				another = another || !page && got.status == http.StatusOK || r.Rule == "by token"
				if !page || got.status != http.StatusOK {
					continue
				}
				seen++
				text := click.ReplaceAllString(string(got.body), "")
				if text == before {
					continue
				}
				before = text
				name := strings.ReplaceAll(strings.Trim(r.Path, "/")+who.name, "/", "-")
				if strings.Contains(path, "?") {
					name += " asked"
				}
				list = append(list, visit{name, path, who.cookies})
			}
		}
		if seen == 0 && !another {
			t.Errorf("nobody sees a page at %s: say in mustSecrets how it is reached", r.Path)
		}
	}
	for i := range list {
		if i%2 == 1 { // half of them in the other language
			list[i].path += map[bool]string{false: "?", true: "&"}[strings.Contains(list[i].path, "?")] + "lang=zh-CN"
		}
	}
	b.look(t, m.house, append(list, visit{"error", "/badges/nothing-here", nobody}))
}

func cookieHeader(cookies map[string]string) string {
	var list []string
	for name, value := range cookies {
		list = append(list, name+"="+value)
	}
	return strings.Join(list, "; ")
}

// mustSecrets makes the pages whose address only a mail tells, or that only
// somebody sees who asked for one, by route.
func (m *matrix) mustSecrets(t *testing.T, owner *visitor) map[string]visit {
	t.Helper()
	_, claim := m.mustLetter(t, "data-foundations", passed("78", "DL-100", 5, li))
	asked := m.mustVisitor(t)
	asked.open(t, "/sign-in")
	asked.press(t, "Mail me a link", "email", "new@example.org")
	m.mustSignIn(t, home)
	owner.open(t, "/me/merge")
	owner.press(t, "Mail me a link", "email", home)
	owner.press(t, "Confirm", "code", m.newest(t, home).code(t))
	return map[string]visit{
		"/claim/:token": {path: claim}, "/claim/:token/:file": {path: claim + "/json"}, "/sign-in/code": {path: "/sign-in/code", cookies: asked.cookies(t)},
		"/confirm/:token": {path: m.newest(t, "new@example.org").link(t, confirmLink)}, "/u/:token": {path: m.newest(t, li.Email).link(t, optOutLink)},
		"/me/merge/:proof": {path: owner.at},
	}
}
