package web_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/accolade-badges/accolade/issuer"
	"github.com/accolade-badges/accolade/issuer/ledger"
)

func TestSignatureOfAPublicBadgeShowsItsState(t *testing.T) {
	t.Parallel()
	h := mustHouse(t, nil)
	id, v := h.mustMine(t, "cloud-developer", passed("1", "CL-220", 20, kim))
	h.mustShow(t, id, ledger.Public)
	at, address := "/me/badges/"+id+"/signature", h.base+"/badges/"+id
	for query, want := range map[string]string{
		"": `<img src="` + address + `/image.png?size=192" width="96" height="96"`, "?size=64": `<img src="` + address + `/image.png?size=128" width="64" height="64"`,
		"?size=120&picture=fixed":     `<img src="` + h.base + `/achievements/cloud-developer/image.png?size=240" width="120" height="120"`,
		"?size=5000&picture=whatever": `<img src="` + address + `/image.png?size=192" width="96" height="96"`,
	} {
		v.open(t, at+query)
		text := v.field(t, "signature-html")
		if !strings.Contains(text, want) || strings.Count(text, `href="`+address+`"`) != 2 || len(text) > 8<<10 {
			t.Errorf("the signature %s: %s\nwant %s", query, text, want)
		}
		// Words that stay beside a picture that changes say of when they are.
		_, alt, _ := strings.Cut(text, `alt="`)
		alt, _, _ = strings.Cut(alt, `"`)
		live := "Sample Certified: Cloud Developer Associate, Sample Certification Institute, valid until 9 February 2027 (as of 1 March 2026). Verify"
		if fixed := strings.Contains(query, "fixed"); fixed && strings.Contains(alt, "valid") || !fixed && alt != live {
			t.Errorf("the alternative text of %s: %s", query, alt)
		}
		if beside := strings.ReplaceAll(text, alt, ""); strings.Contains(beside, "valid") || !strings.Contains(beside, "awarded February 2026") {
			t.Errorf("the words beside the picture of %s: %s", query, beside)
		}
		picture := regexp.MustCompile(`<img src="([^"]+)"`).FindStringSubmatch(text)[1]
		if got := h.do(t, "GET", picture, nil); got.status != 200 || got.mediaType() != "image/png" || len(got.body) >= 30<<10 {
			t.Errorf("the picture of %s: %d, %s, %d bytes", query, got.status, got.mediaType(), len(got.body))
		}
	}
	v.open(t, at)
	if got, want := v.field(t, "signature-text"), "Kim Sample, Sample Certified: Cloud Developer Associate, verify: "+address; got != want {
		t.Errorf("the plain form is %q, want %q", got, want)
	}
	if got := v.header.Get("Content-Security-Policy"); !strings.Contains(got, "frame-src 'self'") || !strings.Contains(got, "frame-ancestors 'none'") || strings.Contains(got, "unsafe") {
		t.Errorf("the policy of the page: %s", got)
	}
	v.open(t, at+"?lang=zh-CN&size=64")
	if got := v.field(t, "signature-html"); !strings.Contains(got, address+"/image.png?size=128&amp;lang=zh-CN") || !strings.Contains(got, "有效期至2027年") {
		t.Errorf("the Chinese signature: %s", got)
	}
	v.open(t, at+"/preview?ground=dark")
	if got := v.header.Get("Content-Security-Policy"); !strings.Contains(got, "frame-ancestors 'self'") || !strings.Contains(got, "default-src 'none'") || strings.Contains(got, "script-src") {
		t.Errorf("the policy of the preview: %s", got)
	}
	v.open(t, at+"/signature.html?size=64")
	if !strings.HasPrefix(v.header.Get("Content-Disposition"), `attachment; filename="badge-`+id+`-64.html"`) {
		t.Errorf("the file: %s", v.header.Get("Content-Disposition"))
	}
	h.clock.add(366 * 24 * time.Hour)
	v = h.mustSignIn(t, kim.Email) // the session has run out by then
	v.open(t, at)
	if got := v.field(t, "signature-html"); !strings.Contains(got, "expired on ") {
		t.Errorf("the signature of an expired badge: %s", got)
	}
	if got := v.field(t, "signature-text"); !strings.Contains(got, "(expired on ") {
		t.Errorf("the plain form of an expired badge: %q", got)
	}
}

func TestSignatureOfAPrivateBadgeLeadsToNobody(t *testing.T) {
	t.Parallel()
	h := mustHouse(t, nil)
	id, v := h.mustMine(t, "cloud-developer", passed("1", "CL-220", 20, kim))
	at := "/me/badges/" + id + "/signature"
	v.open(t, at+"?picture=live")
	for _, field := range []string{"signature-html", "signature-text"} {
		if got := v.field(t, field); strings.Contains(got, id) || strings.Contains(got, "/badges/") {
			t.Errorf("the signature of a private badge leads to it: %s", got)
		}
	}
	v.sees(t, "make the badge public or use a share link")
	a, err := h.Award(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	link, err := h.CreateShare(t.Context(), a.Account, id, issuer.NewShare{Label: "Everybody I write to"})
	if err != nil {
		t.Fatal(err)
	}
	v.open(t, at)
	v.sees(t, "by your share link “Everybody I write to”")
	v.open(t, at+"?picture="+link.ID)
	text := v.field(t, "signature-html")
	if strings.Count(text, `href="`+link.URL+`"`) != 2 || !strings.Contains(text, `src="`+link.URL+`/image.png?size=192"`) || strings.Contains(text, id) {
		t.Errorf("the signature with a share link: %s", text)
	}
	if got := h.do(t, "GET", link.URL+"/image.png?size=192", nil); got.status != 200 || got.mediaType() != "image/png" {
		t.Errorf("its picture: %d %s", got.status, got.mediaType())
	}
	if strings.Contains(strings.ReplaceAll(v.page, "<textarea", ""), `src="/s/`) {
		t.Error("the preview follows the share link, which counts as a view")
	}
	other := h.mustSignIn(t, "noor@example.org")
	for _, path := range []string{at, at + "/preview", at + "/signature.html", at + "/badge.png"} {
		if other.send(t, "GET", path, nil); other.status != http.StatusNotFound {
			t.Errorf("somebody else gets %s: %d", path, other.status)
		}
	}
}
