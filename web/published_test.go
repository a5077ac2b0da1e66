package web_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/accolade-badges/accolade/issuer/ledger"
)

func TestContentNegotiation(t *testing.T) {
	t.Parallel()
	s := mustSamples(t)
	badge := "/badges/" + s.id
	const page, ob3, vc, ld, json, text = "text/html", "application/vc+ld+json", "application/vc", "application/ld+json", "application/json", "text/plain"
	for _, c := range []struct{ name, path, accept, want string }{
		{"no Accept header", badge, "", ob3},
		{"anything", badge, "*/*", page},
		{"a browser", badge, browser, page},
		{"a page by name", badge, "text/html", page},
		{"OB 3.0 as the standard calls it", badge, "application/vc+ld+json", ob3},
		{"as W3C calls it", badge, "application/vc", vc},
		{"JSON-LD", badge, "application/ld+json", ld},
		{"JSON-LD with a profile", badge, `application/ld+json; profile="https://www.w3.org/ns/activitystreams"`, ld},
		{"JSON", badge, "application/json", json},
		{"JSON before a page", badge, "text/html;q=0.5, application/json", json},
		{"a page before JSON", badge, "application/json;q=0.5, text/html", page},
		{"JSON, else anything", badge, "application/json, text/plain, */*", json},
		{"a token", badge, "text/plain", text},
		{"a token as W3C calls it", badge, "application/vc+jwt", "application/vc+jwt"},
		{"a token as wallets call it", badge, "application/jwt", "application/jwt"},
		{"a picture", badge, "image/png", "image/png"},
		{"a drawing", badge, "image/svg+xml", "image/svg+xml"},
		{"an image element", badge, "image/avif,image/webp,image/apng,image/*;q=0.9", "image/png"},
		{"nothing that we have", badge, "application/zip", page},
		{"anything but a page", badge, "text/html;q=0, */*", ob3},
		{"broken weights", badge, "text/html;q=x, application/json;q=2, application/vc", vc},

		{"suffix wins over a browser", badge + ".json", browser, ob3},
		{"suffix with no header", badge + ".json", "", ob3},
		{"suffix, plain JSON", badge + ".json", "application/json", json},
		{"suffix, JSON-LD", badge + ".json", "application/ld+json", ld},
		{"token by suffix", badge + ".jwt", browser, text},
		{"token by suffix, JSON asked", badge + ".jwt", "application/json", text},
		{"picture by suffix", badge + ".png", browser, "image/png"},
		{"drawing by suffix", badge + ".svg", browser, "image/svg+xml"},
		{"OB 2.0 drawing by suffix", badge + ".ob2.svg", browser, "image/svg+xml"},
		{"OB 2.0 assertion by suffix", badge + ".ob2.json", browser, "application/json"},
		{"live picture", badge + "/image.png", "application/json", "image/png"},
		{"certificate", badge + "/certificate.pdf", browser, "application/pdf"},

		{"assertion, no header", "/ob2/assertions/" + s.id, "", ld},
		{"assertion, anything", "/ob2/assertions/" + s.id, "*/*", ld},
		{"assertion, only JSON", "/ob2/assertions/" + s.id, "application/json", json},
		{"badge class", "/ob2/badges/cloud-administrator", "", ld},
		{"badge class, a browser", "/ob2/badges/cloud-administrator", browser, ld},
		{"OB 2.0 issuer, only JSON", "/ob2/issuers/" + s.slug, "application/json", json},

		{"achievement, a browser", "/achievements/cloud-administrator", browser, page},
		{"achievement, no header", "/achievements/cloud-administrator", "", ld},
		{"achievement, JSON", "/achievements/cloud-administrator", "application/json", json},
		{"achievement, JSON-LD", "/achievements/cloud-administrator", "application/ld+json, application/json", ld},
		{"achievement, JSON before a page", "/achievements/cloud-administrator", "application/ld+json, text/html;q=0.8", ld},
		{"issuer, a browser", "/issuers/" + s.slug, browser, page},
		{"issuer, no header", "/issuers/" + s.slug, "", ld},
		{"issuer, JSON", "/issuers/" + s.slug, "application/json", json},

		{"did.json", "/issuers/" + s.slug + "/did.json", browser, "application/did+json"},
		{"keys", "/.well-known/jwks.json", browser, "application/jwk-set+json"},
		{"one key", s.fill.Replace("/keys/:key"), browser, json},
		{"status list", s.fill.Replace("/status/:list"), "", ob3},
		{"status list as W3C calls it", s.fill.Replace("/status/:list"), "application/vc", vc},
		{"revocation list", "/revocations/" + s.slug, "", json},
		{"newest edition", "/refresh/" + s.id, "", ob3},
	} {
		t.Run(c.name, func(t *testing.T) {
			var header []string
			if c.accept != "" {
				header = []string{"Accept", c.accept}
			}
			got := s.do(t, "GET", c.path, nil, header...)
			if got.status != 200 || got.mediaType() != c.want {
				t.Errorf("GET %s with Accept %q: %d %s, want 200 %s", c.path, c.accept, got.status, got.mediaType(), c.want)
			}
			other := s.do(t, "GET", c.path+"?utm_source=x&size=x", nil, header...)
			if string(other.body) != string(got.body) {
				t.Errorf("GET %s: an unknown query changes the answer", c.path)
			}
		})
	}
	led := s.do(t, "GET", "/ob2/assertions/"+s.id, nil, "Accept", browser)
	if led.status != 303 || led.header.Get("Location") != s.base+badge {
		t.Errorf("a browser at the assertion: %d to %q, want 303 to the page", led.status, led.header.Get("Location"))
	}
}

func TestViewsLeadToTheCredential(t *testing.T) {
	t.Parallel()
	s := mustSamples(t)
	badge := "/badges/" + s.id
	want := "<" + s.base + badge + `.json>; rel="alternate"; type="application/vc+ld+json"`
	for _, view := range []string{"", "/image.png", "/card.png", "/embed"} {
		if got := s.do(t, "GET", badge+view, nil, "Accept", browser).header.Get("Link"); got != want {
			t.Errorf("%s: Link %q, want %q", view, got, want)
		}
	}
	s.mustShow(t, s.id, ledger.Private)
	for _, view := range []string{"", "/image.png", "/card.png", "/embed"} {
		if got := s.do(t, "GET", badge+view, nil, "Accept", browser); got.status != http.StatusNotFound || got.header.Get("Link") != "" {
			t.Errorf("%s of a private badge: %d, Link %q", view, got.status, got.header.Get("Link"))
		}
	}
}

func TestCaching(t *testing.T) {
	t.Parallel()
	s := mustSamples(t)
	const revalidate, minutes = "no-cache", "public, max-age=300"
	badge := "/badges/" + s.id
	for _, c := range []struct{ path, accept, want string }{
		{badge, browser, revalidate},
		{badge, "", revalidate},
		{badge + ".json", "", revalidate},
		{badge + ".jwt", "", revalidate},
		{badge + ".png", "", revalidate},
		{badge + ".svg", "", revalidate},
		{badge + "/certificate.pdf", "", revalidate},
		{badge + "/image.png", "", minutes},
		{badge + "/card.png", "", minutes},
		{badge + "/qr.png", "", minutes},
		{"/refresh/" + s.id, "", revalidate},
		{"/ob2/assertions/" + s.id, "", revalidate},
		{"/ob2/badges/cloud-administrator", "", minutes},
		{"/ob2/issuers/" + s.slug, "", minutes},
		{"/ob2/revocations/" + s.slug, "", revalidate},
		{"/revocations/" + s.slug, "", revalidate},
		{s.fill.Replace("/status/:list"), "", minutes},
		{s.fill.Replace("/keys/:key"), "", minutes},
		{"/.well-known/jwks.json", "", minutes},
		{"/issuers/" + s.slug + "/did.json", "", minutes},
		{"/achievements/cloud-administrator/image.png", "", minutes},
		{"/api/v1/openapi.json", "", revalidate},
		{s.fill.Replace("/static/:hash/:file"), "", "public, max-age=31536000, immutable"},
	} {
		header := []string{}
		if c.accept != "" {
			header = []string{"Accept", c.accept}
		}
		got := s.do(t, "GET", c.path, nil, header...)
		if got.header.Get("Cache-Control") != c.want {
			t.Errorf("GET %s: Cache-Control %q, want %q", c.path, got.header.Get("Cache-Control"), c.want)
		}
		tag := got.header.Get("ETag")
		if strings.HasPrefix(c.path, "/static/") {
			continue
		}
		if !strings.HasPrefix(tag, `"`) {
			t.Errorf("GET %s: ETag %q is not strong", c.path, tag)
			continue
		}
		for _, condition := range []string{tag, "W/" + tag, `"other", ` + tag, "*"} {
			again := s.do(t, "GET", c.path, nil, append(slices.Clone(header), "If-None-Match", condition)...)
			if again.status != 304 || len(again.body) != 0 || again.header.Get("ETag") != tag || again.header.Get("Cache-Control") != c.want {
				t.Errorf("GET %s with If-None-Match %s: %d, %d bytes, ETag %s; want an empty 304 with the same headers", c.path, condition, again.status, len(again.body), again.header.Get("ETag"))
			}
		}
		if again := s.do(t, "GET", c.path, nil, append(slices.Clone(header), "If-None-Match", `"other"`)...); again.status != 200 {
			t.Errorf("GET %s with another If-None-Match: %d, want 200", c.path, again.status)
		}
	}
}

func TestPictureSizes(t *testing.T) {
	t.Parallel()
	s := mustSamples(t)
	for query, want := range map[string]uint32{"": 240, "?size=64": 64, "?size=65": 96, "?size=600": 600, "?size=99999": 1200, "?size=0": 240, "?size=-5": 240, "?size=x": 240} {
		got := s.do(t, "GET", "/badges/"+s.id+"/image.png"+query, nil)
		if len(got.body) < 24 {
			t.Fatalf("image.png%s: %d, %d bytes", query, got.status, len(got.body))
		}
		if width := uint32(got.body[18])<<8 | uint32(got.body[19]); width != want {
			t.Errorf("image.png%s is %d pixels wide, want %d", query, width, want)
		}
	}
}

func TestNothingIsThere(t *testing.T) {
	t.Parallel()
	h := mustHouse(t, nil)
	for _, path := range []string{
		"/badges/", "/badges/x", "/badges/x.json", "/badges/x.exe", "/badges/%2e%2e%2fetc", "/badges/x/secret", "/achievements/x", "/issuers/x", "/issuers/x/did.json",
		"/keys/x", "/status/x", "/revocations/x", "/ob2/assertions/x", "/ob2/badges/x", "/ob2/keys/x", "/refresh/x", "/claim/x", "/claim/x/json",
		"/static/x/site.css", "/static/x/../../web.go", "/mailbox/x", "/mailbox/..%2fledger.db", "/mailbox/ledger.db", "/.git/config", "/api/v2", "/%00",
	} {
		got := h.do(t, "GET", path, nil)
		if got.status != 404 {
			t.Errorf("GET %s: %d, want 404", path, got.status)
		}
		if got.header.Get("Cache-Control") != "no-store" {
			t.Errorf("GET %s: Cache-Control %q, want no-store", path, got.header.Get("Cache-Control"))
		}
		if page := h.do(t, "GET", path, nil, "Accept", browser); page.status != 404 {
			t.Errorf("GET %s by a browser: %d, want 404", path, page.status)
		}
	}
	for _, method := range []string{"POST", "PUT", "DELETE", "PATCH"} {
		if got := h.do(t, method, "/badges/x", nil); got.status != 405 || got.header.Get("Allow") == "" {
			t.Errorf("%s /badges/x: %d with Allow %q, want 405", method, got.status, got.header.Get("Allow"))
		}
	}
}
