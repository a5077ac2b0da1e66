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
	Award     string // id
	Kind      string // badge, revoked, corrected
	Edition   int    // of the award; one mail for each award, kind and edition
	Recipient string
	MessageID string // without angle brackets
	Body      []byte // as composed, or nil
	CreatedAt time.Time
	SentAt    time.Time // zero: not yet
	Attempts  int       // failed ones
	LastError string
}

func scanMail(rows *sql.Rows, m *Mail) error {
	return rows.Scan(&m.ID, &m.Award, &m.Kind, &m.Edition, &m.Recipient, &m.MessageID, &m.Body, timeColumn{&m.CreatedAt},
		timeColumn{&m.SentAt}, &m.Attempts, &m.LastError)
}

const mailColumns = `id, award, kind, edition, recipient, message_id, body, created_at, sent_at, attempts, last_error`

// AddMail inserts a mail that is not sent yet, and reports false where there is
// one for its award, kind and edition.
func (tx *Tx) AddMail(ctx context.Context, m Mail) (bool, error) {
	n, err := tx.exec(ctx, `insert into mail (id, award, kind, edition, recipient, message_id, body, created_at, attempts, last_error)
		values ($1, $2, $3, $4, $5, $6, $7, $8, 0, '') on conflict (award, kind, edition) do nothing`,
		m.ID, m.Award, m.Kind, m.Edition, m.Recipient, m.MessageID, bytesOrNull(m.Body), m.CreatedAt.UnixMicro())
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

// MailsOf returns the mails about an award, oldest first.
func (tx *Tx) MailsOf(ctx context.Context, award string) ([]Mail, error) {
	return list(ctx, tx, scanMail, `select `+mailColumns+` from mail where award = $1 order by created_at, id`, award)
}

// Mails returns the newest mails, up to limit, without their bodies.
func (tx *Tx) Mails(ctx context.Context, limit int) ([]Mail, error) {
	return list(ctx, tx, scanMail, `select id, award, kind, edition, recipient, message_id, null, created_at, sent_at, attempts, last_error
		from mail order by created_at desc, id desc limit $1`, limit)
}
