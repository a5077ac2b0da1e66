package jsonld_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/accolade-badges/accolade/openbadges/jsonld"
)

// credential is a small Open Badges credential with room for more members.
func credential(more string) string {
	return `{"@context": ["https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"],
		"id": "https://example.org/badges/1", "type": ["VerifiableCredential", "OpenBadgeCredential"],
		"issuer": {"id": "https://example.org/issuers/1", "type": ["Profile"], "name": "Example"}` + more + `}`
}

// inline is a document whose context is the given text.
func inline(context, rest string) string {
	return `{"@context": ` + context + `, "@id": "urn:s", "urn:has": "something", ` + rest + `}`
}

func TestCanonicalizeRefuses(t *testing.T) {
	for _, tt := range []struct {
		name, doc  string
		code       jsonld.Code
		path       string
		onlyPrefix bool // path is the beginning of it
	}{
		{"an array", `[]`, jsonld.BadValue, "", false},
		{"an undefined member", credential(`, "honours": "x"`), jsonld.UndefinedTerm, "/honours", false},
		{"an undefined member that is null", credential(`, "honours": null`), jsonld.UndefinedTerm, "/honours", false},
		{"an undefined member deep down", credential(`, "credentialSubject": [{"type": "AchievementSubject", "achievement": {"id": "urn:a", "type": "Achievement", "motto": 1}}]`), jsonld.UndefinedTerm, "/credentialSubject/0/achievement/motto", false},
		{"a member of a type that the object lacks", credential(`, "credentialSubject": {"achievement": "urn:a"}`), jsonld.UndefinedTerm, "/credentialSubject/achievement", false},
		{"an undefined type", credential(`, "evidence": [{"type": ["Evidence", "Trophy"]}]`), jsonld.UndefinedTerm, "/evidence/0/type/1", false},
		{"a type of an extension without its context", credential(`, "credentialStatus": {"id": "https://example.org/list", "type": "1EdTechRevocationList"}`), jsonld.UndefinedTerm, "/credentialStatus/type", false},
		{"a type that is a number", credential(`, "evidence": [{"type": 1}]`), jsonld.BadValue, "/evidence/0/type", false},
		{"a type that is a keyword", credential(`, "evidence": [{"type": "id"}]`), jsonld.BadValue, "/evidence/0/type", false},
		{"a member that looks like a keyword", credential(`, "@trophy": 1`), jsonld.UndefinedTerm, "/@trophy", false},
		{"a relative identifier", credential(`, "credentialSubject": {"id": "me"}`), jsonld.RelativeIRI, "/credentialSubject/id", false},
		{"an empty identifier", credential(`, "credentialSubject": {"id": ""}`), jsonld.RelativeIRI, "/credentialSubject/id", false},
		{"a relative picture", credential(`, "image": "badge.png"`), jsonld.RelativeIRI, "/image", false},
		{"an identifier with a space", credential(`, "image": "https://example.org/my badge.png"`), jsonld.BadIRI, "/image", false},
		{"an identifier with a quote", credential(`, "image": "https://example.org/\"x"`), jsonld.BadIRI, "/image", false},
		{"an identifier that breaks out", credential(`, "image": "https://example.org/> <urn:p> <urn:o"`), jsonld.BadIRI, "/image", false},
		{"an identifier with a line feed", credential(`, "image": "https://example.org/\n"`), jsonld.BadIRI, "/image", false},
		{"an identifier with a noncharacter", credential(`, "image": "https://example.org/\uffff"`), jsonld.BadIRI, "/image", false},
		{"an identifier that is a number", credential(`, "credentialSubject": {"id": 7}`), jsonld.BadValue, "/credentialSubject/id", false},
		{"an identifier given twice", credential(`, "@id": "urn:x"`), jsonld.BadValue, "/@id", false},
		{"a control character", credential(`, "name": "a\u0001b"`), jsonld.ControlCharacter, "/name", false},
		{"DEL", credential(`, "name": "a\u007fb"`), jsonld.ControlCharacter, "/name", false},
		{"a number too large", credential(`, "urn:p": 1e999`), jsonld.BadValue, "/urn:p", false},
		{"a proof that is only a reference", credential(`, "proof": "urn:proof"`), jsonld.NoStatement, "/proof", false},
		{"a document that says nothing", `{"@id": "urn:x"}`, jsonld.NoStatement, "", false},
		{"an empty graph member", credential(`, "proof": [{}]`), jsonld.NoStatement, "/proof/0", false},
		{"an included block", credential(`, "@included": [{"id": "urn:x", "name": "y"}]`), jsonld.Unsupported, "/@included", false},
		{"an index", credential(`, "@index": "x"`), jsonld.Unsupported, "/@index", false},
		{"a reverse property", credential(`, "@reverse": {}`), jsonld.Unsupported, "/@reverse", false},
		{"a blank node as predicate", credential(`, "_:p": "x"`), jsonld.RelativeIRI, "/_:p", false},
		{"a bad blank node", credential(`, "image": "_:a b"`), jsonld.BadIRI, "/image", false},
		{"an unknown context", `{"@context": ["https://www.w3.org/ns/credentials/v2", "https://example.org/context"], "id": "urn:x", "name": "y"}`, jsonld.UnknownContext, "/@context/1", false},
		{"an unknown context alone", `{"@context": "https://example.org/context", "id": "urn:x", "name": "y"}`, jsonld.UnknownContext, "/@context", false},
		{"an unknown context within", credential(`, "evidence": [{"@context": "https://example.org/context", "type": "Evidence"}]`), jsonld.UnknownContext, "/evidence/0/@context", false},
		{"a protected term redefined", strings.Replace(credential(""), `"id":`, `"@id":`, 1)[:len(`{"@context": [`)] + `"https://www.w3.org/ns/credentials/v2", {"name": "urn:other"}], "@id": "urn:x", "name": "y"}`, jsonld.ProtectedRedefinition, "/@context/1/name", false},
		{"a protected term redefined within", credential(`, "evidence": [{"@context": {"name": "urn:other"}, "type": "Evidence"}]`), jsonld.ProtectedRedefinition, "/evidence/0/@context/name", false},
		{"protected terms cleared", credential(`, "evidence": [{"@context": null, "urn:p": "x"}]`), jsonld.ProtectedRedefinition, "/evidence/0/@context", false},
		{"a value with more members", credential(`, "name": {"@value": "x", "name": "y"}`), jsonld.BadValue, "/name/name", false},
		{"a value with a bad language", credential(`, "name": {"@value": "x", "@language": "much too long a tag"}`), jsonld.BadValue, "/name", false},
		{"a value with type and language", credential(`, "name": {"@value": "x", "@language": "en", "type": "urn:t"}`), jsonld.BadValue, "/name", false},
		{"a value that is null", credential(`, "name": {"@value": null}`), jsonld.BadValue, "/name", false},
		{"a value that is an object", credential(`, "name": {"@value": {}}`), jsonld.BadValue, "/name", false},
		{"a context that is a number", inline(`7`, `"x": 1`), jsonld.BadContext, "/@context", false},
		{"a version of the future", inline(`{"@version": 1.2}`, `"x": 1`), jsonld.BadContext, "/@context/@version", false},
		{"a base", inline(`{"@base": "https://example.org/"}`, `"x": 1`), jsonld.Unsupported, "/@context/@base", false},
		{"an import", inline(`{"@import": "https://www.w3.org/ns/credentials/v2"}`, `"x": 1`), jsonld.Unsupported, "/@context/@import", false},
		{"a cyclic definition", inline(`{"a": "b:x", "b": "a:y"}`, `"a": 1`), jsonld.BadContext, "/@context/a/", true},
		{"a keyword redefined", inline(`{"@id": "urn:x"}`, `"x": 1`), jsonld.BadContext, "/@context/@id", false},
		{"a term without an IRI", inline(`{"a": {"@type": "@id"}}`, `"a": "urn:x"`), jsonld.BadContext, "/@context/a", false},
		{"a term with a relative IRI", inline(`{"a": "other"}`, `"a": "urn:x"`), jsonld.RelativeIRI, "/@context/a/@id", false},
		{"a term with a bad datatype", inline(`{"a": {"@id": "urn:a", "@type": "date"}}`, `"a": "x"`), jsonld.RelativeIRI, "/@context/a/@type", false},
		{"a reverse term", inline(`{"a": {"@reverse": "urn:a"}}`, `"a": "urn:x"`), jsonld.Unsupported, "/@context/a/@reverse", false},
		{"a nesting term", inline(`{"a": {"@id": "urn:a", "@nest": "b"}}`, `"a": "urn:x"`), jsonld.Unsupported, "/@context/a/@nest", false},
		{"an index container", inline(`{"a": {"@id": "urn:a", "@container": "@index"}}`, `"a": {}`), jsonld.Unsupported, "/@context/a/@container", false},
		{"an unknown member of a definition", inline(`{"a": {"@id": "urn:a", "note": "b"}}`, `"a": "x"`), jsonld.BadContext, "/@context/a/note", false},
		{"a term taken away", inline(`{"a": null}`, `"a": "x"`), jsonld.UndefinedTerm, "/a", false},
		{"a compact term for another IRI", inline(`{"p": "https://example.org/", "p:a": "urn:other"}`, `"p:a": "x"`), jsonld.BadContext, "/@context/p:a", false},
		{"a language map with a number", inline(`{"a": {"@id": "urn:a", "@container": "@language"}}`, `"a": {"en": 1}`), jsonld.BadValue, "/a/en", false},
		{"a list with another member", inline(`{"a": "urn:a"}`, `"a": {"@list": [], "a": 1}`), jsonld.BadValue, "/a/a", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := jsonld.Canonicalize(mustParse(t, []byte(tt.doc)), jsonld.Options{})
			var e *jsonld.Error
			if !errors.As(err, &e) {
				t.Fatalf("Canonicalize: %v, want %s; it returned\n%s", err, tt.code, got)
			}
			if e.Code != tt.code || e.Path != tt.path && !(tt.onlyPrefix && strings.HasPrefix(e.Path, tt.path)) {
				t.Errorf("Canonicalize: %s at %q (%v), want %s at %q", e.Code, e.Path, err, tt.code, tt.path)
			}
			if e.Reason == "" || strings.ContainsAny(e.Error(), "\n\x01") {
				t.Errorf("the sentence %q is empty or holds control characters", e.Error())
			}
		})
	}
}

// The 3.0.3 context came in two editions under one address.
func TestEditions(t *testing.T) {
	doc := mustParse(t, []byte(credential(`, "endorsementJwt": ["x.y.z"], "jti": "urn:uuid:1"`)))
	_, err := jsonld.Canonicalize(doc, jsonld.Options{})
	var e *jsonld.Error
	if !errors.As(err, &e) || e.Code != jsonld.UndefinedTerm || e.Path != "/endorsementJwt" {
		t.Errorf("current edition: %v, want %s at /endorsementJwt", err, jsonld.UndefinedTerm)
	}
	got, err := jsonld.Canonicalize(doc, jsonld.Options{Edition: "validator"})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"<https://example.org/badges/1> <https://purl.imsglobal.org/spec/vc/ob/vocab.html#endorsementJwt> \"x.y.z\" .\n",
		"<https://example.org/badges/1> <https://www.iana.org/assignments/jwt#jti> <urn:uuid:1> .\n",
	} {
		if !strings.Contains(string(got), want) {
			t.Errorf("validator edition: %s is missing in\n%s", want, got)
		}
	}
	_, err = jsonld.Canonicalize(doc, jsonld.Options{Edition: "2031"})
	if !errors.As(err, &e) || e.Code != jsonld.UnknownContext {
		t.Errorf("an edition that is none: %v, want %s", err, jsonld.UnknownContext)
	}
}

// The context types awardedDate by a prefix that it does not define; every
// processor signs the IRI that comes out.
func TestAwardedDateHasTheDatatypeThatTheContextSpells(t *testing.T) {
	got, err := jsonld.Canonicalize(mustParse(t, []byte(credential(`, "awardedDate": "2026-01-05T10:00:00Z"`))), jsonld.Options{})
	if err != nil {
		t.Fatal(err)
	}
	want := "<https://example.org/badges/1> <https://purl.imsglobal.org/spec/vc/ob/vocab.html#awardedDate> \"2026-01-05T10:00:00Z\"^^<xsd:dateTime> .\n"
	if !strings.Contains(string(got), want) {
		t.Errorf("%s is missing in\n%s", want, got)
	}
}

// Proof options take the context of the document that they belong to.
func TestContextOfAnotherDocument(t *testing.T) {
	doc := mustParse(t, []byte(credential("")))
	proof := mustParse(t, []byte(`{"@context": "https://example.org/ignored", "type": "DataIntegrityProof", "proofPurpose": "assertionMethod"}`))
	got, err := jsonld.Canonicalize(proof, jsonld.Options{Context: doc.Get("@context")})
	if err != nil {
		t.Fatal(err)
	}
	want := "_:c14n0 <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://w3id.org/security#DataIntegrityProof> .\n" +
		"_:c14n0 <https://w3id.org/security#proofPurpose> <https://w3id.org/security#assertionMethod> .\n"
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("want (-) got (+):\n%s", diff)
	}
}
