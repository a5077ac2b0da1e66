package ledger

import (
	"context"
	"errors"
	"math/rand/v2"
	"runtime"
	"time"
)

// writer is the one goroutine that writes. It commits whatever waits, with no
// timer: an idle queue commits at once, and while one batch runs and is being
// synced to disk the next one gathers; what comes while functions run still
// joins them.
type writer struct {
	l       *Ledger
	s       *session   // nil until the first batch, and after its connection broke
	pending []*request // taken from the queue and not answered yet
	careful int        // for so many batches more, each function gets a savepoint
}

// carefulBatches is for how many batches each function gets a savepoint, after
// one had to be rolled back. Savepoints cost about as much as the functions
// themselves, and most batches need none: a function that fails has seldom
// written something before.
const carefulBatches = 32

// loop serves the queue until the ledger closes. Where a function ends the
// goroutine, a new one goes on with what is pending.
func (w *writer) loop() {
	ended := false
	defer func() {
		if !ended {
			w.drop()
			go w.loop()
			return
		}
		if w.s != nil {
			w.s.close()
		}
		close(w.l.gone)
	}()
	for w.wait() {
		w.batch()
	}
	ended = true
}

// wait returns true when something is pending, and false when the ledger is
// closed and nothing is left to do.
func (w *writer) wait() bool {
	if len(w.pending) > 0 {
		return true
	}
	select {
	case r := <-w.l.queue:
		w.pending = append(w.pending, r)
		runtime.Gosched() // those whom the last batch answered may have more
		return true
	case <-w.l.closing:
	}
	w.gather()
	return len(w.pending) > 0
}

// gather takes from the queue what waits there.
func (w *writer) gather() {
	for len(w.pending) < maxBatch {
		select {
		case r := <-w.l.queue:
			w.pending = append(w.pending, r)
		default:
			return
		}
	}
}

// batch runs and commits what is pending.
func (w *writer) batch() {
	if !w.begin() {
		return
	}
	if w.careful > 0 {
		w.careful--
	}
	done := w.run(maxBatch, w.careful > 0)
	if !done && w.careful == 0 && len(w.pending) > 1 {
		w.careful = carefulBatches
		done = w.begin() && w.run(maxBatch, true)
	}
	if done {
		w.pending = w.pending[:0]
		return
	}
	// The transaction that they shared is lost, through the fault of one of
	// them or of the database: each gets one of its own, and its own answer.
	for len(w.pending) > 0 && w.begin() {
		if !w.run(1, false) {
			answer(w.pending[:1])
		}
		w.pending = w.pending[1:]
	}
}

// begin starts a transaction. While the database is busy it tries again; those
// who have waited for too long are told so. It returns false when nobody is
// left who waits.
func (w *writer) begin() bool {
	for pause := time.Millisecond; ; pause = min(2*pause, 16*time.Millisecond) {
		ctx, cancel := context.WithTimeout(context.Background(), writeWait)
		err := w.tryBegin(ctx)
		cancel()
		if err == nil {
			return true
		}
		err = w.l.engine.classify(err)
		if !errors.Is(err, ErrBusy) {
			w.refuse(err, 0)
			return false
		}
		w.gather()
		w.refuse(err, writeWait)
		if len(w.pending) == 0 {
			return false
		}
		time.Sleep(pause/2 + rand.N(pause))
	}
}

// tryBegin starts a transaction, on a new connection where there is none.
func (w *writer) tryBegin(ctx context.Context) error {
	if w.s == nil {
		s, err := newSession(ctx, w.l.engine, w.l.writeDB)
		if err != nil {
			return err
		}
		w.s = s
		if err := w.l.engine.prepareWriter(ctx, s); err != nil {
			w.drop()
			return err
		}
	}
	err := w.l.engine.begin(ctx, w.s)
	if err != nil {
		w.rollback()
	}
	return silent(ctx, err)
}

// refuse answers err to those who have waited for at least d, and forgets those
// who went away.
func (w *writer) refuse(err error, d time.Duration) {
	kept := w.pending[:0]
	for _, r := range w.pending {
		switch {
		case r.state.Load() == left:
		case time.Since(r.since) >= d:
			r.answer <- err
		default:
			kept = append(kept, r)
		}
	}
	w.pending = kept
}

// answer tells the callers of a batch how it went.
func answer(batch []*request) {
	for _, r := range batch {
		r.answer <- r.err
	}
}

// run runs the functions of up to most requests in the transaction that is open,
// commits it and answers. With savepoints, a function that fails is rolled back
// alone; without, one that fails after it wrote costs the transaction. Where the
// transaction is lost run answers nobody and returns false; the errors of the
// requests then say why.
func (w *writer) run(most int, savepoints bool) bool {
	ctx, cancel := w.statements()
	defer cancel()
	t := &transaction{s: w.s, ctx: ctx, write: true, lease: w.l.lease()}
	succeeded, n := false, 0
	for ; n < most && w.has(n); n++ {
		r := w.pending[n]
		if r.state.Load() == left {
			continue
		}
		exited := func() {
			w.pending = append(w.pending[:n:n], w.pending[n+1:]...)
			r.answer <- r.err
		}
		var err error
		if savepoints {
			err = w.callInSavepoint(ctx, r, t, exited)
		} else {
			r.call(t, exited)
			switch {
			case errors.Is(r.err, ErrBusy), r.err != nil && r.dirty && len(w.pending) > 1 && most > 1:
				err = r.err
			case r.err != nil && r.dirty:
				most = n + 1 // nobody joins what is rolled back
			}
		}
		if err != nil {
			return w.lost(w.pending[:min(most, len(w.pending))], err)
		}
		succeeded = succeeded || r.err == nil
	}
	batch := w.pending[:n]
	if !succeeded {
		w.rollback()
		answer(batch)
		return true
	}
	if err := t.chain.store(t); err != nil {
		return w.lost(batch, err)
	}
	if err := w.s.run(ctx, "commit"); err != nil {
		return w.uncommitted(batch, err)
	}
	answer(batch)
	return true
}

// has tells whether a request is pending behind n others, in the queue maybe.
func (w *writer) has(n int) bool {
	if n == len(w.pending) {
		w.gather()
	}
	return n < len(w.pending)
}

// statements is the context of the statements of a batch. It bounds them, against
// a server that falls silent.
func (w *writer) statements() (context.Context, context.CancelFunc) {
	if w.l.engine.name == sqlite {
		return context.Background(), func() {}
	}
	return context.WithTimeout(context.Background(), w.l.patience)
}

// callInSavepoint calls r so that only its own work is undone where it fails. An
// error means that the transaction is lost.
func (w *writer) callInSavepoint(ctx context.Context, r *request, t *transaction, exited func()) error {
	if err := w.s.run(ctx, "savepoint one"); err != nil {
		return err
	}
	before := t.chain
	r.call(t, exited)
	if r.err == nil {
		return w.s.run(ctx, "release one")
	}
	if !w.s.inTransaction() {
		return r.err
	}
	t.chain = before
	return errors.Join(w.s.run(ctx, "rollback to one"), w.s.run(ctx, "release one"))
}

// lost gives a transaction up. Requests that had succeeded in it have not.
func (w *writer) lost(batch []*request, err error) bool {
	w.rollback()
	err = w.l.engine.classify(err)
	for _, r := range batch {
		if r.err == nil {
			r.err = err
		}
	}
	return false
}

// uncommitted handles a commit that failed. Where the server went away
// meanwhile nobody knows whether it took place, and running the functions again
// could do their work twice.
func (w *writer) uncommitted(batch []*request, err error) bool {
	if w.l.engine.name == sqlite || !connectionLost(err) {
		return w.lost(batch, err)
	}
	w.drop()
	err = &failure{ErrBusy, "the database server went away during the commit; look whether the change is there, or repeat it", err}
	for _, r := range batch {
		if r.err == nil {
			r.err = err
		}
	}
	answer(batch)
	return true
}

// rollback ends the transaction without keeping anything, and the connection
// with it where that fails.
func (w *writer) rollback() {
	if w.s == nil || w.l.engine.name == sqlite && !w.s.inTransaction() {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), writeWait)
	defer cancel()
	if err := w.s.run(ctx, "rollback"); err != nil {
		w.l.log.Warn("ledger connection given up", "error", err)
		w.drop()
	}
}

// drop closes the writer's connection; the next batch opens another.
func (w *writer) drop() {
	if w.s != nil {
		w.s.discard()
		w.s = nil
	}
}
