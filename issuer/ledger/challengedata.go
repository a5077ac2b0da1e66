package ledger

import "context"

// SetChallengeData stores what a challenge's purpose keeps beside it, as JSON.
func (tx *Tx) SetChallengeData(ctx context.Context, id string, data []byte) error {
	n, err := tx.exec(ctx, `update challenge set data = $1 where id = $2`, string(data), id)
	return must(n, err, "challenge", id)
}
