package jsonld_test

import (
	"crypto"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/accolade-badges/accolade/openbadges/jsonld"
)

// The test suite of RDF Dataset Canonicalization: canonical forms, the map of
// issued identifiers, and the one graph that must be refused.
func TestRDFCanonSuite(t *testing.T) {
	var manifest struct {
		Entries []struct{ ID, Type, Action, Result, HashAlgorithm string }
	}
	if err := json.Unmarshal(mustRead(t, "standards/vectors/rdf-canon/manifest.jsonld"), &manifest); err != nil {
		t.Fatal(err)
	}
	ran := map[string]int{}
	for _, e := range manifest.Entries {
		ran[e.Type]++
		t.Run(strings.TrimPrefix(e.ID, "#"), func(t *testing.T) {
			d, err := jsonld.ParseNQuads(mustRead(t, "standards/vectors/rdf-canon/"+e.Action))
			if err != nil {
				t.Fatal(err)
			}
			var o jsonld.Options
			if e.HashAlgorithm == "SHA384" {
				o.Hash = crypto.SHA384
			}
			start := processorTime(t)
			got, issued, err := d.Canonicalize(o)
			took := processorTime(t) - start
			if e.Type == "rdfc:RDFC10NegativeEvalTest" {
				var refusal *jsonld.Error
				if !errors.As(err, &refusal) || refusal.Code != jsonld.TooComplex {
					t.Errorf("Canonicalize: %v, want an error with code %s", err, jsonld.TooComplex)
				}
				if limit := 50 * time.Millisecond * slowdown; took > limit {
					t.Errorf("it took %v, want at most %v", took, limit)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			want := mustRead(t, "standards/vectors/rdf-canon/"+e.Result)
			if e.Type == "rdfc:RDFC10MapTest" {
				var ids map[string]string
				if err := json.Unmarshal(want, &ids); err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(ids, issued); diff != "" {
					t.Errorf("issued identifiers, want (-) got (+):\n%s", diff)
				}
				return
			}
			if diff := cmp.Diff(string(want), string(got)); diff != "" {
				t.Errorf("canonical form, want (-) got (+):\n%s", diff)
			}
			again, err := jsonld.ParseNQuads(got)
			if err != nil {
				t.Fatal(err)
			}
			if twice, _, err := again.Canonicalize(o); err != nil || string(twice) != string(got) {
				t.Errorf("the canonical form of the canonical form differs: %v", err)
			}
		})
	}
	if diff := cmp.Diff(map[string]int{"rdfc:RDFC10EvalTest": 64, "rdfc:RDFC10MapTest": 21, "rdfc:RDFC10NegativeEvalTest": 1}, ran); diff != "" {
		t.Errorf("tests of the suite, want (-) got (+):\n%s", diff)
	}
}

// Poison graphs of several shapes end within the budget's time.
func TestCanonicalizeEndsOnPoison(t *testing.T) {
	for _, tt := range []struct {
		name  string
		graph func(add func(s, p, o, g string))
	}{
		{"a clique of 10", func(add func(s, p, o, g string)) { clique(add, 10) }},
		{"a clique of 60", func(add func(s, p, o, g string)) { clique(add, 60) }},
		{"a clique of 200", func(add func(s, p, o, g string)) { clique(add, 200) }},
		{"a ring of 5000", func(add func(s, p, o, g string)) {
			for i := range 5000 {
				add(blank(i), "urn:p", blank((i+1)%5000), "")
			}
		}},
		{"a star of 3000 nodes alike", func(add func(s, p, o, g string)) {
			for i := range 3000 {
				add("_:hub", "urn:p", blank(i), "")
			}
			add("_:hub2", "urn:p", blank(0), "")
		}},
		{"two stars of 12 nodes alike", func(add func(s, p, o, g string)) {
			for i := range 12 {
				add("_:hub1", "urn:p", blank(i), "")
				add("_:hub2", "urn:p", blank(100+i), "")
			}
		}},
		{"the same neighbour in many graphs", func(add func(s, p, o, g string)) {
			for i := range 20 {
				g := "<urn:g" + blank(i)[2:] + ">"
				add("_:x1", "urn:p", "_:y1", g)
				add("_:x2", "urn:p", "_:y2", g)
			}
		}},
		{"6000 nodes alike", func(add func(s, p, o, g string)) {
			for i := range 6000 {
				add("<urn:s>", "urn:p", blank(i), "")
			}
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var b strings.Builder
			tt.graph(func(s, p, o, g string) { b.WriteString(s + " <" + p + "> " + o + " " + g + " .\n") })
			d, err := jsonld.ParseNQuads([]byte(b.String()))
			if err != nil {
				t.Fatal(err)
			}
			start := processorTime(t)
			_, _, err = d.Canonicalize(jsonld.Options{})
			took := processorTime(t) - start
			if limit := 50 * time.Millisecond * slowdown; took > limit {
				t.Errorf("it took %v, want at most %v", took, limit)
			}
			t.Log(took, err)
			var refusal *jsonld.Error
			if err != nil && (!errors.As(err, &refusal) || refusal.Code != jsonld.TooComplex) {
				t.Errorf("Canonicalize: %v", err)
			}
		})
	}
}

func blank(i int) string {
	return "_:n" + string(rune('a'+i/676%26)) + string(rune('a'+i/26%26)) + string(rune('a'+i%26))
}

func clique(add func(s, p, o, g string), n int) {
	for i := range n {
		for j := range n {
			if i != j {
				add(blank(i), "urn:p", blank(j), "")
			}
		}
	}
}
