package proof

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"strings"
	"testing"

	"github.com/accolade-badges/accolade/openbadges/did"
)

// TestAlgorithmConfusion makes tokens whose HMAC key is public.
func TestAlgorithmConfusion(t *testing.T) {
	key := keys()["RSA"].Public()
	der, err := x509.MarshalPKIXPublicKey(key)
	if err != nil {
		t.Fatal(err)
	}
	for _, algorithm := range []string{"HS256", "RS256", "EdDSA"} {
		encode := base64.RawURLEncoding.EncodeToString
		input := encode([]byte(`{"alg":"`+algorithm+`"}`)) + "." + encode([]byte(`{"iss":"x"}`))
		mac := hmac.New(sha256.New, der)
		mac.Write([]byte(input))
		j := MustParseJWT(t, input+"."+encode(mac.Sum(nil)))
		if err := j.Verify(key); err == nil {
			t.Errorf("an HMAC under the name %s passes", algorithm)
		}
	}
}

func TestSignOB2(t *testing.T) {
	const assertion = `{ "@context": "https://w3id.org/openbadges/v2", "type": "Assertion", "id": "urn:uuid:1", "verification": {"type": "SignedBadge", "creator": "https://example.org/keys/1"} }`
	for _, name := range []string{"RSA", "P-256", "Ed25519"} {
		signer := keys()[name]
		token, err := SignOB2([]byte(assertion), signer)
		if err != nil {
			t.Fatal(err)
		}
		j, err := ParseJWS(token)
		if err != nil {
			t.Fatal(err)
		}
		if string(j.Payload) != assertion {
			t.Errorf("payload %s, want the assertion byte for byte", j.Payload)
		}
		if got, want := string(j.Header.Append(nil)), `{"alg":"`+did.Algorithm(signer.Public())+`"}`; got != want {
			t.Errorf("header %s, want %s", got, want)
		}
		if err := j.Verify(signer.Public()); err != nil {
			t.Errorf("Verify: %v", err)
		}
		j.token = strings.Replace(j.token, ".eyA", ".eyB", 1)
		if got := codeOf(t, j.Verify(signer.Public())); got != BadSignature {
			t.Errorf("Verify of a changed token: code %q, want %q", got, BadSignature)
		}
	}
	for _, bad := range []string{`[]`, `{}`, `{"verification":{"type":"SignedBadge"},"id":1,"id":2}`, ``} {
		if _, err := SignOB2([]byte(bad), edKey(1)); codeOf(t, err) != NotSigned {
			t.Errorf("SignOB2(%s) = %v, want code %q", bad, err, NotSigned)
		}
	}
}
