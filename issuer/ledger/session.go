package ledger

import (
	"context"
	"database/sql"
	"database/sql/driver"

	"github.com/mattn/go-sqlite3"
)

// session is one connection with the statements that were prepared on it. One
// goroutine at a time uses it.
type session struct {
	conn   *sql.Conn
	engine *engine
	stmts  map[string]*sql.Stmt // by the text before rewriting
}

func newSession(ctx context.Context, e *engine, db *sql.DB) (*session, error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	return &session{conn: conn, engine: e, stmts: map[string]*sql.Stmt{}}, nil
}

// maxStatements bounds the statements kept, whose texts vary with the number of
// rows or kinds that they are about.
const maxStatements = 500

// prepare returns the statement for query, prepared once a connection.
func (s *session) prepare(ctx context.Context, query string) (*sql.Stmt, error) {
	if st, ok := s.stmts[query]; ok {
		return st, nil
	}
	if len(s.stmts) >= maxStatements {
		for text, st := range s.stmts {
			_ = st.Close() // it is only forgotten
			delete(s.stmts, text)
		}
	}
	st, err := s.conn.PrepareContext(ctx, s.engine.rewrite(query))
	if err != nil {
		return nil, err
	}
	s.stmts[query] = st
	return st, nil
}

// run executes a statement that has no arguments and no result.
func (s *session) run(ctx context.Context, query string) error {
	st, err := s.prepare(ctx, query)
	if err != nil {
		return err
	}
	_, err = st.ExecContext(ctx)
	return err
}

// inTransaction tells whether SQLite still has the transaction open; it rolls
// back by itself when the disk is full or a read fails. For PostgreSQL the
// answer is whether the connection lives.
func (s *session) inTransaction() bool {
	open := true
	err := s.conn.Raw(func(c any) error {
		if c, ok := c.(*sqlite3.SQLiteConn); ok {
			open = !c.AutoCommit()
		}
		return nil
	})
	return err == nil && open
}

// close gives the connection back to its pool.
func (s *session) close() {
	s.forget()
	_ = s.conn.Close() // broken or not, it is no longer ours
}

// discard closes the connection for good: it is broken, or in an unknown state.
func (s *session) discard() {
	s.forget()
	_ = s.conn.Raw(func(any) error { return driver.ErrBadConn }) // makes the pool drop it
	_ = s.conn.Close()                                           // it was dropped already
}

// forget closes the statements. SQLite keeps a connection, and its lock, alive
// for as long as one of them is open; a server forgets them with the connection.
func (s *session) forget() {
	if s.engine.name != sqlite {
		return
	}
	for _, st := range s.stmts {
		_ = st.Close() // nothing is lost with it
	}
}
