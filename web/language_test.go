package web_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/accolade-badges/accolade/issuer/ledger"
)

func TestLanguageOfAPage(t *testing.T) {
	t.Parallel()
	h := mustHouse(t, nil)
	for _, c := range []struct{ name, query, cookie, accept, want string }{
		{"nothing said", "", "", "", "en"},
		{"browser in Chinese", "", "", "zh-CN,zh;q=0.9,en;q=0.8", "zh-CN"},
		{"browser in Chinese of no country", "", "", "zh", "zh-CN"},
		{"browser in Singapore", "", "", "zh-SG", "zh-CN"},
		{"browser in British English", "", "", "en-GB,zh;q=0.5", "en"},
		{"browser likes Chinese better", "", "", "en;q=0.5,zh-CN;q=0.9", "zh-CN"},
		{"browser in French, then Chinese", "", "", "fr,zh;q=0.5", "zh-CN"},
		{"browser in French", "", "", "fr", "en"},
		{"nonsense from the browser", "", "", "§§;q=x,,,", "en"},
		{"picked before the browser", "", "zh-CN", "en", "zh-CN"},
		{"picked nonsense", "", "klingon?", "zh-CN", "zh-CN"},
		{"the query before all", "?lang=en", "zh-CN", "zh-CN", "en"},
		{"the query in short", "?lang=zh", "", "", "zh-CN"},
		{"the query in nonsense", "?lang=%00", "zh-CN", "en", "zh-CN"},
	} {
		got := h.do(t, "GET", "/verify"+c.query, nil, "Accept", browser, "Accept-Language", c.accept, "Cookie", "lang="+c.cookie)
		if !strings.Contains(string(got.body), `<html lang="`+c.want+`">`) || got.header.Get("Content-Language") != c.want {
			t.Errorf("%s: the page is not in %s but in %q", c.name, c.want, got.header.Get("Content-Language"))
		}
		if vary := strings.Join(got.header.Values("Vary"), ","); !strings.Contains(vary, "Accept-Language") || !strings.Contains(vary, "Cookie") {
			t.Errorf("%s: Vary is %q, which keeps caches from telling languages apart", c.name, vary)
		}
	}
}

func TestBadgePageOfALanguageIsKeptApart(t *testing.T) {
	t.Parallel()
	h := mustHouse(t, nil)
	id := h.mustAward(t, "cloud-foundations", passed("1", "CL-100", 20, kim))
	h.mustShow(t, id, ledger.Public)
	path := "/badges/" + id
	seen := map[string]string{}
	for range 2 { // rendered, then kept
		for _, lang := range []string{"en", "zh-CN"} {
			got := h.do(t, "GET", path, nil, "Accept", browser, "Accept-Language", lang)
			if !strings.Contains(string(got.body), `<html lang="`+lang+`">`) {
				t.Errorf("a reader of %s gets a page in %q", lang, got.header.Get("Content-Language"))
			}
			seen[lang] = got.header.Get("ETag")
		}
	}
	if seen["en"] == seen["zh-CN"] {
		t.Errorf("both languages have the ETag %s", seen["en"])
	}
	for lang, status := range map[string]int{"en": 304, "zh-CN": 200} {
		if got := h.do(t, "GET", path, nil, "Accept", browser, "Accept-Language", lang, "If-None-Match", seen["en"]); got.status != status {
			t.Errorf("the English page revalidated by a reader of %s: %d, want %d", lang, got.status, status)
		}
	}
	plain := h.do(t, "GET", path+"?lang=en", nil, "Accept", browser)
	other := h.do(t, "GET", path+"?lang=en&utm_source=x&to=%3Cscript%3E", nil, "Accept", browser)
	if string(plain.body) != string(other.body) {
		t.Error("a query other than lang changes the page of a badge")
	}
}

func TestLanguageSwitch(t *testing.T) {
	t.Parallel()
	h := mustHouse(t, nil)
	page := h.page(t, "/verify?recipient=a%26b&lang=en")
	for _, want := range []string{`action="/language"`, `name="to" value="/verify?recipient=a%26b"`, `lang="zh-CN">简体中文</button>`, `aria-current="true">English</button>`} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	pick := func(lang, to string, header ...string) answer {
		form := url.Values{"lang": {lang}, "to": {to}}.Encode()
		return h.do(t, "POST", "/language", []byte(form), append(header, "Content-Type", "application/x-www-form-urlencoded")...)
	}
	got := pick("zh-CN", "/verify?recipient=a%26b")
	cookie, rest, _ := strings.Cut(got.header.Get("Set-Cookie"), ";")
	if got.status != 303 || got.header.Get("Location") != "/verify?recipient=a%26b" || cookie != "lang=zh-CN" || !strings.Contains(rest, "HttpOnly") || !strings.Contains(rest, "SameSite=Lax") {
		t.Fatalf("picking Chinese: %d %v", got.status, got.header)
	}
	back := h.do(t, "GET", got.header.Get("Location"), nil, "Accept", browser, "Accept-Language", "en", "Cookie", cookie)
	if !strings.Contains(string(back.body), `<html lang="zh-CN">`) {
		t.Error("the page after picking Chinese is not Chinese")
	}
	for _, to := range []string{
		"https://example.org/", "//example.org", `/\example.org`, `\\example.org`, "http:/verify", "javascript:alert(1)", "verify", "", "/a\r\nSet-Cookie: x=y",
		"///example.org", "/%0d%0a//", "/%5cexample.org",
	} {
		if got := pick("en", to); got.status != 303 || got.header.Get("Location") != "/" {
			t.Errorf("back to %q leads to %d %q, want the front page", to, got.status, got.header.Get("Location"))
		}
	}
	missing := string(h.do(t, "GET", "/nothing-here", nil, "Accept", browser).body)
	if !strings.Contains(missing, `<form class="languages" aria-label`) || strings.Contains(missing, `name="to"`) {
		t.Error("the page of an error does not offer its own address in another language")
	}
	if got := pick("klingon?", "/"); got.status != 303 || got.header.Get("Set-Cookie") != "" {
		t.Errorf("an unknown language: %d, cookie %q", got.status, got.header.Get("Set-Cookie"))
	}
	if got := pick("zh-CN", "/", "Sec-Fetch-Site", "cross-site"); got.header.Get("Set-Cookie") != "" {
		t.Error("another site's form picks the language")
	}
}

func TestPicturesSpeakTheLanguageOfTheirQuery(t *testing.T) {
	t.Parallel()
	h := mustHouse(t, nil)
	expired := h.mustAward(t, "cloud-security-engineer", passed("1", "SL-210", 700, kim))
	chinese := h.mustAward(t, "cloud-foundations", passed("2", "CL-100", 20, li))
	h.mustShow(t, expired, ledger.Public)
	h.mustShow(t, chinese, ledger.Public)
	get := func(path string) string {
		got := h.do(t, "GET", path, nil, "Accept-Language", "zh-CN", "Cookie", "lang=zh-CN")
		if got.status != 200 {
			t.Fatalf("GET %s: %d %s", path, got.status, got.body)
		}
		return string(got.body)
	}
	for _, path := range []string{"/badges/" + expired + "/image.png?size=300", "/badges/" + expired + "/card.png?v=1", "/achievements/cloud-foundations/image.png?size=300", "/badges/" + expired + "/certificate.pdf?"} {
		plain := get(path)
		if get(path+"&lang=zh-CN") == plain {
			t.Errorf("%s is the same in Chinese", path)
		}
		if get(path+"&lang=zh") != get(path+"&lang=zh-CN") || get(path+"&lang=en") != plain || get(path+"&lang=%00") != plain {
			t.Errorf("%s: a language that is close, or none, gets another picture", path)
		}
	}
	own := "/badges/" + chinese + "/certificate.pdf"
	if get(own) != get(own+"?lang=zh-CN") || get(own) == get(own+"?lang=en") {
		t.Error("a certificate is not in the language of its earner")
	}
	if list := string(h.do(t, "GET", "/issuers/"+h.slug+"?lang=zh-CN", nil, "Accept", browser).body); !strings.Contains(list, "示例认证：云计算基础") || !strings.Contains(list, "size=192&amp;lang=zh-CN") {
		t.Error("the issuer's page in Chinese does not name its badges in Chinese")
	}
	page := string(h.do(t, "GET", "/badges/"+expired, nil, "Accept", browser, "Accept-Language", "zh").body)
	for _, want := range []string{`image.png?size=600&amp;lang=zh-CN"`, `certificate.pdf?lang=zh-CN"`, `&amp;lang=zh-CN">`, "真实，但已过期", "颁发机构"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page in Chinese lacks %s", want)
		}
	}
}
