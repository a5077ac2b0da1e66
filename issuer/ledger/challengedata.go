package ledger

import (
	"context"
	"time"
)

// SetChallengeData stores what a challenge's purpose keeps beside it, as JSON.
func (tx *Tx) SetChallengeData(ctx context.Context, id string, data []byte) error {
	n, err := tx.exec(ctx, `update challenge set data = $1 where id = $2`, string(data), id)
	return must(n, err, "challenge", id)
}

// SameChallenge returns the newest challenge that was made since a time for the
// same purpose, account, award and address as c, and still works at another.
// [ErrNotFound] where there is none.
func (tx *Tx) SameChallenge(ctx context.Context, c Challenge, since, at time.Time) (Challenge, error) {
	return one(ctx, tx, scanChallenge, "challenge", "", `select `+challengeColumns+` from challenge where folded = $1 and created_at >= $2
		and purpose = $3 and coalesce(account, '') = $4 and coalesce(award, '') = $5 and used_at is null and expires_at > $6
		order by created_at desc, id desc limit 1`, c.Folded, since.UnixMicro(), c.Purpose, c.Account, c.Award, at.UnixMicro())
}
