package interop_test

import (
	"crypto"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"strings"
	"testing"

	"github.com/accolade-badges/accolade/openbadges/did"
	"github.com/accolade-badges/accolade/openbadges/interop/peers"
	"github.com/accolade-badges/accolade/openbadges/proof"
	"github.com/accolade-badges/accolade/openbadges/strictjson"
)

const jwks = base + "/.well-known/jwks.json"

// mustToken signs the sample as VC-JWT and publishes the key as a bare JWK at its
// kid and in the JWK Set.
func mustToken(tb testing.TB, alg string) (token string, web peers.Web, key crypto.Signer) {
	tb.Helper()
	key = mustKey(tb, alg)
	thumbprint, err := did.Thumbprint(key.Public())
	if err != nil {
		tb.Fatal(err)
	}
	kid := base + "/keys/" + thumbprint
	token, err = proof.SignJWT(mustParse(tb, []byte(credential)), key, kid)
	if err != nil {
		tb.Fatal(err)
	}
	jwk, err := did.MarshalJWK(key.Public(), kid, alg)
	if err != nil {
		tb.Fatal(err)
	}
	set, err := did.NewJWKSet([]did.WebKey{{ID: kid, Controller: issuer, Key: key.Public(), JWK: true}})
	if err != nil {
		tb.Fatal(err)
	}
	return token, peers.Web{Documents: map[string][]byte{kid: jwk, jwks: set.Append(nil)}}, key
}

// tamperedTokens are copies of a compact JWS that no verifier may accept.
func tamperedTokens(tb testing.TB, token string) map[string]string {
	tb.Helper()
	parts := strings.Split(token, ".")
	with := func(i int, text string) string {
		changed := append([]string(nil), parts...)
		changed[i] = text
		return strings.Join(changed, ".")
	}
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		tb.Fatal(err)
	}
	header, err := base64.RawURLEncoding.DecodeString(parts[0])
	if err != nil {
		tb.Fatal(err)
	}
	signature, err := base64.RawURLEncoding.DecodeString(parts[2])
	if err != nil {
		tb.Fatal(err)
	}
	signature[10] ^= 1
	encode := base64.RawURLEncoding.EncodeToString
	return map[string]string{
		"payload altered":    with(1, encode([]byte(strings.Replace(string(payload), "Sample Practitioner", "Sample Grandmaster", 1)))),
		"header altered":     with(0, encode([]byte(strings.Replace(string(header), `"typ":"JWT"`, `"typ":"JWS"`, 1)))),
		"alg none":           with(0, encode([]byte(`{"alg":"none","typ":"JWT"}`))),
		"signature altered":  with(2, encode(signature)),
		"signature left out": with(2, ""),
	}
}

func TestJoseAcceptsOurTokensAndRefusesTheirTwins(t *testing.T) {
	p := peers.Start(t)
	for _, alg := range []string{"RS256", "ES256", "EdDSA"} {
		t.Run(alg, func(t *testing.T) {
			token, web, _ := mustToken(t, alg)
			for _, set := range []string{"", jwks} {
				claims, err := p.VerifyJWT(t, token, web, set, verifyAt)
				if err != nil {
					t.Fatalf("jose refuses our token (key set %q): %v", set, err)
				}
				var got struct {
					Issuer  string `json:"iss"`
					Subject string `json:"sub"`
					ID      string `json:"jti"`
					From    int64  `json:"nbf"`
					Name    string
				}
				if err := json.Unmarshal(claims, &got); err != nil {
					t.Fatal(err)
				}
				if got.Issuer != issuer || got.ID != base+"/badges/7Yk3mNpQrStUvWxYz12345" || got.From != signedAt.Unix() || got.Subject == "" || got.Name != "Sample Practitioner" {
					t.Errorf("jose reads other claims: %+v", got)
				}
				for name, twin := range tamperedTokens(t, token) {
					if _, err := p.VerifyJWT(t, twin, web, set, verifyAt); err == nil {
						t.Errorf("%s (key set %q): jose accepts it", name, set)
					}
				}
				if _, err := p.VerifyJWT(t, token, web, set, signedAt.AddDate(2, 0, 0)); err == nil {
					t.Error("jose accepts it after its end")
				}
			}
		})
	}
}

func TestWeAcceptJosesTokensAndRefuseTheirTwins(t *testing.T) {
	p := peers.Start(t)
	withIssuer := mustParse(t, []byte(credential)).With("iss", strictjson.NewString(issuer))
	claims := withIssuer.Append(nil)
	for _, alg := range []string{"RS256", "ES256", "EdDSA"} {
		t.Run(alg, func(t *testing.T) {
			token, raw, err := p.SignJWT(t, claims, alg, base+"/keys/1")
			if err != nil {
				t.Fatal(err)
			}
			jwk, err := did.ParseJWK(mustParse(t, raw))
			if err != nil {
				t.Fatal(err)
			}
			if err := checkToken(token, jwk.Key); err != nil {
				t.Fatalf("we refuse jose's token: %v", err)
			}
			for name, twin := range tamperedTokens(t, token) {
				if checkToken(twin, jwk.Key) == nil {
					t.Errorf("%s: we accept it", name)
				}
			}
			if checkToken(token, mustKey(t, "ES256").Public()) == nil {
				t.Error("we accept it with another key")
			}
		})
	}
}

func checkToken(token string, key crypto.PublicKey) error {
	j, err := proof.ParseJWT(token)
	if err != nil {
		return err
	}
	return j.Verify(key)
}

func TestJoseAcceptsOurOB2SignedBadgeAndRefusesItsTwins(t *testing.T) {
	p := peers.Start(t)
	key := mustKey(t, "RS256")
	der, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		t.Fatal(err)
	}
	public := string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))
	assertion := `{"@context":"https://w3id.org/openbadges/v2","type":"Assertion","id":"` + base + `/ob2/assertions/1","badge":"` + base + `/ob2/badges/sample","name":"Sample Practitioner",` +
		`"issuedOn":"2026-01-05T10:00:00Z","recipient":{"type":"email","hashed":false,"identity":"alex@example.org"},"verification":{"type":"signed","creator":"` + base + `/keys/1"}}`
	token, err := proof.SignOB2([]byte(assertion), key)
	if err != nil {
		t.Fatal(err)
	}
	payload, err := p.VerifyJWS(t, token, public)
	if err != nil || string(payload) != assertion {
		t.Fatalf("jose reads %q (%v), want the assertion byte for byte", payload, err)
	}
	for name, twin := range tamperedTokens(t, token) {
		if name == "header altered" {
			continue // the header has no typ to alter
		}
		if _, err := p.VerifyJWS(t, twin, public); err == nil {
			t.Errorf("%s: jose accepts it", name)
		}
	}
}
