package ledger

import (
	"context"
	"errors"
)

// View runs fn on one snapshot of the ledger. fn cannot write.
func (l *Ledger) View(ctx context.Context, fn func(*Tx) error) error {
	slot, err := l.takeReader(ctx)
	if err != nil {
		return err
	}
	s, err := l.beginRead(ctx, slot)
	if err != nil {
		l.readers <- nil
		return l.engine.classify(err)
	}
	tx := &Tx{t: &transaction{s: s, ctx: l.engine.statementContext(ctx), lease: l.lease()}}
	intact := false
	defer func() {
		tx.over = true
		if intact {
			intact = s.run(context.WithoutCancel(ctx), "commit") == nil
		}
		if !intact {
			s.discard()
			s = nil
		}
		l.readers <- s
	}()
	err = fn(tx)
	intact = tx.err == nil
	return err
}

// statementContext is the context of the statements of a read for a caller's
// ctx. SQLite statements are short and are not interrupted, which spares a
// goroutine a statement; a server may keep one waiting.
func (e *engine) statementContext(ctx context.Context) context.Context {
	if e.name == sqlite {
		return context.Background()
	}
	return ctx
}

// takeReader waits for a free connection of the read pool; its slot may be empty.
func (l *Ledger) takeReader(ctx context.Context) (*session, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	select {
	case <-l.closing:
		return nil, ErrClosed
	default:
	}
	select {
	case s := <-l.readers:
		return s, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-l.closing:
		return nil, ErrClosed
	}
}

// beginRead begins a transaction on s, or on a fresh connection where s is nil
// or has gone stale, as after a restart of the server.
func (l *Ledger) beginRead(ctx context.Context, s *session) (*session, error) {
	if s != nil {
		err := l.engine.beginRead(ctx, s)
		if err == nil {
			return s, nil
		}
		s.discard()
		if !errors.Is(l.engine.classify(err), ErrBusy) {
			return nil, err
		}
	}
	s, err := newSession(ctx, l.engine, l.readDB)
	if err != nil {
		return nil, err
	}
	if err := l.engine.beginRead(ctx, s); err != nil {
		s.discard()
		return nil, err
	}
	return s, nil
}
