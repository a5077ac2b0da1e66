package ledger

import (
	"context"
	"database/sql"
	"time"
)

// TieAddress notes that an award names an address because its owner asked for it. One
// that is noted already stays as it is.
func (tx *Tx) TieAddress(ctx context.Context, award, address, folded string, at time.Time) error {
	_, err := tx.exec(ctx, `insert into award_address (award, folded, address, tied_at) values ($1, $2, $3, $4) on conflict do nothing`,
		award, folded, address, at.UnixMicro())
	return err
}

// UntieAddress forgets that an award names an address because its owner asked for it,
// and reports false where it did not.
func (tx *Tx) UntieAddress(ctx context.Context, award, folded string) (bool, error) {
	n, err := tx.exec(ctx, `delete from award_address where award = $1 and folded = $2`, award, folded)
	return n > 0, err
}

// TiedAddresses returns the addresses that an award names because its owner asked for
// it, the first first.
func (tx *Tx) TiedAddresses(ctx context.Context, award string) ([]Address, error) {
	return list(ctx, tx, func(rows *sql.Rows, a *Address) error {
		return rows.Scan(&a.Address, &a.Folded, timeColumn{&a.FirstSeen})
	}, `select address, folded, tied_at from award_address where award = $1 order by tied_at, folded`, award)
}
