package status_test

import (
	"testing"

	"github.com/accolade-badges/accolade/openbadges/status"
	"github.com/accolade-badges/accolade/openbadges/strictjson"
)

func TestRevocations(t *testing.T) {
	revoked := []status.Revoked{{ID: "urn:uuid:1", Reason: "withdrawn"}, {ID: "https://e.org/2"}}
	for _, tt := range []struct {
		name string
		in   strictjson.Value
	}{
		{"1EdTech", status.NewEdTechList("https://e.org/r", "did:web:e.org", revoked)},
		{"2.0", status.NewOB2List("https://e.org/r", "did:web:e.org", revoked)},
		{"bare ids", *parse(t, `{"id":"https://e.org/r","issuer":{"id":"did:web:e.org"},"revokedAssertions":["https://e.org/2",{"id":"urn:uuid:1","revocationReason":"withdrawn"}]}`)},
		{"with one that is not revoked", *parse(t, `{"id":"https://e.org/r","issuer":"did:web:e.org","revokedCredential":[{"id":"urn:uuid:3","revoked":false},{"id":"urn:uuid:1","revocationReason":"withdrawn"},{"id":"https://e.org/2","revoked":true}]}`)},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r, err := status.ParseRevocations(&tt.in)
			if err != nil {
				t.Fatal(err)
			}
			if r.ID != "https://e.org/r" || r.Issuer != "did:web:e.org" || len(r.Items) != 2 {
				t.Errorf("ParseRevocations = %+v", r)
			}
			if got, found := r.Find("", "other", " urn:uuid:1 "); !found || got.Reason != "withdrawn" {
				t.Errorf("Find = %+v, %v, want the reason", got, found)
			}
			if _, found := r.Find("urn:uuid:3"); found {
				t.Error("Find finds a badge that is not revoked")
			}
		})
	}
	old, err := status.ParseRevocations10(parse(t, `{"abc":"late","https://e.org/4":""}`))
	if err != nil {
		t.Fatal(err)
	}
	if got, found := old.Find("abc"); !found || got.Reason != "late" {
		t.Errorf("Find in a list of 1.0 = %+v, %v", got, found)
	}
}

func TestRevocationsRefuse(t *testing.T) {
	for name, in := range map[string]string{
		"an array": `[]`, "nothing": `{}`, "an error document": `{"error":"not found"}`, "a list without a list": `{"id":"https://e.org/r","issuer":"x"}`,
		"an item without a name": `{"revokedAssertions":[{"revocationReason":"x"}]}`, "an item that is a number": `{"revokedCredential":[5]}`,
	} {
		t.Run(name, func(t *testing.T) {
			if r, err := status.ParseRevocations(parse(t, in)); codeOf(err) != status.Malformed {
				t.Errorf("ParseRevocations = %+v, %v, want %s", r, err, status.Malformed)
			}
		})
	}
	if _, err := status.ParseRevocations10(parse(t, `{"a":1}`)); codeOf(err) != status.Malformed {
		t.Errorf("ParseRevocations10 of numbers = %v", err)
	}
}
