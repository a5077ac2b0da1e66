package ledger

import (
	"context"
	"database/sql"
	"time"
)

// Identity is a person at a sign-in provider who is an account here.
type Identity struct {
	Provider  string // its name in the settings
	Subject   string // the person's id there
	Account   string // id
	CreatedAt time.Time
}

func scanIdentity(rows *sql.Rows, i *Identity) error {
	return rows.Scan(&i.Provider, &i.Subject, &i.Account, timeColumn{&i.CreatedAt})
}

const identityColumns = `provider, subject, account, created_at`

// AddIdentity inserts an identity. It reports false where the account has it
// already; [ErrConflict] where another one does.
func (tx *Tx) AddIdentity(ctx context.Context, i Identity) (bool, error) {
	n, err := tx.exec(ctx, `insert into identity (provider, subject, account, created_at) values ($1, $2, $3, $4) on conflict do nothing`,
		i.Provider, i.Subject, i.Account, i.CreatedAt.UnixMicro())
	if err != nil || n > 0 {
		return n > 0, err
	}
	there, err := tx.Identity(ctx, i.Provider, i.Subject)
	if err == nil && there.Account != i.Account {
		err = conflict("this sign-in is another account's")
	}
	return false, err
}

// Identity returns the identity of a person at a provider.
func (tx *Tx) Identity(ctx context.Context, provider, subject string) (Identity, error) {
	return one(ctx, tx, scanIdentity, "identity", "", `select `+identityColumns+` from identity where provider = $1 and subject = $2`,
		provider, subject)
}

// Identities returns an account's identities, oldest first.
func (tx *Tx) Identities(ctx context.Context, account string) ([]Identity, error) {
	return list(ctx, tx, scanIdentity, `select `+identityColumns+` from identity where account = $1 order by created_at, provider, subject`, account)
}

// RemoveIdentity deletes one of an account's identities.
func (tx *Tx) RemoveIdentity(ctx context.Context, account, provider, subject string) error {
	n, err := tx.exec(ctx, `delete from identity where provider = $1 and subject = $2 and account = $3`, provider, subject, account)
	return must(n, err, "identity", "")
}
