package verifier

import (
	"strings"

	"github.com/accolade-badges/accolade/openbadges"
	"github.com/accolade-badges/accolade/openbadges/proof"
)

// signatureToken judges a credential secured as a JWT: its header by the profile,
// its signature with the key that kid names or the issuer's documents give, and
// its claims against the credential. Time is not judged here: an expired badge has
// a good signature.
func (b *badge) signatureToken() signature {
	t := b.token
	s := signature{kind: "JWS " + printable(t.Algorithm), method: t.KeyID}
	profile := b.tokenProfile()
	if err := t.CheckHeader(profile); err != nil {
		s.finding = keyFinding{}.bound(Unconfirmed, CodeProofBad, "Its token is not acceptable.")
		s.judge(err)
		return s
	}
	s.finding = b.tokenKey()
	if s.finding.malformed {
		s.outcome, s.code, s.reason = signatureBad, s.finding.code, s.finding.reason
		return s
	}
	if s.finding.key == nil {
		s.outcome, s.code, s.reason = signatureUnknown, CodeKeyMissing, "The signature could not be checked, because its key could not be got. "+s.finding.reason
	} else {
		s.judge(t.VerifyProfile(s.finding.key, profile))
	}
	if s.outcome == signatureBad {
		return s
	}
	if b.doc.Kind == openbadges.KindPresentation {
		return s
	}
	for _, c := range t.CheckClaims() {
		// A claim repeats what the credential says, so one that is left out, against
		// the standard, takes nothing from the signature.
		if strings.HasSuffix(c.Code, "_missing") {
			s.remarks = append(s.remarks, c.Code)
			continue
		}
		s.outcome, s.code, s.reason = signatureBad, c.Code, capital(sentence(c.Error()))+"."
		return s
	}
	return s
}

// tokenProfile is by whose rules the header of a token counts. The envelope is the
// data model's own, so the token in it may carry the header that goes with it,
// also around a badge.
func (b *badge) tokenProfile() proof.Profile {
	want := "vc+jwt"
	if b.doc.Kind == openbadges.KindPresentation {
		want = "vp+jwt"
	}
	if b.v.options.Profile == W3C || b.enveloped && strings.EqualFold(strings.TrimPrefix(b.token.Type, "application/"), want) {
		return proof.W3C
	}
	return proof.OpenBadges
}

// tokenKey finds the key of a token: by kid where that is an address, else the
// key that the header carries, else the one key that the issuer has. A kid that
// is no address is only a hint.
func (b *badge) tokenKey() keyFinding {
	t, issuer := b.token, b.tokenIssuer()
	kid := t.KeyID
	if strings.HasPrefix(kid, "#") {
		kid = issuer + kid
	}
	if absolute(kid) {
		f := b.v.methodKey(kid, issuer, b.purpose())
		if f.key == nil && !f.malformed && t.JWK != nil {
			f.key, f.source = t.JWK.Key, "header"
		}
		return f
	}
	if t.JWK != nil {
		return b.v.headerKey(t.JWK.Key, issuer, b.purpose())
	}
	return b.v.headerKey(nil, issuer, b.purpose())
}

// tokenIssuer is whom the credential in the token names; the claim iss must
// agree, which CheckClaims sees to.
func (b *badge) tokenIssuer() string {
	return firstOf(issuerID(b.json), b.token.Claims.Get("iss").Str())
}
