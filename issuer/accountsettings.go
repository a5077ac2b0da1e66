package issuer

import (
	"context"
	"fmt"
	"slices"
	"time"

	"golang.org/x/text/language"

	"github.com/accolade-badges/accolade/issuer/ledger"
)

// AccountSettings are what an earner decides about their account; what the
// profile page says is apart.
type AccountSettings struct {
	Language          string // BCP 47, of pages and mails; "" for what the browser asks for
	TimeZone          string // IANA name, or "" for UTC
	DefaultVisibility string // of a badge that is accepted: private, unlisted or public
	AutoAccept        bool   // accept badges from every issuer by itself
	AutoAcceptOf      []string
}

// AccountSettings returns what the owner of an account has decided.
func (s *Service) AccountSettings(ctx context.Context, account string) (AccountSettings, error) {
	var n AccountSettings
	err := s.ledger.View(ctx, func(tx *ledger.Tx) error {
		a, err := accountIn(ctx, tx, account)
		if err != nil {
			return err
		}
		n = AccountSettings{
			Language: a.Language, TimeZone: a.TimeZone,
			DefaultVisibility: a.DefaultVisibility, AutoAccept: !a.AutoAcceptSince.IsZero(),
		}
		n.AutoAcceptOf, err = tx.AutoAccept(ctx, account)
		return err
	})
	return n, err
}

// ChangeAccount stores what the owner of an account has decided. Where it accepts
// by itself from now on, that holds for badges made from now on: what waits already
// still asks, for nobody was asked whether it may be seen.
// Errors: [*InvalidError], [ErrNoAccount].
func (s *Service) ChangeAccount(ctx context.Context, account string, n AccountSettings) error {
	if err := n.check(); err != nil {
		return err
	}
	return s.ledger.Update(ctx, func(tx *ledger.Tx) error {
		a, err := accountIn(ctx, tx, account)
		if err != nil {
			return err
		}
		a.Language, a.TimeZone, a.DefaultVisibility = n.Language, n.TimeZone, n.DefaultVisibility
		switch {
		case !n.AutoAccept:
			a.AutoAcceptSince = time.Time{}
		case a.AutoAcceptSince.IsZero():
			a.AutoAcceptSince = s.Now()
		}
		if err := tx.ChangeAccount(ctx, a.Account); err != nil {
			return err
		}
		return s.setAutoAccept(ctx, tx, account, n.AutoAcceptOf)
	})
}

// setAutoAccept makes issuers the ones whose badges an account accepts by itself.
func (s *Service) setAutoAccept(ctx context.Context, tx *ledger.Tx, account string, issuers []string) error {
	before, err := tx.AutoAccept(ctx, account)
	if err != nil {
		return err
	}
	for _, slug := range before {
		if !slices.Contains(issuers, slug) {
			if err := tx.SetAutoAccept(ctx, account, slug, false, s.Now()); err != nil {
				return err
			}
		}
	}
	for _, slug := range issuers {
		if _, err := tx.Issuer(ctx, slug); err != nil {
			return invalid("autoAcceptOf", fmt.Sprintf("there is no issuer %q", slug))
		}
		if err := tx.SetAutoAccept(ctx, account, slug, true, s.Now()); err != nil {
			return err
		}
	}
	return nil
}

// check tells what is wrong with the settings.
func (n AccountSettings) check() error {
	if n.Language != "" {
		if _, err := language.Parse(n.Language); err != nil {
			return invalid("language", fmt.Sprintf("%q is no language; choose one of the list", n.Language))
		}
	}
	if n.TimeZone != "" {
		if _, err := time.LoadLocation(n.TimeZone); err != nil || n.TimeZone == "Local" {
			return invalid("timeZone", fmt.Sprintf("%q is no time zone; write it like Europe/Berlin", n.TimeZone))
		}
	}
	switch n.DefaultVisibility {
	case ledger.Private, ledger.Unlisted, ledger.Public:
	default:
		return invalid("defaultVisibility", fmt.Sprintf("%q is no visibility; use private, unlisted or public", n.DefaultVisibility))
	}
	return nil
}

// invalid is an [*InvalidError] about one field.
func invalid(field, message string) error { return &InvalidError{[]FieldError{{field, message}}} }
