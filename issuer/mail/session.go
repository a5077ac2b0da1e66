package mail

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/textproto"
	"strings"
	"time"
	"unicode"

	"github.com/wneessen/go-mail/smtp"
)

// errStale marks a connection that broke before anything was said on it.
var errStale = errors.New("the connection was closed")

// closing is the reply of a server that ends a session (RFC 5321 section 4.2.2).
const closing = 421

// session is one connection to a mail server, greeted and signed in.
type session struct {
	conn   *stallConn
	client *smtp.Client
	expiry *time.Timer // set while the session waits for the next message
}

// within lets ctx interrupt whatever the session waits for; call what it returns
// when the work is done.
func (n *session) within(ctx context.Context) (done func()) {
	stop := context.AfterFunc(ctx, n.conn.interrupt)
	return func() { stop() }
}

func (n *session) close() { _ = n.conn.Close() } // there is nothing to save

// quit says goodbye, shortly, and closes.
func (n *session) quit() {
	const goodbye = 2 * time.Second
	ctx, cancel := context.WithTimeout(context.Background(), goodbye)
	defer cancel()
	defer n.within(ctx)()
	_ = n.client.Quit() // the server knows all it needs
	n.close()
}

// stallConn gives every read and write a deadline of its own. Deadlines that
// others set are not kept: they would bound a whole message instead.
type stallConn struct {
	net.Conn
	stall time.Duration
}

func (c *stallConn) Read(p []byte) (int, error) {
	if err := c.Conn.SetReadDeadline(time.Now().Add(c.stall)); err != nil {
		return 0, err
	}
	return c.Conn.Read(p)
}

func (c *stallConn) Write(p []byte) (int, error) {
	if err := c.Conn.SetWriteDeadline(time.Now().Add(c.stall)); err != nil {
		return 0, err
	}
	return c.Conn.Write(p)
}

// interrupt makes every operation on c fail, now and later. Closing alone does
// that: a deadline would be moved by the next read.
func (c *stallConn) interrupt() { _ = c.Conn.Close() }

// replyCode returns the server's reply code in err, or 0.
func replyCode(err error) int {
	var reply *textproto.Error
	if errors.As(err, &reply) {
		return reply.Code
	}
	return 0
}

// plain makes a server's words fit for a log line, and names the context's end
// as the cause where it is.
func plain(ctx context.Context, err error) error {
	var reply *textproto.Error
	if errors.As(err, &reply) {
		return &textproto.Error{Code: reply.Code, Msg: visible(reply.Msg)}
	}
	if ended := ctx.Err(); ended != nil {
		return fmt.Errorf("%w (%w)", ended, err)
	}
	return err
}

// visible bounds a server's words and takes out what could forge a log line.
func visible(s string) string {
	const most = 300
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "?"))
	return shorten(s, most)
}
