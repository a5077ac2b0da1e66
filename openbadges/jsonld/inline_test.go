package jsonld_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/accolade-badges/accolade/openbadges/jsonld"
)

// Contexts written into a document, one feature each: what Canonicalize makes of
// them is what json-gold makes of them.
func TestInlineContextsAgreeWithJSONGold(t *testing.T) {
	gold := mustOracle(t)
	const v2 = `"https://www.w3.org/ns/credentials/v2"`
	for _, tt := range []struct{ name, doc string }{
		{"a simple term", `{"@context": {"a": "urn:a"}, "@id": "urn:s", "a": "x"}`},
		{"a term by @vocab", `{"@context": {"@vocab": "https://example.org/v#"}, "@type": "T", "a": {"b": [1, true, "x"]}}`},
		{"@vocab taken away", `{"@context": [{"@vocab": "https://example.org/v#", "b": "urn:b"}, {"@vocab": null}], "b": "x"}`},
		{"aliases", `{"@context": {"id": "@id", "type": "@type", "value": "@value", "lang": "@language", "a": "urn:a"}, "id": "urn:s", "type": "urn:t", "a": {"value": "x", "lang": "EN-gb"}}`},
		{"a prefix", `{"@context": {"p": "https://example.org/", "a": "p:a"}, "@id": "p:s", "@type": "p:T", "p:b": "x", "a": {"@id": "p:o"}}`},
		{"a prefix by flag", `{"@context": {"p": {"@id": "https://example.org/x", "@prefix": true}}, "@id": "p:s", "p:b": "x"}`},
		{"no prefix without a delimiter", `{"@context": {"p": "https://example.org/x"}, "@id": "p:s", "p:b": "x"}`},
		{"no prefix by an expanded definition", `{"@context": {"p": {"@id": "https://example.org/"}}, "@id": "p:s", "p:b": "x"}`},
		{"an address is never compact", `{"@context": {"https": "https://example.org/"}, "@id": "https://example.org/s", "https://example.org/p": "x"}`},
		{"datatypes", `{"@context": {"xsd": "http://www.w3.org/2001/XMLSchema#", "a": {"@id": "urn:a", "@type": "xsd:date"}, "b": {"@id": "urn:b", "@type": "xsd:string"}, "c": {"@id": "urn:c", "@type": "xsd:double"}}, "a": "2026-01-05", "b": ["x", 3], "c": [1, 2.5, "3"]}`},
		{"a compact datatype of a value", `{"@context": {"xsd": "http://www.w3.org/2001/XMLSchema#", "a": "urn:a"}, "a": {"@value": "2026", "@type": "xsd:gYear"}}`},
		{"typed numbers and booleans", `{"@context": {"a": "urn:a"}, "a": [{"@value": 5, "@type": "urn:t"}, {"@value": true, "@type": "urn:t"}, {"@value": 2.5}, {"@value": false}]}`},
		{"@id and @vocab coercion", `{"@context": {"w": "urn:word", "a": {"@id": "urn:a", "@type": "@id"}, "b": {"@id": "urn:b", "@type": "@vocab"}}, "a": ["urn:x", 7], "b": ["w", "urn:y", true]}`},
		{"a type mapping that means none", `{"@context": {"@language": "en", "a": {"@id": "urn:a", "@type": "@none"}}, "a": "x"}`},
		{"JSON literals", `{"@context": {"a": {"@id": "urn:a", "@type": "@json"}}, "a": {"z": [1.0, 1e2, "é\n"], "a": null}, "urn:b": {"@value": {"k": true}, "@type": "@json"}}`},
		{"a default language", `{"@context": {"@language": "en", "a": "urn:a", "b": {"@id": "urn:b", "@language": "DE"}, "c": {"@id": "urn:c", "@language": null}}, "a": ["x", {"@value": "y"}], "b": "x", "c": "x"}`},
		{"a language map", `{"@context": {"a": {"@id": "urn:a", "@container": "@language"}}, "a": {"en": "x", "de": ["y", "z"], "@none": "w"}}`},
		{"a set", `{"@context": {"a": {"@id": "urn:a", "@container": "@set"}}, "a": [], "urn:b": {"@set": ["x", ["y", {"@set": "z"}]]}}`},
		{"lists", `{"@context": {"a": {"@id": "urn:a", "@container": "@list"}}, "a": ["x", 1, {"urn:b": "y"}], "urn:c": {"@list": []}, "urn:d": {"@list": ["z", null]}}`},
		{"a list of lists", `{"@context": {"a": {"@id": "urn:a", "@container": "@list"}}, "a": [["x"], [], [["y"], "z"]]}`},
		{"a single value in a list", `{"@context": {"a": {"@id": "urn:a", "@container": "@list"}}, "a": {"@id": "urn:x"}}`},
		{"a list object in a list", `{"@context": {"a": {"@id": "urn:a", "@container": "@list"}}, "a": {"@list": ["x"]}}`},
		{"a graph container", `{"@context": {"a": {"@id": "urn:a", "@container": "@graph"}}, "@id": "urn:s", "a": [{"@id": "urn:x", "urn:b": "y"}, {"urn:b": {"urn:c": "z"}}]}`},
		{"a named graph", `{"@id": "urn:g", "urn:about": "x", "@graph": [{"@id": "urn:s", "urn:p": {"@id": "_:n"}}, {"@id": "_:n", "urn:p": "y"}]}`},
		{"the default graph", `{"@context": {"a": "urn:a"}, "@graph": [{"@id": "urn:s", "a": {"@id": "urn:o"}}, {"@id": "urn:o", "a": "x"}]}`},
		{"labelled blank nodes", `{"@context": {"a": "urn:a"}, "@id": "_:x", "a": [{"@id": "_:y"}, {"@id": "_:y", "a": "1"}, {"@id": "_:x"}], "@type": "_:t"}`},
		{"statements that stand twice", `{"@context": {"a": "urn:a", "b": "urn:a"}, "@type": ["urn:t", "urn:t"], "a": ["x", "x"], "b": ["x", {"@id": "_:n"}, {"@id": "_:n"}]}`},
		{"a scope by type", `{"@context": {"T": {"@id": "urn:T", "@context": {"a": "urn:scoped"}}, "a": "urn:a"}, "@type": "T", "a": {"a": "not scoped"}}`},
		{"a scope by type that propagates", `{"@context": {"T": {"@id": "urn:T", "@context": {"@propagate": true, "a": "urn:scoped"}}, "a": "urn:a"}, "@type": "T", "a": {"a": "scoped"}}`},
		{"scopes of two types", `{"@context": {"T": {"@id": "urn:T", "@context": {"a": "urn:fromT", "c": "urn:c"}}, "U": {"@id": "urn:U", "@context": {"a": "urn:fromU"}}, "a": "urn:a"}, "@type": ["U", "T"], "a": "x", "c": "y"}`},
		{"a scope by property", `{"@context": {"p": {"@id": "urn:p", "@context": {"a": "urn:scoped"}}, "a": "urn:a"}, "p": [{"a": {"a": "still scoped"}}], "a": "x"}`},
		{"a scope by property that stays", `{"@context": {"p": {"@id": "urn:p", "@context": {"@propagate": false, "a": "urn:scoped"}}, "a": "urn:a"}, "p": {"a": {"a": "not scoped"}}}`},
		{"a scope by property for a word", `{"@context": {"p": {"@id": "urn:p", "@type": "@vocab", "@context": {"w": "urn:scoped"}}, "w": "urn:w"}, "p": "w"}`},
		{"a scope that empties the context", `{"@context": {"p": {"@id": "urn:p", "@context": null}, "a": "urn:a"}, "p": {"urn:b": "x"}, "a": "y"}`},
		{"a scope by property in a scope by type", `{"@context": {"T": {"@id": "urn:T", "@context": {"p": {"@id": "urn:p", "@context": {"a": "urn:inner"}}}}, "a": "urn:a"}, "@type": "T", "p": {"a": "x", "urn:q": {"a": "y"}}}`},
		{"a reference under a scope by type", `{"@context": {"T": {"@id": "urn:T", "@context": {"ref": "@id", "p": "urn:p"}}}, "@type": "T", "p": {"ref": "urn:x"}}`},
		{"a context within", `{"@context": {"a": "urn:a"}, "a": {"@context": {"a": "urn:other", "b": "urn:b"}, "a": "x", "b": "y"}}`},
		{"a context within, emptied", `{"@context": {"a": "urn:a"}, "a": {"@context": [null, {"b": "urn:b"}], "b": "y"}}`},
		{"a known context within", `{"@context": {"a": "urn:a"}, "a": {"@context": [` + v2 + `], "type": "VerifiableCredential", "issuer": "urn:i"}}`},
		{"a known context, then terms", `{"@context": [` + v2 + `, {"motto": "urn:motto"}], "type": "VerifiableCredential", "issuer": {"id": "urn:i", "motto": "x"}}`},
		{"a protected term defined alike", `{"@context": [{"@protected": true, "a": "urn:a"}, {"a": "urn:a"}], "a": "x"}`},
		{"an unprotected term among protected ones", `{"@context": [{"@protected": true, "a": "urn:a", "b": {"@id": "urn:b", "@protected": false}}, {"b": "urn:c"}], "a": "x", "b": "y"}`},
		{"a protected term overridden by a property's scope", `{"@context": {"@protected": true, "a": "urn:a", "p": {"@id": "urn:p", "@context": {"a": "urn:other"}}}, "p": {"a": "x"}}`},
		{"a definition that another depends on", `{"@context": {"z": "y:z", "y": "x:y/", "x": "https://example.org/"}, "z": "v"}`},
		{"a term that is its own IRI", `{"@context": {"@vocab": "urn:v#", "urn:a": {"@type": "@id"}}, "urn:a": "urn:x", "b": "y"}`},
		{"a set of types", `{"@context": {"@type": {"@container": "@set"}, "a": "urn:a"}, "@type": ["urn:t"], "a": "x"}`},
		{"an array without order", `{"@context": {"a": "urn:a"}, "a": [null, ["x", [1, 2]], {"@id": "urn:o"}]}`},
		{"texts to escape", `{"@context": {"a": "urn:a"}, "a": ["tab\t", "line\nfeed\r", "quote\" back\\", "a", "a ", "a!", "a\"b", "🏅"]}`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := jsonld.Canonicalize(mustParse(t, []byte(tt.doc)), jsonld.Options{})
			if err != nil {
				t.Fatal(err)
			}
			want, err := gold.canonicalize([]byte(tt.doc))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), string(got)); diff != "" {
				t.Errorf("json-gold (-) and Canonicalize (+) differ:\n%s", diff)
			}
		})
	}
}

// Directions become datatypes, as in the rdfc cryptosuites of others.
func TestDirections(t *testing.T) {
	for _, tt := range []struct{ doc, want string }{
		{`{"@context": {"a": "urn:a"}, "@id": "urn:s", "a": {"@value": "x", "@language": "ar-EG", "@direction": "rtl"}}`, `"x"^^<https://www.w3.org/ns/i18n#ar-eg_rtl>`},
		{`{"@context": {"a": "urn:a"}, "@id": "urn:s", "a": {"@value": "x", "@direction": "ltr"}}`, `"x"^^<https://www.w3.org/ns/i18n#_ltr>`},
		{`{"@context": {"@direction": "rtl", "@language": "he", "a": "urn:a"}, "@id": "urn:s", "a": "x"}`, `"x"^^<https://www.w3.org/ns/i18n#he_rtl>`},
		{`{"@context": {"@direction": "rtl", "a": {"@id": "urn:a", "@direction": null}}, "@id": "urn:s", "a": "x"}`, `"x"`},
		{`{"@context": {"a": {"@id": "urn:a", "@container": "@language", "@direction": "rtl"}}, "@id": "urn:s", "a": {"ar": "x"}}`, `"x"^^<https://www.w3.org/ns/i18n#ar_rtl>`},
	} {
		got, err := jsonld.Canonicalize(mustParse(t, []byte(tt.doc)), jsonld.Options{})
		if want := "<urn:s> <urn:a> " + tt.want + " .\n"; err != nil || string(got) != want {
			t.Errorf("Canonicalize(%s) = %s, %v, want %s", tt.doc, got, err, want)
		}
	}
}
