package jsonld_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/accolade-badges/accolade/openbadges/jsonld"
)

func TestParseNQuads(t *testing.T) {
	for _, tt := range []struct{ name, in, want string }{
		{"nothing", "", ""},
		{"comments and blank lines", "# one\n\n  \t# two\n<urn:s> <urn:p> <urn:o> . # three\n", "<urn:s> <urn:p> <urn:o> .\n"},
		{"no space and no final line feed", "<urn:s><urn:p><urn:o>.", "<urn:s> <urn:p> <urn:o> .\n"},
		{"other line ends", "<urn:s> <urn:p> <urn:o> .\r\n<urn:s> <urn:p> \"x\" .\r", "<urn:s> <urn:p> \"x\" .\n<urn:s> <urn:p> <urn:o> .\n"},
		{"a statement twice", "<urn:s> <urn:p> _:a .\n<urn:s> <urn:p> _:a .\n", "<urn:s> <urn:p> _:c14n0 .\n"},
		{"a graph", "_:s <urn:p> \"x\"@EN-gb <urn:g> .\n_:s <urn:p> \"x\" _:g .\n", "_:c14n0 <urn:p> \"x\" _:c14n1 .\n_:c14n0 <urn:p> \"x\"@EN-gb <urn:g> .\n"},
		{"a string spelled out", `<urn:s> <urn:p> "x"^^<http://www.w3.org/2001/XMLSchema#string> .`, "<urn:s> <urn:p> \"x\" .\n"},
		{"escapes", `<urn:s\u00e9> <urn:p> "\t\b\n\r\f\"\'\\\u0007\U0001F3C5\u007F" .`, "<urn:sé> <urn:p> \"\\t\\b\\n\\r\\f\\\"'\\\\\\u0007🏅\\u007F\" .\n"},
		{"a label with dots", "_:a.b <urn:p> _:a.b.", "_:c14n0 <urn:p> _:c14n0 .\n"},
		{"a literal before its dot", `<urn:s> <urn:p> "x"@en.`, "<urn:s> <urn:p> \"x\"@en .\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d, err := jsonld.ParseNQuads([]byte(tt.in))
			if err != nil {
				t.Fatal(err)
			}
			got, _, err := d.Canonicalize(jsonld.Options{})
			if err != nil || string(got) != tt.want {
				t.Errorf("canonical form %q, %v, want %q", got, err, tt.want)
			}
			if n := strings.Count(tt.want, "\n"); d.Len() != n {
				t.Errorf("%d statements, want %d", d.Len(), n)
			}
		})
	}
}

func TestParseNQuadsRefuses(t *testing.T) {
	for _, tt := range []struct{ name, in, path string }{
		{"no dot", "<urn:s> <urn:p> <urn:o>\n", "line 1"},
		{"an error on a later line", "<urn:s> <urn:p> <urn:o> .\r\n\n<urn:s> .\n", "line 3"},
		{"text after the dot", "<urn:s> <urn:p> <urn:o> . x", "line 1"},
		{"a relative IRI", "<s> <urn:p> <urn:o> .", "line 1"},
		{"an IRI with a space", "<urn:s x> <urn:p> <urn:o> .", "line 1"},
		{"an IRI with an escaped space", `<urn:s\u0020x> <urn:p> <urn:o> .`, "line 1"},
		{"an open IRI", "<urn:s <urn:p", "line 1"},
		{"a literal as subject", `"s" <urn:p> <urn:o> .`, "line 1"},
		{"a blank node as predicate", "<urn:s> _:p <urn:o> .", "line 1"},
		{"an open literal", `<urn:s> <urn:p> "x .`, "line 1"},
		{"a literal that ends in a backslash", `<urn:s> <urn:p> "x\`, "line 1"},
		{"a bad escape", `<urn:s> <urn:p> "\x" .`, "line 1"},
		{"half a surrogate pair", `<urn:s> <urn:p> "\ud800" .`, "line 1"},
		{"a cut escape", `<urn:s> <urn:p> "\u12" .`, "line 1"},
		{"a bad language", `<urn:s> <urn:p> "x"@e_n .`, "line 1"},
		{"a bad label", "_:-a <urn:p> <urn:o> .", "line 1"},
		{"bad UTF-8", "<urn:s> <urn:p> \"\xff\" .", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := jsonld.ParseNQuads([]byte(tt.in))
			var e *jsonld.Error
			if !errors.As(err, &e) || e.Code != jsonld.BadNQuads || e.Path != tt.path {
				t.Errorf("ParseNQuads: %v, want %s at %s", err, jsonld.BadNQuads, tt.path)
			}
		})
	}
}

func FuzzParseNQuads(f *testing.F) {
	f.Add([]byte("_:a <urn:p> \"x\\u00e9\\n\"@en <urn:g> .\n_:b <urn:p> _:a .\n"))
	f.Add([]byte("<urn:s> <urn:p> \"1\"^^<urn:t> . # note\r\n"))
	f.Add([]byte("_:a <urn:p> _:b .\n_:b <urn:p> _:a .\n_:c <urn:p> _:c _:c .\n"))
	f.Fuzz(func(t *testing.T, in []byte) {
		d, err := jsonld.ParseNQuads(in)
		if err != nil {
			return
		}
		got, issued, err := d.Canonicalize(jsonld.Options{MaxCalls: 256})
		if err != nil {
			return
		}
		again, err := jsonld.ParseNQuads(got)
		if err != nil {
			t.Fatalf("the canonical form cannot be read: %v\n%s", err, got)
		}
		twice, _, err := again.Canonicalize(jsonld.Options{MaxCalls: 256})
		if err != nil || string(twice) != string(got) {
			t.Fatalf("the canonical form of\n%s is\n%s (%v)", got, twice, err)
		}
		seen := map[string]bool{}
		for _, id := range issued {
			if seen[id] {
				t.Fatalf("%s was issued twice", id)
			}
			seen[id] = true
		}
	})
}
