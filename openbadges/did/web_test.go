package did_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/accolade-badges/accolade/openbadges/did"
)

func TestWebURL(t *testing.T) {
	for id, want := range map[string]string{
		"did:web:example.org":                         "https://example.org/.well-known/did.json",
		"did:web:example.org%3A8443":                  "https://example.org:8443/.well-known/did.json",
		"did:web:example.org:issuers:a":               "https://example.org/issuers/a/did.json",
		"did:web:Example.ORG%3a8443:issuers:A-1":      "https://example.org:8443/issuers/A-1/did.json",
		"did:web:127.0.0.1%3A8080:issuers:sample":     "https://127.0.0.1:8080/issuers/sample/did.json",
		"did:web:%5B%3A%3A1%5D%3A8080:issuers:sample": "https://[::1]:8080/issuers/sample/did.json",
		"did:web:example.org:caf%C3%A9":               "https://example.org/caf%C3%A9/did.json",
		"did:web:":                                    "",
		"did:web::a":                                  "",
		"did:web:example.org:":                        "",
		"did:web:example.org::a":                      "",
		"did:web:example.org:..:a":                    "",
		"did:web:example.org:%2e%2e:a":                "",
		"did:web:example.org:a%2Fb":                   "",
		"did:web:example.org%2Fa":                     "",
		"did:web:example.org/a":                       "",
		"did:web:example.org#key":                     "",
		"did:web:example.org?x":                       "",
		"did:web:user%40example.org":                  "",
		"did:web:example.org%3A":                      "",
		"did:web:example.org%3A80a":                   "",
		"did:web:ex%20ample.org":                      "",
		"did:web:example.org:a b":                     "",
		"did:web:%zz":                                 "",
		"did:key:z6Mk":                                "",
		"did:web:" + strings.Repeat("a", 9000):        "",
		"did:web:.example.org":                        "",
		"did:web:exam..ple.org":                       "",
		"did:web:" + "b\u00fccher.example":            "",
	} {
		got, err := did.WebURL(id)
		if got != want || (err != nil) != (want == "") {
			t.Errorf("WebURL(%.80q) = %q, %v, want %q", id, got, err, want)
		}
		if err != nil && !errors.Is(err, did.ErrMalformed) {
			t.Errorf("WebURL(%.80q) fails with %v, want ErrMalformed", id, err)
		}
	}
}

func TestWeb(t *testing.T) {
	for _, tt := range []struct {
		base string
		path []string
		want string
	}{
		{"https://badges.example.org", []string{"issuers", "a"}, "did:web:badges.example.org:issuers:a"},
		{"https://Badges.example.org:443/", []string{"issuers", "a"}, "did:web:badges.example.org:issuers:a"},
		{"https://badges.example.org:8443", []string{"issuers", "a"}, "did:web:badges.example.org%3A8443:issuers:a"},
		{"http://127.0.0.1:8080", []string{"issuers", "a"}, "did:web:127.0.0.1%3A8080:issuers:a"},
		{"http://[::1]:8080", []string{"issuers", "a"}, "did:web:%5B%3A%3A1%5D%3A8080:issuers:a"},
		{"https://example.org/badges/", []string{"issuers", "é"}, "did:web:example.org:badges:issuers:%C3%A9"},
		{"https://example.org", nil, "did:web:example.org"},
		{"ftp://example.org", nil, ""},
		{"https://", nil, ""},
		{"https://u:p@example.org", nil, ""},
		{"https://example.org?x", nil, ""},
		{"https://example.org", []string{".."}, ""},
		{"https://example.org", []string{"a/b"}, ""},
		{"https://example.org", []string{""}, ""},
	} {
		got, err := did.Web(tt.base, tt.path...)
		if got != tt.want || (err != nil) != (tt.want == "") {
			t.Errorf("Web(%q, %q) = %q, %v, want %q", tt.base, tt.path, got, err, tt.want)
		}
	}
}
