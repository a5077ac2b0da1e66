// Package browsertest starts a real browser for the tests of pages.
package browsertest

import (
	"context"
	"os"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// longest is when a browser is ended that its test forgot.
const longest = 20 * time.Minute

// Start starts Chromium for a test and ends it with the test. It reaches nothing
// but this machine. Where it is not installed the test is skipped, or fails with
// ACCOLADE_REQUIRE_CHROMIUM=1.
func Start(t *testing.T) context.Context {
	t.Helper()
	program := installed()
	if program == "" {
		const missing = "there is no Chromium on this machine; install the package chromium"
		if os.Getenv("ACCOLADE_REQUIRE_CHROMIUM") == "1" {
			t.Fatal(missing)
		}
		t.Skip(missing)
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(program), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("no-proxy-server", true),
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"),
	)
	ctx, stop := context.WithTimeout(t.Context(), longest)
	t.Cleanup(stop)
	ctx, stop = chromedp.NewExecAllocator(ctx, options...)
	t.Cleanup(stop)
	ctx, stop = chromedp.NewContext(ctx)
	t.Cleanup(stop)
	if err := chromedp.Do(ctx, chromedp.Navigate("about:blank")); err != nil {
		t.Fatal("start Chromium: ", err)
	}
	return ctx
}

// installed is the path of the browser, or "".
func installed() string {
	for _, name := range []string{"/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"} {
		if _, err := os.Stat(name); err == nil {
			return name
		}
	}
	return ""
}
