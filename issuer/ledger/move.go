package ledger

import (
	"context"
	"encoding/json"
	"fmt"
	"time"
)

// movable are the tables whose rows belong to an account and go along when it
// becomes part of another, with what names a row.
var movable = []struct{ table, key string }{
	{"account_address", "folded"},
	{"account_candidate", "candidate"},
	{"award", "id"},
	{"passkey", "id"},
	{"identity", "provider || ' ' || subject"},
	{"share", "id"},
	{"collection", "id"},
	{"profile_item", "award"},
	{"name_request", "id"},
}

// Moved is what went from one account to another, by table.
type Moved struct {
	Primary string              `json:"primary"` // folded address that was the primary one
	Rows    map[string][]string `json:"rows"`
}

// JSON is the form that [Merge].Data keeps.
func (m Moved) JSON() ([]byte, error) {
	data, err := json.Marshal(m)
	if err != nil {
		return nil, fmt.Errorf("ledger: what moved: %w", err)
	}
	return data, nil
}

// MoveAccount gives all that belongs to one account to another and closes the
// first, whose settings stay with it. Its sessions end and what it had asked for
// is void. [ErrConflict] where one of the two is closed.
func (tx *Tx) MoveAccount(ctx context.Context, from, into string, at time.Time) (Moved, error) {
	m := Moved{Rows: map[string][]string{}}
	for _, id := range []string{from, into} {
		if a, err := tx.Account(ctx, id); err != nil {
			return m, err
		} else if !a.ClosedAt.IsZero() {
			return m, conflict("account %s is closed", id)
		}
	}
	addresses, err := tx.AccountAddresses(ctx, from)
	if err != nil {
		return m, err
	}
	if len(addresses) > 0 {
		m.Primary = addresses[0].Folded
	}
	for _, t := range movable {
		if m.Rows[t.table], err = list(ctx, tx, scanOne[string], `select `+t.key+` from `+t.table+` where account = $1`, from); err != nil {
			return m, err
		}
	}
	if err := tx.giveRows(ctx, m, from, into); err != nil {
		return m, err
	}
	if _, err := tx.EndAccountSessions(ctx, from, ""); err != nil {
		return m, err
	}
	if err := tx.VoidChallenges(ctx, from, at); err != nil {
		return m, err
	}
	_, err = tx.exec(ctx, `update account set closed_at = $1, version = version + 1 where id = $2`, at.UnixMicro(), from)
	return m, err
}

// MoveBack gives what a merge moved back to the account that it came from, which
// is open again: of that, what the other account still has.
func (tx *Tx) MoveBack(ctx context.Context, m Merge) error {
	var moved Moved
	if err := json.Unmarshal(m.Data, &moved); err != nil {
		return fmt.Errorf("ledger: what merge %s moved: %w", m.ID, err)
	}
	if _, err := tx.exec(ctx, `update account set closed_at = null, version = version + 1 where id = $1`, m.From); err != nil {
		return err
	}
	if err := tx.giveRows(ctx, moved, m.Into, m.From); err != nil {
		return err
	}
	if err := tx.ensurePrimary(ctx, m.Into); err != nil {
		return err
	}
	// Neither of the two keeps the other's address on a badge.
	for _, side := range [][2]string{{m.From, m.Into}, {m.Into, m.From}} {
		if _, err := tx.exec(ctx, `delete from award_address where award in (select id from award where account = $1)
			and folded in (select folded from account_address where account = $2)`, side[0], side[1]); err != nil {
			return err
		}
	}
	if a, err := tx.AccountAddress(ctx, moved.Primary); err != nil || a.Account != m.From {
		return ignoreAbsent(err)
	}
	return tx.SetPrimaryAddress(ctx, m.From, moved.Primary)
}

// giveRows changes the owner of rows that are still from's.
func (tx *Tx) giveRows(ctx context.Context, m Moved, from, to string) error {
	for _, t := range movable {
		set := `account = $1`
		switch t.table {
		case "account_address":
			set += `, is_primary = false`
		case "award":
			set += `, version = version + 1`
		case "collection": // a collection of the other's may have its slug
			set += `, slug = case when exists (select 1 from collection o where o.account = $1 and o.slug = collection.slug) then slug || '-' || id else slug end`
		}
		for _, key := range m.Rows[t.table] {
			if _, err := tx.exec(ctx, `update `+t.table+` set `+set+` where `+t.key+` = $2 and account = $3`, to, key, from); err != nil {
				return err
			}
		}
	}
	return tx.ensurePrimary(ctx, to)
}
