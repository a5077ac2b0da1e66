package did_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/accolade-badges/accolade/openbadges/did"
	"github.com/accolade-badges/accolade/openbadges/strictjson"
)

func mustMultikey(tb testing.TB, n byte) string {
	tb.Helper()
	s, err := did.Multikey(sampleKey(n))
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

func TestParseDocumentReadsEveryForm(t *testing.T) {
	a, b := mustMultikey(t, 1), mustMultikey(t, 2)
	jwk, err := did.MarshalJWK(sampleKey(1), "k", "EdDSA")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ name, base, in, method string }{
		{"absolute reference", "did:web:e.org", `{"id":"did:web:e.org","verificationMethod":[{"id":"did:web:e.org#a","type":"Multikey","controller":"did:web:e.org","publicKeyMultibase":"` + a + `"}],"assertionMethod":["did:web:e.org#a"]}`, "did:web:e.org#a"},
		{"relative reference", "did:web:e.org", `{"id":"did:web:e.org","verificationMethod":[{"id":"#a","type":"Multikey","controller":"did:web:e.org","publicKeyMultibase":"` + a + `"}],"assertionMethod":["#a"]}`, "did:web:e.org#a"},
		{"embedded", "did:web:e.org", `{"id":"did:web:e.org","assertionMethod":[{"id":"#a","type":"Multikey","controller":"did:web:e.org","publicKeyMultibase":"` + a + `"}]}`, "did:web:e.org#a"},
		{"embedded and single", "did:web:e.org", `{"id":"did:web:e.org","assertionMethod":{"id":"#a","type":["Multikey"],"controller":"did:web:e.org","publicKeyMultibase":"` + a + `"}}`, "did:web:e.org#a"},
		{"https profile", "https://e.org/i/1", `{"id":"https://e.org/i/1","type":["Profile"],"name":"E","verificationMethod":[{"id":"https://e.org/i/1#a","type":"MultiKey","controller":"https://e.org/i/1","publicKeyMultibase":"` + a + `"}],"assertionMethod":["#a"]}`, "https://e.org/i/1#a"},
		{"key at an address of its own", "https://e.org/i/1", `{"id":"https://e.org/i/1","verificationMethod":[{"id":"/keys/a","type":"Multikey","controller":"https://e.org/i/1","publicKeyMultibase":"` + a + `"}],"assertionMethod":["/keys/a"]}`, "https://e.org/keys/a"},
		{"JsonWebKey", "did:web:e.org", `{"id":"did:web:e.org","assertionMethod":[{"id":"#a","type":"JsonWebKey2020","controller":"did:web:e.org","publicKeyJwk":` + string(jwk) + `}]}`, "did:web:e.org#a"},
		{"2020 suite", "did:web:e.org", `{"id":"did:web:e.org","assertionMethod":[{"id":"#a","type":"Ed25519VerificationKey2020","controller":"did:web:e.org","publicKeyMultibase":"` + a + `"}]}`, "did:web:e.org#a"},
		{"a second key that is not read", "did:web:e.org", `{"id":"did:web:e.org","verificationMethod":[{"id":"#x","type":"X","controller":"c"}],"assertionMethod":["#x",{"id":"#a","type":"Multikey","controller":"did:web:e.org","publicKeyMultibase":"` + a + `"}]}`, "#a"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d, err := did.ParseDocument(MustParse(t, tt.in), tt.base)
			if err != nil {
				t.Fatal(err)
			}
			if m, err := d.Method(tt.method, "assertionMethod"); err != nil || !sampleKey(1).Equal(m.Key) {
				t.Errorf("Method(%q) = %+v, %v, want the key", tt.method, m, err)
			}
			if m, err := d.Method(tt.method, "authentication"); !errors.Is(err, did.ErrNotListed) {
				t.Errorf("Method(%q) for authentication = %+v, %v, want ErrNotListed", tt.method, m, err)
			}
			if m, err := d.Method("did:web:e.org#"+b, "assertionMethod"); !errors.Is(err, did.ErrNoMethod) {
				t.Errorf("Method of an unknown id = %+v, %v, want ErrNoMethod", m, err)
			}
		})
	}
}

func TestParseDocumentRefuses(t *testing.T) {
	a, b := mustMultikey(t, 1), mustMultikey(t, 2)
	jwk, err := did.MarshalJWK(sampleKey(1), "k", "EdDSA")
	if err != nil {
		t.Fatal(err)
	}
	private := strings.Replace(string(jwk), "{", `{"d":"AAAA",`, 1)
	method := func(id, key string) string {
		return fmt.Sprintf(`{"id":%q,"type":"Multikey","controller":"did:web:e.org","publicKeyMultibase":%q}`, id, key)
	}
	for _, tt := range []struct {
		name, in string
		want     error
	}{
		{"no object", `"did:web:e.org"`, did.ErrMalformed},
		{"no id", `{}`, did.ErrMalformed},
		{"another's document", `{"id":"did:web:evil.example"}`, did.ErrIdentifier},
		{"id is a list", `{"id":["did:web:e.org"]}`, did.ErrMalformed},
		{"two keys of one id", `{"id":"did:web:e.org","verificationMethod":[` + method("#a", a) + `,` + method("#a", b) + `]}`, did.ErrMalformed},
		{"two keys of one id in two spellings", `{"id":"did:web:e.org","verificationMethod":[` + method("#a", a) + `],"assertionMethod":[` + method("did:web:e.org#a", b) + `]}`, did.ErrMalformed},
		{"a method without id", `{"id":"did:web:e.org","assertionMethod":[{"type":"Multikey","publicKeyMultibase":"` + a + `"}]}`, did.ErrMalformed},
		{"a number as method", `{"id":"did:web:e.org","assertionMethod":[1]}`, did.ErrMalformed},
		{"a relative id in a DID document", `{"id":"did:web:e.org","assertionMethod":["a"]}`, did.ErrMalformed},
		{"a private JWK alone", private, did.ErrPrivateKey},
		{"a private JWK in a set", `{"keys":[` + private + `]}`, did.ErrPrivateKey},
		{"too many methods", `{"id":"did:web:e.org","assertionMethod":["#a"` + strings.Repeat(`,"#a"`, 100) + `]}`, did.ErrMalformed},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if d, err := did.ParseDocument(MustParse(t, tt.in), "did:web:e.org"); !errors.Is(err, tt.want) {
				t.Errorf("ParseDocument(%.150s) = %+v, %v, want %v", tt.in, d, err, tt.want)
			}
		})
	}
}

func TestKeySetLeavesOutWhatIsOfNoUse(t *testing.T) {
	good, err := did.MarshalJWK(sampleKey(1), "good", "EdDSA")
	if err != nil {
		t.Fatal(err)
	}
	for _, other := range []string{
		`{"kty":"OKP","crv":"X448","x":"AAAA"}`, `{"kty":"RSA","n":"AAAA","e":"AQAB"}`, `{"kty":"EC","crv":"P-256","x":"AA"}`, `{"kid":"no kty"}`,
	} {
		keys, err := did.ParseJWKSet(MustParse(t, `{"keys":[`+other+`,`+string(good)+`]}`))
		if err != nil || len(keys) != 1 || keys[0].KeyID != "good" {
			t.Errorf("a set of %s and a good key: %+v, %v, want the good key alone", other, keys, err)
		}
	}
}

func TestMethodSaysWhyItsKeyIsOfNoUse(t *testing.T) {
	a := mustMultikey(t, 1)
	jwk, err := did.MarshalJWK(sampleKey(1), "k", "EdDSA")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name, members string
		want          error
	}{
		{"no key", `"type":"Multikey"`, did.ErrUnsupported},
		{"two keys", `"type":"Multikey","publicKeyMultibase":"` + a + `","publicKeyJwk":` + string(jwk), did.ErrMalformed},
		{"its private key beside it", `"type":"Multikey","publicKeyMultibase":"` + a + `","secretKeyMultibase":"z3u2"`, did.ErrPrivateKey},
		{"a private JWK", `"type":"JsonWebKey","publicKeyJwk":` + strings.Replace(string(jwk), "{", `{"d":"AAAA",`, 1), did.ErrPrivateKey},
		{"the wrong kind for its type", `"type":"Ed25519VerificationKey2020","publicKeyMultibase":"zDnaepBuvsQ8cpsWrVKw8fbpGpvPeNSjVPTWoq6cRqaYzBKVP"`, did.ErrMalformed},
		{"a PEM that is none", `"type":"RsaVerificationKey2018","publicKeyPem":"AAAA"`, did.ErrMalformed},
		{"base58 of an unknown type", `"type":"EcdsaSecp256k1VerificationKey2019","publicKeyBase58":"2222"`, did.ErrUnsupported},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d, err := did.ParseDocument(MustParse(t, `{"id":"did:web:e.org","assertionMethod":[{"id":"#a","controller":"did:web:e.org",`+tt.members+`}]}`), "did:web:e.org")
			if err != nil {
				t.Fatal(err)
			}
			if m, err := d.Method("#a", "assertionMethod"); !errors.Is(err, tt.want) {
				t.Errorf("Method = %+v, %v, want %v", m, err, tt.want)
			}
		})
	}
}

// samples is the folder of real documents, or "" where it is absent.
func samples(tb testing.TB, parts ...string) string {
	tb.Helper()
	dir := filepath.Join(append([]string{"..", "..", "..", "shared"}, parts...)...)
	if _, err := os.Stat(dir); err != nil {
		tb.Skip("the folder of published samples is not here: ", err)
	}
	return dir
}

func TestPublishedDocuments(t *testing.T) {
	dir := samples(t, "fixtures", "badges", "documents")
	for _, tt := range []struct{ file, base, method, relation string }{
		{"digitalcredentials.github.io_vc-test-fixtures_dids_legacy_did.json", "did:web:digitalcredentials.github.io:vc-test-fixtures:dids:legacy", "#z6MkjXe1vZvPRqFuc9nRBtZ3e1Y9XKDFSbjFAfzLfW2bD6cZ", "assertionMethod"},
		{"digitalcredentials.github.io_vc-test-fixtures_dids_oidf_did.json", "did:web:digitalcredentials.github.io:vc-test-fixtures:dids:oidf", "#z6MkjXe1vZvPRqFuc9nRBtZ3e1Y9XKDFSbjFAfzLfW2bD6cZ", "assertionMethod"},
		{"example.org_key1.json", "http://example.org/key1.json", "http://example.org/key1.json", ""},
	} {
		data, err := os.ReadFile(filepath.Join(dir, tt.file))
		if err != nil {
			t.Fatal(err)
		}
		d, err := did.ParseDocument(MustParse(t, string(data)), tt.base)
		if err != nil {
			t.Errorf("ParseDocument(%s): %v", tt.file, err)
			continue
		}
		if m, err := d.Method(tt.method, tt.relation); err != nil || m.Key == nil || m.Controller == "" {
			t.Errorf("Method of %s = %+v, %v, want its key and controller", tt.file, m, err)
		}
	}
	pem, err := os.ReadFile(filepath.Join(dir, "issuer.example.org_public-key.pem"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := did.ParsePEM(string(pem)); err != nil {
		t.Errorf("ParsePEM: %v", err)
	}
}

func FuzzParseMultikey(f *testing.F) {
	f.Add("z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2")
	f.Add("zDnaepBuvsQ8cpsWrVKw8fbpGpvPeNSjVPTWoq6cRqaYzBKVP")
	f.Add("z82LkuBieyGShVBhvtE2zoiD6Kma4tJGFtkAhxR5pfkp5QPw4LutoYWhvQCnGjdVn14kujQ")
	f.Fuzz(func(t *testing.T, in string) {
		key, err := did.ParseMultikey(in)
		if err != nil {
			return
		}
		if out, err := did.Multikey(key); err != nil || out != in {
			t.Errorf("Multikey(ParseMultikey(%q)) = %q, %v, want the same text", in, out, err)
		}
	})
}

func FuzzParseDocument(f *testing.F) {
	f.Add(`{"id":"did:web:e.org","assertionMethod":[{"id":"#a","type":"Multikey","controller":"did:web:e.org","publicKeyMultibase":"z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"}]}`)
	f.Add(`{"keys":[{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo","kid":"a"}]}`)
	f.Add(`{"id":"https://e.org/k","type":"CryptographicKey","owner":"https://e.org","publicKeyPem":"-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----"}`)
	f.Fuzz(func(t *testing.T, in string) {
		v, err := strictjson.Parse([]byte(in))
		if err != nil {
			return
		}
		d, err := did.ParseDocument(v, "")
		if err != nil {
			return
		}
		for relation, ids := range d.Relations {
			for _, id := range ids {
				if m, err := d.Method(id, relation); err == nil && did.CheckKey(m.Key) != nil {
					t.Errorf("Method(%q, %q) of %s hands out a key that CheckKey refuses", id, relation, in)
				}
			}
		}
	})
}
