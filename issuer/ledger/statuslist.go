package ledger

import (
	"context"
	"database/sql"
	"time"
)

// StatusList is a list of bits, one an award, that tells which awards are not in
// force.
type StatusList struct {
	ID               string
	Issuer           string // slug
	Purpose          string
	Length           int // bits
	Taken            int // of them given to awards
	Epoch            int // rises when a backup is restored
	Version          int // rises with every change of a bit
	PublishedVersion int // that Credential shows; 0 for none
	Credential       []byte
	SignedAt         time.Time
	CreatedAt        time.Time
}

func scanStatusList(rows *sql.Rows, l *StatusList) error {
	return rows.Scan(&l.ID, &l.Issuer, &l.Purpose, &l.Length, &l.Taken, &l.Epoch, &l.Version, &l.PublishedVersion,
		&l.Credential, timeColumn{&l.SignedAt}, timeColumn{&l.CreatedAt})
}

const statusListColumns = `id, issuer, purpose, length, taken, epoch, version, published_version, credential, signed_at, created_at`

// AddStatusList inserts an empty list, with epoch and version 1.
func (tx *Tx) AddStatusList(ctx context.Context, l StatusList) error {
	n, err := tx.exec(ctx, `insert into status_list (id, issuer, purpose, length, created_at, taken, epoch, version, published_version)
		values ($1, $2, $3, $4, $5, 0, 1, 1, 0) on conflict do nothing`,
		l.ID, l.Issuer, l.Purpose, l.Length, l.CreatedAt.UnixMicro())
	if err == nil && n == 0 {
		err = conflict("there is a status list %s already", l.ID)
	}
	return err
}

// StatusList returns the list with an id.
func (tx *Tx) StatusList(ctx context.Context, id string) (StatusList, error) {
	return one(ctx, tx, scanStatusList, "status list", id, `select `+statusListColumns+` from status_list where id = $1`, id)
}

// StatusLists returns an issuer's lists, oldest first, without their credentials.
func (tx *Tx) StatusLists(ctx context.Context, issuer string) ([]StatusList, error) {
	return list(ctx, tx, scanStatusList, `select id, issuer, purpose, length, taken, epoch, version, published_version, null, signed_at, created_at
		from status_list where issuer = $1 order by created_at, id`, issuer)
}

// ReserveStatusIndex counts one more index of a list as taken, for
// [Tx.TakeStatusIndex]. It reports false where there is no such list of this
// epoch, or where most of its indexes are taken already.
func (tx *Tx) ReserveStatusIndex(ctx context.Context, list string, epoch, most int) (bool, error) {
	n, err := tx.exec(ctx, `update status_list set taken = taken + 1 where id = $1 and epoch = $2 and taken < $3`, list, epoch, most)
	return n > 0, err
}

// TakeStatusIndex gives an index of a list to an award, and reports false where
// it is taken. An index is given once, for ever.
func (tx *Tx) TakeStatusIndex(ctx context.Context, list string, index int, award string) (bool, error) {
	n, err := tx.exec(ctx, `insert into status_entry (list, position, award) values ($1, $2, $3) on conflict do nothing`, list, index, award)
	return n > 0, err
}

// SetIndexes returns the indexes of a list whose awards are suspended or revoked
// now, rising.
func (tx *Tx) SetIndexes(ctx context.Context, id string) ([]int, error) {
	return list(ctx, tx, scanOne[int], `select status_index from award
		where status_list = $1 and (revoked_at is not null or suspended_at is not null) order by status_index`, id)
}

// TouchStatusList notes that a bit of a list has changed, so that it is
// published anew.
func (tx *Tx) TouchStatusList(ctx context.Context, id string) error {
	n, err := tx.exec(ctx, `update status_list set version = version + 1 where id = $1`, id)
	return must(n, err, "status list", id)
}

// PutStatusCredential stores the signed form of a version of a list. A form that
// is older than the one stored changes nothing: what is published only grows.
// [ErrConflict] for a version that the list has not reached, as after a restore.
func (tx *Tx) PutStatusCredential(ctx context.Context, id string, version int, credential []byte, at time.Time) error {
	n, err := tx.exec(ctx, `update status_list set credential = $1, published_version = $2, signed_at = $3
		where id = $4 and published_version <= $2 and version >= $2`, string(credential), version, at.UnixMicro(), id)
	if err != nil || n > 0 {
		return err
	}
	l, err := tx.StatusList(ctx, id)
	if err == nil && l.Version < version {
		err = conflict("status list %s is at version %d, not yet at %d", id, l.Version, version)
	}
	return err
}
