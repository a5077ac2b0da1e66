package did

import (
	"crypto"
	"fmt"
	"strings"

	"github.com/accolade-badges/accolade/openbadges/strictjson"
)

// Key returns the did:key identifier of pub: Ed25519, P-256 or P-384.
func Key(pub crypto.PublicKey) (string, error) {
	multikey, err := Multikey(pub)
	if err != nil {
		return "", err
	}
	return "did:key:" + multikey, nil
}

// everyRelation lists what the single key of a did:key or did:jwk may be used
// for; keyAgreement is left out, it signs nothing.
var everyRelation = [...]string{"assertionMethod", "authentication", "capabilityDelegation", "capabilityInvocation"}

// KeyDocument expands a did:key or did:jwk into its document, without network.
// The identifier must come without fragment; see [Split].
func KeyDocument(id string) (*Document, error) {
	if len(id) > maxDID {
		return nil, &kindError{ErrMalformed, fmt.Sprintf("the DID has %d characters, more than the %d that are read", len(id), maxDID)}
	}
	switch Name(id) {
	case "key":
		multibase := strings.TrimPrefix(id, "did:key:")
		key, err := ParseMultikey(multibase)
		if err != nil {
			return nil, fmt.Errorf("did:key: %w", err)
		}
		return single(id, id+"#"+multibase, "Multikey", key), nil
	case "jwk":
		raw, err := decodeBase64URL(strings.TrimPrefix(id, "did:jwk:"))
		if err != nil {
			return nil, &kindError{ErrMalformed, "did:jwk: the identifier is not base64url without padding"}
		}
		v, err := strictjson.Parse(raw)
		if err != nil {
			return nil, &kindError{ErrMalformed, "did:jwk: the identifier holds no JSON: " + err.Error()}
		}
		jwk, err := ParseJWK(v)
		if err != nil {
			return nil, fmt.Errorf("did:jwk: %w", err)
		}
		d := single(id, id+"#0", "JsonWebKey", jwk.Key)
		if jwk.Use == "enc" {
			d.Relations = map[string][]string{"keyAgreement": {id + "#0"}}
		}
		return d, nil
	}
	return nil, &kindError{ErrUnsupported, fmt.Sprintf("%.100q is neither did:key nor did:jwk, so its document must be fetched", id)}
}

func single(id, method, kind string, key crypto.PublicKey) *Document {
	d := &Document{
		ID: id, Kind: Controller, Relations: make(map[string][]string, len(everyRelation)),
		Methods: []Method{{ID: method, Type: kind, Controller: id, Key: key}},
	}
	for _, relation := range everyRelation {
		d.Relations[relation] = []string{method}
	}
	return d
}
