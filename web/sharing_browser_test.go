package web_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	permissions "github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"github.com/accolade-badges/accolade/issuer"
	"github.com/accolade-badges/accolade/issuer/ledger"
)

// sharingHouse has a public badge of Kim's, a private one with a share link, and
// a revoked one.
func sharingHouse(t *testing.T) (h *house, v *visitor, public, private string) {
	t.Helper()
	h = mustHouse(t, nil)
	public, _ = h.mustMine(t, "cloud-developer", passed("1", "CL-220", 350, kim))
	h.mustShow(t, public, ledger.Public)
	private, v = h.mustMine(t, "database-migration-specialty", passed("2", "CL-410", 40, kim))
	w, err := h.Award(t.Context(), private)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.CreateShare(t.Context(), w.Account, private, issuer.NewShare{Label: "Everybody I write to"}); err != nil {
		t.Fatal(err)
	}
	return h, v, public, private
}

func TestSharingPagesInABrowser(t *testing.T) {
	if testing.Short() {
		t.Skip("opens pages in a browser")
	}
	chrome := mustChromium(t)
	h, v, public, private := sharingHouse(t)
	chrome.look(t, h, visits(v.cookies(t), map[string]string{
		"share-private": "/me/badges/" + private, "share-chinese": "/me/badges/" + public + "?lang=zh-CN",
		"signature-private": "/me/badges/" + private + "/signature?size=120", "signature-chinese": "/me/badges/" + public + "/signature?lang=zh-CN&size=64",
	}))
}

// anotherSite is the address of an empty page without our policy, by which a
// browser would clean what is read from the clipboard.
func anotherSite(t *testing.T) string {
	t.Helper()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write([]byte(`<!doctype html><html lang="en"><title>Reader</title><link rel="icon" href="data:,">`))
	}))
	t.Cleanup(srv.Close)
	return srv.URL
}

// TestCopyButtons presses the buttons and reads the clipboard.
func TestCopyButtons(t *testing.T) {
	chrome := mustChromium(t)
	h, v, public, _ := sharingHouse(t)
	reader := anotherSite(t)
	tab := chrome.mustTab(t, h.base, reader, "data://")
	tab.wear(t, h, v.cookies(t))
	if _, err := chromedp.Call(tab.ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: false}); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"clipboard-read", "clipboard-write"} {
		p := permissions.SetPermissionParams{Permission: &permissions.PermissionDescriptor{Name: name}, Setting: permissions.PermissionSettingGranted}
		if _, err := chromedp.CallBrowser(tab.ctx, permissions.SetPermission, p); err != nil {
			t.Fatal(err)
		}
	}
	const read = `(async () => { const out = {}; for (const item of await navigator.clipboard.read()) for (const type of item.types) out[type] = await (await item.getType(type)).text(); return out })()`
	press := func(path, button string) map[string]string {
		t.Helper()
		var said string
		err := chromedp.Do(tab.ctx, chromedp.Navigate(h.base+path), chromedp.WaitVisible(button), chromedp.Click(button))
		for range 50 {
			if said == "Copied" || err != nil {
				break
			}
			said, err = chromedp.Run(tab.ctx, chromedp.Evaluate[string](`document.querySelector("p[role=status].unseen").textContent`))
		}
		if err != nil || said != "Copied" {
			t.Fatalf("after %s a screen reader is told %q, %v", button, said, err)
		}
		if err := chromedp.Do(tab.ctx, chromedp.Navigate(reader)); err != nil {
			t.Fatal(err)
		}
		held, err := chromedp.Run(tab.ctx, chromedp.Evaluate[map[string]string](read, chromedp.EvalAwaitPromise))
		if err != nil {
			t.Fatal(err)
		}
		return held
	}
	at := "/me/badges/" + public
	if got := press(at, `button[data-copy="share-address"]:not([data-share])`); got["text/plain"] != h.base+"/badges/"+public {
		t.Errorf("the address as copied: %v", got)
	}
	if got := press(at, `button[data-copy="linkedin-id"]`); got["text/plain"] != issuer.LicenceNumber(public) {
		t.Errorf("the licence number as copied: %v", got)
	}
	rich := press(at+"/signature", `button[data-rich]`)
	if !strings.Contains(rich["text/html"], `src="`+h.base+"/badges/"+public+`/image.png?size=192"`) || !strings.Contains(rich["text/html"], "font-size: 13px") && !strings.Contains(rich["text/html"], "font-size:13px") || !strings.HasSuffix(rich["text/plain"], "verify: "+h.base+"/badges/"+public) {
		t.Errorf("the signature as copied: %v", rich)
	}
	source := press(at+"/signature", `button[data-copy="signature-html"]`)
	if !strings.HasPrefix(source["text/plain"], "<table role=") || source["text/html"] != "" {
		t.Errorf("the HTML as copied: %v", source)
	}
}

// TestBadgesPrintToOneSheet prints the page of every kind of badge on both usual
// sizes of paper.
func TestBadgesPrintToOneSheet(t *testing.T) {
	if testing.Short() {
		t.Skip("prints pages in a browser")
	}
	chrome := mustChromium(t)
	h, pages := gallery(t)
	tab := chrome.mustTab(t, h.base)
	for name, path := range pages {
		if !strings.HasPrefix(name, "badge-") {
			continue
		}
		if err := chromedp.Do(tab.ctx, chromedp.Navigate(h.base+path)); err != nil {
			t.Fatal(err)
		}
		for paper, inches := range map[string][2]float64{"A4": {8.27, 11.69}, "Letter": {8.5, 11}} {
			res, err := chromedp.Call(tab.ctx, page.PrintToPDF, page.PrintToPDFParams{PaperWidth: inches[0], PaperHeight: inches[1]})
			if err != nil {
				t.Fatal(err)
			}
			if n := len(regexp.MustCompile(`/Type\s*/Page\b[^s]`).FindAll(res.Data, -1)); n != 1 {
				t.Errorf("%s takes %d sheets of %s, want one", name, n, paper)
			}
			if dir := os.Getenv("ACCOLADE_SCREENSHOTS"); dir != "" {
				if err := os.WriteFile(filepath.Join(dir, "print-"+name+"-"+paper+".pdf"), res.Data, 0o600); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
}

// TestSignatureInAMail shows a signature as mail programs do: with its picture, in
// the dark, with pictures blocked, and as text.
func TestSignatureInAMail(t *testing.T) {
	chrome := mustChromium(t)
	h, v, public, _ := sharingHouse(t)
	v.open(t, "/me/badges/"+public+"/signature?size=96")
	markup, text := v.field(t, "signature-html"), v.field(t, "signature-text")
	mail := func(look, body string) string {
		return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A mail</title><link rel="icon" href="data:,"></head><body style="margin:20px;font:14px/20px Arial,sans-serif;` + look +
			`"><p>Hello Noor,</p><p>the report is attached.</p><p>Kind regards<br>Kim Sample</p>` + body + `</body></html>`
	}
	mails := map[string]string{
		"/html": mail("color-scheme:light;background:#fff;color:#1f1f1f", markup), "/dark": mail("color-scheme:dark;background:#1f1f1f;color:#e8e8e8", markup),
		"/blocked": mail("color-scheme:light;background:#fff;color:#1f1f1f", strings.ReplaceAll(markup, h.base+"/badges/"+public+"/image.png", "/blocked.png")),
		"/text":    mail("color-scheme:light;background:#fff;color:#1f1f1f", "<p>-- <br>"+text+"</p>"),
	}
	program := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, ok := mails[r.URL.Path]
		if !ok { // the picture, as a program that blocks it has it
			w.WriteHeader(http.StatusNoContent)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write([]byte(body))
	}))
	t.Cleanup(program.Close)
	here, err := url.Parse(program.URL)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"html", "dark", "blocked", "text"} {
		tab := chrome.mustTab(t, h.base, program.URL, "data://")
		if err := chromedp.Do(tab.ctx, chromedp.Navigate(program.URL+"/"+name)); err != nil {
			t.Fatal(err)
		}
		tab.show(t, view{width: 640, scheme: "light"})
		tab.keep(t, "mail-"+name)
		seen, err := chromedp.Run(tab.ctx, chromedp.Text("body"))
		if err != nil {
			t.Fatal(err)
		}
		if want := here.Hostname(); name != "text" && !strings.Contains(seen, "Verify: ") || !strings.Contains(seen, "Cloud Developer") || strings.Contains(seen, want) {
			t.Errorf("the mail %s says:\n%s", name, seen)
		}
		if name == "text" {
			continue
		}
		box, err := chromedp.Run(tab.ctx, chromedp.Evaluate[[]float64](`(r => [r.width, r.height])(document.querySelector("img").getBoundingClientRect())`))
		if err != nil || box[0] != 96 || box[1] != 96 {
			t.Errorf("in the mail %s the picture takes %v pixels, want 96 by 96: %v", name, box, err)
		}
	}
}
