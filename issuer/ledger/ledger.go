// Package ledger keeps the records of an installation in SQLite or PostgreSQL:
// issuers, keys, candidates, results, awards, signed editions, status lists,
// jobs, mail, tokens and the audit chain.
//
// Most readers need [Open], [Ledger.Update] and [Ledger.View]. Update runs a
// function inside a write transaction and returns when what it wrote is durable
// (synchronous=FULL on SQLite): all of it is there, or none. View runs a
// function on a snapshot that nothing changes. The functions work with the
// methods of [Tx], one group of them a record type.
//
// # How writing works
//
// Writers take turns, on both engines, so that a function in Update sees
// whatever was committed before it and no two of them interleave: a read
// followed by a write that depends on it is safe. On SQLite the turn is the
// file's write lock, on PostgreSQL an advisory lock; other processes on the same
// database wait for it like the callers in this one. Whatever callers wait in a
// process is committed together: up to 256 functions share one transaction and
// one sync to disk. One that fails takes nothing of the others with it; where it
// had written something, the others run again without it.
//
// So a function may run again, as it may when the database lost its transaction. It
// must change nothing but the ledger and its own results, must not call Update,
// and should be short: nobody else writes while it runs.
//
// # What it refuses
//
// It opens no ledger that a newer version of the program has written to, and
// keeps no secret in plain: private keys arrive encrypted, tokens and links as
// hashes. It decides nothing; package issuer does.
//
// # Errors
//
// [ErrNotFound] and [ErrConflict] answer a question about records. [ErrBusy],
// [ErrFull], [ErrReadOnly] and [ErrDamaged] tell the state of the database, and
// their text tells what to do. After ErrBusy and ErrFull reads go on, and writes
// succeed again, without reopening, once the cause is gone.
package ledger

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"runtime"
	"sync"
	"time"
)

// Config says which database to open. URL is required.
type Config struct {
	// URL is "sqlite:PATH" or a bare path for a SQLite file, which is made
	// where it is missing (its folder must exist), or a "postgres://" URL.
	URL string

	// Now is the programme's clock. It stamps what the ledger itself records,
	// such as a restore. Leases of jobs run by the real clock always.
	// Default: [time.Now].
	Now func() time.Time

	// Log hears of what an operator should know: migrations, retries, a lost
	// connection. Default: discarded.
	Log *slog.Logger
}

// Ledger is an open database. It is safe for concurrent use.
type Ledger struct {
	engine *engine
	now    func() time.Time
	lease  func() time.Time // the clock of leases: the real one, whatever now says
	log    *slog.Logger

	patience time.Duration // with a server, in one batch

	writeDB *sql.DB // one connection, which the writer keeps
	readDB  *sql.DB
	readers chan *session // one slot a connection; nil where none is open yet

	queue   chan *request
	closing chan struct{} // closed by Close
	gone    chan struct{} // closed when the writer has ended
	close   sync.Once
}

// maxBatch is how many waiting updates are committed together at most.
const maxBatch = 256

// Open opens a ledger, makes it where it is new, and brings its schema up to
// date. Several processes may open the same database at the same time.
//
// Errors: [ErrBusy] where another process keeps it locked or the server cannot
// be reached, [ErrDamaged] where the file is no ledger or is broken,
// [ErrReadOnly] where it may not be written.
func Open(ctx context.Context, c Config) (*Ledger, error) {
	e, err := parseURL(c.URL)
	if err != nil {
		return nil, err
	}
	l := &Ledger{
		engine: e, now: c.Now, lease: time.Now, log: c.Log, patience: time.Minute,
		queue: make(chan *request, maxBatch), closing: make(chan struct{}), gone: make(chan struct{}),
	}
	if l.now == nil {
		l.now = time.Now
	}
	if l.log == nil {
		l.log = slog.New(slog.DiscardHandler)
	}
	if err := e.prepareFile(); err != nil {
		return nil, e.classify(err)
	}
	if l.writeDB, err = e.openPool(e.writeDSN(), 1); err != nil {
		return nil, e.classify(err)
	}
	if err := migrate(ctx, e, l.writeDB, l.log); err != nil {
		return nil, errors.Join(e.classify(err), l.writeDB.Close())
	}
	size := e.readConnections(runtime.GOMAXPROCS(0))
	if l.readDB, err = e.openPool(e.readDSN(), size); err != nil {
		return nil, errors.Join(e.classify(err), l.writeDB.Close())
	}
	l.readers = make(chan *session, size)
	for range size {
		l.readers <- nil
	}
	go (&writer{l: l}).loop()
	return l, nil
}

// Close commits the updates that wait and closes the database. Updates that come
// later fail with [ErrClosed].
func (l *Ledger) Close() error {
	var err error
	l.close.Do(func() {
		close(l.closing)
		<-l.gone
		for range cap(l.readers) {
			if s := <-l.readers; s != nil {
				s.close()
			}
		}
		err = errors.Join(l.readDB.Close(), l.writeDB.Close())
	})
	return err
}

// Engine returns "sqlite" or "postgres".
func (l *Ledger) Engine() string { return l.engine.name }
