package mail

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"net/textproto"
	"regexp"
	"strings"
)

// Returned is what a mail in the return-path mailbox says: that one of ours was
// not delivered, or that somebody wants no more of them.
type Returned struct {
	// MessageID names our mail, without angle brackets: from the part of the
	// original that a report carries. "" where it carries none.
	MessageID string

	// Mailbox is the address that the report was sent to, which names our mail
	// where return paths differ from mail to mail.
	Mailbox string

	Recipient string // whose mail it was, as the report says
	Failed    bool   // not delivered, and nobody will try again
	Permanent bool   // trying again later makes no sense: status 5.x.x
	Status    string // such as 5.1.1 (RFC 3463)
	Cause     string // the server's words, one line

	// OptOut is the token of somebody who wrote to be sent no more, in answer
	// to List-Unsubscribe; all but Mailbox is empty then.
	OptOut string
}

// ErrNotReturned is wrapped by the error of a mail that is neither a report on a
// delivery nor an opt-out: a holiday notice, an answer by a person.
var ErrNotReturned = errors.New("no report on a delivery and no opt-out")

const (
	maxReturned = 4 << 20 // bytes that are read of one mail
	maxStatus   = 64 << 10
	maxParts    = 16
	maxHeaders  = 200
	maxCause    = 300 // characters
)

// ReadReturned reads one mail from the return-path mailbox: a delivery status
// notification (RFC 3464), or one whose subject is "unsubscribe TOKEN". The
// report on the first recipient counts; our mails have one. Only a report that
// says "failed" is a failure: mails that are late may still arrive.
func ReadReturned(r io.Reader) (*Returned, error) {
	m, err := mail.ReadMessage(io.LimitReader(r, maxReturned))
	if err != nil {
		return nil, fmt.Errorf("read returned mail: %w", err)
	}
	out := &Returned{Mailbox: mailbox(m.Header)}
	if out.OptOut = optOut(m.Header.Get("Subject")); out.OptOut != "" {
		return out, nil
	}
	kind, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/report" || !strings.EqualFold(params["report-type"], "delivery-status") {
		return nil, fmt.Errorf("returned mail of type %q: %w", clip(kind), ErrNotReturned)
	}
	found := false
	parts := multipart.NewReader(m.Body, params["boundary"])
	for range maxParts {
		part, err := parts.NextRawPart()
		if err != nil {
			break // what was read before the end, or the damage, counts
		}
		switch kind, _, _ := mime.ParseMediaType(part.Header.Get("Content-Type")); kind {
		case "message/delivery-status", "message/global-delivery-status":
			if !found {
				found = out.readStatus(decoded(part))
			}
		case "message/rfc822", "message/global", "text/rfc822-headers", "message/global-headers":
			if header, err := readHeader(decoded(part)); err == nil && out.MessageID == "" {
				out.MessageID = bareID(header.Get("Message-Id"))
			}
		}
	}
	if !found {
		return nil, fmt.Errorf("returned mail: %w: its status part names no recipient", ErrNotReturned)
	}
	return out, nil
}

// mailbox is where a mail was delivered to, as far as it says.
func mailbox(h mail.Header) string {
	for _, name := range []string{"Delivered-To", "X-Original-To", "Envelope-To", "To"} {
		if list, err := mail.ParseAddressList(h.Get(name)); err == nil && len(list) > 0 {
			return list[0].Address
		}
	}
	return ""
}

var optOutForm = regexp.MustCompile(`(?i)^\s*(?:(?:re|aw|sv|答复|回复)\s*[:：]\s*)*unsubscribe\s+([A-Za-z0-9_-]{20,64})\s*$`)

func optOut(subject string) string {
	if decoded, err := new(mime.WordDecoder).DecodeHeader(subject); err == nil {
		subject = decoded
	}
	if found := optOutForm.FindStringSubmatch(subject); found != nil {
		return found[1]
	}
	return ""
}

// decoded undoes a part's transfer encoding.
func decoded(part *multipart.Part) io.Reader {
	body := io.LimitReader(part, maxStatus)
	switch strings.ToLower(strings.TrimSpace(part.Header.Get("Content-Transfer-Encoding"))) {
	case "base64":
		return base64.NewDecoder(base64.StdEncoding, body)
	case "quoted-printable":
		return quotedprintable.NewReader(body)
	}
	return body
}

// readStatus reads the groups of fields of a delivery status: one about the
// message, then one for each recipient. It tells whether there was a recipient.
func (r *Returned) readStatus(body io.Reader) bool {
	all, err := io.ReadAll(body)
	if err != nil && len(all) == 0 {
		return false
	}
	all = bytes.ReplaceAll(all, []byte("\r\n"), []byte("\n"))
	for i, group := range bytes.Split(all, []byte("\n\n")) {
		if i > maxParts {
			return false
		}
		h, err := readHeader(bytes.NewReader(append(bytes.TrimLeft(group, "\n"), "\n\n"...)))
		if err != nil || h.Get("Final-Recipient") == "" && h.Get("Original-Recipient") == "" {
			continue
		}
		r.Recipient = typed(h.Get("Original-Recipient"))
		if r.Recipient == "" || CheckAddress(r.Recipient) != nil {
			r.Recipient = typed(h.Get("Final-Recipient"))
		}
		r.Status, _, _ = strings.Cut(strings.TrimSpace(h.Get("Status")), " ")
		if !statusForm.MatchString(r.Status) {
			r.Status = ""
		}
		r.Failed = strings.EqualFold(strings.TrimSpace(h.Get("Action")), "failed")
		r.Permanent = r.Failed && !strings.HasPrefix(r.Status, "4.")
		r.Cause = shorten(oneLine(typed(h.Get("Diagnostic-Code"))), maxCause)
		r.Recipient = shorten(oneLine(r.Recipient), 254)
		return true
	}
	return false
}

var statusForm = regexp.MustCompile(`^[245]\.[0-9]{1,3}\.[0-9]{1,3}$`)

// typed takes the type off a field such as "rfc822; alex@example.org".
func typed(field string) string {
	if _, value, ok := strings.Cut(field, ";"); ok {
		field = value
	}
	return strings.Trim(strings.TrimSpace(field), "<>")
}

// readHeader reads a bounded header; a last line that the bound cut off is no
// fault.
func readHeader(r io.Reader) (mail.Header, error) {
	body, err := io.ReadAll(io.LimitReader(r, maxStatus))
	if err != nil && len(body) == 0 {
		return nil, err
	}
	if bytes.Count(body, []byte("\n")) > maxHeaders {
		head, _, _ := bytes.Cut(bytes.ReplaceAll(body, []byte("\r\n"), []byte("\n")), []byte("\n\n"))
		body = append(head, "\n\n"...)
	}
	m, err := mail.ReadMessage(bytes.NewReader(append(body, "\n\n"...)))
	if err != nil {
		return nil, err
	}
	return mail.Header(textproto.MIMEHeader(m.Header)), nil
}

// bareID is a Message-ID without its angle brackets.
func bareID(field string) string {
	id := strings.Trim(strings.TrimSpace(field), "<>")
	local, domain, found := strings.Cut(id, "@")
	if !found || !isDotAtom(local) || !isDotAtom(domain) {
		return ""
	}
	return id
}
