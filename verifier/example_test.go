package verifier_test

import (
	"context"
	"crypto/ed25519"
	"fmt"
	"log"
	"strings"
	"time"

	"github.com/accolade-badges/accolade/openbadges/did"
	"github.com/accolade-badges/accolade/openbadges/proof"
	"github.com/accolade-badges/accolade/openbadges/strictjson"
	"github.com/accolade-badges/accolade/verifier"
	"github.com/accolade-badges/accolade/verifier/fetch"
)

// sample makes a badge by an issuer whose identifier is their key, so that it
// can be verified without network.
func sample() []byte {
	key := ed25519.NewKeyFromSeed(make([]byte, 32))
	issuer, err := did.Key(key.Public())
	if err != nil {
		log.Fatal(err)
	}
	credential, err := strictjson.Parse([]byte(`{
		"@context": ["https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"],
		"id": "urn:uuid:4e1c8f38-7a52-4a2b-93a5-3f1f4f2a0001",
		"type": ["VerifiableCredential", "OpenBadgeCredential"],
		"issuer": {"id": "` + issuer + `", "type": ["Profile"], "name": "Sample Academy"},
		"validFrom": "2026-01-05T10:00:00Z",
		"credentialSubject": {"id": "urn:uuid:4e1c8f38-7a52-4a2b-93a5-3f1f4f2a0002", "type": ["AchievementSubject"],
			"identifier": [{"type": "IdentityObject", "identityType": "emailAddress", "hashed": false, "identityHash": "earner@example.org"}],
			"achievement": {"id": "urn:uuid:4e1c8f38-7a52-4a2b-93a5-3f1f4f2a0003", "type": ["Achievement"],
				"name": "Sample Skill", "description": "A sample.", "criteria": {"narrative": "Show it."}}}}`))
	if err != nil {
		log.Fatal(err)
	}
	signed, err := proof.Sign(credential, key, proof.Options{
		VerificationMethod: issuer + "#" + strings.TrimPrefix(issuer, "did:key:"),
		Created:            time.Date(2026, 1, 5, 10, 0, 0, 0, time.UTC),
	})
	if err != nil {
		log.Fatal(err)
	}
	return signed.Append(nil)
}

func clock() time.Time { return time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC) }

func Example() {
	report, err := verifier.Verify(context.Background(), verifier.Input{Data: sample()}, verifier.Options{Now: clock})
	if err != nil {
		log.Fatal(err) // the work could not be done; says nothing about the badge
	}
	fmt.Println(report.Verdict, report.Version, report.Issuer.Binding)
	fmt.Println(report.Check(verifier.CheckProof).Message)
	// Output:
	// valid 3.0 confirmed
	// The signature holds: nothing was altered since it was made.
}

// Was this badge issued to the person who showed it?
func ExampleVerify_recipient() {
	report, err := verifier.Verify(context.Background(), verifier.Input{Data: sample()}, verifier.Options{
		Now: clock, Recipient: "somebody.else@example.org",
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(report.Verdict, report.Recipient.Match)
	fmt.Println(report.Summary)
	// Output:
	// invalid no
	// Invalid: the badge was issued to somebody other than the person you named.
}

// Many badges share one client: its cache keeps key and list documents as long
// as their servers allow.
func ExampleVerify_many() {
	client, err := fetch.New(fetch.Config{})
	if err != nil {
		log.Fatal(err)
	}
	defer client.Close()
	altered := []byte(strings.Replace(string(sample()), "Sample Skill", "Greater Skill", 1))
	for _, data := range [][]byte{sample(), altered, []byte("hello")} {
		report, err := verifier.Verify(context.Background(), verifier.Input{Data: data}, verifier.Options{Now: clock, Fetch: client})
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(report.Verdict, report.ExitStatus())
	}
	// Output:
	// valid 0
	// invalid 1
	// invalid 1
}

// An issuer answers for its own documents from its ledger.
func ExampleOptions_local() {
	local := func(_ context.Context, url string) (*fetch.Response, bool) {
		if !strings.HasPrefix(url, "https://badges.example.org/") {
			return nil, false // not ours
		}
		return &fetch.Response{URL: url, Status: 404}, true
	}
	report, err := verifier.Verify(context.Background(), verifier.Input{URL: "https://badges.example.org/badges/1"}, verifier.Options{Now: clock, Local: local})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(report.Verdict)
	fmt.Println(report.Summary)
	// Output:
	// undetermined
	// Undetermined: there is nothing at that address: the server answers with status 404.
}

// Documents stand in for the network, in archives and tests.
func ExampleNewDocuments() {
	docs := verifier.NewDocuments(map[string]verifier.Document{
		"https://example.org/badge.json": {Body: sample(), ContentType: "application/json", Found: true},
	})
	report, err := verifier.Verify(context.Background(), verifier.Input{URL: "https://example.org/badge.json"}, verifier.Options{Now: clock, Documents: docs})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(report.Verdict, report.Source.URL)
	// Output: valid https://example.org/badge.json
}

// A bundle is a badge with everything that its verification needs.
func ExampleMakeBundle() {
	bundle, _, err := verifier.MakeBundle(context.Background(), verifier.Input{Data: sample()}, verifier.Options{Now: clock})
	if err != nil {
		log.Fatal(err)
	}
	file, err := bundle.MarshalJSON()
	if err != nil {
		log.Fatal(err)
	}
	opened, err := verifier.OpenBundle(file)
	if err != nil {
		log.Fatal(err)
	}
	report, err := verifier.Verify(context.Background(), opened.Input(), verifier.Options{Now: clock, Offline: true, Bundle: opened})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(report.Verdict)
	// Output: valid
}

// Trust in the issuer is a line of its own and never changes the verdict.
func ExampleParseRegistry() {
	registry, err := verifier.ParseRegistry("sample registry", []byte(`{"registry": {"did:web:example.org": {"name": "Sample Academy"}}}`))
	if err != nil {
		log.Fatal(err)
	}
	report, err := verifier.Verify(context.Background(), verifier.Input{Data: sample()}, verifier.Options{Now: clock, Registries: []*verifier.Registry{registry}})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(report.Verdict, *report.Issuer.Trusted)
	// Output: valid false
}
