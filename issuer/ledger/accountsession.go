package ledger

import (
	"context"
	"database/sql"
	"time"
)

// AccountSession is a browser that is signed in, or is about to be.
type AccountSession struct {
	Hash      string // of the cookie's secret, which is not kept
	Account   string // id, or "" while nobody is signed in
	Data      []byte // of the web side's own
	Agent     string // what the browser calls itself
	CreatedAt time.Time
	SeenAt    time.Time
	ExpiresAt time.Time
}

func scanAccountSession(rows *sql.Rows, s *AccountSession) error {
	return rows.Scan(&s.Hash, textColumn{&s.Account}, &s.Data, &s.Agent, timeColumn{&s.CreatedAt}, timeColumn{&s.SeenAt}, timeColumn{&s.ExpiresAt})
}

const accountSessionColumns = `hash, account, data, agent, created_at, seen_at, expires_at`

// PutAccountSession inserts a session, or replaces all but the creation of the
// one with its hash.
func (tx *Tx) PutAccountSession(ctx context.Context, s AccountSession) error {
	if s.Data == nil {
		s.Data = []byte{}
	}
	_, err := tx.exec(ctx, `insert into account_session (hash, account, data, agent, created_at, seen_at, expires_at)
		values ($1, $2, $3, $4, $5, $6, $7)
		on conflict (hash) do update set account = excluded.account, data = excluded.data, agent = excluded.agent,
		seen_at = excluded.seen_at, expires_at = excluded.expires_at`,
		s.Hash, optional(s.Account), s.Data, s.Agent, s.CreatedAt.UnixMicro(), s.SeenAt.UnixMicro(), s.ExpiresAt.UnixMicro())
	return err
}

// AccountSession returns the session with a hash that has not expired at a time.
func (tx *Tx) AccountSession(ctx context.Context, hash string, at time.Time) (AccountSession, error) {
	return one(ctx, tx, scanAccountSession, "session", "", `select `+accountSessionColumns+` from account_session
		where hash = $1 and expires_at > $2`, hash, at.UnixMicro())
}

// AccountSessions returns an account's sessions that have not expired at a time,
// the one seen last first.
func (tx *Tx) AccountSessions(ctx context.Context, account string, at time.Time) ([]AccountSession, error) {
	return list(ctx, tx, scanAccountSession, `select `+accountSessionColumns+` from account_session
		where account = $1 and expires_at > $2 order by seen_at desc, hash`, account, at.UnixMicro())
}

// EndAccountSession deletes a session; one that is gone is no error.
func (tx *Tx) EndAccountSession(ctx context.Context, hash string) error {
	_, err := tx.exec(ctx, `delete from account_session where hash = $1`, hash)
	return err
}

// EndAccountSessions deletes all sessions of an account but the one with the
// hash keep, which may be empty, and returns how many.
func (tx *Tx) EndAccountSessions(ctx context.Context, account, keep string) (int, error) {
	n, err := tx.exec(ctx, `delete from account_session where account = $1 and hash <> $2`, account, keep)
	return int(n), err
}

// ForgetAccountSessions deletes the sessions that expired before a time, and
// returns how many.
func (tx *Tx) ForgetAccountSessions(ctx context.Context, before time.Time) (int, error) {
	n, err := tx.exec(ctx, `delete from account_session where expires_at < $1`, before.UnixMicro())
	return int(n), err
}
