package ledger

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"
)

// Restored is what [Restore] did.
type Restored struct {
	Awards      int
	StatusLists int // whose epoch was raised
	ClaimLinks  int // outstanding ones, voided
	Challenges  int // outstanding ones, voided
	Shares      int // links in force, revoked
	Sessions    int // ended
	Tokens      int // API tokens in force, revoked
}

// Restore fills an empty ledger, of either engine, from a file that
// [Ledger.Backup] has written.
//
// A backup knows nothing of what came after it, so that what would be unsafe to
// bring back is not: outstanding claim links and challenges are used up, share
// links and API tokens are revoked, and everybody is signed out, since all of
// that may have been used or revoked meanwhile; leases and idempotency answers
// go. Every status list gets a higher epoch, and a version
// that makes it be signed and published anew. A revocation, a result or a key
// that came after the backup is not in it: that has to be reported again, and
// until it is, the status lists say less than the world may have seen.
//
// Errors: [ErrConflict] where the ledger at c is not empty, [ErrDamaged] where
// the backup is broken or none.
func Restore(ctx context.Context, c Config, backup string) (done Restored, err error) {
	// A copy is opened, not the backup itself: it may need newer tables.
	dir, err := os.MkdirTemp("", "accolade-restore")
	if err != nil {
		return done, fmt.Errorf("restore: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	copied := filepath.Join(dir, "backup.db")
	if err := copyFile(copied, backup); err != nil {
		return done, fmt.Errorf("restore %s: %w", backup, err)
	}
	from, err := Open(ctx, Config{URL: sqlite + ":" + copied})
	if err != nil {
		return done, fmt.Errorf("restore %s: %w", backup, err)
	}
	defer func() { err = errors.Join(err, from.Close()) }()
	if err := from.Check(ctx); err != nil {
		return done, fmt.Errorf("restore %s: %w", backup, err)
	}
	to, err := Open(ctx, c)
	if err != nil {
		return done, err
	}
	defer func() { err = errors.Join(err, to.Close()) }()
	to.patience = 24 * time.Hour // all of it is one batch
	return done, from.View(ctx, func(old *Tx) error {
		return to.Update(ctx, func(tx *Tx) error {
			done, err = restore(ctx, old, tx, Audit{At: to.now(), Actor: "system", Action: "ledger.restored", Subject: filepath.Base(backup)})
			return err
		})
	})
}

func restore(ctx context.Context, old, tx *Tx, note Audit) (done Restored, err error) {
	empty, err := isEmpty(ctx, tx)
	if err != nil {
		return done, err
	}
	if !empty {
		return done, conflict("the ledger to restore into is not empty; name a new one, or move this one away")
	}
	if empty, err = isEmpty(ctx, old); err != nil {
		return done, err
	}
	if empty {
		return done, &failure{ErrDamaged, "the backup has nothing in it; look for another", errors.New(note.Subject)}
	}
	if err := copyTables(ctx, old, tx); err != nil {
		return done, err
	}
	if done.Awards, err = one(ctx, tx, scanOne[int], "award", "", `select count(*) from award`); err != nil {
		return done, err
	}
	at := note.At.UnixMicro()
	for _, step := range []struct {
		count *int
		query string
		args  []any
	}{
		{&done.StatusLists, `update status_list set epoch = epoch + 1, version = version + 1`, nil},
		{&done.ClaimLinks, `update claim_link set used_at = $1 where used_at is null`, []any{at}},
		{&done.Challenges, `update challenge set used_at = $1 where used_at is null`, []any{at}},
		{&done.Shares, `update share set revoked_at = $1 where revoked_at is null`, []any{at}},
		{&done.Sessions, `delete from account_session`, nil},
		{&done.Tokens, `update token set revoked_at = $1 where revoked_at is null`, []any{at}},
		{new(int), `update job set lease_until = 0, lease_by = '' where done_at is null`, nil},
		{new(int), `delete from idempotency`, nil},
	} {
		n, err := tx.exec(ctx, step.query, step.args...)
		if err != nil {
			return done, err
		}
		*step.count = int(n)
	}
	note.Detail = fmt.Sprintf("%d awards; %d claim links and %d tokens voided", done.Awards, done.ClaimLinks, done.Tokens)
	return done, tx.AppendAudit(ctx, note)
}

// isEmpty tells whether nobody has set up an installation in a ledger.
func isEmpty(ctx context.Context, tx *Tx) (bool, error) {
	issuers, err := tx.Issuers(ctx)
	if err != nil {
		return false, err
	}
	settings, err := tx.Settings(ctx)
	return len(issuers)+len(settings) == 0, err
}

func copyFile(to, from string) (err error) {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}
