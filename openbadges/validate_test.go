package openbadges_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/accolade-badges/accolade/openbadges"
)

// rich is the sample credential with results, as JSON that tests edit.
func rich(t *testing.T) map[string]any {
	t.Helper()
	c := sampleCredential()
	c.Subject.Achievement.ResultDescription = []openbadges.ResultDescription{
		{
			ID: "urn:uuid:r1", Type: []string{"ResultDescription"}, Name: "Score",
			ResultType: "ScaledScore", ValueMin: "0", ValueMax: "1000", AllowedValue: []string{"700", "800"},
			RubricCriterionLevel: []openbadges.RubricCriterionLevel{{ID: "urn:uuid:l1", Type: []string{"RubricCriterionLevel"}, Name: "Good"}},
		},
		{ID: "urn:uuid:r2", Type: []string{"ResultDescription"}, Name: "State", ResultType: "Status"},
	}
	c.Subject.Result = []openbadges.Result{
		{Type: []string{"Result"}, ResultDescription: "urn:uuid:r1", Value: "700", AchievedLevel: "urn:uuid:l1"},
		{Type: []string{"Result"}, ResultDescription: "urn:uuid:r2", Status: "Completed"},
	}
	c.CredentialStatus = openbadges.Some[openbadges.CredentialStatus]{{
		ID: "https://example.org/status/1#7", Type: openbadges.TypeBitstringStatusListEntry,
		StatusPurpose: "revocation", StatusListIndex: "7", StatusListCredential: "https://example.org/status/1",
	}}
	tree, err := openbadges.Tree(c)
	if err != nil {
		t.Fatal(err)
	}
	var out map[string]any
	if err := json.Unmarshal(tree.Append(nil), &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// set puts value at a path of names and indexes; a nil value of type remove
// takes the member away.
func set(t *testing.T, node any, path string, value any) {
	t.Helper()
	steps := strings.Split(path, "/")
	for _, step := range steps[:len(steps)-1] {
		switch v := node.(type) {
		case map[string]any:
			node = v[step]
		case []any:
			var i int
			if _, err := fmt.Sscan(step, &i); err != nil {
				t.Fatal(err)
			}
			node = v[i]
		}
	}
	last := steps[len(steps)-1]
	m, is := node.(map[string]any)
	if !is {
		t.Fatalf("%s is no member", path)
	}
	if _, is := value.(removal); is {
		delete(m, last)
		return
	}
	m[last] = value
}

type removal struct{}

// TestValidateAdds is one document per rule that the schemas leave out, and one
// per code that they share.
func TestValidateAdds(t *testing.T) {
	const subject, result, description = "credentialSubject/", "credentialSubject/result/0/", "credentialSubject/achievement/"
	for _, tt := range []struct {
		name, path string
		value      any
		code, at   string
		severity   openbadges.Severity
	}{
		{"an earner by identifier alone", subject + "id", removal{}, "", "", ""},
		{"an end before the beginning", "validUntil", "2025-01-01T00:00:00Z", openbadges.CodeDateOrder, "/validUntil", openbadges.Error},
		{"an activity that ends before it begins", "credentialSubject", activity(rich(t)), openbadges.CodeDateOrder, "/credentialSubject/activityEndDate", openbadges.Error},
		{"criteria that say nothing", description + "criteria", map[string]any{}, openbadges.CodeNoCriteria, "/credentialSubject/achievement/criteria", openbadges.Warning},
		{"an empty array", "evidence", []any{}, openbadges.CodeEmptyArray, "/evidence", openbadges.Warning},
		{"a null", "extra", nil, openbadges.CodeNull, "/extra", openbadges.Warning},
		{"an older context", "@context", []any{openbadges.ContextVC2, "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json"}, openbadges.CodeOldContext, "/@context/1", openbadges.Warning},
		{"contexts the other way round", "@context", []any{openbadges.ContextOB3, openbadges.ContextVC2}, openbadges.CodeContext, "/@context/0", openbadges.Error},
		{"a 1EdTech type without its context", "refreshService", map[string]any{"id": "https://example.org/r", "type": "1EdTechCredentialRefresh"}, openbadges.CodeNoExtension, "/refreshService", openbadges.Warning},
		{"a result without description", result + "resultDescription", "urn:uuid:other", openbadges.CodeUnknownResult, "/credentialSubject/result/0/resultDescription", openbadges.Warning},
		{"a level that is not there", result + "achievedLevel", "urn:uuid:other", openbadges.CodeUnknownResult, "/credentialSubject/result/0/achievedLevel", openbadges.Warning},
		{"a value that is not allowed", result + "value", "750", openbadges.CodeResultValue, "/credentialSubject/result/0/value", openbadges.Warning},
		{"a value above the greatest", result + "value", "1001", openbadges.CodeResultValue, "/credentialSubject/result/0/value", openbadges.Warning},
		{"a status without status", "credentialSubject/result/1/status", removal{}, openbadges.CodeResultValue, "/credentialSubject/result/1", openbadges.Warning},
		{"credits with an exponent", subject + "creditsEarned", json.Number("1e2"), openbadges.CodeNumberSpelling, "/credentialSubject/creditsEarned", openbadges.Warning},
		{"a control character", description + "name", "a\x01b", openbadges.CodeControl, "/credentialSubject/achievement/name", openbadges.Warning},
		{"a control character in a member of one's own", "own", []any{map[string]any{"a": "\x7f"}}, openbadges.CodeControl, "/own/0/a", openbadges.Warning},
		{"an index that is no number", "credentialStatus/statusListIndex", "seven", openbadges.CodeStatusEntry, "/credentialStatus/statusListIndex", openbadges.Warning},
		{"an entry that is its list", "credentialStatus/id", "https://example.org/status/1", openbadges.CodeStatusEntry, "/credentialStatus/id", openbadges.Warning},
		{"two versions at once", "type", []any{"VerifiableCredential", "OpenBadgeCredential", "Assertion"}, openbadges.CodeVersionMixed, "", openbadges.Warning},
		{"an id that is no URI", "id", "badge 7", openbadges.CodeBadAddress, "/id", openbadges.Error},
		{"an issuer that is an address", "issuer", "did:web:example.org", openbadges.CodeNotAnObject, "/issuer", openbadges.Warning},
		{"an issuer that is no profile", "issuer/type", []any{"Organization"}, openbadges.CodeMissingType, "/issuer/type", openbadges.Error},
		{"a hash that is none", "credentialSubject/identifier/0/identityHash", "earner@example.org", openbadges.CodeBadIdentity, "/credentialSubject/identifier/0/identityHash", openbadges.Warning},
		{"a word outside of its vocabulary", description + "achievementType", "Trophy", openbadges.CodeWrongWord, "/credentialSubject/achievement/achievementType", openbadges.Warning},
		{"a word of one's own", description + "achievementType", "ext:Trophy", "", "", ""},
		{"the identity type of the guide", "credentialSubject/identifier/0/identityType", "email", openbadges.CodeWrongWord, "/credentialSubject/identifier/0/identityType", openbadges.Warning},
		{"a date without zone", "validFrom", "2026-01-05T10:00:00", openbadges.CodeBadDate, "/validFrom", openbadges.Error},
		{"a single type", "type", "OpenBadgeCredential", openbadges.CodeNotAnArray, "/type", openbadges.Warning},
		{"a member with a slash", "a/b", nil, openbadges.CodeNull, "/a~1b", openbadges.Warning},
	} {
		t.Run(tt.name, func(t *testing.T) {
			doc := rich(t)
			if tt.path == "a/b" {
				doc[tt.path] = tt.value
			} else {
				set(t, doc, tt.path, tt.value)
			}
			problems := validate(t, doc)
			if tt.code == "" {
				if len(problems) > 0 {
					t.Errorf("Validate = %+v, want none", problems)
				}
				return
			}
			for _, p := range problems {
				if p.Code == tt.code && p.Path == tt.at && p.Severity == tt.severity && p.Message != "" {
					return
				}
			}
			t.Errorf("Validate = %+v, want %s %s at %s", problems, tt.severity, tt.code, tt.at)
		})
	}
}

func activity(doc map[string]any) any {
	subject := doc["credentialSubject"].(map[string]any)
	subject["activityStartDate"], subject["activityEndDate"] = "2026-01-02T00:00:00Z", "2026-01-01T00:00:00Z"
	return subject
}

func validate(t *testing.T, doc any) []openbadges.Problem {
	t.Helper()
	data, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	d, err := openbadges.Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	return d.Validate()
}

func TestValidateWantsAnEarner(t *testing.T) {
	doc := rich(t)
	set(t, doc, "credentialSubject/id", removal{})
	set(t, doc, "credentialSubject/identifier", removal{})
	problems := validate(t, doc)
	if len(problems) != 1 || problems[0].Code != openbadges.CodeNoEarner || problems[0].Section != "AchievementSubject" {
		t.Errorf("Validate = %+v, want %s", problems, openbadges.CodeNoEarner)
	}
}

func TestValidateIsBounded(t *testing.T) {
	doc := rich(t)
	many := make([]any, 10_000)
	doc["evidence"] = many
	if problems := validate(t, doc); len(problems) != 101 || problems[100].Code != openbadges.CodeTooMany {
		t.Errorf("Validate gives %d problems", len(problems))
	}
}

func TestValidateOB2(t *testing.T) {
	const good = `{"@context":"https://w3id.org/openbadges/v2","type":"Assertion","id":"https://example.org/a","badge":"https://example.org/b",
		"recipient":{"type":"email","hashed":false,"identity":"a@example.org"},"verification":{"type":"HostedBadge"},"issuedOn":"2026-01-05T10:00:00Z"}`
	for _, tt := range []struct{ name, from, to, code string }{
		{"as it should be", "", "", ""},
		{"the alias", `"verification":{"type":"HostedBadge"}`, `"verify":{"type":"hosted"}`, ""},
		{"a signed one", `"id":"https://example.org/a"`, `"id":"https://example.org/a","expires":"2027-01-05T10:00:00Z"`, ""},
		{"no verification", `"verification":{"type":"HostedBadge"},`, ``, openbadges.CodeMissing},
		{"an unknown verification", `HostedBadge`, `OtherBadge`, openbadges.CodeWrongWord},
		{"an id that cannot be fetched", `"id":"https://example.org/a"`, `"id":"urn:uuid:1"`, openbadges.CodeUnfetchable},
		{"another context", `openbadges/v2`, `openbadges/v3`, openbadges.CodeContext},
		{"no date", `"issuedOn":"2026-01-05T10:00:00Z"`, `"issuedOn":"2026-01-05"`, openbadges.CodeBadDate},
		{"an end before the beginning", `"type":"Assertion"`, `"type":"Assertion","expires":"2025-01-05T10:00:00Z"`, openbadges.CodeDateOrder},
		{"a recipient that is a string", `{"type":"email","hashed":false,"identity":"a@example.org"}`, `"a@example.org"`, openbadges.CodeWrongType},
		{"a hash that is none", `"hashed":false`, `"hashed":true`, openbadges.CodeBadIdentity},
		{"an address that is none", `a@example.org`, `ann`, openbadges.CodeBadIdentity},
		{"a badge that is a relative address", `https://example.org/b`, `b`, openbadges.CodeBadAddress},
		{"an inline badge without name", `"badge":"https://example.org/b"`, `"badge":{"type":"BadgeClass","id":"https://example.org/b","issuer":"https://example.org/i"}`, openbadges.CodeMissing},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if !strings.Contains(good, tt.from) {
				t.Fatalf("%s is not in the sample", tt.from)
			}
			doc, err := openbadges.Parse([]byte(strings.Replace(good, tt.from, tt.to, 1)))
			if err != nil {
				t.Fatal(err)
			}
			var errors []string
			for _, p := range doc.Validate() {
				if p.Severity == openbadges.Error {
					errors = append(errors, p.Code)
				}
			}
			if tt.code == "" && len(errors) > 0 || tt.code != "" && (len(errors) == 0 || errors[0] != tt.code) {
				t.Errorf("the errors are %v, want %q", errors, tt.code)
			}
		})
	}
}

// TestSamplesAreJudged holds the errors of Validate against what the collection
// of badges says about the structure of each.
func TestSamplesAreJudged(t *testing.T) {
	data, err := os.ReadFile(shared + "fixtures/badges/manifest.json")
	if err != nil {
		t.Skip("the collection of badges is not here: ", err)
	}
	var manifest struct {
		Cases []struct {
			File, Vintage string
			Expect        struct{ Structure string }
		}
	}
	if err := json.Unmarshal(data, &manifest); err != nil {
		t.Fatal(err)
	}
	// What is wrong with these is not in the document itself, or is wrong
	// although the collection is silent about it.
	exceptions := map[string]string{
		"rdf-validation-badge-class-invalid-issuer-type.json": "the issuer is another document",
		"complete.json":          "a schema that the badge names cannot be had",
		"simple-err-issued.json": "the achievement is missing too",
		"simple-noproof.json":    "the proof is no business of Validate, and the achievement is missing",
	}
	judged := 0
	for _, c := range manifest.Cases {
		data, err := os.ReadFile(shared + "fixtures/badges/" + c.File)
		if err != nil {
			t.Fatal(err)
		}
		name := filepath.Base(c.File)
		doc, err := openbadges.Parse(data)
		if err != nil || exceptions[name] != "" {
			continue
		}
		judged++
		broken := ""
		for _, p := range doc.Validate() {
			if p.Severity == openbadges.Error {
				broken = p.Path + " " + p.Message
			}
		}
		if (c.Expect.Structure == "ok") != (broken == "") {
			t.Errorf("%s (%s): the structure is %q, Validate says %q", name, c.Vintage, c.Expect.Structure, broken)
		}
	}
	if judged < 80 {
		t.Errorf("%d badges judged, want more than 80", judged)
	}
}
