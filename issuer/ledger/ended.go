package ledger

import (
	"context"
	"time"
)

// AwardsEnded returns up to limit awards that ended after since and by at while an
// account owned them, and about which no mail of the given kind was queued since;
// those that ended first come first. Revoked and suspended awards are not among
// them.
func (tx *Tx) AwardsEnded(ctx context.Context, since, at time.Time, kind string, limit int) ([]Award, error) {
	return list(ctx, tx, scanAward, `select `+awardColumns+` from award where expires_at > $1 and expires_at <= $2
		and account is not null and claimed_at < expires_at and revoked_at is null and suspended_at is null and erased_at is null
		and not exists (select 1 from mail m where m.award = award.id and m.award <> '' and m.kind = $3
			and m.created_at >= award.expires_at)
		order by expires_at, id limit $4`, since.UnixMicro(), at.UnixMicro(), kind, limit)
}
