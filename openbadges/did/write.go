package did

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"

	"github.com/accolade-badges/accolade/openbadges/strictjson"
)

// WebKey is a key as an issuer publishes it.
type WebKey struct {
	// ID is the absolute id of the method: the verificationMethod of a proof or the
	// kid of a JWT, letter for letter.
	ID string
	// Controller is the issuer's identifier.
	Controller string
	Key        crypto.PublicKey
	// JWK publishes the key as a JsonWebKey; otherwise it is a Multikey, which an
	// RSA key cannot be.
	JWK bool
	// Compromised keeps the key in the document but not under assertionMethod, so
	// that nothing signed with it is believed any more.
	Compromised bool
}

func text(name, value string) strictjson.Member {
	return strictjson.Member{Name: name, Value: strictjson.NewString(value)}
}

func texts(name string, values []string) strictjson.Member {
	items := make([]strictjson.Value, len(values))
	for i, v := range values {
		items[i] = strictjson.NewString(v)
	}
	return strictjson.Member{Name: name, Value: strictjson.NewArray(items...)}
}

// NewDocument writes the DID document (did.json) of id: every key with its
// absolute id under verificationMethod, and the ids of those that are not
// compromised as strings under assertionMethod, the one form that every known
// resolver reads. A key that a Multikey cannot hold (RSA, P-521) becomes a
// JsonWebKey; one that [CheckKey] refuses has no place in a document and is left
// out.
func NewDocument(id string, alsoKnownAs []string, keys []WebKey) strictjson.Value {
	contexts := []string{"https://www.w3.org/ns/did/v1"}
	var multikey, jwk bool
	methods := make([]strictjson.Value, 0, len(keys))
	asserting := make([]string, 0, len(keys))
	for _, k := range keys {
		if CheckKey(k.Key) != nil {
			continue
		}
		m, err := k.method()
		if err != nil {
			k.JWK = true
			if m, err = k.method(); err != nil {
				continue
			}
		}
		multikey, jwk = multikey || !k.JWK, jwk || k.JWK
		methods = append(methods, strictjson.NewObject(m...))
		if !k.Compromised {
			asserting = append(asserting, k.ID)
		}
	}
	if multikey {
		contexts = append(contexts, "https://w3id.org/security/multikey/v1")
	}
	if jwk {
		contexts = append(contexts, "https://w3id.org/security/jwk/v1")
	}
	members := []strictjson.Member{texts("@context", contexts), text("id", id)}
	if len(alsoKnownAs) > 0 {
		members = append(members, texts("alsoKnownAs", alsoKnownAs))
	}
	return strictjson.NewObject(append(members,
		strictjson.Member{Name: "verificationMethod", Value: strictjson.NewArray(methods...)},
		texts("assertionMethod", asserting))...)
}

func (k WebKey) method() ([]strictjson.Member, error) {
	if k.JWK {
		jwk, err := k.jwk(false)
		return []strictjson.Member{
			text("id", k.ID), text("type", "JsonWebKey"), text("controller", k.Controller),
			{Name: "publicKeyJwk", Value: jwk},
		}, err
	}
	multibase, err := Multikey(k.Key)
	return []strictjson.Member{
		text("id", k.ID), text("type", "Multikey"), text("controller", k.Controller),
		text("publicKeyMultibase", multibase),
	}, err
}

// jwk is the key with its id as kid; iss is what the implementation guide adds in
// a JWK Set, so that a reader sees whose key it is.
func (k WebKey) jwk(iss bool) (strictjson.Value, error) {
	members, err := jwkMembers(k.Key)
	if err != nil {
		return strictjson.Value{}, err
	}
	if k.ID != "" {
		members = append(members, text("kid", k.ID))
	}
	if alg := Algorithm(k.Key); alg != "" {
		members = append(members, text("alg", alg), text("use", "sig"))
	}
	if iss && k.Controller != "" {
		members = append(members, text("iss", k.Controller))
	}
	return strictjson.NewObject(members...), nil
}

// Document writes the key as a document of its own, to be served at its id: a
// bare JWK when JWK is set (what an Open Badges JWT's kid must lead to), else a
// bare Multikey.
func (k WebKey) Document() (strictjson.Value, error) {
	if k.JWK {
		return k.jwk(false)
	}
	members, err := k.method()
	if err != nil {
		return strictjson.Value{}, err
	}
	return strictjson.NewObject(append([]strictjson.Member{text("@context", "https://w3id.org/security/multikey/v1")}, members...)...), nil
}

// NewJWKSet writes a JWK Set (/.well-known/jwks.json): each key with kid, alg,
// use and, as the implementation guide asks, the issuer as iss. Compromised keys
// are left out.
func NewJWKSet(keys []WebKey) (strictjson.Value, error) {
	set := make([]strictjson.Value, 0, len(keys))
	for _, k := range keys {
		if k.Compromised {
			continue
		}
		v, err := k.jwk(true)
		if err != nil {
			return strictjson.Value{}, err
		}
		set = append(set, v)
	}
	return strictjson.NewObject(strictjson.Member{Name: "keys", Value: strictjson.NewArray(set...)}), nil
}

// Algorithm returns the JWS algorithm that goes with pub (EdDSA, ES256, ES384,
// ES512, RS256), or "" for a key of another kind.
func Algorithm(pub crypto.PublicKey) string {
	switch k := pub.(type) {
	case ed25519.PublicKey:
		return "EdDSA"
	case *rsa.PublicKey:
		return "RS256"
	case *ecdsa.PublicKey:
		if k.Curve != nil {
			return map[string]string{"P-256": "ES256", "P-384": "ES384", "P-521": "ES512"}[k.Curve.Params().Name]
		}
	}
	return ""
}
