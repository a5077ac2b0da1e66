package verifier

import (
	"context"
	"testing"

	"github.com/accolade-badges/accolade/openbadges"
	"github.com/accolade-badges/accolade/openbadges/strictjson"
)

func TestHosted(t *testing.T) {
	elsewhere := "https://elsewhere.example/a.json"
	for _, c := range []struct {
		name    string
		change  func(w *world, a strictjson.Value) strictjson.Value // what is in hand
		verdict Verdict
		code    string
	}{
		{"the copy agrees", func(_ *world, a strictjson.Value) strictjson.Value { return a }, Valid, CodeHostedFound},
		{"the copy was extended since", func(w *world, a strictjson.Value) strictjson.Value {
			w.put(ob2Assertion, replace(w.tb, a, "2027-01-05", "2029-01-05"))
			return replace(w.tb, a, "2027-01-05", "2026-02-05")
		}, Valid, CodeHostedFound},
		{"no copy", func(w *world, a strictjson.Value) strictjson.Value {
			delete(w.docs, ob2Assertion)
			return a
		}, Undetermined, CodeHostedUnreachable},
		{"the copy is a page", func(w *world, a strictjson.Value) strictjson.Value {
			w.putText(ob2Assertion, "<html></html>")
			return a
		}, Undetermined, CodeHostedUnreachable},
		{"the copy has another id", func(w *world, a strictjson.Value) strictjson.Value {
			w.put(ob2Assertion, replace(w.tb, a, ob2Assertion, elsewhere))
			return a
		}, Invalid, CodeHostedElsewhere},
		{"another earner in hand", func(_ *world, a strictjson.Value) strictjson.Value {
			return replace(t, a, openbadges.HashIdentity("earner@example.org", "deadsea"), openbadges.HashIdentity("forger@example.org", "deadsea"))
		}, Invalid, CodeHostedDiffers},
		{"another badge in hand", func(_ *world, a strictjson.Value) strictjson.Value {
			return replace(t, a, "badges/sample", "badges/grander")
		}, Invalid, CodeHostedDiffers},
		{"hosted outside of the issuer's scope", func(w *world, a strictjson.Value) strictjson.Value {
			a = replace(w.tb, a, ob2Assertion, elsewhere)
			w.put(elsewhere, a)
			return a
		}, Invalid, CodeHostedOutOfScope},
		{"an allowed origin", func(w *world, a strictjson.Value) strictjson.Value {
			a = replace(w.tb, a, ob2Assertion, elsewhere)
			w.put(elsewhere, a)
			w.scope(`{"allowedOrigins": ["badges.example.org", "elsewhere.example"]}`)
			return a
		}, Valid, CodeHostedFound},
		{"outside of startsWith", func(w *world, a strictjson.Value) strictjson.Value {
			w.scope(`{"startsWith": ["` + base + `/other/"]}`)
			return a
		}, Invalid, CodeHostedOutOfScope},
		{"no profile", func(w *world, a strictjson.Value) strictjson.Value {
			delete(w.docs, ob2Issuer)
			return a
		}, Undetermined, CodeHostedNoIssuer},
		{"a profile written into the badge cannot widen the scope", func(w *world, a strictjson.Value) strictjson.Value {
			w.put(ob2Class, w.parse(`{"@context": "https://w3id.org/openbadges/v2", "id": "`+ob2Class+`", "type": "BadgeClass", "name": "Sample Badge", "description": "A sample.", "image": "`+base+`/s.png",
				"criteria": {"narrative": "x"}, "issuer": {"id": "`+ob2Issuer+`", "type": "Issuer", "name": "Sample Issuer", "url": "`+base+`", "email": "a@example.org", "verification": {"allowedOrigins": ["elsewhere.example"]}}}`))
			a = replace(w.tb, a, ob2Assertion, elsewhere)
			w.put(elsewhere, a)
			return a
		}, Invalid, CodeHostedOutOfScope},
		{"a profile that claims another's id cannot widen the scope", func(w *world, a strictjson.Value) strictjson.Value {
			w.put(ob2Class, replace(w.tb, w.parse(string(w.docs[ob2Class].Body)), ob2Issuer, "https://elsewhere.example/issuer"))
			v := w.parse(string(w.docs[ob2Issuer].Body))
			w.put("https://elsewhere.example/issuer", v.With("verification", w.parse(`{"allowedOrigins": ["elsewhere.example"]}`)))
			a = replace(w.tb, a, ob2Assertion, elsewhere)
			w.put(elsewhere, a)
			return a
		}, Invalid, CodeHostedOutOfScope},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			in := c.change(w, w.assertion("hosted"))
			wantVerdict(t, w.verifyTree(in), c.verdict, CheckHosted, c.code)
		})
	}
}

// scope gives the sample issuer's 2.0 profile rules of its own.
func (w *world) scope(rules string) {
	v := w.parse(string(w.docs[ob2Issuer].Body))
	w.put(ob2Issuer, v.With("verification", w.parse(rules)))
}

func TestHostedByAddress(t *testing.T) {
	w := newWorld(t)
	a := w.assertion("hosted")
	copied := "https://elsewhere.example/copy.json"
	w.put(copied, a)
	verify := func(w *world, url string) *Report {
		r, err := Verify(context.Background(), Input{URL: url}, w.options())
		w.must(err)
		return r
	}
	wantVerdict(t, verify(w, ob2Assertion), Valid, CheckHosted, CodeHostedFound)
	wantVerdict(t, verify(w, copied), Valid, CheckHosted, CodeHostedFound) // its own copy is there, and counts
	delete(w.docs, ob2Assertion)
	wantVerdict(t, verify(w, copied), Invalid, CheckHosted, CodeHostedElsewhere)
	wantVerdict(t, verify(w, ob2Assertion), Undetermined, CheckIntake, "unreachable")
}

// TestSignedOB2 is about whose key signed an assertion of 2.0.
func TestSignedOB2(t *testing.T) {
	profile := func(w *world, old, new string) {
		w.put(ob2Issuer, replace(w.tb, w.parse(string(w.docs[ob2Issuer].Body)), old, new))
	}
	for _, c := range []struct {
		name    string
		change  func(w *world)
		verdict Verdict
		binding Binding
		code    string
	}{
		{"owned both ways", func(*world) {}, Valid, Confirmed, CodeKeyListed},
		{"the profile lists another key", func(w *world) { profile(w, ob2Key, base+"/ob2/keys/other") }, Invalid, Contradicted, CodeKeyOfAnother},
		{"the key has another owner", func(w *world) {
			w.put(ob2Key, replace(w.tb, w.parse(string(w.docs[ob2Key].Body)), ob2Issuer, base+"/ob2/issuers/other"))
		}, Invalid, Contradicted, CodeKeyOfAnother},
		{"the key is unreachable", func(w *world) { delete(w.docs, ob2Key) }, Undetermined, Unconfirmed, CodeKeyUnreachable},
		{"the profile is unreachable", func(w *world) { delete(w.docs, ob2Issuer) }, Undetermined, Unconfirmed, CodeProfileUnreachable},
		{"the badge class is unreachable", func(w *world) { delete(w.docs, ob2Class) }, Undetermined, "", CodeProfileUnreachable},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			data := w.jws(w.assertion("signed"))
			c.change(w)
			r := w.verify(data)
			wantVerdict(t, r, c.verdict, CheckIssuer, c.code)
			if c.binding != "" && (r.Issuer == nil || r.Issuer.Binding != c.binding) {
				t.Errorf("issuer %+v, want binding %s", r.Issuer, c.binding)
			}
		})
	}
}

func TestNotAnAward(t *testing.T) {
	w := newWorld(t)
	w.assertion("hosted")
	for _, url := range []string{ob2Class, ob2Issuer} {
		r := w.verify(w.docs[url].Body)
		wantVerdict(t, r, Undetermined, CheckHosted, CodeNotAnAward)
		if r.Issuer == nil || r.Issuer.Name != "Sample Issuer" {
			t.Errorf("issuer %+v", r.Issuer)
		}
	}
	for _, text := range []string{
		`{"@context": ["https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"], "id": "` + base + `/achievements/sample", "type": ["Achievement"], "name": "Sample Badge", "description": "A sample.", "criteria": {"narrative": "Pass."}}`,
		`{"@context": ["https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"], "id": "` + issuerDW + `", "type": ["Profile"], "name": "Sample Issuer"}`,
	} {
		wantVerdict(t, w.verify([]byte(text)), Undetermined, CheckHosted, CodeNotAnAward)
	}
	for _, url := range []string{listURL, ob2Revoked, ob2Key, base + "/issuers/a/did.json"} {
		wantVerdict(t, w.verify(w.docs[url].Body), Invalid, CheckStructure, CodeNotABadge)
	}
}
