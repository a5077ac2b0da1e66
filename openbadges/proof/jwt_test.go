package proof

import (
	"crypto"
	"crypto/ed25519"
	"encoding/base64"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/accolade-badges/accolade/openbadges/did"
	"github.com/accolade-badges/accolade/openbadges/strictjson"
)

const kid = "https://badges.example.org/keys/sample"

func MustSignJWT(tb testing.TB, credential *strictjson.Value, signer crypto.Signer) string {
	tb.Helper()
	token, err := SignJWT(credential, signer, kid)
	if err != nil {
		tb.Fatal(err)
	}
	return token
}

func MustParseJWT(tb testing.TB, token string) *JWT {
	tb.Helper()
	j, err := ParseJWT(token)
	if err != nil {
		tb.Fatal(err)
	}
	return j
}

// MustToken signs any header and payload, right or wrong, by an Ed25519 key.
func MustToken(tb testing.TB, header, payload string, n byte) string {
	tb.Helper()
	encode := base64.RawURLEncoding.EncodeToString
	input := encode([]byte(header)) + "." + encode([]byte(payload))
	signature, err := edKey(n).Sign(nil, []byte(input), crypto.Hash(0))
	if err != nil {
		tb.Fatal(err)
	}
	return input + "." + encode(signature)
}

func TestSignJWT(t *testing.T) {
	for name, algorithm := range map[string]string{"RSA": "RS256", "P-256": "ES256", "Ed25519": "EdDSA"} {
		t.Run(name, func(t *testing.T) {
			signer := keys()[name]
			credential := MustSign(t, MustParse(t, sample), edKey(1), Options{Created: day})
			j := MustParseJWT(t, MustSignJWT(t, credential, signer))
			if got, want := string(j.Header.Append(nil)), `{"alg":"`+algorithm+`","kid":"`+kid+`","typ":"JWT"}`; got != want {
				t.Errorf("header %s, want %s", got, want)
			}
			if err := j.Verify(signer.Public()); err != nil {
				t.Errorf("Verify: %v", err)
			}
			if got := j.CheckClaims(); len(got) != 0 {
				t.Errorf("CheckClaims = %v", got)
			}
			back, err := j.Credential()
			if err != nil {
				t.Fatal(err)
			}
			if want := credential.Without("proof"); !strictjson.Equal(back, &want) {
				t.Errorf("Credential = %s, want %s", back.Append(nil), want.Append(nil))
			}
			from, until, err := j.Window()
			if err != nil || !from.Equal(day) || !until.Equal(day.AddDate(1, 0, 0)) {
				t.Errorf("Window = %v, %v, %v", from, until, err)
			}
			if len(j.Additional) != 0 || j.KeyID != kid || j.Type != "JWT" {
				t.Errorf("read as %+v", j)
			}
			for other, key := range keys() {
				if other == name {
					continue
				}
				if got := codeOf(t, j.Verify(key.Public())); got != UnsupportedKey {
					t.Errorf("Verify with a key of kind %s: code %q, want %q", other, got, UnsupportedKey)
				}
			}
		})
	}
}

// TestAnotherLibraryAgrees signs here and verifies with go-jose, and the other
// way round.
func TestAnotherLibraryAgrees(t *testing.T) {
	for name, signer := range keys() {
		algorithm := jose.SignatureAlgorithm(did.Algorithm(signer.Public()))
		if slices.Contains(badgeAlgorithms, string(algorithm)) {
			parsed, err := jose.ParseSignedCompact(MustSignJWT(t, MustParse(t, sample), signer), []jose.SignatureAlgorithm{algorithm})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := parsed.Verify(signer.Public()); err != nil {
				t.Errorf("%s: go-jose refuses our token: %v", name, err)
			}
		}
		other, err := jose.NewSigner(jose.SigningKey{Algorithm: algorithm, Key: signer}, nil)
		if err != nil {
			t.Fatal(err)
		}
		signed, err := other.Sign([]byte(sample))
		if err != nil {
			t.Fatal(err)
		}
		token, err := signed.CompactSerialize()
		if err != nil {
			t.Fatal(err)
		}
		if err := MustParseJWT(t, token).VerifyProfile(signer.Public(), W3C); err != nil {
			t.Errorf("%s: we refuse the token of go-jose: %v", name, err)
		}
	}
}

func TestSignJWTRefuses(t *testing.T) {
	good := MustParse(t, sample)
	subject := good.Get("credentialSubject").Without("id")
	for name, credential := range map[string]strictjson.Value{
		"no id":                 good.Without("id"),
		"no issuer":             good.Without("issuer"),
		"no validFrom":          good.Without("validFrom"),
		"no subject id":         good.With("credentialSubject", subject),
		"part of a second":      good.With("validFrom", strictjson.NewString("2026-01-05T10:00:00.5Z")),
		"an end without zone":   good.With("validUntil", strictjson.NewString("2027-01-05T10:00:00")),
		"a claim as its member": good.With("iss", strictjson.NewString("x")),
		"a vc member":           good.With("vc", strictjson.NewObject()),
		"no object":             strictjson.NewArray(),
	} {
		if token, err := SignJWT(&credential, edKey(1), kid); codeOf(t, err) != NotSigned {
			t.Errorf("SignJWT of a credential with %s = %q, %v, want code %q", name, token, err, NotSigned)
		}
	}
	if _, err := SignJWT(good, edKey(1), ""); codeOf(t, err) != NotSigned {
		t.Errorf("SignJWT without kid = %v, want code %q", err, NotSigned)
	}
	for _, name := range []string{"P-384", "P-521"} {
		if _, err := SignJWT(good, keys()[name], kid); codeOf(t, err) != NotSigned {
			t.Errorf("SignJWT with %s = %v, want code %q", name, err, NotSigned)
		}
	}
}

func TestParseJWTRefuses(t *testing.T) {
	good := MustSignJWT(t, MustParse(t, sample), edKey(1))
	parts := strings.Split(good, ".")
	x := base64.RawURLEncoding.EncodeToString(edKey(1).Public().(ed25519.PublicKey))
	for _, tt := range []struct {
		name, token string
		want        Code
	}{
		{"nothing", "", Malformed},
		{"two parts", parts[0] + "." + parts[1], Malformed},
		{"four parts", good + ".", Malformed},
		{"five parts, as encrypted tokens have", good + "..", Malformed},
		{"a million dots", strings.Repeat(".", 1_000_000), Malformed},
		{"too long", strings.Repeat("a", maxToken+1), TooLarge},
		{"a long header", strings.Repeat("a", maxHeader+1) + "." + parts[1] + "." + parts[2], TooLarge},
		{"padding", parts[0] + "." + parts[1] + "." + parts[2] + "==", Malformed},
		{"a line break at the end", good + "\n", Malformed},
		{"a line break inside", parts[0] + "." + parts[1][:8] + "\n" + parts[1][8:] + "." + parts[2], Malformed},
		{"a space", " " + good, Malformed},
		{"the other base64", parts[0] + ".+/+/." + parts[2], Malformed},
		{"stray last bits", parts[0] + "." + parts[1] + "." + parts[2][:85] + string(parts[2][85]+1), Malformed},
		{"alg twice", MustToken(t, `{"alg":"EdDSA","alg":"none"}`, `{}`, 1), Malformed},
		{"no alg", MustToken(t, `{"typ":"JWT"}`, `{}`, 1), Malformed},
		{"alg is a list", MustToken(t, `{"alg":["EdDSA"]}`, `{}`, 1), Malformed},
		{"kid is a number", MustToken(t, `{"alg":"EdDSA","kid":1}`, `{}`, 1), Malformed},
		{"the header is a list", MustToken(t, `["EdDSA"]`, `{}`, 1), Malformed},
		{"the header is no JSON", MustToken(t, `alg: EdDSA`, `{}`, 1), Malformed},
		{"the payload is a list", MustToken(t, `{"alg":"EdDSA"}`, `[]`, 1), Malformed},
		{"iss twice", MustToken(t, `{"alg":"EdDSA"}`, `{"iss":"a","iss":"b"}`, 1), Malformed},
		{"bad UTF-8", MustToken(t, `{"alg":"EdDSA"}`, "{\"iss\":\"\xff\"}", 1), Malformed},
		{"a private jwk", MustToken(t, `{"alg":"EdDSA","jwk":{"kty":"OKP","crv":"Ed25519","x":"`+x+`","d":"`+x+`"}}`, `{}`, 1), PrivateKey},
		{"a symmetric jwk", MustToken(t, `{"alg":"HS256","jwk":{"kty":"oct","k":"`+x+`"}}`, `{}`, 1), PrivateKey},
		{"a jwk that is none", MustToken(t, `{"alg":"EdDSA","jwk":"`+x+`"}`, `{}`, 1), Malformed},
		{"a jwk on another curve", MustToken(t, `{"alg":"EdDSA","jwk":{"kty":"OKP","crv":"Ed448","x":"`+x+`"}}`, `{}`, 1), UnsupportedKey},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := ParseJWT(tt.token); codeOf(t, err) != tt.want {
				t.Errorf("ParseJWT = %v, want code %q", err, tt.want)
			}
		})
	}
}

func TestHeaderRules(t *testing.T) {
	x := base64.RawURLEncoding.EncodeToString(edKey(1).Public().(ed25519.PublicKey))
	jwk := `{"kty":"OKP","crv":"Ed25519","x":"` + x + `"}`
	for _, tt := range []struct {
		name, header string
		badges, w3c  Code
		additional   []string
	}{
		{"alg alone", `{"alg":"EdDSA"}`, "", "", nil},
		{"typ JWT", `{"alg":"EdDSA","typ":"JWT"}`, "", WrongType, nil},
		{"typ vc+jwt", `{"alg":"EdDSA","typ":"vc+jwt"}`, WrongType, "", nil},
		{"typ and cty of W3C", `{"alg":"EdDSA","typ":"vc+jwt","cty":"vc"}`, WrongType, "", []string{"cty"}},
		{"typ vp+jwt", `{"alg":"EdDSA","typ":"vp+jwt"}`, WrongType, "", nil},
		{"typ of an access token", `{"alg":"EdDSA","typ":"at+jwt"}`, WrongType, WrongType, nil},
		{"a cty of something else", `{"alg":"EdDSA","cty":"text/plain"}`, "", WrongType, []string{"cty"}},
		{"none", `{"alg":"none"}`, UnsupportedAlgorithm, UnsupportedAlgorithm, nil},
		{"nONE", `{"alg":"nONE"}`, UnsupportedAlgorithm, UnsupportedAlgorithm, nil},
		{"HMAC", `{"alg":"HS256"}`, UnsupportedAlgorithm, UnsupportedAlgorithm, nil},
		{"SHA-1 RSA", `{"alg":"RS1"}`, UnsupportedAlgorithm, UnsupportedAlgorithm, nil},
		{"ES384", `{"alg":"ES384"}`, UnsupportedAlgorithm, UnsupportedKey, nil},
		{"RS256 with an Ed25519 key", `{"alg":"RS256"}`, UnsupportedKey, UnsupportedKey, nil},
		{"crit", `{"alg":"EdDSA","crit":["exp"],"exp":1}`, CriticalHeader, CriticalHeader, []string{"crit", "exp"}},
		{"b64 by crit", `{"alg":"EdDSA","crit":["b64"],"b64":false}`, CriticalHeader, CriticalHeader, []string{"crit", "b64"}},
		{"an address to fetch keys from", `{"alg":"EdDSA","jku":"https://example.org/jwks","x5u":"https://example.org/x"}`, "", "", []string{"jku", "x5u"}},
		{"the right jwk", `{"alg":"EdDSA","jwk":` + jwk + `}`, "", "", nil},
		{"jwk and kid agree", `{"alg":"EdDSA","kid":"k","jwk":{"kid":"k",` + jwk[1:] + `}`, "", "", nil},
		{"jwk and kid differ", `{"alg":"EdDSA","kid":"k","jwk":{"kid":"l",` + jwk[1:] + `}`, KeyConflict, KeyConflict, nil},
		{"a jwk for something else", `{"alg":"EdDSA","jwk":{"use":"enc",` + jwk[1:] + `}`, UnsupportedKey, UnsupportedKey, nil},
		{"a jwk for another algorithm", `{"alg":"EdDSA","jwk":{"alg":"ES256",` + jwk[1:] + `}`, UnsupportedKey, UnsupportedKey, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			j := MustParseJWT(t, MustToken(t, tt.header, `{"iss":"x"}`, 1))
			if got := codeOf(t, j.Verify(edKey(1).Public())); got != tt.badges {
				t.Errorf("Verify: code %q, want %q", got, tt.badges)
			}
			if got := codeOf(t, j.VerifyProfile(edKey(1).Public(), W3C)); got != tt.w3c {
				t.Errorf("Verify by W3C: code %q, want %q", got, tt.w3c)
			}
			if !cmp.Equal(j.Additional, tt.additional) {
				t.Errorf("Additional %v, want %v", j.Additional, tt.additional)
			}
		})
	}
}

func TestHeaderJWKMustBeTheKey(t *testing.T) {
	x := base64.RawURLEncoding.EncodeToString(edKey(2).Public().(ed25519.PublicKey))
	j := MustParseJWT(t, MustToken(t, `{"alg":"EdDSA","jwk":{"kty":"OKP","crv":"Ed25519","x":"`+x+`"}}`, `{}`, 1))
	if got := codeOf(t, j.Verify(edKey(1).Public())); got != KeyConflict {
		t.Errorf("Verify with another key than the header's: code %q, want %q", got, KeyConflict)
	}
	if got := codeOf(t, j.Verify(edKey(2).Public())); got != BadSignature {
		t.Errorf("Verify with the header's key: code %q, want %q", got, BadSignature)
	}
}

func TestTamperedTokensFail(t *testing.T) {
	for name, signer := range keys() {
		if name == "P-384" || name == "P-521" {
			continue
		}
		token := MustSignJWT(t, MustParse(t, sample), signer)
		rapid.Check(t, func(r *rapid.T) {
			i := rapid.IntRange(0, len(token)-1).Draw(r, "at")
			b := rapid.ByteRange(0x20, 0x7e).Draw(r, "byte")
			changed := token[:i] + string(rune(b)) + token[i+1:]
			if changed == token {
				r.Skip()
			}
			j, err := ParseJWT(changed)
			if err == nil && j.Verify(signer.Public()) == nil {
				r.Fatalf("%s: %q at %d passes", name, b, i)
			}
		})
	}
}

func TestCheckClaims(t *testing.T) {
	base := MustParse(t, sample)
	plain := func(claims string) string {
		text := string(base.Append(nil))
		return text[:len(text)-1] + "," + claims + "}"
	}
	const (
		iss = `"iss":"did:web:badges.example.org:issuers:sample"`
		sub = `"sub":"urn:uuid:00000000-0000-4000-8000-000000000001"`
		jti = `"jti":"https://badges.example.org/badges/sample"`
		nbf = `"nbf":1767607200`
		exp = `"exp":1799143200`
	)
	all := strings.Join([]string{iss, sub, jti, nbf, exp}, ",")
	oldForm := `{"vc":{"issuer":"https://example.org/i","id":"urn:uuid:1","issuanceDate":"2010-01-01T00:00:00Z","credentialSubject":{"id":"did:example:1"}},
		"iss":"https://example.org/i","jti":"urn:uuid:1","sub":"did:example:1","nbf":`
	for _, tt := range []struct {
		name, payload string
		want          []string
	}{
		{"all as it should be", plain(all), nil},
		{"more claims", plain(all + `,"iat":1,"aud":"x"`), nil},
		{"none", plain(`"iat":1`), []string{"iss_missing", "sub_missing", "jti_missing", "nbf_missing", "exp_missing"}},
		{"another issuer", plain(strings.Replace(all, "did:web:badges", "did:web:other", 1)), []string{"iss_mismatch"}},
		{"another subject", plain(strings.Replace(all, "4000-8000", "4000-9000", 1)), []string{"sub_mismatch"}},
		{"another id", plain(strings.Replace(all, "badges/sample", "badges/other", 1)), []string{"jti_mismatch"}},
		{"earlier", plain(strings.Replace(all, "1767607200", "1767607199", 1)), []string{"nbf_mismatch"}},
		{"a fraction earlier", plain(strings.Replace(all, "1767607200", "1767607199.5", 1)), []string{"nbf_mismatch"}},
		{"the same spelled with a fraction", plain(strings.Replace(all, "1767607200", "1767607200.0", 1)), nil},
		{"later end", plain(strings.Replace(all, "1799143200", "1799143201", 1)), []string{"exp_mismatch"}},
		{"a date as text", plain(strings.Replace(all, "1767607200", `"1767607200"`, 1)), []string{"nbf_malformed"}},
		{"an exponent", plain(strings.Replace(all, "1767607200", `1e9`, 1)), []string{"nbf_malformed"}},
		{"beyond all years", plain(strings.Replace(all, "1799143200", `99999999999999`, 1)), []string{"exp_malformed"}},
		{"iss is an object", plain(strings.Replace(all, iss, `"iss":{"id":"x"}`, 1)), []string{"iss_malformed"}},
		{"an end that the credential does not have", strings.Replace(plain(all), `"validUntil":"2027-01-05T10:00:00Z",`, "", 1), nil},
		{"a subject without id", strings.Replace(plain(all), `"id":"urn:uuid:00000000-0000-4000-8000-000000000001",`, "", 1), nil},
		{"the old form", oldForm + `1262304000}`, nil},
		{"the old form, earlier", oldForm + `1262303999}`, []string{"nbf_mismatch"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			j := MustParseJWT(t, MustToken(t, `{"alg":"EdDSA"}`, tt.payload, 1))
			var got []string
			for _, e := range j.CheckClaims() {
				got = append(got, e.Code)
				if e.Error() == "" {
					t.Errorf("%s says nothing", e.Code)
				}
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("CheckClaims = %v, want %v", got, tt.want)
			}
		})
	}
}

func TestCredentialRefusesTwoInOne(t *testing.T) {
	j := MustParseJWT(t, MustToken(t, `{"alg":"EdDSA"}`, `{"vc":{"id":"a"},"issuer":"https://example.org"}`, 1))
	if _, err := j.Credential(); codeOf(t, err) != Ambiguous {
		t.Errorf("Credential = %v, want code %q", err, Ambiguous)
	}
	j = MustParseJWT(t, MustToken(t, `{"alg":"EdDSA"}`, `{"vc":["a"]}`, 1))
	if _, err := j.Credential(); codeOf(t, err) != Malformed {
		t.Errorf("Credential = %v, want code %q", err, Malformed)
	}
}

func TestWindow(t *testing.T) {
	for payload, want := range map[string]bool{`{}`: true, `{"nbf":0,"exp":253402300799}`: true, `{"nbf":"0"}`: false, `{"exp":-99999999999999}`: false} {
		j := MustParseJWT(t, MustToken(t, `{"alg":"EdDSA"}`, payload, 1))
		from, until, err := j.Window()
		if (err == nil) != want {
			t.Errorf("Window of %s = %v, %v, %v", payload, from, until, err)
		}
	}
	j := MustParseJWT(t, MustToken(t, `{"alg":"EdDSA"}`, `{"nbf":1.5}`, 1))
	if from, until, err := j.Window(); err != nil || !from.Equal(time.Unix(1, 500_000_000)) || !until.IsZero() {
		t.Errorf("Window = %v, %v, %v", from, until, err)
	}
}

func FuzzParseJWT(f *testing.F) {
	f.Add(MustSignJWT(f, MustParse(f, sample), edKey(1)))
	f.Add(MustToken(f, `{"alg":"none"}`, `{"vc":{}}`, 1))
	f.Add(MustToken(f, `{"alg":"EdDSA","jwk":{"kty":"OKP","crv":"Ed25519","x":"AA"}}`, `{"nbf":1.5,"exp":"x"}`, 1))
	f.Fuzz(func(t *testing.T, token string) {
		j, err := ParseJWT(token)
		if err != nil {
			return
		}
		_ = j.CheckClaims()
		_, _, _ = j.Window()
		_, _ = j.Credential()
		for _, profile := range []Profile{OpenBadges, W3C} {
			if err := j.VerifyProfile(edKey(9).Public(), profile); err == nil {
				t.Errorf("%q is signed by a key that signed nothing", token)
			}
		}
	})
}
