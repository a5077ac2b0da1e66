package ledger

import (
	"bytes"
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"time"

	"github.com/pressly/goose/v3"
)

//go:embed migrations/*.sql
var migrations embed.FS

// migrate brings the schema up to date. Processes that open a new database at
// the same moment race; each step is a transaction, so that the one that comes
// second fails, looks again, and finds it done.
func migrate(ctx context.Context, e *engine, db *sql.DB, log *slog.Logger) error {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	p, err := goose.NewProvider(e.dialect(), db, adapted{files, e}, goose.WithDisableGlobalRegistry(true), goose.WithGoMigrations(refold()))
	if err != nil {
		return fmt.Errorf("ledger: migrations: %w", err)
	}
	deadline := time.Now().Add(writeWait)
	for {
		err := migrateOnce(ctx, e, db, p, log)
		if err == nil || ctx.Err() != nil || time.Now().After(deadline) || !worthAnother(e.classify(err)) {
			return err
		}
		time.Sleep(50 * time.Millisecond)
	}
}

func migrateOnce(ctx context.Context, e *engine, db *sql.DB, p *goose.Provider, log *slog.Logger) error {
	sources := p.ListSources()
	newest := sources[len(sources)-1].Version
	var current int64
	err := db.QueryRowContext(ctx, "select max(version_id) from goose_db_version").Scan(&current)
	switch {
	case err == nil && current == newest:
		return nil
	case err == nil && current > newest:
		return &failure{ErrNewer, "", fmt.Errorf("its schema is %d, this version knows %d", current, newest)}
	}
	done, err := p.Up(ctx)
	for _, m := range done {
		log.Info("ledger migrated", "engine", e.name, "version", m.Source.Version)
	}
	if err != nil {
		return fmt.Errorf("ledger: migrate to version %d: %w", newest, err)
	}
	return nil
}

// worthAnother tells whether a failed migration may be due to another process.
func worthAnother(err error) bool {
	for _, hopeless := range []error{ErrNewer, ErrDamaged, ErrReadOnly, ErrFull} {
		if errors.Is(err, hopeless) {
			return false
		}
	}
	return true
}

// adapted shows the migrations in an engine's own words.
type adapted struct {
	fs.FS
	e *engine
}

// ReadFile implements [fs.ReadFileFS].
func (a adapted) ReadFile(name string) ([]byte, error) {
	data, err := fs.ReadFile(a.FS, name)
	return a.e.columns(data), err
}

// Open implements [fs.FS].
func (a adapted) Open(name string) (fs.File, error) {
	f, err := a.FS.Open(name)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err != nil || info.IsDir() {
		return f, err
	}
	data, err := a.ReadFile(name)
	return adaptedFile{f, bytes.NewReader(data)}, err
}

// adaptedFile reads the adapted bytes of a file.
type adaptedFile struct {
	fs.File
	data *bytes.Reader
}

func (f adaptedFile) Read(p []byte) (int, error) { return f.data.Read(p) }
