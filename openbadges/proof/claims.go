package proof

import (
	"fmt"
	"math/big"
	"strconv"
	"strings"
	"time"

	"github.com/accolade-badges/accolade/openbadges/strictjson"
)

// ClaimError is one registered claim that is absent or contradicts the
// credential. Code is CLAIM_missing, CLAIM_mismatch or CLAIM_malformed with
// CLAIM one of iss, sub, jti, nbf, exp.
type ClaimError struct {
	Code  string
	Claim string
	Got   string // as the claim has it
	Want  string // as the credential has it
}

func (e ClaimError) Error() string {
	switch {
	case strings.HasSuffix(e.Code, "_missing"):
		return fmt.Sprintf("the token lacks the claim %s", e.Claim)
	case strings.HasSuffix(e.Code, "_malformed"):
		return fmt.Sprintf("the claim %s is %.100q, which is not in its form", e.Claim, e.Got)
	}
	return fmt.Sprintf("the claim %s is %.200q, but the credential says %.200q", e.Claim, e.Got, e.Want)
}

// CheckClaims compares the registered claims with the credential (Open Badges
// 3.0, JSON Web Token Proof Format): iss with issuer.id, sub with
// credentialSubject.id, jti with id, nbf with validFrom, exp with validUntil; in
// the VC 1.1 form with issuanceDate and expirationDate. iss, sub, jti and nbf
// must be there, and exp when the credential ends. A subject without id allows
// any sub, since the standard demands the claim but not the id. The W3C profile
// has the same meaning but makes every claim optional: leave out what ends in
// _missing there.
func (j *JWT) CheckClaims() []ClaimError {
	credential, err := j.Credential()
	if err != nil {
		return nil // the caller met this error at Credential
	}
	from, until := "validFrom", "validUntil"
	if j.Claims.Get("vc") != nil {
		from, until = "issuanceDate", "expirationDate"
	}
	var out []ClaimError
	for _, c := range []struct{ claim, want string }{
		{"iss", issuerID(credential)},
		{"sub", credential.Get("credentialSubject").Get("id").Str()},
		{"jti", credential.Get("id").Str()},
	} {
		switch claim := j.Claims.Get(c.claim); {
		case claim == nil:
			out = append(out, ClaimError{c.claim + "_missing", c.claim, "", c.want})
		case claim.Str() == "":
			out = append(out, ClaimError{c.claim + "_malformed", c.claim, string(claim.Append(nil)), c.want})
		case claim.Str() != c.want && c.want != "":
			out = append(out, ClaimError{c.claim + "_mismatch", c.claim, claim.Str(), c.want})
		}
	}
	for _, c := range []struct {
		claim, member string
		required      bool
	}{{"nbf", from, true}, {"exp", until, credential.Get(until) != nil}} {
		claim, want := j.Claims.Get(c.claim), credential.Get(c.member).Str()
		got, numeric := numericDate(claim)
		when, dated := parseStamp(want)
		switch {
		case claim == nil:
			if c.required {
				out = append(out, ClaimError{c.claim + "_missing", c.claim, "", want})
			}
		case !numeric:
			out = append(out, ClaimError{c.claim + "_malformed", c.claim, string(claim.Append(nil)), want})
		case want != "" && (!dated || !got.Equal(when)):
			out = append(out, ClaimError{c.claim + "_mismatch", c.claim, got.Format(time.RFC3339Nano), want})
		}
	}
	return out
}

// Window returns the times between which the token itself is in force, nbf and
// exp; the zero time when it has none. They are judged beside the credential's
// own dates, never instead of them.
func (j *JWT) Window() (notBefore, expires time.Time, err error) {
	for _, c := range []struct {
		claim string
		to    *time.Time
	}{{"nbf", &notBefore}, {"exp", &expires}} {
		claim := j.Claims.Get(c.claim)
		if claim == nil {
			continue
		}
		t, ok := numericDate(claim)
		if !ok {
			return time.Time{}, time.Time{}, refuse(Malformed, "the claim %s must be a number of seconds", c.claim)
		}
		*c.to = t
	}
	return notBefore, expires, nil
}

// The seconds since 1970 of the first and last moment that a date can be written
// with: years 1 to 9999.
const firstSecond, lastSecond = -62_135_596_800, 253_402_300_799

// numericDate reads seconds since 1970 (RFC 7519 section 2), in years that a
// date can be written with.
func numericDate(v *strictjson.Value) (time.Time, bool) {
	text := v.Literal()
	if text == "" || len(text) > 32 || strings.ContainsAny(text, "eE") {
		return time.Time{}, false
	}
	if s, err := strconv.ParseInt(text, 10, 64); err == nil { // nearly always
		return time.Unix(s, 0).UTC(), s >= firstSecond && s <= lastSecond
	}
	seconds, ok := new(big.Rat).SetString(text)
	if !ok {
		return time.Time{}, false
	}
	nanos := new(big.Rat).Mul(seconds, big.NewRat(1_000_000_000, 1))
	whole := new(big.Int).Quo(nanos.Num(), nanos.Denom())
	s, ns := new(big.Int).QuoRem(whole, big.NewInt(1_000_000_000), new(big.Int))
	if !s.IsInt64() || s.Int64() < firstSecond || s.Int64() > lastSecond {
		return time.Time{}, false
	}
	return time.Unix(s.Int64(), ns.Int64()).UTC(), true
}
