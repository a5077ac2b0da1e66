package verifier

import (
	"crypto"
	"net/url"
	"slices"
	"strings"

	"github.com/accolade-badges/accolade/openbadges"
	"github.com/accolade-badges/accolade/openbadges/did"
	"github.com/accolade-badges/accolade/openbadges/proof"
)

// signatureOld judges the JWS of an assertion of 1.x or 2.0, or of an endorsement. Its key comes from
// the issuer's profile alone: a creator that the assertion names must be listed
// there, and the key must name the issuer as its owner (Open Badges 2.0, "Signed
// Badges").
func (b *badge) signatureOld() signature {
	s := signature{kind: "JWS " + printable(b.jws.Algorithm)}
	s.finding = b.keyOld(&s)
	if s.finding.key == nil {
		s.outcome, s.code, s.reason = signatureUnknown, CodeKeyMissing, "The signature could not be checked, because its key could not be got. "+s.finding.reason
		return s
	}
	s.judge(b.jws.Verify(s.finding.key))
	return s
}

func (b *badge) keyOld(s *signature) keyFinding {
	v := b.said.verification
	if b.doc.Version != openbadges.OB20 && v.URL != "" && v.Creator == "" {
		s.method = v.URL
		return b.keyOld1(v.URL)
	}
	p := b.profile
	if p.view == nil || p.embedded && p.why != "" {
		s.method = v.Creator
		f := keyFinding{}
		if v.Creator != "" {
			f, _, _ = b.keyAt(v.Creator)
		}
		return f.bound(Unconfirmed, CodeProfileUnreachable, "The issuer's profile, which lists their keys, could not be got: "+b.missingProfile()+".")
	}
	var listed []string
	for _, k := range p.view.PublicKey {
		listed = append(listed, k.ID)
	}
	s.method = v.Creator
	switch {
	case s.method == "" && len(listed) > 0:
		s.method = listed[0]
	case s.method == "":
		return keyFinding{}.bound(Unconfirmed, CodeKeyUnnamed, "Neither the badge nor its issuer's profile names a key.")
	case !slices.Contains(listed, s.method):
		f, _, _ := b.keyAt(s.method)
		return f.bound(Contradicted, CodeKeyOfAnother, "The badge names a key that its issuer's profile does not list.")
	}
	for _, k := range p.view.PublicKey {
		if k.ID == s.method && k.PublicKeyPEM != "" && !p.embedded {
			key, err := did.ParsePEM(k.PublicKeyPEM)
			if err != nil {
				return keyFinding{}.bound(Unconfirmed, CodeKeyMalformed, "The key in the issuer's profile cannot be used: "+err.Error()+".")
			}
			return keyFinding{key: key, source: p.id}.bound(Confirmed, CodeKeyListed, "The key stands in the issuer's own profile.")
		}
	}
	f, owner, why := b.keyAt(s.method)
	switch {
	case why != "":
		return f.bound(Unconfirmed, CodeKeyUnreachable, "The key's own document cannot be used: "+why+".")
	case owner != "" && owner != p.id:
		return f.bound(Contradicted, CodeKeyOfAnother, "The key's own document says that it belongs to somebody else than the issuer.")
	case owner == "":
		return f.bound(Unconfirmed, CodeKeyNoOwner, "The key's own document does not say whose it is.")
	}
	return f.bound(Confirmed, CodeKeyListed, "The issuer's profile lists this key, and the key names the issuer.")
}

// keyAt gets a key from an address: a CryptographicKey document or bare PEM.
func (b *badge) keyAt(address string) (f keyFinding, owner, why string) {
	response, err := b.v.docs.get(b.v.ctx, address, acceptDocument)
	if err != nil {
		return f, "", reasonOf(err)
	}
	f.source = response.URL
	if text := string(trimText(response.Body)); response.Status == 200 && strings.HasPrefix(text, "-----BEGIN ") {
		var key crypto.PublicKey
		if key, err = did.ParsePEM(text); err != nil {
			return f, "", err.Error()
		}
		f.key = key
		return f, "", ""
	}
	tree, _, why := b.v.parseAnswer(response, nil)
	if why != "" {
		return f, "", why
	}
	if id := tree.Get("id").Str(); id != "" && id != address && id != response.URL {
		return f, "", "what lies at " + printable(address) + " is another document"
	}
	if f.key, err = did.ParsePEM(tree.Get("publicKeyPem").Str()); err != nil {
		f.key = nil
		return f, "", err.Error()
	}
	return f, tree.Get("owner").Str(), ""
}

// keyOld1 is for 1.x, where verify.url is the key and nothing but its host says
// whose it is.
func (b *badge) keyOld1(address string) keyFinding {
	f, owner, why := b.keyAt(address)
	if why != "" {
		return f.bound(Unconfirmed, CodeKeyUnreachable, "The key cannot be used: "+why+".")
	}
	u, err := url.Parse(address)
	switch {
	case b.profile.view == nil:
		return f.bound(Unconfirmed, CodeProfileUnreachable, "The issuer's profile could not be got: "+b.missingProfile()+".")
	case owner != "" && owner != b.profile.id:
		return f.bound(Contradicted, CodeKeyOfAnother, "The key's own document says that it belongs to somebody else than the issuer.")
	case err != nil || !onOrigin(u, b.profile.id):
		return f.bound(Unconfirmed, CodeKeyNotListed, "The key does not lie on the host of the issuer whom the badge names.")
	}
	return f.bound(Confirmed, CodeKeyOnHost, "The key lies on the issuer's own host.")
}

// openJWS reads a signed assertion of 1.x or 2.0, or an endorsement of 2.0.
func (b *badge) openJWS(compact string) bool {
	jws, err := proof.ParseJWS(compact)
	if err != nil {
		b.refuse(err)
		return false
	}
	doc, err := openbadges.Parse(jws.Payload)
	if err != nil {
		b.fail(CheckIntake, Invalid, CodeJSONBad, "The signed badge cannot be read as JSON: "+printable(err.Error())+".", nil)
		return false
	}
	b.jws, b.doc, b.json, b.old = jws, doc, doc.JSON, true
	b.opened(CodeRead, b.what()+" was found in the input, as a signed token.")
	return true
}
