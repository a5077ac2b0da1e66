package issuer

import (
	"context"
	"errors"
	"time"

	"github.com/accolade-badges/accolade/issuer/ledger"
	"github.com/accolade-badges/accolade/issuer/mail"
)

var (
	// ErrUnproven is returned where a provider knows no confirmed address of the
	// person, and the person is no account's yet: nothing is proved then.
	ErrUnproven = errors.New("this provider has not confirmed a mail address of yours; sign in by mail and link it in your account")

	// ErrIdentityTaken is returned where a person at a provider is another
	// account's.
	ErrIdentityTaken = errors.New("this sign-in belongs to another account")
)

// Person is somebody whom a sign-in provider has sent back.
type Person struct {
	Provider string // its name in the settings
	Subject  string // the person's id there
	Email    string // an address that the provider has confirmed, or ""
	Name     string
	Language string // BCP 47, of an account that is made
}

// SignInAs returns the account of a person whom a provider has sent back. With an
// account, which is signed in, the person is linked to it; else a known person's
// account is it, or the one that has proved the confirmed address, or a new one
// with that address. Errors: [ErrUnproven], [ErrIdentityTaken].
func (s *Service) SignInAs(ctx context.Context, p Person, account string) (id string, err error) {
	err = s.ledger.Update(ctx, func(tx *ledger.Tx) error {
		id = ""
		now := s.Now()
		known, err := tx.Identity(ctx, p.Provider, p.Subject)
		switch {
		case err == nil && account != "" && known.Account != account:
			return ErrIdentityTaken
		case err == nil:
			id = known.Account
			_, err := accountIn(ctx, tx, id)
			return err
		case !errors.Is(err, ledger.ErrNotFound):
			return err
		}
		a, err := s.accountOf(ctx, tx, p, account, now)
		if err != nil {
			return err
		}
		id = a.ID
		if _, err := tx.AddIdentity(ctx, ledger.Identity{Provider: p.Provider, Subject: p.Subject, Account: id, CreatedAt: now}); err != nil {
			return err
		}
		if err := s.noticeEach(ctx, tx, id, notice{Kind: mail.SignInLinked, Detail: p.Provider}, "/me/addresses"); err != nil {
			return err
		}
		if err := s.audit(ctx, tx, id, "account.identity_linked", id, p.Provider); err != nil {
			return err
		}
		return s.acceptWaiting(ctx, tx, a, now)
	})
	if err == nil {
		s.poke()
	}
	return id, err
}

// accountOf finds the account that a person is to be linked to, or makes it.
func (s *Service) accountOf(ctx context.Context, tx *ledger.Tx, p Person, account string, now time.Time) (ledger.Account, error) {
	if account != "" {
		a, err := accountIn(ctx, tx, account)
		if err != nil {
			return ledger.Account{}, err
		}
		return a.Account, nil
	}
	if p.Email == "" {
		return ledger.Account{}, ErrUnproven
	}
	typed, folded, err := Asked{Address: p.Email}.address()
	if err != nil {
		return ledger.Account{}, ErrUnproven
	}
	name, err := plainText("name", p.Name, maxShownName)
	if err != nil {
		name = ""
	}
	a, _, err := s.accountFor(ctx, tx, typed, folded, name, p.Language, now)
	return a, err
}

// Identities returns the persons at sign-in providers who are an account.
func (s *Service) Identities(ctx context.Context, account string) ([]ledger.Identity, error) {
	var list []ledger.Identity
	err := s.ledger.View(ctx, func(tx *ledger.Tx) error {
		var err error
		list, err = tx.Identities(ctx, account)
		return err
	})
	return list, err
}

// Unlink takes a sign-in provider from an account. Its addresses are left as
// ways to sign in.
func (s *Service) Unlink(ctx context.Context, account, provider, subject string) error {
	return s.ledger.Update(ctx, func(tx *ledger.Tx) error {
		if err := notMissing(tx.RemoveIdentity(ctx, account, provider, subject)); err != nil {
			return err
		}
		return s.audit(ctx, tx, account, "account.identity_removed", account, provider)
	})
}
