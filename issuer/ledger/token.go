package ledger

import (
	"context"
	"database/sql"
	"time"
)

// Token is an API token.
type Token struct {
	ID        string
	Name      string
	Issuer    string // slug
	Scopes    string // separated by commas
	Hash      string // of the secret, which is not kept
	CreatedAt time.Time
	ExpiresAt time.Time // zero: never
	RevokedAt time.Time // zero: in force
}

func scanToken(rows *sql.Rows, t *Token) error {
	return rows.Scan(&t.ID, &t.Name, &t.Issuer, &t.Scopes, &t.Hash, timeColumn{&t.CreatedAt}, timeColumn{&t.ExpiresAt},
		timeColumn{&t.RevokedAt})
}

const tokenColumns = `id, name, issuer, scopes, hash, created_at, expires_at, revoked_at`

// AddToken inserts a token. [ErrConflict] where its id or hash is known.
func (tx *Tx) AddToken(ctx context.Context, t Token) error {
	n, err := tx.exec(ctx, `insert into token (`+tokenColumns+`) values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing`,
		t.ID, t.Name, t.Issuer, t.Scopes, t.Hash, t.CreatedAt.UnixMicro(), instant(t.ExpiresAt), instant(t.RevokedAt))
	if err == nil && n == 0 {
		err = conflict("there is a token %s already", t.ID)
	}
	return err
}

// TokenByHash returns the token with a hash; whether it is expired or revoked is
// the caller's to judge.
func (tx *Tx) TokenByHash(ctx context.Context, hash string) (Token, error) {
	return one(ctx, tx, scanToken, "token", "", `select `+tokenColumns+` from token where hash = $1`, hash)
}

// Tokens returns all tokens, newest first.
func (tx *Tx) Tokens(ctx context.Context) ([]Token, error) {
	return list(ctx, tx, scanToken, `select `+tokenColumns+` from token order by created_at desc, id`)
}

// RevokeToken ends a token. One that was revoked already keeps its first date.
func (tx *Tx) RevokeToken(ctx context.Context, id string, at time.Time) error {
	n, err := tx.exec(ctx, `update token set revoked_at = coalesce(revoked_at, $1) where id = $2`, at.UnixMicro(), id)
	return must(n, err, "token", id)
}
