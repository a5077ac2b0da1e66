package issuer

import (
	"context"
	"errors"

	"github.com/accolade-badges/accolade/issuer/ledger"
)

// dueBatch is how many of what is due are read at once.
const dueBatch = 200

// eachDue does, one by one, what find finds to be due: up to a number of them, the
// longest due first. do tells whether it is not due any more; where nothing of a
// batch moves, the rest waits for the next time. One that fails holds up no other.
func eachDue[T any](ctx context.Context, s *Service, find func(tx *ledger.Tx, limit int) ([]T, error), do func(T) (moved bool, err error)) error {
	for {
		var due []T
		err := s.ledger.View(ctx, func(tx *ledger.Tx) error {
			var err error
			due, err = find(tx, dueBatch)
			return err
		})
		if err != nil {
			return err
		}
		more, failed := false, []error(nil)
		for _, x := range due {
			moved, err := do(x)
			if err != nil {
				failed = append(failed, err)
			}
			more = more || moved && err == nil
		}
		if !more || len(failed) > 0 {
			return errors.Join(failed...)
		}
	}
}
