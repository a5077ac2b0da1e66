package mail_test

import (
	"encoding/base64"
	"errors"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/accolade-badges/accolade/issuer/mail"
)

const ourID = "0199d1c2a4b3f00d5a6b7c8d9e0f1a2b@badges.example.org"

// notification is a delivery status notification as a mail server writes it; the
// status part and the part with the original are given.
func notification(status, original string) string {
	return strings.ReplaceAll(`Return-Path: <>
Delivered-To: bounces+0199d1c2a4b3f00d5a6b7c8d9e0f1a2b@example.org
From: MAILER-DAEMON@mx.example.net (Mail Delivery System)
To: bounces@example.org
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
	boundary="limit/mx.example.net"

This is a MIME-encapsulated message.

--limit/mx.example.net
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

Your message could not be delivered. Message-ID: <somebody-elses@example.net>

`+status+original+`--limit/mx.example.net--
`, "\n", "\r\n")
}

func statusPart(fields string) string {
	return "--limit/mx.example.net\nContent-Description: Delivery report\nContent-Type: message/delivery-status\n\n" +
		"Reporting-MTA: dns; mx.example.net\nX-Postfix-Queue-ID: 4F0000\nArrival-Date: Wed, 25 Nov 2026 09:30:00 +0000 (UTC)\n\n" + fields + "\n"
}

const (
	originalPart = "--limit/mx.example.net\nContent-Description: Undelivered Message\nContent-Type: message/rfc822\n\n" +
		"From: badges@example.org\nTo: alex@example.org\nMessage-ID:\n <" + ourID + ">\nSubject: =?utf-8?q?x?=\n\nbody\n"
	headersPart = "--limit/mx.example.net\nContent-Type: text/rfc822-headers\n\nMessage-Id: <" + ourID + ">\nTo: alex@example.org\n"
	hardFields  = "Final-Recipient: rfc822; alex@example.org\nOriginal-Recipient: rfc822;alex@example.org\nAction: failed\nStatus: 5.1.1\n" +
		"Remote-MTA: dns; mx.example.org\nDiagnostic-Code: smtp; 550 5.1.1 <alex@example.org>: no such\n user here\n"
)

func TestReadReturned(t *testing.T) {
	t.Parallel()
	const mailbox = "bounces+0199d1c2a4b3f00d5a6b7c8d9e0f1a2b@example.org"
	hard := mail.Returned{
		MessageID: ourID, Mailbox: mailbox, Recipient: "alex@example.org", Failed: true, Permanent: true, Status: "5.1.1",
		Cause: "550 5.1.1 <alex@example.org>: no such user here",
	}
	with := func(change func(*mail.Returned)) mail.Returned {
		r := hard
		change(&r)
		return r
	}
	encoded := "--limit/mx.example.net\nContent-Type: message/delivery-status\nContent-Transfer-Encoding: base64\n\n" +
		base64.StdEncoding.EncodeToString([]byte("Reporting-MTA: dns; x\r\n\r\n"+strings.ReplaceAll(hardFields, "\n", "\r\n"))) + "\n"
	for name, c := range map[string]struct {
		mail string
		want mail.Returned
	}{
		"no such user":            {notification(statusPart(hardFields), originalPart), hard},
		"headers alone came back": {notification(statusPart(hardFields), headersPart), hard},
		"nothing came back":       {notification(statusPart(hardFields), ""), with(func(r *mail.Returned) { r.MessageID = "" })},
		"the status in base64":    {notification(encoded, originalPart), hard},
		"line ends of Unix":       {strings.ReplaceAll(notification(statusPart(hardFields), originalPart), "\r\n", "\n"), hard},
		"late, and tried again": {
			notification(statusPart(strings.NewReplacer("failed", "delayed", "5.1.1", "4.4.1").Replace(hardFields)), originalPart),
			with(func(r *mail.Returned) {
				r.Failed, r.Permanent, r.Status, r.Cause = false, false, "4.4.1", strings.Replace(r.Cause, "5.1.1", "4.4.1", 1)
			}),
		},
		"the mailbox was full for days": {
			notification(statusPart(strings.NewReplacer("Status: 5.1.1", "Status: 4.2.2").Replace(hardFields)), originalPart),
			with(func(r *mail.Returned) { r.Permanent, r.Status = false, "4.2.2" }),
		},
		"a status that is none": {
			notification(statusPart(strings.Replace(hardFields, "Status: 5.1.1", "Status: bad\x1b[31m", 1)), originalPart),
			with(func(r *mail.Returned) { r.Status = "" }),
		},
		"an opt-out": {
			"From: alex@example.org\nTo: bounces@example.org\nSubject: unsubscribe 5Jv8wYzAbCdEfGhJkLmNpQ\n\n",
			mail.Returned{Mailbox: "bounces@example.org", OptOut: "5Jv8wYzAbCdEfGhJkLmNpQ"},
		},
		"an opt-out as an answer": {
			"To: bounces@example.org\nSubject: =?utf-8?B?" + base64.StdEncoding.EncodeToString([]byte("回复：Unsubscribe 5Jv8wYzAbCdEfGhJkLmNpQ")) + "?=\n\n",
			mail.Returned{Mailbox: "bounces@example.org", OptOut: "5Jv8wYzAbCdEfGhJkLmNpQ"},
		},
	} {
		got, err := mail.ReadReturned(strings.NewReader(c.mail))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if diff := cmp.Diff(c.want, *got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestWhatIsNoReportIsPassedOver(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"a holiday notice":         "From: alex@example.org\nTo: bounces@example.org\nSubject: Away\nAuto-Submitted: auto-replied\nContent-Type: text/plain\n\nI am away.\n",
		"a question":               "From: alex@example.org\nTo: bounces@example.org\nSubject: unsubscribe me please\n\nStop.\n",
		"a read receipt":           "Subject: Read\nContent-Type: multipart/report; report-type=disposition-notification; boundary=x\n\n--x\nContent-Type: message/disposition-notification\n\nFinal-Recipient: rfc822; a@example.org\n\n--x--\n",
		"a report without a group": notification(statusPart(""), originalPart),
		"a report without an end":  "Content-Type: multipart/report; report-type=delivery-status; boundary=x\n\n--x\n",
		"no boundary":              "Content-Type: multipart/report; report-type=delivery-status\n\n--x\n",
	} {
		if got, err := mail.ReadReturned(strings.NewReader(text)); !errors.Is(err, mail.ErrNotReturned) {
			t.Errorf("%s: %+v, %v; want ErrNotReturned", name, got, err)
		}
	}
	if _, err := mail.ReadReturned(strings.NewReader("no mail at all")); err == nil || errors.Is(err, mail.ErrNotReturned) {
		t.Errorf("what is no mail: %v, want an error of its own", err)
	}
}

// FuzzReadReturned: any bytes end in an answer or an error, and what is kept of
// them is short and cannot forge a line.
func FuzzReadReturned(f *testing.F) {
	for _, s := range []string{
		notification(statusPart(hardFields), originalPart), notification(statusPart(hardFields), headersPart), notification("", ""),
		"Subject: unsubscribe 5Jv8wYzAbCdEfGhJkLmNpQ\n\n", "Content-Type: multipart/report; report-type=delivery-status; boundary=\n\n----\n",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		got, err := mail.ReadReturned(strings.NewReader(string(body)))
		if err != nil {
			return
		}
		for _, s := range []string{got.MessageID, got.Recipient, got.Status, got.Cause, got.OptOut} {
			if strings.ContainsFunc(s, unicode.IsControl) || !utf8.ValidString(s) || utf8.RuneCountInString(s) > 401 {
				t.Fatalf("kept %q", s)
			}
		}
		if got.Permanent && !got.Failed {
			t.Fatal("permanent, and not failed")
		}
		if strings.ContainsAny(got.MessageID, "<> ") {
			t.Fatalf("message id %q", got.MessageID)
		}
	})
}
