package issuer

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/accolade-badges/accolade/issuer/ledger"
)

// Scope is what an API token may do.
type Scope string

// The scopes.
const (
	ResultsWrite Scope = "results:write"
	AwardsRead   Scope = "awards:read"
	AwardsWrite  Scope = "awards:write"
	VCIssue      Scope = "vc:issue"
	MailWrite    Scope = "mail:write"
)

// Scopes lists every scope.
func Scopes() []Scope { return []Scope{ResultsWrite, AwardsRead, AwardsWrite, VCIssue, MailWrite} }

// tokenPrefix lets people and secret scanners recognise a token.
const tokenPrefix = "acc_"

// ErrNoToken is returned for a token that is unknown, expired or revoked.
var ErrNoToken = errors.New("this token is unknown, expired or revoked; make one with `accolade token create`")

// ErrScope is returned for a token that may not do what was asked.
type ErrScope struct{ Needs Scope }

func (e *ErrScope) Error() string {
	return fmt.Sprintf("this token lacks the scope %s; make one with `accolade token create --scope %s`", e.Needs, e.Needs)
}

// CreateToken makes an API token for one issuer and returns it. Only its hash
// is kept, so it is shown once. A zero expires means that it does not expire.
func (s *Service) CreateToken(ctx context.Context, actor, issuer, name string, scopes []Scope, expires time.Time) (string, error) {
	if len(scopes) == 0 {
		return "", &InvalidError{[]FieldError{{"scope", "give at least one of " + joinScopes(Scopes())}}}
	}
	for _, sc := range scopes {
		if !slices.Contains(Scopes(), sc) {
			return "", &InvalidError{[]FieldError{{"scope", fmt.Sprintf("%q is no scope; there are %s", sc, joinScopes(Scopes()))}}}
		}
	}
	token := tokenPrefix + base64.RawURLEncoding.EncodeToString(s.random(32))
	t := ledger.Token{
		ID: s.newID(), Name: name, Issuer: issuer, Scopes: joinScopes(scopes),
		Hash: tokenHash(token), CreatedAt: s.Now(), ExpiresAt: expires,
	}
	err := s.ledger.Update(ctx, func(tx *ledger.Tx) error {
		if err := tx.AddToken(ctx, t); err != nil {
			return err
		}
		return s.audit(ctx, tx, actor, "token.created", t.ID, t.Scopes)
	})
	return token, err
}

// Tokens lists the API tokens, without their secrets.
func (s *Service) Tokens(ctx context.Context) ([]ledger.Token, error) {
	var list []ledger.Token
	err := s.ledger.View(ctx, func(tx *ledger.Tx) error {
		var err error
		list, err = tx.Tokens(ctx)
		return err
	})
	return list, err
}

// RevokeToken ends a token by its id.
func (s *Service) RevokeToken(ctx context.Context, actor, id string) error {
	return s.ledger.Update(ctx, func(tx *ledger.Tx) error {
		if err := tx.RevokeToken(ctx, id, s.Now()); err != nil {
			return err
		}
		return s.audit(ctx, tx, actor, "token.revoked", id, "")
	})
}

// Authorize returns the token behind a bearer secret when it may do what needs
// names. Errors: [ErrNoToken], [*ErrScope].
func (s *Service) Authorize(ctx context.Context, secret string, needs Scope) (ledger.Token, error) {
	if !strings.HasPrefix(secret, tokenPrefix) {
		return ledger.Token{}, ErrNoToken
	}
	var t ledger.Token
	err := s.ledger.View(ctx, func(tx *ledger.Tx) error {
		var err error
		t, err = tx.TokenByHash(ctx, tokenHash(secret))
		return err
	})
	now := s.Now()
	switch {
	case errors.Is(err, ledger.ErrNotFound):
		return ledger.Token{}, ErrNoToken
	case err != nil:
		return ledger.Token{}, err
	case !t.RevokedAt.IsZero(), !t.ExpiresAt.IsZero() && !now.Before(t.ExpiresAt):
		return ledger.Token{}, ErrNoToken
	case !slices.Contains(strings.Split(t.Scopes, ","), string(needs)):
		return ledger.Token{}, &ErrScope{needs}
	}
	return t, nil
}

func joinScopes(scopes []Scope) string {
	parts := make([]string, len(scopes))
	for i, sc := range scopes {
		parts[i] = string(sc)
	}
	return strings.Join(parts, ",")
}

func tokenHash(token string) string { return sum256([]byte(token)) }

func sum256(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}
