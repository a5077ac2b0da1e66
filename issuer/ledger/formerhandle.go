package ledger

import (
	"context"
	"time"
)

// LeaveHandle notes that an account gave a handle up. One that it had given up
// before is noted anew. Look is what it is taken for at a glance.
func (tx *Tx) LeaveHandle(ctx context.Context, account, handle, look string, at time.Time) error {
	_, err := tx.exec(ctx, `insert into former_handle (handle, account, look, freed_at) values ($1, $2, $3, $4)
		on conflict (handle) do update set account = excluded.account, look = excluded.look, freed_at = excluded.freed_at`,
		handle, account, look, at.UnixMicro())
	return err
}

// HandleKept returns a handle that looks like this and is kept for another account
// than this one, because that one gave it up after since; "" where there is none.
func (tx *Tx) HandleKept(ctx context.Context, account, look string, since time.Time) (string, error) {
	found, err := list(ctx, tx, scanOne[string], `select handle from former_handle where look = $1 and account <> $2 and freed_at > $3
		order by handle`,
		look, account, since.UnixMicro())
	if err != nil || len(found) == 0 {
		return "", err
	}
	return found[0], nil
}
