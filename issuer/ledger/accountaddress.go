package ledger

import (
	"context"
	"database/sql"
	"time"
)

// AccountAddress is an address of which an account has proven that it is its
// own. An address is at most one account's.
type AccountAddress struct {
	Account  string // id
	Address  string // as it was typed
	Folded   string // as addresses are compared
	ProvenAt time.Time
	Primary  bool // mails to the account go to it; one of an account's is
}

func scanAccountAddress(rows *sql.Rows, a *AccountAddress) error {
	return rows.Scan(&a.Account, &a.Address, &a.Folded, timeColumn{&a.ProvenAt}, &a.Primary)
}

const accountAddressColumns = `account, address, folded, proven_at, is_primary`

// AddAccountAddress inserts a proven address; the first of an account becomes
// its primary one. It reports false where the account has it already, and fails
// with [ErrConflict] where another account does.
func (tx *Tx) AddAccountAddress(ctx context.Context, a AccountAddress) (bool, error) {
	n, err := tx.exec(ctx, `insert into account_address (account, address, folded, proven_at, is_primary, seen_at)
		values ($1, $2, $3, $4, not exists (select 1 from account_address where account = $1 and is_primary), $4)
		on conflict (folded) do nothing`, a.Account, a.Address, a.Folded, a.ProvenAt.UnixMicro())
	if err != nil || n > 0 {
		return n > 0, err
	}
	there, err := tx.AccountAddress(ctx, a.Folded)
	if err == nil && there.Account != a.Account {
		err = conflict("another account has proven this address")
	}
	return false, err
}

// AccountAddress returns the proven address with a folded form, whosever it is.
func (tx *Tx) AccountAddress(ctx context.Context, folded string) (AccountAddress, error) {
	return one(ctx, tx, scanAccountAddress, "address", "", `select `+accountAddressColumns+` from account_address where folded = $1`, folded)
}

// AccountAddresses returns the addresses of an account, the primary one first,
// then in the order in which they were proven.
func (tx *Tx) AccountAddresses(ctx context.Context, account string) ([]AccountAddress, error) {
	return list(ctx, tx, scanAccountAddress, `select `+accountAddressColumns+` from account_address where account = $1
		order by case when is_primary then 0 else 1 end, proven_at, folded`, account)
}

// SetPrimaryAddress makes one of an account's addresses the one that mails to
// the account go to.
func (tx *Tx) SetPrimaryAddress(ctx context.Context, account, folded string) error {
	if a, err := tx.AccountAddress(ctx, folded); err != nil {
		return err
	} else if a.Account != account {
		return &missing{"address", ""}
	}
	if _, err := tx.exec(ctx, `update account_address set is_primary = false where account = $1 and is_primary`, account); err != nil {
		return err
	}
	n, err := tx.exec(ctx, `update account_address set is_primary = true where folded = $1 and account = $2`, folded, account)
	return must(n, err, "address", "")
}

// RemoveAccountAddress takes an address from an account; where it was the
// primary one, the next becomes that. Whether another way to sign in is left is
// the caller's to judge.
func (tx *Tx) RemoveAccountAddress(ctx context.Context, account, folded string) error {
	n, err := tx.exec(ctx, `delete from account_address where folded = $1 and account = $2`, folded, account)
	if err = must(n, err, "address", ""); err != nil {
		return err
	}
	return tx.ensurePrimary(ctx, account)
}

// MoveAddress gives an address, of which its mailbox has just been proven again,
// from the account from to another. [ErrConflict] where it is not from's any
// more.
func (tx *Tx) MoveAddress(ctx context.Context, folded, from, to string, at time.Time) error {
	n, err := tx.exec(ctx, `update account_address set account = $1, proven_at = $2, seen_at = $2,
		is_primary = not exists (select 1 from account_address where account = $1 and is_primary)
		where folded = $3 and account = $4`, to, at.UnixMicro(), folded, from)
	if err != nil {
		return err
	}
	if n == 0 {
		return conflict("the address is no longer that account's")
	}
	return tx.ensurePrimary(ctx, from)
}

// AddressesUnseen returns up to limit addresses of open accounts whose owner was
// not known to read them, nor asked, since before; longest ago first.
func (tx *Tx) AddressesUnseen(ctx context.Context, before time.Time, limit int) ([]AccountAddress, error) {
	return list(ctx, tx, scanAccountAddress, `select `+accountAddressColumns+` from account_address where seen_at <= $1
		and exists (select 1 from account a where a.id = account_address.account and a.closed_at is null)
		order by seen_at, folded limit $2`, before.UnixMicro(), limit)
}

// AddressSeen notes that the owner of an address read a mail to it. One that no
// account has is no error.
func (tx *Tx) AddressSeen(ctx context.Context, folded string, at time.Time) error {
	_, err := tx.exec(ctx, `update account_address set seen_at = $1 where folded = $2`, at.UnixMicro(), folded)
	return err
}

// AddressAsked notes that the owner of an address was asked whether it is still
// theirs. It reports false, and changes nothing, where they were seen or asked
// since before.
func (tx *Tx) AddressAsked(ctx context.Context, folded string, before, at time.Time) (bool, error) {
	n, err := tx.exec(ctx, `update account_address set seen_at = $1 where folded = $2 and seen_at <= $3`, at.UnixMicro(), folded, before.UnixMicro())
	return n > 0, err
}

// ensurePrimary makes the address that was proven first the primary one where an
// account has none.
func (tx *Tx) ensurePrimary(ctx context.Context, account string) error {
	_, err := tx.exec(ctx, `update account_address set is_primary = true
		where folded = (select folded from account_address where account = $1 order by proven_at, folded limit 1)
		and not exists (select 1 from account_address where account = $1 and is_primary)`, account)
	return err
}
