package web_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"github.com/accolade-badges/accolade/issuer"
	"github.com/accolade-badges/accolade/issuer/ledger"
	"github.com/accolade-badges/accolade/web/browsertest"
)

// Every page is opened in a real browser. Settings of these tests:
//
//	ACCOLADE_REQUIRE_CHROMIUM=1  fail where there is no Chromium
//	ACCOLADE_AXE=FILE            axe.min.js, to check accessibility with
//	ACCOLADE_SCREENSHOTS=DIR     keep a picture of each page there

// mustChromium starts a browser that reaches nothing but this machine.
func mustChromium(t *testing.T) chromium {
	t.Helper()
	return chromium{browsertest.Start(t)}
}

// chromium is a running browser.
type chromium struct{ ctx context.Context }

// gallery is a house with a badge in every state and script, and the addresses
// of all its pages by name.
func gallery(t *testing.T) (*house, map[string]string) {
	h := mustHouse(t, nil)
	ids := map[string]string{
		"valid":     h.mustAward(t, "cloud-foundations", passed("1", "CL-100", 200, kim)),
		"expiring":  h.mustAward(t, "cloud-developer", passed("2", "CL-220", 350, kim)),
		"expired":   h.mustAward(t, "cloud-security-engineer", passed("3", "SL-210", 700, noor)),
		"chinese":   h.mustAward(t, "data-engineer", passed("4", "DL-210", 10, li)),
		"suspended": h.mustAward(t, "data-foundations", passed("5", "DL-100", 30, li)),
		"revoked":   h.mustAward(t, "database-migration-specialty", passed("6", "CL-410", 30, noor)),
	}
	for _, id := range ids {
		h.mustShow(t, id, ledger.Public)
	}
	if err := h.Suspend(t.Context(), "test", ids["suspended"], "The sitting is being looked into"); err != nil {
		t.Fatal(err)
	}
	if err := h.Revoke(t.Context(), "test", ids["revoked"], "The result was voided after a review of the sitting"); err != nil {
		t.Fatal(err)
	}
	if _, err := h.Drain(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	h.slug = h.mustIssuer(t, hostileText, hostileProgramme())
	ids["hostile"] = h.mustAward(t, "long-1", passed("7", "LONG-1", 1, issuer.Candidate{
		Email: "hostile@example.org", GivenName: hostileText, FamilyName: strings.Repeat("Wolfeschlegelsteinhausenbergerdorff", 2),
	}))
	h.mustShow(t, ids["hostile"], ledger.Public)
	pages := map[string]string{
		"achievement-hostile": "/achievements/long-1", "report-missing": "/verify?url=" + escape("https://nobody.example.org/badge.json"),
	}
	for name, id := range ids {
		pages["badge-"+name] = "/badges/" + id
		pages["embed-"+name] = "/badges/" + id + "/embed"
	}
	pages["report-revoked"] = "/verify?url=" + escape(h.base+"/badges/"+ids["revoked"])
	return h, pages
}

// hostileText is a name that tries to be markup.
const hostileText = `<script>alert(1)</script>"><img src=x onerror=alert(2)>&amp;'`

// hostileProgramme has one certification whose title is long and tries to be
// markup.
func hostileProgramme() []byte {
	title := strings.ReplaceAll(hostileText, `"`, `\"`) + " Certified Expert in the Administration of Very Long Titles, Advanced Edition"
	return []byte(`{"format":"catalogue/1","programme":{"id":"hostile","name":"Hostile sample programme","owner":"Sample","url":"https://example.org/"},
	"asOf":"2026-01-01","sources":[{"id":"s","what":"Sample data","date":"2026-01-01","kind":"official"}],"policies":[],
	"exams":[{"code":"LONG-1","title":"` + title + `","level":"advanced","status":"active","sources":["s"]}],
	"certifications":[{"id":"long-1","title":"` + title + `","type":"specialty","level":"expert","requires":{"exam":"LONG-1"},"status":"active","sources":["s"]}]}`)
}

// TestBadgesInABrowser looks at a badge in every state and script. Its page and its
// frame in the first are of the table of routes.
func TestBadgesInABrowser(t *testing.T) {
	if testing.Short() {
		t.Skip("opens every badge in a browser")
	}
	browser := mustChromium(t)
	h, pages := gallery(t)
	browser.look(t, h, visits(nil, pages))
}

// axeSource reads axe-core where it is given.
func axeSource(t *testing.T) string {
	name := os.Getenv("ACCOLADE_AXE")
	if name == "" {
		t.Log("not checked with axe-core, for ACCOLADE_AXE names no axe.min.js")
		return ""
	}
	body, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// tab is a page of the browser. Whatever it asks another site for, and whatever
// goes wrong in it, fails the test.
type tab struct{ ctx context.Context }

// mustTab opens a tab in which scripts do not run: every page works without.
func (b chromium) mustTab(t *testing.T, origins ...string) tab {
	t.Helper()
	ctx, stop := chromedp.NewContext(b.ctx)
	t.Cleanup(stop)
	ctx, stop = context.WithTimeout(ctx, 2*time.Minute)
	t.Cleanup(stop)
	if _, err := chromedp.Call(ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}); err != nil {
		t.Fatal(err)
	}
	if _, err := chromedp.Call(ctx, network.Enable, network.EnableParams{}); err != nil {
		t.Fatal(err)
	}
	if _, err := chromedp.Call(ctx, log.Enable, cdp.Empty{}); err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	var complaints []string
	complain := func(format string, args ...any) {
		mu.Lock()
		defer mu.Unlock()
		complaints = append(complaints, fmt.Sprintf(format, args...))
	}
	t.Cleanup(func() {
		mu.Lock()
		defer mu.Unlock()
		for _, c := range complaints {
			t.Error(c)
		}
	})
	err := chromedp.Listen(ctx, func(ev any) {
		switch ev := ev.(type) {
		case *network.EventRequestWillBeSent:
			u, err := url.Parse(ev.Request.URL)
			if err != nil || u.Scheme != "data" && !slices.Contains(origins, u.Scheme+"://"+u.Host) {
				complain("the page asks for %s", ev.Request.URL)
			}
		case *network.EventResponseReceived:
			if ev.Response.Status >= 400 && ev.Type != network.ResourceTypeDocument {
				complain("%s answers %d", ev.Response.URL, ev.Response.Status)
			}
		case *log.EventEntryAdded:
			if ev.Entry.Source != log.EntrySourceNetwork {
				complain("the console says: %s", ev.Entry.Text)
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return tab{ctx}
}

// show sets the size of the window and the colour scheme.
func (p tab) show(t *testing.T, v view) {
	t.Helper()
	if err := chromedp.Do(p.ctx, chromedp.EmulateViewport(v.width, 800)); err != nil {
		t.Fatal(err)
	}
	_, err := chromedp.Call(p.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: v.scheme}},
	})
	if err != nil {
		t.Fatal(err)
	}
}

// fits fails when the page must be scrolled sideways.
func (p tab) fits(t *testing.T, v view) {
	t.Helper()
	width, err := chromedp.Run(p.ctx, chromedp.Evaluate[int64](`document.documentElement.scrollWidth`))
	if err != nil {
		t.Fatal(err)
	}
	if width > v.width {
		t.Errorf("%s: the page is %d pixels wide in a window of %d", v.name, width, v.width)
	}
}

// accessible fails on what axe-core finds against WCAG 2.2 A and AA. It needs
// scripts; the page has been shown without by then.
func (p tab) accessible(t *testing.T, axe string, v view) {
	t.Helper()
	const run = `(async () => {
		const r = await axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]})
		return r.violations.map(v => v.id + ": " + v.help + ": " + v.nodes.slice(0, 3).map(n => n.html + " " + n.failureSummary).join(" | "))
	})()`
	if _, err := chromedp.Call(p.ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: false}); err != nil {
		t.Fatal(err)
	}
	if _, err := chromedp.Run(p.ctx, chromedp.Evaluate[any](axe+";0")); err != nil {
		t.Fatal("axe-core: ", err)
	}
	found, err := chromedp.Run(p.ctx, chromedp.Evaluate[[]string](run, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatal("axe-core: ", err)
	}
	for _, f := range found {
		t.Errorf("%s: %s", v.name, f)
	}
}

// keep writes a picture of the whole page where the setting asks for it.
func (p tab) keep(t *testing.T, name string) {
	t.Helper()
	dir := os.Getenv("ACCOLADE_SCREENSHOTS")
	if dir == "" {
		return
	}
	picture, err := chromedp.Run(p.ctx, chromedp.FullScreenshot(100))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, name+".png"), picture, 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestEmbedInAForeignFrame(t *testing.T) {
	browser := mustChromium(t)
	h := mustHouse(t, nil)
	id := h.mustAward(t, "cloud-foundations", passed("1", "CL-100", 200, kim))
	h.mustShow(t, id, ledger.Public)
	foreign := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = fmt.Fprintf(w, `<!doctype html><html lang="en"><title>A blog</title><link rel="icon" href="data:,"><h1>A blog</h1>
<iframe src="%s/badges/%s/embed" width="420" height="180" style="border:0" title="badge"></iframe>
<iframe src="%s/badges/%s/embed" width="240" height="140" style="border:0" title="small"></iframe>
<iframe src="%s/badges/%s/embed" width="120" height="100" style="border:0" title="tiny"></iframe>`, h.base, id, h.base, id, h.base, id)
	}))
	t.Cleanup(foreign.Close)
	tab := browser.mustTab(t, h.base, foreign.URL, "data://")
	for _, v := range []view{views[0], views[4]} {
		if err := chromedp.Do(tab.ctx, chromedp.Navigate(foreign.URL)); err != nil {
			t.Fatal(err)
		}
		tab.show(t, v)
		tab.keep(t, "frame-"+v.name)
	}
}
