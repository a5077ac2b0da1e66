package proof

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/rand"
	"io"
	"time"

	"github.com/mr-tron/base58"

	"github.com/accolade-badges/accolade/openbadges/strictjson"
)

// Options says what a new proof shall state about itself.
type Options struct {
	// Cryptosuite is EddsaRDFC2022, the default, or EcdsaRDFC2019.
	Cryptosuite string
	// VerificationMethod is where the public key is found. Required.
	VerificationMethod string
	// Created is written in UTC and whole seconds; left out when zero.
	Created time.Time
	// Expires ends the proof, not the credential; left out when zero.
	Expires time.Time
	// Purpose is assertionMethod by default.
	Purpose           string
	Domain, Challenge string
	// ID names the proof, so that a later one can refer to it.
	ID string
	// PreviousProof is the ID of a proof in the document that this one confirms.
	PreviousProof string
	// Rand feeds ECDSA signers; default [rand.Reader]. Ed25519 uses none.
	Rand io.Reader
}

// stamp is dateTimeStamp in whole seconds.
const stamp = "2006-01-02T15:04:05Z"

// object writes the proof options, without proofValue.
func (o Options) object() strictjson.Value {
	members := make([]strictjson.Member, 0, 12)
	add := func(name, value string) {
		if value != "" {
			members = append(members, strictjson.Member{Name: name, Value: strictjson.NewString(value)})
		}
	}
	when := func(t time.Time) string {
		if t.IsZero() {
			return ""
		}
		return t.UTC().Format(stamp)
	}
	add("id", o.ID)
	add("type", DataIntegrityProof)
	add("cryptosuite", o.Cryptosuite)
	add("created", when(o.Created))
	add("expires", when(o.Expires))
	add("verificationMethod", o.VerificationMethod)
	add("proofPurpose", o.Purpose)
	add("domain", o.Domain)
	add("challenge", o.Challenge)
	add("previousProof", o.PreviousProof)
	return strictjson.NewObject(members...)
}

// Sign returns doc with a new proof at the end of its "proof" array; the proofs
// that it has are kept. It refuses what has no certain canonical form: undefined
// terms, relative IRIs, unknown contexts. The error is an [*Error] of code
// [NotSigned].
func Sign(doc *strictjson.Value, signer crypto.Signer, o Options) (strictjson.Value, error) {
	signed, err := sign(doc, signer, o)
	if err != nil {
		return strictjson.Value{}, &Error{NotSigned, "sign", err}
	}
	return signed, nil
}

func sign(doc *strictjson.Value, signer crypto.Signer, o Options) (strictjson.Value, error) {
	if o.Cryptosuite == "" {
		o.Cryptosuite = EddsaRDFC2022
	}
	if o.Purpose == "" {
		o.Purpose = "assertionMethod"
	}
	if o.Rand == nil {
		o.Rand = rand.Reader
	}
	s, known := suiteOf(DataIntegrityProof, o.Cryptosuite)
	switch {
	case !doc.Is(strictjson.Object):
		return strictjson.Value{}, refuse(Malformed, "the document must be a JSON object")
	case o.Cryptosuite != EddsaRDFC2022 && o.Cryptosuite != EcdsaRDFC2019 || !known:
		return strictjson.Value{}, refuse(UnknownSuite, "cryptosuite %q cannot be written; use %s or %s", o.Cryptosuite, EddsaRDFC2022, EcdsaRDFC2019)
	case o.VerificationMethod == "":
		return strictjson.Value{}, refuse(Malformed, "the proof needs a verification method")
	}
	hash, err := s.hash(signer.Public())
	if err != nil {
		return strictjson.Value{}, err
	}
	options := o.object()
	document, err := unsecured(doc, &options)
	if err != nil {
		return strictjson.Value{}, err
	}
	data, err := s.hashes(document, &options, hash, "")
	if err != nil {
		return strictjson.Value{}, err
	}
	signature, failure := signature(signer, s, data, hash, o.Rand)
	if failure != nil {
		return strictjson.Value{}, failure
	}
	proof := options.With("proofValue", strictjson.NewString("z"+base58.Encode(signature)))
	proofs := append(append([]strictjson.Value(nil), doc.Get("proof").List()...), proof)
	return doc.With("proof", strictjson.NewArray(proofs...)), nil
}

func signature(signer crypto.Signer, s suite, data []byte, hash crypto.Hash, random io.Reader) ([]byte, error) {
	if !s.ecdsa {
		return signer.Sign(random, data, crypto.Hash(0))
	}
	der, err := signer.Sign(random, digest(data, hash), hash)
	if err != nil {
		return nil, err
	}
	key := signer.Public().(*ecdsa.PublicKey)
	raw, ok := rawSignature(der, (key.Curve.Params().N.BitLen()+7)/8)
	if !ok {
		return nil, refuse(Malformed, "the signer gave no ASN.1 signature")
	}
	return raw, nil
}
