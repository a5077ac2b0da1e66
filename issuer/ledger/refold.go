package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/pressly/goose/v3"

	"github.com/accolade-badges/accolade/issuer/address"
)

// refoldVersion is the migration that compares stored addresses anew. Before it they
// were compared by full case folding, in which ß is ss, and ASCII domains were other
// domains than the Unicode ones that they stand for.
const refoldVersion = 9

func refold() *goose.Migration {
	return goose.NewGoMigration(refoldVersion, &goose.GoFunc{RunTx: refoldAddresses}, nil)
}

// refolded are the tables that keep an address beside its form, with their keys.
var refolded = []struct{ table, key string }{
	{"address", "issuer || '/' || candidate || '/' || folded"},
	{"account_address", "folded"},
	{"award", "id"},
	{"challenge", "id"},
}

// refoldAddresses gives every stored address its form of today. Who opted out with
// one is left alone under the new form too; a link or code that was mailed to one,
// and not used, works no more. Where the new form is another account's already, the
// owner of the old one signs in with another address, or is vouched for.
func refoldAddresses(ctx context.Context, tx *sql.Tx) error {
	for _, t := range refolded {
		changed, err := otherwiseFolded(ctx, tx, t.table, t.key)
		if err != nil {
			return fmt.Errorf("addresses of %s: %w", t.table, err)
		}
		for _, c := range changed {
			if err := c.apply(ctx, tx, t.table, t.key); err != nil {
				return fmt.Errorf("an address of %s: %w", t.table, err)
			}
		}
	}
	return nil
}

// folding is a row whose address has another form today.
type folding struct{ key, was, is string }

func otherwiseFolded(ctx context.Context, tx *sql.Tx, table, key string) ([]folding, error) {
	rows, err := tx.QueryContext(ctx, `select `+key+`, address, folded from `+table+` where folded <> ''`) //nolint:gosec // both are of refolded
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var list []folding
	for rows.Next() {
		var c folding
		var typed string
		if err := rows.Scan(&c.key, &typed, &c.was); err != nil {
			return nil, err
		}
		if c.is = address.Fold(typed); c.is != c.was {
			list = append(list, c)
		}
	}
	return list, rows.Err()
}

// collide looks whether an account has the new form of an address already: where it is
// the same account, the old row goes; where it is another, the old row must get a form
// that nobody can type, for under the one that it has it would be the key to its
// account for whoever reads that mailbox.
func (c folding) collide(ctx context.Context, tx *sql.Tx, do func(string, ...any) error) (settled, free bool, err error) {
	var mine, theirs string
	var primary bool
	if err := tx.QueryRowContext(ctx, `select account, is_primary from account_address where folded = $1`, c.was).Scan(&mine, &primary); err != nil {
		return false, false, err
	}
	err = tx.QueryRowContext(ctx, `select account from account_address where folded = $1`, c.is).Scan(&theirs)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return false, true, nil
	case err != nil || mine != theirs:
		return false, false, err
	}
	if err := do(`delete from account_address where folded = $1`, c.was); err != nil {
		return false, false, err
	}
	if primary {
		err = do(`update account_address set is_primary = true where folded = $1`, c.is)
	}
	return true, false, err
}

func (c folding) apply(ctx context.Context, tx *sql.Tx, table, key string) error {
	do := func(query string, args ...any) error {
		_, err := tx.ExecContext(ctx, query, args...)
		return err
	}
	if table == "challenge" {
		return do(`delete from challenge where id = $1 and used_at is null`, c.key)
	}
	is, settled := c.is, false
	switch table {
	case "account_address":
		var free bool
		var err error
		if settled, free, err = c.collide(ctx, tx, do); err != nil {
			return err
		}
		if !free {
			is = c.was + " (" + c.is + ")"
		}
	case "address":
		err := do(`delete from address where `+key+` = $2 and exists (select 1 from address o
			where o.folded = $1 and o.issuer = address.issuer and o.candidate = address.candidate)`, c.is, c.key)
		if err != nil {
			return err
		}
	}
	if !settled {
		if err := do(`update `+table+` set folded = $1 where `+key+` = $2`, is, c.key); err != nil {
			return err
		}
	}
	return do(`insert into suppression (folded, issuer, kind, reason, created_at)
		select $1, issuer, kind, reason, created_at from suppression where folded = $2 on conflict do nothing`, c.is, c.was)
}
