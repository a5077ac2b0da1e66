package ledger

import (
	"context"
	"time"
)

// AwardsUnclaimedSince returns up to limit of an issuer's awards that were made by a
// time and that nobody has claimed, and of which it was not said yet when what is
// known of them is minimised. Oldest first. Revoked and erased ones are not among them.
func (tx *Tx) AwardsUnclaimedSince(ctx context.Context, issuer string, made time.Time, limit int) ([]Award, error) {
	return list(ctx, tx, scanAward, `select `+awardColumns+` from award where issuer = $1 and created_at <= $2 and account is null
		and minimise_at is null and revoked_at is null and erased_at is null order by created_at, id limit $3`, issuer, made.UnixMicro(), limit)
}

// SetMinimise says when what is known of an unclaimed award is minimised. It reports
// false where that was said already, or the award is claimed.
func (tx *Tx) SetMinimise(ctx context.Context, id string, at time.Time) (bool, error) {
	n, err := tx.exec(ctx, `update award set minimise_at = $1 where id = $2 and minimise_at is null and account is null`, at.UnixMicro(), id)
	return tx.changed(ctx, n, err, id)
}

// AwardsToMinimise returns up to limit awards that nobody has claimed by the time that
// [Tx.SetMinimise] named. Longest due first.
func (tx *Tx) AwardsToMinimise(ctx context.Context, at time.Time, limit int) ([]Award, error) {
	return list(ctx, tx, scanAward, `select `+awardColumns+` from award where minimise_at <= $1 and minimised_at is null
		and account is null order by minimise_at, id limit $2`, at.UnixMicro(), limit)
}

// Minimise forgets what is not needed to claim an award, verify it or decide by its
// results: score, language and place of the exams that no other award shows, and to
// whom its mails went and what they said. It reports false where that was done, or
// somebody has claimed the award.
func (tx *Tx) Minimise(ctx context.Context, id string, at time.Time) (bool, error) {
	n, err := tx.exec(ctx, `update award set minimised_at = $1, version = version + 1
		where id = $2 and minimise_at <= $1 and minimised_at is null and account is null`, at.UnixMicro(), id)
	if done, err := tx.changed(ctx, n, err, id); err != nil || !done {
		return false, err
	}
	if _, err := tx.exec(ctx, `update result set score = '', delivery = '', language = ''
		where id in (select result from award_result where award = $1)
		and not exists (select 1 from award_result l join award w on w.id = l.award
			where l.result = result.id and w.revoked_at is null and w.erased_at is null and w.minimised_at is null)`, id); err != nil {
		return false, err
	}
	_, err = tx.exec(ctx, `update mail set recipient = '', body = null, data = '' where award = $1 and award <> '' and sent_at is not null`, id)
	return err == nil, err
}
