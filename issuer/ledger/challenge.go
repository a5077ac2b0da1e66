package ledger

import (
	"context"
	"crypto/subtle"
	"database/sql"
	"time"
)

// Challenge asks somebody to prove that a mailbox is theirs, by a link or a
// short code that was mailed to it, once.
type Challenge struct {
	ID        string // no secret: forms carry it beside the code
	Hash      string // of the link's secret, which is not kept; "" for none
	CodeHash  string // of the code
	Purpose   string // what the proof is for; it is good for nothing else
	Account   string // id of the account that asked, or ""
	Address   string // of the mailbox, as typed
	Folded    string // as addresses are compared
	Award     string // id of the award to be claimed with it, or ""
	Data      []byte // JSON of the purpose's own, or nil
	Attempts  int    // at the code
	CreatedAt time.Time
	ExpiresAt time.Time
	UsedAt    time.Time // zero: not yet
}

func scanChallenge(rows *sql.Rows, c *Challenge) error {
	return rows.Scan(&c.ID, textColumn{&c.Hash}, &c.CodeHash, &c.Purpose, textColumn{&c.Account}, &c.Address, &c.Folded,
		textColumn{&c.Award}, textBytes{&c.Data}, &c.Attempts, timeColumn{&c.CreatedAt}, timeColumn{&c.ExpiresAt}, timeColumn{&c.UsedAt})
}

const challengeColumns = `id, hash, code_hash, purpose, account, address, folded, award, data, attempts, created_at, expires_at, used_at`

// AddChallenge inserts a challenge. [ErrConflict] where its id or hash is known.
func (tx *Tx) AddChallenge(ctx context.Context, c Challenge) error {
	n, err := tx.exec(ctx, `insert into challenge (id, hash, code_hash, purpose, account, address, folded, award, data, attempts,
		created_at, expires_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, $10, $11) on conflict do nothing`,
		c.ID, optional(c.Hash), c.CodeHash, c.Purpose, optional(c.Account), c.Address, c.Folded, optional(c.Award), string(c.Data),
		c.CreatedAt.UnixMicro(), c.ExpiresAt.UnixMicro())
	if err == nil && n == 0 {
		err = conflict("this challenge exists already")
	}
	return err
}

// Challenge returns the challenge with an id; whether it is used or expired is
// the caller's to judge.
func (tx *Tx) Challenge(ctx context.Context, id string) (Challenge, error) {
	return one(ctx, tx, scanChallenge, "challenge", id, `select `+challengeColumns+` from challenge where id = $1`, id)
}

// ChallengeByHash returns the challenge whose link has a secret with this hash.
func (tx *Tx) ChallengeByHash(ctx context.Context, hash string) (Challenge, error) {
	return one(ctx, tx, scanChallenge, "challenge", "", `select `+challengeColumns+` from challenge where hash = $1`, hash)
}

// UseChallenge uses a challenge up, in one conditional update. [ErrConflict]
// where it was used, or has expired, before at.
func (tx *Tx) UseChallenge(ctx context.Context, id string, at time.Time) error {
	n, err := tx.exec(ctx, `update challenge set used_at = $1 where id = $2 and used_at is null and expires_at > $1`, at.UnixMicro(), id)
	if err == nil && n == 0 {
		err = conflict("this challenge is used, expired or gone")
	}
	return err
}

// TryChallenge counts an attempt at a challenge's code, and uses the challenge
// up where the code is right. It reports false where it is wrong: the caller
// then returns no error, so that the attempt stays counted. [ErrConflict] where
// the challenge is used or expired, or had as many attempts as are allowed.
func (tx *Tx) TryChallenge(ctx context.Context, id, codeHash string, allowed int, at time.Time) (bool, error) {
	want, found := "", false
	err := tx.each(ctx, true, func(rows *sql.Rows) error {
		found = true
		return rows.Scan(&want)
	}, `update challenge set attempts = attempts + 1 where id = $1 and used_at is null and expires_at > $2 and attempts < $3
		returning code_hash`, id, at.UnixMicro(), allowed)
	switch {
	case err != nil:
		return false, err
	case !found:
		return false, conflict("this challenge is used, expired or gone, or was tried too often")
	case want == "" || subtle.ConstantTimeCompare([]byte(want), []byte(codeHash)) != 1:
		return false, nil
	}
	return true, tx.UseChallenge(ctx, id, at)
}

// CountChallenges counts the challenges that went to an address, given as
// addresses are compared, since a time.
func (tx *Tx) CountChallenges(ctx context.Context, folded string, since time.Time) (int, error) {
	return one(ctx, tx, scanOne[int], "challenge", "", `select count(*) from challenge where folded = $1 and created_at >= $2`,
		folded, since.UnixMicro())
}

// VoidChallenges uses up what an account has asked for and not used.
func (tx *Tx) VoidChallenges(ctx context.Context, account string, at time.Time) error {
	_, err := tx.exec(ctx, `update challenge set used_at = $1 where account = $2 and used_at is null`, at.UnixMicro(), account)
	return err
}

// VoidChallengesTo uses up what went to an address, given as addresses are
// compared, for a purpose, and was not used.
func (tx *Tx) VoidChallengesTo(ctx context.Context, folded, purpose string, at time.Time) error {
	_, err := tx.exec(ctx, `update challenge set used_at = $1 where folded = $2 and purpose = $3 and used_at is null`,
		at.UnixMicro(), folded, purpose)
	return err
}

// ForgetChallenges deletes the challenges that expired before a time, and returns
// how many.
func (tx *Tx) ForgetChallenges(ctx context.Context, before time.Time) (int, error) {
	n, err := tx.exec(ctx, `delete from challenge where expires_at < $1`, before.UnixMicro())
	return int(n), err
}

// textBytes reads a text into bytes; the empty one is nil.
type textBytes struct{ b *[]byte }

func (c textBytes) Scan(v any) error {
	var s string
	if err := (textColumn{&s}).Scan(v); err != nil {
		return err
	}
	*c.b = nil
	if s != "" {
		*c.b = []byte(s)
	}
	return nil
}
