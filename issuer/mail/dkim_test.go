package mail_test

import (
	"bytes"
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"strings"
	"testing"

	"github.com/emersion/go-msgauth/dkim"

	"github.com/accolade-badges/accolade/issuer/mail"
)

func mustRSA(tb testing.TB, bits int) *rsa.PrivateKey {
	tb.Helper()
	key, err := rsa.GenerateKey(rand.Reader, bits)
	if err != nil {
		tb.Fatal(err)
	}
	return key
}

func mustKeyRecord(tb testing.TB, public crypto.PublicKey) string {
	tb.Helper()
	der, err := x509.MarshalPKIXPublicKey(public)
	if err != nil {
		tb.Fatal(err)
	}
	return mail.KeyRecord(public, der)
}

// TestSignedMailVerifies with an independent reader of DKIM and the record that
// we tell people to publish.
func TestSignedMailVerifies(t *testing.T) {
	t.Parallel()
	_, ed, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for name, key := range map[string]crypto.Signer{"RSA": mustRSA(t, 2048), "Ed25519": ed} {
		record := mustKeyRecord(t, key.Public())
		for _, locale := range []string{"en", "zh-CN"} {
			m := everyMail(t, locale)["reminder"]
			m.Signature = &mail.Signature{Domain: "example.org", Selector: "badges", Key: key}
			body, err := m.Bytes()
			if err != nil {
				t.Fatal(err)
			}
			asked := ""
			verify := func(body []byte) []*dkim.Verification {
				list, err := dkim.VerifyWithOptions(bytes.NewReader(body), &dkim.VerifyOptions{LookupTXT: func(name string) ([]string, error) {
					asked = name
					return []string{record}, nil
				}})
				if err != nil || len(list) != 1 {
					t.Fatalf("%s: %v, %d signatures", name, err, len(list))
				}
				return list
			}
			got := verify(body)[0]
			if got.Err != nil || got.Domain != "example.org" || asked != "badges._domainkey.example.org" {
				t.Errorf("%s %s: %v, for %s, key at %s", name, locale, got.Err, got.Domain, asked)
			}
			covered := strings.ToLower(strings.Join(got.HeaderKeys, " "))
			for _, header := range []string{"from", "subject", "message-id", "list-unsubscribe", "list-unsubscribe-post"} {
				if !strings.Contains(" "+covered+" ", " "+header+" ") {
					t.Errorf("%s: the signature does not cover %s", name, header)
				}
			}
			if changed := verify(bytes.Replace(body, []byte("One-Click"), []byte("Two-Click"), 1))[0]; changed.Err == nil {
				t.Errorf("%s: a changed header still verifies", name)
			}
		}
	}
}

func TestSelectors(t *testing.T) {
	t.Parallel()
	for selector, ok := range map[string]bool{"badges2026": true, "a.b-c": true, "": false, "A": false, "a b": false, "-a": false, "a._domainkey": false, "a\n": false} {
		if err := mail.CheckSelector(selector); (err == nil) != ok {
			t.Errorf("%q: %v", selector, err)
		}
	}
}
