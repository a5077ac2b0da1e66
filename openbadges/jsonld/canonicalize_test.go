package jsonld_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/accolade-badges/accolade/openbadges/jsonld"
	"github.com/accolade-badges/accolade/openbadges/strictjson"
)

func ExampleCanonicalize() {
	doc, err := strictjson.Parse([]byte(`{
		"@context": ["https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"],
		"id": "https://example.org/badges/1",
		"type": ["VerifiableCredential", "OpenBadgeCredential"],
		"name": "Bridge building"
	}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	nquads, err := jsonld.Canonicalize(doc, jsonld.Options{})
	fmt.Printf("%s%v\n", nquads, err)

	undefined := doc.With("motto", strictjson.NewString("build!"))
	_, err = jsonld.Canonicalize(&undefined, jsonld.Options{})
	fmt.Println(err)
	// Output:
	// <https://example.org/badges/1> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://purl.imsglobal.org/spec/vc/ob/vocab.html#OpenBadgeCredential> .
	// <https://example.org/badges/1> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://www.w3.org/2018/credentials#VerifiableCredential> .
	// <https://example.org/badges/1> <https://schema.org/name> "Bridge building" .
	// <nil>
	// /motto: no context defines the member "motto", so no signature would cover it
}

func TestCanonicalizeAgreesWithJSONGoldOnTheBenchmarkDocuments(t *testing.T) {
	gold := mustOracle(t)
	for _, name := range []string{"typical", "rich", "full"} {
		t.Run(name, func(t *testing.T) {
			data := mustRead(t, "fixtures/bench/"+name+".json")
			got, err := jsonld.Canonicalize(mustParse(t, data), jsonld.Options{})
			if err != nil {
				t.Fatal(err)
			}
			want, err := gold.canonicalize(data)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), string(got)); diff != "" {
				t.Errorf("json-gold (-) and Canonicalize (+) differ:\n%s", diff)
			}
		})
	}
}

func TestAppendCanonicalKeepsWhatIsThere(t *testing.T) {
	doc := mustParse(t, []byte(credential("")))
	want, err := jsonld.Canonicalize(doc, jsonld.Options{})
	if err != nil {
		t.Fatal(err)
	}
	got, err := jsonld.AppendCanonical([]byte("before"), doc, jsonld.Options{})
	if err != nil || string(got) != "before"+string(want) {
		t.Errorf("AppendCanonical: %v\n%s", err, got)
	}
}

// Many goroutines meet contexts that none of them has compiled before.
func TestCanonicalizeIsSafeForConcurrentUse(t *testing.T) {
	var docs []*strictjson.Value
	for i := range 50 {
		// Each document has types and contexts in another order.
		docs = append(docs, mustParse(t, []byte(strings.Replace(credential(fmt.Sprintf(`, "urn:n": %d, "evidence": [{"@context": ["https://w3id.org/security/jwk/v1"], "type": ["Evidence", "Profile"], "name": "x"}]`, i)),
			`"https://purl`, strings.Repeat(`"https://w3id.org/security/multikey/v1", `, i%10)+`"https://purl`, 1))))
	}
	var wg sync.WaitGroup
	results := make([][]string, 4)
	for g := range results {
		wg.Go(func() {
			for _, doc := range docs {
				out, err := jsonld.Canonicalize(doc, jsonld.Options{})
				results[g] = append(results[g], fmt.Sprint(string(out), err))
			}
		})
	}
	wg.Wait()
	for g := range results {
		if diff := cmp.Diff(results[0], results[g]); diff != "" || !strings.HasSuffix(results[0][0], "<nil>") {
			t.Fatalf("goroutines disagree:\n%s%s", diff, results[0][0])
		}
	}
}

// Documents that make us compile without end are refused in bounded time.
func TestCanonicalizeBoundsContexts(t *testing.T) {
	var terms strings.Builder
	for i := range 4000 {
		fmt.Fprintf(&terms, `"t%d": "urn:t%d", `, i, i)
	}
	for _, tt := range []struct{ name, doc string }{
		{"a large context copied a thousand times", `{"@context": {` + terms.String() + `"a": "urn:a"}, "a": [` + strings.Repeat(`{"@context": {"b": "urn:b"}, "b": 1}, `, 5000) + `1]}`},
		{"many known contexts", `{"@context": {"a": "urn:a"}, "a": [` + strings.Repeat(`{"@context": ["https://www.w3.org/ns/credentials/v2", {"b": "urn:b"}], "b": 1}, `, 5000) + `1]}`},
		{"too many terms", `{"@context": {` + terms.String() + strings.ReplaceAll(terms.String(), `"t`, `"u`) + `"a": "urn:a"}, "a": 1}`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			doc := mustParse(t, []byte(tt.doc))
			start := processorTime(t)
			_, err := jsonld.Canonicalize(doc, jsonld.Options{})
			took := processorTime(t) - start
			var e *jsonld.Error
			if !errors.As(err, &e) || e.Code != jsonld.TooComplex {
				t.Errorf("Canonicalize: %v, want %s", err, jsonld.TooComplex)
			}
			if limit := 200 * time.Millisecond * slowdown; took > limit {
				t.Errorf("it took %v, want at most %v", took, limit)
			}
			t.Log(took, err)
		})
	}
}

func FuzzCanonicalize(f *testing.F) {
	f.Add([]byte(credential(`, "credentialSubject": {"type": ["AchievementSubject"], "achievement": {"type": "Achievement", "tag": ["a", "b"], "creditsAvailable": 2.5}}`)))
	f.Add([]byte(`{"@context": {"@vocab": "urn:v#", "T": {"@id": "urn:T", "@context": {"p": null}}, "l": {"@id": "urn:l", "@container": "@list"}}, "@type": "T", "l": [[1], {"@id": "_:x"}], "q": {"@value": "x", "@language": "en"}}`))
	f.Add([]byte(`{"@context": [{"@protected": true, "p": {"@id": "urn:p", "@type": "@json"}}, {"g": {"@id": "urn:g", "@container": ["@graph", "@set"]}}], "p": {"a": 1}, "g": {"p": 1}}`))
	if samples, err := filepath.Glob(filepath.Join(shared, "standards/vectors/edge-cases/*.json")); err == nil {
		for _, name := range samples {
			if data, err := os.ReadFile(name); err == nil {
				f.Add(data)
			}
		}
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		doc, err := strictjson.Limits{Bytes: 1 << 16}.Parse(in)
		if err != nil {
			return
		}
		start := time.Now()
		got, err := jsonld.Canonicalize(doc, jsonld.Options{MaxCalls: 256})
		if took := time.Since(start); took > 5*time.Second {
			t.Fatalf("it took %v", took)
		}
		if err != nil {
			var e *jsonld.Error
			if !errors.As(err, &e) || e.Code == "" || e.Reason == "" {
				t.Fatalf("an error that says nothing: %#v", err)
			}
			return
		}
		d, err := jsonld.ParseNQuads(got)
		if err != nil {
			t.Fatalf("the canonical form cannot be read: %v\n%s", err, got)
		}
		if again, _, err := d.Canonicalize(jsonld.Options{MaxCalls: 256}); err == nil && string(again) != string(got) {
			t.Fatalf("the canonical form of\n%s is\n%s", got, again)
		}
	})
}
