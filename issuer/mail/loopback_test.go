package mail_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
)

// mustListen serves each connection with serve until the test ends.
func mustListen(tb testing.TB, serve func(net.Conn)) string {
	tb.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	var mu sync.Mutex
	var open []net.Conn
	tb.Cleanup(func() {
		_ = listener.Close()
		mu.Lock()
		defer mu.Unlock()
		for _, c := range open {
			_ = c.Close()
		}
	})
	go func() {
		for {
			c, err := listener.Accept()
			if err != nil {
				return
			}
			mu.Lock()
			open = append(open, c)
			mu.Unlock()
			go func() {
				defer c.Close()
				serve(c)
			}()
		}
	}()
	return listener.Addr().String()
}

// script speaks SMTP by rote: one answer a verb, silence where there is none,
// and the answer to "." at the end of a message. The answer "drop" hangs up.
func script(c net.Conn, seen io.Writer, greeting string, answers map[string]string) {
	fmt.Fprintf(c, "%s\r\n", greeting)
	var inMessage bool
	lines := bufio.NewScanner(c)
	for lines.Scan() {
		line := lines.Text()
		fmt.Fprintln(seen, line)
		verb, _, _ := strings.Cut(line, " ")
		if inMessage && verb != "." {
			continue
		}
		inMessage = verb == "DATA"
		switch answer := answers[strings.ToUpper(verb)]; answer {
		case "":
		case "drop":
			return
		default:
			fmt.Fprintf(c, "%s\r\n", answer)
		}
	}
}

// onceThenClose hangs up as soon as it has acknowledged a message.
type onceThenClose struct {
	net.Conn
	done func()
}

func (c *onceThenClose) Write(p []byte) (int, error) {
	n, err := c.Conn.Write(p)
	if bytes.HasPrefix(p, []byte("250 taken")) {
		c.done()
		_ = c.Close()
	}
	return n, err
}

// lockedBuffer may be written and read at once.
type lockedBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}
