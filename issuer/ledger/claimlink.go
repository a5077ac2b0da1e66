package ledger

import (
	"context"
	"database/sql"
	"time"
)

// ClaimLink lets whoever holds its secret claim an award, once.
type ClaimLink struct {
	Hash      string // of the secret, which is not kept
	Award     string // id
	CreatedAt time.Time
	ExpiresAt time.Time // zero: never
	UsedAt    time.Time // zero: not yet
}

func scanClaimLink(rows *sql.Rows, l *ClaimLink) error {
	return rows.Scan(&l.Hash, &l.Award, timeColumn{&l.CreatedAt}, timeColumn{&l.ExpiresAt}, timeColumn{&l.UsedAt})
}

const claimLinkColumns = `hash, award, created_at, expires_at, used_at`

// AddClaimLink inserts a link. [ErrConflict] where its hash is known.
func (tx *Tx) AddClaimLink(ctx context.Context, l ClaimLink) error {
	n, err := tx.exec(ctx, `insert into claim_link (hash, award, created_at, expires_at) values ($1, $2, $3, $4) on conflict do nothing`,
		l.Hash, l.Award, l.CreatedAt.UnixMicro(), instant(l.ExpiresAt))
	if err == nil && n == 0 {
		err = conflict("this claim link exists already")
	}
	return err
}

// ClaimLink returns the link with a hash; whether it is used or expired is the
// caller's to judge.
func (tx *Tx) ClaimLink(ctx context.Context, hash string) (ClaimLink, error) {
	return one(ctx, tx, scanClaimLink, "claim link", "", `select `+claimLinkColumns+` from claim_link where hash = $1`, hash)
}

// VoidClaimLinks ends every link to an award that still works.
func (tx *Tx) VoidClaimLinks(ctx context.Context, award string, at time.Time) error {
	_, err := tx.exec(ctx, `update claim_link set used_at = $1 where award = $2 and used_at is null`, at.UnixMicro(), award)
	return err
}
