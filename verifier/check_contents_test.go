package verifier

import (
	"fmt"
	"strings"
	"testing"

	"github.com/accolade-badges/accolade/openbadges/proof"
	"github.com/accolade-badges/accolade/openbadges/strictjson"
)

// clr is a learner record of the given badges, unsigned.
func (w *world) clr(badges ...strictjson.Value) strictjson.Value {
	v := w.parse(`{
		"@context": ["https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json", "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"],
		"id": "` + base + `/transcripts/1", "type": ["VerifiableCredential", "ClrCredential"], "name": "Sample Transcript",
		"issuer": {"id": "` + issuerDW + `", "type": ["Profile"], "name": "Sample Issuer"}, "validFrom": "2026-02-01T10:00:00Z",
		"credentialSubject": {"id": "urn:uuid:7f3a9f0e-0a3c-4c5e-9d53-0f6a3f1f7a01", "type": ["ClrSubject"]}}`)
	subject := v.Get("credentialSubject").With("verifiableCredential", strictjson.NewArray(badges...))
	return v.With("credentialSubject", subject)
}

func TestCLRHoldsBadges(t *testing.T) {
	w := newWorld(t)
	di := w.signed(w.credential())
	r := w.verifyTree(w.signed(w.clr(di, w.signed(w.statusless(issuerDW)))))
	wantVerdict(t, r, Valid, CheckContents, CodeContentsHold)
	if r.Kind != "clr" || r.Version != "CLR 2.0" || len(r.Contains) != 2 {
		t.Errorf("kind %s, version %s, %d inside", r.Kind, r.Version, len(r.Contains))
	}
	w.list("revocation", 7)
	r = w.verifyTree(w.signed(w.clr(di)))
	wantVerdict(t, r, Valid, CheckContents, CodeContentsBad)
	if r.Contains[0].Verdict != Revoked {
		t.Errorf("the badge inside is %s", r.Contains[0].Verdict)
	}
	forged := replace(t, di, "Sample Earner", "Sample Forger")
	wantVerdict(t, w.verifyTree(w.signed(w.clr(forged))), Undetermined, CheckContents, CodeContentsBad)
}

func TestPresentations(t *testing.T) {
	w := newWorld(t)
	holder, method := didKey(t, "holder")
	credential := w.signed(w.credential())
	v := w.parse(`{"@context": ["https://www.w3.org/ns/credentials/v2"], "type": ["VerifiablePresentation"], "holder": "` + holder + `"}`)
	v = v.With("verifiableCredential", strictjson.NewArray(credential))
	wantVerdict(t, w.verifyTree(v), Valid, CheckProof, CodeUnsigned)

	sign := func(challenge string) strictjson.Value {
		key := edKey("holder")
		out, err := proof.Sign(&v, key, proof.Options{VerificationMethod: method, Purpose: "authentication", Challenge: challenge, Domain: "example.org"})
		w.must(err)
		return out
	}
	signed := sign("once")
	o := w.options()
	o.Challenge, o.Domain = "once", "example.org"
	wantVerdict(t, w.verifyWith(signed.Append(nil), o), Valid, CheckIssuer, CodeKeyIsIssuer)
	replayed := sign("another")
	wantVerdict(t, w.verifyWith(replayed.Append(nil), o), Invalid, CheckProof, string(proof.WrongChallenge))

	forged := v.With("verifiableCredential", strictjson.NewArray(replace(t, credential, "Sample Earner", "Sample Forger")))
	wantVerdict(t, w.verifyTree(forged), Invalid, CheckContents, CodeContentsBad)
	empty := v.Without("verifiableCredential")
	wantVerdict(t, w.verifyTree(empty), Invalid, CheckContents, CodeEmpty)
}

func TestBudgets(t *testing.T) {
	w := newWorld(t)
	deep := w.signed(w.statusless(issuerDW))
	for range 6 {
		deep = w.signed(w.clr(deep))
	}
	r := w.verifyTree(deep)
	levels := 0
	for inner := r; len(inner.Contains) > 0; inner = inner.Contains[0] {
		levels++
		if levels > maxDepth && inner.Contains[0].Check(CheckIntake).Code != CodeBudget {
			t.Errorf("level %d was judged", levels)
		}
	}
	if levels != maxDepth+1 {
		t.Errorf("%d levels, want %d", levels, maxDepth+1)
	}
	many := make([]string, 400)
	for i := range many {
		many[i] = fmt.Sprintf(`{"@context":["https://www.w3.org/ns/credentials/v2"],"type":["VerifiableCredential","OpenBadgeCredential"],"id":"urn:x:%d"}`, i)
	}
	crowd := w.verify([]byte(`{"@context":["https://www.w3.org/ns/credentials/v2"],"type":["VerifiablePresentation"],"verifiableCredential":[` + strings.Join(many, ",") + `]}`))
	if last := crowd.Contains[len(crowd.Contains)-1]; crowd.Verdict == Valid || last.Check(CheckIntake).Code != CodeBudget {
		t.Errorf("verdict %s, the last badge %+v", crowd.Verdict, last.Checks[0])
	}
}

// TestAddressesInsideAreNotFollowed puts addresses where credentials belong.
func TestAddressesInsideAreNotFollowed(t *testing.T) {
	w := newWorld(t)
	credential := w.signed(w.credential())
	w.put(base+"/badges/1.json", credential)
	address := strictjson.NewString(base + "/badges/1.json")
	v := w.parse(`{"@context": ["https://www.w3.org/ns/credentials/v2"], "type": ["VerifiablePresentation"]}`)
	r := w.verifyTree(v.With("verifiableCredential", strictjson.NewArray(address)))
	wantVerdict(t, r, Invalid, CheckContents, CodeContentsBad)
	if c := r.Contains[0].Check(CheckIntake); c.Code != CodeNotABadge {
		t.Errorf("the address inside: %+v", c)
	}
	refreshURL := base + "/refresh/1"
	old := w.credential()
	old = w.signed(old.With("refreshService", w.parse(`{"id": "`+refreshURL+`", "type": "1EdTechCredentialRefresh"}`)))
	w.putText(refreshURL, base+"/badges/1.json")
	wantVerdict(t, w.verifyTree(old), Valid, CheckRefresh, CodeRefreshUnusable)
	w.putText(listURL, base+"/badges/1.json")
	wantVerdict(t, w.verifyTree(credential), Undetermined, CheckStatus, CodeStatusUntrusted)
}
