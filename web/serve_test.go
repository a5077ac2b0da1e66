package web_test

import (
	"bufio"
	"errors"
	"io"
	"net"
	"os"
	"strings"
	"testing"
	"time"
)

// Whoever opens a connection and says little is sent away.
func TestSlowRequestsAreClosed(t *testing.T) {
	if testing.Short() {
		t.Skip("waits for a deadline of ten seconds")
	}
	t.Parallel()
	h := mustHouse(t, nil)
	for name, sent := range map[string]string{
		"no header at all":  "",
		"half a header":     "GET / HTTP/1.1\r\nHost: " + h.address + "\r\nX-Slow: ",
		"a header too long": "GET / HTTP/1.1\r\nHost: " + h.address + "\r\nX-Long: " + strings.Repeat("x", 80<<10),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, err := net.Dial("tcp", h.address)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = c.Close() }()
			begin := time.Now()
			if _, err := io.WriteString(c, sent); err != nil {
				t.Fatal(err)
			}
			_ = c.SetDeadline(begin.Add(20 * time.Second))
			answer, err := bufio.NewReader(c).ReadString('\n')
			if errors.Is(err, os.ErrDeadlineExceeded) {
				t.Fatalf("still open after %s", time.Since(begin))
			}
			if strings.Contains(answer, " 200 ") {
				t.Errorf("answered %q", answer)
			}
		})
	}
	t.Run("pages go on meanwhile", func(t *testing.T) {
		for range 20 {
			if c, err := net.Dial("tcp", h.address); err == nil {
				t.Cleanup(func() { _ = c.Close() })
			}
		}
		if got := h.do(t, "GET", "/", nil); got.status != 200 {
			t.Errorf("GET / beside idle connections: %d, want 200", got.status)
		}
	})
}
