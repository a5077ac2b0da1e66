package openbadges_test

import (
	"fmt"
	"time"

	"github.com/accolade-badges/accolade/openbadges"
)

// sampleCredential returns a whole credential that breaks no rule.
func sampleCredential() *openbadges.AchievementCredential {
	from := time.Date(2026, 1, 5, 10, 0, 0, 0, time.UTC)
	return &openbadges.AchievementCredential{
		Context:     openbadges.CredentialContexts(false),
		ID:          "https://example.org/badges/1",
		Type:        []string{openbadges.TypeVerifiableCredential, openbadges.TypeOpenBadgeCredential},
		Name:        "Example Associate",
		Issuer:      openbadges.Profile{ID: "did:web:example.org", Type: []string{"Profile"}, Name: "Example"},
		ValidFrom:   openbadges.At(from),
		ValidUntil:  openbadges.At(from.AddDate(1, 0, 0)),
		AwardedDate: openbadges.At(from),
		Subject: openbadges.AchievementSubject{
			ID:   "urn:uuid:6f1c8b6e-0000-4000-8000-000000000001",
			Type: []string{"AchievementSubject"},
			Identifier: []openbadges.IdentityObject{{
				Type: "IdentityObject", Hashed: true, IdentityType: "emailAddress",
				IdentityHash: openbadges.HashIdentity("earner@example.org", "salt"), Salt: "salt",
			}},
			Achievement: openbadges.Achievement{
				ID: "https://example.org/achievements/associate", Type: []string{"Achievement"}, AchievementType: "Certification",
				Name: "Example Associate", Description: "Knows the basics.", HumanCode: "EX-100",
				Criteria: openbadges.Criteria{Narrative: "Pass the exam."},
				Image:    openbadges.NewImage("https://example.org/associate.png", "A hexagon"),
			},
		},
	}
}

func Example() {
	tree, err := openbadges.Tree(sampleCredential())
	if err != nil {
		fmt.Println(err)
		return
	}
	doc := openbadges.FromTree(tree)
	fmt.Println(doc.Version, doc.Kind, len(doc.Validate()))
	// Output: 3.0 AchievementCredential 0
}

func ExampleParse() {
	doc, err := openbadges.Parse([]byte(`{
		"@context": ["https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"],
		"id": "https://example.org/badges/1", "type": ["VerifiableCredential", "OpenBadgeCredential"],
		"issuer": {"id": "did:web:example.org", "type": ["Profile"]},
		"validFrom": "2026-01-05", 
		"credentialSubject": {"id": "urn:uuid:1", "type": ["AchievementSubject"], "achievement": {
			"id": "https://example.org/achievements/1", "type": ["Achievement"], "name": "Example", "criteria": {"narrative": "Pass."}}}}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, p := range doc.Validate() {
		fmt.Println(p.Severity, p.Path, p.Message)
	}
	// Output:
	// error /validFrom validFrom "2026-01-05" is no date and time with a zone, such as 2026-01-05T10:00:00Z
	// error /credentialSubject/achievement/description description is missing
}

func ExampleHashIdentity() {
	fmt.Println(openbadges.HashIdentity("a@example.com", "Kosher"))
	// Output: sha256$b5809d8a92f8858436d7e6b87c12ebc0ae1eac4baecc2c0b913aee2c922ef399
}

func ExampleMatchIdentity() {
	earner := openbadges.IdentityObject{
		Type: "IdentityObject", Hashed: true, IdentityType: "emailAddress", Salt: "Kosher",
		IdentityHash: "sha256$B5809D8A92F8858436D7E6B87C12EBC0AE1EAC4BAECC2C0B913AEE2C922EF399",
	}
	fmt.Println(openbadges.MatchIdentity(earner, "A@Example.com"), openbadges.MatchIdentity(earner, "b@example.com"))
	// Output: true false
}
