package issuer

import (
	"context"
	"errors"
	"time"

	"github.com/accolade-badges/accolade/issuer/ledger"
)

// answersLast is how long the answer to a call with an idempotency key is given
// again.
const answersLast = 24 * time.Hour

// ErrKeyReused is returned for an idempotency key that was sent with another
// request before.
var ErrKeyReused = errors.New("this idempotency key was sent with another request before; make a new key for each request")

// Answer is what a call was answered.
type Answer struct {
	Status int // of HTTP
	Body   []byte
}

// Answered returns what a call with this idempotency key was answered, or nil
// where nothing is kept. Keys belong to the API token with that id; digest stands
// for the request. Errors: [ErrKeyReused].
func (s *Service) Answered(ctx context.Context, token, key, digest string) (*Answer, error) {
	var kept ledger.Idempotency
	err := s.ledger.View(ctx, func(tx *ledger.Tx) error {
		var err error
		kept, err = tx.Idempotency(ctx, token, key)
		return err
	})
	switch {
	case errors.Is(err, ledger.ErrNotFound):
		return nil, nil
	case err != nil:
		return nil, err
	case !s.Now().Before(kept.CreatedAt.Add(answersLast)):
		return nil, nil
	case kept.Digest != digest:
		return nil, ErrKeyReused
	}
	return &Answer{kept.Status, kept.Body}, nil
}

// KeepAnswer keeps what a call was answered for a day, after which [Service.Work]
// forgets it. The first answer to a key stays the one.
func (s *Service) KeepAnswer(ctx context.Context, token, key, digest string, a Answer) error {
	return s.ledger.Update(ctx, func(tx *ledger.Tx) error {
		err := tx.AddIdempotency(ctx, ledger.Idempotency{Key: key, Token: token, Digest: digest, Status: a.Status, Body: a.Body, CreatedAt: s.Now()})
		if errors.Is(err, ledger.ErrConflict) {
			return nil
		}
		return err
	})
}
