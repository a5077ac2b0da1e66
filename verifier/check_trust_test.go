package verifier

import (
	"strings"
	"testing"
)

func TestTrust(t *testing.T) {
	w := newWorld(t)
	signed := w.signed(w.credential())
	registry, err := ParseRegistry("sample registry", []byte(`{"meta": {}, "registry": {"`+issuerDW+`": {"name": "Sample Issuer Inc", "location": "", "url": "`+base+`"}}}`))
	w.must(err)
	for _, c := range []struct {
		name       string
		trusted    []string
		registries []*Registry
		want       *bool
		code       string
	}{
		{"no list", nil, nil, nil, CodeTrustUnknown},
		{"an empty list", []string{}, nil, new(bool), CodeTrustNotListed},
		{"by id", []string{issuerDW}, nil, yes(), CodeTrustListed},
		{"by host", []string{"badges.example.org"}, nil, yes(), CodeTrustListed},
		{"by origin", []string{base}, nil, yes(), CodeTrustListed},
		{"by registry", nil, []*Registry{registry}, yes(), CodeTrustRegistry},
		{"the name counts for nothing", []string{"Sample Issuer", "example.org", "", "."}, nil, new(bool), CodeTrustNotListed},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := w.options()
			o.Trusted, o.Registries = c.trusted, c.registries
			r := w.verifyWith(signed.Append(nil), o)
			wantVerdict(t, r, Valid, CheckTrust, c.code)
			if got := r.Issuer.Trusted; (got == nil) != (c.want == nil) || got != nil && *got != *c.want {
				t.Errorf("trusted %v, want %v", got, c.want)
			}
		})
	}
	t.Run("a forger is not trusted in the issuer's name", func(t *testing.T) {
		o := w.options()
		o.Trusted = []string{issuerDW}
		_, method := didKey(t, "stranger")
		forged := w.signedBy(w.credential(), edKey("stranger"), method)
		r := w.verifyWith(forged.Append(nil), o)
		wantVerdict(t, r, Invalid, CheckTrust, CodeTrustUnbound)
		if *r.Issuer.Trusted {
			t.Error("trusted")
		}
	})
	for _, bad := range []string{"", "[]", "{}", `{"registry": 1}`, strings.Repeat("x", 9<<20)} {
		if _, err := ParseRegistry("bad", []byte(bad)); err == nil {
			t.Errorf("registry %.20q was read", bad)
		}
	}
}

func yes() *bool {
	b := true
	return &b
}
