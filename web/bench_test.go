package web_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"testing"
	"time"

	"github.com/accolade-badges/accolade/issuer/ledger"
)

// BenchmarkServe asks for what is asked for most, over one kept connection, and
// prints the ratio to a handler of net/http that writes the same bytes from
// memory, asked in turn.
func BenchmarkServe(b *testing.B) {
	h := mustHouse(b, nil)
	id := h.mustAward(b, "cloud-administrator", passed("1", "CL-210", 20, kim))
	h.mustShow(b, id, ledger.Public)
	for _, c := range []struct{ name, path, accept string }{
		{"picture", "/badges/" + id + "/image.png", "*/*"},
		{"credential", "/badges/" + id + ".json", "*/*"},
		{"page", "/badges/" + id, "text/html"},
		{"status", "/revocations/" + h.slug, "*/*"},
	} {
		got := h.do(b, "GET", c.path, nil, "Accept", c.accept)
		if got.status != 200 {
			b.Fatalf("GET %s: %d", c.path, got.status)
		}
		for _, conditional := range []bool{false, true} {
			name, condition := c.name, ""
			if conditional {
				name, condition = name+"-304", "If-None-Match: "+got.header.Get("ETag")+"\r\n"
			}
			b.Run(name, func(b *testing.B) {
				floor := mustFloor(b, got, conditional)
				ours := mustConnection(b, h.address, c.path, "Accept: "+c.accept+"\r\n"+condition)
				theirs := mustConnection(b, floor, "/", condition)
				var spent, least time.Duration
				for b.Loop() {
					spent += ours.ask(b)
					least += theirs.ask(b)
				}
				b.ReportMetric(float64(spent.Nanoseconds())/float64(b.N), "ns/request")
				b.ReportMetric(float64(spent)/float64(least), "x-net/http")
			})
		}
	}
}

// mustFloor serves the same bytes with a minimal handler.
func mustFloor(b *testing.B, got answer, notModified bool) string {
	b.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	srv := &http.Server{ReadHeaderTimeout: 10 * time.Second, Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		header := w.Header()
		header.Set("ETag", got.header.Get("ETag"))
		if notModified {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		header.Set("Content-Type", got.header.Get("Content-Type"))
		header.Set("Content-Length", strconv.Itoa(len(got.body)))
		_, _ = w.Write(got.body)
	})}
	go func() { _ = srv.Serve(l) }()
	b.Cleanup(func() { _ = srv.Close() })
	return l.Addr().String()
}

// connection is one kept connection that asks the same again and again.
type connection struct {
	c       net.Conn
	r       *bufio.Reader
	request []byte
}

func mustConnection(b *testing.B, address, path, header string) *connection {
	b.Helper()
	c, err := net.Dial("tcp", address)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = c.Close() })
	return &connection{c, bufio.NewReaderSize(c, 64<<10), fmt.Appendf(nil, "GET %s HTTP/1.1\r\nHost: localhost\r\n%s\r\n", path, header)}
}

// ask sends the request and returns how long its whole answer took.
func (c *connection) ask(b *testing.B) time.Duration {
	begin := time.Now()
	if _, err := c.c.Write(c.request); err != nil {
		b.Fatal(err)
	}
	res, err := http.ReadResponse(c.r, nil)
	if err != nil {
		b.Fatal(err)
	}
	if _, err := io.Copy(io.Discard, res.Body); err != nil {
		b.Fatal(err)
	}
	_ = res.Body.Close()
	return time.Since(begin)
}
