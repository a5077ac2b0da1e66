package ledger

import (
	"context"
	"database/sql"
	"time"
)

// Funnel counts how far the awards of one achievement have come. Those whose earner
// had their data erased are counted as awarded alone.
type Funnel struct {
	Achievement string // slug
	Awarded     int
	Told        int // a mail server took their badge mail, and it did not come back
	Bounced     int // their mail came back, or was refused for good, and none arrived
	Claimed     int
	Declined    int
	Waiting     int // neither claimed nor declined, and in no way ended
	Revoked     int
	Public      int
}

// Funnels counts an issuer's awards that were made from since to before until, by
// achievement; a zero time is no bound.
func (tx *Tx) Funnels(ctx context.Context, issuer string, since, until time.Time) ([]Funnel, error) {
	const arrived = `exists (select 1 from mail m where m.award = w.id and m.kind in ('badge', 'reminder') and m.sent_at is not null and m.bounced_at is null)`
	if until.IsZero() {
		until = time.Unix(1<<40, 0)
	}
	return list(ctx, tx, func(rows *sql.Rows, f *Funnel) error {
		return rows.Scan(&f.Achievement, &f.Awarded, &f.Told, &f.Bounced, &f.Claimed, &f.Declined, &f.Waiting, &f.Revoked, &f.Public)
	}, `select achievement, count(*),
		sum(case when erased_at is null and `+arrived+` then 1 else 0 end),
		sum(case when erased_at is null and exists (select 1 from mail m where m.award = w.id and m.bounced_at is not null) and not `+arrived+` then 1 else 0 end),
		sum(case when erased_at is null and claimed_at is not null then 1 else 0 end),
		sum(case when erased_at is null and claimed_at is null and declined_at is not null then 1 else 0 end),
		sum(case when erased_at is null and claimed_at is null and declined_at is null and revoked_at is null then 1 else 0 end),
		sum(case when erased_at is null and revoked_at is not null then 1 else 0 end),
		sum(case when erased_at is null and claimed_at is not null and visibility = 'public' then 1 else 0 end)
		from award w where issuer = $1 and created_at >= $2 and created_at < $3 group by achievement order by achievement`,
		issuer, max(since.UnixMicro(), 0), until.UnixMicro())
}
