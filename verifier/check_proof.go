package verifier

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/accolade-badges/accolade/openbadges"
	"github.com/accolade-badges/accolade/openbadges/jsonld"
	"github.com/accolade-badges/accolade/openbadges/proof"
	"github.com/accolade-badges/accolade/openbadges/strictjson"
)

// maxProofs bounds how many proofs of one credential are calculated.
const maxProofs = 8

// signature is one proof of a badge and what came of it.
type signature struct {
	kind    string // "DataIntegrityProof eddsa-rdfc-2022", "JWS RS256", …
	method  string // how the proof names its key
	finding keyFinding
	outcome signatureOutcome
	code    string
	reason  string // a sentence, when it does not hold
	remarks []string
}

type signatureOutcome string

const (
	signatureGood    signatureOutcome = "good"    // the mathematics and the proof's own rules hold
	signatureBad     signatureOutcome = "bad"     // they do not
	signatureUnknown signatureOutcome = "unknown" // it could not be calculated
)

// checkProof judges every signature. A valid badge has at least one that holds,
// by a suite that we know, and none that does not. Whose key it is, is the next
// check's question.
func (b *badge) checkProof() {
	switch {
	case !b.known() || b.notABadge():
		b.skip(CheckProof, CodeNotApplicable, "There is no award here that could be signed.")
		return
	case b.old && b.hosted != nil && b.jws == nil:
		b.skip(CheckProof, CodeHosted, "This badge has no signature of its own: the copy at its issuer proves it.")
		return
	case b.jws != nil:
		b.signatures = []signature{b.signatureOld()}
	case b.token != nil:
		b.signatures = []signature{b.signatureToken()}
	case !b.old:
		b.signatures = b.signaturesEmbedded()
	}
	if len(b.signatures) == 0 {
		b.unsigned()
		return
	}
	b.concludeProof()
}

// unsigned is a badge of a signed kind without a signature: anybody could have
// written it. A presentation is allowed none; the credentials in it have theirs.
func (b *badge) unsigned() {
	switch {
	case b.byHolder:
		b.pass(CheckProof, CodeProofHolds, "The signature of the presentation around it covers it.", nil)
	case b.old:
		b.fail(CheckProof, Invalid, CodeUnsigned, "The badge says that it is signed, but there is no signature.", nil)
	case b.doc.Kind == openbadges.KindPresentation && b.v.options.Profile != W3C:
		b.line(CheckProof, NotApplicable, CodeUnsigned, "The presentation itself is not signed; each badge in it is judged by its own signature.", nil)
	default:
		b.fail(CheckProof, Invalid, CodeUnsigned, "There is no signature, so anybody could have written this.", nil)
	}
}

func (b *badge) concludeProof() {
	var list []evidence
	var bad, unknown, good *signature
	for i := range b.signatures {
		s := &b.signatures[i]
		e := evidence{"kind": s.kind, "outcome": string(s.outcome)}
		if s.method != "" {
			e["verificationMethod"] = clean(s.method)
		}
		if s.code != "" {
			e["code"] = s.code
		}
		if s.remarks != nil {
			e["remarks"] = s.remarks
		}
		list = append(list, e)
		switch s.outcome {
		case signatureGood:
			good = s
		case signatureBad:
			if bad == nil {
				bad = s
			}
		default:
			if unknown == nil {
				unknown = s
			}
		}
	}
	e := evidence{"proofs": list}
	switch {
	case bad != nil:
		b.fail(CheckProof, Invalid, bad.code, bad.reason, e)
	case good != nil && unknown == nil:
		b.pass(CheckProof, CodeProofHolds, "The signature holds: nothing was altered since it was made.", e)
	case good != nil:
		b.pass(CheckProof, CodeProofHolds, "A signature holds; others are of kinds that are not known here.", e)
	default:
		b.cannot(CheckProof, unknown.code, unknown.reason, e)
	}
}

// signaturesEmbedded judges the proofs inside the credential (VC Data Integrity,
// section 4.4; Ed25519Signature2020).
func (b *badge) signaturesEmbedded() []signature {
	proofs := proof.Proofs(b.json)
	var out []signature
	for i := range proofs {
		if i == maxProofs {
			return append(out, signature{kind: "more", outcome: signatureBad, code: CodeBudget, reason: fmt.Sprintf("The badge carries more than %d proofs.", maxProofs)})
		}
		out = append(out, b.signatureEmbedded(&proofs[i]))
	}
	return out
}

func (b *badge) signatureEmbedded(p *strictjson.Value) signature {
	s := signature{kind: printable(p.Get("type").Str()), method: p.Get("verificationMethod").Str()}
	if suite := p.Get("cryptosuite").Str(); suite != "" {
		s.kind += " " + printable(suite)
	}
	if method := p.Get("verificationMethod"); method.Is(strictjson.Object) {
		s.method = method.Get("id").Str()
	}
	if b.v.options.Profile != W3C && ownVocabulary(b.doc) {
		s.finding = keyFinding{}.bound(Unconfirmed, CodeContextOwn, "Its signature could not be checked.")
		s.outcome, s.code, s.reason = signatureUnknown, CodeContextOwn, "The badge brings along definitions of its own words, which its signature does not cover, so the words may not mean what was signed."
		return s
	}
	purpose := b.purpose()
	s.finding = b.v.methodKey(s.method, b.signer(s.method), purpose)
	if s.finding.malformed {
		s.outcome, s.code, s.reason = signatureBad, s.finding.code, s.finding.reason
		return s
	}
	o := proof.CheckOptions{Purpose: purpose, Now: b.v.at, InlineContextsUnsafe: b.v.options.Profile == W3C}
	if b.doc.Kind == openbadges.KindPresentation || b.v.options.Profile == W3C && b.depth == 0 {
		o.Domain, o.Challenge = b.v.options.Domain, b.v.options.Challenge
	}
	// A list that many badges name is signed once; only its single signature, which
	// has no end of its own, is worth keeping.
	keep := b.inner && b.from != "" && s.finding.key != nil && p.Get("expires") == nil && len(proof.Proofs(b.json)) == 1
	if keep && b.v.options.Cache.holds(b.from, b.doc.Raw, s.finding.key) {
		s.outcome = signatureGood
		return s
	}
	s.judge(proof.Check(b.json, p, s.finding.key, o))
	if keep && s.outcome == signatureGood {
		b.v.options.Cache.keepSignature(b.from, b.doc.Raw, s.finding.key)
	}
	return s
}

// purpose is what a proof must be for: a credential is an assertion, a
// presentation is authenticated by its holder.
func (b *badge) purpose() string {
	if b.doc.Kind == openbadges.KindPresentation {
		return "authentication"
	}
	return "assertionMethod"
}

// judge turns the answer of package proof into an outcome. Without a key the
// proof's own rules still count.
func (s *signature) judge(err error) {
	var bad *proof.Error
	switch {
	case err == nil:
		s.outcome = signatureGood
	case !errors.As(err, &bad):
		s.outcome, s.code, s.reason = signatureBad, CodeProofBad, "The signature does not hold: "+sentence(err.Error())+"."
	case bad.Code == proof.UnknownSuite:
		s.outcome, s.code, s.reason = signatureUnknown, CodeSuiteUnknown, "The signature is of a kind that is not known here ("+s.kind+")."
	case contextUnknown(err):
		s.outcome, s.code, s.reason = signatureUnknown, CodeContextUnknown, "The signature could not be checked: "+sentence(err.Error())+"."
	case s.finding.key == nil && bad.Code == proof.UnsupportedKey:
		s.outcome, s.code, s.reason = signatureUnknown, CodeKeyMissing, "The signature could not be checked, because its key could not be got. "+s.finding.reason
	default:
		s.outcome, s.code, s.reason = signatureBad, string(bad.Code), "The signature does not hold: "+sentence(err.Error())+"."
	}
}

// contextUnknown tells whether all that stands in the way is a vocabulary that
// is not among our tables.
func contextUnknown(err error) bool {
	var e *jsonld.Error
	return errors.As(err, &e) && e.Code == jsonld.UnknownContext
}

// ownVocabulary tells whether a document defines terms itself, by a @context that
// is no address. Such a context is not among what an RDF suite signs: whoever
// holds the badge could add one.
func ownVocabulary(doc *openbadges.Document) bool {
	// Nearly all documents name the word once, at the top; only an escape could
	// hide another.
	if bytes.Count(doc.Raw, []byte(`@context`)) == 1 && !bytes.Contains(doc.Raw, []byte(`\u00`)) {
		return ownContext(doc.JSON.Get("@context"))
	}
	return definesTerms(doc.JSON)
}

func definesTerms(v *strictjson.Value) bool {
	for i := range v.Items() {
		if definesTerms(&v.Items()[i]) {
			return true
		}
	}
	for i := range v.Members() {
		m := &v.Members()[i]
		if m.Name == "@context" && ownContext(&m.Value) || m.Name != "@context" && definesTerms(&m.Value) {
			return true
		}
	}
	return false
}

func ownContext(v *strictjson.Value) bool {
	list := v.List()
	for i := range list {
		if !list[i].Is(strictjson.String) {
			return true
		}
	}
	return false
}
