package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Backup writes a copy of the ledger, as of one moment, to a new SQLite file. It
// works while the ledger is in use, and for PostgreSQL, too: a backup of either
// engine can be restored into either. A file that exists is not overwritten.
// What stands at path is whole: the copy is made beside it and renamed.
//
// The file holds personal data, and private keys in encrypted form; the master
// key is not in it and must be kept apart.
func (l *Ledger) Backup(ctx context.Context, path string) (err error) {
	if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("back up to %s: the file exists already; name another: %w", path, errors.Join(fs.ErrExist, err))
	}
	part := path + ".part"
	// VACUUM INTO takes an empty file for none, so that the copy never was
	// readable to others.
	f, err := os.OpenFile(part, os.O_CREATE|os.O_TRUNC|os.O_RDWR, 0o600)
	if err != nil {
		return fmt.Errorf("back up: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(fmt.Errorf("back up to %s: %w", path, err), os.Remove(part))
		}
	}()
	if err := f.Close(); err != nil {
		return err
	}
	if l.engine.name == sqlite {
		err = l.vacuumInto(ctx, part)
	} else {
		err = l.dump(ctx, part)
	}
	if err != nil {
		return err
	}
	if err := durable(part); err != nil {
		return err
	}
	if err := os.Rename(part, path); err != nil {
		return err
	}
	return durable(filepath.Dir(path))
}

// durable syncs a file, or a folder's names, to disk.
func durable(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

func (l *Ledger) vacuumInto(ctx context.Context, path string) error {
	// The read pool refuses the statement, and the writer must not wait for it.
	db, err := l.engine.openPool(l.engine.dsn(""), 1)
	if err != nil {
		return l.engine.classify(err)
	}
	_, err = db.ExecContext(ctx, "vacuum into ?1", path)
	return errors.Join(l.engine.classify(err), db.Close())
}

// dump copies a PostgreSQL ledger into a SQLite file.
func (l *Ledger) dump(ctx context.Context, path string) error {
	to, err := Open(ctx, Config{URL: sqlite + ":" + path, Log: l.log})
	if err != nil {
		return err
	}
	err = l.View(ctx, func(from *Tx) error {
		return to.Update(ctx, func(tx *Tx) error { return copyTables(ctx, from, tx) })
	})
	// Closing the last connection moves everything into the file itself.
	return errors.Join(err, to.Close())
}

// copyTables copies every row into an empty ledger.
func copyTables(ctx context.Context, from, to *Tx) error {
	if _, err := to.exec(ctx, "delete from audit_head"); err != nil {
		return err
	}
	for _, table := range tables {
		if err := copyTable(ctx, from, to, table); err != nil {
			return fmt.Errorf("table %s: %w", table, err)
		}
	}
	return nil
}

// copyRows is how many rows one statement inserts; the widest table has 22
// columns, and SQLite takes 32,766 arguments.
const copyRows = 100

func copyTable(ctx context.Context, from, to *Tx, table string) error {
	var columns []string
	var args []any
	flush := func() error {
		if len(args) == 0 {
			return nil
		}
		_, err := to.exec(ctx, "insert into "+table+" ("+strings.Join(columns, ", ")+") values "+
			rowPlaceholders(len(args)/len(columns), len(columns)), args...)
		args = args[:0]
		return err
	}
	err := from.each(ctx, false, func(rows *sql.Rows) (err error) {
		if columns == nil {
			if columns, err = rows.Columns(); err != nil {
				return err
			}
		}
		row := make([]any, len(columns))
		into := make([]any, len(columns))
		for i := range row {
			into[i] = &row[i]
		}
		if err := rows.Scan(into...); err != nil {
			return err
		}
		if args = append(args, row...); len(args) < copyRows*len(columns) {
			return nil
		}
		return flush()
	}, "select * from "+table)
	if err != nil {
		return err
	}
	return flush()
}
