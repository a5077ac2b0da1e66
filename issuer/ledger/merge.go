package ledger

import (
	"context"
	"database/sql"
	"time"
)

// Merge is one account that became part of another.
type Merge struct {
	ID        string
	From      string // id of the account that is gone
	Into      string // id of the one that is left
	Data      []byte // JSON of what moved, for the way back; nil once that is over
	MergedAt  time.Time
	UndoUntil time.Time
	UndoneAt  time.Time // zero: not
}

func scanMerge(rows *sql.Rows, m *Merge) error {
	return rows.Scan(&m.ID, &m.From, &m.Into, textBytes{&m.Data}, timeColumn{&m.MergedAt}, timeColumn{&m.UndoUntil}, timeColumn{&m.UndoneAt})
}

const mergeColumns = `id, from_account, into_account, data, merged_at, undo_until, undone_at`

// AddMerge inserts a merge.
func (tx *Tx) AddMerge(ctx context.Context, m Merge) error {
	_, err := tx.exec(ctx, `insert into account_merge (id, from_account, into_account, data, merged_at, undo_until) values ($1, $2, $3, $4, $5, $6)`,
		m.ID, m.From, m.Into, string(m.Data), m.MergedAt.UnixMicro(), m.UndoUntil.UnixMicro())
	return err
}

// Merge returns the merge with an id.
func (tx *Tx) Merge(ctx context.Context, id string) (Merge, error) {
	return one(ctx, tx, scanMerge, "merge", id, `select `+mergeColumns+` from account_merge where id = $1`, id)
}

// MergesInto returns the merges into an account, newest first.
func (tx *Tx) MergesInto(ctx context.Context, account string) ([]Merge, error) {
	return list(ctx, tx, scanMerge, `select `+mergeColumns+` from account_merge where into_account = $1 order by merged_at desc, id desc`, account)
}

// UndoMerge notes that a merge was undone. [ErrConflict] where it was already,
// or its time for that is over.
func (tx *Tx) UndoMerge(ctx context.Context, id string, at time.Time) error {
	n, err := tx.exec(ctx, `update account_merge set undone_at = $1, data = '' where id = $2 and undone_at is null and undo_until > $1`,
		at.UnixMicro(), id)
	if err == nil && n == 0 {
		err = conflict("this merge is undone already, or its time for that is over")
	}
	return err
}
