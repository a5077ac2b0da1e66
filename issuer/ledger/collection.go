package ledger

import (
	"context"
	"database/sql"
	"time"
)

// Collection is a set of an account's awards that it shows together.
type Collection struct {
	ID          string
	Account     string // id
	Slug        string // unique within the account
	Title       string
	Description string
	Public      bool
	Position    int // on the profile page, from 0
	CreatedAt   time.Time
}

func scanCollection(rows *sql.Rows, c *Collection) error {
	return rows.Scan(&c.ID, &c.Account, &c.Slug, &c.Title, &c.Description, &c.Public, &c.Position, timeColumn{&c.CreatedAt})
}

const collectionColumns = `id, account, slug, title, description, is_public, position, created_at`

// AddCollection inserts a collection, as the last of its account.
// [ErrConflict] where the account has its slug already.
func (tx *Tx) AddCollection(ctx context.Context, c Collection) error {
	n, err := tx.exec(ctx, `insert into collection (id, account, slug, title, description, is_public, created_at, position)
		values ($1, $2, $3, $4, $5, $6, $7, (select coalesce(max(position), -1) + 1 from collection where account = $2))
		on conflict do nothing`, c.ID, c.Account, c.Slug, c.Title, c.Description, c.Public, c.CreatedAt.UnixMicro())
	if err == nil && n == 0 {
		err = conflict("this account has a collection %s already", c.Slug)
	}
	return err
}

// ChangeCollection stores the title, description, visibility and position of one
// of an account's collections.
func (tx *Tx) ChangeCollection(ctx context.Context, c Collection) error {
	n, err := tx.exec(ctx, `update collection set title = $1, description = $2, is_public = $3, position = $4 where id = $5 and account = $6`,
		c.Title, c.Description, c.Public, c.Position, c.ID, c.Account)
	return must(n, err, "collection", c.ID)
}

// RemoveCollection deletes one of an account's collections; the awards in it
// stay.
func (tx *Tx) RemoveCollection(ctx context.Context, account, id string) error {
	if _, err := tx.CollectionOf(ctx, account, id); err != nil {
		return err
	}
	if _, err := tx.exec(ctx, `delete from collection_item where collection = $1`, id); err != nil {
		return err
	}
	_, err := tx.exec(ctx, `delete from collection where id = $1`, id)
	return err
}

// CollectionOf returns one of an account's collections, by its id or its slug.
func (tx *Tx) CollectionOf(ctx context.Context, account, name string) (Collection, error) {
	return one(ctx, tx, scanCollection, "collection", name, `select `+collectionColumns+` from collection
		where account = $1 and (id = $2 or slug = $2)`, account, name)
}

// Collections returns an account's collections in its own order.
func (tx *Tx) Collections(ctx context.Context, account string) ([]Collection, error) {
	return list(ctx, tx, scanCollection, `select `+collectionColumns+` from collection where account = $1 order by position, id`, account)
}

// SetCollectionItems makes awards, in this order, what one of an account's
// collections holds. Those that the account does not own are left out.
func (tx *Tx) SetCollectionItems(ctx context.Context, account, id string, awards []string) error {
	if _, err := tx.CollectionOf(ctx, account, id); err != nil {
		return err
	}
	if _, err := tx.exec(ctx, `delete from collection_item where collection = $1`, id); err != nil {
		return err
	}
	for i, award := range awards {
		_, err := tx.exec(ctx, `insert into collection_item (collection, award, position)
			select cast($1 as text), w.id, cast($2 as bigint) from award w where w.id = $3 and w.account = $4 on conflict do nothing`, id, i, award, account)
		if err != nil {
			return err
		}
	}
	return nil
}

// CollectionAwards returns the awards in a collection that its account owns, in
// the collection's order; whether they are public is the caller's to judge.
func (tx *Tx) CollectionAwards(ctx context.Context, id string) ([]Award, error) {
	return list(ctx, tx, scanAward, `select `+prefixed("w", awardColumns)+` from collection c join collection_item i on i.collection = c.id
		join award w on w.id = i.award and w.account = c.account where c.id = $1 order by i.position, i.award`, id)
}
