package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// Tx is a transaction, handed to the function in [Ledger.Update] or
// [Ledger.View]. It may be used by that function only, by one goroutine at a
// time, and not after the function has returned.
type Tx struct {
	t    *transaction
	err  error // the first database error; the function's work is lost from then on
	over bool  // the function has returned

	wrote bool // a statement that may change something was run
}

// transaction is one database transaction, which the functions of a batch share.
type transaction struct {
	s     *session
	ctx   context.Context // of the statements
	write bool
	lease time.Time
	chain chain
}

var errOver = errors.New("ledger: a transaction was used after its function had returned")

// start checks that a statement may run now, and returns its context. A
// statement that is interrupted would end the transaction for all functions
// that share it, so that the caller's context is asked before each statement
// and interrupts none.
func (tx *Tx) start(ctx context.Context, write bool) (context.Context, error) {
	switch {
	case tx.over:
		return nil, errOver
	case tx.err != nil:
		return nil, tx.err
	case write && !tx.t.write:
		return nil, errors.New("ledger: a view cannot write; use Update")
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	tx.wrote = tx.wrote || write
	return tx.t.ctx, nil
}

// fail remembers a database error: on PostgreSQL the transaction is dead then,
// and SQLite is made to behave alike.
func (tx *Tx) fail(err error) error {
	err = tx.t.s.engine.classify(err)
	if tx.t.write {
		err = silent(tx.t.ctx, err)
	}
	if tx.err == nil {
		tx.err = err
	}
	return err
}

// exec runs a statement and returns how many rows it changed.
func (tx *Tx) exec(ctx context.Context, query string, args ...any) (int64, error) {
	run, err := tx.start(ctx, true)
	if err != nil {
		return 0, err
	}
	st, err := tx.t.s.prepare(run, query)
	if err != nil {
		return 0, tx.fail(err)
	}
	res, err := st.ExecContext(run, args...)
	if err != nil {
		return 0, tx.fail(err)
	}
	n, err := res.RowsAffected()
	if err != nil {
		return 0, tx.fail(err)
	}
	return n, nil
}

// query runs a statement that returns rows; write says whether it also changes
// some.
func (tx *Tx) query(ctx context.Context, write bool, query string, args []any) (*sql.Rows, error) {
	run, err := tx.start(ctx, write)
	if err != nil {
		return nil, err
	}
	st, err := tx.t.s.prepare(run, query)
	if err != nil {
		return nil, tx.fail(err)
	}
	rows, err := st.QueryContext(run, args...)
	if err != nil {
		return nil, tx.fail(err)
	}
	return rows, nil
}

// each calls scan for every row of a query.
func (tx *Tx) each(ctx context.Context, write bool, scan func(*sql.Rows) error, query string, args ...any) (err error) {
	rows, err := tx.query(ctx, write, query, args)
	if err != nil {
		return err
	}
	defer func() {
		if closed := rows.Close(); err == nil && closed != nil {
			err = tx.fail(closed)
		}
	}()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return tx.fail(err)
	}
	return nil
}

// one reads the row of a query into a T. Where there is none the error is
// [ErrNotFound], about what and id.
func one[T any](ctx context.Context, tx *Tx, scan func(*sql.Rows, *T) error, what, id, query string, args ...any) (T, error) {
	var v T
	found := false
	err := tx.each(ctx, false, func(rows *sql.Rows) error {
		found = true
		return scan(rows, &v)
	}, query, args...)
	if err == nil && !found {
		err = &missing{what, id}
	}
	return v, err
}

// list reads all rows of a query.
func list[T any](ctx context.Context, tx *Tx, scan func(*sql.Rows, *T) error, query string, args ...any) ([]T, error) {
	var all []T
	err := tx.each(ctx, false, func(rows *sql.Rows) error {
		var v T
		if err := scan(rows, &v); err != nil {
			return err
		}
		all = append(all, v)
		return nil
	}, query, args...)
	return all, err
}

// scanOne scans a row of a single column.
func scanOne[T any](rows *sql.Rows, v *T) error { return rows.Scan(v) }

// must turns a count of changed rows into [ErrNotFound] where it is 0.
func must(n int64, err error, what, id string) error {
	if err == nil && n == 0 {
		err = &missing{what, id}
	}
	return err
}

// instant stores a time as microseconds; the zero time is NULL.
func instant(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UnixMicro()
}

// optional stores a text; the empty one is NULL.
func optional(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// timeColumn reads what [instant] stored.
type timeColumn struct{ t *time.Time }

func (c timeColumn) Scan(v any) error {
	switch v := v.(type) {
	case nil:
		*c.t = time.Time{}
	case int64:
		*c.t = time.UnixMicro(v).UTC()
	default:
		return fmt.Errorf("an instant is stored as %T", v)
	}
	return nil
}

// textColumn reads what [optional] stored.
type textColumn struct{ s *string }

func (c textColumn) Scan(v any) error {
	switch v := v.(type) {
	case nil:
		*c.s = ""
	case string:
		*c.s = v
	case []byte:
		*c.s = string(v)
	default:
		return fmt.Errorf("a text is stored as %T", v)
	}
	return nil
}

// placeholders yields "$from,$from+1,..." for n arguments.
func placeholders(from, n int) string {
	b := make([]byte, 0, 5*n)
	for i := range n {
		if i > 0 {
			b = append(b, ',')
		}
		b = fmt.Appendf(b, "$%d", from+i)
	}
	return string(b)
}

// rowPlaceholders yields n rows of width arguments each, for a multi-row insert.
func rowPlaceholders(n, width int) string {
	b := make([]byte, 0, 6*n*width)
	for i := range n {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, '(')
		b = append(b, placeholders(i*width+1, width)...)
		b = append(b, ')')
	}
	return string(b)
}
