package mail_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	netmail "net/mail"
	"os"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/accolade-badges/accolade/issuer/mail"
)

func sampleMessage() *mail.Message {
	return &mail.Message{
		ID: "4kV2sample@badges.example.org", From: "badges@example.org", FromName: "Sample Programme", ReplyTo: "desk@example.org",
		To: "alex@example.org", ToName: "Alex Sample", Subject: "A subject", Text: "A text.\n", HTML: "<p>A text.</p>\n",
		Headers: map[string]string{"Feedback-ID": "award:sample:badges:accolade"},
		Date:    time.Date(2026, 11, 25, 9, 30, 0, 0, time.UTC),
	}
}

func mustParse(tb testing.TB, m *mail.Message) *netmail.Message {
	tb.Helper()
	body, err := m.Bytes()
	if err != nil {
		tb.Fatal(err)
	}
	parsed, err := netmail.ReadMessage(bytes.NewReader(body))
	if err != nil {
		tb.Fatal(err)
	}
	return parsed
}

// parts returns the bodies of a multipart message by media type, in order.
func parts(tb testing.TB, parsed *netmail.Message) (types []string, bodies []string) {
	tb.Helper()
	kind, params, err := mime.ParseMediaType(parsed.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/alternative" {
		tb.Fatalf("Content-Type %q (%v), want multipart/alternative", kind, err)
	}
	reader := multipart.NewReader(parsed.Body, params["boundary"])
	for {
		part, err := reader.NextRawPart()
		if errors.Is(err, io.EOF) {
			return types, bodies
		}
		if err != nil {
			tb.Fatal(err)
		}
		body, err := io.ReadAll(quotedprintable.NewReader(part))
		if err != nil {
			tb.Fatal(err)
		}
		types, bodies = append(types, part.Header.Get("Content-Type")), append(bodies, string(body))
	}
}

func TestBytesHasTheHeadersOfAnAutomaticMail(t *testing.T) {
	t.Parallel()
	m := sampleMessage()
	parsed := mustParse(t, m)
	for name, want := range map[string]string{
		"Message-Id":     "<4kV2sample@badges.example.org>",
		"Auto-Submitted": "auto-generated",
		"Feedback-Id":    "award:sample:badges:accolade",
		"From":           `"Sample Programme" <badges@example.org>`,
		"To":             `"Alex Sample" <alex@example.org>`,
		"Reply-To":       `"Sample Programme" <desk@example.org>`,
		"Subject":        "A subject",
		"Date":           "Wed, 25 Nov 2026 09:30:00 +0000",
		"Mime-Version":   "1.0",
	} {
		if got := parsed.Header[name]; len(got) != 1 || got[0] != want {
			t.Errorf("%s: got %q, want %q once", name, got, want)
		}
	}
	for _, name := range []string{"List-Unsubscribe", "List-Unsubscribe-Post", "X-Mailer", "User-Agent", "Bcc", "Cc"} {
		if got := parsed.Header[name]; got != nil {
			t.Errorf("%s: got %q, want none", name, got)
		}
	}
	types, bodies := parts(t, parsed)
	if len(types) != 2 || !strings.HasPrefix(types[0], "text/plain") || !strings.HasPrefix(types[1], "text/html") {
		t.Fatalf("parts %q, want text first, then HTML", types)
	}
	if got := strings.ReplaceAll(bodies[0], "\r\n", "\n"); got != m.Text {
		t.Errorf("text %q, want %q", got, m.Text)
	}
}

func TestBytesNamesInAnyScriptComeBackWhole(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"José Müller", "王小明", "أليكس نموذج", "Alex 🎓 Sample", `O'Brien, "Al" <x>`, "名" + strings.Repeat("長", 100)} {
		m := sampleMessage()
		m.ToName, m.Subject = name, "Badge for "+name
		parsed := mustParse(t, m)
		to, err := parsed.Header.AddressList("To")
		if err != nil || len(to) != 1 || to[0].Name != name || to[0].Address != m.To {
			t.Errorf("%s: To is %v (%v)", name, to, err)
		}
		subject, err := new(mime.WordDecoder).DecodeHeader(parsed.Header.Get("Subject"))
		if err != nil || subject != m.Subject {
			t.Errorf("subject %q (%v), want %q", subject, err, m.Subject)
		}
	}
}

func TestBytesRefuses(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*mail.Message){
		"line break in the subject":       func(m *mail.Message) { m.Subject = "a\r\nBcc: b@example.org" },
		"line break in the sender's name": func(m *mail.Message) { m.FromName = "a\nb" },
		"line break in the earner's name": func(m *mail.Message) { m.ToName = "a\r\nBcc: b@example.org" },
		"line break in a header":          func(m *mail.Message) { m.Headers["X-A"] = "a\r\nBcc: b@example.org" },
		"line break in a header's name":   func(m *mail.Message) { m.Headers["X-A\r\nBcc"] = "a" },
		"a header that every mail has":    func(m *mail.Message) { m.Headers["bcc"] = "b@example.org" },
		"line break in the Message-ID":    func(m *mail.Message) { m.ID = "a\r\nBcc: b@example.org" },
		"path in the Message-ID":          func(m *mail.Message) { m.ID = "../a@example.org" },
		"two recipients":                  func(m *mail.Message) { m.To = "a@example.org, b@example.org" },
		"a display name in the address":   func(m *mail.Message) { m.To = "A <a@example.org>" },
		"a line break in the address":     func(m *mail.Message) { m.To = "a@example.org\r\nRCPT TO:<b@example.org>" },
		"a comment in the address":        func(m *mail.Message) { m.To = "a@example.org (b)" },
		"a quoted local part":             func(m *mail.Message) { m.To = `"a b"@example.org` },
		"a source route":                  func(m *mail.Message) { m.To = "@relay.example.org:a@example.org" },
		"no domain":                       func(m *mail.Message) { m.To = "a" },
		"no recipient":                    func(m *mail.Message) { m.To = "" },
		"an address that is far too long": func(m *mail.Message) { m.To = strings.Repeat("a", 65) + "@example.org" },
		"a group":                         func(m *mail.Message) { m.To = "all:a@example.org;" },
		"a desk that is no address":       func(m *mail.Message) { m.ReplyTo = "desk" },
		"no text":                         func(m *mail.Message) { m.Text = " \n" },
		"no subject":                      func(m *mail.Message) { m.Subject = "" },
		"no date":                         func(m *mail.Message) { m.Date = time.Time{} },
		"an endless subject":              func(m *mail.Message) { m.Subject = strings.Repeat("a", 1000) },
	} {
		m := sampleMessage()
		change(m)
		if body, err := m.Bytes(); !errors.Is(err, mail.ErrInvalid) || mail.Temporary(err) {
			t.Errorf("%s: got %d bytes and %v, want a final ErrInvalid", name, len(body), err)
		}
	}
}

// TestNoTextAddsAHeaderOrARecipient: whatever is put into a message, it is
// refused, or comes out with the same headers and the one recipient.
func TestNoTextAddsAHeaderOrARecipient(t *testing.T) {
	t.Parallel()
	want := len(mustParse(t, sampleMessage()).Header)
	text := rapid.OneOf(rapid.String(), rapid.StringMatching(`[a-z]{0,4}[\r\n ,;<>:"@]{1,3}Bcc: b@example\.org`))
	rapid.Check(t, func(r *rapid.T) {
		m := sampleMessage()
		m.ToName, m.FromName, m.Subject = text.Draw(r, "to"), text.Draw(r, "from"), text.Draw(r, "subject")
		m.Headers["Feedback-ID"] = text.Draw(r, "header")
		if rapid.Bool().Draw(r, "bad address") {
			m.To = text.Draw(r, "address")
		}
		body, err := m.Bytes()
		if err != nil {
			return
		}
		parsed, err := netmail.ReadMessage(bytes.NewReader(body))
		if err != nil {
			r.Fatalf("the message does not parse: %v", err)
		}
		to, err := parsed.Header.AddressList("To")
		if len(parsed.Header) != want || err != nil || len(to) != 1 || to[0].Address != m.To {
			r.Fatalf("headers %v, recipients %v (%v), want %d headers and %s", parsed.Header, to, err, want, m.To)
		}
	})
}

func TestNamesAreReadAsTheyWereWritten(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"Alex Sample": "Alex Sample", `Alex "Al" \ Sample`: `Alex "Al" \ Sample`, "示例梅": "示例梅", "Ünï (c), <d>": "Ünï (c), <d>",
		`˨\A`: "˨＼A", `نور \ "المثال"`: `نور ＼ "المثال"`,
	} {
		m := sampleMessage()
		m.ToName, m.FromName = name, name
		header := mustParse(t, m).Header
		for _, field := range []string{"To", "From", "Reply-To"} {
			if list, err := header.AddressList(field); err != nil || len(list) != 1 || list[0].Name != want {
				t.Errorf("%s of %q: %v (%v), want the one name %q", field, name, list, err, want)
			}
		}
	}
}

func TestFolderWritesWholeFilesForTheirOwnerOnly(t *testing.T) {
	t.Parallel()
	f := &mail.Folder{Dir: t.TempDir() + "/outbox"}
	m := sampleMessage()
	for range 2 { // the second replaces the first
		if err := f.Send(t.Context(), m); err != nil {
			t.Fatal(err)
		}
	}
	entries, err := os.ReadDir(f.Dir)
	if err != nil || len(entries) != 1 || entries[0].Name() != "20261125T093000Z-4kV2sample@badges.example.org.eml" {
		t.Fatalf("folder holds %v (%v)", entries, err)
	}
	info, err := os.Stat(f.Path(m))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v (%v), want 0600", info.Mode(), err)
	}
	body, err := os.ReadFile(f.Path(m))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := netmail.ReadMessage(bytes.NewReader(body)); err != nil {
		t.Error(err)
	}
}

func TestFolderThatCannotBeWritten(t *testing.T) {
	t.Parallel()
	blocked := t.TempDir() + "/file"
	if err := os.WriteFile(blocked, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	err := (&mail.Folder{Dir: blocked}).Send(t.Context(), sampleMessage())
	if err == nil || !mail.Temporary(err) {
		t.Errorf("got %v, want a temporary error", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := (&mail.Folder{Dir: t.TempDir()}).Send(ctx, sampleMessage()); !errors.Is(err, context.Canceled) {
		t.Errorf("after the end: got %v", err)
	}
}

func TestDelayGrowsAndStaysBounded(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		attempt := rapid.IntRange(-1, 1000).Draw(r, "attempt")
		fraction := rapid.Float64Range(0, 0.999).Draw(r, "fraction")
		got := mail.Delay(attempt, fraction)
		if got < time.Second || got > 8*time.Hour {
			r.Fatalf("Delay(%d, %g) = %v", attempt, fraction, got)
		}
		if attempt >= 1 && attempt < 13 && mail.Delay(attempt+1, 0) <= mail.Delay(attempt, 0.999) {
			r.Fatalf("the gap after attempt %d may be shorter than the one before", attempt+1)
		}
	})
	if first, last := mail.Delay(1, 0.5), mail.Delay(30, 0.5); first != 2*time.Second || last != 6*time.Hour {
		t.Errorf("first gap %v, last %v, want 2s and 6h", first, last)
	}
}
