package did_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/mr-tron/base58"

	"github.com/accolade-badges/accolade/openbadges/did"
	"github.com/accolade-badges/accolade/openbadges/strictjson"
)

// sampleKey is an Ed25519 key made of a fixed seed; it signs nothing of value.
func sampleKey(n byte) ed25519.PublicKey {
	seed := [ed25519.SeedSize]byte{n}
	return ed25519.NewKeyFromSeed(seed[:]).Public().(ed25519.PublicKey)
}

func MustParse(tb testing.TB, text string) *strictjson.Value {
	tb.Helper()
	v, err := strictjson.Parse([]byte(text))
	if err != nil {
		tb.Fatal(err)
	}
	return v
}

func ExampleDocument_Method() {
	key := sampleKey(1)
	issuer, _ := did.Web("https://badges.example.org", "issuers", "sample")
	multikey, _ := did.Multikey(key)
	id := issuer + "#" + multikey
	published := did.NewDocument(issuer, nil, []did.WebKey{{ID: id, Controller: issuer, Key: key}})

	document, err := did.ParseDocument(&published, issuer)
	if err != nil {
		fmt.Println(err)
		return
	}
	method, err := document.Method(id, "assertionMethod")
	fmt.Println(method.Type, key.Equal(method.Key), err)
	_, err = document.Method(id, "authentication")
	fmt.Println(errors.Is(err, did.ErrNotListed))
	// Output:
	// Multikey true <nil>
	// true
}

func ExampleKeyDocument() {
	issuer, _ := did.Key(sampleKey(1))
	document, err := did.KeyDocument(issuer)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(document.Methods[0].ID == issuer+"#"+strings.TrimPrefix(issuer, "did:key:"))
	// Output: true
}

func everyKey(tb testing.TB) map[string]crypto.PublicKey {
	tb.Helper()
	keys := map[string]crypto.PublicKey{"Ed25519": sampleKey(7)}
	for _, curve := range []elliptic.Curve{elliptic.P256(), elliptic.P384(), elliptic.P521()} {
		k, err := ecdsa.GenerateKey(curve, rand.Reader)
		if err != nil {
			tb.Fatal(err)
		}
		keys[curve.Params().Name] = k.Public()
	}
	k, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		tb.Fatal(err)
	}
	keys["RSA"] = k.Public()
	return keys
}

func TestKeysComeBackFromEveryForm(t *testing.T) {
	for name, key := range everyKey(t) {
		t.Run(name, func(t *testing.T) {
			same := key.(interface{ Equal(crypto.PublicKey) bool }).Equal
			text, err := did.MarshalJWK(key, "https://example.org/keys/1", did.Algorithm(key))
			if err != nil {
				t.Fatal(err)
			}
			jwk, err := did.ParseJWK(MustParse(t, string(text)))
			if err != nil || !same(jwk.Key) || jwk.KeyID != "https://example.org/keys/1" || jwk.Algorithm != did.Algorithm(key) {
				t.Errorf("ParseJWK(%s) = %+v, %v, want the key that was written", text, jwk, err)
			}
			multikey, err := did.Multikey(key)
			if name == "RSA" || name == "P-521" {
				if !errors.Is(err, did.ErrUnsupported) {
					t.Errorf("Multikey = %q, %v, want ErrUnsupported", multikey, err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if back, err := did.ParseMultikey(multikey); err != nil || !same(back) {
				t.Errorf("ParseMultikey(%q) = %v, %v, want the key that was written", multikey, back, err)
			}
			id, err := did.Key(key)
			if err != nil {
				t.Fatal(err)
			}
			d, err := did.KeyDocument(id)
			if err != nil {
				t.Fatal(err)
			}
			if m, err := d.Method(id+"#"+multikey, "assertionMethod"); err != nil || !same(m.Key) || m.Controller != id {
				t.Errorf("Method of %s = %+v, %v, want its key", id, m, err)
			}
			if _, err := d.Method(id+"#other", "assertionMethod"); !errors.Is(err, did.ErrNoMethod) {
				t.Errorf("Method(#other) = %v, want ErrNoMethod", err)
			}
		})
	}
}

func TestThumbprint(t *testing.T) {
	// The example of RFC 7638 section 3.1.
	jwk, err := did.ParseJWK(MustParse(t, `{"kty":"RSA","n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw","e":"AQAB","alg":"RS256","kid":"2011-04-29"}`))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := did.Thumbprint(jwk.Key); got != "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs" || err != nil {
		t.Errorf("Thumbprint = %q, %v", got, err)
	}
}

func TestSmallOrderEd25519KeysAreRefused(t *testing.T) {
	y8 := "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"
	for _, point := range []string{
		strings.Repeat("0", 64),
		strings.Repeat("0", 62) + "80",
		"01" + strings.Repeat("0", 62),
		"ec" + strings.Repeat("f", 60) + "7f",
		y8,
		y8[:62] + "85",
		"c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
		"c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
		// Second spellings of the above, and of a point that is not small-order.
		"01" + strings.Repeat("0", 60) + "80",
		"ed" + strings.Repeat("f", 60) + "7f",
		"ee" + strings.Repeat("f", 60) + "7f",
		"f0" + strings.Repeat("f", 60) + "7f",
		// On no point.
		"02" + strings.Repeat("0", 62),
	} {
		raw, err := hex.DecodeString(point)
		if err != nil {
			t.Fatal(err)
		}
		text := "z" + base58.Encode(append([]byte{0xed, 0x01}, raw...))
		if key, err := did.ParseMultikey(text); !errors.Is(err, did.ErrWeakKey) {
			t.Errorf("ParseMultikey of point %s = %v, %v, want ErrWeakKey", point, key, err)
		}
		jwk := `{"kty":"OKP","crv":"Ed25519","x":"` + base64.RawURLEncoding.EncodeToString(raw) + `"}`
		if _, err := did.ParseJWK(MustParse(t, jwk)); !errors.Is(err, did.ErrWeakKey) {
			t.Errorf("ParseJWK of point %s = %v, want ErrWeakKey", point, err)
		}
	}
	for n := range byte(200) {
		if err := did.CheckKey(sampleKey(n)); err != nil {
			t.Errorf("CheckKey of honest key %d: %v", n, err)
		}
	}
}

func TestParseMultikeyRefuses(t *testing.T) {
	good, err := did.Multikey(sampleKey(1))
	if err != nil {
		t.Fatal(err)
	}
	offCurve := append([]byte{0x80, 0x24, 2}, make([]byte, 32)...)
	offCurve[34] = 1 // no point has this x
	for _, tt := range []struct {
		name, in string
		want     error
	}{
		{"nothing", "", did.ErrMalformed},
		{"base64url", "u" + good[1:], did.ErrMalformed},
		{"no base58", "z6Mk0OIl", did.ErrMalformed},
		{"a key that lacks a byte", "z" + base58.Encode(append([]byte{0xed, 0x01}, sampleKey(1)[1:]...)), did.ErrMalformed},
		{"a long text", "z" + strings.Repeat("2", 1<<20), did.ErrMalformed},
		{"a prefix alone", "z" + base58.Encode([]byte{0xed}), did.ErrMalformed},
		{"X25519", "z" + base58.Encode(append([]byte{0xec, 0x01}, make([]byte, 32)...)), did.ErrUnsupported},
		{"an Ed25519 private key", "z" + base58.Encode(append([]byte{0x80, 0x26}, make([]byte, 32)...)), did.ErrUnsupported},
		{"a point that is not on P-256", "z" + base58.Encode(offCurve), did.ErrWeakKey},
		{"an uncompressed point", "z" + base58.Encode(append([]byte{0x80, 0x24, 4}, make([]byte, 64)...)), did.ErrMalformed},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if key, err := did.ParseMultikey(tt.in); !errors.Is(err, tt.want) {
				t.Errorf("ParseMultikey(%.80q) = %v, %v, want %v", tt.in, key, err, tt.want)
			}
		})
	}
}

func TestParseJWKRefuses(t *testing.T) {
	x := base64.RawURLEncoding.EncodeToString(sampleKey(1))
	short := base64.RawURLEncoding.EncodeToString(append([]byte{0x80}, make([]byte, 127)...))
	zero := base64.RawURLEncoding.EncodeToString(make([]byte, 32))
	long := strings.Repeat("_", 341) + "w"
	for _, tt := range []struct {
		name, in string
		want     error
	}{
		{"no object", `[]`, did.ErrMalformed},
		{"no kty", `{"crv":"Ed25519","x":"` + x + `"}`, did.ErrMalformed},
		{"a private member", `{"kty":"OKP","crv":"Ed25519","x":"` + x + `","d":"` + x + `"}`, did.ErrPrivateKey},
		{"an empty private member", `{"kty":"OKP","crv":"Ed25519","x":"` + x + `","d":null}`, did.ErrPrivateKey},
		{"a symmetric key", `{"kty":"oct","k":"` + x + `"}`, did.ErrPrivateKey},
		{"padding", `{"kty":"OKP","crv":"Ed25519","x":"` + x + `="}`, did.ErrMalformed},
		{"a line break", `{"kty":"OKP","crv":"Ed25519","x":"` + x[:20] + `\n` + x[20:] + `"}`, did.ErrMalformed},
		{"a short x", `{"kty":"OKP","crv":"Ed25519","x":"` + x[:40] + `"}`, did.ErrMalformed},
		{"kid is a number", `{"kty":"OKP","crv":"Ed25519","x":"` + x + `","kid":1}`, did.ErrMalformed},
		{"X25519", `{"kty":"OKP","crv":"X25519","x":"` + x + `"}`, did.ErrUnsupported},
		{"secp256k1", `{"kty":"EC","crv":"secp256k1","x":"` + x + `","y":"` + x + `"}`, did.ErrUnsupported},
		{"off the curve", `{"kty":"EC","crv":"P-256","x":"` + x + `","y":"` + x + `"}`, did.ErrWeakKey},
		{"the origin", `{"kty":"EC","crv":"P-256","x":"` + zero + `","y":"` + zero + `"}`, did.ErrWeakKey},
		{"a short coordinate", `{"kty":"EC","crv":"P-384","x":"` + x + `","y":"` + x + `"}`, did.ErrMalformed},
		{"RSA of 1024 bits", `{"kty":"RSA","n":"` + short + `","e":"AQAB"}`, did.ErrWeakKey},
		{"RSA exponent 1", `{"kty":"RSA","n":"` + long + `","e":"AQ"}`, did.ErrWeakKey},
		{"RSA with a giant exponent", `{"kty":"RSA","n":"` + long + `","e":"` + long + `"}`, did.ErrUnsupported},
		{"RSA without n", `{"kty":"RSA","e":"AQAB"}`, did.ErrMalformed},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := did.ParseJWK(MustParse(t, tt.in)); !errors.Is(err, tt.want) {
				t.Errorf("ParseJWK(%.120s) = %v, want %v", tt.in, err, tt.want)
			}
		})
	}
}

func TestKeyDocumentOfDidJWK(t *testing.T) {
	text, err := did.MarshalJWK(sampleKey(3), "", "")
	if err != nil {
		t.Fatal(err)
	}
	id := "did:jwk:" + base64.RawURLEncoding.EncodeToString(text)
	d, err := did.KeyDocument(id)
	if err != nil {
		t.Fatal(err)
	}
	for _, method := range []string{id, id + "#0", id + "#key-1", "#0"} {
		if m, err := d.Method(method, "assertionMethod"); err != nil || !sampleKey(3).Equal(m.Key) {
			t.Errorf("Method(%q) = %+v, %v, want the one key", method, m, err)
		}
	}
	encryption := "did:jwk:" + base64.RawURLEncoding.EncodeToString([]byte(strings.Replace(string(text), "{", `{"use":"enc",`, 1)))
	if d, err = did.KeyDocument(encryption); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Method(encryption+"#0", "assertionMethod"); !errors.Is(err, did.ErrNotListed) {
		t.Errorf("Method of an encryption key = %v, want ErrNotListed", err)
	}
	for _, bad := range []string{"did:jwk:e30", "did:jwk:***", "did:jwk:" + base64.URLEncoding.EncodeToString(text), "did:web:example.org", "did:key:", "did:key:z6Mk#z6Mk", "https://example.org"} {
		if d, err := did.KeyDocument(bad); err == nil {
			t.Errorf("KeyDocument(%q) = %+v, want an error", bad, d)
		}
	}
}

func TestNewDocument(t *testing.T) {
	keys := everyKey(t)
	id := "did:web:example.org:issuers:a"
	document := did.NewDocument(id, []string{"https://example.org/issuers/a"}, []did.WebKey{
		{ID: id + "#ed", Controller: id, Key: keys["Ed25519"]},
		{ID: "https://example.org/keys/r", Controller: id, Key: keys["RSA"], JWK: true},
		{ID: id + "#old", Controller: id, Key: keys["P-256"], Compromised: true},
	})
	if got, want := document.Get("@context").Strings(), []string{"https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1", "https://w3id.org/security/jwk/v1"}; !cmp.Equal(got, want) {
		t.Error(cmp.Diff(want, got))
	}
	if got, want := document.Get("assertionMethod").Strings(), []string{id + "#ed", "https://example.org/keys/r"}; !cmp.Equal(got, want) {
		t.Error(cmp.Diff(want, got))
	}
	for i, m := range document.Get("verificationMethod").Items() {
		if m.Get("controller").Str() != id || !strings.Contains(m.Get("id").Str(), ":") {
			t.Errorf("verificationMethod %d is %s, want an absolute id and the issuer as controller", i, m.Append(nil))
		}
	}
	d, err := did.ParseDocument(&document, id)
	if err != nil {
		t.Fatal(err)
	}
	if m, err := d.Method("https://example.org/keys/r", "assertionMethod"); err != nil || m.JWK == nil || m.JWK.KeyID != m.ID || m.Type != "JsonWebKey" {
		t.Errorf("the RSA key came back as %+v, %v", m, err)
	}
	if _, err := d.Method(id+"#old", "assertionMethod"); !errors.Is(err, did.ErrNotListed) {
		t.Errorf("the compromised key: %v, want ErrNotListed", err)
	}
}

func TestKeysAloneComeBack(t *testing.T) {
	keys := everyKey(t)
	rsaKey := did.WebKey{ID: "https://example.org/keys/r", Controller: "did:web:example.org", Key: keys["RSA"], JWK: true}
	edKey := did.WebKey{ID: "https://example.org/keys/e", Controller: "did:web:example.org", Key: keys["Ed25519"]}
	for _, k := range []did.WebKey{rsaKey, edKey} {
		v, err := k.Document()
		if err != nil {
			t.Fatal(err)
		}
		d, err := did.ParseDocument(&v, k.ID)
		if err != nil {
			t.Fatal(err)
		}
		if m, err := d.Method(k.ID, ""); err != nil || m.ID != k.ID {
			t.Errorf("Method of the document alone = %+v, %v", m, err)
		}
		if _, err := d.Method(k.ID, "assertionMethod"); !errors.Is(err, did.ErrNotListed) {
			t.Errorf("a bare key cannot say what it is for; got %v, want ErrNotListed", err)
		}
	}
	set, err := did.NewJWKSet([]did.WebKey{rsaKey, edKey})
	if err != nil {
		t.Fatal(err)
	}
	d, err := did.ParseDocument(&set, "https://example.org/.well-known/jwks.json")
	if err != nil {
		t.Fatal(err)
	}
	if m, err := d.Method(rsaKey.ID, ""); err != nil || m.Controller != "did:web:example.org" || d.Kind != did.JWKSet {
		t.Errorf("Method of the set = %+v, %v", m, err)
	}
}
