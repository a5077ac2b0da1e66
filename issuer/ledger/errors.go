package ledger

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"net"
	"strings"
	"syscall"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/mattn/go-sqlite3"
)

// The kinds of errors; test for them with [errors.Is].
var (
	// ErrNotFound says that there is no such record.
	ErrNotFound = errors.New("no such record")

	// ErrConflict says that another record stands in the way, or that the
	// record is no longer in the state that the change was meant for.
	ErrConflict = errors.New("the record conflicts with another one")

	// ErrBusy says that the database could not be had within five seconds:
	// another process writes, or the server is away. Trying later helps.
	ErrBusy = errors.New("the ledger is busy; try again in a few seconds")

	// ErrFull says that the disk is full. Reads go on; writes succeed again
	// once there is space.
	ErrFull = errors.New("the disk that holds the ledger is full; free some space, nothing needs a restart")

	// ErrReadOnly says that the database may be read but not written.
	ErrReadOnly = errors.New("the ledger cannot be written; give the user that runs accolade write permission on the file and its folder")

	// ErrDamaged says that the file is broken or no ledger at all.
	ErrDamaged = errors.New("the ledger is damaged or no ledger; stop accolade, keep the file, and restore the last backup with `accolade restore`")

	// ErrNewer says that a newer version of the program has written the ledger.
	ErrNewer = errors.New("the ledger was written by a newer version of accolade; use that version")

	// ErrClosed is returned after [Ledger.Close].
	ErrClosed = errors.New("the ledger is closed")
)

// PanicError is returned by [Ledger.Update] for a function that panicked. What
// it wrote was rolled back.
type PanicError struct {
	Value any
	Stack []byte // of the panic
}

func (e *PanicError) Error() string { return fmt.Sprintf("ledger: the update panicked: %v", e.Value) }

// failure is a database error of a known kind.
type failure struct {
	kind   error
	remedy string // replaces the kind's own sentence where it says more
	cause  error
}

func (f *failure) Error() string {
	text := f.remedy
	if text == "" {
		text = f.kind.Error()
	}
	return fmt.Sprintf("ledger: %s (%v)", text, f.cause)
}

func (f *failure) Unwrap() []error { return []error{f.kind, f.cause} }

// missing is [ErrNotFound] for one record, without the cost of formatting where
// nobody reads it.
type missing struct{ what, id string }

func (m *missing) Error() string {
	if m.id == "" {
		return "ledger: there is no such " + m.what
	}
	return fmt.Sprintf("ledger: there is no %s %q", m.what, m.id)
}

func (m *missing) Unwrap() error { return ErrNotFound }

// conflict is [ErrConflict] with what is in the way.
func conflict(format string, args ...any) error {
	return fmt.Errorf("ledger: "+format+": %w", append(args, ErrConflict)...)
}

// classify turns a driver's error into one of the kinds above. Errors of
// contexts and errors that are classified already pass unchanged.
func (e *engine) classify(err error) error {
	var known *failure
	if err == nil || errors.As(err, &known) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	var lite sqlite3.Error
	if errors.As(err, &lite) {
		return classifySQLite(lite, fmt.Errorf("%s: %w", e.path, err))
	}
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return classifyPostgres(pg.Code, err)
	}
	if connectionLost(err) {
		return &failure{ErrBusy, "the database server cannot be reached; check that it runs and that the address is right, then try again", err}
	}
	return err
}

// classifySQLite gives cause, which wraps lite, its kind.
func classifySQLite(lite sqlite3.Error, cause error) error {
	switch {
	case lite.SystemErrno == syscall.ENOSPC, lite.SystemErrno == syscall.EDQUOT, lite.Code == sqlite3.ErrFull:
		return &failure{ErrFull, "", cause}
	case lite.Code == sqlite3.ErrBusy, lite.Code == sqlite3.ErrLocked, lite.Code == sqlite3.ErrProtocol:
		return &failure{ErrBusy, "another process keeps the ledger locked; try again in a few seconds, or look for a program that holds the file open", cause}
	case lite.Code == sqlite3.ErrCorrupt, lite.Code == sqlite3.ErrNotADB:
		return &failure{ErrDamaged, "", cause}
	case lite.Code == sqlite3.ErrReadonly, lite.Code == sqlite3.ErrPerm, lite.Code == sqlite3.ErrCantOpen:
		return &failure{ErrReadOnly, "", cause}
	case lite.ExtendedCode == sqlite3.ErrConstraintForeignKey:
		return &failure{ErrConflict, "the record refers to one that does not exist", cause}
	case lite.Code == sqlite3.ErrConstraint:
		return &failure{ErrConflict, "", cause}
	case lite.Code == sqlite3.ErrIoErr:
		return &failure{ErrDamaged, "the disk that holds the ledger fails; check it, then run `accolade doctor`", cause}
	}
	return fmt.Errorf("ledger: %w", cause)
}

// classifyPostgres gives cause, which wraps an error with an SQLSTATE code, its
// kind.
func classifyPostgres(code string, cause error) error {
	switch {
	case code == "53100":
		return &failure{ErrFull, "the database server's disk is full; free some space there, nothing needs a restart", cause}
	case code == "40001", code == "40P01", code == "55P03":
		return &failure{ErrBusy, "", cause}
	case code == "53300":
		return &failure{ErrBusy, "the database server has no connection left; raise its max_connections, or try again", cause}
	case strings.HasPrefix(code, "57P0"), strings.HasPrefix(code, "08"), code == "25P03":
		return &failure{ErrBusy, "the database server stops or starts; try again in a few seconds", cause}
	case code == "25006", code == "42501":
		return &failure{ErrReadOnly, "the database user may not write the ledger; grant it the rights, or name the primary server", cause}
	case code == "23503":
		return &failure{ErrConflict, "the record refers to one that does not exist", cause}
	case strings.HasPrefix(code, "23"):
		return &failure{ErrConflict, "", cause}
	case strings.HasPrefix(code, "XX"):
		return &failure{ErrDamaged, "the database server reports damage; stop accolade and restore the last backup with `accolade restore`", cause}
	case code == "3D000":
		return fmt.Errorf("ledger: the database does not exist; make it with createdb, or name another: %w", cause)
	case strings.HasPrefix(code, "28"):
		return fmt.Errorf("ledger: the database server refuses the user or the password; check the database URL: %w", cause)
	}
	return fmt.Errorf("ledger: %w", cause)
}

// silent gives the error of a statement that the ledger itself cut short, because
// the server did not answer, its kind.
func silent(ctx context.Context, err error) error {
	if err == nil || ctx.Err() == nil {
		return err
	}
	return &failure{ErrBusy, "the database server does not answer; check it and the network, then try again", err}
}

// connectionLost tells whether err means that a connection to the server ended
// or could not be made.
func connectionLost(err error) bool {
	var network net.Error
	var connect *pgconn.ConnectError
	if errors.As(err, &connect) {
		// A server that answers and says no is not away.
		var refused *pgconn.PgError
		return !errors.As(err, &refused)
	}
	return errors.Is(err, driver.ErrBadConn) || errors.Is(err, sql.ErrConnDone) || errors.As(err, &network) || pgconn.SafeToRetry(err) ||
		errors.Is(err, net.ErrClosed) || strings.Contains(err.Error(), "conn closed") || strings.Contains(err.Error(), "unexpected EOF")
}
