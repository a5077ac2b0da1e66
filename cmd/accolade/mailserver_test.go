package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
)

// mailServer is a real SMTP server that a test makes fail.
type mailServer struct {
	address string

	mu       sync.Mutex
	mood     mood
	received map[string]int // mails by Message-ID
	to       map[string]int // mails by recipient
	last     delivered
	letters  map[string][]string // texts by recipient, undone from quoted-printable
	refused  int
	stalled  int
}

// delivered is a mail as it came.
type delivered struct {
	from string // of the envelope
	body []byte
}

type mood string

const (
	willing  mood = "willing"
	refusing mood = "refusing" // answers "try later"
	stalling mood = "stalling" // takes the message and says nothing, for a while
)

// mustMailServer reserves an address; until up is called nothing listens there.
func mustMailServer(t *testing.T) *mailServer {
	t.Helper()
	return &mailServer{address: "127.0.0.1:" + freePort(t), mood: willing, received: map[string]int{}, to: map[string]int{}, letters: map[string][]string{}}
}

func (m *mailServer) url() string { return "smtp://" + m.address }

// up starts the server.
func (m *mailServer) up(t *testing.T) {
	t.Helper()
	l, err := net.Listen("tcp", m.address)
	if err != nil {
		t.Fatal(err)
	}
	s := smtp.NewServer(m)
	s.Domain = "mail.example.org"
	s.ErrorLog = quiet{}
	go func() { _ = s.Serve(l) }() // Close ends it
	t.Cleanup(func() { _ = s.Close() })
}

type quiet struct{}

func (quiet) Printf(string, ...any) {}
func (quiet) Println(...any)        {}

func (m *mailServer) become(how mood) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.mood = how
}

func (m *mailServer) now() mood {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.mood
}

// count returns how many different mails came, and how many came twice.
func (m *mailServer) count() (mails, twice int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, n := range m.received {
		if n > 1 {
			twice++
		}
	}
	return len(m.received), twice
}

// wait waits until there is a mail for each award, and tells what became of those
// that did not come. A lease of a process that was killed takes two minutes to
// end.
func (m *mailServer) wait(t *testing.T, h *home, awards []shownAward) {
	t.Helper()
	for deadline := time.Now().Add(4 * time.Minute); ; time.Sleep(50 * time.Millisecond) {
		n, _ := m.count()
		if n >= len(awards) {
			return
		}
		if time.Now().After(deadline) {
			t.Errorf("%d mails came for %d awards", n, len(awards))
			break
		}
	}
	for i, shown := 0, 0; i < len(awards) && shown < 5; i++ {
		if out := h.must(t, "badge", "show", awards[i].ID); !strings.Contains(out, ": sent ") {
			t.Log(out)
			shown++
		}
	}
	t.FailNow()
}

// letter waits for the mail to an address that has a link of a kind, such as
// "/claim/", and returns its path.
func (m *mailServer) letter(ctx context.Context, to, kind string) (string, error) {
	link := regexp.MustCompile(kind + `[A-Za-z0-9_-]+`)
	for {
		m.mu.Lock()
		for _, text := range m.letters[to] {
			if path := link.FindString(text); path != "" {
				m.mu.Unlock()
				return path, nil
			}
		}
		m.mu.Unlock()
		select {
		case <-ctx.Done():
			return "", fmt.Errorf("no mail to %s has a link %s", to, kind)
		case <-time.After(50 * time.Millisecond):
		}
	}
}

func (m *mailServer) failures() (refused, stalled int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.refused, m.stalled
}

// NewSession is go-smtp's.
func (m *mailServer) NewSession(*smtp.Conn) (smtp.Session, error) { return &mailSession{m: m}, nil }

type mailSession struct {
	m        *mailServer
	from, to string
}

func (s *mailSession) Mail(from string, _ *smtp.MailOptions) error {
	s.from = from
	s.m.mu.Lock()
	defer s.m.mu.Unlock()
	if s.m.mood == refusing {
		s.m.refused++
		return &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 3, 0}, Message: "try again later"}
	}
	return nil
}

func (s *mailSession) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.to = to
	return nil
}

func (s *mailSession) Data(r io.Reader) error {
	body, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if s.m.now() == stalling {
		s.m.mu.Lock()
		s.m.stalled++
		s.m.mu.Unlock()
		for deadline := time.Now().Add(20 * time.Second); s.m.now() == stalling && time.Now().Before(deadline); {
			time.Sleep(50 * time.Millisecond)
		}
		return &smtp.SMTPError{Code: 421, EnhancedCode: smtp.EnhancedCode{4, 3, 2}, Message: "slept"}
	}
	message, err := mail.ReadMessage(strings.NewReader(string(body)))
	if err != nil {
		return err
	}
	text, err := io.ReadAll(quotedprintable.NewReader(message.Body))
	if err != nil {
		return err
	}
	id := message.Header.Get("Message-ID")
	if id == "" {
		return errors.New("no Message-ID")
	}
	s.m.mu.Lock()
	defer s.m.mu.Unlock()
	s.m.received[id]++
	s.m.to[s.to]++
	s.m.last = delivered{s.from, body}
	s.m.letters[s.to] = append(s.m.letters[s.to], string(text))
	return nil
}

func (s *mailSession) Reset()        {}
func (s *mailSession) Logout() error { return nil }
