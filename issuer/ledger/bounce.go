package ledger

import (
	"context"
	"time"
)

// BouncedMails returns up to limit mails that came back after a time, latest
// first, without their bodies. It reads every mail: it is for examinations.
func (tx *Tx) BouncedMails(ctx context.Context, since time.Time, limit int) ([]Mail, error) {
	return list(ctx, tx, scanMail, `select id, award, kind, edition, number, account, challenge, language, data, recipient, message_id, null,
		created_at, sent_at, attempts, last_error, bounced_at, bounce_reason from mail where bounced_at > $1 order by bounced_at desc, id desc limit $2`,
		since.UnixMicro(), limit)
}
