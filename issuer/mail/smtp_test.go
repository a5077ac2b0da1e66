package mail_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"io"
	"log"
	"math/big"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"github.com/accolade-badges/accolade/issuer/mail"
)

// post is a mail server on loopback that does as it is told.
type post struct {
	address string
	pool    *x509.CertPool

	mu       sync.Mutex
	sessions int
	got      []letter
	refuse   map[string]error // by step: greeting, auth, from, to, data
	user     string
}

type letter struct {
	from, to string
	body     []byte
	secure   bool
}

type postOptions struct{ tls, implicit bool }

func mustPost(tb testing.TB, o postOptions) *post {
	tb.Helper()
	p := &post{refuse: map[string]error{}}
	server := smtp.NewServer(p)
	server.Domain = "localhost"
	server.ErrorLog = log.New(io.Discard, "", 0)
	server.AllowInsecureAuth = true
	server.EnableSMTPUTF8 = true
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	p.address = listener.Addr().String()
	if o.tls || o.implicit {
		cert := mustCertificate(tb)
		p.pool = x509.NewCertPool()
		p.pool.AddCert(cert.Leaf)
		server.TLSConfig = &tls.Config{Certificates: []tls.Certificate{cert}}
	}
	if o.implicit {
		listener = tls.NewListener(listener, server.TLSConfig)
	}
	go func() { _ = server.Serve(listener) }() // ends with Close
	tb.Cleanup(func() { _ = server.Close() })
	return p
}

func mustCertificate(tb testing.TB) tls.Certificate {
	tb.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		tb.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "localhost"}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		tb.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		tb.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf}
}

func (p *post) fail(step string, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.refuse[step] = err
}

func (p *post) answer(step string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.refuse[step]
}

func (p *post) letters() []letter {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]letter(nil), p.got...)
}

func (p *post) NewSession(c *smtp.Conn) (smtp.Session, error) {
	if err := p.answer("greeting"); err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.sessions++
	_, secure := c.TLSConnectionState()
	return &postSession{post: p, letter: letter{secure: secure}}, nil
}

type postSession struct {
	post   *post
	letter letter
}

func (s *postSession) AuthMechanisms() []string {
	s.post.mu.Lock()
	defer s.post.mu.Unlock()
	if s.post.user == "" {
		return nil
	}
	return []string{sasl.Plain}
}

func (s *postSession) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, username, password string) error {
		if username == s.post.user && password == "p@ss:/word" {
			return nil
		}
		return &smtp.SMTPError{Code: 535, EnhancedCode: smtp.EnhancedCode{5, 7, 8}, Message: "bad credentials"}
	}), nil
}

func (s *postSession) Mail(from string, _ *smtp.MailOptions) error {
	s.letter.from = from
	return s.post.answer("from")
}

func (s *postSession) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.letter.to = to
	return s.post.answer("to")
}

func (s *postSession) Data(r io.Reader) error {
	body, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if err := s.post.answer("data"); err != nil {
		return err
	}
	s.post.mu.Lock()
	defer s.post.mu.Unlock()
	s.letter.body = body
	s.post.got = append(s.post.got, s.letter)
	return nil
}

func (s *postSession) Reset()        {}
func (s *postSession) Logout() error { return nil }

func mustSMTP(tb testing.TB, address string, c mail.Config) *mail.SMTP {
	tb.Helper()
	s, err := mail.NewSMTP(address, c)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = s.Close() })
	return s
}

func reply(code int) error {
	return &smtp.SMTPError{Code: code, EnhancedCode: smtp.EnhancedCode{code / 100, 1, 1}, Message: "told to say so"}
}

func TestSMTPDelivers(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, scheme, query string
		options             postOptions
		user, secure        bool
	}{
		{"in the clear to this machine", "smtp://", "", postOptions{}, false, false},
		{"signed in on this machine", "smtp://", "", postOptions{}, true, false},
		{"STARTTLS where it is offered", "smtp://", "", postOptions{tls: true}, true, true},
		{"STARTTLS required", "smtp://", "?tls=required", postOptions{tls: true}, false, true},
		{"told not to use the STARTTLS that is offered", "smtp://", "?tls=none", postOptions{tls: true}, false, false},
		{"TLS from the start", "smtps://", "", postOptions{implicit: true}, true, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p := mustPost(t, c.options)
			credentials := ""
			if c.user {
				p.user, credentials = "desk@example.org", "desk%40example.org:p%40ss%3A%2Fword@"
			}
			s := mustSMTP(t, c.scheme+credentials+p.address+c.query, mail.Config{RootCAs: p.pool})
			m := sampleMessage()
			if err := s.Send(t.Context(), m); err != nil {
				t.Fatal(err)
			}
			got := p.letters()
			if len(got) != 1 || got[0].from != m.From || got[0].to != m.To || got[0].secure != c.secure {
				t.Fatalf("got %d letters %+v, want one from %s to %s, secure %t", len(got), got, m.From, m.To, c.secure)
			}
			if !bytes.Contains(got[0].body, []byte("Message-ID: <"+m.ID+">")) {
				t.Error("the Message-ID is not the outbox id")
			}
		})
	}
}

func TestSMTPRefusalsAreSortedByWhatTheySayAboutTheMessage(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, step string
		code       int
		temporary  bool
	}{
		{"no such mailbox", "to", 550, false},
		{"mailbox busy", "to", 451, true},
		{"mailbox full", "to", 452, true},
		{"message refused", "data", 554, false},
		{"message put off", "data", 451, true},
		{"our own sender refused", "from", 550, true},
		{"rate limit", "from", 450, true},
		{"no service", "greeting", 554, true},
		{"busy", "greeting", 421, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p := mustPost(t, postOptions{})
			p.fail(c.step, reply(c.code))
			s := mustSMTP(t, "smtp://"+p.address, mail.Config{})
			err := s.Send(t.Context(), sampleMessage())
			var delivery *mail.DeliveryError
			if !errors.As(err, &delivery) || delivery.Code != c.code {
				t.Fatalf("got %v, want a DeliveryError with code %d", err, c.code)
			}
			if got := mail.Temporary(err); got != c.temporary {
				t.Errorf("Temporary(%v) = %t, want %t", err, got, c.temporary)
			}
			if strings.ContainsAny(err.Error(), "\r\n") {
				t.Errorf("the error has several lines: %q", err)
			}
			p.fail(c.step, nil)
			if err := s.Send(t.Context(), sampleMessage()); err != nil {
				t.Errorf("after the server came round: %v", err)
			}
			if n := len(p.letters()); n != 1 {
				t.Errorf("%d letters arrived, want 1", n)
			}
		})
	}
}

func TestSMTPWrongPasswordIsTemporaryAndUnsaid(t *testing.T) {
	t.Parallel()
	p := mustPost(t, postOptions{})
	p.user = "desk@example.org"
	s := mustSMTP(t, "smtp://desk%40example.org:hunter2hunter2@"+p.address, mail.Config{})
	for _, err := range []error{s.Send(t.Context(), sampleMessage()), s.Check(t.Context())} {
		if !mail.Temporary(err) || err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("got %v, want a temporary error without the password", err)
		}
	}
}

func TestSMTPNeverSendsAPasswordInTheClearToAnotherMachine(t *testing.T) {
	t.Parallel()
	var seen lockedBuffer
	address := mustListen(t, func(c net.Conn) {
		script(c, &seen, "220 relay ESMTP", map[string]string{"EHLO": "250-relay\r\n250 AUTH PLAIN LOGIN"})
	})
	_, port, _ := net.SplitHostPort(address)
	// 127.0.0.2 is this machine too, but not by a name that the client trusts.
	s := mustSMTP(t, "smtp://user:hunter2hunter2@127.0.0.2:"+port, mail.Config{})
	err := s.Send(t.Context(), sampleMessage())
	if err == nil || !mail.Temporary(err) {
		t.Errorf("got %v, want a temporary refusal", err)
	}
	if strings.Contains(seen.String(), "AUTH") {
		t.Errorf("the client signed in in the clear: %q", seen.String())
	}
}

func TestSMTPRefusesACertificateThatItCannotVerify(t *testing.T) {
	t.Parallel()
	for _, address := range []string{"smtp://", "smtps://"} {
		p := mustPost(t, postOptions{tls: address == "smtp://", implicit: address == "smtps://"})
		err := mustSMTP(t, address+p.address, mail.Config{}).Send(t.Context(), sampleMessage())
		if err == nil || !mail.Temporary(err) || len(p.letters()) > 0 {
			t.Errorf("%s: got %v and %d letters, want a temporary error and none", address, err, len(p.letters()))
		}
	}
}

func TestSMTPRequiredTLSThatIsNotOffered(t *testing.T) {
	t.Parallel()
	p := mustPost(t, postOptions{})
	err := mustSMTP(t, "smtp://"+p.address+"?tls=required", mail.Config{}).Send(t.Context(), sampleMessage())
	if err == nil || !strings.Contains(err.Error(), "STARTTLS") || len(p.letters()) > 0 {
		t.Errorf("got %v and %d letters, want a refusal that names STARTTLS", err, len(p.letters()))
	}
}

// TestSMTPServersThatMisbehave: each is temporary, and over within its bound.
func TestSMTPServersThatMisbehave(t *testing.T) {
	t.Parallel()
	const stall = 200 * time.Millisecond
	down, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = down.Close()
	full := map[string]string{"EHLO": "250 relay", "MAIL": "250 ok", "RCPT": "250 ok", "DATA": "354 go on"}
	without := func(verb string) map[string]string {
		answers := map[string]string{}
		for k, v := range full {
			if k != verb {
				answers[k] = v
			}
		}
		return answers
	}
	cases := map[string]string{
		"down":                       down.Addr().String(),
		"stalls before its greeting": mustListen(t, func(c net.Conn) { _, _ = io.Copy(io.Discard, c) }),
		"drops before its greeting":  mustListen(t, func(net.Conn) {}),
		"stalls at the recipient":    mustListen(t, func(c net.Conn) { script(c, io.Discard, "220 relay", without("RCPT")) }),
		"stalls after the message":   mustListen(t, func(c net.Conn) { script(c, io.Discard, "220 relay", full) }),
		"drops at the recipient": mustListen(t, func(c net.Conn) {
			answers := without("RCPT")
			answers["RCPT"] = "drop"
			script(c, io.Discard, "220 relay", answers)
		}),
		"speaks another protocol": mustListen(t, func(c net.Conn) { script(c, io.Discard, "HTTP/1.1 400 Bad Request", nil) }),
		"sends an endless greeting": mustListen(t, func(c net.Conn) {
			for {
				if _, err := io.WriteString(c, "220-more\r\n"); err != nil {
					return
				}
			}
		}),
	}
	for name, address := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := mustSMTP(t, "smtp://"+address, mail.Config{ConnectTimeout: stall, StallTimeout: stall, Timeout: 5 * stall})
			start := time.Now()
			err := s.Send(t.Context(), sampleMessage())
			if took := time.Since(start); took > 15*stall {
				t.Errorf("took %v", took)
			}
			if err == nil || !mail.Temporary(err) {
				t.Errorf("got %v, want a temporary error", err)
			}
		})
	}
}

func TestSMTPStopsWithItsContext(t *testing.T) {
	t.Parallel()
	address := mustListen(t, func(c net.Conn) { _, _ = io.Copy(io.Discard, c) })
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	start := time.Now()
	err := mustSMTP(t, "smtp://"+address, mail.Config{}).Send(ctx, sampleMessage())
	if !errors.Is(err, context.DeadlineExceeded) || time.Since(start) > 5*time.Second {
		t.Errorf("got %v after %v, want the context's end at once", err, time.Since(start))
	}
}

func TestSMTPKeepsFewConnectionsForManyMessages(t *testing.T) {
	t.Parallel()
	p := mustPost(t, postOptions{})
	s := mustSMTP(t, "smtp://"+p.address, mail.Config{Connections: 2, Idle: time.Minute})
	var wg sync.WaitGroup
	for range 40 {
		wg.Go(func() {
			if err := s.Send(t.Context(), sampleMessage()); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.got) != 40 || p.sessions > 2 {
		t.Errorf("%d letters over %d connections, want 40 over at most 2", len(p.got), p.sessions)
	}
}

func TestSMTPKeptConnectionThatTheServerClosed(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var delivered int
	answers := map[string]string{"EHLO": "250 relay", "MAIL": "250 ok", "RCPT": "250 ok", "DATA": "354 go on", ".": "250 taken"}
	address := mustListen(t, func(c net.Conn) {
		once := &onceThenClose{Conn: c, done: func() { mu.Lock(); delivered++; mu.Unlock() }}
		script(once, io.Discard, "220 relay", answers)
	})
	s := mustSMTP(t, "smtp://"+address, mail.Config{Idle: time.Minute})
	for i := range 3 {
		if err := s.Send(t.Context(), sampleMessage()); err != nil {
			t.Fatalf("message %d: %v", i, err)
		}
		time.Sleep(20 * time.Millisecond) // lets the close arrive
	}
	mu.Lock()
	defer mu.Unlock()
	if delivered != 3 {
		t.Errorf("%d messages arrived, want 3", delivered)
	}
}

func TestSMTPAddressesOutsideASCII(t *testing.T) {
	t.Parallel()
	p := mustPost(t, postOptions{})
	s := mustSMTP(t, "smtp://"+p.address, mail.Config{})
	m := sampleMessage()
	m.To = "用户@bücher.example"
	if err := s.Send(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	if got := p.letters()[0].to; got != "用户@xn--bcher-kva.example" {
		t.Errorf("recipient %q", got)
	}

	plain := mustListen(t, func(c net.Conn) { script(c, io.Discard, "220 relay", map[string]string{"EHLO": "250 relay"}) })
	err := mustSMTP(t, "smtp://"+plain, mail.Config{}).Send(t.Context(), m)
	if !errors.Is(err, mail.ErrInvalid) || mail.Temporary(err) {
		t.Errorf("a server without SMTPUTF8: got %v, want a final error", err)
	}
}

func TestNewSMTPRefuses(t *testing.T) {
	t.Parallel()
	for name, address := range map[string]string{
		"another scheme":     "http://relay.example.org",
		"no scheme":          "relay.example.org:25",
		"no host":            "smtp://",
		"an unknown mode":    "smtp://relay.example.org?tls=maybe",
		"a path":             "smtp://relay.example.org/inbox",
		"unescaped password": "smtp://user:hunter2%zz@relay.example.org",
	} {
		if _, err := mail.NewSMTP(address, mail.Config{}); err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: got %v, want a refusal that shows no password", name, err)
		}
	}
	s := mustSMTP(t, "smtps://user:hunter2@relay.example.org", mail.Config{})
	if got := s.String(); got != "mail server relay.example.org:465" {
		t.Errorf("String() = %q", got)
	}
}
