package main

import (
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// claimant is one person with a browser, who claims one badge.
type claimant struct {
	address string
	client  *http.Client
	servers []string // the first is always there
	mails   *mailServer
}

// ask sends a request to one of the servers, and again to the first where that
// one is gone. A form that is sent twice does what it does once.
func (p *claimant) ask(ctx context.Context, server int, method, path string, form url.Values) (at, page string, err error) {
	for try := range 20 {
		base := p.servers[server%len(p.servers)]
		if try > 0 {
			base = p.servers[0]
		}
		var body io.Reader
		if form != nil {
			body = strings.NewReader(form.Encode())
		}
		req, err := http.NewRequestWithContext(ctx, method, base+path, body)
		if err != nil {
			return "", "", err
		}
		req.Header.Set("Accept", "text/html")
		if form != nil {
			req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		}
		res, err := p.client.Do(req)
		if err != nil {
			if ctx.Err() != nil {
				return "", "", err
			}
			time.Sleep(100 * time.Millisecond)
			continue
		}
		text, err := io.ReadAll(res.Body)
		_ = res.Body.Close()
		if err != nil || res.StatusCode == http.StatusServiceUnavailable {
			continue
		}
		if res.StatusCode != http.StatusOK {
			return "", "", fmt.Errorf("%s %s for %s: %d %.300s", method, path, p.address, res.StatusCode, text)
		}
		return res.Request.URL.Path, string(text), nil
	}
	return "", "", fmt.Errorf("%s %s for %s: no server answers", method, path, p.address)
}

var hiddenClick = regexp.MustCompile(`name="click" value="([^"]+)"`)

// start goes from the badge's mail to where the confirmation is asked for.
func (p *claimant) start(ctx context.Context, server int) error {
	link, err := p.mails.letter(ctx, p.address, "/claim/")
	if err != nil {
		return err
	}
	if _, _, err = p.ask(ctx, server, http.MethodGet, link, nil); err != nil {
		return err
	}
	at, _, err := p.ask(ctx, server, http.MethodPost, link, url.Values{"act": {"claim"}})
	if err == nil && at != "/sign-in/code" {
		err = fmt.Errorf("%s: claiming leads to %s", p.address, at)
	}
	return err
}

// finish goes from the confirmation mail to the badge that is claimed.
func (p *claimant) finish(ctx context.Context, server int) error {
	link, err := p.mails.letter(ctx, p.address, "/confirm/")
	if err != nil {
		return err
	}
	_, page, err := p.ask(ctx, server, http.MethodGet, link, nil)
	if err != nil {
		return err
	}
	click := hiddenClick.FindStringSubmatch(page)
	if click == nil {
		return fmt.Errorf("%s: the confirmation has no button: %.300s", p.address, page)
	}
	at, _, err := p.ask(ctx, server, http.MethodPost, link, url.Values{"click": {click[1]}})
	if err == nil && !strings.HasPrefix(at, "/me/badges/") {
		err = fmt.Errorf("%s: confirming leads to %s", p.address, at)
	}
	return err
}

// crowd lets all claimants do something, fifty at a time.
func crowd(t *testing.T, all []*claimant, do func(i int, p *claimant) error) {
	t.Helper()
	var next atomic.Int64
	var running sync.WaitGroup
	for range 50 {
		running.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(all); i = int(next.Add(1)) - 1 {
				if err := do(i, all[i]); err != nil {
					t.Error(err)
				}
			}
		})
	}
	running.Wait()
	if t.Failed() {
		t.FailNow()
	}
}

// TestManyClaimsWhileMailIsDown and one of two servers is killed: everybody ends
// with one badge that is claimed, and one mail of each kind.
func TestManyClaimsWhileMailIsDown(t *testing.T) {
	earners, down := 1000, time.Minute
	if testing.Short() {
		earners, down = 100, 5*time.Second
	}
	h := mustHome(t, "", "2026-08-01T10:00:00Z")
	h.mustLoadSample(t)
	mails := mustMailServer(t)
	mails.up(t)
	h.must(t, "results", "import", manyPasses(t, earners))
	second := freePort(t)
	h.serve(t, h.port, "--smtp", mails.url())
	victim := h.serve(t, second, "--smtp", mails.url())
	all := make([]*claimant, earners)
	for i := range all {
		jar, err := cookiejar.New(nil)
		if err != nil {
			t.Fatal(err)
		}
		all[i] = &claimant{
			address: fmt.Sprintf("earner-%d@example.org", i), client: &http.Client{Jar: jar}, mails: mails,
			servers: []string{h.base, "http://localhost:" + second},
		}
	}
	eventually(t, 2*time.Minute, "every badge mail came", func() bool { n, _ := mails.count(); return n == earners })
	mails.become(refusing)
	up := time.AfterFunc(down, func() { mails.become(willing) })
	defer up.Stop()
	ctx, stop := context.WithTimeout(t.Context(), 5*time.Minute)
	defer stop()
	var killed sync.Once
	crowd(t, all, func(i int, p *claimant) error {
		if i == earners/2 {
			killed.Do(func() { _ = victim.Process.Kill() })
		}
		return p.start(ctx, i)
	})
	crowd(t, all, func(i int, p *claimant) error { return p.finish(ctx, 0) })
	for _, w := range h.awards(t) {
		if w.Acceptance != "claimed" || w.Visibility != "private" {
			t.Errorf("the award to %s is %s and %s", w.Name, w.Acceptance, w.Visibility)
		}
	}
	if got := len(h.awards(t)); got != earners {
		t.Errorf("%d awards for %d earners", got, earners)
	}
	time.Sleep(2 * time.Second) // in which a third mail would come
	n, twice := mails.count()
	if refused, _ := mails.failures(); n != 2*earners || refused == 0 {
		t.Errorf("%d different mails for %d earners, want two each; %d were refused for a while, %d came twice around the kill", n, earners, refused, twice)
	}
}

// manyPasses is a file in which each of n people passes one exam.
func manyPasses(t *testing.T, n int) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "passes.csv")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	rows := [][]string{sittingColumns}
	for i := range n {
		rows = append(rows, []string{
			"sample-centre", fmt.Sprint(i), "AB-1", "2026-07-01T10:00:00Z", "passed", "", fmt.Sprintf("C-%d", i), fmt.Sprintf("earner-%d@example.org", i),
			"Kim", fmt.Sprintf("Sample %d", i), "en", "online", "en",
		})
	}
	if err := csv.NewWriter(f).WriteAll(rows); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}
