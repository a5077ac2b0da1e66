package mail

import (
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/textproto"
	"net/url"
	"strings"
	"sync"
	"time"
	"unicode"

	"github.com/wneessen/go-mail/smtp"
	"golang.org/x/net/idna"
)

// Config is how an [SMTP] sender behaves. The zero value is right for most.
type Config struct {
	// Hello is the name that the sender gives itself (EHLO): the host of the
	// installation's base URL. Default: localhost.
	Hello string

	// RootCAs verify the server. Default: the system's.
	RootCAs *x509.CertPool

	// ConnectTimeout bounds finding and reaching the server. Default: 10 s.
	ConnectTimeout time.Duration

	// StallTimeout bounds how long the server may say nothing. Default: 30 s.
	StallTimeout time.Duration

	// Timeout bounds one message from the first connection to the last answer.
	// Default: 90 s.
	Timeout time.Duration

	// Connections is how many may be open at once. Default: 4.
	Connections int

	// Idle is how long a connection is kept for the next message. Default: 5 s.
	Idle time.Duration
}

// tlsMode says what TLS a server must speak.
type tlsMode string

const (
	tlsImplicit      tlsMode = "implicit"      // from the first byte: smtps://
	tlsRequired      tlsMode = "required"      // STARTTLS or nothing
	tlsOpportunistic tlsMode = "opportunistic" // STARTTLS where the server offers it
	tlsNone          tlsMode = "none"
)

// SMTP is a [Sender] that hands messages to a mail server. It keeps a few
// connections open between messages, so that ten thousand mails do not mean ten
// thousand connections. It is safe for concurrent use.
type SMTP struct {
	host, address      string
	username, password string
	mode               tlsMode
	config             Config
	slots              chan struct{} // one for each open connection in use

	mu     sync.Mutex
	idle   []*session
	closed bool
}

var _ Sender = (*SMTP)(nil)

// NewSMTP makes a sender for smtp://[user:password@]host[:port][?tls=MODE] (port
// 587) or smtps://… (port 465, TLS from the start). MODE is opportunistic
// (default: STARTTLS where it is offered), required or none. Certificates are
// always verified, and a password is sent only over TLS or to this machine. It
// does not connect.
func NewSMTP(address string, c Config) (*SMTP, error) {
	u, err := url.Parse(address)
	if err != nil {
		var parse *url.Error
		if errors.As(err, &parse) {
			err = parse.Err // without the address, which holds the password
		}
		return nil, fmt.Errorf("mail server address: %w; write smtp://user:password@host:587 and escape special characters in user and password as %%XX", err)
	}
	s := &SMTP{host: u.Hostname(), username: u.User.Username(), mode: tlsMode(cmp.Or(u.Query().Get("tls"), string(tlsOpportunistic))), config: c}
	s.password, _ = u.User.Password()
	port := cmp.Or(u.Port(), "587")
	switch {
	case u.Scheme == "smtps":
		s.mode, port = tlsImplicit, cmp.Or(u.Port(), "465")
	case u.Scheme != "smtp":
		return nil, fmt.Errorf("mail server address begins with %q; write smtp://host:587 or smtps://host:465", u.Scheme)
	case s.mode != tlsRequired && s.mode != tlsOpportunistic && s.mode != tlsNone:
		return nil, fmt.Errorf("mail server address has tls=%s; use opportunistic, required or none", s.mode)
	}
	if s.host == "" || strings.Trim(u.Path, "/") != "" {
		return nil, errors.New("mail server address has no host, or a path; write smtp://host:587")
	}
	s.address = net.JoinHostPort(s.host, port)
	s.config.Hello = cmp.Or(c.Hello, "localhost")
	s.config.ConnectTimeout = cmp.Or(c.ConnectTimeout, 10*time.Second)
	s.config.StallTimeout = cmp.Or(c.StallTimeout, 30*time.Second)
	s.config.Timeout = cmp.Or(c.Timeout, 90*time.Second)
	s.config.Idle = cmp.Or(c.Idle, 5*time.Second)
	s.slots = make(chan struct{}, cmp.Or(c.Connections, 4))
	return s, nil
}

// String names the server, without user and password.
func (s *SMTP) String() string { return "mail server " + s.address }

// Close ends the connections that are kept. Messages under way finish.
func (s *SMTP) Close() error {
	s.mu.Lock()
	kept := s.idle
	s.idle, s.closed = nil, true
	s.mu.Unlock()
	for _, k := range kept {
		k.quit()
	}
	return nil
}

// Check connects and signs in, and sends nothing.
func (s *SMTP) Check(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, s.config.Timeout)
	defer cancel()
	n, err := s.dial(ctx)
	if err != nil {
		return err
	}
	n.quit()
	return nil
}

// Send delivers m and returns when the server has taken it. Errors are
// [*DeliveryError], or wrap [ErrInvalid]; see [Temporary].
func (s *SMTP) Send(ctx context.Context, m *Message) error {
	body, err := m.Bytes()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, s.config.Timeout)
	defer cancel()
	select {
	case s.slots <- struct{}{}:
		defer func() { <-s.slots }()
	case <-ctx.Done():
		return &DeliveryError{Step: "wait for a connection", Temp: true, Err: ctx.Err()}
	}
	for {
		n, kept, err := s.session(ctx)
		if err != nil {
			return err
		}
		err = n.deliver(ctx, m, body)
		if kept && errors.Is(err, errStale) {
			continue // the server had closed it meanwhile; nothing was sent
		}
		s.release(n, err)
		return err
	}
}

// session returns a kept connection, or a new one.
func (s *SMTP) session(ctx context.Context) (n *session, kept bool, err error) {
	s.mu.Lock()
	for len(s.idle) > 0 && n == nil {
		last := len(s.idle) - 1
		if s.idle[last].expiry.Stop() {
			n = s.idle[last]
		}
		s.idle = s.idle[:last]
	}
	s.mu.Unlock()
	if n != nil {
		return n, true, nil
	}
	n, err = s.dial(ctx)
	return n, false, err
}

// release keeps n for the next message, unless it is in an unknown state.
func (s *SMTP) release(n *session, err error) {
	var reply *textproto.Error
	if err != nil && !errors.As(err, &reply) {
		n.close()
		return
	}
	s.mu.Lock()
	keep := !s.closed && len(s.idle) < cap(s.slots)
	if keep {
		n.expiry = time.AfterFunc(s.config.Idle, func() { s.forget(n); n.quit() })
		s.idle = append(s.idle, n)
	}
	s.mu.Unlock()
	if !keep {
		n.quit()
	}
}

func (s *SMTP) forget(n *session) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, k := range s.idle {
		if k == n {
			s.idle = append(s.idle[:i], s.idle[i+1:]...)
			return
		}
	}
}

// dial connects, secures and signs in. Whatever goes wrong here says nothing
// about the message, so every error is temporary.
func (s *SMTP) dial(ctx context.Context) (*session, error) {
	fail := func(step string, err error) error {
		return &DeliveryError{Step: step + " " + s.address, Code: replyCode(err), Temp: true, Err: plain(ctx, err)}
	}
	dialer := net.Dialer{Timeout: s.config.ConnectTimeout}
	raw, err := dialer.DialContext(ctx, "tcp", s.address)
	if err != nil {
		return nil, fail("connect to", err)
	}
	conn := &stallConn{Conn: raw, stall: s.config.StallTimeout}
	n := &session{conn: conn}
	defer n.within(ctx)()
	secure := &tls.Config{ServerName: s.host, RootCAs: s.config.RootCAs, MinVersion: tls.VersionTLS12}
	var wire net.Conn = conn
	if s.mode == tlsImplicit {
		wire = tls.Client(conn, secure)
	}
	step, err := n.greet(s, wire, secure)
	if err != nil {
		n.close()
		return nil, fail(step, err)
	}
	return n, nil
}

// greet takes a new connection to where mail can be sent.
func (n *session) greet(s *SMTP, wire net.Conn, secure *tls.Config) (step string, err error) {
	if n.client, err = smtp.NewClient(wire, s.host); err != nil {
		return "greeting of", err
	}
	if err := n.client.Hello(s.config.Hello); err != nil {
		return "greet", err
	}
	offered, _ := n.client.Extension("STARTTLS")
	switch {
	case s.mode == tlsRequired && !offered:
		return "secure the connection to", errors.New("the server offers no STARTTLS; use smtps://, or tls=none on a network that you trust")
	case offered && (s.mode == tlsRequired || s.mode == tlsOpportunistic):
		if err := n.client.StartTLS(secure); err != nil {
			return "secure the connection to", fmt.Errorf("STARTTLS: %w; mend the server's certificate, or use tls=none on a network that you trust", err)
		}
	}
	if s.username == "" {
		return "", nil
	}
	auth, err := s.auth(n.client)
	if err == nil {
		err = n.client.Auth(auth)
	}
	return "sign in to", err
}

// auth picks the strongest way of signing in that both sides know.
func (s *SMTP) auth(c *smtp.Client) (smtp.Auth, error) {
	_, offered := c.Extension("AUTH")
	for _, way := range strings.Fields(strings.ToUpper(offered)) {
		switch way {
		case "SCRAM-SHA-256":
			return smtp.ScramSHA256Auth(s.username, s.password), nil
		case "PLAIN":
			return smtp.PlainAuth("", s.username, s.password, s.host, false), nil
		case "LOGIN":
			return smtp.LoginAuth(s.username, s.password, s.host, false), nil
		}
	}
	return nil, fmt.Errorf("the server offers none of SCRAM-SHA-256, PLAIN and LOGIN (it offers %q); leave user and password out if it needs none", visible(offered))
}

// deliver runs one mail transaction (RFC 5321 section 3.3).
func (n *session) deliver(ctx context.Context, m *Message, body []byte) error {
	defer n.within(ctx)()
	from, err := n.path(cmp.Or(m.ReturnPath, m.From))
	if err != nil {
		return err
	}
	to, err := n.path(m.To)
	if err != nil {
		return err
	}
	fail := func(step string, err error) *DeliveryError {
		code := replyCode(err)
		if code != 0 {
			_ = n.client.Reset() // a server that refuses this too is found out at the next message
		}
		return &DeliveryError{Step: step, Code: code, Temp: code < 500, Err: plain(ctx, err)}
	}
	n.client.SkipSMTPUTF8(isASCII(from) && isASCII(to))
	if err := n.client.Mail(from); err != nil {
		if code := replyCode(err); code == 0 || code == closing {
			n.close()
			return &DeliveryError{Step: "sender", Code: code, Temp: true, Err: fmt.Errorf("%w: %w", errStale, plain(ctx, err))}
		}
		refused := fail("sender "+cmp.Or(m.ReturnPath, m.From), err)
		refused.Temp = true // it is the programme's address that the server does not like
		return refused
	}
	if err := n.client.Rcpt(to); err != nil {
		return fail("recipient", err)
	}
	w, err := n.client.Data()
	if err != nil {
		return fail("data", err)
	}
	if _, err := w.Write(body); err != nil {
		return fail("message", err)
	}
	if err := w.Close(); err != nil {
		return fail("message", err)
	}
	return nil
}

// path writes an address as a forward or reverse path: its domain in ASCII, its
// local part as it is where the server can (RFC 6531).
func (n *session) path(address string) (string, error) {
	at := strings.LastIndexByte(address, '@')
	local, domain := address[:at], address[at+1:]
	ascii, err := idna.Lookup.ToASCII(domain)
	if err != nil {
		return "", fmt.Errorf("address %q: %w: its domain is none", clip(address), ErrInvalid)
	}
	if utf8, _ := n.client.Extension("SMTPUTF8"); !utf8 && !isASCII(local) {
		return "", fmt.Errorf("address %q: %w: the mail server takes no address outside ASCII", clip(address), ErrInvalid)
	}
	return "<" + local + "@" + ascii + ">", nil
}

func isASCII(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r > unicode.MaxASCII })
}
