package verifier

import (
	"context"
	"testing"

	"github.com/accolade-badges/accolade/openbadges/status"
	"github.com/accolade-badges/accolade/openbadges/strictjson"
)

// endorsement is one of the sample badge by a key issuer, unsigned.
func (w *world) endorsement(issuer string) strictjson.Value {
	return w.parse(`{
		"@context": ["https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"],
		"id": "urn:uuid:2b1d7c52-0d5e-4c33-8a40-6d5f2f0e0002", "type": ["VerifiableCredential", "EndorsementCredential"], "name": "Endorsement",
		"issuer": {"id": "` + issuer + `", "type": ["Profile"], "name": "Sample Endorser"}, "validFrom": "2026-01-06T10:00:00Z",
		"credentialSubject": {"id": "` + base + `/badges/1", "type": ["EndorsementSubject"], "endorsementComment": "Good work."}}`)
}

func TestEndorsements(t *testing.T) {
	w := newWorld(t)
	id, method := didKey(t, "endorser")
	good := w.signedBy(w.endorsement(id), edKey("endorser"), method)
	bad := replace(t, good, "Good work", "Great work")
	with := func(list ...strictjson.Value) strictjson.Value {
		v := w.credential()
		return w.signed(v.With("endorsement", strictjson.NewArray(list...)))
	}
	wantVerdict(t, w.verifyTree(good), Valid, CheckIssuer, CodeKeyIsIssuer)
	wantVerdict(t, w.verifyTree(with(good)), Valid, CheckEndorsements, CodeEndorsementsHold)
	r := w.verifyTree(with(good, bad))
	wantVerdict(t, r, Valid, CheckEndorsements, CodeEndorsementsBad)
	if len(r.Endorsements) != 2 || r.Endorsements[0].Verdict != Valid || r.Endorsements[1].Verdict != Invalid {
		t.Errorf("endorsements %+v", r.Endorsements)
	}
}

func TestEndorsementOfAnotherBadge(t *testing.T) {
	w := newWorld(t)
	id, method := didKey(t, "endorser")
	with := func(about string) *Report {
		e := replace(t, w.endorsement(id), base+"/badges/1", about)
		v := w.credential()
		return w.verifyTree(w.signed(v.With("endorsement", strictjson.NewArray(w.signedBy(e, edKey("endorser"), method)))))
	}
	r := with("https://elsewhere.example/badges/2")
	wantVerdict(t, r, Valid, CheckEndorsements, CodeEndorsementsOther)
	if e := r.Endorsements[0]; e.Verdict != Valid || e.Endorses == nil || e.Endorses.ID != "https://elsewhere.example/badges/2" || e.Endorses.Comment != "Good work." {
		t.Errorf("%s, endorses %+v", e.Verdict, e.Endorses)
	}
	for _, about := range []string{issuerDW, base + "/achievements/sample", base + "/badges/1"} {
		wantVerdict(t, with(about), Valid, CheckEndorsements, CodeEndorsementsHold)
	}
}

// A badge in the place of an endorsement is none.
func TestBadgeInPlaceOfEndorsement(t *testing.T) {
	w := newWorld(t)
	v := w.credential()
	inside := strictjson.NewString(w.token(w.credential()))
	r := w.verify([]byte(w.token(v.With("endorsementJwt", strictjson.NewArray(inside)))))
	wantVerdict(t, r, Valid, CheckEndorsements, CodeEndorsementsOther)
}

const ob2Endorsement = base + "/ob2/endorsements/1"

// endorsementOB2 publishes and returns an endorsement of 2.0 of the sample badge
// class by the sample issuer, hosted or signed.
func (w *world) endorsementOB2(kind string) strictjson.Value {
	w.tb.Helper()
	w.assertion("hosted")
	verification := `{"type": "HostedBadge"}`
	if kind == "signed" {
		verification = `{"type": "SignedBadge", "creator": "` + ob2Key + `"}`
	}
	e := w.parse(`{"@context": "https://w3id.org/openbadges/v2", "id": "` + ob2Endorsement + `", "type": "Endorsement",
		"claim": {"id": "` + ob2Class + `", "endorsementComment": "Good work."},
		"issuer": "` + ob2Issuer + `", "issuedOn": "2026-01-05T10:00:00Z", "verification": ` + verification + `}`)
	if kind == "hosted" {
		w.put(ob2Endorsement, e)
	}
	return e
}

func TestHostedEndorsementOB2(t *testing.T) {
	elsewhere := "https://elsewhere.example/e.json"
	for _, c := range []struct {
		name        string
		change      func(w *world, e strictjson.Value) strictjson.Value // what is in hand
		verdict     Verdict
		check, code string
	}{
		{"the copy agrees", func(_ *world, e strictjson.Value) strictjson.Value { return e }, Valid, CheckHosted, CodeHostedFound},
		{"no copy", func(w *world, e strictjson.Value) strictjson.Value {
			delete(w.docs, ob2Endorsement)
			return e
		}, Undetermined, CheckHosted, CodeHostedUnreachable},
		{"the copy is an assertion", func(w *world, e strictjson.Value) strictjson.Value {
			w.docs[ob2Endorsement] = w.docs[ob2Assertion]
			return e
		}, Undetermined, CheckHosted, CodeHostedUnreachable},
		{"something else is endorsed in hand", func(_ *world, e strictjson.Value) strictjson.Value {
			return replace(t, e, ob2Class, ob2Class+"-2")
		}, Invalid, CheckHosted, CodeHostedDiffers},
		{"hosted outside of the issuer's scope", func(w *world, e strictjson.Value) strictjson.Value {
			e = replace(w.tb, e, ob2Endorsement, elsewhere)
			w.put(elsewhere, e)
			return e
		}, Invalid, CheckHosted, CodeHostedOutOfScope},
		{"no profile", func(w *world, e strictjson.Value) strictjson.Value {
			delete(w.docs, ob2Issuer)
			return e
		}, Undetermined, CheckHosted, CodeHostedNoIssuer},
		{"taken back", func(w *world, e strictjson.Value) strictjson.Value {
			w.docs[ob2Endorsement] = Document{Found: true, Status: 410, Body: []byte(`{"@context": "https://w3id.org/openbadges/v2", "id": "` + ob2Endorsement + `", "revoked": true, "revocationReason": "A mistake"}`)}
			return e
		}, Revoked, CheckStatus, string(Revoked)},
		{"in the future", func(w *world, e strictjson.Value) strictjson.Value {
			e = replace(w.tb, e, "2026-01-05", "2026-04-05")
			w.put(ob2Endorsement, e)
			return e
		}, NotYetValid, CheckDates, CodeNotYetValid},
		{"it endorses nothing", func(w *world, e strictjson.Value) strictjson.Value {
			e = replace(w.tb, e, "claim", "claims")
			w.put(ob2Endorsement, e)
			return e
		}, Invalid, CheckStructure, CodeMalformed},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			r := w.verifyTree(c.change(w, w.endorsementOB2("hosted")))
			wantVerdict(t, r, c.verdict, c.check, c.code)
			if r.Kind != "endorsement" || r.Version != "2.0" || r.Recipient != nil {
				t.Errorf("kind %s, version %s, recipient %+v", r.Kind, r.Version, r.Recipient)
			}
		})
	}
}

func TestHostedEndorsementOB2ByAddress(t *testing.T) {
	w := newWorld(t)
	w.endorsementOB2("hosted")
	r, err := Verify(context.Background(), Input{URL: ob2Endorsement}, w.options())
	w.must(err)
	wantVerdict(t, r, Valid, CheckIssuer, CodeIssuerHosts)
	if r.Endorses == nil || r.Endorses.ID != ob2Class || r.Endorses.Comment != "Good work." {
		t.Errorf("endorses %+v", r.Endorses)
	}
}

func TestSignedEndorsementOB2(t *testing.T) {
	w := newWorld(t)
	signed := w.jws(w.endorsementOB2("signed"))
	r := w.verify(signed)
	wantVerdict(t, r, Valid, CheckProof, CodeProofHolds)
	if r.Kind != "endorsement" || r.Format != "jws" {
		t.Errorf("kind %s, format %s", r.Kind, r.Format)
	}
	wantVerdict(t, w.verifyTree(w.endorsementOB2("signed")), Invalid, CheckProof, CodeUnsigned)

	other := w.clone()
	other.put(ob2Key, replace(t, w.parse(string(w.docs[ob2Key].Body)), ob2Issuer, base+"/ob2/issuers/other"))
	wantVerdict(t, other.verify(signed), Invalid, CheckIssuer, CodeKeyOfAnother)

	revoked := w.clone()
	revoked.put(ob2Revoked, status.NewOB2List(ob2Revoked, ob2Issuer, []status.Revoked{{ID: ob2Endorsement, Reason: "A mistake"}}))
	wantVerdict(t, revoked.verify(signed), Revoked, CheckStatus, string(Revoked))

	silent := w.clone()
	delete(silent.docs, ob2Revoked)
	wantVerdict(t, silent.verify(signed), Undetermined, CheckStatus, CodeStatusUnreachable)
}

func TestEndorsementsOfOB2Badge(t *testing.T) {
	w := newWorld(t)
	hosted := w.endorsementOB2("hosted")
	inside := hosted.Without("@context")
	signed := strictjson.NewString(string(w.jws(replace(t, w.endorsementOB2("signed"), ob2Endorsement, base+"/ob2/endorsements/2"))))
	class := w.parse(string(w.docs[ob2Class].Body))
	endorse := func(list ...strictjson.Value) *Report {
		w.put(ob2Class, class.With("endorsement", strictjson.NewArray(list...)))
		return w.verify(w.docs[ob2Assertion].Body)
	}
	wantVerdict(t, endorse(inside), Valid, CheckEndorsements, CodeEndorsementsHold)
	wantVerdict(t, endorse(inside, signed), Valid, CheckEndorsements, CodeEndorsementsHold)

	forged := replace(t, inside, ob2Issuer, "https://elsewhere.example/issuer")
	forged = replace(t, forged, ob2Endorsement, ob2Endorsement+"-2")
	r := endorse(inside, forged)
	wantVerdict(t, r, Valid, CheckEndorsements, CodeEndorsementsUnknown)
	if len(r.Endorsements) != 2 || r.Endorsements[0].Verdict != Valid || r.Endorsements[1].Verdict != Undetermined {
		t.Errorf("endorsements %+v", r.Endorsements)
	}

	r = endorse(strictjson.NewString(ob2Endorsement))
	wantVerdict(t, r, Valid, CheckEndorsements, CodeEndorsementsUnknown)
	if e := r.Endorsements[0]; e.Verdict != Undetermined || e.ID != ob2Endorsement || e.Check(CheckIntake).Code != CodeEndorsementNamed {
		t.Errorf("an endorsement by address: %s", show(e))
	}
}
