package web_test

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/accolade-badges/accolade/issuer"
	"github.com/accolade-badges/accolade/issuer/ledger"
	"github.com/accolade-badges/accolade/web"
)

// everyForm lists every address at which a badge or its profile can be had by
// everybody, with what is asked for there.
func (m *matrix) everyForm() map[string][]string {
	list := map[string][]string{}
	for _, r := range web.Routes() {
		if l := lines[r.Method+" "+r.Path]; r.Rule == "when public" || r.Rule == "profile" {
			real, _ := m.requests(r, l)
			for _, path := range real {
				list[path] = nil
			}
		}
	}
	for _, suffix := range []string{".json", ".jwt", ".png", ".svg", ".ob2.svg", ".ob2.json"} {
		list["/badges/"+m.id+suffix] = nil
	}
	for _, accept := range []string{browser, "*/*", "application/json", "application/vc+ld+json", "text/plain", "image/png", "image/svg+xml"} {
		list["/badges/"+m.id+"#"+accept] = []string{"Accept", accept}
		list["/earners/"+m.handle+"#"+accept] = []string{"Accept", accept}
	}
	for _, query := range []string{"?lang=zh-CN", "?size=64", "?utm_source=x"} {
		list["/badges/"+m.id+query] = []string{"Accept", browser}
		list["/badges/"+m.id+"/image.png"+query] = nil
		list["/earners/"+m.handle+"/strip.svg"+query] = nil
	}
	return list
}

func TestPublicThenPrivateLeavesNothing(t *testing.T) {
	t.Parallel()
	m := mustMatrix(t)
	m.mustShow(t, m.id, ledger.Public)
	type seen struct{ etag, modified, body string }
	public := map[string]seen{}
	for path, header := range m.everyForm() {
		for range 2 { // so that it is in whatever keeps it
			got := m.do(t, "GET", path, nil, header...)
			if got.status != 200 {
				t.Errorf("public: GET %s: %d, want 200: %s", path, got.status, got.body)
			}
			public[path] = seen{got.header.Get("ETag"), got.header.Get("Last-Modified"), string(got.body)}
		}
	}
	if err := m.Show(t.Context(), m.owner, m.id, ledger.Private); err != nil {
		t.Fatal(err)
	}
	for path, header := range m.everyForm() {
		for _, condition := range [][]string{nil, {"If-None-Match", public[path].etag}, {"If-None-Match", `"x"`}, {"If-Modified-Since", time.Now().UTC().Format(http.TimeFormat)}, {"Range", "bytes=0-10"}} {
			got := m.do(t, "GET", path, nil, append(slices.Clone(header), condition...)...)
			if strings.HasPrefix(path, "/earners/") { // the profile itself stays
				changed := strings.Contains(public[path].body, m.id) || strings.Contains(path, "strip.svg")
				if found := m.leaks(got, path, m.badgeMarks...); got.status != 200 && changed || found != nil || changed && string(got.body) == public[path].body {
					t.Errorf("private: GET %s %v: %d, tells %q", path, condition, got.status, found)
				}
				continue
			}
			if found := m.leaks(got, path, m.badgeMarks...); got.status != 404 || found != nil {
				t.Errorf("private: GET %s %v: %d, tells %q", path, condition, got.status, found)
			}
		}
	}
	if got := m.do(t, "GET", "/s/"+m.share, nil, "Accept", browser); got.status != 404 {
		t.Errorf("a share link of a badge that was made private: %d, want 404", got.status)
	}
	if err := m.PublishProfile(t.Context(), m.owner, false); err != nil {
		t.Fatal(err)
	}
	for path, header := range m.everyForm() {
		for _, condition := range [][]string{nil, {"If-None-Match", public[path].etag}, {"If-None-Match", "*"}} {
			got := m.do(t, "GET", path, nil, append(slices.Clone(header), condition...)...)
			unknown := m.do(t, "GET", strings.NewReplacer(m.id, "9ZZZZZZZZZZZZZZZZZZZZZ", m.handle, "nobody-here").Replace(path), nil, append(slices.Clone(header), condition...)...)
			got.header.Del("Date")
			unknown.header.Del("Date")
			if got.status != 404 || string(got.body) != string(unknown.body) || cmp.Diff(got.header, unknown.header) != "" {
				t.Errorf("all private: GET %s %v: %d\n%s%s", path, condition, got.status, cmp.Diff(string(unknown.body), string(got.body)), cmp.Diff(unknown.header, got.header))
			}
		}
	}
}

func TestUnknownQueryChangesNothing(t *testing.T) {
	t.Parallel()
	m := mustMatrix(t)
	m.mustShow(t, m.id, ledger.Public)
	for path, header := range m.everyForm() {
		if strings.Contains(path, "#") || strings.Contains(path, "?") && !strings.HasPrefix(path, "/oembed") {
			continue
		}
		with := path + map[bool]string{true: "&", false: "?"}[strings.Contains(path, "?")] + "utm_source=%3Cscript%3E&next=//evil.example.org&callback=evil"
		plain, more := m.do(t, "GET", path, nil, header...), m.do(t, "GET", with, nil, append(slices.Clone(header), "X-Forwarded-Host", "evil.example.org", "X-Original-Url", "/me", "X-Forwarded-Proto", "gopher")...)
		if plain.status != more.status || string(plain.body) != string(more.body) || plain.header.Get("ETag") != more.header.Get("ETag") {
			t.Errorf("GET %s is otherwise than GET %s: %d %d\n%s", with, path, more.status, plain.status, cmp.Diff(string(plain.body), string(more.body)))
		}
	}
}

func TestForeignOriginsAreRefused(t *testing.T) {
	t.Parallel()
	m := mustMatrix(t)
	for _, r := range web.Routes() {
		l := lines[r.Method+" "+r.Path]
		if r.Method != "POST" || !slices.Contains([]string{"maybe signed in", "link holder", "signed in", "addressee", "owner"}, r.Rule) {
			continue
		}
		real, _ := m.requests(r, l)
		before := m.state(t)
		for _, foreign := range [][]string{
			{"Origin", "https://evil.example.org"},
			{"Origin", "null"},
			{"Origin", m.base + ".evil.example.org"},
			{"Sec-Fetch-Site", "cross-site"},
			{"Sec-Fetch-Site", "same-site", "Origin", "http://sub.localhost"},
		} {
			header := append([]string{"Accept", browser, "Content-Type", "application/x-www-form-urlencoded"}, m.mustSession(t, m.owner)...)
			got := m.do(t, "POST", real[0], []byte(strings.ReplaceAll(l.form, "ID", m.id)), append(header, foreign...)...)
			if got.status != http.StatusForbidden {
				t.Errorf("POST %s with %v: %d, want 403", real[0], foreign, got.status)
			}
		}
		if now := m.state(t); now != before {
			t.Errorf("POST %s from another site changed something: %s", real[0], cmp.Diff(before, now))
		}
	}
}

func TestNobodyIsSentElsewhere(t *testing.T) {
	t.Parallel()
	m := mustMatrix(t)
	for _, next := range []string{
		"//evil.example.org", `/\evil.example.org`, `\\evil.example.org`, "https://evil.example.org", "https:evil.example.org", "javascript:alert(1)",
		"/%2F/evil.example.org", "/\t/evil.example.org", "///evil.example.org", "http://localhost@evil.example.org", ".evil.example.org", "%68ttps://evil.example.org",
	} {
		for _, path := range []string{"/sign-in?next=", "/me?next=", "/me/shares?next=", "/?next="} {
			for _, who := range [][]string{nil, m.mustSession(t, m.owner)} {
				got := m.do(t, "GET", path+url.QueryEscape(next), nil, append([]string{"Accept", browser}, who...)...)
				if to := got.header.Get("Location"); to != "" && !ownAddress(to) {
					t.Errorf("GET %s%q leads to %q", path, next, to)
				}
				if form := regexp.MustCompile(`(?:href|action|value)="([^"]*evil\.example\.org[^"]*)"`).FindStringSubmatch(string(got.body)); form != nil && !strings.HasPrefix(form[1], "/?") && !strings.HasPrefix(form[1], "/me") && !strings.HasPrefix(form[1], "/sign-in") {
					t.Errorf("GET %s%q: the page has %s", path, next, form[0])
				}
			}
		}
		for path, field := range map[string]string{"/language": "lang=en&to=", "/sign-in": "email=kim%40example.org&next=", "/me/shares/" + m.shareID + "/close": "badge="} {
			got := m.do(t, "POST", path, []byte(field+url.QueryEscape(next)), append([]string{
				"Accept", browser, "Content-Type", "application/x-www-form-urlencoded", "Origin", m.base,
			}, m.mustSession(t, m.owner)...)...)
			if to := got.header.Get("Location"); to != "" && !ownAddress(to) {
				t.Errorf("POST %s %s%q leads to %q", path, field, next, to)
			}
		}
	}
}

// ownAddress tells whether a browser stays on this host when it follows an
// address.
func ownAddress(to string) bool {
	return strings.HasPrefix(to, "/") && !strings.HasPrefix(to, "//") && !strings.ContainsAny(to[:min(2, len(to))], "\\\t")
}

func TestNothingStaysVisibleOfADeletedAccount(t *testing.T) {
	t.Parallel()
	m := mustMatrix(t)
	m.mustShow(t, m.id, ledger.Public)
	etags := map[string]string{}
	for path, header := range m.everyForm() {
		etags[path] = m.do(t, "GET", path, nil, header...).header.Get("ETag")
	}
	if err := m.DeleteAccount(t.Context(), "test", m.owner); err != nil {
		t.Fatal(err)
	}
	for path, header := range m.everyForm() {
		got := m.do(t, "GET", path, nil, append(slices.Clone(header), "If-None-Match", etags[path])...)
		if found := m.leaks(got, path, slices.Concat(m.privateMarks, m.badgeMarks, []string{"Headlineword"})...); got.status != 404 || found != nil {
			t.Errorf("deleted: GET %s: %d, tells %q", path, got.status, found)
		}
	}
	for _, suffix := range []string{"", ".json", ".png", "/assertion", "/certificate.pdf"} {
		if got := m.do(t, "GET", "/s/"+m.share+suffix, nil, "Accept", browser); got.status != 404 {
			t.Errorf("deleted: the share link%s answers %d", suffix, got.status)
		}
	}
}

func TestListsGiveNoReasonOfAPrivateBadge(t *testing.T) {
	t.Parallel()
	h := mustHouse(t, nil)
	const why = "The sitting was looked into"
	list := map[string]string{
		"revoked":   h.mustAward(t, "cloud-foundations", passed("1", "CL-100", 30, kim)),
		"suspended": h.mustAward(t, "data-foundations", passed("2", "DL-100", 30, li)),
	}
	if err := h.Revoke(t.Context(), "test", list["revoked"], why); err != nil {
		t.Fatal(err)
	}
	if err := h.Suspend(t.Context(), "test", list["suspended"], why); err != nil {
		t.Fatal(err)
	}
	for visibility, told := range map[string]bool{ledger.Public: true, ledger.Unlisted: false, ledger.Private: false} {
		for want, id := range list {
			h.mustShow(t, id, visibility)
			for _, address := range []string{"/revocations/" + h.slug, "/ob2/revocations/" + h.slug} {
				if got := string(h.do(t, "GET", address, nil).body); !strings.Contains(got, id) {
					t.Errorf("%s: %s does not name the %s badge: %s", visibility, address, want, got)
				}
			}
			for _, format := range []issuer.Format{issuer.FormatJSON, issuer.FormatPNG, issuer.FormatOB2JWS} {
				file, err := h.Export(t.Context(), id, format)
				if err != nil {
					t.Fatal(err)
				}
				got := h.do(t, "POST", "/api/v1/verify", file.Body)
				if r := mustJSON[struct{ Verdict string }](t, got, http.StatusOK); r.Verdict != want && (r.Verdict != "revoked" || format != issuer.FormatOB2JWS) {
					t.Errorf("%s: the %s badge as %s is %s", visibility, want, format, r.Verdict)
				}
				if !told && strings.Contains(string(got.body), why) {
					t.Errorf("%s: the report of the %s badge as %s tells why", visibility, want, format)
				}
			}
		}
		for _, address := range []string{"/revocations/" + h.slug, "/ob2/revocations/" + h.slug} {
			if got := string(h.do(t, "GET", address, nil).body); strings.Contains(got, why) != told {
				t.Errorf("%s: %s: %s", visibility, address, got)
			}
		}
	}
}
