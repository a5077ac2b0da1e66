package mail_test

import (
	"bytes"
	"io"
	"mime"
	"mime/multipart"
	"net/mail"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"
)

// once are headers that a mail has exactly once.
var once = []string{"From", "To", "Subject", "Date", "Message-Id", "Reply-To", "Mime-Version", "Content-Type", "Auto-Submitted", "Feedback-Id", "Content-Language"}

// TestEveryMailIsFitToSend reads every kind in both languages as a mail program
// does, and holds its headers and parts to what large receivers ask for.
func TestEveryMailIsFitToSend(t *testing.T) {
	t.Parallel()
	for _, locale := range []string{"en", "zh-CN"} {
		for kind, m := range everyMail(t, locale) {
			name := kind + " " + locale
			body, err := m.Bytes()
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			lintLines(t, name, body)
			got, err := mail.ReadMessage(bytes.NewReader(body))
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			for _, header := range once {
				if n := len(got.Header[header]); n != 1 {
					t.Errorf("%s: %d headers %s, want one", name, n, header)
				}
			}
			for header, want := range map[string]string{
				"Message-Id": "<4kV2sample@badges.example.org>", "Auto-Submitted": "auto-generated", "Content-Language": locale,
			} {
				if v := got.Header.Get(header); v != want {
					t.Errorf("%s: %s is %q, want %q", name, header, v, want)
				}
			}
			if parts := strings.Split(got.Header.Get("Feedback-Id"), ":"); len(parts) != 4 || parts[1] != "sample-programme" {
				t.Errorf("%s: Feedback-ID %q, want four parts that name the issuer", name, got.Header.Get("Feedback-Id"))
			}
			lintAddresses(t, name, got.Header)
			lintOptOut(t, name, kind == "reminder", got.Header)
			lintParts(t, name, got)
		}
	}
}

// linkedInEntries is where LinkedIn shows its user the entries of their own profile.
const linkedInEntries = "https://www.linkedin.com/in/me/details/certifications/"

// lintLines: CRLF, at most 998 bytes a line, ASCII (RFC 5322 section 2.1.1).
func lintLines(t *testing.T, name string, body []byte) {
	t.Helper()
	for i, line := range bytes.SplitAfter(body, []byte("\r\n")) {
		if bytes.ContainsAny(bytes.TrimSuffix(line, []byte("\r\n")), "\r\n") || len(line) > 1000 {
			t.Errorf("%s: line %d is longer than 998 bytes, or ends without CRLF", name, i+1)
		}
		for _, b := range line {
			if b >= utf8.RuneSelf {
				t.Errorf("%s: line %d is not ASCII", name, i+1)
				break
			}
		}
	}
}

func lintAddresses(t *testing.T, name string, h mail.Header) {
	t.Helper()
	for header, want := range map[string]string{"From": "badges@example.org", "Reply-To": "desk@example.org", "To": "alex@example.org"} {
		list, err := h.AddressList(header)
		if err != nil || len(list) != 1 || list[0].Address != want {
			t.Errorf("%s: %s is %v (%v), want %s alone", name, header, list, err, want)
		}
	}
	for _, header := range []string{"Cc", "Bcc", "Sender", "Return-Path", "Disposition-Notification-To", "X-Confirm-Reading-To"} {
		if h.Get(header) != "" {
			t.Errorf("%s has a header %s", name, header)
		}
	}
	if subject, err := new(mime.WordDecoder).DecodeHeader(h.Get("Subject")); err != nil || utf8.RuneCountInString(subject) > 90 || strings.ToUpper(subject) == subject && name[len(name)-2:] == "en" {
		t.Errorf("%s: subject %q (%v)", name, subject, err)
	}
}

var optOutWays = regexp.MustCompile(`^<(https://[^<>, ]+)>, <(mailto:[^<>, ]+)>$`)

// lintOptOut: reminders say how to stop them in a form that mail programs know
// (RFC 2369, RFC 8058), everything else does not.
func lintOptOut(t *testing.T, name string, stoppable bool, h mail.Header) {
	t.Helper()
	ways, post := h.Get("List-Unsubscribe"), h.Get("List-Unsubscribe-Post")
	if !stoppable {
		if ways != "" || post != "" {
			t.Errorf("%s carries List-Unsubscribe: %q %q", name, ways, post)
		}
		return
	}
	found := optOutWays.FindStringSubmatch(ways)
	if found == nil || post != "List-Unsubscribe=One-Click" {
		t.Fatalf("%s: List-Unsubscribe %q, List-Unsubscribe-Post %q; want an https and a mailto address in angle brackets, and One-Click", name, ways, post)
	}
	if u, err := url.Parse(found[2]); err != nil || u.Query().Get("subject") != "unsubscribe 5Jv8wYzAbCdEfGhJkLmNpQ" || strings.Contains(found[2], "+") {
		t.Errorf("%s: %q opens a mail with the subject %q (%v)", name, found[2], u.Query().Get("subject"), err)
	}
}

// lintParts: text first, then HTML, nothing attached, nothing that tells who has
// read it, no address but the programme's.
func lintParts(t *testing.T, name string, m *mail.Message) {
	t.Helper()
	kind, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/alternative" {
		t.Fatalf("%s: is %s (%v), want multipart/alternative", name, kind, err)
	}
	parts := multipart.NewReader(m.Body, params["boundary"])
	for _, want := range []string{"text/plain", "text/html"} {
		part, err := parts.NextPart()
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		kind, params, err := mime.ParseMediaType(part.Header.Get("Content-Type"))
		if err != nil || kind != want || !strings.EqualFold(params["charset"], "utf-8") || part.FileName() != "" {
			t.Errorf("%s: part %s %v %q (%v), want %s in UTF-8 that is no file", name, kind, params, part.FileName(), err, want)
		}
		body, err := io.ReadAll(part)
		if err != nil {
			t.Fatal(err)
		}
		for _, address := range regexp.MustCompile(`https?://[^\s"<>)]+`).FindAllString(string(body), -1) {
			if strings.HasPrefix(name, "end ") && address == linkedInEntries {
				continue // which nobody but its owner can mend
			}
			u, err := url.Parse(address)
			if err != nil || u.Scheme != "https" || u.Host != "badges.example.org" && u.Host != "example.org" {
				t.Errorf("%s: the %s part leads to %s", name, kind, address)
			}
		}
	}
	if _, err := parts.NextPart(); err != io.EOF {
		t.Errorf("%s: there is a third part (%v)", name, err)
	}
}
