package ledger_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/accolade-badges/accolade/issuer/ledger"
)

func testMail(t *testing.T, l *ledger.Ledger) {
	m := ledger.Mail{ID: "m1", Award: "a1", Kind: "badge", Edition: 1, Recipient: "ada@example.org", MessageID: "m1@example.org", CreatedAt: now}
	add := func(m ledger.Mail) bool {
		return write(t, l, func(ctx context.Context, tx *ledger.Tx) (bool, error) { return tx.AddMail(ctx, m) })
	}
	get := func() ledger.Mail {
		return read(t, l, func(ctx context.Context, tx *ledger.Tx) (ledger.Mail, error) { return tx.Mail(ctx, "m1") })
	}
	again := m
	again.ID = "m2"
	if !add(m) || add(again) {
		t.Error("an occasion has one mail")
	}
	same(t, get(), m)
	update(t, l, func(ctx context.Context, tx *ledger.Tx) error { return tx.MarkMailFailed(ctx, "m1", "450 later") })
	m.Attempts, m.LastError = 1, "450 later"
	same(t, get(), m)
	for i, body := range [][]byte{[]byte("Subject: x\r\n"), nil} {
		update(t, l, func(ctx context.Context, tx *ledger.Tx) error {
			return tx.MarkMailSent(ctx, "m1", now.Add(time.Duration(i)*time.Hour), body)
		})
	}
	m.LastError, m.SentAt, m.Body = "", now, []byte("Subject: x\r\n")
	same(t, get(), m)
	again.Kind, again.CreatedAt = "revoked", now.Add(time.Minute)
	add(again)
	m.Body = nil
	same(t, read(t, l, func(ctx context.Context, tx *ledger.Tx) ([]ledger.Mail, error) { return tx.Mails(ctx, 10) }), []ledger.Mail{again, m})
	same(t, len(read(t, l, func(ctx context.Context, tx *ledger.Tx) ([]ledger.Mail, error) { return tx.Mails(ctx, 1) })), 1)
	fails(t, l, ledger.ErrNotFound, func(ctx context.Context, tx *ledger.Tx) error { return tx.MarkMailFailed(ctx, "none", "") })
}

// testMailsAtLarge has mails about accounts, mails that go out again, and mails
// that come back.
func testMailsAtLarge(t *testing.T, l *ledger.Ledger) {
	add := func(m ledger.Mail) bool {
		m.CreatedAt = now
		return write(t, l, func(ctx context.Context, tx *ledger.Tx) (bool, error) { return tx.AddMail(ctx, m) })
	}
	notice := ledger.Mail{
		ID: "m1", Kind: "notice", Account: "acc1", Challenge: "ch1", Language: "zh-CN", Data: []byte(`{"what":"passkey"}`),
		MessageID: "m1@example.org", CreatedAt: now,
	}
	another := notice
	another.ID = "m2"
	same(t, []bool{add(notice), add(another)}, []bool{true, true})
	same(t, read(t, l, func(ctx context.Context, tx *ledger.Tx) (ledger.Mail, error) { return tx.Mail(ctx, "m1") }), notice)
	number := func() int {
		return read(t, l, func(ctx context.Context, tx *ledger.Tx) (int, error) { return tx.NextMailNumber(ctx, "a1", "badge", 1) })
	}
	same(t, number(), 0)
	for i, id := range []string{"m3", "m4"} {
		same(t, number(), i)
		same(t, add(ledger.Mail{ID: id, Award: "a1", Kind: "badge", Edition: 1, Number: i, MessageID: id + "@example.org"}), true)
	}
	same(t, add(ledger.Mail{ID: "m5", Award: "a1", Kind: "badge", Edition: 1, Number: 1}), false)

	bounce := func(reason string) bool {
		return write(t, l, func(ctx context.Context, tx *ledger.Tx) (bool, error) {
			m, err := tx.MailByMessageID(ctx, "m4@example.org")
			if err != nil {
				return false, err
			}
			return tx.BounceMail(ctx, m.ID, reason, now)
		})
	}
	same(t, []bool{bounce("no such mailbox"), bounce("again")}, []bool{true, false})
	of := read(t, l, func(ctx context.Context, tx *ledger.Tx) ([]ledger.Mail, error) { return tx.MailsOf(ctx, "a1") })
	if len(of) != 2 || !of[0].BouncedAt.IsZero() || of[1].BouncedAt != now || of[1].BounceReason != "no such mailbox" {
		t.Errorf("mails: %+v", of)
	}
	same(t, len(read(t, l, func(ctx context.Context, tx *ledger.Tx) ([]ledger.Mail, error) { return tx.MailsOf(ctx, "") })), 0)
	fails(t, l, ledger.ErrNotFound, func(ctx context.Context, tx *ledger.Tx) error {
		_, err := tx.BounceMail(ctx, "none", "", now)
		return err
	})
}

func testSuppression(t *testing.T, l *ledger.Ledger) {
	same(t, write(t, l, func(ctx context.Context, tx *ledger.Tx) (bool, error) { // of an erased mail: everybody's would be nobody's
		return tx.AddSuppression(ctx, ledger.Suppression{Issuer: "sample", Kind: "reminder", CreatedAt: now})
	}), false)
	add := func(issuer, kind string) bool {
		return write(t, l, func(ctx context.Context, tx *ledger.Tx) (bool, error) {
			return tx.AddSuppression(ctx, ledger.Suppression{Folded: "ada@example.org", Issuer: issuer, Kind: kind, Reason: "unsubscribed", CreatedAt: now})
		})
	}
	told := func(issuer, kind string) bool {
		return read(t, l, func(ctx context.Context, tx *ledger.Tx) (bool, error) {
			return tx.Suppressed(ctx, "ada@example.org", issuer, kind)
		})
	}
	same(t, []bool{add("sample", "reminder"), add("sample", "reminder")}, []bool{true, false})
	same(t, []bool{told("sample", "reminder"), told("sample", "badge"), told("other", "reminder")}, []bool{true, false, false})
	add("sample", "")
	same(t, []bool{told("sample", "badge"), told("other", "badge")}, []bool{true, false})
	add("", "badge")
	same(t, []bool{told("other", "badge"), told("other", "reminder")}, []bool{true, false})
	same(t, len(read(t, l, func(ctx context.Context, tx *ledger.Tx) ([]ledger.Suppression, error) {
		return tx.Suppressions(ctx, "ada@example.org")
	})), 3)
	for _, s := range [][2]string{{"", "badge"}, {"sample", ""}, {"sample", "reminder"}, {"sample", "reminder"}} {
		update(t, l, func(ctx context.Context, tx *ledger.Tx) error {
			return tx.RemoveSuppression(ctx, "ada@example.org", s[0], s[1])
		})
	}
	same(t, told("sample", "reminder"), false)
}

func testClaimLinks(t *testing.T, l *ledger.Ledger) {
	programme(t, l)
	award(t, l, nil)
	link := ledger.ClaimLink{Hash: "h1", Award: "a1", CreatedAt: now, ExpiresAt: now.Add(time.Hour)}
	update(t, l, func(ctx context.Context, tx *ledger.Tx) error { return tx.AddClaimLink(ctx, link) })
	fails(t, l, ledger.ErrConflict, func(ctx context.Context, tx *ledger.Tx) error { return tx.AddClaimLink(ctx, link) })
	for _, at := range []time.Time{now.Add(time.Minute), now.Add(time.Hour)} { // the first keeps its date
		update(t, l, func(ctx context.Context, tx *ledger.Tx) error { return tx.VoidClaimLinks(ctx, "a1", at) })
	}
	link.UsedAt = now.Add(time.Minute)
	same(t, read(t, l, func(ctx context.Context, tx *ledger.Tx) (ledger.ClaimLink, error) { return tx.ClaimLink(ctx, "h1") }), link)
	fails(t, l, ledger.ErrNotFound, func(ctx context.Context, tx *ledger.Tx) error {
		_, err := tx.ClaimLink(ctx, "none")
		return err
	})
}

func testTokens(t *testing.T, l *ledger.Ledger) {
	token := ledger.Token{ID: "t1", Name: "Exam centre", Issuer: "sample", Scopes: "results:write,awards:read", Hash: "h1", CreatedAt: now}
	update(t, l, func(ctx context.Context, tx *ledger.Tx) error { return tx.AddToken(ctx, token) })
	fails(t, l, ledger.ErrConflict, func(ctx context.Context, tx *ledger.Tx) error {
		return tx.AddToken(ctx, ledger.Token{ID: "t2", Hash: "h1", CreatedAt: now})
	})
	update(t, l, func(ctx context.Context, tx *ledger.Tx) error {
		return errors.Join(tx.RevokeToken(ctx, "t1", now.Add(time.Minute)), tx.RevokeToken(ctx, "t1", now.Add(time.Hour)))
	})
	token.RevokedAt = now.Add(time.Minute)
	same(t, read(t, l, func(ctx context.Context, tx *ledger.Tx) (ledger.Token, error) { return tx.TokenByHash(ctx, "h1") }), token)
	same(t, read(t, l, func(ctx context.Context, tx *ledger.Tx) ([]ledger.Token, error) { return tx.Tokens(ctx) }), []ledger.Token{token})
	fails(t, l, ledger.ErrNotFound, func(ctx context.Context, tx *ledger.Tx) error { return tx.RevokeToken(ctx, "none", now) })
}

func testIdempotency(t *testing.T, l *ledger.Ledger) {
	answer := ledger.Idempotency{Key: "k", Token: "t1", Digest: "d", Status: 201, Body: []byte("{}"), CreatedAt: now}
	other := answer
	other.Token, other.Body = "t2", []byte{}
	update(t, l, func(ctx context.Context, tx *ledger.Tx) error {
		return errors.Join(tx.AddIdempotency(ctx, answer), tx.AddIdempotency(ctx, other))
	})
	fails(t, l, ledger.ErrConflict, func(ctx context.Context, tx *ledger.Tx) error { return tx.AddIdempotency(ctx, answer) })
	same(t, read(t, l, func(ctx context.Context, tx *ledger.Tx) (ledger.Idempotency, error) {
		return tx.Idempotency(ctx, "t1", "k")
	}), answer)
	same(t, write(t, l, func(ctx context.Context, tx *ledger.Tx) (int, error) {
		return tx.PruneIdempotency(ctx, now.Add(time.Second))
	}), 2)
	fails(t, l, ledger.ErrNotFound, func(ctx context.Context, tx *ledger.Tx) error {
		_, err := tx.Idempotency(ctx, "t1", "k")
		return err
	})
}

func testAudit(t *testing.T, l *ledger.Ledger) {
	entry := func(i int) ledger.Audit {
		return ledger.Audit{At: now.Add(time.Duration(i) * time.Second), Actor: "operator", Action: "award.revoked", Subject: fmt.Sprint("a", i%2), Detail: "Fraud."}
	}
	failed := errors.New("failed")
	for i := range 5 {
		update(t, l, func(ctx context.Context, tx *ledger.Tx) error {
			return errors.Join(tx.AppendAudit(ctx, entry(2*i)), tx.AppendAudit(ctx, entry(2*i+1)))
		})
		fails(t, l, failed, func(ctx context.Context, tx *ledger.Tx) error {
			return errors.Join(tx.AppendAudit(ctx, entry(99)), failed)
		})
	}
	verify := func() ledger.AuditReport {
		return read(t, l, func(ctx context.Context, tx *ledger.Tx) (ledger.AuditReport, error) { return tx.VerifyAudit(ctx) })
	}
	all := read(t, l, func(ctx context.Context, tx *ledger.Tx) ([]ledger.Audit, error) { return tx.Audits(ctx, 0, 100) })
	same(t, len(all), 10)
	same(t, verify(), ledger.AuditReport{Entries: 10, Head: all[9].Hash})
	same(t, read(t, l, func(ctx context.Context, tx *ledger.Tx) ([]ledger.Audit, error) { return tx.Audits(ctx, 4, 3) }), all[4:7])
}

func testCheck(t *testing.T, l *ledger.Ledger) {
	programme(t, l)
	if err := l.Check(t.Context()); err != nil {
		t.Error(err)
	}
}
