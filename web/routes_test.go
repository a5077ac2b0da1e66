package web_test

import (
	"bytes"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/accolade-badges/accolade/issuer"
	"github.com/accolade-badges/accolade/issuer/ledger"
	"github.com/accolade-badges/accolade/web"
)

// samples are real values for the parameters of the route table.
type samples struct {
	*house
	id   string
	fill *strings.Replacer
}

// mustSamples makes a house with one public award.
func mustSamples(tb testing.TB) samples {
	tb.Helper()
	h := mustHouse(tb, nil)
	id := h.mustAward(tb, "cloud-administrator", passed("1", "CL-210", 20, kim))
	h.mustShow(tb, id, ledger.Public)
	credential := mustJSON[struct {
		Status struct {
			List string `json:"statusListCredential"`
		} `json:"credentialStatus"`
	}](tb, h.do(tb, "GET", "/badges/"+id+".json", nil), 200)
	set := mustJSON[struct {
		Keys []struct {
			ID  string `json:"kid"`
			Alg string `json:"kty"`
		} `json:"keys"`
	}](tb, h.do(tb, "GET", "/.well-known/jwks.json", nil), 200)
	rsa := ""
	for _, k := range set.Keys {
		if k.Alg == "RSA" {
			rsa = k.ID[strings.LastIndex(k.ID, "/")+1:]
		}
	}
	letter := h.do(tb, "GET", "/mailbox", nil)
	_, rest, _ := strings.Cut(string(letter.body), `href="/mailbox/`)
	name, _, _ := strings.Cut(rest, `"`)
	sheet := h.page(tb, "/")
	_, rest, _ = strings.Cut(sheet, `href="/static/`)
	static, _, _ := strings.Cut(rest, `"`)
	hash, file, _ := strings.Cut(static, "/")
	claim := strings.TrimPrefix(h.mustClaimLink(tb), "/claim/")
	return samples{house: h, id: id, fill: strings.NewReplacer(
		"/claim/:token/:file", "/claim/"+claim+"/json", ":token", claim, "/achievements/:slug", "/achievements/cloud-administrator",
		"/ob2/badges/:slug", "/ob2/badges/cloud-administrator", ":slug", h.slug, ":id", id, ":key", rsa,
		":list", credential.Status.List[strings.LastIndex(credential.Status.List, "/")+1:], ":name", name, ":hash", hash, ":file", file,
	)}
}

// path is a real address of a route.
func (s samples) path(r web.Route) string {
	p := s.fill.Replace(r.Path)
	if p == "/oembed" {
		p += "?url=" + escape(s.base+"/badges/"+s.id)
	}
	return p
}

func TestEveryRouteHasARule(t *testing.T) {
	t.Parallel()
	known := []string{
		"everybody", "document", "when public", "profile", "by link", "by token", "operator", "maybe signed in", "link holder", "signed in", "addressee", "owner",
	}
	for _, r := range web.Routes() {
		if !slices.Contains(known, r.Rule) {
			t.Errorf("%s %s: the rule %q is none of %v", r.Method, r.Path, r.Rule, known)
		}
		if (r.Rule == "by token") != (r.Scope != "") {
			t.Errorf("%s %s: rule %q with scope %q", r.Method, r.Path, r.Rule, r.Scope)
		}
	}
}

// elsewhere are the routes whose secrets only a mail or another site gives; they
// are tested with those.
var elsewhere = []string{"/confirm/:token", "/u/:token", "/me/merge/:proof", "/sign-in/with/:provider", "/sign-in/with/:provider/back"}

func TestEveryRouteAnswers(t *testing.T) {
	t.Parallel()
	m := mustMatrix(t)
	m.mustShow(t, m.id, ledger.Public)
	token := m.mustToken(t, issuer.Scopes()...)
	for _, r := range web.Routes() {
		if r.Method != "GET" || slices.Contains(elsewhere, r.Path) {
			continue
		}
		paths, _ := m.requests(r, lines[r.Method+" "+r.Path])
		if strings.HasPrefix(r.Path, "/claim/") || r.Rule == "by token" {
			paths = []string{m.path(r)} // a link that is not used, an award of the token's issuer
		}
		for _, path := range paths {
			for _, accept := range []string{browser, ""} {
				t.Run(path+" "+accept, func(t *testing.T) { m.answers(t, r, path, accept, token) })
			}
		}
	}
	if logged := m.log.String(); logged != "" {
		t.Errorf("the server complained:\n%s", logged)
	}
}

// answers fails unless a route is there for whoever may have it, and says the
// same of itself to HEAD.
func (m *matrix) answers(t *testing.T, r web.Route, path, accept, token string) {
	t.Helper()
	header := append(m.mustSession(t, m.owner), "Authorization", "Bearer "+token)
	if accept != "" {
		header = append(header, "Accept", accept)
	}
	got := m.do(t, "GET", path, nil, header...)
	if got.status != 200 && got.status != 303 {
		t.Fatalf("GET %s: %d: %s", path, got.status, got.body)
	}
	if got.status == 200 && got.length != int64(len(got.body)) && r.Path != "/me/export/account.zip" { // written as it is made
		t.Errorf("GET %s: Content-Length %d, body of %d bytes", path, got.length, len(got.body))
	}
	head := m.do(t, "HEAD", path, nil, header...)
	if len(head.body) != 0 || head.status != got.status {
		t.Errorf("HEAD %s: %d with %d bytes, want %d without any", path, head.status, len(head.body), got.status)
	}
	got.header.Del("Date")
	head.header.Del("Date")
	if diff := cmp.Diff(got.header, head.header); got.status == 200 && diff != "" {
		t.Errorf("HEAD %s answers other headers than GET (-GET +HEAD):\n%s", path, diff)
	}
	m.checkHeaders(t, r, path, got)
}

// checkHeaders fails where an answer lacks what its rule and its kind ask for.
func (s samples) checkHeaders(t *testing.T, r web.Route, path string, got answer) {
	t.Helper()
	want := map[string]string{"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}
	switch r.Rule {
	case "document", "when public", "profile":
		want["Access-Control-Allow-Origin"] = "*"
	case "by link", "operator", "link holder", "signed in", "addressee", "owner":
		want["Cache-Control"], want["X-Robots-Tag"], want["Access-Control-Allow-Origin"] = "no-store", "noindex", ""
	default:
		want["Access-Control-Allow-Origin"] = ""
	}
	for name, value := range want {
		if got.header.Get(name) != value {
			t.Errorf("GET %s: %s %q, want %q", path, name, got.header.Get(name), value)
		}
	}
	policy := got.header.Get("Content-Security-Policy")
	frames := "frame-ancestors 'none'"
	switch r.Path {
	case "/badges/:id/embed":
		frames = "frame-ancestors *"
	case "/mailbox/:name/html", "/me/badges/:id/signature/preview":
		frames = "frame-ancestors 'self'"
	}
	if !strings.Contains(policy, frames) {
		t.Errorf("GET %s: Content-Security-Policy %q lacks %s", path, policy, frames)
	}
	if got.mediaType() == "text/html" {
		if strings.Contains(policy, "unsafe-inline") && frames != "frame-ancestors 'self'" || !strings.Contains(policy, "default-src 'none'") {
			t.Errorf("GET %s: Content-Security-Policy %q is not strict", path, policy)
		}
		if r.Rule == "when public" && r.Path == "/badges/:id" && got.header.Get("Vary") != "Accept" {
			t.Errorf("GET %s: Vary %q, want Accept", path, got.header.Get("Vary"))
		}
	}
}

// forms are the requests that ask for an award in every form that it has.
func (s samples) forms() map[string][]string {
	list := map[string][]string{}
	for _, r := range web.Routes() {
		if r.Rule != "when public" {
			continue
		}
		list[s.path(r)] = nil
	}
	for _, suffix := range []string{".json", ".jwt", ".png", ".svg", ".ob2.svg", ".ob2.json"} {
		list["/badges/"+s.id+suffix] = nil
	}
	for _, accept := range []string{browser, "*/*", "application/json", "application/vc+ld+json", "text/plain", "image/png", "image/svg+xml"} {
		list["/badges/"+s.id+"#"+accept] = []string{"Accept", accept}
	}
	return list
}

func TestVisibilityRulesEveryForm(t *testing.T) {
	t.Parallel()
	s := mustSamples(t)
	type seen struct{ etag, body string }
	before := map[string]seen{}
	for path, header := range s.forms() {
		got := s.do(t, "GET", path, nil, header...)
		if got.status != 200 {
			t.Errorf("public: GET %s %v: %d, want 200", path, header, got.status)
		}
		before[path] = seen{got.header.Get("ETag"), string(got.body)}
	}
	for _, visibility := range []string{ledger.Private, ledger.Unlisted} {
		s.mustShow(t, s.id, visibility)
		for path, header := range s.forms() {
			for _, condition := range []string{"", before[path].etag, "*"} {
				all := header
				if condition != "" {
					all = append(slices.Clone(header), "If-None-Match", condition)
				}
				got := s.do(t, "GET", path, nil, all...)
				unknown := s.do(t, "GET", strings.ReplaceAll(path, s.id, "nothing2here3AtA11"), nil, all...)
				switch {
				case got.status != 404:
					t.Errorf("%s: GET %s %v: %d, want 404", visibility, path, all, got.status)
				case got.header.Get("Cache-Control") != "no-store":
					t.Errorf("%s: GET %s: Cache-Control %q, want no-store", visibility, path, got.header.Get("Cache-Control"))
				case !bytes.Equal(got.body, unknown.body):
					t.Errorf("%s: GET %s %v tells that there is something:\n%s\nthan for an unknown id\n%s", visibility, path, all, got.body, unknown.body)
				}
				got.header.Del("Date")
				unknown.header.Del("Date")
				if diff := cmp.Diff(unknown.header, got.header); diff != "" {
					t.Errorf("%s: GET %s %v: headers differ from those of an unknown id:\n%s", visibility, path, all, diff)
				}
				if head := s.do(t, "HEAD", path, nil, all...); head.status != 404 {
					t.Errorf("%s: HEAD %s: %d, want 404", visibility, path, head.status)
				}
			}
		}
	}
	s.mustShow(t, s.id, ledger.Public)
	for path, header := range s.forms() {
		if got := s.do(t, "GET", path, nil, header...); got.status != 200 {
			t.Errorf("public again: GET %s %v: %d, want 200", path, header, got.status)
		}
	}
}

func TestRevocationShowsInEveryForm(t *testing.T) {
	t.Parallel()
	s := mustSamples(t)
	picture := s.do(t, "GET", "/badges/"+s.id+"/image.png", nil)
	card := s.do(t, "GET", "/badges/"+s.id+"/card.png", nil)
	page := s.do(t, "GET", "/badges/"+s.id, nil, "Accept", browser)
	if !strings.Contains(string(page.body), "Genuine and in force") {
		t.Fatalf("the page of a good badge does not say so:\n%s", page.body)
	}
	if err := s.Revoke(t.Context(), "test", s.id, "The result was voided"); err != nil {
		t.Fatal(err)
	}
	gone := s.do(t, "GET", "/ob2/assertions/"+s.id, nil, "Accept", "application/ld+json")
	told := mustJSON[struct {
		Revoked bool   `json:"revoked"`
		Reason  string `json:"revocationReason"`
	}](t, gone, http.StatusGone)
	if !told.Revoked || told.Reason != "The result was voided" || gone.mediaType() != "application/ld+json" {
		t.Errorf("the assertion of a revoked badge: %s %s", gone.mediaType(), gone.body)
	}
	after := s.do(t, "GET", "/badges/"+s.id, nil, "Accept", browser, "If-None-Match", page.header.Get("ETag"))
	if after.status != 200 || !strings.Contains(string(after.body), ">Revoked<") || strings.Contains(string(after.body), "Genuine and in force") {
		t.Errorf("the page of a revoked badge, asked for with the ETag of before: %d\n%s", after.status, after.body)
	}
	if !strings.Contains(s.page(t, "/badges/"+s.id+"/embed"), "Revoked") {
		t.Error("the embed of a revoked badge does not say so")
	}
	for name, old := range map[string]answer{"image.png": picture, "card.png": card} {
		got := s.do(t, "GET", "/badges/"+s.id+"/"+name, nil, "If-None-Match", old.header.Get("ETag"))
		if got.status != 200 || bytes.Equal(got.body, old.body) {
			t.Errorf("%s of a revoked badge: %d, the same picture: %v", name, got.status, bytes.Equal(got.body, old.body))
		}
	}
	if list := s.do(t, "GET", "/revocations/"+s.slug, nil); !strings.Contains(string(list.body), s.id) {
		t.Errorf("the revocation list does not name the badge: %s", list.body)
	}
	if list := s.do(t, "GET", "/ob2/revocations/"+s.slug, nil); !strings.Contains(string(list.body), s.id) {
		t.Errorf("the OB 2.0 revocation list does not name the badge: %s", list.body)
	}
}

func TestHostHeader(t *testing.T) {
	t.Parallel()
	h := mustHouse(t, nil)
	_, port, _ := strings.Cut(h.address, ":")
	n, _ := strconv.Atoi(port)
	for host, want := range map[string]int{
		"localhost:" + port: 200, "127.0.0.1:" + port: 200, "[::1]:" + port: 200, "LOCALHOST:" + port: 200, "localhost": 200,
		"localhost:" + strconv.Itoa(n%60000+1): 200,
		"evil.example.org":                     421, "evil.example.org:" + port: 421, "localhost.evil.example.org": 421, "127.0.0.2": 421, "localhost@evil.example.org": 421,
	} {
		if got := h.do(t, "GET", "/", nil, "Host", host, "X-Forwarded-Host", "evil.example.org"); got.status != want && (want != 421 || got.status != 400) {
			t.Errorf("Host %s: %d, want %d", host, got.status, want)
		} else if strings.Contains(string(got.body), "evil.example.org") {
			t.Errorf("Host %s: the page repeats a foreign name", host)
		}
	}
	if got := h.do(t, "GET", "/healthz", nil, "Host", "10.0.0.7"); got.status != 200 {
		t.Errorf("/healthz by address: %d, want 200 for whoever watches", got.status)
	}
}
