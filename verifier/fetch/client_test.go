package fetch

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func mustServe(t *testing.T, h http.HandlerFunc) (base, hostport string) {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s.URL, strings.TrimPrefix(s.URL, "http://")
}

func mustClient(t *testing.T, c Config) *Client {
	t.Helper()
	client, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	return client
}

func wantCode(t *testing.T, err error, want Code) {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) {
		t.Fatalf("got %v, want an *Error with code %s", err, want)
	}
	if e.Code != want {
		t.Fatalf("got code %s (%v), want %s", e.Code, e, want)
	}
}

func TestRefusesBeforeDialling(t *testing.T) {
	client := mustClient(t, Config{})
	for _, c := range []struct {
		url  string
		want Code
	}{
		{"http://example.org/a", SchemeForbidden},
		{"file:///etc/hostname", SchemeForbidden},
		{"gopher://127.0.0.1:9/_x", SchemeForbidden},
		{"javascript:alert(1)", SchemeForbidden},
		{"https://example.org:8443/", PortForbidden},
		{"https://user:secret@example.org/", BadURL},
		{"https:///path", BadURL},
		{"https://", BadURL},
		{"/relative", BadURL},
		{"", BadURL},
		{"https://0177.0.0.1/", BadURL},
		{"https://2130706433/", BadURL},
		{"https://0x7f.1/", BadURL},
		{"https://example.org/" + strings.Repeat("a", 5000), BadURL},
	} {
		_, err := client.Get(context.Background(), c.url, "*/*")
		var e *Error
		if !errors.As(err, &e) || e.Code != c.want {
			t.Errorf("Get(%.60q) = %v, want code %s", c.url, err, c.want)
		}
	}
}

func TestRefusesAddressesAtDialTime(t *testing.T) {
	client := mustClient(t, Config{AllowHTTP: true})
	for _, host := range []string{
		"127.0.0.1", "localhost", "10.1.2.3", "172.16.0.9", "192.168.1.1", "169.254.169.254",
		"100.64.0.1", "0.0.0.0", "224.0.0.1", "255.255.255.255", "[::1]", "[::]", "[fe80::1]", "[fd00::1]",
		"[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "[2001:db8::1]",
	} {
		for _, scheme := range []string{"https", "http"} {
			_, err := client.Get(context.Background(), scheme+"://"+host+"/", "*/*")
			var e *Error
			if !errors.As(err, &e) || e.Code != AddressForbidden {
				t.Errorf("Get(%s://%s/) = %v, want code %s", scheme, host, err, AddressForbidden)
			}
		}
	}
}

func TestAllowedHostIsExactlyThatHostAndPort(t *testing.T) {
	base, hostport := mustServe(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprint(w, `{}`)
	})
	client := mustClient(t, Config{AllowHosts: []string{hostport}})
	r, err := client.Get(context.Background(), base+"/x#fragment", "application/json")
	if err != nil || r.Status != 200 || string(r.Body) != "{}" || r.ContentType != "application/json" || r.URL != base+"/x" {
		t.Fatalf("Get of the allowed host = %+v, %v", r, err)
	}
	_, port, _ := net.SplitHostPort(hostport)
	_, err = client.Get(context.Background(), "http://localhost:"+port+"/", "*/*")
	wantCode(t, err, SchemeForbidden)
	_, err = client.Get(context.Background(), "https://127.0.0.1:1/", "*/*")
	wantCode(t, err, PortForbidden)
	if _, err := New(Config{AllowHosts: []string{"localhost"}}); err == nil || !strings.Contains(err.Error(), "HOST:PORT") {
		t.Fatalf("New with an entry without port = %v", err)
	}
}

func TestRedirects(t *testing.T) {
	var canary atomic.Int32
	canaryBase, _ := mustServe(t, func(http.ResponseWriter, *http.Request) { canary.Add(1) })
	base, hostport := mustServe(t, func(w http.ResponseWriter, r *http.Request) {
		if n, err := strconv.Atoi(strings.TrimPrefix(r.URL.Path, "/")); err == nil {
			if n == 0 {
				fmt.Fprint(w, "arrived")
				return
			}
			http.Redirect(w, r, fmt.Sprintf("/%d", n-1), http.StatusFound)
			return
		}
		http.Redirect(w, r, canaryBase+"/a", http.StatusFound)
	})
	client := mustClient(t, Config{AllowHosts: []string{hostport}})
	r, err := client.Get(context.Background(), base+"/3", "*/*")
	if err != nil || string(r.Body) != "arrived" || len(r.Redirects) != 3 || r.URL != base+"/0" {
		t.Fatalf("three redirects: %+v, %v", r, err)
	}
	_, err = client.Get(context.Background(), base+"/4", "*/*")
	wantCode(t, err, TooManyRedirects)
	_, err = client.Get(context.Background(), base+"/inside", "*/*")
	wantCode(t, err, SchemeForbidden)
	if canary.Load() != 0 {
		t.Fatal("a redirect reached an address that is not allowed")
	}
}

func TestBudgets(t *testing.T) {
	release := make(chan struct{})
	base, hostport := mustServe(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/stall":
			select {
			case <-release:
			case <-r.Context().Done():
			}
		case "/drip":
			w.Header().Set("Content-Length", "100000")
			for range 1000 {
				if _, err := w.Write([]byte("x")); err != nil {
					return
				}
				w.(http.Flusher).Flush()
				select {
				case <-release:
					return
				case <-r.Context().Done():
					return
				case <-time.After(10 * time.Millisecond):
				}
			}
		case "/large":
			_, _ = w.Write(bytes.Repeat([]byte("x"), 1<<20+1))
		case "/exact":
			_, _ = w.Write(bytes.Repeat([]byte("x"), 1<<20))
		case "/bomb":
			w.Header().Set("Content-Encoding", "gzip")
			z := gzip.NewWriter(w)
			for range 64 {
				_, _ = z.Write(make([]byte, 1<<20))
			}
			_ = z.Close()
		case "/packed":
			w.Header().Set("Content-Encoding", "gzip")
			z := gzip.NewWriter(w)
			_, _ = z.Write([]byte("unpacked"))
			_ = z.Close()
		case "/brotli":
			w.Header().Set("Content-Encoding", "br")
		case "/head":
			w.Header().Set("X-Long", strings.Repeat("x", 80<<10))
		case "/cut":
			w.Header().Set("Content-Length", "100")
			_, _ = w.Write([]byte("short"))
		default:
			fmt.Fprint(w, "ok")
		}
	})
	defer close(release)
	client := mustClient(t, Config{AllowHosts: []string{hostport}})
	hurried := mustClient(t, Config{AllowHosts: []string{hostport}, FirstByte: 150 * time.Millisecond, Total: 600 * time.Millisecond})
	for _, c := range []struct {
		path   string
		client *Client
		want   Code
	}{
		{"/stall", hurried, Timeout},
		{"/drip", hurried, Timeout},
		{"/large", client, TooLarge},
		{"/bomb", client, TooLarge},
		{"/brotli", client, BadAnswer},
		{"/head", client, Unreachable},
		{"/cut", client, BadAnswer},
	} {
		t.Run(c.path[1:], func(t *testing.T) {
			start := time.Now()
			_, err := c.client.Get(context.Background(), base+c.path, "*/*")
			wantCode(t, err, c.want)
			if spent := time.Since(start); spent > 5*time.Second {
				t.Errorf("took %v", spent)
			}
		})
	}
	for path, want := range map[string]int{"/exact": 1 << 20, "/packed": len("unpacked")} {
		if r, err := client.Get(context.Background(), base+path, "*/*"); err != nil || len(r.Body) != want {
			t.Errorf("Get(%s) = %v, want %d bytes", path, err, want)
		}
	}
	s := client.Session()
	for i := range 16 {
		if _, err := s.Get(context.Background(), base+"/"+strconv.Itoa(i), "*/*"); err != nil {
			t.Fatalf("request %d: %v", i+1, err)
		}
	}
	_, err := s.Get(context.Background(), base+"/one-more", "*/*")
	wantCode(t, err, TooManyRequests)
	if s.Requests() != 16 {
		t.Errorf("counted %d requests, want 16", s.Requests())
	}
}

func TestSendsNothingOfOurs(t *testing.T) {
	t.Setenv("HTTP_PROXY", "http://127.0.0.1:9")
	t.Setenv("HTTPS_PROXY", "http://127.0.0.1:9")
	base, hostport := mustServe(t, func(w http.ResponseWriter, r *http.Request) {
		for _, name := range []string{"Cookie", "Authorization", "Referer"} {
			if r.Header.Get(name) != "" {
				t.Errorf("%s was sent", name)
			}
		}
		http.SetCookie(w, &http.Cookie{Name: "a", Value: "b"})
	})
	client := mustClient(t, Config{AllowHosts: []string{hostport}})
	s := client.Session()
	for range 2 {
		if _, err := s.Get(context.Background(), base, "*/*"); err != nil {
			t.Fatal(err)
		}
	}
}

func TestCacheKeepsAsLongAsTheServerSays(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	var asked atomic.Int32
	var header http.Header
	base, hostport := mustServe(t, func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		for name, values := range header {
			w.Header()[name] = values
		}
		if r.URL.Path == "/gone" {
			w.WriteHeader(http.StatusGone)
		}
	})
	for _, c := range []struct {
		name, path string
		header     http.Header
		after      time.Duration
		want       int32
	}{
		{"fresh", "/", http.Header{"Cache-Control": {"public, max-age=300"}}, 299 * time.Second, 1},
		{"stale", "/", http.Header{"Cache-Control": {"max-age=300"}}, 301 * time.Second, 2},
		{"aged on the way", "/", http.Header{"Cache-Control": {"max-age=300"}, "Age": {"200"}}, 150 * time.Second, 2},
		{"no-store", "/", http.Header{"Cache-Control": {"no-store, max-age=300"}}, 0, 2},
		{"no-cache", "/", http.Header{"Cache-Control": {"no-cache"}}, 0, 2},
		{"nothing said", "/", nil, 0, 2},
		{"expires", "/", http.Header{"Date": {now.Format(http.TimeFormat)}, "Expires": {now.Add(time.Minute).Format(http.TimeFormat)}}, 59 * time.Second, 1},
		{"not a 200", "/gone", http.Header{"Cache-Control": {"max-age=300"}}, 0, 2},
		{"never longer than a day", "/", http.Header{"Cache-Control": {"max-age=99999999"}}, 25 * time.Hour, 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			clock := now
			client := mustClient(t, Config{AllowHosts: []string{hostport}, Now: func() time.Time { return clock }})
			asked.Store(0)
			header = c.header
			for range 2 {
				if _, err := client.Get(context.Background(), base+c.path, "*/*"); err != nil {
					t.Fatal(err)
				}
				clock = clock.Add(c.after)
			}
			if asked.Load() != c.want {
				t.Errorf("asked %d times, want %d", asked.Load(), c.want)
			}
		})
	}
}

func TestCacheIsBounded(t *testing.T) {
	now := time.Now()
	c := newCache(10_000)
	for i := range 100 {
		c.put(strconv.Itoa(i), Response{Body: make([]byte, 1000), FetchedAt: now}, now.Add(time.Hour))
	}
	if c.size > 10_000 || len(c.byName) != c.order.Len() || c.get("99", now) == nil || c.get("0", now) != nil {
		t.Errorf("size %d with %d entries", c.size, len(c.byName))
	}
	c.put("huge", Response{Body: make([]byte, 9000), FetchedAt: now}, now.Add(time.Hour))
	if c.get("huge", now) != nil {
		t.Error("one answer took most of the cache")
	}
}

func TestChecksCertificates(t *testing.T) {
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "ok") }))
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.StartTLS()
	defer s.Close()
	hostport := strings.TrimPrefix(s.URL, "https://")
	_, err := mustClient(t, Config{AllowHosts: []string{hostport}}).Get(context.Background(), s.URL, "*/*")
	wantCode(t, err, Unreachable)
	pool := x509.NewCertPool()
	pool.AddCert(s.Certificate())
	if _, err := mustClient(t, Config{AllowHosts: []string{hostport}, RootCAs: pool}).Get(context.Background(), s.URL, "*/*"); err != nil {
		t.Errorf("with its certificate known: %v", err)
	}
}

func TestCancelledByTheCaller(t *testing.T) {
	base, hostport := mustServe(t, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	_, err := mustClient(t, Config{AllowHosts: []string{hostport}}).Get(ctx, base, "*/*")
	wantCode(t, err, Timeout)
}

func FuzzTarget(f *testing.F) {
	for _, s := range []string{"https://example.org/a", "http://[::ffff:127.0.0.1]:9/a", "https://0177.0.0.1", "file:///x", "https://a@b:443/%zz"} {
		f.Add(s)
	}
	client, err := New(Config{})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		got, bad := client.target(raw)
		if bad != nil {
			return
		}
		if got.url.Scheme != "https" || got.url.User != nil || got.allowed || got.url.Port() != "" && got.url.Port() != "443" {
			t.Errorf("target(%q) let %v through", raw, got.url)
		}
	})
}
