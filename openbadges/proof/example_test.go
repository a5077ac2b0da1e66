package proof_test

import (
	"crypto/ed25519"
	"errors"
	"fmt"
	"time"

	"github.com/accolade-badges/accolade/openbadges/did"
	"github.com/accolade-badges/accolade/openbadges/proof"
	"github.com/accolade-badges/accolade/openbadges/strictjson"
)

const badge = `{
  "@context": ["https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"],
  "id": "https://badges.example.org/badges/1",
  "type": ["VerifiableCredential", "OpenBadgeCredential"],
  "issuer": {"id": "did:web:badges.example.org", "type": ["Profile"], "name": "Sample Issuer"},
  "validFrom": "2026-01-05T10:00:00Z",
  "credentialSubject": {
    "id": "urn:uuid:00000000-0000-4000-8000-000000000001", "type": ["AchievementSubject"],
    "achievement": {"id": "https://badges.example.org/achievements/1", "type": ["Achievement"], "name": "Sample",
      "description": "A sample.", "criteria": {"narrative": "Be a sample."}}
  }
}`

// sampleKey is of a fixed seed; a real one comes from a key store.
func sampleKey() ed25519.PrivateKey {
	return ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
}

func Example() {
	key := sampleKey()
	document, err := strictjson.Parse([]byte(badge))
	if err != nil {
		fmt.Println(err)
		return
	}
	multikey, _ := did.Multikey(key.Public())
	signed, err := proof.Sign(document, key, proof.Options{
		VerificationMethod: "did:web:badges.example.org#" + multikey,
		Created:            time.Date(2026, 1, 5, 10, 0, 0, 0, time.UTC),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	first := proof.Proofs(&signed)[0]
	fmt.Println(first.Get("cryptosuite").Str(), proof.Check(&signed, &first, key.Public(), proof.CheckOptions{}))

	forged := signed.With("validFrom", strictjson.NewString("2020-01-01T00:00:00Z"))
	var e *proof.Error
	if errors.As(proof.Check(&forged, &first, key.Public(), proof.CheckOptions{}), &e) {
		fmt.Println(e.Code, e.Problem())
	}
	// Output:
	// eddsa-rdfc-2022 <nil>
	// bad_signature https://w3id.org/security#PROOF_VERIFICATION_ERROR
}

func ExampleSignJWT() {
	key := sampleKey() // RS256 is what every reader knows: use an RSA key
	credential, err := strictjson.Parse([]byte(badge))
	if err != nil {
		fmt.Println(err)
		return
	}
	token, err := proof.SignJWT(credential, key, "https://badges.example.org/keys/1")
	if err != nil {
		fmt.Println(err)
		return
	}
	jwt, err := proof.ParseJWT(token)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%s\n%v %v\n", jwt.Header.Append(nil), jwt.Verify(key.Public()), jwt.CheckClaims())
	// Output:
	// {"alg":"EdDSA","kid":"https://badges.example.org/keys/1","typ":"JWT"}
	// <nil> []
}
