package issuer

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ed25519"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"net/http"

	"github.com/accolade-badges/accolade/issuer/keys"
	"github.com/accolade-badges/accolade/issuer/ledger"
	"github.com/accolade-badges/accolade/openbadges"
	"github.com/accolade-badges/accolade/openbadges/did"
	"github.com/accolade-badges/accolade/openbadges/status"
	"github.com/accolade-badges/accolade/openbadges/strictjson"
)

// Media types of what is published.
const (
	TypeJSON        = "application/json"
	TypeLD          = "application/ld+json"
	TypeVC          = "application/vc"
	TypeOB3         = "application/vc+ld+json"
	TypeVCJWT       = "application/vc+jwt"
	TypeJWKSet      = "application/jwk-set+json"
	TypeDID         = "application/did+json"
	TypeText        = "text/plain; charset=utf-8"
	TypePNG         = "image/png"
	TypeSVG         = "image/svg+xml"
	TypePDF         = "application/pdf"
	cacheRevalidate = "no-cache"
	cacheMinutes    = "public, max-age=300"
)

// Document is one published body with what HTTP needs to know about it.
type Document struct {
	Status int // 200, or 410 for the assertion of a revoked award
	Type   string
	Body   []byte
	Cache  string // Cache-Control
	ETag   string // strong, of the body
}

// ErrNotPublished is returned for everything that is not there or not for the
// public to see; the two cannot be told apart.
var ErrNotPublished = errors.New("nothing is published at this address")

func document(mediaType, cache string, body []byte) *Document {
	return &Document{Status: http.StatusOK, Type: mediaType, Body: body, Cache: cache, ETag: etag(body)}
}

func etag(body []byte) string {
	sum := sha256.Sum256(body)
	return `"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`
}

func jsonDocument(mediaType, cache string, v any) (*Document, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(v); err != nil {
		return nil, fmt.Errorf("write a document: %w", err)
	}
	return document(mediaType, cache, b.Bytes()), nil
}

// issuerAndKeys reads an issuer with every key it ever had.
func (s *Service) issuerAndKeys(ctx context.Context, slug string) (is ledger.Issuer, all []ledger.Key, err error) {
	err = s.ledger.View(ctx, func(tx *ledger.Tx) error {
		var err error
		if is, err = tx.Issuer(ctx, slug); err != nil {
			return unpublished(err)
		}
		all, err = tx.Keys(ctx, slug)
		return err
	})
	return is, all, err
}

// unpublished turns "not found" into the answer for strangers.
func unpublished(err error) error {
	if errors.Is(err, ledger.ErrNotFound) {
		return ErrNotPublished
	}
	return err
}

// DID returns the issuer's DID document (DID Core; did:web).
func (s *Service) DID(ctx context.Context, slug string) (*Document, error) {
	is, all, err := s.issuerAndKeys(ctx, slug)
	if err != nil {
		return nil, err
	}
	doc, err := s.controllerDocument(is, all)
	if err != nil {
		return nil, err
	}
	return jsonDocument(TypeDID, cacheMinutes, doc)
}

// controllerDocument lists the issuer's keys under its identifier. Keys that
// rotation retired stay listed, so that what they signed keeps verifying.
func (s *Service) controllerDocument(is ledger.Issuer, all []ledger.Key) (strictjson.Value, error) {
	list := make([]did.WebKey, len(all))
	for i, k := range all {
		var err error
		if list[i], err = s.webKey(is, k); err != nil {
			return strictjson.Value{}, err
		}
	}
	also := []string{s.urls.Issuer(is.Slug, "")}
	if s.isHTTPS(is) {
		also = nil
	}
	return did.NewDocument(is.ID, also, list), nil
}

// webKey is a key as it stands in the issuer's controller document.
func (s *Service) webKey(is ledger.Issuer, k ledger.Key) (did.WebKey, error) {
	public, err := publicKey(k.Public)
	return did.WebKey{
		ID: s.methodID(is, k.Name), Controller: is.ID, Key: public,
		JWK: k.Algorithm != string(keys.Ed25519),
	}, err
}

// IssuerProfile returns the issuer as an OB 3.0 Profile. For an issuer that an
// https address identifies it is the controller document too.
func (s *Service) IssuerProfile(ctx context.Context, slug string) (*Document, error) {
	is, all, err := s.issuerAndKeys(ctx, slug)
	if err != nil {
		return nil, err
	}
	profile, err := openbadges.Tree(s.profile(is))
	if err != nil {
		return nil, err
	}
	if !s.isHTTPS(is) {
		return jsonDocument(TypeLD, cacheMinutes, strictjson.NewObject(append(contextMember(), profile.Members()...)...))
	}
	doc, err := s.controllerDocument(is, all)
	if err != nil {
		return nil, err
	}
	members := append(contextMember(controllerContext), profile.Members()...)
	for _, name := range []string{"verificationMethod", "assertionMethod"} {
		members = append(members, strictjson.Member{Name: name, Value: *doc.Get(name)})
	}
	return jsonDocument(TypeLD, cacheMinutes, strictjson.NewObject(members...))
}

// Key returns one key under its own address: a bare Multikey for Ed25519, a
// bare JWK for the others.
func (s *Service) Key(ctx context.Context, name string) (*Document, error) {
	k, is, err := s.publishedKey(ctx, name)
	if err != nil {
		return nil, err
	}
	w, err := s.webKey(is, k)
	if err != nil {
		return nil, err
	}
	if w.JWK {
		w.ID = s.urls.Key(name)
	}
	v, err := w.Document()
	if err != nil {
		return nil, err
	}
	return jsonDocument(TypeJSON, cacheMinutes, v)
}

func (s *Service) publishedKey(ctx context.Context, name string) (k ledger.Key, is ledger.Issuer, err error) {
	err = s.ledger.View(ctx, func(tx *ledger.Tx) error {
		var err error
		if k, err = tx.Key(ctx, name); err != nil {
			return unpublished(err)
		}
		is, err = tx.Issuer(ctx, k.Issuer)
		return err
	})
	return k, is, err
}

// JWKSet returns every published key of the installation, each with its address
// as kid and its issuer as iss.
func (s *Service) JWKSet(ctx context.Context) (*Document, error) {
	issuers, err := s.Issuers(ctx)
	if err != nil {
		return nil, err
	}
	var list []did.WebKey
	for _, is := range issuers {
		_, all, err := s.issuerAndKeys(ctx, is.Slug)
		if err != nil {
			return nil, err
		}
		for _, k := range all {
			w, err := s.webKey(is, k)
			if err != nil {
				return nil, err
			}
			w.ID = s.urls.Key(k.Name)
			list = append(list, w)
		}
	}
	set, err := did.NewJWKSet(list)
	if err != nil {
		return nil, err
	}
	return jsonDocument(TypeJWKSet, cacheMinutes, set)
}

// signsOB2 tells whether k is a key that OB 2.0 can express.
func signsOB2(k ledger.Key) bool {
	return k.Algorithm == string(keys.RS256)
}

// OB2Key returns a CryptographicKey (OB 2.0, CryptographicKey).
func (s *Service) OB2Key(ctx context.Context, name string) (*Document, error) {
	k, is, err := s.publishedKey(ctx, name)
	if err != nil {
		return nil, err
	}
	if !signsOB2(k) {
		return nil, ErrNotPublished
	}
	return jsonDocument(TypeLD, cacheMinutes, openbadges.OB2Key{
		Context: ob2Contexts(), ID: s.urls.OB2Key(name), Type: openbadges.Some[string]{"CryptographicKey"}, Owner: s.urls.OB2Issuer(is.Slug),
		PublicKeyPEM: string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: k.Public})),
	})
}

// OB2Issuer returns the issuer's OB 2.0 Profile.
func (s *Service) OB2Issuer(ctx context.Context, slug string) (*Document, error) {
	is, all, err := s.issuerAndKeys(ctx, slug)
	if err != nil {
		return nil, err
	}
	return jsonDocument(TypeLD, cacheMinutes, s.ob2Profile(is, all))
}

// Achievement returns an achievement as JSON-LD.
func (s *Service) Achievement(ctx context.Context, slug string) (*Document, error) {
	a, is, err := s.achievementAndIssuer(ctx, slug)
	if err != nil {
		return nil, err
	}
	facts, err := factsOf(a)
	if err != nil {
		return nil, err
	}
	v, err := openbadges.Tree(s.achievement(is, a, facts))
	if err != nil {
		return nil, err
	}
	return jsonDocument(TypeLD, cacheMinutes, strictjson.NewObject(append(contextMember(), v.Members()...)...))
}

// controllerContext defines the members of a controller document (Controlled
// Identifiers 1.0, section 3).
const controllerContext = "https://www.w3.org/ns/cid/v1"

// contextMember opens an OB 3.0 document that is no credential; more are further
// contexts.
func contextMember(more ...string) []strictjson.Member {
	contexts := openbadges.CredentialContexts(false)
	for _, url := range more {
		contexts = append(contexts, strictjson.NewString(url))
	}
	return []strictjson.Member{{Name: "@context", Value: strictjson.NewArray(contexts...)}}
}

// BadgeClass returns an achievement's OB 2.0 BadgeClass.
func (s *Service) BadgeClass(ctx context.Context, slug string) (*Document, error) {
	a, is, err := s.achievementAndIssuer(ctx, slug)
	if err != nil {
		return nil, err
	}
	facts, err := factsOf(a)
	if err != nil {
		return nil, err
	}
	return jsonDocument(TypeLD, cacheMinutes, s.badgeClass(is, a, facts))
}

func (s *Service) achievementAndIssuer(ctx context.Context, slug string) (a ledger.Achievement, is ledger.Issuer, err error) {
	err = s.ledger.View(ctx, func(tx *ledger.Tx) error {
		var err error
		if a, err = tx.Achievement(ctx, slug); err != nil {
			return unpublished(err)
		}
		is, err = tx.Issuer(ctx, a.Issuer)
		return err
	})
	return a, is, err
}

// Revocations returns the issuer's 1EdTech revocation list. Suspended awards
// stand in it for as long as they are.
func (s *Service) Revocations(ctx context.Context, slug string) (*Document, error) {
	is, ended, err := s.endedAwards(ctx, slug)
	if err != nil {
		return nil, err
	}
	return jsonDocument(TypeJSON, cacheRevalidate, status.NewEdTechList(s.urls.Revocations(slug), is.ID, endings(ended, func(id string) string { return s.urls.Badge(id, "") })))
}

// endings turns awards that are not in force into entries of a list.
func endings(ended []ledger.Award, name func(id string) string) []status.Revoked {
	list := make([]status.Revoked, len(ended))
	for i, w := range ended {
		list[i] = status.Revoked{ID: name(w.ID), Reason: listedReason(w)}
	}
	return list
}

// OB2Revocations returns the issuer's OB 2.0 revocation list.
func (s *Service) OB2Revocations(ctx context.Context, slug string) (*Document, error) {
	_, ended, err := s.endedAwards(ctx, slug)
	if err != nil {
		return nil, err
	}
	return jsonDocument(TypeLD, cacheRevalidate, status.NewOB2List(s.urls.OB2Revocations(slug), s.urls.OB2Issuer(slug), endings(ended, s.urls.Assertion)))
}

func endReason(w ledger.Award) string {
	if w.RevokedAt.IsZero() {
		return "Suspended: " + w.SuspensionReason
	}
	return w.RevocationReason
}

// listedReason is what a list that everybody may read says of an award: why it
// ended where the award itself is public, else nothing but that it ended. A
// reason is optional there, and a verifier needs none.
func listedReason(w ledger.Award) string {
	switch {
	case w.Visibility == ledger.Public:
		return endReason(w)
	case w.RevokedAt.IsZero():
		return "Suspended"
	}
	return ""
}

func (s *Service) endedAwards(ctx context.Context, slug string) (is ledger.Issuer, ended []ledger.Award, err error) {
	err = s.ledger.View(ctx, func(tx *ledger.Tx) error {
		var err error
		if is, err = tx.Issuer(ctx, slug); err != nil {
			return unpublished(err)
		}
		ended, err = tx.EndedAwards(ctx, slug)
		return err
	})
	return is, ended, err
}

func publicKey(der []byte) (crypto.PublicKey, error) {
	public, err := x509.ParsePKIXPublicKey(der)
	if err != nil {
		return nil, fmt.Errorf("stored public key: %w", err)
	}
	return public, nil
}

// keyName names a key in addresses: its Multikey for Ed25519, its thumbprint
// (RFC 7638) for the others.
func keyName(public crypto.PublicKey) (string, error) {
	if _, ok := public.(ed25519.PublicKey); ok {
		return did.Multikey(public)
	}
	return did.Thumbprint(public)
}
