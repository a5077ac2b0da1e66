package proof

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/accolade-badges/accolade/openbadges/did"
	"github.com/accolade-badges/accolade/openbadges/strictjson"
)

// sample is an Open Badges 3.0 credential of nobody.
const sample = `{
  "@context": ["https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"],
  "id": "https://badges.example.org/badges/sample",
  "type": ["VerifiableCredential", "OpenBadgeCredential"],
  "name": "Sample Practitioner",
  "issuer": {"id": "did:web:badges.example.org:issuers:sample", "type": ["Profile"], "name": "Sample Issuer"},
  "validFrom": "2026-01-05T10:00:00Z",
  "validUntil": "2027-01-05T10:00:00Z",
  "credentialSubject": {
    "id": "urn:uuid:00000000-0000-4000-8000-000000000001",
    "type": ["AchievementSubject"],
    "identifier": [{"type": "IdentityObject", "hashed": false, "identityType": "name", "identityHash": "Sample Earner"}],
    "achievement": {
      "id": "https://badges.example.org/achievements/sample",
      "type": ["Achievement"],
      "name": "Sample Practitioner",
      "description": "Passed the sample exam.",
      "criteria": {"narrative": "Pass the sample exam."}
    }
  }
}`

// day is when the samples are signed.
var day = time.Date(2026, 1, 5, 10, 0, 0, 0, time.UTC)

func MustParse(tb testing.TB, text string) *strictjson.Value {
	tb.Helper()
	v, err := strictjson.Parse([]byte(text))
	if err != nil {
		tb.Fatal(err)
	}
	return v
}

func MustRead(tb testing.TB, path string) []byte {
	tb.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		tb.Fatal(err)
	}
	return data
}

// shared returns a path in the folder of published vectors, or skips.
func shared(tb testing.TB, parts ...string) string {
	tb.Helper()
	root := filepath.Join("..", "..", "..", "shared")
	if _, err := os.Stat(root); err != nil {
		tb.Skip("the folder of published vectors is not here: ", err)
	}
	return filepath.Join(append([]string{root}, parts...)...)
}

// edKey is an Ed25519 key of a fixed seed; it signs nothing of value.
func edKey(n byte) ed25519.PrivateKey {
	seed := [ed25519.SeedSize]byte{n}
	return ed25519.NewKeyFromSeed(seed[:])
}

// keys returns one signer of every kind, made once.
var keys = sync.OnceValue(func() map[string]crypto.Signer {
	out := map[string]crypto.Signer{"Ed25519": edKey(1)}
	for _, curve := range []elliptic.Curve{elliptic.P256(), elliptic.P384(), elliptic.P521()} {
		k, err := ecdsa.GenerateKey(curve, rand.Reader)
		if err != nil {
			panic(err)
		}
		out[curve.Params().Name] = k
	}
	k, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	out["RSA"] = k
	return out
})

func MustSign(tb testing.TB, doc *strictjson.Value, signer crypto.Signer, o Options) *strictjson.Value {
	tb.Helper()
	if o.VerificationMethod == "" {
		id, err := did.Key(signer.Public())
		if err != nil {
			tb.Fatal(err)
		}
		o.VerificationMethod = id + "#" + id[len("did:key:"):]
	}
	signed, err := Sign(doc, signer, o)
	if err != nil {
		tb.Fatal(err)
	}
	return &signed
}

// codeOf returns the code of an error, "" for nil.
func codeOf(tb testing.TB, err error) Code {
	tb.Helper()
	if err == nil {
		return ""
	}
	var e *Error
	if !errors.As(err, &e) {
		tb.Fatalf("error %v is no *Error", err)
	}
	return e.Code
}
