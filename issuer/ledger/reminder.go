package ledger

import (
	"context"
	"time"
)

// AwardsToRemind returns up to limit awards of which the earner is to be
// reminded by at: claimed by nobody, not declined, in force. Longest due first.
func (tx *Tx) AwardsToRemind(ctx context.Context, at time.Time, limit int) ([]Award, error) {
	return list(ctx, tx, scanAward, `select `+awardColumns+` from award where remind_at <= $1 and claimed_at is null
		and declined_at is null and revoked_at is null and suspended_at is null order by remind_at, id limit $2`, at.UnixMicro(), limit)
}

// Reminded notes that the reminder with a number, from 1, was queued, and when
// the next is due; the zero time ends them. It reports false where that number
// was noted already, or the award is claimed or declined meanwhile.
func (tx *Tx) Reminded(ctx context.Context, id string, number int, next time.Time) (bool, error) {
	n, err := tx.exec(ctx, `update award set reminders = $1, remind_at = $2
		where id = $3 and reminders = cast($1 as bigint) - 1 and claimed_at is null and declined_at is null`, number, instant(next), id)
	return tx.changed(ctx, n, err, id)
}

// SetReminder says when the earner is reminded of an award next; the zero time
// ends the reminders.
func (tx *Tx) SetReminder(ctx context.Context, id string, next time.Time) error {
	n, err := tx.exec(ctx, `update award set remind_at = $1 where id = $2`, instant(next), id)
	return must(n, err, "award", id)
}

// EndReminders ends the reminders of an issuer's awards that are tied to an
// address, given as addresses are compared; an empty issuer is every one.
func (tx *Tx) EndReminders(ctx context.Context, folded, issuer string) error {
	_, err := tx.exec(ctx, `update award set remind_at = null where folded = $1 and remind_at is not null
		and (issuer = $2 or cast($2 as text) = '')`, folded, issuer)
	return err
}
