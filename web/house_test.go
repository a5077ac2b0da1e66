package web_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/accolade-badges/accolade/assets/programmes"
	"github.com/accolade-badges/accolade/issuer"
	"github.com/accolade-badges/accolade/issuer/art"
	"github.com/accolade-badges/accolade/issuer/keys"
	"github.com/accolade-badges/accolade/issuer/ledger"
	"github.com/accolade-badges/accolade/issuer/mail"
	"github.com/accolade-badges/accolade/web"
)

// start is when the clock of every test house begins.
var start = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// clock is a programme's clock that a test moves.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// studio is shared by all houses: it never changes, and takes long to make.
var studio = sync.OnceValues(func() (*art.Studio, error) { return art.New(art.Config{}) })

// house is an installation that is served on a loopback port.
type house struct {
	*issuer.Service
	ledger  *ledger.Ledger
	clock   *clock
	base    string // base URL, at localhost
	address string // 127.0.0.1:PORT
	slug    string // of its first issuer
	folder  string
	outbox  string
	log     *logBuffer
}

// logBuffer keeps what the server logs.
type logBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *logBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *logBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// mustHouse serves a new installation with the sample programme. change may
// alter the configuration of its web server.
func mustHouse(tb testing.TB, change func(*web.Config)) *house {
	tb.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	dir := tb.TempDir()
	h := &house{
		clock: &clock{at: start}, folder: dir, outbox: filepath.Join(dir, "outbox"), address: l.Addr().String(),
		base: "http://localhost:" + strconv.Itoa(l.Addr().(*net.TCPAddr).Port), log: &logBuffer{},
	}
	ctx := context.Background()
	if h.ledger, err = ledger.Open(ctx, ledger.Config{URL: filepath.Join(dir, "ledger.db"), Now: h.clock.now}); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = h.ledger.Close() })
	master, err := keys.CreateMaster(filepath.Join(dir, "master.key"), "")
	if err != nil {
		tb.Fatal(err)
	}
	shared, err := studio()
	if err != nil {
		tb.Fatal(err)
	}
	h.Service, err = issuer.New(issuer.Config{
		Ledger: h.ledger, Master: master, BaseURL: h.base, Now: h.clock.now, Studio: shared, Sender: &mail.Folder{Dir: h.outbox},
	})
	if err != nil {
		tb.Fatal(err)
	}
	h.slug = h.mustIssuer(tb, "Sample Certification Institute", programmes.Demo())
	log := slog.New(slog.NewTextHandler(h.log, nil))
	c := web.Config{Issuer: h.Service, Mailbox: h.outbox, Log: log}
	if change != nil {
		change(&c)
	}
	handler, err := web.New(c)
	if err != nil {
		tb.Fatal(err)
	}
	srv, _ := web.Serve(l, handler, log)
	tb.Cleanup(func() { _ = srv.Close() })
	return h
}

// mustIssuer adds an issuer with a programme and returns its slug.
func (h *house) mustIssuer(tb testing.TB, name string, programme []byte) string {
	tb.Helper()
	is, err := h.CreateIssuer(tb.Context(), "test", issuer.NewIssuer{
		Name: name, Email: "badges@example.org", URL: "https://example.org", Description: "An institute made up for tests.",
	})
	if err != nil {
		tb.Fatal(err)
	}
	if _, err := h.LoadProgramme(tb.Context(), "test", is.Slug, programme); err != nil {
		tb.Fatal(err)
	}
	return is.Slug
}

// The sample people.
var (
	kim  = issuer.Candidate{Number: "S-1001", Email: "kim@example.org", GivenName: "Kim", FamilyName: "Sample", Locale: "en"}
	li   = issuer.Candidate{Number: "S-1002", Email: "li.ming@example.org", GivenName: "明", FamilyName: "示例", Locale: "zh-CN"}
	noor = issuer.Candidate{Number: "S-1003", Email: "noor@example.org", GivenName: "نور", FamilyName: "المثال", Locale: "en"}
)

// passed is a sitting that was passed some days before the house's clock began.
func passed(id, exam string, daysAgo int, who issuer.Candidate) issuer.Result {
	return issuer.Result{
		Provider: "sample-centre", ResultID: id, Exam: exam, Outcome: issuer.Passed, Candidate: who,
		TakenAt: start.AddDate(0, 0, -daysAgo).Format(time.RFC3339),
	}
}

// mustAward records a passed sitting, signs and mails what it earns, and returns
// the id of the award whose achievement is named. It stays private.
func (h *house) mustAward(tb testing.TB, achievement string, r issuer.Result) string {
	tb.Helper()
	recorded, err := h.RecordResult(tb.Context(), h.slug, r)
	if err != nil {
		tb.Fatal(err)
	}
	if _, err := h.Drain(tb.Context(), nil); err != nil {
		tb.Fatal(err)
	}
	for _, a := range recorded.Awards {
		if a.Achievement == achievement {
			return a.ID
		}
	}
	tb.Fatalf("%s did not earn %s but %v: %s", r.Exam, achievement, recorded.Awards, recorded.Why())
	return ""
}

// mustShow sets the visibility of an award.
func (h *house) mustShow(tb testing.TB, id, visibility string) {
	tb.Helper()
	if err := h.SetVisibility(tb.Context(), "test", id, visibility); err != nil {
		tb.Fatal(err)
	}
}

// mustToken makes an API token for the house's first issuer.
func (h *house) mustToken(tb testing.TB, scopes ...issuer.Scope) string {
	tb.Helper()
	token, err := h.CreateToken(tb.Context(), "test", h.slug, "test", scopes, time.Time{})
	if err != nil {
		tb.Fatal(err)
	}
	return token
}

// mustClaimLink reads the newest claim link from the outbox.
func (h *house) mustClaimLink(tb testing.TB) string {
	tb.Helper()
	res := h.do(tb, "GET", "/mailbox", nil)
	names := regexp.MustCompile(`href="/mailbox/([^"]+)"`).FindAllStringSubmatch(string(res.body), -1)
	for _, name := range names {
		text := string(h.do(tb, "GET", "/mailbox/"+name[1], nil).body)
		if link := regexp.MustCompile(`/claim/[A-Za-z0-9_-]+`).FindString(text); link != "" {
			return link
		}
	}
	tb.Fatal("no mail in the outbox has a claim link")
	return ""
}

// answer is a response with its body read.
type answer struct {
	status int
	header http.Header
	body   []byte
	length int64
}

func (a answer) mediaType() string {
	name, _, _ := strings.Cut(a.header.Get("Content-Type"), ";")
	return name
}

// direct follows no redirect, keeps no cookie, and sends no header by itself.
var direct = &http.Client{
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	Transport:     &http.Transport{DisableCompression: true},
}

// do sends a request; header is name, value, name, value, …
func (h *house) do(tb testing.TB, method, path string, body []byte, header ...string) answer {
	tb.Helper()
	target := path
	if strings.HasPrefix(path, "/") {
		target = h.base + path
	}
	var r io.Reader
	if body != nil {
		r = bytes.NewReader(body)
	}
	req, err := http.NewRequestWithContext(tb.Context(), method, target, r)
	if err != nil {
		tb.Fatal(err)
	}
	req.Header.Set("User-Agent", "test")
	for i := 0; i < len(header); i += 2 {
		if header[i] == "Host" {
			req.Host = header[i+1]
			continue
		}
		req.Header.Set(header[i], header[i+1])
	}
	res, err := direct.Do(req)
	if err != nil {
		tb.Fatalf("%s %s: %v", method, path, err)
	}
	defer func() { _ = res.Body.Close() }()
	got, err := io.ReadAll(res.Body)
	if err != nil {
		tb.Fatalf("%s %s: read the body: %v", method, path, err)
	}
	return answer{res.StatusCode, res.Header, got, res.ContentLength}
}

// browser is the Accept header of browsers for pages.
const browser = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8"

// page reads a page as a browser does and fails unless it answers 200.
func (h *house) page(tb testing.TB, path string) string {
	tb.Helper()
	got := h.do(tb, "GET", path, nil, "Accept", browser)
	if got.status != http.StatusOK || got.mediaType() != "text/html" {
		tb.Fatalf("GET %s: %d %s\n%s", path, got.status, got.mediaType(), got.body)
	}
	return string(got.body)
}

// call sends JSON to the API with a token; more headers are name, value, …
func (h *house) call(tb testing.TB, method, path, token string, body any, more ...string) answer {
	tb.Helper()
	var sent []byte
	switch b := body.(type) {
	case nil:
	case string:
		sent = []byte(b)
	default:
		var err error
		if sent, err = json.Marshal(b); err != nil {
			tb.Fatal(err)
		}
	}
	header := append([]string{"Content-Type", "application/json"}, more...)
	if token != "" {
		header = append(header, "Authorization", "Bearer "+token)
	}
	return h.do(tb, method, path, sent, header...)
}

// mustJSON reads a JSON answer with the status that is wanted.
func mustJSON[T any](tb testing.TB, got answer, status int) T {
	tb.Helper()
	var v T
	if got.status != status {
		tb.Fatalf("status %d, want %d: %s", got.status, status, got.body)
	}
	if err := json.Unmarshal(got.body, &v); err != nil {
		tb.Fatalf("not JSON: %v\n%s", err, got.body)
	}
	return v
}

func escape(s string) string { return url.QueryEscape(s) }
