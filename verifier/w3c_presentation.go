package verifier

import (
	"github.com/accolade-badges/accolade/openbadges"
	"github.com/accolade-badges/accolade/openbadges/strictjson"
)

// signer is who has to have made a proof that names a key: the issuer of a
// credential, the holder of a presentation. A presentation need not name its
// holder (VC Data Model 2.0, section 4.13); it is whose key it is, then.
func (b *badge) signer(method string) string {
	id := issuerID(b.json)
	if id == "" && b.doc.Kind == openbadges.KindPresentation {
		return bare(method)
	}
	return id
}

// holderBySignature fills in who presents, where only a proof says so.
func (b *badge) holderBySignature() {
	if b.report.Issuer != nil || b.doc.Kind != openbadges.KindPresentation || b.json.Get("holder") != nil {
		return
	}
	for _, s := range b.signatures {
		if s.method != "" {
			b.report.Issuer = &Issuer{ID: clean(bare(s.method)), Binding: Unconfirmed}
			return
		}
	}
}

// selfAsserted tells whether a credential inside a presentation needs no proof of
// its own: the presentation names as its holder who issued the credential, and
// that holder has signed it all (VC Data Model 2.0, section 4.13.4).
func (b *badge) selfAsserted(v *strictjson.Value) bool {
	if b.v.options.Profile != W3C || b.doc.Kind != openbadges.KindPresentation || !v.Is(strictjson.Object) || v.Get("proof") != nil {
		return false
	}
	proof := b.report.Check(CheckProof)
	signed := proof != nil && proof.Outcome == Passed && b.report.Issuer != nil && b.report.Issuer.Binding == Confirmed
	return signed && b.json.Get("holder") != nil && issuerID(v) == issuerID(b.json)
}
