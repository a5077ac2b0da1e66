package issuer

import (
	"bytes"
	"cmp"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"time"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"github.com/accolade-badges/accolade/issuer/ledger"
	"github.com/accolade-badges/accolade/issuer/mail"
)

// Ceremonies with passkeys (WebAuthn level 3, section 7). What they are for is
// kept in the ledger, so that each is good once and for nothing else.
const (
	purposePasskeyAdd  = "passkey-add"
	purposePasskeySign = "passkey-sign-in"

	ceremonyLife = 5 * time.Minute
	maxPasskeys  = 20
)

// ErrPasskey is returned for a passkey that is not known here, or whose proof
// does not hold: nobody is told which.
var ErrPasskey = errors.New("this passkey cannot be used here; sign in by mail")

// passkeyUser is an account as package webauthn sees it.
type passkeyUser struct {
	*Account
	handle []byte // by which authenticators know the user
	keys   []webauthn.Credential
}

// WebAuthnID is package webauthn's.
func (u passkeyUser) WebAuthnID() []byte { return u.handle }

// WebAuthnName is package webauthn's.
func (u passkeyUser) WebAuthnName() string { return u.Primary() }

// WebAuthnDisplayName is package webauthn's.
func (u passkeyUser) WebAuthnDisplayName() string { return cmp.Or(u.Name, u.Primary()) }

// WebAuthnCredentials is package webauthn's.
func (u passkeyUser) WebAuthnCredentials() []webauthn.Credential { return u.keys }

// relyingParty is this installation as browsers know it.
func (s *Service) relyingParty() (*webauthn.WebAuthn, error) {
	u, err := url.Parse(s.urls.Base())
	if err != nil {
		return nil, err
	}
	return webauthn.New(&webauthn.Config{
		RPID: u.Hostname(), RPDisplayName: "accolade", RPOrigins: []string{u.Scheme + "://" + u.Host},
		AttestationPreference: protocol.PreferNoAttestation,
		AuthenticatorSelection: protocol.AuthenticatorSelection{
			ResidentKey: protocol.ResidentKeyRequirementRequired, UserVerification: protocol.VerificationPreferred,
		},
	})
}

func (s *Service) passkeyUser(ctx context.Context, tx *ledger.Tx, account string) (passkeyUser, error) {
	a, err := accountIn(ctx, tx, account)
	if err != nil {
		return passkeyUser{}, err
	}
	u := passkeyUser{Account: a, handle: []byte(account)}
	list, err := tx.Passkeys(ctx, account)
	if err != nil {
		return u, err
	}
	for _, p := range list {
		var c webauthn.Credential
		if err := json.Unmarshal(p.Data, &c); err != nil {
			return u, fmt.Errorf("passkey %s: %w", p.ID, err)
		}
		u.keys = append(u.keys, c)
	}
	return u, nil
}

// Ceremony is a question to the browser's authenticator.
type Ceremony struct {
	ID      string          `json:"ceremony"` // sent back with the answer
	Options json.RawMessage `json:"options"`  // of navigator.credentials.create or get, its bytes as base64url
}

// begin notes a ceremony.
func (s *Service) begin(ctx context.Context, tx *ledger.Tx, purpose, account string, options any, session *webauthn.SessionData) (Ceremony, error) {
	c := Ceremony{ID: s.newID()}
	var err error
	if c.Options, err = json.Marshal(options); err != nil {
		return c, err
	}
	data, err := json.Marshal(session)
	if err != nil {
		return c, err
	}
	now := s.Now()
	return c, tx.AddChallenge(ctx, ledger.Challenge{
		ID: c.ID, Purpose: purpose, Account: account, Data: data, CreatedAt: now, ExpiresAt: now.Add(ceremonyLife),
	})
}

// end uses a ceremony up and returns what was asked.
func (s *Service) end(ctx context.Context, tx *ledger.Tx, id, purpose, account string) (webauthn.SessionData, error) {
	var session webauthn.SessionData
	c, err := tx.Challenge(ctx, id)
	if err != nil || c.Purpose != purpose || c.Account != account {
		return session, errors.Join(ErrPasskey, notMissing(err))
	}
	if err := tx.UseChallenge(ctx, id, s.Now()); err != nil {
		if errors.Is(err, ledger.ErrConflict) {
			err = ErrPasskey
		}
		return session, err
	}
	return session, json.Unmarshal(c.Data, &session)
}

// notMissing drops the error that there is no such record.
func notMissing(err error) error {
	if errors.Is(err, ledger.ErrNotFound) {
		return nil
	}
	return err
}

// StartPasskey asks the browser for a new passkey for an account.
func (s *Service) StartPasskey(ctx context.Context, account string) (Ceremony, error) {
	rp, err := s.relyingParty()
	if err != nil {
		return Ceremony{}, err
	}
	var c Ceremony
	err = s.ledger.Update(ctx, func(tx *ledger.Tx) error {
		u, err := s.passkeyUser(ctx, tx, account)
		if err != nil {
			return err
		}
		if len(u.keys) >= maxPasskeys {
			return invalid("passkey", fmt.Sprintf("cannot be added: an account has at most %d, remove one first", maxPasskeys))
		}
		var known []protocol.CredentialDescriptor
		for _, k := range u.keys {
			known = append(known, k.Descriptor())
		}
		options, session, err := rp.BeginRegistration(u, webauthn.WithExclusions(known))
		if err != nil {
			return fmt.Errorf("passkey: %w", err)
		}
		c, err = s.begin(ctx, tx, purposePasskeyAdd, account, options.Response, session)
		return err
	})
	return c, err
}

// AddPasskey keeps the passkey that the browser has made, and tells the account's
// owner. Errors: [ErrPasskey], [*InvalidError].
func (s *Service) AddPasskey(ctx context.Context, account, ceremony, name string, answer []byte) error {
	name, err := plainText("name", name, 60)
	if err != nil {
		return err
	}
	if name == "" {
		name = s.Now().Format(time.DateOnly)
	}
	rp, err := s.relyingParty()
	if err != nil {
		return err
	}
	parsed, err := protocol.ParseCredentialCreationResponseBytes(answer)
	if err != nil {
		return ErrPasskey
	}
	err = s.ledger.Update(ctx, func(tx *ledger.Tx) error {
		session, err := s.end(ctx, tx, ceremony, purposePasskeyAdd, account)
		if err != nil {
			return err
		}
		u, err := s.passkeyUser(ctx, tx, account)
		if err != nil {
			return err
		}
		key, err := rp.CreateCredential(u, session, parsed)
		if err != nil {
			s.log.Info("passkey refused", "account", account, "error", err)
			return ErrPasskey
		}
		data, err := json.Marshal(key)
		if err != nil {
			return err
		}
		p := ledger.Passkey{ID: base64.RawURLEncoding.EncodeToString(key.ID), Account: account, Name: name, Data: data, CreatedAt: s.Now()}
		if err := tx.AddPasskey(ctx, p); err != nil {
			if errors.Is(err, ledger.ErrConflict) {
				return ErrPasskey
			}
			return err
		}
		if err := s.noticeEach(ctx, tx, account, notice{Kind: mail.PasskeyAdded, Detail: name}, "/me/passkeys"); err != nil {
			return err
		}
		return s.audit(ctx, tx, account, "account.passkey_added", account, "")
	})
	if err == nil {
		s.poke()
	}
	return err
}

// StartPasskeySignIn asks the browser for any passkey of this installation.
func (s *Service) StartPasskeySignIn(ctx context.Context) (Ceremony, error) {
	rp, err := s.relyingParty()
	if err != nil {
		return Ceremony{}, err
	}
	options, session, err := rp.BeginDiscoverableLogin()
	if err != nil {
		return Ceremony{}, fmt.Errorf("passkey: %w", err)
	}
	var c Ceremony
	err = s.ledger.Update(ctx, func(tx *ledger.Tx) error {
		var err error
		c, err = s.begin(ctx, tx, purposePasskeySign, "", options.Response, session)
		return err
	})
	return c, err
}

// SignInByPasskey returns the id of the account whose passkey has answered.
// Errors: [ErrPasskey].
func (s *Service) SignInByPasskey(ctx context.Context, ceremony string, answer []byte) (account string, err error) {
	rp, err := s.relyingParty()
	if err != nil {
		return "", err
	}
	parsed, err := protocol.ParseCredentialRequestResponseBody(bytes.NewReader(answer))
	if err != nil {
		return "", ErrPasskey
	}
	err = s.ledger.Update(ctx, func(tx *ledger.Tx) error {
		session, err := s.end(ctx, tx, ceremony, purposePasskeySign, "")
		if err != nil {
			return err
		}
		p, err := tx.Passkey(ctx, base64.RawURLEncoding.EncodeToString(parsed.RawID))
		if err != nil {
			return errors.Join(ErrPasskey, notMissing(err))
		}
		u, err := s.passkeyUser(ctx, tx, p.Account)
		if errors.Is(err, ErrNoAccount) {
			return ErrPasskey
		}
		if err != nil {
			return err
		}
		// A passkey that moved with its account still names the old one.
		u.handle = parsed.Response.UserHandle
		key, err := rp.ValidateDiscoverableLogin(func(_, _ []byte) (webauthn.User, error) { return u, nil }, session, parsed)
		if err != nil || key.Authenticator.CloneWarning {
			s.log.Warn("passkey refused", "account", p.Account, "error", err)
			return ErrPasskey
		}
		data, err := json.Marshal(key)
		if err != nil {
			return err
		}
		account = p.Account
		return tx.UsePasskey(ctx, p.ID, data, s.Now())
	})
	return account, err
}

// Passkeys returns an account's passkeys, oldest first.
func (s *Service) Passkeys(ctx context.Context, account string) ([]ledger.Passkey, error) {
	var list []ledger.Passkey
	err := s.ledger.View(ctx, func(tx *ledger.Tx) error {
		var err error
		list, err = tx.Passkeys(ctx, account)
		return err
	})
	return list, err
}

// NamePasskey gives one of an account's passkeys a name.
func (s *Service) NamePasskey(ctx context.Context, account, id, name string) error {
	name, err := plainText("name", name, 60)
	if err != nil {
		return err
	}
	if name == "" {
		return invalid("name", "is missing; write something by which you know the passkey again")
	}
	return s.ledger.Update(ctx, func(tx *ledger.Tx) error { return notMissing(tx.NamePasskey(ctx, account, id, name)) })
}

// RemovePasskey deletes one of an account's passkeys and tells its owner.
// Removing it twice is removing it once.
func (s *Service) RemovePasskey(ctx context.Context, account, id string) error {
	err := s.ledger.Update(ctx, func(tx *ledger.Tx) error {
		p, err := tx.Passkey(ctx, id)
		if err != nil || p.Account != account {
			return notMissing(err)
		}
		if err := tx.RemovePasskey(ctx, account, id); err != nil {
			return err
		}
		if err := s.noticeEach(ctx, tx, account, notice{Kind: mail.PasskeyRemoved, Detail: p.Name}, "/me/passkeys"); err != nil {
			return err
		}
		return s.audit(ctx, tx, account, "account.passkey_removed", account, "")
	})
	if err == nil {
		s.poke()
	}
	return err
}
