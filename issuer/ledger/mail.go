package ledger

import (
	"context"
	"database/sql"
	"time"
)

// Mail is a message that is to be sent, or was. It is sent at least once: where
// a process dies between sending and saying so, its message id tells the
// recipient's side that the second one is the same.
type Mail struct {
	ID        string
	Award     string // id, or "" where it is about none
	Kind      string // badge, revoked, corrected …
	Edition   int    // of the award
	Number    int    // from 0; one mail for each award, kind, edition and number
	Account   string // id of the account that it is about, or ""
	Challenge string // id of the challenge that goes out with it, or ""
	Language  string // BCP 47, or "" for the candidate's
	Data      []byte // JSON of the kind's own, or nil
	Recipient string
	MessageID string // without angle brackets
	Body      []byte // as composed, or nil
	CreatedAt time.Time
	SentAt    time.Time // zero: not yet
	Attempts  int       // failed ones
	LastError string

	BouncedAt    time.Time // zero: it did not come back
	BounceReason string
}

func scanMail(rows *sql.Rows, m *Mail) error {
	return rows.Scan(&m.ID, &m.Award, &m.Kind, &m.Edition, &m.Number, &m.Account, &m.Challenge, &m.Language, textBytes{&m.Data},
		&m.Recipient, &m.MessageID, &m.Body, timeColumn{&m.CreatedAt}, timeColumn{&m.SentAt}, &m.Attempts, &m.LastError,
		timeColumn{&m.BouncedAt}, &m.BounceReason)
}

const mailColumns = `id, award, kind, edition, number, account, challenge, language, data, recipient, message_id, body, created_at,
	sent_at, attempts, last_error, bounced_at, bounce_reason`

// AddMail inserts a mail that is not sent yet, and reports false where there is
// one for its award, kind, edition and number. One about no award is always
// new.
func (tx *Tx) AddMail(ctx context.Context, m Mail) (bool, error) {
	n, err := tx.exec(ctx, `insert into mail (id, award, kind, edition, number, account, challenge, language, data, recipient,
		message_id, body, created_at, attempts, last_error)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 0, '')
		on conflict (award, kind, edition, number) where award <> '' do nothing`,
		m.ID, m.Award, m.Kind, m.Edition, m.Number, m.Account, m.Challenge, m.Language, string(m.Data), m.Recipient, m.MessageID, bytesOrNull(m.Body), m.CreatedAt.UnixMicro())
	return n > 0, err
}

// bytesOrNull stores nil as NULL: a nil slice in an interface is not nil.
func bytesOrNull(b []byte) any {
	if b == nil {
		return nil
	}
	return b
}

// Mail returns the mail with an id.
func (tx *Tx) Mail(ctx context.Context, id string) (Mail, error) {
	return one(ctx, tx, scanMail, "mail", id, `select `+mailColumns+` from mail where id = $1`, id)
}

// MarkMailSent notes that a mail went out, with its body as sent or nil. A mail
// that was sent already keeps its first date.
func (tx *Tx) MarkMailSent(ctx context.Context, id string, at time.Time, body []byte) error {
	n, err := tx.exec(ctx, `update mail set sent_at = coalesce(sent_at, $1), body = coalesce($2, body), last_error = '' where id = $3`,
		at.UnixMicro(), bytesOrNull(body), id)
	return must(n, err, "mail", id)
}

// MarkMailFailed notes a failed attempt to send a mail.
func (tx *Tx) MarkMailFailed(ctx context.Context, id, reason string) error {
	n, err := tx.exec(ctx, `update mail set attempts = attempts + 1, last_error = $1 where id = $2`, reason, id)
	return must(n, err, "mail", id)
}

// NextMailNumber returns the number that the next mail of a kind about an
// award's edition would have: 0 for the first.
func (tx *Tx) NextMailNumber(ctx context.Context, award, kind string, edition int) (int, error) {
	return one(ctx, tx, scanOne[int], "mail", "", `select coalesce(max(number), -1) + 1 from mail
		where award = $1 and award <> '' and kind = $2 and edition = $3`, award, kind, edition)
}

// MailByMessageID returns the mail with a message id, without angle brackets.
func (tx *Tx) MailByMessageID(ctx context.Context, messageID string) (Mail, error) {
	return one(ctx, tx, scanMail, "mail", messageID, `select `+mailColumns+` from mail where message_id = $1`, messageID)
}

// BounceMail notes that a mail came back. It reports false, and keeps the first
// reason, where that is known.
func (tx *Tx) BounceMail(ctx context.Context, id, reason string, at time.Time) (bool, error) {
	n, err := tx.exec(ctx, `update mail set bounced_at = $1, bounce_reason = $2 where id = $3 and bounced_at is null`, at.UnixMicro(), reason, id)
	if err != nil || n > 0 {
		return n > 0, err
	}
	_, err = tx.Mail(ctx, id)
	return false, err
}

// MailsOf returns the mails about an award, oldest first.
func (tx *Tx) MailsOf(ctx context.Context, award string) ([]Mail, error) {
	return list(ctx, tx, scanMail, `select `+mailColumns+` from mail where award = $1 and award <> '' order by created_at, id`, award)
}

// Mails returns the newest mails, up to limit, without their bodies.
func (tx *Tx) Mails(ctx context.Context, limit int) ([]Mail, error) {
	return list(ctx, tx, scanMail, `select id, award, kind, edition, number, account, challenge, language, data, recipient, message_id, null,
		created_at, sent_at, attempts, last_error, bounced_at, bounce_reason from mail order by created_at desc, id desc limit $1`, limit)
}
