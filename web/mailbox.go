package web

import (
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/http"
	"net/mail"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"
)

// The mailbox of the demo: what the outbox folder holds, as its readers would
// see it. It exists only where Config.Mailbox is set.

// mailboxShown is how many mails the list shows, the newest first.
const mailboxShown = 100

// letter is one mail of the outbox.
type letter struct {
	Name, Subject, To, From string
	Date                    time.Time
	Text                    string
	html                    string
}

type mailboxPage struct {
	base
	Letters []letter
	More    int
}

type letterPage struct {
	base
	Letter  letter
	HasHTML bool
}

func (s *server) mailbox(c echo.Context) error {
	entries, err := os.ReadDir(s.Mailbox)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	type aged struct {
		name string
		at   time.Time
	}
	var files []aged
	for _, e := range entries {
		if info, err := e.Info(); err == nil && filepath.Ext(e.Name()) == ".eml" {
			files = append(files, aged{e.Name(), info.ModTime()})
		}
	}
	slices.SortFunc(files, func(a, b aged) int { return b.at.Compare(a.at) })
	p := mailboxPage{base: s.base(c, s.language(c).T("mailbox.title")), More: max(0, len(files)-mailboxShown)}
	for _, f := range files[:min(len(files), mailboxShown)] {
		l, err := s.letter(f.name)
		if err != nil {
			return err
		}
		p.Letters = append(p.Letters, l)
	}
	return s.page(c, http.StatusOK, "mailbox.html", p)
}

func (s *server) mailboxMessage(c echo.Context) error {
	l, err := s.letter(c.Param("name"))
	if err != nil {
		return err
	}
	c.Response().Header().Set("Content-Security-Policy", strings.Replace(pageCSP, "base-uri", "frame-src 'self'; base-uri", 1))
	return s.page(c, http.StatusOK, "letter.html", letterPage{base: s.base(c, l.Subject), Letter: l, HasHTML: l.html != ""})
}

// mailboxHTML is the HTML part alone, for the frame in the letter's page.
func (s *server) mailboxHTML(c echo.Context) error {
	l, err := s.letter(c.Param("name"))
	if err != nil {
		return err
	}
	c.Response().Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; frame-ancestors 'self'; sandbox allow-popups allow-top-navigation-by-user-activation")
	return write(c, http.StatusOK, "text/html; charset=utf-8", []byte(l.html))
}

// letter reads one file of the outbox folder, and no other.
func (s *server) letter(name string) (letter, error) {
	if name != filepath.Base(name) || filepath.Ext(name) != ".eml" {
		return letter{}, notFound()
	}
	f, err := os.Open(filepath.Join(s.Mailbox, name))
	if errors.Is(err, os.ErrNotExist) {
		return letter{}, notFound()
	}
	if err != nil {
		return letter{}, err
	}
	defer func() { _ = f.Close() }()
	m, err := mail.ReadMessage(f)
	if err != nil {
		return letter{}, fmt.Errorf("mail %s: %w", name, err)
	}
	var words mime.WordDecoder
	head := func(field string) string {
		text, err := words.DecodeHeader(m.Header.Get(field))
		if err != nil {
			return m.Header.Get(field)
		}
		return text
	}
	l := letter{Name: name, Subject: head("Subject"), To: head("To"), From: head("From")}
	if l.Date, err = m.Header.Date(); err != nil {
		return letter{}, fmt.Errorf("mail %s: %w", name, err)
	}
	return l, l.parts(m)
}

// parts reads the text and HTML parts of a multipart/alternative mail.
func (l *letter) parts(m *mail.Message) error {
	mediaType, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil || !strings.HasPrefix(mediaType, "multipart/") {
		body, err := io.ReadAll(m.Body)
		l.Text = string(body)
		return err
	}
	r := multipart.NewReader(m.Body, params["boundary"])
	for {
		part, err := r.NextRawPart()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("mail %s: %w", l.Name, err)
		}
		var body io.Reader = part
		if strings.EqualFold(part.Header.Get("Content-Transfer-Encoding"), "quoted-printable") {
			body = quotedprintable.NewReader(part)
		}
		text, err := io.ReadAll(body)
		if err != nil {
			return fmt.Errorf("mail %s: %w", l.Name, err)
		}
		if strings.HasPrefix(part.Header.Get("Content-Type"), "text/html") {
			l.html = string(text)
		} else {
			l.Text = string(text)
		}
	}
}
