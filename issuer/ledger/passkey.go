package ledger

import (
	"context"
	"database/sql"
	"time"
)

// Passkey is a WebAuthn credential that signs an account in.
type Passkey struct {
	ID         string // of the credential, base64url
	Account    string // id
	Name       string // that the earner gave it
	Data       []byte // JSON of the credential
	CreatedAt  time.Time
	LastUsedAt time.Time // zero: never
}

func scanPasskey(rows *sql.Rows, p *Passkey) error {
	return rows.Scan(&p.ID, &p.Account, &p.Name, textBytes{&p.Data}, timeColumn{&p.CreatedAt}, timeColumn{&p.LastUsedAt})
}

const passkeyColumns = `id, account, name, data, created_at, last_used_at`

// AddPasskey inserts a passkey. [ErrConflict] where its id is known.
func (tx *Tx) AddPasskey(ctx context.Context, p Passkey) error {
	n, err := tx.exec(ctx, `insert into passkey (id, account, name, data, created_at) values ($1, $2, $3, $4, $5) on conflict do nothing`,
		p.ID, p.Account, p.Name, string(p.Data), p.CreatedAt.UnixMicro())
	if err == nil && n == 0 {
		err = conflict("this passkey exists already")
	}
	return err
}

// Passkey returns the passkey with an id.
func (tx *Tx) Passkey(ctx context.Context, id string) (Passkey, error) {
	return one(ctx, tx, scanPasskey, "passkey", id, `select `+passkeyColumns+` from passkey where id = $1`, id)
}

// Passkeys returns an account's passkeys, oldest first.
func (tx *Tx) Passkeys(ctx context.Context, account string) ([]Passkey, error) {
	return list(ctx, tx, scanPasskey, `select `+passkeyColumns+` from passkey where account = $1 order by created_at, id`, account)
}

// UsePasskey notes a sign-in with a passkey, and its data as they are now.
func (tx *Tx) UsePasskey(ctx context.Context, id string, data []byte, at time.Time) error {
	n, err := tx.exec(ctx, `update passkey set data = $1, last_used_at = $2 where id = $3`, string(data), at.UnixMicro(), id)
	return must(n, err, "passkey", id)
}

// NamePasskey gives one of an account's passkeys a name.
func (tx *Tx) NamePasskey(ctx context.Context, account, id, name string) error {
	n, err := tx.exec(ctx, `update passkey set name = $1 where id = $2 and account = $3`, name, id, account)
	return must(n, err, "passkey", id)
}

// RemovePasskey deletes one of an account's passkeys.
func (tx *Tx) RemovePasskey(ctx context.Context, account, id string) error {
	n, err := tx.exec(ctx, `delete from passkey where id = $1 and account = $2`, id, account)
	return must(n, err, "passkey", id)
}
