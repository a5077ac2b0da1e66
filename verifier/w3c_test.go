package verifier

import (
	"context"
	"crypto/ed25519"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/accolade-badges/accolade/openbadges/strictjson"
)

const vectors = "../../shared/standards/vectors"

// w3cToken secures any payload as vc+jwt by a key issuer, whatever is in it.
func w3cToken(tb testing.TB, payload []byte) string {
	tb.Helper()
	_, method := didKey(tb, "w3c issuer")
	signed := base64url([]byte(`{"alg":"EdDSA","kid":"`+method+`","typ":"vc+jwt"}`)) + "." + base64url(payload)
	return signed + "." + base64url(ed25519.Sign(edKey("w3c issuer"), []byte(signed)))
}

// TestW3CInputs secures each input of the VC Data Model 2.0 suite and verifies
// it by the W3C profile: what the suite lets an issuer issue is valid, what it
// does not is not.
func TestW3CInputs(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(vectors, "w3c-vcdm2", "input", "credential-*.json"))
	if err != nil || len(files) == 0 {
		t.Skip("the vectors in ../shared/standards are not here")
	}
	named, err := filepath.Glob(filepath.Join(vectors, "w3c-vcdm2", "input", "names-and-descriptions", "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	issuer, method := didKey(t, "w3c issuer")
	w := &world{tb: t}
	for _, file := range append(files, named...) {
		name := filepath.Base(file)
		t.Run(name, func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			text := strings.NewReplacer("PAST DATE", "2020-01-01T00:00:00Z", "FUTURE DATE", "2040-01-01T00:00:00Z").Replace(string(data))
			v, err := strictjson.Parse([]byte(text))
			if err != nil {
				t.Fatal(err)
			}
			fails := strings.Contains(name, "-fail")
			c := *v
			// As the suite does: the issuer under test is put in, except where the
			// case is about the issuer.
			if who := c.Get("issuer"); !strings.HasPrefix(name, "credential-issuer") && !strings.HasPrefix(name, "credential-no-issuer") || !fails {
				id := strictjson.NewString(issuer)
				if who.Is(strictjson.Object) {
					id = who.With("id", id)
				}
				c = c.With("issuer", id)
			}
			o := Options{Now: atNoon, Offline: true, Profile: W3C}
			token, err := Verify(context.Background(), Input{Data: []byte(w3cToken(t, c.Append(nil)))}, o)
			if err != nil {
				t.Fatal(err)
			}
			if fails {
				if token.Verdict == Valid {
					t.Errorf("valid as a token")
				}
				return
			}
			want := Valid
			switch {
			case strings.Contains(name, "far-future"):
				want = NotYetValid
			case strings.HasPrefix(name, "credential-validuntil"):
				want = Expired // in 2023
			}
			if c.Get("credentialStatus") != nil {
				want = Undetermined // the example's list is nowhere
			}
			wantVerdict(t, token, want, "", "")
			c = c.Without("proof")
			signed := w.signedBy(c, edKey("w3c issuer"), method)
			di, err := Verify(context.Background(), Input{Data: signed.Append(nil)}, o)
			if err != nil {
				t.Fatal(err)
			}
			wantVerdict(t, di, want, "", "")
		})
	}
}

// TestW3CSignedVectors verifies the signed examples of the Data Integrity texts.
// Their issuer is an https address without a document, so their signatures hold
// and their issuer stays unconfirmed.
func TestW3CSignedVectors(t *testing.T) {
	for _, file := range []string{
		"w3c-di-eddsa/eddsa-rdfc-2022/signedDataInt.json", "w3c-di-eddsa/Ed25519Signature2020/signedEdSig.json",
		"w3c-di-eddsa/eddsa-jcs-2022/signedJCS.json", "w3c-di-ecdsa/ecdsa-rdfc-2019-p256/signedECDSAP256.json",
		"w3c-di-ecdsa/ecdsa-rdfc-2019-p384/signedECDSAP384.json",
	} {
		t.Run(file, func(t *testing.T) {
			data, err := os.ReadFile(filepath.Join(vectors, filepath.FromSlash(file)))
			if err != nil {
				t.Skip("the vectors in ../shared/standards are not here")
			}
			r, err := Verify(context.Background(), Input{Data: data}, Options{Now: atNoon, Offline: true, Profile: W3C})
			if err != nil {
				t.Fatal(err)
			}
			if c := r.Check(CheckProof); c.Outcome == Failed && c.Code == CodeProofBad {
				t.Errorf("the signature does not hold: %s", show(r))
			}
			tampered := []byte(strings.Replace(string(data), "Alumni", "Alumna", 1))
			r, err = Verify(context.Background(), Input{Data: tampered}, Options{Now: atNoon, Offline: true, Profile: W3C})
			if err != nil {
				t.Fatal(err)
			}
			wantVerdict(t, r, Invalid, "", "")
		})
	}
}

func TestW3CProfileDiffers(t *testing.T) {
	w := newWorld(t)
	issuer, method := didKey(t, "w3c issuer")
	plain := w.parse(`{"@context": ["https://www.w3.org/ns/credentials/v2"], "type": ["VerifiableCredential"], "issuer": "` + issuer + `", "credentialSubject": {"id": "urn:uuid:1"}}`)
	signed := w.signedBy(plain, edKey("w3c issuer"), method)
	o := Options{Now: atNoon, Offline: true}
	verify := func(data []byte, p Profile) *Report {
		o.Profile = p
		r, err := Verify(context.Background(), Input{Data: data}, o)
		w.must(err)
		return r
	}
	wantVerdict(t, verify(signed.Append(nil), W3C), Valid, "", "")
	wantVerdict(t, verify(signed.Append(nil), OpenBadges), Invalid, CheckStructure, CodeNotABadge)
	token := []byte(w3cToken(t, plain.Append(nil)))
	wantVerdict(t, verify(token, W3C), Valid, "", "")
	badge := w.statusless(issuer)
	wantVerdict(t, verify([]byte(w3cToken(t, badge.Append(nil))), OpenBadges), Invalid, CheckProof, "wrong_type")
	text, err := json.Marshal(map[string]any{"@context": []string{contextVC2}, "type": "EnvelopedVerifiableCredential", "id": "data:application/vc+jwt," + string(token)})
	w.must(err)
	wantVerdict(t, verify(text, W3C), Valid, "", "")
	unsigned := w.parse(`{"@context": ["https://www.w3.org/ns/credentials/v2"], "type": ["VerifiablePresentation"]}`)
	wantVerdict(t, verify(unsigned.Append(nil), W3C), Invalid, CheckProof, CodeUnsigned)
}

// TestW3CPresentationShapes judges the outside of the suite's presentations.
func TestW3CPresentationShapes(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(vectors, "w3c-vcdm2", "input", "presentation-*.json"))
	if err != nil || len(files) == 0 {
		t.Skip("the vectors in ../shared/standards are not here")
	}
	for _, file := range files {
		name := filepath.Base(file)
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		v, err := strictjson.Parse(data)
		if err != nil {
			t.Fatal(err)
		}
		problems := validateW3C(v)
		switch {
		case strings.Contains(name, "-fail") && len(problems) == 0:
			t.Errorf("%s: no problem found", name)
		case strings.Contains(name, "-ok") && len(problems) > 0:
			t.Errorf("%s: %v", name, problems)
		}
	}
}
