package web_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"

	"github.com/accolade-badges/accolade/issuer/ledger"
)

// answered is what the report of a verify page comes down to in a browser.
type answered struct {
	Focused bool   // the verdict has the focus
	First   string // first heading of the page
	Headed  bool   // that is the only first-level heading, and none comes before it
	Text    string // of the report
}

const readAnswer = `({
	Focused: !!document.activeElement && document.activeElement.classList.contains("verdict"),
	First: document.querySelector("main h1, main h2").innerText,
	Headed: document.querySelectorAll("h1").length === 1 && document.querySelector("main h1, main h2, main h3").tagName === "H1",
	Text: document.querySelector("main").innerText,
})`

// withScripts lets scripts run in a tab.
func (p tab) withScripts(t *testing.T) {
	t.Helper()
	if _, err := chromedp.Call(p.ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: false}); err != nil {
		t.Fatal(err)
	}
}

// drop lets go of something over the verify box.
func (p tab) drop(t *testing.T, data *input.DragData) {
	t.Helper()
	at, err := chromedp.Run(p.ctx, chromedp.Evaluate[[]float64](`(() => { const f = document.querySelector("form.verify"); f.scrollIntoView(); const r = f.getBoundingClientRect(); return [r.x + 20, r.y + 10] })()`))
	if err != nil {
		t.Fatal(err)
	}
	data.DragOperationsMask = 1
	for _, kind := range []input.DispatchDragEventType{input.DispatchDragEventTypeDragEnter, input.DispatchDragEventTypeDragOver, input.DispatchDragEventTypeDrop} {
		if _, err := chromedp.Call(p.ctx, input.DispatchDragEvent, input.DispatchDragEventParams{Type: kind, X: at[0], Y: at[1], Data: data}); err != nil {
			t.Fatal(err)
		}
	}
}

func TestLongReportFitsAPhone(t *testing.T) {
	browser := mustChromium(t)
	h := mustHouse(t, nil)
	id := h.mustAward(t, "cloud-foundations", passed("1", "CL-100", 200, kim))
	h.mustShow(t, id, ledger.Public)
	badge := strings.TrimSpace(string(h.do(t, "GET", "/badges/"+id+".json", nil).body))
	record := `{"@context":["https://www.w3.org/ns/credentials/v2","https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json","https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"],
"id":"urn:uuid:` + strings.Repeat("0123456789abcdef", 40) + `","type":["VerifiableCredential","ClrCredential"],"name":"` + strings.Repeat("Wolfeschlegelsteinhausenbergerdorff", 6) + `",
"issuer":{"id":"https://` + strings.Repeat("long-", 12) + `.example.org/","type":["Profile"],"name":"` + hostileIssuer + `"},"validFrom":"2026-01-01T00:00:00Z",
"credentialSubject":{"type":["ClrSubject"],"verifiableCredential":[` + strings.Join([]string{badge, badge, badge, badge}, ",") + `]}}`
	p := browser.mustTab(t, h.base)
	p.show(t, views[0])
	err := chromedp.Do(p.ctx, chromedp.Navigate(h.base+"/verify?lang=zh-CN"), chromedp.SetValue("#input", record), chromedp.Click("form.verify [type=submit]"), chromedp.WaitVisible(".report .verdict"))
	if err != nil {
		t.Fatal(err)
	}
	p.fits(t, views[0])
	p.keep(t, "verify-long")
	text, err := chromedp.Run(p.ctx, chromedp.Text("main"))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"无效", "其中包含 4 枚徽章", "Sample Certified: Cloud Foundations", "真实有效", "没有签名"} {
		if !strings.Contains(text, want) {
			t.Errorf("the report on a record with four badges does not say %q:\n%s", want, text)
		}
	}
}

// hostileIssuer is a name that tries to be markup, inside JSON.
const hostileIssuer = `<script>alert(1)</script><img src=x onerror=alert(2)>`

func TestVerifyInABrowser(t *testing.T) {
	browser := mustChromium(t)
	h := mustHouse(t, nil)
	id := h.mustAward(t, "cloud-foundations", passed("1", "CL-100", 200, kim))
	h.mustShow(t, id, ledger.Public)
	address := h.base + "/badges/" + id
	token := strings.TrimSpace(string(h.do(t, "GET", "/badges/"+id+".jwt", nil).body))
	picture := filepath.Join(t.TempDir(), "badge.png")
	if err := os.WriteFile(picture, h.do(t, "GET", "/badges/"+id+".png", nil).body, 0o600); err != nil {
		t.Fatal(err)
	}
	axe := axeSource(t)
	type way struct {
		name   string
		script bool // works with scripts alone
		give   func(t *testing.T, p tab)
	}
	typed := func(text string) func(*testing.T, tab) {
		return func(t *testing.T, p tab) {
			err := chromedp.Do(p.ctx, chromedp.SetValue("#input", text), chromedp.SendKeys("#recipient", "Kim@Example.org"), chromedp.Click("form.verify [type=submit]"))
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	ways := []way{
		{"link", false, typed(address)},
		{"token", false, typed(token)},
		{"picture chosen", false, func(t *testing.T, p tab) {
			err := chromedp.Do(p.ctx, chromedp.SetUploadFiles("#file", []string{picture}), chromedp.SendKeys("#recipient", "kim@example.org"), chromedp.Click("form.verify [type=submit]"))
			if err != nil {
				t.Fatal(err)
			}
		}},
		{"picture dropped", true, func(t *testing.T, p tab) { p.drop(t, &input.DragData{Files: []string{picture}}) }},
		{"link dropped", true, func(t *testing.T, p tab) {
			p.drop(t, &input.DragData{Items: []*input.DragDataItem{{MimeType: "text/uri-list", Data: address}, {MimeType: "text/plain", Data: address}}})
		}},
	}
	verdicts := map[string][]string{
		"en":    {"Genuine and in force", "Who issued it", "Sample Certification Institute", "Kim Sample", "Cloud Foundations", "Yes, it was issued to them"},
		"zh-CN": {"真实有效", "由谁颁发", "Sample Certification Institute", "Kim Sample", "Cloud Foundations", "是，颁发给此人"},
	}
	for _, w := range ways {
		for _, script := range []bool{false, true} {
			if w.script && !script {
				continue
			}
			for i, v := range []view{views[0], views[4]} {
				for lang, want := range verdicts {
					if (lang == "en") == (script == (i == 0)) { // each with each, half of all
						continue
					}
					name := strings.Join([]string{"verify", w.name, lang, v.name, map[bool]string{false: "plain", true: "script"}[script]}, " ")
					t.Run(name, func(t *testing.T) {
						p := browser.mustTab(t, h.base)
						if script {
							p.withScripts(t)
						}
						p.show(t, v)
						if err := chromedp.Do(p.ctx, chromedp.Navigate(h.base+"/verify?lang="+lang)); err != nil {
							t.Fatal(err)
						}
						w.give(t, p)
						if err := chromedp.Do(p.ctx, chromedp.WaitVisible(".report .verdict")); err != nil {
							t.Fatal(err)
						}
						p.withScripts(t)
						got, err := chromedp.Run(p.ctx, chromedp.Evaluate[answered](readAnswer))
						if err != nil {
							t.Fatal(err)
						}
						if got.First != want[0] || !got.Headed || !got.Focused {
							t.Errorf("the first thing read is not the verdict: %+v", got)
						}
						if w.script { // nobody was named
							want = want[:len(want)-1]
						}
						for _, text := range want {
							if !strings.Contains(got.Text, text) {
								t.Errorf("the report does not say %q:\n%s", text, got.Text)
							}
						}
						p.fits(t, v)
						p.keep(t, strings.ReplaceAll(name, " ", "-"))
						if axe != "" && w.name == "token" {
							p.accessible(t, axe, v)
						}
					})
				}
			}
		}
	}
}
