package verifier

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/accolade-badges/accolade/openbadges/proof"
)

// TestPresentationHolder judges who presents, and what needs no proof of its own.
func TestPresentationHolder(t *testing.T) {
	w := newWorld(t)
	holder, method := didKey(t, "w3c holder")
	const inside = `{"@context": ["https://www.w3.org/ns/credentials/v2"], "type": ["VerifiableCredential"], "issuer": "HOLDER", "credentialSubject": {"id": "urn:uuid:1"}}`
	for _, c := range []struct {
		name, members string
		want          Verdict
	}{
		{"no holder, nothing inside", ``, Valid},
		{"a holder", `, "holder": "HOLDER"`, Valid},
		{"a holder as an object", `, "holder": {"id": "HOLDER"}`, Valid},
		{"another holder", `, "holder": "did:key:z6MkpJySvETLnxhQG9DzEdmKJtysBDjuuTeDfUj1uNNCUqcj"`, Invalid},
		{"a holder who cannot be looked up", `, "holder": "did:example:alice"`, Invalid},
		{"asserted by the holder", `, "holder": "HOLDER", "verifiableCredential": [` + inside + `]`, Valid},
		{"asserted by nobody", `, "verifiableCredential": [` + inside + `]`, Invalid},
		{"asserted by another", `, "holder": "HOLDER", "verifiableCredential": [` + strings.ReplaceAll(inside, "HOLDER", "did:example:alice") + `]`, Invalid},
	} {
		t.Run(c.name, func(t *testing.T) {
			text := `{"@context": ["https://www.w3.org/ns/credentials/v2"], "type": ["VerifiablePresentation"]` + c.members + `}`
			p := w.parse(strings.ReplaceAll(text, "HOLDER", holder))
			signed, err := proof.Sign(&p, edKey("w3c holder"), proof.Options{VerificationMethod: method, Purpose: "authentication", Created: noon.Add(-time.Hour)})
			w.must(err)
			r, err := Verify(context.Background(), Input{Data: signed.Append(nil)}, Options{Now: atNoon, Offline: true, Profile: W3C})
			w.must(err)
			wantVerdict(t, r, c.want, "", "")
		})
	}
}

func TestDigestsOfRelatedResources(t *testing.T) {
	for s, want := range map[string]bool{
		"sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=":                                             true,
		"sha512-z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlODJ6+SfaPg==": true,
		"sha256": false, "sha256-": false, "": false,
		"sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=":                                       false,
		"sha384-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=":                     false,
		"sha256-e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855": false,
		"sha256-47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU=":                     false,
	} {
		if got := isSRI(s); got != want {
			t.Errorf("isSRI(%q) is %t", s, got)
		}
	}
	for s, want := range map[string]bool{
		"uEiDjsMRCmPwcFJr79MiZb7kkJ65B5GSbk0yklZkbeFK4VQ": true,
		"zQmdfTbBqBPQ7VNxZEYEj14VmRuZBkqFbiwReogJgS1zR1n": true,
		"": false, "u": false, "uAAAA": false, "u*": false, "QmdfTbBqBPQ7VNxZEYEj14VmRuZBkqFbiwReogJgS1zR1n": false,
		"uEiDjsMRCmPwcFJr79MiZb7kkJ65B5GSbk0yklZkbeFK4": false,
	} {
		if got := isMultihash(s); got != want {
			t.Errorf("isMultihash(%q) is %t", s, got)
		}
	}
}
