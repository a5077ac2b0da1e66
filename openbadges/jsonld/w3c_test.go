package jsonld_test

import (
	"crypto"
	_ "crypto/sha512" // for crypto.SHA384
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/accolade-badges/accolade/openbadges/jsonld"
)

// citizenship is the one context of the W3C vectors that was not supplied.
const citizenship = "https://w3id.org/citizenship/v4rc1"

// The canonical documents and proof options of the W3C vectors for the rdfc
// suites, and their hashes.
func TestW3CDataIntegrityVectors(t *testing.T) {
	const eddsa, ecdsa = "standards/vectors/w3c-di-eddsa/", "standards/vectors/w3c-di-ecdsa/"
	for _, tt := range []struct {
		folder, suffix, doc string
		hash                crypto.Hash
	}{
		{eddsa + "eddsa-rdfc-2022", "DataInt", eddsa + "unsigned.json", crypto.SHA256},
		{eddsa + "Ed25519Signature2020", "EdSig", eddsa + "unsigned.json", crypto.SHA256},
		{eddsa + "eddsa-rdfc-2022/employ", "DataInt", eddsa + "employmentAuth.json", crypto.SHA256},
		{ecdsa + "ecdsa-rdfc-2019-p256", "ECDSAP256", ecdsa + "unsigned.json", crypto.SHA256},
		{ecdsa + "ecdsa-rdfc-2019-p256/employ", "ECDSAP256", ecdsa + "employmentAuth.json", crypto.SHA256},
		{ecdsa + "ecdsa-rdfc-2019-p384", "ECDSAP384", ecdsa + "unsigned.json", crypto.SHA384},
		{ecdsa + "ecdsa-rdfc-2019-p384/employ", "ECDSAP384", ecdsa + "employmentAuth.json", crypto.SHA384},
	} {
		t.Run(strings.TrimPrefix(tt.folder, "standards/vectors/"), func(t *testing.T) {
			read := func(name string) string {
				files, err := filepath.Glob(filepath.Join(shared, tt.folder, name+tt.suffix+".*"))
				if err != nil || len(files) != 1 {
					mustRead(t, tt.folder) // skips where nothing is shared
					t.Fatalf("%s: %v %v", name, files, err)
				}
				data, err := os.ReadFile(files[0])
				if err != nil {
					t.Fatal(err)
				}
				return string(data)
			}
			o := jsonld.Options{Hash: tt.hash}
			sum := func(data []byte) string {
				h := tt.hash.New()
				h.Write(data)
				return hex.EncodeToString(h.Sum(nil))
			}
			for _, part := range []struct{ data, canon, hash string }{
				{string(mustRead(t, tt.doc)), read("canonDoc"), read("docHash")},
				{read("proofConfig"), read("proofCanon"), read("proofHash")},
			} {
				want := strings.TrimSpace(part.hash)
				if strings.Contains(part.data, citizenship) {
					// From the canonical form on.
					d, err := jsonld.ParseNQuads([]byte(part.canon))
					if err != nil {
						t.Fatal(err)
					}
					got, _, err := d.Canonicalize(o)
					if err != nil {
						t.Fatal(err)
					}
					if diff := cmp.Diff(part.canon, string(got)); diff != "" {
						t.Errorf("canonical form, want (-) got (+):\n%s", diff)
					}
					if sum(got) != want {
						t.Errorf("hash %s, want %s", sum(got), want)
					}
					continue
				}
				got, err := jsonld.Canonicalize(mustParse(t, []byte(part.data)), o)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(part.canon, string(got)); diff != "" {
					t.Errorf("canonical form, want (-) got (+):\n%s", diff)
				}
				if sum(got) != want {
					t.Errorf("hash %s, want %s", sum(got), want)
				}
			}
		})
	}
}

// The canonical forms that the Open Badges implementation guide gives.
func TestImplementationGuideVectors(t *testing.T) {
	const examples = "standards/vectors/ob3-spec-examples/impl-linked-data-proof-"
	for _, tt := range []struct{ doc, proof, canon string }{
		{examples + "ob-credential.json", examples + "ob-proof.json", "standards/vectors/ob3-impl-guide/obv3p0/"},
		{examples + "clr-document-before-signing.json", examples + "clr-proof.json", "standards/vectors/ob3-impl-guide/clrv2p0/"},
	} {
		doc := mustParse(t, mustRead(t, tt.doc))
		got, err := jsonld.Canonicalize(doc, jsonld.Options{})
		if err != nil {
			t.Errorf("%s: %v", tt.doc, err)
			continue
		}
		if diff := cmp.Diff(strings.TrimSpace(string(mustRead(t, tt.canon+"document-canon.txt"))), strings.TrimSpace(string(got))); diff != "" {
			t.Errorf("%s, want (-) got (+):\n%s", tt.doc, diff)
		}
		proof := mustParse(t, mustRead(t, tt.proof)).Without("proofValue")
		got, err = jsonld.Canonicalize(&proof, jsonld.Options{Context: doc.Get("@context")})
		if err != nil {
			t.Errorf("%s: %v", tt.proof, err)
			continue
		}
		if diff := cmp.Diff(strings.TrimSpace(string(mustRead(t, tt.canon+"proof-canon.txt"))), strings.TrimSpace(string(got))); diff != "" {
			t.Errorf("%s, want (-) got (+):\n%s", tt.proof, diff)
		}
	}
}
