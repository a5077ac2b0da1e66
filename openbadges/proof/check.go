package proof

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"slices"
	"time"

	"github.com/mr-tron/base58"

	"github.com/accolade-badges/accolade/openbadges/strictjson"
)

// CheckOptions says what a proof must state. The zero value asks for an
// assertionMethod proof and leaves time, domain and challenge alone.
type CheckOptions struct {
	Purpose   string // default assertionMethod
	Domain    string // compared when set
	Challenge string // compared when set
	// Now is the time at which the proof's own expires is judged; the zero time
	// does not judge it.
	Now time.Time
	// InlineContextsUnsafe accepts documents that define terms in a context of
	// their own. Signed they are, but a reader that goes by the names of members, as
	// badge readers do, may show something else than what was signed.
	InlineContextsUnsafe bool
}

// Proofs returns the proofs of a document, whether it holds one or a list.
func Proofs(doc *strictjson.Value) []strictjson.Value { return doc.Get("proof").List() }

// Check tells whether proof, which must be one of doc's own, is good: made by
// the holder of key over doc as it stands, for the purpose at hand. nil means
// yes; otherwise the error is an [*Error].
//
// The rules are those of Data Integrity section 4.5. A proof that names previous
// proofs covers them, but does not vouch for them: check each of [Chain] as well.
// Whether key is the one that verificationMethod leads to is for the caller to
// see to.
func Check(doc, proof *strictjson.Value, key crypto.PublicKey, o CheckOptions) error {
	s, err := checkRules(doc, proof, o)
	if err != nil {
		return err
	}
	hash, err := s.hash(key)
	if err != nil {
		return err
	}
	signature, err := proofValue(proof, key)
	if err != nil {
		return err
	}
	document, err := unsecured(doc, proof)
	if err != nil {
		return err
	}
	if !o.InlineContextsUnsafe && inlineContext(document) {
		return refuse(InlineContext, "the document defines terms in a @context of its own; badges use published contexts only")
	}
	options := proof.Without("proofValue", "@context")
	if own := proof.Get("@context"); own != nil {
		if !beginsWith(document.Get("@context"), own) {
			return refuse(Malformed, "the proof has a @context that the document's does not begin with")
		}
		// vc-di-eddsa section 3.3.2: the document was signed under the context of its
		// proof. The RDF suites (section 3.2.5) take the document's in any case.
		if s.jcs {
			options = proof.Without("proofValue")
			changed := document.With("@context", *own)
			document = &changed
		}
	}
	err = verify(s, document, &options, key, hash, signature, "")
	if err != nil && !s.jcs && (err.Code == BadSignature || err.Code == Transformation) && usesMutableTerms(document) {
		// The published 3.0.3 context was changed in place and both editions are in
		// use; the other one may be what the issuer signed under.
		if verify(s, document, &options, key, hash, signature, "validator") == nil {
			return nil
		}
	}
	if err != nil {
		return err
	}
	return nil
}

func verify(s suite, document, options *strictjson.Value, key crypto.PublicKey, hash crypto.Hash, signature []byte, edition string) *Error {
	data, err := s.hashes(document, options, hash, edition)
	if err != nil {
		return err
	}
	good := false
	switch k := key.(type) {
	case ed25519.PublicKey:
		good = ed25519.Verify(k, data, signature)
	case *ecdsa.PublicKey:
		good = verifyECDSA(k, digest(data, hash), signature)
	}
	if !good {
		return refuse(BadSignature, "the signature does not match: the badge was changed after it was signed, or another key signed it")
	}
	return nil
}

// checkRules checks the members of a proof that need no key.
func checkRules(doc, proof *strictjson.Value, o CheckOptions) (suite, *Error) {
	if !doc.Is(strictjson.Object) || !proof.Is(strictjson.Object) {
		return suite{}, refuse(Malformed, "the document and its proof must be JSON objects")
	}
	for _, name := range []string{"type", "verificationMethod", "proofPurpose", "proofValue"} {
		if proof.Get(name).Str() == "" {
			return suite{}, refuse(Malformed, "the proof needs a %s, one string", name)
		}
	}
	kind, cryptosuite := proof.Get("type").Str(), proof.Get("cryptosuite")
	if kind == DataIntegrityProof && cryptosuite.Str() == "" || cryptosuite != nil && !cryptosuite.Is(strictjson.String) {
		return suite{}, refuse(Malformed, "a %s needs a cryptosuite, one string", DataIntegrityProof)
	}
	s, known := suiteOf(kind, cryptosuite.Str())
	if !known {
		return suite{}, refuse(UnknownSuite, "proofs of type %.100q with cryptosuite %.100q are not known here", kind, cryptosuite.Str())
	}
	if o.Purpose == "" {
		o.Purpose = "assertionMethod"
	}
	if got := proof.Get("proofPurpose").Str(); got != o.Purpose {
		return suite{}, refuse(WrongPurpose, "the proof was made for the purpose %.100q, not %q", got, o.Purpose)
	}
	for _, name := range []string{"created", "expires"} {
		v := proof.Get(name)
		if v == nil {
			continue
		}
		when, ok := parseStamp(v.Str())
		if !ok {
			return suite{}, refuse(Malformed, "the proof's %s must be a date and time with zone", name)
		}
		if name == "expires" && !o.Now.IsZero() && !o.Now.Before(when) {
			return suite{}, refuse(Expired, "the proof expired at %s", when.UTC().Format(time.RFC3339))
		}
	}
	if o.Domain != "" && !slices.Contains(proof.Get("domain").Strings(), o.Domain) {
		return suite{}, refuse(WrongDomain, "the proof was not made for the domain %q", o.Domain)
	}
	if o.Challenge != "" && proof.Get("challenge").Str() != o.Challenge {
		return suite{}, refuse(WrongChallenge, "the proof does not answer the challenge that was asked")
	}
	return s, nil
}

// maxProofValue bounds the text: 96 bytes are 132 characters at most.
const maxProofValue = 140

// proofValue decodes a signature, which must have exactly the key's length.
func proofValue(proof *strictjson.Value, key crypto.PublicKey) ([]byte, *Error) {
	text := proof.Get("proofValue").Str()
	size := ed25519.SignatureSize
	if k, is := key.(*ecdsa.PublicKey); is {
		size = 2 * ((k.Curve.Params().N.BitLen() + 7) / 8)
	}
	if text[0] != 'z' {
		return nil, refuse(Malformed, "the proofValue must begin with z (base58btc)")
	}
	if len(text) > maxProofValue {
		return nil, refuse(Malformed, "the proofValue has %d characters, more than any signature", len(text))
	}
	raw, err := base58.Decode(text[1:])
	if err != nil {
		return nil, &Error{Malformed, "the proofValue is not base58", err}
	}
	if len(raw) != size {
		return nil, refuse(Malformed, "the proofValue has %d bytes, a signature of this kind has %d", len(raw), size)
	}
	return raw, nil
}

// beginsWith tells whether the context list whole begins with all of part.
func beginsWith(whole, part *strictjson.Value) bool {
	all, first := whole.List(), part.List()
	if len(first) > len(all) {
		return false
	}
	for i := range first {
		if !strictjson.Equal(&all[i], &first[i]) {
			return false
		}
	}
	return true
}

// inlineContext tells whether a context is written out anywhere in the document.
func inlineContext(v *strictjson.Value) bool {
	for i := range v.Items() {
		if inlineContext(&v.Items()[i]) {
			return true
		}
	}
	for i := range v.Members() {
		m := &v.Members()[i]
		if m.Name != "@context" {
			if inlineContext(&m.Value) {
				return true
			}
			continue
		}
		for _, c := range m.Value.List() {
			if !c.Is(strictjson.String) {
				return true
			}
		}
	}
	return false
}

// usesMutableTerms tells whether a document uses one of the two terms that only
// one edition of the Open Badges 3.0.3 context has.
func usesMutableTerms(v *strictjson.Value) bool {
	for i := range v.Items() {
		if usesMutableTerms(&v.Items()[i]) {
			return true
		}
	}
	for i := range v.Members() {
		m := &v.Members()[i]
		if m.Name == "endorsementJwt" || m.Name == "jti" || usesMutableTerms(&m.Value) {
			return true
		}
	}
	return false
}

// parseStamp reads a dateTimeStamp (XML Schema 1.1 part 2, section 3.4.28) more
// strictly than [time.Parse]: four-digit year, capital T and Z, a zone.
func parseStamp(s string) (time.Time, bool) {
	const shape = "0000-00-00T00:00:00"
	if len(s) < len(shape)+1 || len(s) > 40 {
		return time.Time{}, false
	}
	for i := range len(shape) {
		digit := s[i] >= '0' && s[i] <= '9'
		if shape[i] == '0' && !digit || shape[i] != '0' && s[i] != shape[i] {
			return time.Time{}, false
		}
	}
	if c := s[len(shape)]; c == ',' || s[len(s)-1] == 'z' {
		return time.Time{}, false
	}
	t, err := time.Parse(time.RFC3339Nano, s)
	return t, err == nil
}
