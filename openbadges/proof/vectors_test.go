package proof

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mr-tron/base58"

	"github.com/accolade-badges/accolade/openbadges/did"
	"github.com/accolade-badges/accolade/openbadges/jsonld"
	"github.com/accolade-badges/accolade/openbadges/strictjson"
)

// keyOfFragment returns the key that a did:key method, or a URL with a multibase
// fragment, spells out.
func keyOfFragment(tb testing.TB, proof *strictjson.Value) crypto.PublicKey {
	tb.Helper()
	_, fragment := did.Split(proof.Get("verificationMethod").Str())
	key, err := did.ParseMultikey(fragment)
	if err != nil {
		tb.Fatal(err)
	}
	return key
}

// TestDataIntegrityVectors follows the published vectors step by step: hashes,
// what is signed, and the signature (vc-di-eddsa appendix B, vc-di-ecdsa
// appendix A). Those of the employ folders use a context that is not published
// with them, so they begin at their canonical form.
func TestDataIntegrityVectors(t *testing.T) {
	for _, tt := range []struct {
		dir, suffix   string
		fromCanonical bool
	}{
		{"w3c-di-eddsa/eddsa-rdfc-2022", "DataInt", false},
		{"w3c-di-eddsa/eddsa-rdfc-2022/employ", "DataInt", true},
		{"w3c-di-eddsa/eddsa-jcs-2022", "JCS", false},
		{"w3c-di-eddsa/Ed25519Signature2020", "EdSig", false},
		{"w3c-di-ecdsa/ecdsa-rdfc-2019-p256", "ECDSAP256", false},
		{"w3c-di-ecdsa/ecdsa-rdfc-2019-p256/employ", "ECDSAP256", true},
		{"w3c-di-ecdsa/ecdsa-rdfc-2019-p384", "ECDSAP384", false},
		{"w3c-di-ecdsa/ecdsa-rdfc-2019-p384/employ", "ECDSAP384", true},
	} {
		t.Run(tt.dir, func(t *testing.T) {
			dir := shared(t, "standards", "vectors", filepath.FromSlash(tt.dir))
			read := func(name, ext string) []byte { return MustRead(t, filepath.Join(dir, name+tt.suffix+ext)) }
			fromHex := func(name string) []byte {
				raw, err := hex.DecodeString(strings.TrimSpace(string(read(name, ".txt"))))
				if err != nil {
					t.Fatal(err)
				}
				return raw
			}
			doc := MustParse(t, string(read("signed", ".json")))
			proof := Proofs(doc)[0]
			key := keyOfFragment(t, &proof)
			s, known := suiteOf(proof.Get("type").Str(), proof.Get("cryptosuite").Str())
			if !known {
				t.Fatalf("suite of %s is not known", tt.dir)
			}
			hash, err := s.hash(key)
			if err != nil {
				t.Fatal(err)
			}
			sum := func(b []byte) []byte {
				h := hash.New()
				h.Write(b)
				return h.Sum(nil)
			}
			proofHash, docHash := fromHex("proofHash"), fromHex("docHash")
			if !bytes.Equal(sum(read("proofCanon", ".txt")), proofHash) || !bytes.Equal(sum(read("canonDoc", ".txt")), docHash) {
				t.Fatal("the hashes of the canonical forms are not those of the vector")
			}
			combined := append(proofHash, docHash...)
			if !bytes.Equal(combined, fromHex("combinedHash")) {
				t.Fatal("proof hash and document hash do not make the combined hash")
			}
			signature, err := proofValue(&proof, key)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(signature, fromHex("sigHex")) {
				t.Errorf("proofValue decodes to %x", signature)
			}
			if !good(key, combined, signature, hash) {
				t.Error("the signature does not match the combined hash")
			}
			combined[40] ^= 1
			if good(key, combined, signature, hash) {
				t.Error("the signature matches another combined hash, too")
			}
			combined[40] ^= 1
			if tt.fromCanonical {
				if got := codeOf(t, Check(doc, &proof, key, CheckOptions{})); got != Transformation {
					t.Errorf("Check under an unknown context: code %q, want %q", got, Transformation)
				}
				return
			}
			document := doc.Without("proof")
			options := proof.Without("proofValue")
			if data, err := s.hashes(&document, &options, hash, ""); err != nil || !bytes.Equal(data, combined) {
				t.Errorf("hashes = %x, %v, want %x", data, err, combined)
			}
			if err := Check(doc, &proof, key, CheckOptions{}); err != nil {
				t.Errorf("Check: %v", err)
			}
			checkTwins(t, doc, &proof, key)
		})
	}
}

func good(key crypto.PublicKey, data, signature []byte, hash crypto.Hash) bool {
	if k, is := key.(*ecdsa.PublicKey); is {
		return verifyECDSA(k, digest(data, hash), signature)
	}
	return ed25519.Verify(key.(ed25519.PublicKey), data, signature)
}

// checkTwins changes one thing at a time in a good document and wants each twin
// refused.
func checkTwins(t *testing.T, doc, proof *strictjson.Value, key crypto.PublicKey) {
	t.Helper()
	for name, twin := range map[string]strictjson.Value{
		"another name":      doc.With("name", strictjson.NewString("Another name")),
		"another issuer":    doc.With("issuer", strictjson.NewString("https://other.example/")),
		"a later validFrom": doc.With("validFrom", strictjson.NewString("2030-01-01T00:00:00Z")),
		"a member more":     doc.With("validUntil", strictjson.NewString("2090-01-01T00:00:00Z")),
		"a member less":     doc.Without("validFrom"),
		"an undefined one":  doc.With("nowhereDefinedBefore", strictjson.NewString("x")),
	} {
		if err := Check(&twin, proof, key, CheckOptions{}); err == nil {
			t.Errorf("the twin with %s passes", name)
		}
	}
	for name, twin := range map[string]strictjson.Value{
		"another created": proof.With("created", strictjson.NewString("2024-02-24T23:36:38Z")),
		"another method":  proof.With("verificationMethod", strictjson.NewString("did:key:z6Mk#z6Mk")),
		"an expires":      proof.With("expires", strictjson.NewString("2090-01-01T00:00:00Z")),
		"a domain":        proof.With("domain", strictjson.NewString("example.org")),
	} {
		if got := codeOf(t, Check(doc, &twin, key, CheckOptions{})); got != BadSignature {
			t.Errorf("the proof with %s: code %q, want %q", name, got, BadSignature)
		}
	}
	text := proof.Get("proofValue").Str()
	raw, err := base58.Decode(text[1:])
	if err != nil {
		t.Fatal(err)
	}
	for _, bit := range []int{0, len(raw) / 2, len(raw) - 1} {
		changed := bytes.Clone(raw)
		changed[bit] ^= 1
		twin := proof.With("proofValue", strictjson.NewString("z"+base58.Encode(changed)))
		if got := codeOf(t, Check(doc, &twin, key, CheckOptions{})); got != BadSignature {
			t.Errorf("the signature with byte %d changed: code %q, want %q", bit, got, BadSignature)
		}
	}
	for name, value := range map[string]string{
		"cut":         "z" + base58.Encode(raw[:len(raw)-1]),
		"over-long":   "z" + base58.Encode(append(bytes.Clone(raw), 0)),
		"zero-padded": "z1" + text[1:],
		"base64":      "m" + text[1:],
		"not base58":  text[:10] + "0" + text[11:],
		"huge":        "z" + strings.Repeat("2", 1<<20),
	} {
		twin := proof.With("proofValue", strictjson.NewString(value))
		if got := codeOf(t, Check(doc, &twin, key, CheckOptions{})); got != Malformed {
			t.Errorf("the %s signature: code %q, want %q", name, got, Malformed)
		}
	}
}

// seedOf decodes the private key of a published vector.
func seedOf(tb testing.TB, multibase string) ed25519.PrivateKey {
	tb.Helper()
	raw, err := base58.Decode(multibase[1:])
	if err != nil || len(raw) != 34 {
		tb.Fatalf("private key of %d bytes, %v", len(raw), err)
	}
	return ed25519.NewKeyFromSeed(raw[2:])
}

func TestSignMakesThePublishedSignature(t *testing.T) {
	dir := shared(t, "standards", "vectors", "w3c-di-eddsa")
	pair := MustParse(t, string(MustRead(t, filepath.Join(dir, "keyPair.json"))))
	unsigned := MustParse(t, string(MustRead(t, filepath.Join(dir, "unsigned.json"))))
	want := Proofs(MustParse(t, string(MustRead(t, filepath.Join(dir, "eddsa-rdfc-2022", "signedDataInt.json")))))[0]
	created, _ := parseStamp(want.Get("created").Str())
	signed := MustSign(t, unsigned, seedOf(t, pair.Get("privateKeyMultibase").Str()), Options{Created: created})
	if got := Proofs(signed)[0]; !strictjson.Equal(&got, &want) {
		t.Errorf("Sign makes the proof %s, want %s", got.Append(nil), want.Append(nil))
	}
}

func TestProofSetAndChainVectors(t *testing.T) {
	dir := shared(t, "standards", "vectors", "w3c-di-eddsa", "proof-set-chain")
	for file, lengths := range map[string][]int{
		"signedProofSet1.json":   {0},
		"signedProofSet2.json":   {0, 0},
		"signedProofChain1.json": {0, 0, 2},
		"signedProofChain2.json": {0, 0, 2, 3},
	} {
		t.Run(file, func(t *testing.T) {
			doc := MustParse(t, string(MustRead(t, filepath.Join(dir, file))))
			proofs := Proofs(doc)
			if len(proofs) != len(lengths) {
				t.Fatalf("%d proofs, want %d", len(proofs), len(lengths))
			}
			for i := range proofs {
				if err := Check(doc, &proofs[i], keyOfFragment(t, &proofs[i]), CheckOptions{}); err != nil {
					t.Errorf("proof %d: %v", i, err)
				}
				if chain, err := Chain(doc, &proofs[i]); err != nil || len(chain) != lengths[i] {
					t.Errorf("Chain of proof %d has %d proofs, %v, want %d", i, len(chain), err, lengths[i])
				}
			}
			last := &proofs[len(proofs)-1]
			if last.Get("previousProof") == nil {
				return
			}
			// A link that is taken out or changed breaks what stands on it.
			without := doc.With("proof", strictjson.NewArray(*last))
			if got := codeOf(t, Check(&without, last, keyOfFragment(t, last), CheckOptions{})); got != MissingPrevious {
				t.Errorf("the last proof alone: code %q, want %q", got, MissingPrevious)
			}
			changed := append([]strictjson.Value(nil), proofs...)
			for i := range len(changed) - 1 {
				changed[i] = changed[i].With("created", strictjson.NewString("2020-01-01T00:00:00Z"))
			}
			twin := doc.With("proof", strictjson.NewArray(changed...))
			if got := codeOf(t, Check(&twin, last, keyOfFragment(t, last), CheckOptions{})); got != BadSignature {
				t.Errorf("the last proof over changed ones: code %q, want %q", got, BadSignature)
			}
		})
	}
}

func TestSignMakesThePublishedChain(t *testing.T) {
	dir := shared(t, "standards", "vectors", "w3c-di-eddsa", "proof-set-chain")
	pairs := MustParse(t, string(MustRead(t, filepath.Join(dir, "multiKeyPairs.json"))))
	doc := MustParse(t, string(MustRead(t, filepath.Join(dir, "signedProofChain1.json"))))
	want := Proofs(MustParse(t, string(MustRead(t, filepath.Join(dir, "signedProofChain2.json")))))[3]
	created, _ := parseStamp(want.Get("created").Str())
	signed := MustSign(t, doc, seedOf(t, pairs.Get("keyPair4").Get("privateKeyMultibase").Str()),
		Options{Created: created, PreviousProof: want.Get("previousProof").Str()})
	if got := Proofs(signed); len(got) != 4 || !strictjson.Equal(&got[3], &want) {
		t.Errorf("Sign makes the proofs %s, want the last to be %s", signed.Get("proof").Append(nil), want.Append(nil))
	}
}

func TestImplementationGuideVectors(t *testing.T) {
	for _, tt := range []struct{ dir, example string }{
		{"obv3p0", "impl-linked-data-proof-ob-signed-credential.json"},
		{"clrv2p0", "impl-linked-data-proof-clr-signed-credential.json"},
	} {
		t.Run(tt.dir, func(t *testing.T) {
			doc := MustParse(t, string(MustRead(t, shared(t, "standards", "vectors", "ob3-spec-examples", tt.example))))
			proof := Proofs(doc)[0]
			key := keyOfFragment(t, &proof).(ed25519.PublicKey)
			document, options := doc.Without("proof"), proof.Without("proofValue")
			var signed []byte
			for _, part := range []struct {
				file string
				v    *strictjson.Value
			}{{"proof-canon.txt", &options}, {"document-canon.txt", &document}} {
				want := MustRead(t, shared(t, "standards", "vectors", "ob3-impl-guide", tt.dir, part.file))
				got, err := jsonld.Canonicalize(part.v, jsonld.Options{Context: doc.Get("@context")})
				if err != nil || !bytes.Equal(bytes.TrimSpace(got), bytes.TrimSpace(want)) {
					t.Errorf("%s: %v, got\n%s\nwant\n%s", part.file, err, got, want)
				}
				sum := sha256.Sum256(got)
				signed = append(signed, sum[:]...)
			}
			if signature, err := proofValue(&proof, key); err != nil || !ed25519.Verify(key, signed, signature) {
				t.Errorf("the signature does not match the hashes: %v", err)
			}
			if err := Check(doc, &proof, key, CheckOptions{}); err != nil {
				t.Errorf("Check: %v", err)
			}
			checkTwins(t, doc, &proof, key)
		})
	}
}
