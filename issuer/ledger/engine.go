package ledger

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	_ "github.com/mattn/go-sqlite3" // the "sqlite3" driver of database/sql
	"github.com/pressly/goose/v3"
)

// House rules for SQL, which make one text serve both engines:
//
//   - arguments are $1, $2, ... and first appear in rising order;
//   - no $ stands in a string literal;
//   - columns are named; types are TEXT, BIGINT and BLOB (BYTEA);
//   - /*lock*/ becomes FOR UPDATE SKIP LOCKED on PostgreSQL;
//   - what may collide says "on conflict do nothing" and counts rows, since an
//     error ends the transaction on PostgreSQL.

// Names of the engines.
const (
	sqlite   = "sqlite"
	postgres = "postgres"
)

// engine is what differs between SQLite and PostgreSQL.
type engine struct {
	name string
	path string // of the SQLite file, absolute
	url  string // of the PostgreSQL database
}

// parseURL reads [Config.URL].
func parseURL(address string) (*engine, error) {
	scheme, rest, found := strings.Cut(address, ":")
	switch {
	case address == "":
		return nil, errors.New("ledger: no database is named; give sqlite:PATH or postgres://USER@HOST/NAME")
	case found && (scheme == "postgres" || scheme == "postgresql") && strings.HasPrefix(rest, "//"):
		if _, err := pgx.ParseConfig(address); err != nil {
			return nil, fmt.Errorf("ledger: the database URL is not understood; write it like postgres://USER@HOST/NAME: %w", err)
		}
		return &engine{name: postgres, url: address}, nil
	case found && scheme == "sqlite":
		address = rest
	case found && strings.HasPrefix(rest, "//"):
		return nil, fmt.Errorf("ledger: there is no database %q; give sqlite:PATH or postgres://USER@HOST/NAME", scheme)
	}
	path, err := filepath.Abs(address)
	if err != nil {
		return nil, fmt.Errorf("ledger %s: %w", address, err)
	}
	return &engine{name: sqlite, path: path}, nil
}

// prepareFile makes a missing SQLite file, readable by its owner only: SQLite
// would go by the umask, and gives its -wal and -shm files the same mode.
func (e *engine) prepareFile() error {
	if e.name != sqlite {
		return nil
	}
	f, err := os.OpenFile(e.path, os.O_RDWR|os.O_CREATE, 0o600)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("ledger %s: the folder is missing; make it, or name another place", e.path)
	case errors.Is(err, fs.ErrPermission):
		return nil // SQLite may still read it, and says what it lacks
	case err != nil:
		return fmt.Errorf("ledger: %w", err)
	}
	return f.Close()
}

// busyTimeout is how long, in milliseconds, SQLite itself waits for a lock
// where the writer does not wait by its own means.
const busyTimeout = "5000"

func (e *engine) writeDSN() string {
	return e.dsn("&_txlock=immediate")
}

func (e *engine) readDSN() string {
	return e.dsn("&_query_only=1")
}

// dsn builds a connection string. Every pragma stands in it: an Exec would
// reach one connection of the pool. What is deleted is overwritten, and does not
// stay readable in the file.
func (e *engine) dsn(more string) string {
	if e.name == postgres {
		return e.url
	}
	return "file:" + (&url.URL{Path: e.path}).EscapedPath() +
		"?_busy_timeout=" + busyTimeout + "&_journal_mode=WAL&_synchronous=FULL&_foreign_keys=on&_secure_delete=on&_cache_size=-16000" + more
}

// openPool opens a pool of at most n connections, all of which it keeps.
func (e *engine) openPool(dsn string, n int) (*sql.DB, error) {
	var db *sql.DB
	if e.name == sqlite {
		var err error
		if db, err = sql.Open("sqlite3", dsn); err != nil {
			return nil, err
		}
	} else {
		config, err := pgx.ParseConfig(dsn)
		if err != nil {
			return nil, err
		}
		for name, value := range map[string]string{
			"application_name":                    "accolade",
			"timezone":                            "UTC",
			"lock_timeout":                        "1000",  // a turn is asked for again until writeWait is over
			"idle_in_transaction_session_timeout": "60000", // a frozen process gives its turn back
		} {
			if _, set := config.RuntimeParams[name]; !set {
				config.RuntimeParams[name] = value
			}
		}
		db = stdlib.OpenDB(*config)
	}
	db.SetMaxOpenConns(n)
	db.SetMaxIdleConns(n)
	return db, nil
}

// readConnections is the size of the read pool for a number of cores: up to
// twice as many, measured best on SQLite. PostgreSQL answers over a network, so
// that more of them are worth having.
func (e *engine) readConnections(cores int) int {
	if e.name == postgres {
		return min(max(4*cores, 8), 32)
	}
	return min(max(2*cores, 4), 32)
}

var argument = regexp.MustCompile(`\$([0-9]+)`)

// planned are the arguments that SQLite's planner looks at.
var planned = regexp.MustCompile(`(= |limit )\$`)

// rewrite turns a statement into the engine's own words. SQLite takes $2 for a
// name and binds by order of appearance, which is silently wrong where $2
// stands first; ?2 is right. It also compiles a statement anew, for five times
// the cost of running it, whenever an argument changes that its planner looked
// at; behind a + it looks at none.
func (e *engine) rewrite(query string) string {
	if e.name == sqlite {
		return argument.ReplaceAllString(planned.ReplaceAllString(query, "${1}+$$"), "?$1")
	}
	return strings.ReplaceAll(query, "/*lock*/", "for update skip locked")
}

// columns adapts a migration to the engine: BLOB is BYTEA on PostgreSQL, and
// /*clustered*/ after a table keeps it inside its primary key's index on SQLite.
func (e *engine) columns(ddl []byte) []byte {
	if e.name == sqlite {
		return bytes.ReplaceAll(ddl, []byte("/*clustered*/"), []byte("WITHOUT ROWID"))
	}
	return blob.ReplaceAll(ddl, []byte("BYTEA"))
}

var blob = regexp.MustCompile(`\bBLOB\b`)

func (e *engine) dialect() goose.Dialect {
	if e.name == sqlite {
		return goose.DialectSQLite3
	}
	return goose.DialectPostgres
}

// turn is the key of the advisory lock that writers on PostgreSQL take. It is
// "accolade" in ASCII.
const turn = "7017561974584206437"

// begin starts a write transaction and takes the turn. The lock is taken before
// the first snapshot is, so that the transaction sees all that earlier turns
// committed.
func (e *engine) begin(ctx context.Context, s *session) error {
	if e.name == sqlite {
		return s.run(ctx, "begin immediate")
	}
	_, err := s.conn.ExecContext(ctx, "begin isolation level read committed; select pg_advisory_xact_lock("+turn+")", pgx.QueryExecModeSimpleProtocol)
	return err
}

// beginRead starts a transaction that sees one snapshot.
func (e *engine) beginRead(ctx context.Context, s *session) error {
	if e.name == sqlite {
		return s.run(ctx, "begin")
	}
	return s.run(ctx, "begin isolation level repeatable read read only")
}

// prepareWriter sets what only the writer's connection needs. It waits for its
// turn by itself, in finer steps than SQLite's, so that two busy processes both
// get through.
func (e *engine) prepareWriter(ctx context.Context, s *session) error {
	if e.name != sqlite {
		return nil
	}
	_, err := s.conn.ExecContext(ctx, "pragma busy_timeout = 0; pragma temp_store = memory; pragma wal_autocheckpoint = 4000")
	return err
}
