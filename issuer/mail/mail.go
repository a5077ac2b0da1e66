// Package mail writes the mails that a programme sends to those who earn its
// badges, and delivers them.
//
// The Compose functions, one for each kind of mail, make a [Message] in the
// recipient's language out of one layout and the words in assets/mail: a text
// part first and an HTML part beside it, each complete without the other. A
// [Sender] delivers one message: [SMTP] to a server, [Folder] into a folder of
// .eml files. [Temporary] tells whether it is worth trying again, and [Delay]
// when.
//
// A message goes to exactly one address. Nothing that a message is given can add
// a header or a recipient: what names carry of line breaks is taken out when a
// mail is composed, and whatever else holds one is refused. There are no
// attachments, no tracking and no link but to the programme's own pages. Only
// mails that one may want no more of, such as reminders, carry List-Unsubscribe;
// those that confirm, warn or tell of a revocation do not.
package mail

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/mail"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	gomail "github.com/wneessen/go-mail"
)

// Sender delivers messages, one at a time, to one recipient each. A nil error
// means that a server, or the disk, has taken responsibility for the message. A
// message sent twice carries the same Message-ID both times.
type Sender interface {
	Send(ctx context.Context, m *Message) error
}

// Message is one mail to one person.
type Message struct {
	ID string // Message-ID without angle brackets, "outbox-id@own-domain"; the same at every attempt

	From       string // address of the sender
	FromName   string // the programme's name
	ReplyTo    string // address of the programme's desk; empty leaves the header out
	ReturnPath string // the envelope's sender, where bounces go; default: From
	To         string // the one recipient's address
	ToName     string // how the recipient is called; may be empty

	Subject string
	Text    string // first part, text/plain
	HTML    string // second part, text/html; empty for a mail of text alone

	Headers   map[string]string // further headers, such as Feedback-ID
	Date      time.Time         // when it was written, not when it is sent
	Signature *Signature        // how it is signed for its domain; default: not here
}

// ErrInvalid is wrapped by the error of a message that can never be sent: an
// address that is none, or a line break where none may be.
var ErrInvalid = errors.New("the mail cannot be sent as it is")

// headerLimit bounds one header's value; RFC 5322 section 2.1.1 allows 998
// characters to a line.
const headerLimit = 900

// own are the headers that Message's fields and Bytes set.
var own = []string{
	"From", "To", "Cc", "Bcc", "Sender", "Reply-To", "Subject", "Date", "Message-Id", "Return-Path",
	"Auto-Submitted", "Mime-Version", "Content-Type", "Content-Transfer-Encoding",
}

// writable is a name as the header of an address can hold it. net/mail leaves a
// backslash bare in the encoded word that letters beyond ASCII need, which RFC
// 2047 section 5.3 forbids there and readers take for an escape: it becomes its
// full-width twin.
func writable(name string) string {
	if !strings.ContainsFunc(name, func(r rune) bool { return r > '~' }) {
		return name
	}
	return strings.ReplaceAll(name, `\`, "＼")
}

// Bytes returns m in the form of RFC 5322, with CRLF line ends: what a server is
// given and what an .eml file holds. Every mail says Auto-Submitted:
// auto-generated (RFC 3834), so that no holiday notice answers it.
func (m *Message) Bytes() ([]byte, error) {
	if err := m.check(); err != nil {
		return nil, err
	}
	msg := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	msg.SetMessageIDWithValue(m.ID)
	msg.SetDateWithValue(m.Date)
	msg.FromMailAddress(&mail.Address{Name: writable(m.FromName), Address: m.From})
	msg.ToMailAddress(&mail.Address{Name: writable(m.ToName), Address: m.To})
	if m.ReplyTo != "" {
		msg.ReplyToMailAddress(&mail.Address{Name: writable(m.FromName), Address: m.ReplyTo})
	}
	msg.Subject(m.Subject)
	msg.SetGenHeader("Auto-Submitted", "auto-generated")
	for name, value := range m.Headers {
		msg.SetGenHeader(gomail.Header(name), value)
	}
	msg.SetBodyString(gomail.TypeTextPlain, m.Text)
	if m.HTML != "" {
		msg.AddAlternativeString(gomail.TypeTextHTML, m.HTML)
	}
	var out bytes.Buffer
	if _, err := msg.WriteTo(&out); err != nil {
		return nil, fmt.Errorf("write mail %s: %w", m.ID, err)
	}
	if m.Signature == nil {
		return out.Bytes(), nil
	}
	return m.Signature.sign(out.Bytes())
}

func (m *Message) check() error {
	fault := func(format string, args ...any) error {
		return fmt.Errorf("mail %q: %w: %s", m.ID, ErrInvalid, fmt.Sprintf(format, args...))
	}
	local, domain, found := strings.Cut(m.ID, "@")
	if !found || !isDotAtom(local) || !isDotAtom(domain) {
		return fault("its id is no Message-ID; give it the form outbox-id@own-domain")
	}
	for _, a := range []struct{ field, address string }{{"from", m.From}, {"to", m.To}, {"reply-to", m.ReplyTo}, {"return path", m.ReturnPath}} {
		if a.address == "" && a.field != "from" && a.field != "to" {
			continue
		}
		if err := CheckAddress(a.address); err != nil {
			return fault("%s: %s", a.field, err)
		}
	}
	texts := map[string]string{"from name": m.FromName, "to name": m.ToName, "subject": m.Subject}
	for name, value := range m.Headers {
		if !isDotAtom(name) || slices.ContainsFunc(own, func(o string) bool { return strings.EqualFold(o, name) }) {
			return fault("header %q cannot be added; it is no header name, or one that every mail has already", name)
		}
		texts["header "+name] = value
	}
	for name, value := range texts {
		if len(value) > headerLimit || !utf8.ValidString(value) || strings.ContainsFunc(value, unicode.IsControl) {
			return fault("%s is longer than %d bytes, or holds a line break or another control character", name, headerLimit)
		}
	}
	switch {
	case strings.TrimSpace(m.Subject) == "" || strings.TrimSpace(m.Text) == "":
		return fault("it has no subject or no text")
	case m.Date.IsZero():
		return fault("it has no date")
	}
	return nil
}

// CheckAddress tells what is wrong with an address: exactly one mailbox in
// ASCII or UTF-8, "name@domain", with no display name, comment, quotes or space.
func CheckAddress(address string) error {
	parsed, err := mail.ParseAddress(address)
	at := strings.LastIndexByte(address, '@')
	switch {
	case err != nil, parsed.Name != "", parsed.Address != address, strings.Count(address, "@") != 1,
		strings.ContainsFunc(address, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) || r == utf8.RuneError }):
		return fmt.Errorf("%q is not one plain mail address; write it like name@example.org", clip(address))
	case len(address) > 254 || at > 64:
		return fmt.Errorf("%q is longer than a mail address may be", clip(address))
	}
	return nil
}

// isDotAtom is the common ground of a Message-ID's halves and header names:
// RFC 5322 section 3.2.3 without the characters that nobody needs.
func isDotAtom(s string) bool {
	return s != "" && len(s) <= 200 && !strings.ContainsFunc(s, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("-_.", r))
	})
}

// clip keeps error texts short.
func clip(s string) string {
	const most = 80
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}

// Domain returns what follows the @ of an address, in lower case.
func Domain(address string) string {
	return strings.ToLower(address[strings.LastIndexByte(address, '@')+1:])
}
