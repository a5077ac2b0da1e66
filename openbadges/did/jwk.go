package did

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strings"

	"github.com/accolade-badges/accolade/openbadges/strictjson"
)

// JWK is a public JSON Web Key (RFC 7517).
type JWK struct {
	Key       crypto.PublicKey // ed25519.PublicKey, *ecdsa.PublicKey or *rsa.PublicKey
	KeyID     string           // kid, "" when absent
	Algorithm string           // alg, "" when absent
	Use       string           // use, "" when absent
	Issuer    string           // iss, which the implementation guide puts into a JWK Set; "" when absent
}

// privateMembers are those of RFC 7518 section 6 that hold a secret.
var privateMembers = []string{"d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"}

// ParseJWK reads a public JWK: OKP with Ed25519, EC with P-256, P-384 or P-521,
// or RSA. A JWK with a private member is refused as [ErrPrivateKey].
func ParseJWK(v *strictjson.Value) (JWK, error) {
	if !v.Is(strictjson.Object) {
		return JWK{}, &kindError{ErrMalformed, "a JWK must be a JSON object"}
	}
	for _, name := range privateMembers {
		if v.Get(name) != nil {
			return JWK{}, &kindError{ErrPrivateKey, fmt.Sprintf("the JWK has the private member %q", name)}
		}
	}
	var j JWK
	for _, m := range []struct {
		name string
		to   *string
	}{{"kid", &j.KeyID}, {"alg", &j.Algorithm}, {"use", &j.Use}, {"iss", &j.Issuer}} {
		if value := v.Get(m.name); value != nil {
			if !value.Is(strictjson.String) {
				return JWK{}, &kindError{ErrMalformed, fmt.Sprintf("member %q of the JWK must be a string", m.name)}
			}
			*m.to = value.Str()
		}
	}
	key, err := jwkKey(v)
	if err != nil {
		return JWK{}, err
	}
	if err := CheckKey(key); err != nil {
		return JWK{}, err
	}
	j.Key = key
	return j, nil
}

func jwkKey(v *strictjson.Value) (crypto.PublicKey, error) {
	kty, crv := v.Get("kty").Str(), v.Get("crv").Str()
	switch {
	case kty == "":
		return nil, &kindError{ErrMalformed, "the JWK has no kty"}
	case kty == "OKP" && crv == "Ed25519":
		x, err := jwkBytes(v, "x")
		if err != nil {
			return nil, err
		}
		return parseEd25519(x)
	case kty == "EC":
		for _, curve := range []elliptic.Curve{elliptic.P256(), elliptic.P384(), elliptic.P521()} {
			if curve.Params().Name == crv {
				return jwkPoint(v, curve)
			}
		}
	case kty == "RSA":
		n, err := jwkBytes(v, "n")
		if err != nil {
			return nil, err
		}
		e, err := jwkBytes(v, "e")
		if err != nil {
			return nil, err
		}
		exponent := new(big.Int).SetBytes(e)
		if exponent.BitLen() > 31 {
			return nil, &kindError{ErrUnsupported, "the RSA exponent has more than 31 bits"}
		}
		return &rsa.PublicKey{N: new(big.Int).SetBytes(n), E: int(exponent.Int64())}, nil
	}
	return nil, &kindError{ErrUnsupported, fmt.Sprintf("a JWK of kty %q, crv %q; Ed25519, P-256, P-384, P-521 and RSA are read", kty, crv)}
}

func jwkPoint(v *strictjson.Value, curve elliptic.Curve) (crypto.PublicKey, error) {
	size := (curve.Params().BitSize + 7) / 8
	point := []byte{4} // uncompressed, SEC 1 section 2.3.3
	for _, name := range []string{"x", "y"} {
		c, err := jwkBytes(v, name)
		if err != nil {
			return nil, err
		}
		if len(c) != size {
			return nil, &kindError{ErrMalformed, fmt.Sprintf("member %q of the JWK has %d bytes, a coordinate of %s has %d", name, len(c), curve.Params().Name, size)}
		}
		point = append(point, c...)
	}
	key, err := ecdsa.ParseUncompressedPublicKey(curve, point)
	if err != nil {
		return nil, &kindError{ErrWeakKey, fmt.Sprintf("the JWK is not a point on %s", curve.Params().Name)}
	}
	return key, nil
}

func jwkBytes(v *strictjson.Value, name string) ([]byte, error) {
	raw, err := decodeBase64URL(v.Get(name).Str())
	if err != nil || len(raw) == 0 {
		return nil, &kindError{ErrMalformed, fmt.Sprintf("member %q of the JWK must be base64url without padding", name)}
	}
	return raw, nil
}

// decodeBase64URL is strict: no padding, no line breaks, no stray last bits, so
// that every value has one spelling.
func decodeBase64URL(s string) ([]byte, error) {
	if strings.ContainsAny(s, "\r\n") {
		return nil, base64.CorruptInputError(strings.IndexAny(s, "\r\n"))
	}
	return base64.RawURLEncoding.Strict().DecodeString(s)
}

// ParseJWKSet reads the keys of a JWK Set (RFC 7517 section 5). Keys that are of
// no use are left out, as the standard wants: of an unknown kind, weak, or
// malformed. One with a private member fails the set.
func ParseJWKSet(v *strictjson.Value) ([]JWK, error) {
	keys := v.Get("keys")
	if !keys.Is(strictjson.Array) {
		return nil, &kindError{ErrMalformed, "a JWK Set needs an array of keys"}
	}
	var out []JWK
	for i := range keys.Items() {
		j, err := ParseJWK(&keys.Items()[i])
		switch {
		case err == nil:
			out = append(out, j)
		case errors.Is(err, ErrPrivateKey):
			return nil, fmt.Errorf("key %d of the JWK Set: %w", i, err)
		}
	}
	return out, nil
}

// Permits tells whether the JWK's own alg and use allow it to check a signature
// of the given JWS algorithm.
func (j JWK) Permits(algorithm string) bool {
	if j.Use != "" && j.Use != "sig" {
		return false
	}
	return j.Algorithm == "" || j.Algorithm == algorithm ||
		slices.Contains([]string{"EdDSA", "Ed25519"}, j.Algorithm) && algorithm == "EdDSA"
}

// MarshalJWK writes pub as a JWK with public members only; kid and alg are left
// out when empty.
func MarshalJWK(pub crypto.PublicKey, kid, alg string) ([]byte, error) {
	members, err := jwkMembers(pub)
	if err != nil {
		return nil, err
	}
	for _, m := range []struct{ name, value string }{{"kid", kid}, {"alg", alg}} {
		if m.value != "" {
			members = append(members, strictjson.Member{Name: m.name, Value: strictjson.NewString(m.value)})
		}
	}
	v := strictjson.NewObject(members...)
	return v.Append(nil), nil
}

// Thumbprint returns the SHA-256 thumbprint of pub (RFC 7638), base64url.
func Thumbprint(pub crypto.PublicKey) (string, error) {
	members, err := jwkMembers(pub)
	if err != nil {
		return "", err
	}
	v := strictjson.NewObject(members...)
	sum := sha256.Sum256(v.Append(nil))
	return base64.RawURLEncoding.EncodeToString(sum[:]), nil
}

// jwkMembers returns the required members in the order of their names, which is
// the form that RFC 7638 section 3 hashes.
func jwkMembers(pub crypto.PublicKey) ([]strictjson.Member, error) {
	if err := CheckKey(pub); err != nil {
		return nil, err
	}
	text := func(name, value string) strictjson.Member {
		return strictjson.Member{Name: name, Value: strictjson.NewString(value)}
	}
	encode := base64.RawURLEncoding.EncodeToString
	switch k := pub.(type) {
	case ed25519.PublicKey:
		return []strictjson.Member{text("crv", "Ed25519"), text("kty", "OKP"), text("x", encode(k))}, nil
	case *ecdsa.PublicKey:
		point, err := k.Bytes()
		if err != nil {
			return nil, err
		}
		half := len(point) / 2
		return []strictjson.Member{
			text("crv", k.Curve.Params().Name), text("kty", "EC"),
			text("x", encode(point[1:1+half])), text("y", encode(point[1+half:])),
		}, nil
	case *rsa.PublicKey:
		return []strictjson.Member{text("e", encode(big.NewInt(int64(k.E)).Bytes())), text("kty", "RSA"), text("n", encode(k.N.Bytes()))}, nil
	}
	return nil, &kindError{ErrUnsupported, fmt.Sprintf("a key of type %T", pub)}
}
