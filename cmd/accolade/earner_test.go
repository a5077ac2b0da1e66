package main

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// reader is somebody at a browser in which no script runs, who uses the keyboard
// only.
type reader struct {
	ctx  context.Context
	base string
}

// mustReader opens a window of that width in a browser that asks for a language.
// It is skipped where there is no Chromium, unless ACCOLADE_REQUIRE_CHROMIUM=1.
func mustReader(t *testing.T, base, language string, width int64) reader {
	t.Helper()
	const program = "/usr/bin/chromium"
	if _, err := os.Stat(program); err != nil {
		if os.Getenv("ACCOLADE_REQUIRE_CHROMIUM") == "1" {
			t.Fatal("there is no Chromium on this machine; install the package chromium")
		}
		t.Skip("there is no Chromium on this machine; install the package chromium")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(program), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.Flag("no-proxy-server", true),
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"),
	)
	ctx, stop := context.WithTimeout(t.Context(), 4*time.Minute)
	t.Cleanup(stop)
	ctx, stop = chromedp.NewExecAllocator(ctx, options...)
	t.Cleanup(stop)
	ctx, stop = chromedp.NewContext(ctx)
	t.Cleanup(stop)
	if err := chromedp.Do(ctx, chromedp.Navigate("about:blank"), chromedp.EmulateViewport(width, 640)); err != nil {
		t.Fatal("start Chromium: ", err)
	}
	if _, err := chromedp.Call(ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}); err != nil {
		t.Fatal(err)
	}
	if _, err := chromedp.Call(ctx, network.Enable, network.EnableParams{}); err != nil {
		t.Fatal(err)
	}
	headers := network.SetExtraHTTPHeadersParams{Headers: network.Headers{"Accept-Language": language}}
	if _, err := chromedp.Call(ctx, network.SetExtraHTTPHeaders, headers); err != nil {
		t.Fatal(err)
	}
	return reader{ctx, base}
}

func (r reader) open(t *testing.T, path string) {
	t.Helper()
	if err := chromedp.Do(r.ctx, chromedp.Navigate(r.base+path)); err != nil {
		t.Fatal(err)
	}
}

// ask evaluates an expression in the page.
func ask[T any](t *testing.T, r reader, expression string) T {
	t.Helper()
	v, err := chromedp.Run(r.ctx, chromedp.Evaluate[T](expression))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// reach moves the focus with the Tab key to what is called so.
func (r reader) reach(t *testing.T, called string) {
	t.Helper()
	const focus = `(() => { const e = document.activeElement; return [e.labels?.[0]?.innerText ?? e.innerText, e.getAttribute("aria-label")].join(" ") })()`
	for range 120 {
		if err := chromedp.Do(r.ctx, chromedp.KeyEvent(kb.Tab)); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(ask[string](t, r, focus), called) {
			return
		}
	}
	t.Fatalf("the Tab key does not reach %q on %s:\n%s", called, ask[string](t, r, "location.href"), ask[string](t, r, "document.body.innerText"))
}

// press reaches a button or a link, presses Enter, and waits for the page that it
// leads to.
func (r reader) press(t *testing.T, called, leads string) {
	t.Helper()
	r.reach(t, called)
	if err := chromedp.Do(r.ctx, chromedp.KeyEvent(kb.Enter)); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		at, err := chromedp.Run(r.ctx, chromedp.Evaluate[string](`location.pathname + (document.readyState == "complete" ? "" : "…")`))
		if err == nil && at == leads {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%q leads to %s, want %s: %s", called, at, leads, ask[string](t, r, "document.body.innerText"))
		}
	}
}

// sees fails where the page does not say something, or is wider than its window.
func (r reader) sees(t *testing.T, width int64, words ...string) {
	t.Helper()
	text := ask[string](t, r, "document.body.innerText")
	for _, want := range words {
		if !strings.Contains(text, want) {
			t.Errorf("the page does not say %q:\n%s", want, text)
		}
	}
	if got := ask[int64](t, r, "document.documentElement.scrollWidth"); got > width {
		t.Errorf("%s is %d pixels wide in a window of %d", ask[string](t, r, "location.pathname"), got, width)
	}
	if dir := os.Getenv("ACCOLADE_SCREENSHOTS"); dir != "" {
		picture, err := chromedp.Run(r.ctx, chromedp.FullScreenshot(100))
		if err != nil {
			t.Fatal(err)
		}
		name := strings.ReplaceAll(strings.Trim(ask[string](t, r, "location.pathname"), "/"), "/", "-")
		if err := os.WriteFile(filepath.Join(dir, "story-"+name+".png"), picture, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// From an exam result to the badge in its earner's account: the program, a mail
// server and a browser, in English on a screen of a desk and in Chinese on one of
// 320 pixels, with a keyboard and without scripts.
func TestFromResultToClaimedBadgeInABrowser(t *testing.T) {
	if testing.Short() {
		t.Skip("runs a browser")
	}
	h := mustHome(t, "", "2026-08-01T10:00:00Z")
	h.mustLoadSample(t)
	mails := mustMailServer(t)
	mails.up(t)
	h.serve(t, h.port, "--smtp", mails.url())
	ctx, stop := context.WithTimeout(t.Context(), 2*time.Minute)
	defer stop()
	for i, story := range []struct {
		language, email, given, family, claim, confirm, mine, state string
		width                                                       int64
	}{
		{"en", "kim@example.org", "Kim", "Sample", "Claim this badge", "Confirm and claim", "My badges", "Only you", 1280},
		{"zh-CN", "li.ming@example.org", "明", "示例", "领取这枚徽章", "确认并领取", "我的徽章", "仅自己可见", 320},
	} {
		h.must(t, "results", "record", "--provider", "sample-centre", "--result-id", string(rune('1'+i)), "--exam", "AB-1", "--taken-at", "2026-07-01T10:00:00Z",
			"--email", story.email, "--given-name", story.given, "--family-name", story.family, "--locale", story.language)
		link, err := mails.letter(ctx, story.email, "/claim/") // 1
		if err != nil {
			t.Fatal(err)
		}
		r := mustReader(t, h.base, story.language, story.width)
		r.open(t, link)
		r.sees(t, story.width, story.given, "Sample Associate")
		r.press(t, story.claim, "/sign-in/code") // 2
		r.sees(t, story.width, "…@e….org")
		if link, err = mails.letter(ctx, story.email, "/confirm/"); err != nil { // 3
			t.Fatal(err)
		}
		award := func() shownAward {
			t.Helper()
			list := h.awards(t)
			at := slices.IndexFunc(list, func(w shownAward) bool { return w.ResultID == string(rune('1'+i)) })
			if at < 0 {
				t.Fatalf("result %d has no award among %d", i+1, len(list))
			}
			return list[at]
		}
		id := award().ID
		r.open(t, link)
		r.sees(t, story.width, "Sample Associate")
		r.press(t, story.confirm, "/me/badges/"+id) // 4
		r.sees(t, story.width, "Sample Associate", story.given)
		if w := award(); w.Acceptance != "claimed" || w.Visibility != "private" {
			t.Errorf("the badge is %s and %s, want claimed and private", w.Acceptance, w.Visibility)
		}
		r.press(t, story.mine, "/me")
		r.sees(t, story.width, story.state)
	}
}
