package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func openFile(t *testing.T, path string) *Ledger {
	t.Helper()
	l, err := Open(t.Context(), Config{URL: path})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	return l
}

func put(l *Ledger, name, value string) error {
	return l.Update(context.Background(), func(tx *Tx) error { return tx.PutSetting(context.Background(), name, value) })
}

func count(l *Ledger) (n int, err error) {
	err = l.View(context.Background(), func(tx *Tx) error {
		s, err := tx.Settings(context.Background())
		n = len(s)
		return err
	})
	return n, err
}

// lockFile keeps the write lock of a file, as another process may, until the
// function that it returns is called.
func lockFile(t *testing.T, path string) (release func()) {
	t.Helper()
	db, err := sql.Open("sqlite3", "file:"+path+"?_txlock=immediate")
	if err != nil {
		t.Fatal(err)
	}
	tx, err := db.Begin()
	if err != nil {
		t.Fatal(err)
	}
	return func() { _ = errors.Join(tx.Rollback(), db.Close()) }
}

func TestUpdateWaitsForAnotherProcess(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "accolade.db")
	l := openFile(t, path)
	release := lockFile(t, path)
	time.AfterFunc(2*time.Second, release)
	start := time.Now()
	if err := put(l, "a", "x"); err != nil {
		t.Fatal(err)
	}
	if waited := time.Since(start); waited < time.Second {
		t.Errorf("the lock was not waited for: %v", waited)
	}
}

func TestLockedLedgerIsBusy(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "accolade.db")
	l := openFile(t, path)
	if err := put(l, "a", "x"); err != nil {
		t.Fatal(err)
	}
	release := lockFile(t, path)
	start := time.Now()
	cut := make(chan error, 1)
	go func() {
		ctx, cancel := context.WithTimeout(context.Background(), 200*time.Millisecond)
		defer cancel()
		cut <- l.Update(ctx, func(tx *Tx) error { return tx.PutSetting(ctx, "b", "x") })
	}()
	late := make(chan error, 1)
	time.AfterFunc(3*time.Second, func() { late <- put(l, "late", "x") })
	if err := <-cut; !errors.Is(err, context.DeadlineExceeded) || time.Since(start) > 2*time.Second {
		t.Errorf("a caller whose time is over: %v after %v", err, time.Since(start))
	}
	if n, err := count(l); n != 1 || err != nil {
		t.Errorf("reading meanwhile: %d, %v", n, err)
	}
	err := put(l, "c", "x")
	if waited := time.Since(start); !errors.Is(err, ErrBusy) || waited < 4*time.Second || waited > 8*time.Second {
		t.Errorf("got %v after %v", err, waited)
	}
	if !strings.Contains(err.Error(), "another process") {
		t.Errorf("no remedy: %v", err)
	}
	release()
	if err := <-late; err != nil { // it has not waited for five seconds yet
		t.Errorf("after the lock is gone: %v", err)
	}
}

func TestFullDisk(t *testing.T) {
	t.Parallel()
	l := openFile(t, filepath.Join(t.TempDir(), "accolade.db"))
	if err := put(l, "a", "x"); err != nil {
		t.Fatal(err)
	}
	// The limit is the connection's, so that it is set on the writer's.
	limit := func(pages int) {
		err := l.Update(context.Background(), func(tx *Tx) error {
			return tx.each(context.Background(), true, func(rows *sql.Rows) error { return rows.Scan(new(int)) }, fmt.Sprint("pragma max_page_count = ", pages))
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	limit(1) // no less than it has
	big := strings.Repeat("x", 1<<20)
	errs := make(chan error, 32)
	for i := range cap(errs) {
		go func() { errs <- put(l, fmt.Sprint("big", i), big) }()
	}
	for range cap(errs) {
		if err := <-errs; !errors.Is(err, ErrFull) || !strings.Contains(err.Error(), "free some space") {
			t.Errorf("got %v", err)
		}
	}
	if n, err := count(l); n != 1 || err != nil {
		t.Errorf("reading a full ledger: %d, %v", n, err)
	}
	limit(1 << 30)
	if err := put(l, "b", big); err != nil {
		t.Errorf("after space was freed: %v", err)
	}
}

func TestDamagedFile(t *testing.T) {
	t.Parallel()
	t.Run("no database", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "accolade.db")
		if err := os.WriteFile(path, []byte(strings.Repeat("no database\n", 1000)), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := Open(t.Context(), Config{URL: path})
		if !errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), "restore") {
			t.Errorf("got %v", err)
		}
	})
	t.Run("pages overwritten", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "accolade.db")
		l := openFile(t, path)
		for i := range 200 {
			if err := put(l, fmt.Sprint(i), strings.Repeat("x", 2000)); err != nil {
				t.Fatal(err)
			}
		}
		if err := l.Check(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
		f, err := os.OpenFile(path, os.O_RDWR, 0)
		if err != nil {
			t.Fatal(err)
		}
		info, err := f.Stat()
		if err != nil {
			t.Fatal(err)
		}
		junk := []byte(strings.Repeat("\xa5", 4096))
		for at := info.Size() / 4096 / 2 * 4096; at < info.Size(); at += 4096 {
			if _, err := f.WriteAt(junk, at); err != nil {
				t.Fatal(err)
			}
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
		l = openFile(t, path)
		if err := l.Check(t.Context()); !errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), "restore") {
			t.Errorf("check: %v", err)
		}
		if _, err := count(l); !errors.Is(err, ErrDamaged) {
			t.Errorf("read: %v", err)
		}
	})
}

func TestOpenSaysWhatToDo(t *testing.T) {
	t.Parallel()
	for url, want := range map[string]string{
		"": "give sqlite:PATH or postgres://",
		filepath.Join(t.TempDir(), "no", "such", "folder"): "make it",
		"mysql://example.org/x":                            "postgres://",
		"postgres://127.0.0.1:1/x":                         "cannot be reached",
		"postgres://a b@:x":                                "write it like",
	} {
		_, err := Open(t.Context(), Config{URL: url})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want a hint such as %q", url, err, want)
		}
	}
}

func TestNewerSchemaIsRefused(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "accolade.db")
	l := openFile(t, path)
	if _, err := l.writeDB.Exec("insert into goose_db_version (version_id, is_applied) values (99999, 1)"); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), Config{URL: path}); !errors.Is(err, ErrNewer) {
		t.Errorf("got %v", err)
	}
}

func TestFileIsItsOwnersAlone(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "a ledger?#%41.db")
	l := openFile(t, path)
	if err := put(l, "a", "x"); err != nil {
		t.Fatal(err)
	}
	for _, suffix := range []string{"", "-wal", "-shm"} {
		info, err := os.Stat(path + suffix)
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v %v", suffix, info, err)
		}
	}
}

func TestDurability(t *testing.T) {
	t.Parallel()
	l := openFile(t, filepath.Join(t.TempDir(), "accolade.db"))
	err := l.Update(t.Context(), func(tx *Tx) error {
		for pragma, want := range map[string]string{"synchronous": "2", "journal_mode": "wal", "foreign_keys": "1"} {
			var got string
			err := tx.each(t.Context(), false, func(rows *sql.Rows) error { return rows.Scan(&got) }, "pragma "+pragma)
			if err != nil || got != want {
				t.Errorf("pragma %s is %q, want %q: %v", pragma, got, want, err)
			}
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	err = l.View(t.Context(), func(tx *Tx) error {
		tx.t.write = true // get past our own check, to the engine's
		return tx.PutSetting(t.Context(), "a", "x")
	})
	if !errors.Is(err, ErrReadOnly) {
		t.Errorf("the read pool wrote: %v", err)
	}
}

func TestAlteredAuditIsFound(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		sql    string
		broken int64
	}{
		"altered":   {"update audit set detail = 'other' where seq = 3", 3},
		"removed":   {"delete from audit where seq = 3", 3},
		"truncated": {"delete from audit where seq > 3", 4},
		"rehashed":  {"update audit set actor = 'other', hash = '00' where seq = 5", 5},
	} {
		t.Run(name, func(t *testing.T) {
			l := openFile(t, filepath.Join(t.TempDir(), "accolade.db"))
			err := l.Update(t.Context(), func(tx *Tx) error {
				for range 5 {
					if err := tx.AppendAudit(t.Context(), Audit{At: time.Unix(1, 0), Actor: "operator"}); err != nil {
						return err
					}
				}
				_, err := tx.exec(t.Context(), test.sql)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			var r AuditReport
			err = l.View(t.Context(), func(tx *Tx) error {
				r, err = tx.VerifyAudit(t.Context())
				return err
			})
			if err != nil || r.Broken != test.broken || r.Reason == "" {
				t.Errorf("got %+v, %v; want entry %d", r, err, test.broken)
			}
		})
	}
}
