package web_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/accolade-badges/accolade/issuer"
	"github.com/accolade-badges/accolade/issuer/ledger"
	"github.com/accolade-badges/accolade/web"
)

// mustOwned makes a house with a badge that Kim owns and nobody else may see, and
// her browser on the badge's own page.
func mustOwned(t *testing.T) (*house, *visitor, string) {
	t.Helper()
	h := mustHouse(t, nil)
	sat := passed("1", "CL-210", 20, kim)
	sat.Score = "8714.25"
	id := h.mustAward(t, "cloud-administrator", sat)
	v := h.mustSignIn(t, kim.Email)
	v.open(t, "/me/badges/"+id)
	v.press(t, "Accept this badge")
	return h, v, id
}

// mustShareAddress reads the newest share link from the owner's page.
func mustShareAddress(t *testing.T, v *visitor) string {
	t.Helper()
	_, rest, ok := strings.Cut(v.page, `value="`+v.h.base+"/s/")
	token, _, _ := strings.Cut(rest, `"`)
	if !ok {
		t.Fatalf("the page shows no share link:\n%s", v.text())
	}
	return "/s/" + token
}

func TestShareLinkShowsOneBadgeToOnePerson(t *testing.T) {
	t.Parallel()
	h, v, id := mustOwned(t)
	v.press(t, "Make a link", "label", "Example Works", "until", "2026-03-10", "score", "", "evidence", "")
	v.sees(t, "For Example Works", "works to the end of 10 March 2026", "not opened yet")
	link := mustShareAddress(t, v)
	if w, err := h.Award(t.Context(), id); err != nil || w.Visibility != ledger.Unlisted {
		t.Errorf("a private badge with a link is %s, want unlisted", w.Visibility)
	}
	page := h.do(t, "GET", link, nil, "Accept", browser)
	for _, want := range []string{"Kim Sample", "Genuine and in force", "by a link that its owner gave out", `content="noindex"`} {
		if !strings.Contains(string(page.body), want) {
			t.Errorf("the shared page does not say %q", want)
		}
	}
	for _, not := range []string{"schema.org", "og:", `rel="canonical"`, "oembed", "/badges/" + id, "Example Works", "8714.25"} {
		if strings.Contains(string(page.body), not) {
			t.Errorf("the shared page has %q", not)
		}
	}
	for suffix, kind := range map[string]string{
		".json": "application/vc+ld+json", ".jwt": "text/plain", ".png": "image/png", ".svg": "image/svg+xml", ".ob2.svg": "image/svg+xml",
		"/image.png": "image/png", "/qr.png": "image/png", "/certificate.pdf": "application/pdf", "/assertion": "application/ld+json",
	} {
		got := h.do(t, "GET", link+suffix, nil)
		if got.status != 200 || got.mediaType() != kind || got.header.Get("Cache-Control") != "no-store" || got.header.Get("X-Robots-Tag") != "noindex" {
			t.Errorf("GET %s%s: %d %s, %v", link, suffix, got.status, got.mediaType(), got.header)
		}
		if strings.HasSuffix(suffix, "image.png") || strings.HasSuffix(suffix, "qr.png") {
			continue
		}
		if r := mustJSON[report](t, h.do(t, "POST", "/api/v1/verify", got.body), 200); r.Verdict != "valid" {
			t.Errorf("%s%s is %s: %s", link, suffix, r.Verdict, r.Summary)
		}
	}
	if r := mustJSON[report](t, h.call(t, "POST", "/api/v1/verify", "", map[string]string{"input": h.base + link}), 200); r.Verdict != "valid" {
		t.Errorf("the address of the link is %s: %s", r.Verdict, r.Summary)
	}
	h.do(t, "HEAD", link, nil, "Accept", browser)
	h.do(t, "GET", link, nil, "Accept", browser, "Sec-Purpose", "prefetch;prerender")
	v.open(t, "/me/shares")
	v.sees(t, "opened once", "Example Works")
	if again := h.do(t, "GET", link, nil, "Accept", browser, "Cookie", "lang=zh-CN"); !strings.Contains(string(again.body), "您通过持有人给出的链接看到此徽章") {
		t.Error("the shared page does not speak Chinese")
	}
}

func TestClosedLinksAreTheSameAsNone(t *testing.T) {
	t.Parallel()
	h, v, id := mustOwned(t)
	var links []string
	for _, label := range []string{"closed", "ended", "private"} {
		until := ""
		if label == "ended" {
			until = "2026-03-02"
		}
		v.press(t, "Make a link", "label", label, "until", until)
		links = append(links, mustShareAddress(t, v))
		h.clock.add(time.Minute)
		v.open(t, "/me/badges/"+id)
	}
	shares, err := h.Shares(t.Context(), accountOf(t, h, id), id)
	if err != nil || len(shares) != 3 {
		t.Fatalf("%d shares, %v", len(shares), err)
	}
	for _, s := range shares {
		if s.Label == "closed" {
			v.send(t, "POST", "/me/shares/"+s.ID+"/close", map[string][]string{"badge": {id}})
			v.sees(t, "The link is closed")
		}
	}
	h.clock.add(72 * time.Hour)
	if got := h.do(t, "GET", links[2], nil, "Accept", browser); got.status != 200 {
		t.Errorf("the link that nobody closed: %d", got.status)
	}
	v.open(t, "/me/badges/"+id)
	v.send(t, "POST", "/me/badges/"+id+"/visibility", map[string][]string{"visibility": {"private"}})
	never := "/s/3yZe7d4vYb8qW1mJ5tKp2RnXc"
	for _, suffix := range []string{"", ".json", ".png", "/image.png", "/assertion", "/certificate.pdf", "/nothing", ".exe"} {
		for _, accept := range []string{browser, "application/json", ""} {
			want := h.do(t, "GET", never+suffix, nil, "Accept", accept)
			if want.status != 404 || accept == browser && !strings.Contains(string(want.body), "This link is closed") {
				t.Errorf("GET %s%s: %d %s", never, suffix, want.status, want.body)
			}
			for _, link := range links {
				got := h.do(t, "GET", link+suffix, nil, "Accept", accept)
				got.header.Del("Date")
				want.header.Del("Date")
				if got.status != want.status || string(got.body) != string(want.body) || fmt.Sprint(got.header) != fmt.Sprint(want.header) {
					t.Errorf("GET %s%s: %d %v, another answer than for a link that never was: %v", link, suffix, got.status, got.header, want.header)
				}
			}
		}
	}
	v.open(t, "/me/shares")
	v.sees(t, "Closed links", "It worked to the end of 2 March 2026", "You closed it")
}

// accountOf returns the account that owns an award.
func accountOf(t *testing.T, h *house, award string) string {
	t.Helper()
	w, err := h.Award(t.Context(), award)
	if err != nil || w.Account == "" {
		t.Fatalf("the award has no owner: %v", err)
	}
	return w.Account
}

func TestScoresAreShownWhereTheEarnerSaysSo(t *testing.T) {
	t.Parallel()
	h, v, id := mustOwned(t)
	show := func(visibility string) {
		v.send(t, "POST", "/me/badges/"+id+"/visibility", map[string][]string{"visibility": {visibility}})
		v.sees(t, "It holds from now on")
	}
	show("public")
	page := func(path string) string { return string(h.do(t, "GET", path, nil, "Accept", browser).body) }
	if strings.Contains(page("/badges/"+id), "8714.25") || strings.Contains(page("/badges/"+id), "Exams behind it") {
		t.Error("the public page shows the score before the earner said so")
	}
	before := h.do(t, "GET", "/badges/"+id, nil, "Accept", browser).header.Get("ETag")
	v.send(t, "POST", "/me/badges/"+id+"/disclosure", map[string][]string{"score": {"1"}})
	if got := h.do(t, "GET", "/badges/"+id, nil, "Accept", browser, "If-None-Match", before); got.status != 200 || !strings.Contains(string(got.body), "Score 8714.25") || strings.Contains(string(got.body), "<time datetime=\"2026-02-09T12:00:00Z\">9 February 2026</time>, ") {
		t.Errorf("with the score shown, asked for with the ETag of before: %d", got.status)
	}
	for path := range map[string]bool{"/badges/" + id + ".json": true, "/badges/" + id + "/embed": true, "/ob2/assertions/" + id: true, "/oembed?url=" + escape(h.base+"/badges/"+id): true} {
		if strings.Contains(string(h.do(t, "GET", path, nil).body), "8714.25") {
			t.Errorf("%s has the score", path)
		}
	}
	v.open(t, "/me/badges/"+id)
	v.press(t, "Make a link", "label", "without", "score", "", "evidence", "")
	if strings.Contains(page(mustShareAddress(t, v)), "8714.25") {
		t.Error("a link shows the score though it was not to")
	}
	v.send(t, "POST", "/me/badges/"+id+"/disclosure", map[string][]string{})
	if strings.Contains(page("/badges/"+id), "8714.25") {
		t.Error("the page goes on showing the score")
	}
	share, err := h.CreateShare(t.Context(), accountOf(t, h, id), id, issuer.NewShare{Label: "with", Score: true, Evidence: true})
	if err != nil {
		t.Fatal(err)
	}
	if with := page(strings.TrimPrefix(share.URL, h.base)); !strings.Contains(with, "Score 8714.25") || !strings.Contains(with, "Exams behind it") {
		t.Error("a link that was to show score and exams does not")
	}
}

func TestMakingALinkTwiceMakesOne(t *testing.T) {
	t.Parallel()
	h, v, id := mustOwned(t)
	action, form := v.form(t, "Make a link", "label", "Once")
	for range 3 {
		v.send(t, "POST", action, form)
	}
	if shares, err := h.Shares(t.Context(), accountOf(t, h, id), id); err != nil || len(shares) != 1 {
		t.Errorf("pressing the button three times makes %d links, want 1 (%v)", len(shares), err)
	}
	for field, bad := range map[string]string{"label": "x\u202ey", "until": "2026-02-01"} {
		v.open(t, "/me/badges/"+id)
		v.press(t, "Make a link", field, bad)
		if v.status != http.StatusUnprocessableEntity {
			t.Errorf("a link with %s %q: %d, want 422: %s", field, bad, v.status, v.text())
		}
	}
	for _, bad := range []string{"tomorrow", "2026-13-01", strings.Repeat("9", 100)} {
		v.open(t, "/me/badges/"+id)
		v.press(t, "Make a link", "until", bad)
		if v.status != http.StatusUnprocessableEntity {
			t.Errorf("a link until %q: %d, want 422", bad, v.status)
		}
	}
	other := h.mustSession(t, h.mustAccount(t, "other", "other@example.org"))
	got := h.do(t, "POST", action, []byte(form.Encode()), append(other, "Content-Type", "application/x-www-form-urlencoded", "Origin", h.base, "Accept", browser)...)
	if got.status != 404 {
		t.Errorf("a link to somebody else's badge: %d, want 404", got.status)
	}
}

func TestCrawlOfIdsIsLimited(t *testing.T) {
	t.Parallel()
	h := mustHouse(t, func(c *web.Config) { c.MissRate = 20 })
	id := h.mustAward(t, "cloud-administrator", passed("1", "CL-210", 20, kim))
	h.mustShow(t, id, ledger.Public)
	limited := 0
	for i := range 60 {
		for _, path := range []string{"/badges/guess%d", "/earners/guess%d", "/s/guess%d"} {
			got := h.do(t, "GET", fmt.Sprintf(path, i), nil, "Accept", browser)
			if got.status == http.StatusTooManyRequests && got.header.Get("Retry-After") != "" {
				limited++
			} else if got.status != 404 {
				t.Fatalf("a guess: %d", got.status)
			}
		}
	}
	if limited < 100 {
		t.Errorf("%d of 180 guesses in a moment were limited", limited)
	}
	if got := h.do(t, "GET", "/badges/"+id, nil, "Accept", browser); got.status != 200 {
		t.Errorf("a badge that is there, from the address of the crawl: %d", got.status)
	}
	h.clock.add(time.Minute)
	if got := h.do(t, "GET", "/badges/guess", nil, "Accept", browser); got.status != 404 {
		t.Errorf("a minute later: %d, want 404", got.status)
	}
}
