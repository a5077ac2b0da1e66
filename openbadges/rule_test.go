package openbadges

import (
	"net/url"
	"testing"
)

// plainURI may only shorten the way: what it takes, package url takes too.
func TestPlainURIAgreesWithPackageURL(t *testing.T) {
	for s, want := range map[string]bool{
		"https://badges.example.org/a?b=c#d": true,
		"urn:uuid:7f3a9f0e-0a3c-4c5e":        true,
		"did:web:badges.example.org:a#b":     true,
		"mailto:earner@example.org":          true,
		"https://badges.example.org/a:b@c":   true,
		"https:":                             true,
		"https://badges.example.org:8443/a":  false, // package url reads ports
		"https://user@badges.example.org/":   false,
		"https://[::1]/":                     false,
		"https://badges.example.org/%41":     false,
		"https://badges.example.org/a b":     false,
		"1https://badges.example.org":        false,
		"badges.example.org/a":               false,
		"/a:b":                               false,
		"":                                   false,
		":":                                  false,
		"https://bädges.example.org/":        false,
		"https://badges.example.org/\x00":    false,
	} {
		if got := plainURI(s); got != want {
			t.Errorf("plainURI(%q) = %t, want %t", s, got, want)
		}
		if u, err := url.Parse(s); plainURI(s) && (err != nil || !u.IsAbs()) {
			t.Errorf("plainURI(%q), but package url says %v", s, err)
		}
	}
	for _, s := range []string{"https://badges.example.org:8443/a", "https://badges.example.org/%41", "https://bädges.example.org/"} {
		if !isAbsolute(s) {
			t.Errorf("isAbsolute(%q) is false", s)
		}
	}
	for _, s := range []string{"https://badges.example.org:port/", "https://badges.example.org/%zz", "https://a b/", "a", `https://badges.example.org/"`} {
		if isAbsolute(s) {
			t.Errorf("isAbsolute(%q) is true", s)
		}
	}
}
