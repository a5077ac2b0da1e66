package proof

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/asn1"
	"errors"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/mr-tron/base58"

	"github.com/accolade-badges/accolade/openbadges/did"
	"github.com/accolade-badges/accolade/openbadges/jsonld"
	"github.com/accolade-badges/accolade/openbadges/strictjson"
)

func TestSignThenCheck(t *testing.T) {
	for name, suite := range map[string]string{"Ed25519": "", "P-256": EcdsaRDFC2019, "P-384": EcdsaRDFC2019} {
		t.Run(name, func(t *testing.T) {
			signer := keys()[name]
			doc := MustParse(t, sample)
			signed := MustSign(t, doc, signer, Options{Cryptosuite: suite, Created: day.Add(300 * time.Millisecond)})
			if doc.Get("proof") != nil || !signed.Get("proof").Is(strictjson.Array) {
				t.Errorf("proof is %s; want an array, and the document given left alone", signed.Get("proof").Append(nil))
			}
			// What a reader gets is bytes.
			read := MustParse(t, string(signed.Append(nil)))
			proof := Proofs(read)[0]
			if got := proof.Get("created").Str(); got != "2026-01-05T10:00:00Z" {
				t.Errorf("created is %q, want whole seconds in UTC", got)
			}
			if err := Check(read, &proof, signer.Public(), CheckOptions{}); err != nil {
				t.Errorf("Check: %v", err)
			}
			checkTwins(t, read, &proof, signer.Public())
		})
	}
}

func TestEd25519SigningIsDeterministic(t *testing.T) {
	doc := MustParse(t, sample)
	a := MustSign(t, doc, edKey(1), Options{Created: day})
	b := MustSign(t, doc, edKey(1), Options{Created: day})
	if string(a.Append(nil)) != string(b.Append(nil)) {
		t.Errorf("two signatures of one document differ:\n%s\n%s", a.Append(nil), b.Append(nil))
	}
}

func TestSignAddsToTheProofsThatAreThere(t *testing.T) {
	one := MustSign(t, MustParse(t, sample), edKey(1), Options{ID: "urn:uuid:00000000-0000-4000-8000-00000000000a"})
	single := one.With("proof", one.Get("proof").Items()[0]) // as an object
	two := MustSign(t, &single, edKey(2), Options{})
	three := MustSign(t, two, edKey(3), Options{PreviousProof: "urn:uuid:00000000-0000-4000-8000-00000000000a"})
	for i, p := range Proofs(three) {
		if err := Check(three, &p, edKey(byte(i+1)).Public(), CheckOptions{}); err != nil {
			t.Errorf("proof %d: %v", i, err)
		}
	}
	if chain, err := Chain(three, &Proofs(three)[2]); err != nil || len(chain) != 1 {
		t.Errorf("Chain = %d proofs, %v, want the first proof", len(chain), err)
	}
}

func TestSignRefuses(t *testing.T) {
	good := MustParse(t, sample)
	method := "did:web:badges.example.org:issuers:sample#key"
	set := func(name, value string) *strictjson.Value {
		v := good.With(name, strictjson.NewString(value))
		return &v
	}
	for _, tt := range []struct {
		name   string
		doc    *strictjson.Value
		signer crypto.Signer
		o      Options
		want   Code
	}{
		{"no object", MustParse(t, `[]`), edKey(1), Options{VerificationMethod: method}, Malformed},
		{"no verification method", good, edKey(1), Options{}, Malformed},
		{"an undefined member", set("alsoKnownAs", "x"), edKey(1), Options{VerificationMethod: method}, Transformation},
		{"a relative id", set("id", "badges/1"), edKey(1), Options{VerificationMethod: method}, Transformation},
		{"an unknown context", set("@context", "https://example.org/context"), edKey(1), Options{VerificationMethod: method}, Transformation},
		{"a context without proofs", set("@context", "https://w3id.org/openbadges/v2"), edKey(1), Options{VerificationMethod: method}, Transformation},
		{"one of the two terms that were added in place", set("endorsementJwt", "a.b.c"), edKey(1), Options{VerificationMethod: method}, Transformation},
		{"a suite that is only read", good, edKey(1), Options{VerificationMethod: method, Cryptosuite: EddsaJCS2022}, UnknownSuite},
		{"an RSA key", good, keys()["RSA"], Options{VerificationMethod: method}, UnsupportedKey},
		{"P-256 for eddsa", good, keys()["P-256"], Options{VerificationMethod: method}, UnsupportedKey},
		{"P-521 for ecdsa", good, keys()["P-521"], Options{VerificationMethod: method, Cryptosuite: EcdsaRDFC2019}, UnsupportedKey},
		{"Ed25519 for ecdsa", good, edKey(1), Options{VerificationMethod: method, Cryptosuite: EcdsaRDFC2019}, UnsupportedKey},
		{"a previous proof that is not there", good, edKey(1), Options{VerificationMethod: method, PreviousProof: "urn:uuid:1"}, MissingPrevious},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Sign(tt.doc, tt.signer, tt.o)
			var outer, inner *Error
			if !errors.As(err, &outer) || outer.Code != NotSigned || !errors.As(outer.Err, &inner) || inner.Code != tt.want {
				t.Fatalf("Sign = %v, want code %q because of %q", err, NotSigned, tt.want)
			}
			if got := outer.Problem(); got != "https://w3id.org/security#PROOF_GENERATION_ERROR" {
				t.Errorf("Problem = %q", got)
			}
		})
	}
}

func TestCheckRefuses(t *testing.T) {
	signer := edKey(1)
	good := MustSign(t, MustParse(t, sample), signer, Options{
		Created: day, Expires: day.AddDate(0, 1, 0), Domain: "example.org", Challenge: "c-1",
	})
	proof := Proofs(good)[0]
	set := func(name string, v strictjson.Value) *strictjson.Value { p := proof.With(name, v); return &p }
	without := func(name string) *strictjson.Value { p := proof.Without(name); return &p }
	text := strictjson.NewString
	asked := CheckOptions{Domain: "example.org", Challenge: "c-1", Now: day}
	if err := Check(good, &proof, signer.Public(), asked); err != nil {
		t.Fatalf("the proof itself: %v", err)
	}
	for _, tt := range []struct {
		name    string
		proof   *strictjson.Value
		key     crypto.PublicKey
		o       CheckOptions
		want    Code
		problem string
	}{
		{"no type", without("type"), signer.Public(), asked, Malformed, "PROOF_VERIFICATION_ERROR"},
		{"no method", without("verificationMethod"), signer.Public(), asked, Malformed, "PROOF_VERIFICATION_ERROR"},
		{"no purpose", without("proofPurpose"), signer.Public(), asked, Malformed, "PROOF_VERIFICATION_ERROR"},
		{"no value", without("proofValue"), signer.Public(), asked, Malformed, "PROOF_VERIFICATION_ERROR"},
		{"no suite", without("cryptosuite"), signer.Public(), asked, Malformed, "PROOF_VERIFICATION_ERROR"},
		{"a list of types", set("type", strictjson.NewArray(text(DataIntegrityProof))), signer.Public(), asked, Malformed, "PROOF_VERIFICATION_ERROR"},
		{"a created that is no date", set("created", text("yesterday")), signer.Public(), asked, Malformed, "PROOF_VERIFICATION_ERROR"},
		{"a created without zone", set("created", text("2026-01-05T10:00:00")), signer.Public(), asked, Malformed, "PROOF_VERIFICATION_ERROR"},
		{"an unknown suite", set("cryptosuite", text("bbs-2023")), signer.Public(), asked, UnknownSuite, "PROOF_VERIFICATION_ERROR"},
		{"an unknown type", set("type", text("RsaSignature2018")), signer.Public(), asked, UnknownSuite, "PROOF_VERIFICATION_ERROR"},
		{"the old type with a new suite", set("type", text(Ed25519Signature2020)), signer.Public(), asked, UnknownSuite, "PROOF_VERIFICATION_ERROR"},
		{"another purpose", set("proofPurpose", text("keyAgreement")), signer.Public(), asked, WrongPurpose, "PROOF_VERIFICATION_ERROR"},
		{"another purpose than was asked for", &proof, signer.Public(), CheckOptions{Purpose: "authentication"}, WrongPurpose, "PROOF_VERIFICATION_ERROR"},
		{"an end that is past", &proof, signer.Public(), CheckOptions{Now: day.AddDate(0, 1, 0)}, Expired, "PROOF_VERIFICATION_ERROR"},
		{"another domain", &proof, signer.Public(), CheckOptions{Domain: "example.com"}, WrongDomain, "INVALID_DOMAIN_ERROR"},
		{"another challenge", &proof, signer.Public(), CheckOptions{Challenge: "c-2"}, WrongChallenge, "INVALID_CHALLENGE_ERROR"},
		{"another key", &proof, edKey(2).Public(), asked, BadSignature, "PROOF_VERIFICATION_ERROR"},
		{"a P-256 key", &proof, keys()["P-256"].Public(), asked, UnsupportedKey, "PROOF_VERIFICATION_ERROR"},
		{"no key", &proof, nil, asked, UnsupportedKey, "PROOF_VERIFICATION_ERROR"},
		{"an undefined member in the proof", set("wherefrom", text("x")), signer.Public(), asked, Transformation, "PROOF_TRANSFORMATION_ERROR"},
		{"a context of its own that the document lacks", set("@context", text("https://w3id.org/security/data-integrity/v2")), signer.Public(), asked, Malformed, "PROOF_VERIFICATION_ERROR"},
		{"a previous proof that is not there", set("previousProof", text("urn:uuid:1")), signer.Public(), asked, MissingPrevious, "PROOF_VERIFICATION_ERROR"},
		{"a previous proof that is no id", set("previousProof", strictjson.NewInt(1)), signer.Public(), asked, Malformed, "PROOF_VERIFICATION_ERROR"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			err := Check(good, tt.proof, tt.key, tt.o)
			if got := codeOf(t, err); got != tt.want {
				t.Fatalf("Check = %v (code %q), want code %q", err, got, tt.want)
			}
			if got := err.(*Error).Problem(); got != "https://w3id.org/security#"+tt.problem {
				t.Errorf("Problem = %q, want %q", got, tt.problem)
			}
		})
	}
}

func TestOwnContextOfAProof(t *testing.T) {
	signed := MustSign(t, MustParse(t, sample), edKey(1), Options{Created: day})
	proof := Proofs(signed)[0].With("@context", *signed.Get("@context"))
	if err := Check(signed, &proof, edKey(1).Public(), CheckOptions{}); err != nil {
		t.Errorf("a proof that repeats the document's context: %v", err)
	}
	// eddsa-jcs-2022 signs a document under the context of its proof, so contexts
	// added behind it later do not break the signature.
	dir := shared(t, "standards", "vectors", "w3c-di-eddsa", "eddsa-jcs-2022", "signedJCS.json")
	doc := MustParse(t, string(MustRead(t, dir)))
	own := Proofs(doc)[0]
	longer := doc.With("@context", strictjson.NewArray(append(append([]strictjson.Value(nil), doc.Get("@context").Items()...), strictjson.NewString("https://example.org/more"))...))
	if err := Check(&longer, &own, keyOfFragment(t, &own), CheckOptions{}); err != nil {
		t.Errorf("a context added behind those of the proof: %v", err)
	}
	shorter := doc.With("@context", doc.Get("@context").Items()[0])
	if got := codeOf(t, Check(&shorter, &own, keyOfFragment(t, &own), CheckOptions{})); got != Malformed {
		t.Errorf("a context taken from those of the proof: code %q, want %q", got, Malformed)
	}
}

// TestEditionsOfTheContext signs under the edition of the 3.0.3 context that has
// endorsementJwt; the default edition has no such term.
func TestEditionsOfTheContext(t *testing.T) {
	signer := edKey(1)
	doc := MustParse(t, sample)
	withTerm := doc.With("endorsementJwt", strictjson.NewArray(strictjson.NewString("a.b.c")))
	options := Options{Cryptosuite: EddsaRDFC2022, VerificationMethod: "did:web:example.org#key", Purpose: "assertionMethod"}.object()
	s, _ := suiteOf(DataIntegrityProof, EddsaRDFC2022)
	data, err := s.hashes(&withTerm, &options, crypto.SHA256, "validator")
	if err != nil {
		t.Fatal(err)
	}
	raw, failure := signer.Sign(nil, data, crypto.Hash(0))
	if failure != nil {
		t.Fatal(failure)
	}
	proof := options.With("proofValue", strictjson.NewString("z"+base58.Encode(raw)))
	if err := Check(&withTerm, &proof, signer.Public(), CheckOptions{}); err != nil {
		t.Errorf("a document of the other edition: %v", err)
	}
	twin := withTerm.With("endorsementJwt", strictjson.NewArray(strictjson.NewString("a.b.d")))
	if got := codeOf(t, Check(&twin, &proof, signer.Public(), CheckOptions{})); got == "" {
		t.Error("the other edition lets a changed endorsementJwt pass")
	}
	var e *jsonld.Error
	if err := Check(&twin, &proof, signer.Public(), CheckOptions{}); !errors.As(err, &e) || e.Code != jsonld.UndefinedTerm {
		t.Errorf("a document that passes in no edition: %v, want what the default edition says", err)
	}
}

func TestChainThatLeadsBackToItself(t *testing.T) {
	doc := MustParse(t, `{"proof":[
		{"id":"urn:a","previousProof":"urn:b"},
		{"id":"urn:b","previousProof":["urn:c"]},
		{"id":"urn:c","previousProof":"urn:a"},
		{"id":"urn:d"},{"id":"urn:d"},{"previousProof":"urn:d"}]}`)
	for _, i := range []int{0, 1, 2, 5} {
		if _, err := Chain(doc, &Proofs(doc)[i]); codeOf(t, err) != MissingPrevious {
			t.Errorf("Chain of proof %d = %v, want code %q", i, err, MissingPrevious)
		}
	}
	many := MustParse(t, `{"proof":[`+strings.Repeat(`{"id":"urn:a"},`, maxProofs)+`{"previousProof":"urn:a"}]}`)
	if _, err := Chain(many, &Proofs(many)[maxProofs]); codeOf(t, err) != Malformed {
		t.Errorf("Chain among %d proofs = %v, want code %q", maxProofs+1, err, Malformed)
	}
}

func TestRawSignature(t *testing.T) {
	pair := func(r, s *big.Int) []byte {
		der, err := asn1.Marshal([]*big.Int{r, s})
		if err != nil {
			t.Fatal(err)
		}
		return der
	}
	one := big.NewInt(1)
	wide := new(big.Int).Lsh(one, 256)
	for _, tt := range []struct {
		name string
		der  []byte
		want bool
	}{
		{"small numbers", pair(one, one), true},
		{"the full width", pair(new(big.Int).Sub(wide, one), one), true},
		{"wider than the curve", pair(wide, one), false},
		{"negative", pair(big.NewInt(-1), one), false},
		{"bytes behind", append(pair(one, one), 0), false},
		{"a third number", func() []byte { der, _ := asn1.Marshal([]*big.Int{one, one, one}); return der }(), false},
		{"a padded number", []byte{0x30, 7, 2, 2, 0, 1, 2, 1, 1}, false},
		{"a long-form length", []byte{0x30, 0x81, 6, 2, 1, 1, 2, 1, 1}, false},
		{"nothing", nil, false},
	} {
		if raw, ok := rawSignature(tt.der, 32); ok != tt.want || ok && len(raw) != 64 {
			t.Errorf("rawSignature of %s = %x, %v, want %v", tt.name, raw, ok, tt.want)
		}
	}
}

func TestVerifyECDSA(t *testing.T) {
	key := keys()["P-256"].(*ecdsa.PrivateKey)
	sum := digest([]byte("signed"), crypto.SHA256)
	der, err := key.Sign(rand.Reader, sum, crypto.SHA256)
	if err != nil {
		t.Fatal(err)
	}
	raw, ok := rawSignature(der, 32)
	if !ok || !verifyECDSA(&key.PublicKey, sum, raw) {
		t.Fatal("a signature does not survive the way to raw and back")
	}
	for name, bad := range map[string][]byte{
		"ASN.1":      der,
		"zeros":      make([]byte, 64),
		"longer":     append(append([]byte(nil), raw...), 0),
		"shorter":    raw[:63],
		"r alone":    append(append([]byte(nil), raw[:32]...), make([]byte, 32)...),
		"exchanged":  append(append([]byte(nil), raw[32:]...), raw[:32]...),
		"r plus one": append([]byte{raw[0], raw[1] ^ 1}, raw[2:]...),
		"empty":      nil,
	} {
		if verifyECDSA(&key.PublicKey, sum, bad) {
			t.Errorf("verifyECDSA takes %s", name)
		}
	}
}

func TestParseStamp(t *testing.T) {
	for text, want := range map[string]string{
		"2026-01-05T10:00:00Z":      "2026-01-05T10:00:00Z",
		"2026-01-05T10:00:00.5Z":    "2026-01-05T10:00:00.5Z",
		"2026-01-05T10:00:00+02:00": "2026-01-05T08:00:00Z",
		"2026-01-05T10:00:00":       "",
		"2026-01-05":                "",
		"2026-01-05t10:00:00Z":      "",
		"2026-01-05T10:00:00z":      "",
		"2026-01-05 10:00:00Z":      "",
		"2026-1-5T10:00:00Z":        "",
		"2026-01-05T1:00:00Z":       "",
		"2026-01-05T10:00:00,5Z":    "",
		"2026-02-30T10:00:00Z":      "",
		"2026-01-05T10:00:60Z":      "",
		"2026-01-05T10:00:00+2:00":  "",
		"2026-01-05T10:00:00Z ":     "",
		"":                          "",
		"2026-01-05T10:00:00." + strings.Repeat("0", 60) + "Z": "",
	} {
		got, ok := parseStamp(text)
		if ok != (want != "") || ok && got.UTC().Format(time.RFC3339Nano) != want {
			t.Errorf("parseStamp(%q) = %v, %v, want %q", text, got, ok, want)
		}
	}
}

func TestCheckWithWeakKeys(t *testing.T) {
	signed := MustSign(t, MustParse(t, sample), edKey(1), Options{Created: day})
	proof := Proofs(signed)[0]
	neutral := make([]byte, 32)
	neutral[0] = 1
	// With the neutral element as key, R = neutral and S = 0 satisfy the equation
	// for every message.
	forged := proof.With("proofValue", strictjson.NewString("z"+base58.Encode(append(neutral, make([]byte, 32)...))))
	err := Check(signed, &forged, ed25519.PublicKey(neutral), CheckOptions{})
	if codeOf(t, err) != UnsupportedKey || !errors.Is(err, did.ErrWeakKey) {
		t.Errorf("Check with a small-order key = %v, want code %q", err, UnsupportedKey)
	}
}
