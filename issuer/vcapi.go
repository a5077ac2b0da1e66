package issuer

import (
	"context"
	"crypto"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/accolade-badges/accolade/issuer/keys"
	"github.com/accolade-badges/accolade/issuer/ledger"
	"github.com/accolade-badges/accolade/openbadges"
	"github.com/accolade-badges/accolade/openbadges/did"
	"github.com/accolade-badges/accolade/openbadges/proof"
	"github.com/accolade-badges/accolade/openbadges/strictjson"
	"github.com/accolade-badges/accolade/verifier"
)

// Free credentials: whoever holds a token with [VCIssue] may have any W3C
// credential signed (VC-API, "Issue Credential"). Their issuers are did:key
// identifiers of this installation, one a curve, which sign nothing else; no
// key of an issuer of badges is ever used.

// freeKind is a kind of key for free credentials.
type freeKind struct {
	curve     string // as [Service.FreeIssuers] names it
	algorithm keys.Algorithm
	suite     string // of Data Integrity
}

func freeKinds() [3]freeKind {
	return [...]freeKind{
		{"Ed25519", keys.Ed25519, proof.EddsaRDFC2022},
		{"P-256", keys.ES256, proof.EcdsaRDFC2019},
		{"P-384", keys.ES384, proof.EcdsaRDFC2019},
	}
}

// setting is where the ledger keeps the key: it belongs to no issuer of badges.
func (k freeKind) setting() string { return "vc_api_key_" + k.curve }

// freeKey is one such key.
type freeKey struct {
	freeKind
	did    string
	signer crypto.Signer
}

// method names the key in a proof (did:key, "Document Creation Algorithm").
func (k freeKey) method() string { return k.did + "#" + strings.TrimPrefix(k.did, "did:key:") }

// FreeIssuers returns the identifiers that [Service.IssueFree] signs as, by
// curve: Ed25519, P-256 and P-384. Their keys are made on first use.
func (s *Service) FreeIssuers(ctx context.Context) (map[string]string, error) {
	list, err := s.freeKeys(ctx)
	if err != nil {
		return nil, err
	}
	all := make(map[string]string, len(list))
	for _, k := range list {
		all[k.curve] = k.did
	}
	return all, nil
}

// freeKeys opens the keys, and makes those that are missing.
func (s *Service) freeKeys(ctx context.Context) ([]freeKey, error) {
	sealed := make(map[string]keys.Sealed)
	err := s.ledger.View(ctx, func(tx *ledger.Tx) error { return readFreeKeys(ctx, tx, sealed) })
	kinds := freeKinds()
	if err == nil && len(sealed) < len(kinds) {
		err = s.makeFreeKeys(ctx, sealed)
	}
	if err != nil {
		return nil, fmt.Errorf("keys for free credentials: %w", err)
	}
	var out []freeKey
	for _, kind := range kinds {
		k := freeKey{freeKind: kind}
		if k.signer, err = s.master.Open(sealed[kind.curve]); err != nil {
			return nil, fmt.Errorf("%s key for free credentials: %w", kind.curve, err)
		}
		if k.did, err = did.Key(k.signer.Public()); err != nil {
			return nil, fmt.Errorf("%s key for free credentials: %w", kind.curve, err)
		}
		out = append(out, k)
	}
	return out, nil
}

// readFreeKeys fills in the keys that the ledger has.
func readFreeKeys(ctx context.Context, tx *ledger.Tx, sealed map[string]keys.Sealed) error {
	for _, kind := range freeKinds() {
		value, err := tx.Setting(ctx, kind.setting())
		if errors.Is(err, ledger.ErrNotFound) {
			continue
		}
		if err != nil {
			return err
		}
		var k keys.Sealed
		if err := json.Unmarshal([]byte(value), &k); err != nil {
			return fmt.Errorf("setting %s: %w; restore the ledger from a backup", kind.setting(), err)
		}
		sealed[kind.curve] = k
	}
	return nil
}

// makeFreeKeys makes what is missing. Of two processes that do so at once the
// first one's keys stay, and both use them.
func (s *Service) makeFreeKeys(ctx context.Context, sealed map[string]keys.Sealed) error {
	fresh := make(map[string]keys.Sealed)
	for _, kind := range freeKinds() {
		if _, there := sealed[kind.curve]; there {
			continue
		}
		k, err := s.master.Generate(kind.algorithm, s.rand)
		if err != nil {
			return err
		}
		fresh[kind.curve] = k
	}
	return s.ledger.Update(ctx, func(tx *ledger.Tx) error {
		clear(sealed)
		if err := readFreeKeys(ctx, tx, sealed); err != nil {
			return err
		}
		for _, kind := range freeKinds() {
			if _, there := sealed[kind.curve]; there {
				continue
			}
			value, err := json.Marshal(fresh[kind.curve])
			if err != nil {
				return err
			}
			if err := tx.PutSetting(ctx, kind.setting(), string(value)); err != nil {
				return err
			}
			if err := s.audit(ctx, tx, "system", "vcapi.key_made", kind.curve, ""); err != nil {
				return err
			}
			sealed[kind.curve] = fresh[kind.curve]
		}
		return nil
	})
}

// UnknownIssuerError says that no key here signs as the issuer that a free
// credential names.
type UnknownIssuerError struct{ ID string }

func (e *UnknownIssuerError) Error() string {
	if e.ID == "" {
		return "the credential names no issuer; take one of GET /issuers"
	}
	return fmt.Sprintf("no key here signs as %.200q; take an issuer of GET /issuers", e.ID)
}

// IssueFree signs a W3C credential as the did:key issuer that it names and
// returns it with one proof. A proof that it brings is left out: it would speak
// of a document that nobody issued yet. suite is "" or the cryptosuite that goes
// with the issuer's key. What the W3C profile of the verifier refuses is not
// signed. The errors are [*UnknownIssuerError], and [*InvalidError] whose fields
// are JSON pointers into the credential or "options.cryptosuite".
func (s *Service) IssueFree(ctx context.Context, actor string, credential *strictjson.Value, suite string) (strictjson.Value, error) {
	var none strictjson.Value
	if err := lintFree(credential); err != nil {
		return none, err
	}
	key, err := s.freeKey(ctx, credential)
	if err != nil {
		return none, err
	}
	if suite != "" && suite != key.suite {
		return none, &InvalidError{[]FieldError{{"options.cryptosuite", fmt.Sprintf("%.100q does not go with the issuer's %s key; use %s or leave it out", suite, key.curve, key.suite)}}}
	}
	bare := credential.Without("proof")
	signed, err := proof.Sign(&bare, key.signer, proof.Options{
		Cryptosuite: key.suite, VerificationMethod: key.method(), Created: s.Now().Truncate(time.Second), Rand: s.rand,
	})
	if err != nil {
		return none, &InvalidError{[]FieldError{{"", err.Error()}}}
	}
	signed = signed.With("proof", signed.Get("proof").Items()[0])
	raw := signed.Append(nil)
	if err := s.verifyFree(ctx, raw); err != nil {
		return none, err
	}
	err = s.ledger.Update(ctx, func(tx *ledger.Tx) error {
		return s.audit(ctx, tx, actor, "vcapi.issued", key.did, sum256(raw))
	})
	if err == nil {
		s.log.Info("free credential issued", "actor", actor, "issuer", key.did)
	}
	return signed, err
}

// lintFree refuses what is no credential of the VC Data Model.
func lintFree(credential *strictjson.Value) error {
	var bad []FieldError
	if credential.Get("type").Contains("VerifiablePresentation") {
		bad = append(bad, FieldError{"/type", "a presentation is signed by its holder, not issued"})
	}
	for _, p := range verifier.ValidateW3C(credential) {
		if p.Severity == openbadges.Error {
			bad = append(bad, FieldError{p.Path, p.Message})
		}
	}
	if bad != nil {
		return &InvalidError{bad}
	}
	return nil
}

// freeKey returns the key of the issuer that a credential names.
func (s *Service) freeKey(ctx context.Context, credential *strictjson.Value) (freeKey, error) {
	id := credential.Get("issuer")
	if id.Is(strictjson.Object) {
		id = id.Get("id")
	}
	list, err := s.freeKeys(ctx)
	if err != nil {
		return freeKey{}, err
	}
	for _, k := range list {
		if k.did == id.Str() {
			return k, nil
		}
	}
	return freeKey{}, &UnknownIssuerError{id.Str()}
}

// verifyFree asks the public verifier about a credential that was just signed.
// Its dates and its status are its author's affair; its form, its proof and its
// issuer are ours.
func (s *Service) verifyFree(ctx context.Context, raw []byte) error {
	report, err := verifier.Verify(ctx, verifier.Input{Data: raw}, verifier.Options{Now: s.Now, Profile: verifier.W3C, Offline: true})
	if err != nil {
		return fmt.Errorf("verify a free credential: %w", err)
	}
	var bad []FieldError
	for _, id := range []string{verifier.CheckIntake, verifier.CheckStructure, verifier.CheckProof, verifier.CheckIssuer} {
		if c := report.Check(id); c != nil && c.Outcome != verifier.Passed {
			bad = append(bad, FieldError{"", c.Message})
		}
	}
	if bad != nil {
		return &InvalidError{bad}
	}
	return nil
}
