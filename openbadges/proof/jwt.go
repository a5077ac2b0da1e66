package proof

import (
	"crypto"
	"slices"
	"strings"
	"time"

	"github.com/accolade-badges/accolade/openbadges/strictjson"
)

// Profile says by whose rules a token is judged: the two standards contradict
// each other about typ and about the vc claim.
type Profile int

const (
	// OpenBadges is Open Badges 3.0, JSON Web Token Proof Format: typ is JWT or
	// absent; RS256, ES256 or EdDSA; a vc claim marks the VC 1.1 form.
	OpenBadges Profile = iota
	// W3C is Securing Verifiable Credentials using JOSE and COSE: typ is vc+jwt,
	// vp+jwt or absent, ES384 and ES512 are accepted too, there are no vc and vp
	// claims.
	W3C
)

// JWT is a credential secured as a JWT. Nothing in it is to be believed before
// Verify; whose key it was is for the caller to see to.
type JWT struct{ JWS }

// ParseJWT reads a compact JWT. It fails on what is no token at all; which
// algorithm, type and claims are acceptable is for the checks to say, so that a
// refused token can still be described. The error is an [*Error].
func ParseJWT(token string) (*JWT, error) {
	j, err := parseJWS(token)
	if err != nil {
		return nil, err
	}
	return &JWT{*j}, nil
}

// CheckHeader checks what can be checked without a key: alg, typ, crit, jwk and
// the claims that a profile forbids. Verify does so too.
func (j *JWT) CheckHeader(p Profile) error {
	if err := j.checkHeader(p); err != nil {
		return err
	}
	return nil
}

func (j *JWT) checkHeader(p Profile) *Error {
	if err := j.allowed(p.algorithms()); err != nil {
		return err
	}
	if p == W3C {
		kind := strings.ToLower(strings.TrimPrefix(j.Type, "application/"))
		switch {
		case kind != "" && kind != "vc+jwt" && kind != "vp+jwt":
			return refuse(WrongType, "typ is %.100q where the W3C profile has vc+jwt", j.Type)
		case j.ContentType != "" && j.ContentType != "vc" && j.ContentType != "vp":
			return refuse(WrongType, "cty is %.100q where the W3C profile has vc", j.ContentType)
		case j.Claims.Get("vc") != nil || j.Claims.Get("vp") != nil:
			return refuse(Ambiguous, "the W3C profile has no vc and vp claims: the payload is the credential")
		}
		return nil
	}
	if j.Type != "" && !strings.EqualFold(j.Type, "JWT") {
		return refuse(WrongType, "typ is %.100q where Open Badges has JWT", j.Type)
	}
	return nil
}

func (p Profile) algorithms() []string {
	if p == W3C {
		return w3cAlgorithms
	}
	return badgeAlgorithms
}

// Verify checks header and signature by the [OpenBadges] profile. The error is
// an [*Error]. It judges no time: an expired badge with a good signature is a
// good signature ([JWT.Window] has the times).
func (j *JWT) Verify(key crypto.PublicKey) error { return j.VerifyProfile(key, OpenBadges) }

// VerifyProfile is [JWT.Verify] by another profile.
func (j *JWT) VerifyProfile(key crypto.PublicKey, p Profile) error {
	if err := j.checkHeader(p); err != nil {
		return err
	}
	if err := j.verify(key, p.algorithms()); err != nil {
		return err
	}
	return nil
}

// registered are the claims that a token adds to a credential.
var registered = []string{"iss", "sub", "aud", "exp", "nbf", "iat", "jti"}

// Credential returns the credential in the token: its vc claim (VC 1.1), else
// the payload without the registered claims (VC 2.0).
func (j *JWT) Credential() (*strictjson.Value, error) {
	vc := j.Claims.Get("vc")
	if vc == nil {
		v := j.Claims.Without(registered...)
		return &v, nil
	}
	switch {
	case j.Claims.Get("@context") != nil || j.Claims.Get("credentialSubject") != nil || j.Claims.Get("issuer") != nil:
		return nil, refuse(Ambiguous, "the token holds a credential as vc claim and another as its payload")
	case !vc.Is(strictjson.Object):
		return nil, refuse(Malformed, "the vc claim is a JSON %s, not an object", vc.Kind())
	}
	return vc, nil
}

// SignJWT returns a credential of VC 2.0 as Open Badges VC-JWT: header exactly
// alg, kid and typ, and the credential with iss, jti, nbf, sub and, when it ends,
// exp added (Open Badges 3.0, JSON Web Token Proof Format). The key's kind decides
// the algorithm: RS256, which every reader must know, ES256 or EdDSA. kid is the
// URL of the bare JWK. An embedded proof is left out: the token is its own proof.
func SignJWT(credential *strictjson.Value, signer crypto.Signer, kid string) (string, error) {
	payload, err := jwtPayload(credential, kid)
	if err != nil {
		return "", &Error{NotSigned, "the credential cannot be a JWT", err}
	}
	token, err := signJWS(payload, signer,
		strictjson.Member{Name: "kid", Value: strictjson.NewString(kid)},
		strictjson.Member{Name: "typ", Value: strictjson.NewString("JWT")})
	if err != nil {
		return "", &Error{NotSigned, "sign the JWT", err}
	}
	return token, nil
}

func jwtPayload(credential *strictjson.Value, kid string) ([]byte, error) {
	if kid == "" {
		return nil, refuse(Malformed, "the token needs a kid, the URL of the public key")
	}
	for _, name := range append([]string{"vc", "vp"}, registered...) {
		if credential.Get(name) != nil {
			return nil, refuse(Malformed, "it has a member %q, which is a claim", name)
		}
	}
	validFrom, err := wholeSeconds(credential, "validFrom")
	if err != nil {
		return nil, err
	}
	claims := []strictjson.Member{
		{Name: "iss", Value: strictjson.NewString(issuerID(credential))},
		{Name: "jti", Value: strictjson.NewString(credential.Get("id").Str())},
		{Name: "nbf", Value: strictjson.NewInt(validFrom.Unix())},
		{Name: "sub", Value: strictjson.NewString(credential.Get("credentialSubject").Get("id").Str())},
	}
	for _, c := range claims {
		if c.Value.Is(strictjson.String) && c.Value.Str() == "" {
			return nil, refuse(Malformed, "it lacks what the claim %s must repeat: iss is issuer.id, jti is id, sub is credentialSubject.id", c.Name)
		}
	}
	if credential.Get("validUntil") != nil {
		validUntil, err := wholeSeconds(credential, "validUntil")
		if err != nil {
			return nil, err
		}
		claims = append(claims, strictjson.Member{Name: "exp", Value: strictjson.NewInt(validUntil.Unix())})
	}
	bare := credential.Without("proof")
	v := strictjson.NewObject(slices.Concat(bare.Members(), claims)...)
	return v.Append(make([]byte, 0, 4096)), nil
}

// wholeSeconds reads a date that nbf or exp must equal: a fraction of a second
// would be lost on readers that take seconds.
func wholeSeconds(credential *strictjson.Value, name string) (time.Time, error) {
	t, ok := parseStamp(credential.Get(name).Str())
	if !ok || t.Nanosecond() != 0 {
		return time.Time{}, refuse(Malformed, "its %s must be a date and time with zone in whole seconds", name)
	}
	return t, nil
}

func issuerID(credential *strictjson.Value) string {
	issuer := credential.Get("issuer")
	if issuer.Is(strictjson.Object) {
		issuer = issuer.Get("id")
	}
	return issuer.Str()
}
