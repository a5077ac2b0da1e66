package proof

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"errors"
	"slices"
	"strings"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/cryptosigner"

	"github.com/accolade-badges/accolade/openbadges/did"
	"github.com/accolade-badges/accolade/openbadges/strictjson"
)

// JWS is a compact JSON Web Signature (RFC 7515) with a JSON object as payload:
// an Open Badges 2.0 or 1.0 assertion when [ParseJWS] read it. Nothing in it is
// to be believed before Verify.
type JWS struct {
	Header      strictjson.Value
	Algorithm   string // alg, never empty
	KeyID       string // kid, "" when absent
	Type        string // typ, "" when absent
	ContentType string // cty, "" when absent
	JWK         *did.JWK
	// Additional names the header members beside alg, typ, kid and jwk. Open Badges
	// allows none; they are of no effect here.
	Additional []string
	Payload    []byte            // as signed
	Claims     *strictjson.Value // Payload as JSON, an object

	token string
}

// A token holds a credential of at most 1 MiB; base64 makes that a third more.
const (
	maxToken  = 1_500_000
	maxHeader = 16 << 10
)

// ParseJWS reads a compact JWS of an Open Badges 2.0 or earlier assertion.
func ParseJWS(token string) (*JWS, error) {
	j, err := parseJWS(token)
	if err != nil {
		return nil, err
	}
	return j, nil
}

func parseJWS(token string) (*JWS, *Error) {
	if len(token) > maxToken {
		return nil, refuse(TooLarge, "the token has %d characters, more than the %d that are read", len(token), maxToken)
	}
	if n := strings.Count(token, "."); n != 2 {
		return nil, refuse(Malformed, "a compact JWS has three parts, this text has %d", n+1)
	}
	parts := strings.Split(token, ".")
	if len(parts[0]) > maxHeader {
		return nil, refuse(TooLarge, "the header of the token has %d characters, more than the %d that are read", len(parts[0]), maxHeader)
	}
	header, err := decodePart(parts[0], "header")
	if err != nil {
		return nil, err
	}
	j := &JWS{token: token}
	if err := j.readHeader(header); err != nil {
		return nil, err
	}
	if j.Payload, err = decodePart(parts[1], "payload"); err != nil {
		return nil, err
	}
	if _, err := decodePart(parts[2], "signature"); err != nil {
		return nil, err
	}
	claims, failure := strictjson.Parse(j.Payload)
	if failure != nil {
		return nil, &Error{Malformed, "the payload of the token is not acceptable JSON", failure}
	}
	if !claims.Is(strictjson.Object) {
		return nil, refuse(Malformed, "the payload of the token is a JSON %s, not an object", claims.Kind())
	}
	j.Claims = claims
	return j, nil
}

// decodePart is strict: no padding, no line breaks, no stray last bits.
func decodePart(part, name string) ([]byte, *Error) {
	if strings.ContainsAny(part, "\r\n") {
		return nil, refuse(Malformed, "the %s of the token has a line break in it", name)
	}
	raw, err := base64.RawURLEncoding.Strict().DecodeString(part)
	if err != nil {
		return nil, refuse(Malformed, "the %s of the token is not base64url without padding", name)
	}
	return raw, nil
}

func (j *JWS) readHeader(data []byte) *Error {
	header, err := strictjson.Parse(data)
	if err != nil {
		return &Error{Malformed, "the header of the token is not acceptable JSON", err}
	}
	if !header.Is(strictjson.Object) {
		return refuse(Malformed, "the header of the token must be a JSON object")
	}
	j.Header = *header
	for _, m := range header.Members() {
		var to *string
		switch m.Name {
		case "alg":
			to = &j.Algorithm
		case "typ":
			to = &j.Type
		case "kid":
			to = &j.KeyID
		case "jwk":
			key, err := did.ParseJWK(&m.Value)
			switch {
			case errors.Is(err, did.ErrPrivateKey):
				return &Error{PrivateKey, "the header carries a private key", err}
			case errors.Is(err, did.ErrMalformed):
				return &Error{Malformed, "the jwk of the header", err}
			case err != nil:
				return &Error{UnsupportedKey, "the jwk of the header", err}
			}
			j.JWK = &key
			continue
		default:
			j.Additional = append(j.Additional, m.Name)
			if m.Name != "cty" {
				continue
			}
			to = &j.ContentType
		}
		if *to = m.Value.Str(); *to == "" {
			return refuse(Malformed, "the %s of the header must be a string and not empty", m.Name)
		}
	}
	if j.Algorithm == "" {
		return refuse(Malformed, "the header of the token has no alg")
	}
	return nil
}

// Algorithms by profile. None of them is symmetric, and none of them is "none".
var (
	badgeAlgorithms = []string{"RS256", "ES256", "EdDSA"}
	w3cAlgorithms   = []string{"RS256", "ES256", "EdDSA", "ES384", "ES512"}
)

func (j *JWS) allowed(algorithms []string) *Error {
	if j.Header.Get("crit") != nil {
		return refuse(CriticalHeader, "the header demands extensions (crit) that are not known here")
	}
	if !slices.Contains(algorithms, j.Algorithm) {
		return refuse(UnsupportedAlgorithm, "the algorithm %.40q is not accepted; accepted are %s", j.Algorithm, strings.Join(algorithms, ", "))
	}
	if j.JWK != nil && j.KeyID != "" && j.JWK.KeyID != "" && j.JWK.KeyID != j.KeyID {
		return refuse(KeyConflict, "the header names the key %.200q and carries the key %.200q", j.KeyID, j.JWK.KeyID)
	}
	return nil
}

// Verify checks the signature of an Open Badges 2.0 token with the key that the
// issuer's profile lists. RS256, ES256 and EdDSA are accepted, and only with a
// key of their kind. Time is not judged. The error is an [*Error].
func (j *JWS) Verify(key crypto.PublicKey) error {
	if err := j.verify(key, badgeAlgorithms); err != nil {
		return err
	}
	return nil
}

func (j *JWS) verify(key crypto.PublicKey, algorithms []string) *Error {
	if err := j.allowed(algorithms); err != nil {
		return err
	}
	if err := did.CheckKey(key); err != nil {
		return &Error{UnsupportedKey, "the key cannot be used", err}
	}
	if want := did.Algorithm(key); want != j.Algorithm {
		return refuse(UnsupportedKey, "the token says %.40q, but the key is for %s", j.Algorithm, want)
	}
	if j.JWK != nil {
		if !key.(interface{ Equal(crypto.PublicKey) bool }).Equal(j.JWK.Key) {
			return refuse(KeyConflict, "the header carries another key than the one that it names")
		}
		if !j.JWK.Permits(j.Algorithm) {
			return refuse(UnsupportedKey, "the jwk of the header is not for %s signatures", j.Algorithm)
		}
	}
	cut := strings.LastIndexByte(j.token, '.')
	signature, err := decodePart(j.token[cut+1:], "signature")
	if err != nil {
		return err
	}
	if !holds(key, []byte(j.token[:cut]), signature) {
		return refuse(BadSignature, "the signature does not match: the badge was changed after it was signed, or another key signed it")
	}
	return nil
}

// holds checks a signature by the algorithm that goes with a checked key (RFC
// 7518 sections 3.3 and 3.4, RFC 8037 section 3.1). The bytes are those that were
// parsed: no second reader of the token can see another one.
func holds(key crypto.PublicKey, input, signature []byte) bool {
	switch k := key.(type) {
	case ed25519.PublicKey:
		return ed25519.Verify(k, input, signature)
	case *rsa.PublicKey:
		sum := sha256.Sum256(input)
		return rsa.VerifyPKCS1v15(k, crypto.SHA256, sum[:], signature) == nil
	case *ecdsa.PublicKey:
		switch k.Curve {
		case elliptic.P256():
			sum := sha256.Sum256(input)
			return verifyECDSA(k, sum[:], signature)
		case elliptic.P384():
			sum := sha512.Sum384(input)
			return verifyECDSA(k, sum[:], signature)
		case elliptic.P521():
			sum := sha512.Sum512(input)
			return verifyECDSA(k, sum[:], signature)
		}
	}
	return false
}

// signJWS signs payload with the algorithm of the signer's key. The header holds
// alg and the given members, which must come in the order of their names.
func signJWS(payload []byte, signer crypto.Signer, header ...strictjson.Member) (string, error) {
	key := signer.Public()
	if err := did.CheckKey(key); err != nil {
		return "", &Error{UnsupportedKey, "the key cannot be used", err}
	}
	algorithm := did.Algorithm(key)
	if !slices.Contains(badgeAlgorithms, algorithm) {
		return "", refuse(UnsupportedKey, "badges are not signed with %s; use RS256, ES256 or EdDSA", algorithm)
	}
	members := append([]strictjson.Member{{Name: "alg", Value: strictjson.NewString(algorithm)}}, header...)
	head := strictjson.NewObject(members...)
	encoding := base64.RawURLEncoding
	token := make([]byte, 0, encoding.EncodedLen(len(payload))+2048)
	token = append(encoding.AppendEncode(token, head.Append(nil)), '.')
	token = encoding.AppendEncode(token, payload)
	signature, err := cryptosigner.Opaque(signer).SignPayload(token, jose.SignatureAlgorithm(algorithm))
	if err != nil {
		return "", err
	}
	return string(encoding.AppendEncode(append(token, '.'), signature)), nil
}

// SignOB2 signs an Open Badges 2.0 assertion, byte for byte as given, and returns
// the compact JWS. The key's kind decides the algorithm: RS256, which every
// reader of that version knows, ES256 or EdDSA. The header holds alg alone; the
// assertion's verification.creator names the key.
func SignOB2(assertion []byte, signer crypto.Signer) (string, error) {
	v, err := strictjson.Parse(assertion)
	if err == nil && v.Get("verification").Get("type").Str() == "" && v.Get("verify").Get("type").Str() == "" {
		err = errors.New("it has no verification type")
	}
	if err != nil {
		return "", &Error{NotSigned, "the assertion is not acceptable", err}
	}
	token, err := signJWS(assertion, signer)
	if err != nil {
		return "", &Error{NotSigned, "sign the assertion", err}
	}
	return token, nil
}
