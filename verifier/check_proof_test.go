package verifier

import (
	"testing"

	"github.com/accolade-badges/accolade/openbadges/strictjson"
)

func TestProofRules(t *testing.T) {
	w := newWorld(t)
	signed := w.signed(w.credential())
	noProof := signed.Without("proof")
	inline := signed.With("@context", strictjson.NewArray(append(signed.Get("@context").Items()[:3:3], w.parse(`{"extra": "https://example.org/extra"}`))...))
	for _, c := range []struct {
		name    string
		v       strictjson.Value
		verdict Verdict
		code    string
	}{
		{"no proof", noProof, Invalid, CodeUnsigned},
		{"another purpose", replace(t, signed, `"assertionMethod"`, `"authentication"`), Invalid, "wrong_purpose"},
		{"unknown suite", replace(t, signed, "eddsa-rdfc-2022", "eddsa-rdfc-2099"), Undetermined, CodeSuiteUnknown},
		{"unknown proof type", replace(t, signed, `"DataIntegrityProof"`, `"SomeProof2040"`), Undetermined, CodeSuiteUnknown},
		{"a member that no vocabulary defines", signed.With("honours", strictjson.NewString("summa cum laude")), Invalid, "transformation"},
		{"a vocabulary of its own", inline, Undetermined, CodeContextOwn},
		{"a second, bad proof", w.twoProofs(signed), Invalid, "bad_signature"},
	} {
		t.Run(c.name, func(t *testing.T) {
			wantVerdict(t, w.verifyTree(c.v), c.verdict, CheckProof, c.code)
		})
	}
}

// twoProofs adds a copy of the proof whose date was changed.
func (w *world) twoProofs(signed strictjson.Value) strictjson.Value {
	p := signed.Get("proof").Items()[0]
	return signed.With("proof", strictjson.NewArray(p, p.With("created", strictjson.NewString("2026-02-01T00:00:00Z"))))
}

func TestTokenRules(t *testing.T) {
	w := newWorld(t)
	payload := tokenPayload(t, w.token(w.credential()))
	for _, c := range []struct {
		name, header string
		verdict      Verdict
		code         string
	}{
		{"as issued", `{"alg":"RS256","kid":"` + w.kid() + `","typ":"JWT"}`, Valid, CodeProofHolds},
		{"without typ", `{"alg":"RS256","kid":"` + w.kid() + `"}`, Valid, CodeProofHolds},
		{"no algorithm", `{"alg":"none","kid":"` + w.kid() + `"}`, Invalid, "unsupported_algorithm"},
		{"symmetric", `{"alg":"HS256","kid":"` + w.kid() + `"}`, Invalid, "unsupported_algorithm"},
		{"another algorithm than the key's", `{"alg":"EdDSA","kid":"` + w.kid() + `"}`, Invalid, "unsupported_key"},
		{"critical header", `{"alg":"RS256","kid":"` + w.kid() + `","crit":["x"],"x":1}`, Invalid, "critical_header"},
		{"another type", `{"alg":"RS256","kid":"` + w.kid() + `","typ":"at+jwt"}`, Invalid, "wrong_type"},
		{"key set address in the header", `{"alg":"RS256","jku":"https://elsewhere.example/jwks.json","kid":"x"}`, Undetermined, CodeKeyMissing},
	} {
		t.Run(c.name, func(t *testing.T) {
			wantVerdict(t, w.verify([]byte(signHeader(t, w, c.header, payload))), c.verdict, CheckProof, c.code)
		})
	}
}

// TestUnsignedOB2 takes the signature from a signed assertion, and gives one of
// 3.0's to it.
func TestUnsignedOB2(t *testing.T) {
	w := newWorld(t)
	a := w.assertion("signed")
	wantVerdict(t, w.verifyTree(a), Invalid, CheckProof, CodeUnsigned)
	with := a.With("proof", *w.signedProof())
	wantVerdict(t, w.verifyTree(with), Invalid, CheckProof, CodeUnsigned)
}

func (w *world) signedProof() *strictjson.Value {
	signed := w.signed(w.credential())
	return &signed.Get("proof").Items()[0]
}
