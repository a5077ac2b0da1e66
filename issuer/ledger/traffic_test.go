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

func testClaimLinks(t *testing.T, l *ledger.Ledger) {
	programme(t, l)
	award(t, l, nil)
	link := ledger.ClaimLink{Hash: "h1", Award: "a1", CreatedAt: now, ExpiresAt: now.Add(time.Hour)}
	update(t, l, func(ctx context.Context, tx *ledger.Tx) error { return tx.AddClaimLink(ctx, link) })
	fails(t, l, ledger.ErrConflict, func(ctx context.Context, tx *ledger.Tx) error { return tx.AddClaimLink(ctx, link) })
	use := func(at time.Time) func(context.Context, *ledger.Tx) error {
		return func(ctx context.Context, tx *ledger.Tx) error { return tx.UseClaimLink(ctx, "h1", at) }
	}
	fails(t, l, ledger.ErrConflict, use(now.Add(time.Hour)))
	update(t, l, use(now.Add(time.Minute)))
	fails(t, l, ledger.ErrConflict, use(now.Add(time.Minute)))
	link.UsedAt = now.Add(time.Minute)
	same(t, read(t, l, func(ctx context.Context, tx *ledger.Tx) (ledger.ClaimLink, error) { return tx.ClaimLink(ctx, "h1") }), link)
	fails(t, l, ledger.ErrNotFound, func(ctx context.Context, tx *ledger.Tx) error { return tx.UseClaimLink(ctx, "none", now) })
}

func testTokens(t *testing.T, l *ledger.Ledger) {
	token := ledger.Token{ID: "t1", Name: "Exam centre", Issuer: "sample", Scopes: "results:write,awards:read", Hash: "h1", CreatedAt: now}
	update(t, l, func(ctx context.Context, tx *ledger.Tx) error { return tx.AddToken(ctx, token) })
	fails(t, l, ledger.ErrConflict, func(ctx context.Context, tx *ledger.Tx) error {
		return tx.AddToken(ctx, ledger.Token{ID: "t2", Hash: "h1", CreatedAt: now})
	})
	update(t, l, func(ctx context.Context, tx *ledger.Tx) error {
		return errors.Join(tx.UseToken(ctx, "t1", now.Add(time.Second)), tx.RevokeToken(ctx, "t1", now.Add(time.Minute)),
			tx.RevokeToken(ctx, "t1", now.Add(time.Hour)))
	})
	token.LastUsedAt, token.RevokedAt = now.Add(time.Second), now.Add(time.Minute)
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
