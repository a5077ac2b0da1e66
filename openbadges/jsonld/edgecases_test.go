package jsonld_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"testing"

	"github.com/accolade-badges/accolade/openbadges/jsonld"
)

// Edge cases: the canonical form that jsonld.js and
// rdf-canonize agree on, or a refusal where they drop something, where libraries
// disagree about the bytes, or where they refuse as well.
func TestEdgeCases(t *testing.T) {
	var expected struct {
		Cases map[string]struct {
			SHA256 string `json:"npm_sha256"`
			Safe   string `json:"npm_safe"`
		}
	}
	if err := json.Unmarshal(mustRead(t, "standards/vectors/edge-cases/EXPECTED.json"), &expected); err != nil {
		t.Fatal(err)
	}
	refused := map[string]*jsonld.Error{
		"aka.json":          {Code: jsonld.UndefinedTerm, Path: "/issuer/alsoKnownAs"},
		"endjwt.json":       {Code: jsonld.UndefinedTerm, Path: "/endorsementJwt"},
		"unknownprop.json":  {Code: jsonld.UndefinedTerm},
		"status_noext.json": {Code: jsonld.UndefinedTerm, Path: "/credentialStatus/type"},
		"prot.json":         {Code: jsonld.ProtectedRedefinition, Path: "/@context/2/name"},
		"ctl.json":          {Code: jsonld.ControlCharacter, Path: "/credentialSubject/achievement/description"},
	}
	if len(expected.Cases) < 30 {
		t.Fatalf("%d cases, want all of them", len(expected.Cases))
	}
	for name, want := range expected.Cases {
		t.Run(name, func(t *testing.T) {
			doc := mustParse(t, mustRead(t, "standards/vectors/edge-cases/"+name))
			got, err := jsonld.Canonicalize(doc, jsonld.Options{})
			if refusal := refused[name]; refusal != nil {
				var e *jsonld.Error
				if !errors.As(err, &e) || e.Code != refusal.Code || refusal.Path != "" && e.Path != refusal.Path {
					t.Errorf("Canonicalize: %v, want %s at %s", err, refusal.Code, refusal.Path)
				}
				return
			}
			if want.Safe != "ok" {
				t.Fatalf("the safe mode of jsonld.js refuses this (%s), and no refusal is expected here", want.Safe)
			}
			if err != nil {
				t.Fatal(err)
			}
			if sum := sha256.Sum256(got); hex.EncodeToString(sum[:]) != want.SHA256 {
				t.Errorf("the hash of the canonical form is %x, want %s:\n%s", sum, want.SHA256, got)
			}
		})
	}
}
