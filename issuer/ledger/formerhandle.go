package ledger

import (
	"context"
	"time"
)

// LeaveHandle notes that an account gave a handle up. One that it had given up
// before is noted anew.
func (tx *Tx) LeaveHandle(ctx context.Context, account, handle string, at time.Time) error {
	_, err := tx.exec(ctx, `insert into former_handle (handle, account, freed_at) values ($1, $2, $3)
		on conflict (handle) do update set account = excluded.account, freed_at = excluded.freed_at`, handle, account, at.UnixMicro())
	return err
}

// HandleKept tells whether a handle is kept for another account than this one,
// because that one gave it up after since.
func (tx *Tx) HandleKept(ctx context.Context, account, handle string, since time.Time) (bool, error) {
	found, err := list(ctx, tx, scanOne[int], `select 1 from former_handle where handle = $1 and account <> $2 and freed_at > $3`,
		handle, account, since.UnixMicro())
	return len(found) > 0, err
}
