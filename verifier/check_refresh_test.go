package verifier

import (
	"strings"
	"testing"

	"github.com/accolade-badges/accolade/openbadges/strictjson"
)

func TestRefresh(t *testing.T) {
	refreshURL := base + "/refresh/1"
	w := newWorld(t)
	old := w.credential()
	old = old.With("refreshService", w.parse(`{"id": "`+refreshURL+`", "type": "1EdTechCredentialRefresh"}`))
	old = replace(t, old, `"validUntil":"2027-01-05`, `"validUntil":"2026-02-05`)
	newer := replace(t, replace(t, old, `"validFrom":"2026-01-05`, `"validFrom":"2026-02-01`), `"validUntil":"2026-02-05`, `"validUntil":"2027-02-05`)
	newer = replace(t, newer, "Sample Earner", "Renamed Earner")
	inHand := w.signed(old)
	id, method := didKey(t, "stranger")
	for _, c := range []struct {
		name    string
		answer  func(w *world)
		verdict Verdict
		code    string
	}{
		{"a newer edition counts", func(w *world) { w.put(refreshURL, w.signed(newer)) }, Valid, CodeRefreshed},
		{"a newer edition as a token", func(w *world) { w.putText(refreshURL, w.token(newer)) }, Valid, CodeRefreshed},
		{"the same edition", func(w *world) { w.put(refreshURL, inHand) }, Expired, CodeRefreshCurrent},
		{"an older edition", func(w *world) {
			w.put(refreshURL, w.signed(replace(t, newer, `"validFrom":"2026-02-01`, `"validFrom":"2025-02-01`)))
		}, Expired, CodeRefreshOlder},
		{"another badge", func(w *world) { w.put(refreshURL, w.signed(replace(t, newer, "/badges/1", "/badges/2"))) }, Expired, CodeRefreshUnusable},
		{"unsigned", func(w *world) { w.put(refreshURL, newer) }, Expired, CodeRefreshUnusable},
		{"signed by a stranger", func(w *world) {
			w.put(refreshURL, w.signedBy(replace(t, newer, issuerDW, id), edKey("stranger"), method))
		}, Expired, CodeRefreshUnusable},
		{"not JSON", func(w *world) { w.putText(refreshURL, "sorry") }, Expired, CodeRefreshUnusable},
		{"unreachable", func(*world) {}, Expired, CodeRefreshUnreachable},
	} {
		t.Run(c.name, func(t *testing.T) {
			clone := w.clone()
			c.answer(clone)
			r := clone.verifyTree(inHand)
			wantVerdict(t, r, c.verdict, CheckRefresh, c.code)
			if c.code == CodeRefreshed && (r.Check(CheckSupersession).Code != CodeSuperseded || r.Recipient.Name != "Renamed Earner" || r.ValidUntil.Year() != 2027) {
				t.Errorf("the report is about the old edition: %s", show(r))
			}
		})
	}
	t.Run("a forged file is not refreshed", func(t *testing.T) {
		clone := w.clone()
		clone.put(refreshURL, w.signed(newer))
		wantVerdict(t, clone.verifyTree(replace(t, inHand, "Sample Earner", "Sample Forger")), Invalid, CheckRefresh, CodeRefreshUnsigned)
	})
	t.Run("the newer edition is revoked", func(t *testing.T) {
		clone := w.clone()
		clone.put(refreshURL, w.signed(newer))
		clone.list("revocation", 7)
		wantVerdict(t, clone.verifyTree(inHand), Revoked, CheckRefresh, CodeRefreshed)
	})
	t.Run("another kind of service", func(t *testing.T) {
		v := w.credential()
		other := v.With("refreshService", w.parse(`{"id": "`+refreshURL+`", "type": "OtherRefresh"}`))
		r := w.verify([]byte(w.token(other)))
		if c := r.Check(CheckRefresh); c.Code != CodeRefreshUnknown {
			t.Errorf("check refresh %+v", c)
		}
	})
}

func TestRecipient(t *testing.T) {
	w := newWorld(t)
	di := w.signed(w.credential())
	jws := w.jws(w.assertion("signed"))
	bare := w.statusless(issuerDW)
	subject := bare.Get("credentialSubject").Without("identifier")
	opaque := w.signed(bare.With("credentialSubject", subject))
	for _, c := range []struct {
		name, asked string
		data        []byte
		verdict     Verdict
		match       Match
	}{
		{"address", "earner@example.org", di.Append(nil), Valid, MatchYes},
		{"address in other letters", " Earner@Example.org ", di.Append(nil), Valid, MatchYes},
		{"name", "sample  EARNER", di.Append(nil), Valid, MatchYes},
		{"id", "urn:uuid:7f3a9f0e-0a3c-4c5e-9d53-0f6a3f1f7a01", di.Append(nil), Valid, MatchYes},
		{"other address", "forger@example.org", di.Append(nil), Invalid, MatchNo},
		{"other name", "Sample Forger", di.Append(nil), Invalid, MatchNo},
		{"other id", "urn:uuid:00000000-0000-0000-0000-000000000000", di.Append(nil), Invalid, MatchNo},
		{"hash of 2.0", "earner@example.org", jws, Valid, MatchYes},
		{"other hash of 2.0", "forger@example.org", jws, Invalid, MatchNo},
		{"nobody named", "earner@example.org", opaque.Append(nil), Undetermined, MatchNo},
		{"not asked", "", di.Append(nil), Valid, MatchNotAsked},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := w.options()
			o.Recipient = c.asked
			r := w.verifyWith(c.data, o)
			wantVerdict(t, r, c.verdict, "", "")
			if r.Recipient.Match != c.match {
				t.Errorf("match %s, want %s", r.Recipient.Match, c.match)
			}
		})
	}
}

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

// TestTokenWindow ends a token before its credential, which says no end.
func TestTokenWindow(t *testing.T) {
	w := newWorld(t)
	c := w.credential()
	payload := tokenPayload(t, w.token(c.Without("validUntil")))
	ended := replaceOnce(t, payload, `"nbf":`, `"exp":1769000000,"nbf":`)
	wantVerdict(t, w.verify([]byte(signCompact(t, w, payload))), Valid, CheckDates, CodeInForce)
	wantVerdict(t, w.verify([]byte(signCompact(t, w, ended))), Expired, CheckDates, CodeExpired)
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
