package ledger

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"time"
)

// Account is a person who signs in here.
type Account struct {
	ID                string
	Handle            string // of the profile page, in lower case; "" until it is chosen
	Look              string // what the handle is taken for at a glance, which no two accounts share; "" for none
	Name              string // that the earner chose to be shown; "" for none
	Headline          string
	Language          string // BCP 47
	TimeZone          string // IANA name, or "" for UTC
	Picture           string // SHA-256 of the PNG, which [Tx.AccountPicture] reads, or ""
	ProfilePublic     bool
	DefaultVisibility string    // of an award that is claimed: Private, Unlisted or Public
	AutoAcceptSince   time.Time // when it began to claim awards of every issuer by itself; zero: it does not. For single ones see [Tx.AutoAccept]
	CreatedAt         time.Time
	ClosedAt          time.Time // zero while it is open
	Version           int       // from 1; rises with every change
}

func scanAccount(rows *sql.Rows, a *Account) error {
	return rows.Scan(&a.ID, textColumn{&a.Handle}, textColumn{&a.Look}, &a.Name, &a.Headline, &a.Language, &a.TimeZone, &a.Picture, &a.ProfilePublic,
		&a.DefaultVisibility, timeColumn{&a.AutoAcceptSince}, timeColumn{&a.CreatedAt}, timeColumn{&a.ClosedAt}, &a.Version)
}

const accountColumns = `id, handle, handle_look, name, headline, language, time_zone, picture, profile_public, default_visibility, auto_accept_since,
	created_at, closed_at, version`

// AddAccount inserts an account, open and without picture; its version begins at
// 1 and an empty default visibility is private. [ErrConflict] where the handle
// is taken.
func (tx *Tx) AddAccount(ctx context.Context, a Account) error {
	if a.DefaultVisibility == "" {
		a.DefaultVisibility = Private
	}
	n, err := tx.exec(ctx, `insert into account (id, handle, handle_look, name, headline, language, time_zone, picture, profile_public,
		default_visibility, auto_accept_since, created_at, version) values ($1, $2, $3, $4, $5, $6, $7, '', $8, $9, $10, $11, 1) on conflict do nothing`,
		a.ID, optional(a.Handle), optional(a.Look), a.Name, a.Headline, a.Language, a.TimeZone, a.ProfilePublic, a.DefaultVisibility, instant(a.AutoAcceptSince),
		a.CreatedAt.UnixMicro())
	if err == nil && n == 0 {
		err = conflict("this account or its handle exists already")
	}
	return err
}

// Account returns the account with an id, open or closed.
func (tx *Tx) Account(ctx context.Context, id string) (Account, error) {
	return one(ctx, tx, scanAccount, "account", id, `select `+accountColumns+` from account where id = $1`, id)
}

// AccountByHandle returns the open account with a handle.
func (tx *Tx) AccountByHandle(ctx context.Context, handle string) (Account, error) {
	return one(ctx, tx, scanAccount, "account", handle, `select `+accountColumns+` from account where handle = $1 and closed_at is null`, handle)
}

// AccountByLook returns the open account whose handle looks like this.
func (tx *Tx) AccountByLook(ctx context.Context, look string) (Account, error) {
	return one(ctx, tx, scanAccount, "account", look, `select `+accountColumns+` from account where handle_look = $1 and closed_at is null`, look)
}

// AccountByAddress returns the account that has proven an address, given as
// addresses are compared.
func (tx *Tx) AccountByAddress(ctx context.Context, folded string) (Account, error) {
	return one(ctx, tx, scanAccount, "account", "", `select `+accountColumns+` from account
		where id = (select account from account_address where folded = $1) and closed_at is null`, folded)
}

// Accounts returns up to limit accounts in the order of their ids, from the one
// after an id on.
func (tx *Tx) Accounts(ctx context.Context, after string, limit int) ([]Account, error) {
	return list(ctx, tx, scanAccount, `select `+accountColumns+` from account where id > $1 order by id limit $2`, after, limit)
}

// ChangeAccount stores what the earner may change of their account: all but its
// picture. [ErrConflict] where the handle is taken, or looks like one that is, or
// the account is closed.
func (tx *Tx) ChangeAccount(ctx context.Context, a Account) error {
	n, err := tx.exec(ctx, `update account set handle = $1, handle_look = $2, name = $3, headline = $4, language = $5, time_zone = $6,
		profile_public = $7, default_visibility = $8, auto_accept_since = $9, version = version + 1
		where id = $10 and closed_at is null and not exists (select 1 from account o where o.handle = $1 and o.id <> $10)
		and not exists (select 1 from account o where o.handle_look = $2 and o.id <> $10)`,
		optional(a.Handle), optional(a.Look), a.Name, a.Headline, a.Language, a.TimeZone, a.ProfilePublic, a.DefaultVisibility, instant(a.AutoAcceptSince), a.ID)
	if err != nil || n > 0 {
		return err
	}
	now, err := tx.Account(ctx, a.ID)
	switch {
	case err != nil:
		return err
	case !now.ClosedAt.IsZero():
		return conflict("account %s is closed", a.ID)
	}
	return conflict("the handle %s is taken", a.Handle)
}

// SetAccountPicture stores an account's picture, a PNG; nil removes it.
func (tx *Tx) SetAccountPicture(ctx context.Context, account string, png []byte) error {
	hash := ""
	if png != nil {
		sum := sha256.Sum256(png)
		hash = hex.EncodeToString(sum[:])
	}
	n, err := tx.exec(ctx, `update account set picture = $1, version = version + 1 where id = $2`, hash, account)
	if err = must(n, err, "account", account); err != nil {
		return err
	}
	if png == nil {
		_, err = tx.exec(ctx, `delete from account_picture where account = $1`, account)
		return err
	}
	_, err = tx.exec(ctx, `insert into account_picture (account, png) values ($1, $2) on conflict (account) do update set png = excluded.png`,
		account, png)
	return err
}

// AccountPicture returns an account's picture, a PNG.
func (tx *Tx) AccountPicture(ctx context.Context, account string) ([]byte, error) {
	return one(ctx, tx, scanOne[[]byte], "picture of account", account, `select png from account_picture where account = $1`, account)
}
