package ledger

import (
	"context"
	"database/sql"
	"time"
)

// Idempotency is the answer to a request that carried an idempotency key, to be
// given again when the request is repeated.
type Idempotency struct {
	Key       string
	Token     string // id of the API token that asked; keys of two never meet
	Digest    string // of the request
	Status    int
	Body      []byte
	CreatedAt time.Time
}

func scanIdempotency(rows *sql.Rows, i *Idempotency) error {
	return rows.Scan(&i.Token, &i.Key, &i.Digest, &i.Status, &i.Body, timeColumn{&i.CreatedAt})
}

const idempotencyColumns = `token, name, digest, status, body, created_at`

// AddIdempotency keeps an answer. [ErrConflict] where the token's key has one.
func (tx *Tx) AddIdempotency(ctx context.Context, i Idempotency) error {
	body := i.Body
	if body == nil {
		body = []byte{}
	}
	n, err := tx.exec(ctx, `insert into idempotency (`+idempotencyColumns+`) values ($1, $2, $3, $4, $5, $6) on conflict do nothing`,
		i.Token, i.Key, i.Digest, i.Status, body, i.CreatedAt.UnixMicro())
	if err == nil && n == 0 {
		err = conflict("this idempotency key was used already")
	}
	return err
}

// Idempotency returns the answer that is kept for a token's key.
func (tx *Tx) Idempotency(ctx context.Context, token, key string) (Idempotency, error) {
	return one(ctx, tx, scanIdempotency, "idempotency key", key,
		`select `+idempotencyColumns+` from idempotency where token = $1 and name = $2`, token, key)
}

// PruneIdempotency forgets the answers from before a time, and returns how many.
func (tx *Tx) PruneIdempotency(ctx context.Context, before time.Time) (int, error) {
	n, err := tx.exec(ctx, `delete from idempotency where created_at < $1`, before.UnixMicro())
	return int(n), err
}
