package openbadges_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/accolade-badges/accolade/openbadges"
)

const shared = "../../shared/"

// added is what Validate says on purpose of documents that every schema takes.
var added = []string{
	openbadges.CodeNoEarner, openbadges.CodeDateOrder, openbadges.CodeNoCriteria, openbadges.CodeEmptyArray,
	openbadges.CodeNull, openbadges.CodeOldContext, openbadges.CodeNoExtension, openbadges.CodeUnknownResult,
	openbadges.CodeResultValue, openbadges.CodeNumberSpelling, openbadges.CodeControl, openbadges.CodeStatusEntry,
	openbadges.CodeVersionMixed, openbadges.CodeTooMany,
}

// published is one schema, the documents that it is for, and what Validate adds
// to it beyond the list above.
var published = []struct {
	name, file string
	version    openbadges.Version
	kind       openbadges.Kind
	added      []string
}{
	{
		"credential on 2.0", "ob_v3p0_achievementcredential_schema.json", openbadges.OB30VC2, openbadges.KindCredential,
		[]string{openbadges.CodeBadAddress, openbadges.CodeNotAnObject, openbadges.CodeBadIdentity},
	},
	{
		"endorsement on 2.0", "ghpages_ob_v3p0_endorsementcredential_schema.json", openbadges.OB30VC2, openbadges.KindEndorsement,
		[]string{openbadges.CodeBadAddress, openbadges.CodeNotAnObject, openbadges.CodeBadIdentity},
	},
	{
		"profile", "ghpages_ob_v3p0_profile_schema.json", openbadges.OB30VC2, openbadges.KindProfile,
		[]string{openbadges.CodeBadAddress, openbadges.CodeNotAnObject, openbadges.CodeBadIdentity},
	},
	{
		"credential on 1.1", "ob_v3p0_achievementcredential_schema_draft4.json", openbadges.OB30VC1, openbadges.KindCredential,
		[]string{openbadges.CodeBadAddress, openbadges.CodeBadIdentity, openbadges.CodeMissingType, openbadges.CodeContext},
	},
	{
		"learner record on 1.1", "clr_v2p0_clrcredential_schema_draft4.json", openbadges.CLR20VC1, openbadges.KindCLR,
		[]string{openbadges.CodeBadAddress, openbadges.CodeBadIdentity, openbadges.CodeMissingType, openbadges.CodeContext},
	},
	{"assertion 1.1", "ob_v1_assertion.json", openbadges.OB11, openbadges.KindAssertion, nil},
	{"badge class 1.1", "ob_v1_badgeclass.json", openbadges.OB11, openbadges.KindBadgeClass, nil},
	{"issuer 1.1", "ob_v1_issuer.json", openbadges.OB11, openbadges.KindProfile, nil},
	{"assertion 0.5", "ob_v0_assertion.json", openbadges.OB05, openbadges.KindAssertion, nil},
}

// TestAgreesWithPublishedSchemas compares Validate to the schemas of 1EdTech on
// all samples and on what becomes of them when one member is taken away, given
// another type, or added.
func TestAgreesWithPublishedSchemas(t *testing.T) {
	samples := sampleDocuments(t)
	for _, p := range published {
		t.Run(p.name, func(t *testing.T) {
			schema := compile(t, p.file)
			allowed := append(slices.Clone(added), p.added...)
			patterns, count, bad := map[string]bool{}, 0, 0
			for _, s := range samples {
				doc, err := openbadges.Parse(s.data)
				if err != nil || doc.Version != p.version || doc.Kind != p.kind {
					continue
				}
				mutants(t, s.data, patterns, func(what string, data []byte) {
					if bad > 20 {
						return
					}
					count++
					if complaint := disagreement(t, schema, data, allowed, p.version, p.kind); complaint != "" {
						bad++
						t.Errorf("%s, %s: %s\n%.1500s", s.name, what, complaint, data)
					}
				})
			}
			if count < 200 {
				t.Errorf("%d documents compared, want hundreds", count)
			}
			t.Logf("%d documents compared", count)
		})
	}
}

func compile(t *testing.T, file string) *jsonschema.Schema {
	t.Helper()
	data, err := os.ReadFile(shared + "standards/schemas/" + file)
	if err != nil {
		t.Skip("the published schemas are not here: ", err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	dropEmptyRequired(doc)
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("schema.json", doc); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// dropEmptyRequired takes away what the schemas of draft 4 say without effect and
// draft 4 forbids: a list of required members with nothing in it.
func dropEmptyRequired(node any) {
	switch v := node.(type) {
	case map[string]any:
		if list, is := v["required"].([]any); is && len(list) == 0 {
			delete(v, "required")
		}
		for _, inner := range v {
			dropEmptyRequired(inner)
		}
	case []any:
		for _, inner := range v {
			dropEmptyRequired(inner)
		}
	}
}

// disagreement says how Validate and the schema differ, "" when they do not.
// Mutants that are no longer documents of that kind are left out.
func disagreement(t *testing.T, schema *jsonschema.Schema, data []byte, allowed []string, version openbadges.Version, kind openbadges.Kind) string {
	t.Helper()
	doc, err := openbadges.Parse(data)
	if err != nil {
		t.Fatalf("a mutant cannot be parsed: %v", err)
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	if doc.Version != version || doc.Kind != kind {
		return ""
	}
	refused := schema.Validate(value)
	var ours []string
	for _, p := range doc.Validate() {
		if !slices.Contains(allowed, p.Code) {
			ours = append(ours, p.Path+" "+p.Code)
		}
	}
	switch {
	case refused != nil && len(ours) == 0:
		return "the schema refuses it, Validate does not: " + refused.Error()
	case refused == nil && len(ours) > 0:
		return "the schema takes it, Validate says " + strings.Join(ours, ", ")
	}
	return ""
}

type sample struct {
	name string
	data []byte
}

// sampleDocuments collects the JSON documents among the samples, and variants of
// the older ones of which there are few.
func sampleDocuments(t *testing.T) []sample {
	t.Helper()
	var out []sample
	for _, dir := range []string{"fixtures/badges", "fixtures/bench", "standards/vectors/ob3-spec-examples", "standards/vectors/edge-cases"} {
		err := filepath.WalkDir(shared+dir, func(path string, d os.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			data, err := os.ReadFile(path)
			if err == nil && json.Valid(data) {
				out = append(out, sample{filepath.Base(path), data})
			}
			if d.Name() == "complete.json" { // of which there is none on 1.1
				out = append(out, sample{"complete.json on 1.1", []byte(onDataModel1.Replace(string(data)))})
			}
			return err
		})
		if err != nil {
			t.Skip("the collection of samples is not here: ", err)
		}
	}
	return append(out, ownSamples...)
}

// onDataModel1 makes the form on VC Data Model 1.1 of a credential.
var onDataModel1 = strings.NewReplacer(openbadges.ContextVC2, openbadges.ContextVC1,
	`"validFrom"`, `"issuanceDate"`, `"validUntil"`, `"expirationDate"`, `"inLanguage"`, `"@language"`)

// mutants hands over the document, and what one change makes of it at any place
// whose pattern, the last three names on the way there, has not been changed
// before. Of arrays of objects the first item is kept, so that there is less to
// compare each time.
func mutants(t *testing.T, data []byte, patterns map[string]bool, visit func(what string, data []byte)) {
	t.Helper()
	visit("unchanged", data)
	var root any
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	if err := d.Decode(&root); err != nil {
		t.Fatal(err)
	}
	m := mutator{root: shorten(root), patterns: patterns, visit: visit}
	m.mutate(m.root, "")
}

func shorten(node any) any {
	switch v := node.(type) {
	case map[string]any:
		for name, value := range v {
			v[name] = shorten(value)
		}
	case []any:
		if len(v) > 0 {
			if _, is := v[0].(map[string]any); is {
				return []any{shorten(v[0])}
			}
		}
	}
	return node
}

type mutator struct {
	root     any
	patterns map[string]bool
	visit    func(what string, data []byte)
}

// emit writes the document as it now is, once for each change at each pattern.
func (m *mutator) emit(path string, change string) {
	names := strings.Split(indexes.ReplaceAllString(path, "/*"), "/")
	key := strings.Join(names[max(0, len(names)-3):], "/") + " " + change
	if m.patterns[key] {
		return
	}
	m.patterns[key] = true
	out, err := json.Marshal(m.root)
	if err != nil {
		panic(err) // values of encoding/json can be written
	}
	m.visit(path+" "+change, out)
}

var indexes = regexp.MustCompile(`/[0-9]+`)

// values are what a member is given instead of its own.
func values(old any) []any {
	out := []any{
		nil, true, json.Number("7"), json.Number("-1.5"), "", "x",
		[]any{},
		[]any{json.Number("3")},
		map[string]any{},
		[]any{old},
		[]any{"x", "x"},
		"https://example.org/x", "2026-01-05", "2026-01-05T10:00:00", "2026-01-05T10:00:00+02:00", "ext:own", "some ext:|", "aext:-", "zh-Hans-CN",
	}
	switch v := old.(type) {
	case string:
		out = append(out, v+"x", strings.ToLower(v), strings.Replace(v, "Z", ".5z", 1), []any{v, "Other"}, v+" ")
	case []any:
		if len(v) > 0 {
			out = append(out, v[0], v[1:], append(slices.Clone(v), "Other"))
		}
	}
	return out
}

func (m *mutator) mutate(node any, path string) {
	switch v := node.(type) {
	case map[string]any:
		names := slices.Sorted(maps.Keys(v))
		for _, name := range names {
			old, at := v[name], path+"/"+name
			delete(v, name)
			m.emit(at, "left out")
			for i, value := range values(old) {
				v[name] = value
				m.emit(at, fmt.Sprint("value ", i, " of ", reflect.TypeOf(old)))
			}
			v[name] = old
			m.mutate(old, at)
		}
		for _, name := range memberNames {
			if _, there := v[name]; there {
				continue
			}
			for _, value := range []any{json.Number("5"), []any{}} {
				v[name] = value
				m.emit(path+"/"+name, fmt.Sprintf("added as %v", value))
			}
			delete(v, name)
		}
	case []any:
		for i, old := range v {
			at := fmt.Sprintf("%s/%d", path, i)
			for j, value := range values(old) {
				v[i] = value
				m.emit(at, fmt.Sprint("value ", j, " of ", reflect.TypeOf(old)))
			}
			v[i] = old
			m.mutate(old, at)
		}
	}
}

// memberNames are added wherever they are not: those of any class, and one of
// none.
var memberNames = strings.Fields(`unknown id type name description image issuer achievement identifier salt hashed
	inLanguage version tag tags awardedDate validFrom validUntil issuanceDate expirationDate criteria narrative
	endorsementJwt endorsement dateOfBirth geo credentialStatus termsOfUse refreshService proof alignment related
	resultDescription allowedValue achievementType targetType resultType status email expires issuedOn evidence url @language cryptosuite association partial issued_on`)

// ownSamples fill the versions of which the collection has few documents.
var ownSamples = []sample{
	{"own profile", []byte(`{"@context":["https://www.w3.org/ns/credentials/v2","https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"],
		"id":"https://example.org/issuers/1","type":["Profile"],"name":"Example","dateOfBirth":"1999-01-05",
		"address":{"type":["Address"],"geo":{"type":"GeoCoordinates","latitude":1.5,"longitude":-2}},
		"otherIdentifier":[{"type":"IdentifierEntry","identifier":"7","identifierType":"ext:own"}],
		"image":{"id":"https://example.org/a.png","type":"Image"},"endorsementJwt":["a.b.c"],"parentOrg":{"id":"https://example.org/issuers/2","type":["Profile"]}}`)},
	{"own assertion 1.1", []byte(`{"@context":"https://w3id.org/openbadges/v1","type":"Assertion","id":"https://example.org/a","uid":"a",
		"recipient":{"type":"email","hashed":false,"identity":"earner@example.org","salt":"x"},"badge":"https://example.org/b",
		"verify":{"type":"hosted","url":"https://example.org/a"},"issuedOn":1420070400,"expires":"2027-01-05T10:00","evidence":"https://example.org/e"}`)},
	{"own badge class 1.1", []byte(`{"@context":["https://w3id.org/openbadges/v1",{"a":"urn:a"}],"type":["BadgeClass"],"id":"https://example.org/b","name":"B","description":"D",
		"image":"data:image/png;base64,AAAA","criteria":"https://example.org/c","issuer":"https://example.org/i",
		"alignment":[{"name":"N","url":"https://example.org/n","description":"D"}],"tags":["a","b"]}`)},
	{"own issuer 1.1", []byte(`{"@context":"https://w3id.org/openbadges/v1","type":"Issuer","id":"https://example.org/i","name":"I","url":"https://example.org/",
		"email":"a@example.org","image":"https://example.org/a.png","revocationList":"https://example.org/r","description":"D"}`)},
	{"own assertion 0.5", []byte(`{"recipient":"sha256$b5809d8a92f8858436d7e6b87c12ebc0ae1eac4baecc2c0b913aee2c922ef399","salt":"Kosher","issued_on":"2012-01-05","expires":"1420070400",
		"evidence":"https://example.org/e","badge":{"version":"0.5.0","name":"B","image":"https://example.org/b.png","description":"D","criteria":"https://example.org/c",
		"issuer":{"origin":"https://example.org","name":"I","org":"O","contact":"a@example.org"}}}`)},
}
