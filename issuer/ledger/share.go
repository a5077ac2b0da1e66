package ledger

import (
	"context"
	"database/sql"
	"time"
)

// Share lets whoever holds its secret see one award, whatever its visibility.
type Share struct {
	ID         string // no secret
	Hash       string // of the link's secret, which is not kept
	Account    string // id of the owner who made it
	Award      string // id
	Label      string // for whom it is, as the owner notes
	Score      bool   // it shows the score, whatever the award's page does
	Evidence   bool   // and the exams behind the award
	CreatedAt  time.Time
	ExpiresAt  time.Time // zero: never
	RevokedAt  time.Time // zero: not yet
	Views      int
	LastViewAt time.Time // zero: never
}

func scanShare(rows *sql.Rows, s *Share) error {
	return rows.Scan(&s.ID, &s.Hash, &s.Account, &s.Award, &s.Label, &s.Score, &s.Evidence, timeColumn{&s.CreatedAt}, timeColumn{&s.ExpiresAt},
		timeColumn{&s.RevokedAt}, &s.Views, timeColumn{&s.LastViewAt})
}

const shareColumns = `id, hash, account, award, label, score, evidence, created_at, expires_at, revoked_at, views, last_view_at`

// liveShare holds for a share that works at $2: it is not over, and who made it
// still owns the award.
const liveShare = ` revoked_at is null and (expires_at is null or expires_at > $2)
	and account = (select w.account from award w where w.id = share.award)`

// AddShare inserts a share. [ErrConflict] where its hash is known.
func (tx *Tx) AddShare(ctx context.Context, s Share) error {
	n, err := tx.exec(ctx, `insert into share (id, hash, account, award, label, score, evidence, created_at, expires_at, views)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0) on conflict do nothing`,
		s.ID, s.Hash, s.Account, s.Award, s.Label, s.Score, s.Evidence, s.CreatedAt.UnixMicro(), instant(s.ExpiresAt))
	if err == nil && n == 0 {
		err = conflict("this share link exists already")
	}
	return err
}

// LiveShare returns the share with a hash that works at a time. [ErrNotFound]
// where it has ended, as where there never was one.
func (tx *Tx) LiveShare(ctx context.Context, hash string, at time.Time) (Share, error) {
	return one(ctx, tx, scanShare, "share link", "", `select `+shareColumns+` from share where hash = $1 and`+liveShare, hash, at.UnixMicro())
}

// ViewShare counts a look through a share that works at a time, in one
// conditional update. [ErrNotFound] where it has ended.
func (tx *Tx) ViewShare(ctx context.Context, hash string, at time.Time) error {
	n, err := tx.exec(ctx, `update share set views = views + 1, last_view_at = $2 where hash = $1 and`+liveShare, hash, at.UnixMicro())
	return must(n, err, "share link", "")
}

// Shares returns the shares of an award that an account has made, newest first,
// ended ones too.
func (tx *Tx) Shares(ctx context.Context, account, award string) ([]Share, error) {
	return list(ctx, tx, scanShare, `select `+shareColumns+` from share where award = $1 and account = $2 order by created_at desc, id desc`,
		award, account)
}

// SharesOfAccount returns all shares that an account has made, newest first.
func (tx *Tx) SharesOfAccount(ctx context.Context, account string) ([]Share, error) {
	return list(ctx, tx, scanShare, `select `+shareColumns+` from share where account = $1 order by created_at desc, id desc`, account)
}

// RevokeShare ends one of an account's shares. One that has ended keeps its first
// date.
func (tx *Tx) RevokeShare(ctx context.Context, account, id string, at time.Time) error {
	n, err := tx.exec(ctx, `update share set revoked_at = coalesce(revoked_at, $1) where id = $2 and account = $3`, at.UnixMicro(), id, account)
	return must(n, err, "share link", id)
}

// RevokeShares ends every share of an award.
func (tx *Tx) RevokeShares(ctx context.Context, award string, at time.Time) error {
	_, err := tx.exec(ctx, `update share set revoked_at = $1 where award = $2 and revoked_at is null`, at.UnixMicro(), award)
	return err
}
