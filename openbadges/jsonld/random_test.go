package jsonld_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/piprate/json-gold/ld"
	"pgregory.net/rapid"

	"github.com/accolade-badges/accolade/openbadges/jsonld"
)

// vocabulary is what random credentials are made of: types and their members.
var vocabulary = map[string][]string{
	"VerifiableCredential": {"issuer", "credentialSubject", "evidence", "validFrom", "credentialStatus", "name", "description", "image", "proof"},
	"OpenBadgeCredential":  {"awardedDate", "endorsement", "name"},
	"AchievementSubject":   {"achievement", "identifier", "result", "source", "creditsEarned", "role", "image"},
	"Achievement":          {"criteria", "tag", "alignment", "creator", "related", "resultDescription", "achievementType", "version", "creditsAvailable"},
	"Profile":              {"name", "url", "email", "address", "otherIdentifier", "parentOrg", "official", "image", "endorsement"},
	"Result":               {"value", "status", "resultDescription", "achievedLevel", "alignment"},
	"ResultDescription":    {"allowedValue", "resultType", "rubricCriterionLevel", "alignment", "valueMin"},
	"Evidence":             {"name", "description", "genre", "narrative"},
	"Alignment":            {"targetName", "targetUrl", "targetCode"},
	"IdentityObject":       {"hashed", "identityHash", "identityType", "salt"},
	"DataIntegrityProof":   {"created", "cryptosuite", "proofPurpose", "verificationMethod", "nonce"},
}

// scalar and identifier draw what stands at the leaves.
var (
	scalar = rapid.OneOf(
		rapid.Map(rapid.SampledFrom([]string{"", "x", "urn:a", "https://example.org/b", "a \"quoted\" text\n", "2026-01-05T10:00:00Z", "Größe 更新 😀"}), func(s string) any { return s }),
		rapid.Map(rapid.SampledFrom([]json.Number{"0", "1", "-7", "2.5", "1e3", "123456.789"}), func(n json.Number) any { return n }),
		rapid.Map(rapid.Bool(), func(b bool) any { return b }),
		rapid.Just[any](nil),
	)
	identifier = rapid.SampledFrom([]string{"urn:1", "urn:2", "did:example:3", "https://example.org/4"})
)

// drawNode draws an object of one or two types with some of their members.
func drawNode(t *rapid.T, depth int) map[string]any {
	types := rapid.SliceOfNDistinct(rapid.SampledFrom(sortedTypes), 1, 2, rapid.ID[string]).Draw(t, "types")
	node := map[string]any{"type": types}
	if len(types) == 1 && rapid.Bool().Draw(t, "one") {
		node["type"] = types[0]
	}
	if rapid.Bool().Draw(t, "named") {
		node["id"] = identifier.Draw(t, "id")
	}
	var members []string
	for _, name := range types {
		members = append(members, vocabulary[name]...)
	}
	for _, m := range rapid.SliceOfNDistinct(rapid.SampledFrom(members), 0, 4, rapid.ID[string]).Draw(t, "members") {
		node[m] = drawValue(t, depth)
	}
	return node
}

func drawValue(t *rapid.T, depth int) any {
	switch kind := rapid.IntRange(0, 5).Draw(t, "kind"); {
	case kind <= 1 || depth == 0:
		return scalar.Draw(t, "scalar")
	case kind == 2:
		list := make([]any, rapid.IntRange(0, 3).Draw(t, "length"))
		for i := range list {
			list[i] = drawValue(t, depth-1)
		}
		return list
	default:
		return drawNode(t, depth-1)
	}
}

var sortedTypes = []string{"VerifiableCredential", "OpenBadgeCredential", "AchievementSubject", "Achievement", "Profile", "Result", "ResultDescription", "Evidence", "Alignment", "IdentityObject", "DataIntegrityProof"}

// Whatever credential is accepted, json-gold makes the same of it.
func TestRandomCredentialsAgreeWithJSONGold(t *testing.T) {
	gold := mustOracle(t)
	accepted := 0
	rapid.Check(t, func(t *rapid.T) {
		doc := drawNode(t, 3)
		doc["@context"] = []string{"https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"}
		data, err := json.Marshal(doc)
		if err != nil {
			t.Fatal(err)
		}
		got, err := jsonld.Canonicalize(mustParse(t, data), jsonld.Options{MaxCalls: 500})
		if err != nil {
			var e *jsonld.Error
			if !errors.As(err, &e) {
				t.Fatalf("%v is no *Error", err)
			}
			return
		}
		accepted++
		want, err := gold.canonicalize(data)
		if err != nil {
			t.Fatalf("json-gold: %v\n%s", err, data)
		}
		if diff := cmp.Diff(string(want), string(got)); diff != "" {
			t.Fatalf("json-gold (-) and Canonicalize (+) differ:\n%s\n%s", diff, data)
		}
	})
	if accepted < 10 {
		t.Errorf("only %d documents were accepted", accepted)
	}
}

// Random graphs full of ties get the identifiers that json-gold gives them.
func TestRandomGraphsAgreeWithJSONGold(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		node := rapid.Map(rapid.IntRange(0, 5), func(i int) string { return fmt.Sprintf("_:n%d", i) })
		object := rapid.OneOf(node, node, rapid.SampledFrom([]string{"<urn:o>", `"x"`, `"x"@en`, `"x "`}))
		graph := rapid.OneOf(rapid.Just(""), rapid.Just(""), rapid.Just("<urn:g>"), node)
		var b strings.Builder
		for range rapid.IntRange(1, 12).Draw(t, "statements") {
			s, o, g := node.Draw(t, "subject"), object.Draw(t, "object"), graph.Draw(t, "graph")
			if s == o || s == g || o == g {
				continue // a known fault: json-gold hashes such a statement twice
			}
			fmt.Fprintf(&b, "%s <urn:p%d> %s %s .\n", s, rapid.IntRange(0, 1).Draw(t, "predicate"), o, g)
		}
		d, err := jsonld.ParseNQuads([]byte(b.String()))
		if err != nil {
			t.Fatal(err)
		}
		got, issued, err := d.Canonicalize(jsonld.Options{})
		if err != nil {
			t.Fatalf("%v\n%s", err, b.String())
		}
		opts := ld.NewJsonLdOptions("")
		opts.Algorithm, opts.Format, opts.InputFormat = ld.AlgorithmURDNA2015, "application/n-quads", "application/n-quads"
		want, err := ld.NewJsonLdProcessor().Normalize(b.String(), opts)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want.(string), string(got)); diff != "" {
			t.Fatalf("json-gold (-) and Canonicalize (+) differ:\n%s\n%s", diff, b.String())
		}
		if n := strings.Count(string(got), "\n"); n != d.Len() {
			t.Fatalf("%d lines of %d statements", n, d.Len())
		}
		for label, id := range issued {
			if !strings.Contains(b.String(), "_:"+label) || !strings.HasPrefix(id, "c14n") {
				t.Fatalf("issued %q to %q", id, label)
			}
		}
	})
}
