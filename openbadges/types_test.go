package openbadges_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/accolade-badges/accolade/openbadges"
	"github.com/accolade-badges/accolade/openbadges/strictjson"
)

func TestMarshalWritesArraysAndNoNulls(t *testing.T) {
	c := sampleCredential()
	c.CredentialStatus = openbadges.Some[openbadges.CredentialStatus]{{
		ID: "https://example.org/status/1#7", Type: openbadges.TypeBitstringStatusListEntry,
		StatusPurpose: "revocation", StatusListIndex: "7", StatusListCredential: "https://example.org/status/1",
	}}
	c.RefreshService = openbadges.Some[openbadges.RefreshService]{{ID: "https://example.org/refresh/1", Type: openbadges.TypeCredentialRefresh}}
	c.Evidence = []openbadges.Evidence{{ID: "https://example.org/e", Type: []string{"Evidence"}}}
	c.TermsOfUse = []openbadges.TermsOfUse{{Type: "Terms"}}
	c.Subject.Result = []openbadges.Result{}
	c.Subject.CreditsEarned = "2.50"
	c.Subject.Achievement.Tag = []string{"<b>&"}
	tree, err := openbadges.Tree(c)
	if err != nil {
		t.Fatal(err)
	}
	text := string(tree.Append(nil))
	for _, want := range []string{
		`"type":["VerifiableCredential","OpenBadgeCredential"]`, `"evidence":[{`, `"termsOfUse":[{"type":"Terms"}]`, `"identifier":[{`,
		`"credentialStatus":{"id"`, `"refreshService":{"id"`, `"creditsEarned":2.50`, `"tag":["<b>&"]`, `"image":{"id":"https://example.org/associate.png","type":"Image"`,
		`"validFrom":"2026-01-05T10:00:00Z"`, `"hashed":true`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%s is not in\n%s", want, text)
		}
	}
	for _, unwanted := range []string{"null", "[]", "{}", `:""`, "issuanceDate", `"result"`} {
		if strings.Contains(text, unwanted) {
			t.Errorf("%s is in\n%s", unwanted, text)
		}
	}
	if two, err := json.Marshal(openbadges.Some[openbadges.RefreshService]{{ID: "a", Type: "A"}, {ID: "b", Type: "B"}}); err != nil || two[0] != '[' {
		t.Errorf("two services are written as %s, %v, want an array", two, err)
	}
}

func TestUnmarshalIsLenient(t *testing.T) {
	doc, err := openbadges.Parse([]byte(`{"@context":"https://www.w3.org/2018/credentials/v1","type":"AchievementCredential","issuer":"did:web:example.org",
		"issuanceDate":"2020-01-05T10:00:00Z","expirationDate":"2021-01-05T10:00:00Z",
		"credentialStatus":[{"type":["StatusList2021Entry"],"statusListIndex":7},{"type":"Other"}],
		"proof":{"type":"DataIntegrityProof"},"evidence":"https://example.org/e","image":"https://example.org/i.png",
		"credentialSubject":[{"type":"AchievementSubject","identifier":{"type":["IdentityObject"],"hashed":"true","identityHash":"x","identityType":"emailAddress"},
			"achievement":{"name":"N","tag":"one","criteria":"https://example.org/c","image":{"id":"https://example.org/a.png","type":["Image"]}}}]}`))
	if err != nil {
		t.Fatal(err)
	}
	c, err := doc.Credential()
	if err != nil {
		t.Fatal(err)
	}
	a := c.Subject.Achievement
	got := []string{
		c.Type[0], c.Issuer.ID, string(c.From()), string(c.Until()), string(c.CredentialStatus[0].Type), string(c.CredentialStatus[0].StatusListIndex),
		string(c.CredentialStatus[1].Type), c.Proof[0].Get("type").Str(), c.Evidence[0].ID, c.Image.ID, a.Name, a.Tag[0], a.Criteria.ID, a.Image.ID, string(a.Image.Type),
	}
	want := []string{
		"AchievementCredential", "did:web:example.org", "2020-01-05T10:00:00Z", "2021-01-05T10:00:00Z", "StatusList2021Entry", "7",
		"Other", "DataIntegrityProof", "https://example.org/e", "https://example.org/i.png", "N", "one", "https://example.org/c", "https://example.org/a.png", "Image",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the view differs (-want +got):\n%s", diff)
	}
	if id := c.Subject.Identifier[0]; !id.Hashed || id.Type != "IdentityObject" {
		t.Errorf("the identity is %+v", id)
	}
}

func TestCredentialGivesWhatCanBeRead(t *testing.T) {
	doc, err := openbadges.Parse([]byte(`{"type":["VerifiableCredential","OpenBadgeCredential"],"name":5,"credentialSubject":{"achievement":{"name":"N","description":{}}}}`))
	if err != nil {
		t.Fatal(err)
	}
	c, err := doc.Credential()
	if err == nil || c.Subject.Achievement.Name != "N" {
		t.Errorf("Credential = %+v, %v, want the name and an error", c, err)
	}
}

// TestSamplesSurviveTheTypes reads each valid sample into the types, writes it
// again and finds no member changed or lost that the types know.
func TestSamplesSurviveTheTypes(t *testing.T) {
	paths, err := filepath.Glob(shared + "fixtures/badges/ob30/1edtech/*.json")
	if err != nil || len(paths) == 0 {
		t.Skip("the collection of samples is not here")
	}
	paths = append(paths, shared+"standards/vectors/ob3-spec-examples/examples-fullopenbadge-complete-openbadgecredential.json")
	compared := 0
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		doc, err := openbadges.Parse(data)
		if err != nil || doc.Version != openbadges.OB30VC2 || doc.Kind != openbadges.KindCredential {
			continue
		}
		for _, p := range doc.Validate() {
			if p.Severity == openbadges.Error || p.Code == openbadges.CodeUnknownMember {
				err = os.ErrInvalid
			}
		}
		if err != nil {
			continue
		}
		c, err := doc.Credential()
		if err != nil {
			t.Errorf("%s: %v", filepath.Base(path), err)
			continue
		}
		tree, err := openbadges.Tree(c)
		if err != nil {
			t.Fatal(err)
		}
		compared++
		lost(t, filepath.Base(path), doc.JSON, tree)
	}
	if compared < 5 {
		t.Errorf("%d samples compared", compared)
	}
}

// lost reports members of a that are not in b. A single value may have become
// an array of one.
func lost(t *testing.T, path string, a, b *strictjson.Value) {
	t.Helper()
	switch {
	case b == nil:
		if strings.Contains(path, ":") || a.Is(strictjson.Array) && len(a.Items()) == 0 {
			return // a term of another vocabulary; an empty array
		}
		for _, known := range []string{"alsoKnownAs", "credentialSubject/name", "statusSize", "statusReference", "ttl"} {
			if strings.HasSuffix(path, "/"+known) {
				return
			}
		}
		t.Errorf("%s is lost", path)
	case a.Is(strictjson.Object):
		if b.Is(strictjson.Array) && len(b.Items()) == 1 {
			b = &b.Items()[0]
		}
		for _, m := range a.Members() {
			lost(t, path+"/"+m.Name, &m.Value, b.Get(m.Name))
		}
	case a.Is(strictjson.Array):
		x, y := a.Items(), b.List()
		if len(x) != len(y) {
			t.Errorf("%s has %d items, had %d", path, len(y), len(x))
			return
		}
		for i := range x {
			lost(t, path, &x[i], &y[i])
		}
	case strictjson.Equal(a, b), b.Is(strictjson.Array) && b.Contains(a.Str()):
	case a.Is(strictjson.Number) && a.Literal() == b.Str(): // statusListIndex
	default:
		t.Errorf("%s is %s, was %s", path, b.Append(nil), a.Append(nil))
	}
}

func TestDateTime(t *testing.T) {
	at := time.Date(2026, 1, 5, 11, 0, 0, 999_999_999, time.FixedZone("", 3600))
	if got := openbadges.At(at); got != "2026-01-05T10:00:00Z" {
		t.Errorf("At = %s, want whole seconds in UTC, not rounded up", got)
	}
	if got := openbadges.At(time.Time{}); got != "" {
		t.Errorf("At of the zero time = %q, want nothing", got)
	}
	for in, want := range map[openbadges.DateTime]time.Time{
		"2026-01-05T10:00:00Z":                 time.Date(2026, 1, 5, 10, 0, 0, 0, time.UTC),
		"2026-01-05t10:00:00z":                 time.Date(2026, 1, 5, 10, 0, 0, 0, time.UTC),
		"2026-01-05T10:00:00.25+02:00":         time.Date(2026, 1, 5, 8, 0, 0, 250_000_000, time.UTC),
		"2026-01-05T10:00:00.1234567891-01:30": time.Date(2026, 1, 5, 11, 30, 0, 123_456_789, time.UTC),
		"2016-12-31T23:59:60Z":                 time.Date(2017, 1, 1, 0, 0, 0, 0, time.UTC),
		"2017-01-01T00:59:60+01:00":            time.Date(2017, 1, 1, 0, 0, 0, 0, time.UTC),
	} {
		if got, err := in.Time(); err != nil || !got.Equal(want) {
			t.Errorf("%s is %v, %v, want %v", in, got, err, want)
		}
	}
	for _, in := range []openbadges.DateTime{
		"", "2026-01-05", "2026-01-05T10:00:00", "2026-01-05 10:00:00Z", "2026-02-30T10:00:00Z", "2026-01-05T24:00:00Z",
		"2026-01-05T10:00:60Z", "2026-01-05T10:00:00+24:00", "2026-01-05T10:00:00.Z", "2026-01-05T10:00:00,5Z", "+026-01-05T10:00:00Z", "2026-01-05T10:00Z00000",
	} {
		if got, err := in.Time(); err == nil {
			t.Errorf("%q is %v, want an error", in, got)
		}
	}
}

func TestOB2References(t *testing.T) {
	a := openbadges.OB2Assertion{
		Context: openbadges.NewContexts(openbadges.ContextOB2), Type: openbadges.Some[string]{openbadges.TypeOB2Assertion}, ID: "https://example.org/a",
		Recipient: openbadges.OB2Identity{Type: "email", Hashed: true, Salt: "s", Identity: openbadges.HashIdentity("a@example.org", "s")},
		Badge:     openbadges.OB2BadgeClass{ID: "https://example.org/b"}, Verification: openbadges.OB2Verification{Type: "HostedBadge"},
		IssuedOn: "2026-01-05T10:00:00Z", Image: &openbadges.OB2Image{ID: "https://example.org/i.png"}, Evidence: []openbadges.OB2Evidence{{ID: "https://example.org/e"}},
	}
	tree, err := openbadges.Tree(a)
	if err != nil {
		t.Fatal(err)
	}
	text := string(tree.Append(nil))
	for _, want := range []string{`"badge":"https://example.org/b"`, `"type":"Assertion"`, `"image":"https://example.org/i.png"`, `"verification":{"type":"HostedBadge"}`, `"evidence":["https://example.org/e"]`} {
		if !strings.Contains(text, want) {
			t.Errorf("%s is not in\n%s", want, text)
		}
	}
	if problems := openbadges.FromTree(tree).Validate(); len(problems) > 0 {
		t.Errorf("Validate = %v", problems)
	}
	back, err := openbadges.FromTree(tree).Assertion()
	if err != nil || back.Badge.ID != a.Badge.ID || !openbadges.MatchIdentity(back.Recipient.Object(), "a@example.org") {
		t.Errorf("Assertion = %+v, %v", back, err)
	}
	list, err := openbadges.Tree(openbadges.OB2RevocationList{ID: "x"})
	if err != nil || list.Get("revokedAssertions") == nil {
		t.Errorf("an empty revocation list is %v, %v, want its array", list, err)
	}
}
