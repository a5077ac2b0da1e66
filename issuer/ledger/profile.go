package ledger

import (
	"context"
	"database/sql"
	"strings"
)

// ProfileItem is an award in the order in which its owner shows their awards.
type ProfileItem struct {
	Award
	Hidden bool // not on the profile page and in no feed, though it may be public
}

func scanProfileItem(rows *sql.Rows, i *ProfileItem) error {
	return rows.Scan(append(i.fields(), &i.Hidden)...)
}

// profile selects an account's awards in its own order: those that it has put
// somewhere first, then the others, latest attained first.
func profile(and string) string {
	return `select ` + prefixed("w", awardColumns) + `, coalesce(i.hidden, false) from award w left join profile_item i
		on i.award = w.id and i.account = w.account where w.account = $1` + and + `
		order by case when coalesce(i.position, -1) < 0 then 1 else 0 end, coalesce(i.position, -1), w.attained_at desc, w.id desc`
}

// Profile returns all awards of an account in its own order, hidden and private
// ones too.
func (tx *Tx) Profile(ctx context.Context, account string) ([]ProfileItem, error) {
	return list(ctx, tx, scanProfileItem, profile(""), account)
}

// PublicProfile returns the public awards of an account that it does not hide,
// in its own order. Revoked ones are among them: showing or leaving them out is
// the caller's to decide.
func (tx *Tx) PublicProfile(ctx context.Context, account string) ([]Award, error) {
	items, err := list(ctx, tx, scanProfileItem, profile(` and w.visibility = 'public' and not coalesce(i.hidden, false)`), account)
	awards := make([]Award, len(items))
	for i := range items {
		awards[i] = items[i].Award
	}
	return awards, err
}

// ShowsOnProfile returns the handle of the public profile page that shows an
// award, or "" where none does.
func (tx *Tx) ShowsOnProfile(ctx context.Context, award string) (string, error) {
	handles, err := list(ctx, tx, scanOne[string], `select a.handle from award w join account a on a.id = w.account
		left join profile_item i on i.award = w.id and i.account = w.account
		where w.id = $1 and w.visibility = 'public' and a.profile_public and a.closed_at is null and a.handle is not null
		and not coalesce(i.hidden, false)`, award)
	return strings.Join(handles, ""), err
}

// SetProfileOrder stores in which order an account shows its awards; those that
// it does not own are left out, those not named come last. What is hidden stays
// so.
func (tx *Tx) SetProfileOrder(ctx context.Context, account string, awards []string) error {
	if _, err := tx.exec(ctx, `update profile_item set position = -1 where account = $1`, account); err != nil {
		return err
	}
	for i, award := range awards {
		if err := tx.setProfileItem(ctx, account, award, i, false, `position = excluded.position`); err != nil {
			return err
		}
	}
	return nil
}

// SetHidden says whether the profile page and the feeds leave out one of an
// account's awards.
func (tx *Tx) SetHidden(ctx context.Context, account, award string, hidden bool) error {
	if _, err := tx.OwnedAward(ctx, account, award); err != nil {
		return err
	}
	return tx.setProfileItem(ctx, account, award, -1, hidden, `hidden = excluded.hidden`)
}

// setProfileItem inserts the item of an award that the account owns, or changes
// one that is there.
func (tx *Tx) setProfileItem(ctx context.Context, account, award string, position int, hidden bool, change string) error {
	_, err := tx.exec(ctx, `insert into profile_item (award, account, position, hidden)
		select w.id, w.account, cast($1 as bigint), cast($2 as boolean) from award w where w.id = $3 and w.account = $4
		on conflict (award) do update set account = excluded.account, `+change, position, hidden, award, account)
	return err
}

// prefixed puts a table's alias before each of its columns.
func prefixed(alias, columns string) string {
	names := strings.Split(columns, ",")
	for i, n := range names {
		names[i] = alias + "." + strings.TrimSpace(n)
	}
	return strings.Join(names, ", ")
}
