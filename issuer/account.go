package issuer

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"time"

	"github.com/accolade-badges/accolade/issuer/ledger"
)

// ErrNoAccount is returned for an account that is closed or never was.
var ErrNoAccount = errors.New("there is no such account; `accolade user list` shows those that there are")

// ErrNoSession is returned for a session that has ended or never was.
var ErrNoSession = errors.New("there is no such session")

// Account is a person who signs in, with the addresses that they have proved to
// be theirs, the one that mails go to first.
type Account struct {
	ledger.Account
	Addresses []ledger.AccountAddress
}

// Primary returns the address that mails to the account go to, or "" where no
// address is left.
func (a *Account) Primary() string {
	if len(a.Addresses) == 0 {
		return ""
	}
	return a.Addresses[0].Address
}

// Has tells whether the account has proved an address, given as addresses are
// compared; see [FoldAddress].
func (a *Account) Has(folded string) bool {
	for _, x := range a.Addresses {
		if x.Folded == folded {
			return true
		}
	}
	return false
}

// Gives returns the visibility that an award gets when the account accepts it.
func (a *Account) Gives(w ledger.Award) string {
	if w.Visibility == ledger.Private {
		return a.DefaultVisibility
	}
	return w.Visibility
}

// Account returns an open account, or [ErrNoAccount].
func (s *Service) Account(ctx context.Context, id string) (*Account, error) {
	var a *Account
	err := s.ledger.View(ctx, func(tx *ledger.Tx) error {
		var err error
		a, err = accountIn(ctx, tx, id)
		return err
	})
	return a, err
}

// AccountByAddress returns the open account that has proved an address, or
// [ErrNoAccount].
func (s *Service) AccountByAddress(ctx context.Context, address string) (*Account, error) {
	var a *Account
	err := s.ledger.View(ctx, func(tx *ledger.Tx) error {
		found, err := tx.AccountByAddress(ctx, folded(address))
		if errors.Is(err, ledger.ErrNotFound) {
			return ErrNoAccount
		}
		if err == nil {
			a, err = accountIn(ctx, tx, found.ID)
		}
		return err
	})
	return a, err
}

// accountPage is how many accounts are read at a time.
const accountPage = 200

// EachAccount calls fn for every account, closed ones too, in the order of their
// ids.
func (s *Service) EachAccount(ctx context.Context, fn func(*Account) error) error {
	for after := ""; ; {
		var page []*Account
		err := s.ledger.View(ctx, func(tx *ledger.Tx) error {
			list, err := tx.Accounts(ctx, after, accountPage)
			page = nil
			for _, a := range list {
				one := &Account{Account: a}
				if one.Addresses, err = tx.AccountAddresses(ctx, a.ID); err != nil {
					return err
				}
				page = append(page, one)
			}
			return err
		})
		if err != nil || len(page) == 0 {
			return err
		}
		for _, a := range page {
			if err := fn(a); err != nil {
				return err
			}
			after = a.ID
		}
	}
}

// accountIn reads an open account in a transaction.
func accountIn(ctx context.Context, tx *ledger.Tx, id string) (*Account, error) {
	a := &Account{}
	var err error
	if a.Account, err = tx.Account(ctx, id); err != nil {
		if errors.Is(err, ledger.ErrNotFound) {
			return nil, ErrNoAccount
		}
		return nil, err
	}
	if !a.ClosedAt.IsZero() {
		return nil, ErrNoAccount
	}
	a.Addresses, err = tx.AccountAddresses(ctx, id)
	return a, err
}

// accountFor returns the account that has an address, which was proved just
// now. Where none has, it makes one with that name and language.
func (s *Service) accountFor(ctx context.Context, tx *ledger.Tx, address, folded, name, language string, now time.Time) (a ledger.Account, made bool, err error) {
	a, err = tx.AccountByAddress(ctx, folded)
	if !errors.Is(err, ledger.ErrNotFound) {
		return a, false, err
	}
	a = ledger.Account{ID: s.newID(), Name: name, Language: language, DefaultVisibility: ledger.Private, CreatedAt: now}
	if err := tx.AddAccount(ctx, a); err != nil {
		return a, false, err
	}
	if _, err := tx.AddAccountAddress(ctx, ledger.AccountAddress{Account: a.ID, Address: address, Folded: folded, ProvenAt: now}); err != nil {
		return a, false, err
	}
	s.log.Info("account made", "account", a.ID)
	return a, true, s.audit(ctx, tx, a.ID, "account.created", a.ID, "")
}

// sessionSeen is how exactly it is noted when a session was used last: a write
// for every page would cost more than it tells.
const sessionSeen = 10 * time.Minute

// SessionHash is how a session is named in the ledger: by the hash of what its
// cookie says.
func SessionHash(token string) string {
	sum := sha256.Sum256([]byte(token))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// Session returns a session that has not ended, or [ErrNoSession], and notes now
// and then that it is used.
func (s *Service) Session(ctx context.Context, hash string) (ledger.AccountSession, error) {
	var v ledger.AccountSession
	now := s.Now()
	err := s.ledger.View(ctx, func(tx *ledger.Tx) error {
		var err error
		v, err = tx.AccountSession(ctx, hash, now)
		if errors.Is(err, ledger.ErrNotFound) {
			return ErrNoSession
		}
		return err
	})
	if err != nil || now.Sub(v.SeenAt) < sessionSeen {
		return v, err
	}
	v.SeenAt = now
	seen := s.ledger.Update(ctx, func(tx *ledger.Tx) error {
		if _, err := tx.AccountSession(ctx, hash, now); err != nil {
			return err // it was ended a moment ago, and must not come back
		}
		return tx.PutAccountSession(ctx, v)
	})
	if errors.Is(seen, ledger.ErrNotFound) {
		return v, ErrNoSession
	}
	if seen != nil { // pages can be read also while nothing can be written
		s.log.Warn("the use of a session cannot be noted now", "error", seen)
	}
	return v, nil
}

// SaveSession keeps a session.
func (s *Service) SaveSession(ctx context.Context, v ledger.AccountSession) error {
	return s.ledger.Update(ctx, func(tx *ledger.Tx) error { return tx.PutAccountSession(ctx, v) })
}

// EndSession ends a session; one that has ended is no error.
func (s *Service) EndSession(ctx context.Context, hash string) error {
	return s.ledger.Update(ctx, func(tx *ledger.Tx) error { return tx.EndAccountSession(ctx, hash) })
}
