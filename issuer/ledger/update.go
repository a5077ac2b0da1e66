package ledger

import (
	"context"
	"errors"
	"runtime/debug"
	"sync/atomic"
	"time"
)

// writeWait is how long an update waits for its turn before it fails with
// [ErrBusy].
const writeWait = 5 * time.Second

// Update runs fn in a write transaction and returns when what it wrote is
// durable. Where fn returns an error nothing of it is kept, and Update returns
// that error. fn may run again; see the package's documentation.
//
// Where ctx ends while the update waits for its turn, Update returns at once and
// nothing is written. Where it ends between fn and the commit, Update returns
// ctx's error too and the commit may still happen: an update that must not
// happen twice carries its own key, as results and jobs do.
func (l *Ledger) Update(ctx context.Context, fn func(*Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	r := &request{fn: fn, since: time.Now(), answer: make(chan error, 1)}
	select {
	case <-l.closing:
		return ErrClosed
	default:
	}
	select {
	case l.queue <- r:
	case <-ctx.Done():
		return ctx.Err()
	case <-l.gone:
		return ErrClosed
	}
	select {
	case err := <-r.answer:
		return err
	case <-ctx.Done():
		if r.leave() {
			return ctx.Err()
		}
		return <-r.answer // fn is running; its next statement ends it
	case <-l.gone:
		select {
		case err := <-r.answer:
			return err
		default:
			return ErrClosed
		}
	}
}

// The states of a request.
const (
	waiting int32 = iota // in the queue, or in a batch before or after its function ran
	running              // its function runs; its caller must not go away
	left                 // its caller has gone away
)

// request is one call of Update.
type request struct {
	fn     func(*Tx) error
	since  time.Time
	answer chan error
	state  atomic.Int32

	err   error // of fn, in this batch
	dirty bool  // fn left the transaction other than it found it
}

// leave is the caller going away; it may not while fn uses what it owns.
func (r *request) leave() bool { return r.state.CompareAndSwap(waiting, left) }

// call runs the function once, unless the caller has gone away. A panic becomes the function's error; exited is told where the function ended
// its goroutine, as a test that fails does, which takes the writer with it.
func (r *request) call(t *transaction, exited func()) {
	if !r.state.CompareAndSwap(waiting, running) {
		return
	}
	tx := &Tx{t: t}
	returned := false
	defer func() {
		tx.over, r.dirty = true, tx.wrote || tx.err != nil
		if !returned {
			if v := recover(); v != nil {
				r.err = &PanicError{v, debug.Stack()}
			} else {
				r.err = errors.New("ledger: the update ended its goroutine")
				exited()
			}
		}
		r.state.Store(waiting)
	}()
	r.err = r.fn(tx)
	returned = true
	if r.err == nil {
		r.err = tx.err // fn passed over a database error; its work is lost all the same
	}
}
