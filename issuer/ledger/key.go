package ledger

import (
	"context"
	"database/sql"
	"time"
)

// Key is a signing key of an issuer. A key without RetiredAt signs; all others
// stay, so that what they signed keeps verifying.
type Key struct {
	ID        string
	Issuer    string // slug
	Algorithm string // Ed25519, RS256 or ES256
	Name      string // in addresses: Multikey for Ed25519, RFC 7638 thumbprint otherwise
	Public    []byte // PKIX, DER
	Private   []byte // encrypted under the master key

	CreatedAt time.Time
	RetiredAt time.Time // zero while it signs
}

func scanKey(rows *sql.Rows, k *Key) error {
	return rows.Scan(&k.ID, &k.Issuer, &k.Algorithm, &k.Name, &k.Public, &k.Private,
		timeColumn{&k.CreatedAt}, timeColumn{&k.RetiredAt})
}

const keyColumns = `id, issuer, algorithm, name, public, private, created_at, retired_at`

// AddKey inserts a key. [ErrConflict] where its id or name is taken.
func (tx *Tx) AddKey(ctx context.Context, k Key) error {
	n, err := tx.exec(ctx, `insert into signing_key (`+keyColumns+`) values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing`,
		k.ID, k.Issuer, k.Algorithm, k.Name, k.Public, k.Private, k.CreatedAt.UnixMicro(), instant(k.RetiredAt))
	if err == nil && n == 0 {
		err = conflict("there is a key %s already", k.Name)
	}
	return err
}

// Key returns the key with a name.
func (tx *Tx) Key(ctx context.Context, name string) (Key, error) {
	return one(ctx, tx, scanKey, "key", name, `select `+keyColumns+` from signing_key where name = $1`, name)
}

// Keys returns an issuer's keys, oldest first, retired ones included.
func (tx *Tx) Keys(ctx context.Context, issuer string) ([]Key, error) {
	return list(ctx, tx, scanKey, `select `+keyColumns+` from signing_key where issuer = $1 order by created_at, id`, issuer)
}

// RetireKeys lets an issuer's keys of an algorithm sign nothing more. Keys that
// are retired already keep their date.
func (tx *Tx) RetireKeys(ctx context.Context, issuer, algorithm string, at time.Time) error {
	_, err := tx.exec(ctx, `update signing_key set retired_at = $1 where issuer = $2 and algorithm = $3 and retired_at is null`,
		at.UnixMicro(), issuer, algorithm)
	return err
}
