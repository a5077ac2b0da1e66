package proof

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/sha256"
	"crypto/sha512"
	"sync"

	"github.com/gowebpki/jcs"

	"github.com/accolade-badges/accolade/openbadges/did"
	"github.com/accolade-badges/accolade/openbadges/jsonld"
	"github.com/accolade-badges/accolade/openbadges/strictjson"
)

// Cryptosuites that are read; the first two are also written.
const (
	EddsaRDFC2022 = "eddsa-rdfc-2022" // vc-di-eddsa section 3.2
	EcdsaRDFC2019 = "ecdsa-rdfc-2019" // vc-di-ecdsa section 3.2
	EddsaJCS2022  = "eddsa-jcs-2022"  // vc-di-eddsa section 3.3
	Eddsa2022     = "eddsa-2022"      // the name that eddsa-rdfc-2022 had before
)

// Proof types that are read.
const (
	DataIntegrityProof   = "DataIntegrityProof"
	Ed25519Signature2020 = "Ed25519Signature2020" // has no cryptosuite
)

// suite is what sets the supported ways of signing apart.
type suite struct {
	name  string
	ecdsa bool
	jcs   bool
}

func suiteOf(kind, cryptosuite string) (suite, bool) {
	switch {
	case kind == Ed25519Signature2020 && cryptosuite == "":
		return suite{name: kind}, true
	case kind != DataIntegrityProof:
		return suite{}, false
	}
	switch cryptosuite {
	case EddsaRDFC2022, Eddsa2022:
		return suite{name: cryptosuite}, true
	case EcdsaRDFC2019:
		return suite{name: cryptosuite, ecdsa: true}, true
	case EddsaJCS2022:
		return suite{name: cryptosuite, jcs: true}, true
	}
	return suite{}, false
}

// hash returns the hash that goes with a key, or an error when the suite does
// not take such a key (the key decides, not the proof).
func (s suite) hash(key crypto.PublicKey) (crypto.Hash, *Error) {
	if err := did.CheckKey(key); err != nil {
		return 0, &Error{UnsupportedKey, "the key cannot be used", err}
	}
	switch k := key.(type) {
	case ed25519.PublicKey:
		if !s.ecdsa {
			return crypto.SHA256, nil
		}
	case *ecdsa.PublicKey:
		switch {
		case s.ecdsa && k.Curve == elliptic.P256():
			return crypto.SHA256, nil
		case s.ecdsa && k.Curve == elliptic.P384():
			return crypto.SHA384, nil
		}
	}
	return 0, refuse(UnsupportedKey, "%s takes no key of type %T", s.name, key)
}

// hashes returns what a suite signs: the hash of the proof options followed by
// the hash of the document (vc-di-eddsa section 3.2.4). The document's context
// is the options' context.
func (s suite) hashes(document, options *strictjson.Value, hash crypto.Hash, edition string) ([]byte, *Error) {
	buf := canonicalBytes.Get().(*[]byte)
	defer canonicalBytes.Put(buf)
	canonical := func(v *strictjson.Value) ([]byte, error) {
		if s.jcs {
			return jcs.Transform(v.Append(nil))
		}
		out, err := jsonld.AppendCanonical((*buf)[:0], v, jsonld.Options{Hash: hash, Edition: edition, Context: document.Get("@context")})
		if err == nil && cap(out) <= largestKept {
			*buf = out
		}
		return out, err
	}
	out := make([]byte, 0, 2*sha512.Size384)
	text, err := canonical(options)
	if err != nil {
		return nil, &Error{Transformation, "the proof has no canonical form", err}
	}
	out = appendHash(out, text, hash)
	if text, err = canonical(document); err != nil {
		return nil, &Error{Transformation, "the document has no canonical form", err}
	}
	return appendHash(out, text, hash), nil
}

// canonicalBytes keeps the memory of canonical forms, which live only until they
// are hashed; that of unusually large ones is let go.
var canonicalBytes = sync.Pool{New: func() any { return new([]byte) }}

const largestKept = 64 << 10

func appendHash(dst, text []byte, hash crypto.Hash) []byte {
	if hash == crypto.SHA384 {
		sum := sha512.Sum384(text)
		return append(dst, sum[:]...)
	}
	sum := sha256.Sum256(text)
	return append(dst, sum[:]...)
}

// digest is what ECDSA signs of the two hashes.
func digest(data []byte, hash crypto.Hash) []byte {
	if hash == crypto.SHA384 {
		sum := sha512.Sum384(data)
		return sum[:]
	}
	sum := sha256.Sum256(data)
	return sum[:]
}
