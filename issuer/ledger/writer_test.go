package ledger

import (
	"context"
	"errors"
	"path/filepath"
	"testing"
	"time"
)

// whileRunning runs an update that writes and ends with err, and another one that
// comes while the first one runs. It returns the transactions in which they ran.
func whileRunning(t *testing.T, l *Ledger, err error) (first, second *transaction) {
	t.Helper()
	ctx, late := context.Background(), make(chan error, 1)
	got := l.Update(ctx, func(tx *Tx) error {
		first = tx.t
		go func() {
			late <- l.Update(ctx, func(tx *Tx) error {
				second = tx.t
				return tx.PutSetting(ctx, "second", "x")
			})
		}()
		for len(l.queue) == 0 {
			time.Sleep(time.Millisecond)
		}
		return errors.Join(tx.PutSetting(ctx, "first", "x"), err)
	})
	if !errors.Is(got, err) {
		t.Errorf("the first update: %v, want %v", got, err)
	}
	if got := <-late; got != nil {
		t.Errorf("the second update: %v", got)
	}
	return first, second
}

func TestUpdateJoinsTheBatchThatRuns(t *testing.T) {
	t.Parallel()
	l := openFile(t, filepath.Join(t.TempDir(), "accolade.db"))
	if first, second := whileRunning(t, l, nil); first != second {
		t.Error("two updates were committed apart")
	}
	if n, err := count(l); n != 2 || err != nil {
		t.Errorf("%d settings, %v", n, err)
	}
}

func TestUpdateJoinsNothingThatIsRolledBack(t *testing.T) {
	t.Parallel()
	l := openFile(t, filepath.Join(t.TempDir(), "accolade.db"))
	if first, second := whileRunning(t, l, errors.New("failed")); first == second {
		t.Error("an update joined what was rolled back")
	}
	if n, err := count(l); n != 1 || err != nil {
		t.Errorf("%d settings, %v", n, err)
	}
}
