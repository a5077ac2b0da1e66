package jsonld

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/accolade-badges/accolade/openbadges/strictjson"
)

// Every table says exactly what the published context says, and the published
// context has not changed since.
func TestVocabulariesEqualThePublishedContexts(t *testing.T) {
	const standards = "../../../shared/standards"
	data, err := os.ReadFile(filepath.Join(standards, "INDEX.json"))
	if err != nil {
		t.Skip("the published contexts are not here: ", err)
	}
	var index struct {
		Files []struct {
			File, SHA256 string
			URLs         []string
		}
	}
	if err := json.Unmarshal(data, &index); err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for key, v := range vocabularies() {
		if seen[v.name] {
			continue
		}
		seen[v.name] = true
		t.Run(v.name, func(t *testing.T) {
			at := slices.IndexFunc(index.Files, func(f struct {
				File, SHA256 string
				URLs         []string
			},
			) bool {
				return f.SHA256 == v.sha256
			})
			if at < 0 {
				t.Fatalf("no published file has the SHA-256 %s", v.sha256)
			}
			f := index.Files[at]
			file, err := os.ReadFile(filepath.Join(standards, f.File))
			if err != nil {
				t.Fatal(err)
			}
			if sum := sha256.Sum256(file); hex.EncodeToString(sum[:]) != v.sha256 {
				t.Errorf("the published file changed: its SHA-256 is %x, want %s", sum, v.sha256)
			}
			if v.edition == "" && !slices.Contains(f.URLs, key.url) {
				t.Errorf("%s is published at %q, the table says %s", f.File, f.URLs, key.url)
			}
			doc, err := strictjson.Parse(file)
			if err != nil {
				t.Fatal(err)
			}
			want, e := parseLocal(doc.Get("@context"))
			if e != nil {
				t.Fatal(e)
			}
			got := v.contexts()
			sortTerms(want)
			sortTerms(got)
			if diff := cmp.Diff(want, got, cmp.AllowUnexported(localContext{}, localTerm{}, setting{})); diff != "" {
				t.Errorf("the published context (-) and the table (+) differ:\n%s", diff)
			}
		})
	}
	if len(seen) < 30 {
		t.Errorf("only %d tables", len(seen))
	}
}

func sortTerms(list []localContext) {
	for i := range list {
		list[i].terms = slices.Clone(list[i].terms)
		slices.SortFunc(list[i].terms, func(a, b localTerm) int { return strings.Compare(a.name, b.name) })
		for j := range list[i].terms {
			sortTerms(list[i].terms[j].scope)
		}
	}
}

// The digests that were published.
func TestPinnedDigests(t *testing.T) {
	for url, want := range map[string]string{
		"https://www.w3.org/ns/credentials/v2":                       "59955ced6697d61e03f2b2556febe5308ab16842846f5b586d7f1f7adec92734",
		"https://www.w3.org/2018/credentials/v1":                     "ab4ddd9a531758807a79a5b450510d61ae8d147eab966cc9a200c07095b0cdcc",
		"https://w3id.org/security/data-integrity/v2":                "67f21e6e33a6c14e5ccfd2fc7865f7474fb71a04af7e94136cb399dfac8ae8f4",
		"https://w3id.org/security/multikey/v1":                      "ba2c182de2d92f7e47184bcca8fcf0beaee6d3986c527bf664c195bbc7c58597",
		"https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json": "ef2fa9c7846dce233cc166b43639027278be4ee44f00bb1d45c75de2dd0cd761",
	} {
		if v := find(url, ""); v == nil || v.sha256 != want {
			t.Errorf("%s: the table names another digest than %s", url, want)
		}
	}
}

// asPropertyOnly names the terms whose scope redefines a protected term, which
// only the scope of a property may.
var asPropertyOnly = map[string]bool{"cnf": true, "License": true}

// Every table compiles on its own, scopes included.
func TestVocabulariesCompile(t *testing.T) {
	for key, v := range vocabularies() {
		ctx, err := process(&context{edition: v.edition}, []localContext{{url: key.url}}, -1, false, true)
		if err != nil {
			t.Errorf("%s: %v", key.url, err)
			continue
		}
		for name, b := range ctx.terms {
			if b.scope == nil {
				continue
			}
			if _, err := process(ctx, b.scope, -1, false, false); err != nil && !asPropertyOnly[name] {
				t.Errorf("%s: as a type, %s: %v", key.url, name, err)
			}
			if _, err := process(ctx, b.scope, -1, true, true); err != nil {
				t.Errorf("%s: as a property, %s: %v", key.url, name, err)
			}
		}
	}
}

func TestKnownAndCatchAll(t *testing.T) {
	for _, tt := range []struct {
		url             string
		known, catchAll bool
	}{
		{"https://www.w3.org/ns/credentials/v2", true, false},
		{"https://purl.imsglobal.org/spec/ob/v3p0/context.json", true, false},
		{"https://www.w3.org/ns/did/v1", true, false},
		{"https://w3id.org/did/v1", true, false},
		{"https://www.w3.org/ns/credentials/examples/v2", true, true},
		{"https://www.w3.org/ns/credentials/undefined-terms/v2", true, true},
		{"https://www.w3.org/2018/credentials/examples/v2", false, false},
		{"http://www.w3.org/ns/credentials/v2", false, false},
		{"https://www.w3.org/ns/credentials/v2/", false, false},
		{"", false, false},
	} {
		if got := Known(tt.url); got != tt.known {
			t.Errorf("Known(%q) = %v, want %v", tt.url, got, tt.known)
		}
		if got := CatchAll(tt.url); got != tt.catchAll {
			t.Errorf("CatchAll(%q) = %v, want %v", tt.url, got, tt.catchAll)
		}
	}
}

// Strangers choose the lists of contexts: the cache starts afresh when it has
// seen too many, and answers the same afterwards.
func TestCacheForgets(t *testing.T) {
	k := &cache{roots: map[string]*context{}}
	compiled := 0
	build := func() (*context, *Error) {
		compiled++
		return process(&context{}, []localContext{{url: "https://www.w3.org/ns/credentials/v2"}}, -1, false, true)
	}
	first, err := k.root([]byte("0"), build)
	if err != nil {
		t.Fatal(err)
	}
	if again, _ := k.root([]byte("0"), build); again != first || compiled != 1 {
		t.Errorf("compiled %d times, want once", compiled)
	}
	for i := range 2 * cacheSize / len(first.terms) {
		if _, err := k.root(strconv.AppendInt(nil, int64(i+1), 10), build); err != nil {
			t.Fatal(err)
		}
		if kept := len(k.roots) * len(first.terms); kept > cacheSize+len(first.terms) {
			t.Fatalf("the cache holds %d terms, want at most %d", kept, cacheSize)
		}
	}
	if again, err := k.root([]byte("0"), build); err != nil || len(again.terms) != len(first.terms) {
		t.Errorf("compiled again: %v", err)
	}
}
