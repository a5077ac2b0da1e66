package web_test

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/accolade-badges/accolade/openbadges/did"
	"github.com/accolade-badges/accolade/openbadges/proof"
	"github.com/accolade-badges/accolade/openbadges/strictjson"
)

// standardVectors are the published test inputs of the W3C suites.
const standardVectors = "../../shared/standards/vectors"

// mustInputs reads the inputs of the VC Data Model 2.0 suite by name.
func mustInputs(tb testing.TB, patterns ...string) map[string]map[string]any {
	tb.Helper()
	inputs := make(map[string]map[string]any)
	for _, pattern := range patterns {
		files, err := filepath.Glob(filepath.Join(standardVectors, "w3c-vcdm2", "input", pattern))
		if err != nil {
			tb.Fatal(err)
		}
		for _, file := range files {
			data, err := os.ReadFile(file)
			if err != nil {
				tb.Fatal(err)
			}
			// The suite itself fills these two words in.
			text := strings.NewReplacer("PAST DATE", "2020-01-01T00:00:00Z", "FUTURE DATE", "2040-01-01T00:00:00Z").Replace(string(data))
			var v map[string]any
			if err := json.Unmarshal([]byte(text), &v); err != nil {
				tb.Fatalf("%s: %v", file, err)
			}
			inputs[strings.TrimSuffix(filepath.Base(file), ".json")] = v
		}
	}
	if len(inputs) == 0 {
		tb.Skip("the vectors in ../shared/standards are not here")
	}
	return inputs
}

// as puts the issuer in, as the suite does: where the input has none, and into
// an object without an id.
func as(input map[string]any, id string) map[string]any {
	switch who := input["issuer"].(type) {
	case nil:
		if _, there := input["issuer"]; !there {
			input["issuer"] = id
		}
	case map[string]any:
		if _, there := who["id"]; !there {
			who["id"] = id
		}
	}
	return input
}

// wellIssued are inputs that an issuer must accept and a verifier may not call
// valid, and why.
var wellIssued = map[string]string{
	"credential-validfrom-far-future-ok": "begins in the year 4023",
	"credential-validuntil-ok":           "ended in 2023",
	"credential-validuntil-ms-ok":        "ended in 2023",
	"credential-validuntil-tz-ok":        "ended in 2023",
	"credential-status-ok":               "its status is of a type of 2017 and lies nowhere, so nobody knows whether it was revoked",
	"credential-status-missing-id-ok":    "its status is of a type of 2017 and lies nowhere, so nobody knows whether it was revoked",
}

// TestVCDataModelSuiteIssues posts each credential of the suite to
// /credentials/issue, for every kind of key: -ok is issued, all else is not. What
// was issued is verified, and altered refused.
func TestVCDataModelSuiteIssues(t *testing.T) {
	t.Parallel()
	h := mustVCHouse(t, nil)
	for _, curve := range []string{"Ed25519", "P-256", "P-384"} {
		for name, input := range mustInputs(t, "credential-*.json", "names-and-descriptions/*.json") {
			t.Run(curve+"/"+name, func(t *testing.T) {
				t.Parallel()
				got := h.issue(t, as(input, h.issuers[curve]), nil)
				if !strings.HasSuffix(name, "-ok") {
					if got.status != http.StatusBadRequest && got.status != http.StatusUnprocessableEntity {
						t.Errorf("issued: %d %s", got.status, got.body)
					}
					return
				}
				issued := mustJSON[map[string]map[string]any](t, got, http.StatusCreated)["verifiableCredential"]
				want := http.StatusOK
				if wellIssued[name] != "" {
					want = http.StatusUnprocessableEntity
				}
				if got := h.verify(t, issued, nil); got.status != want {
					t.Errorf("verified with status %d, want %d: %s", got.status, want, got.body)
				}
				issued["credentialSubject"] = map[string]any{"id": "did:example:somebody-else"}
				wantRefusal(t, h.verify(t, issued, nil), http.StatusUnprocessableEntity)
			})
		}
	}
}

// holder signs presentations, and the credentials that the suite lets sign
// beside them.
type holder struct {
	key ed25519.PrivateKey
	id  string
}

func mustHolder(tb testing.TB) holder {
	tb.Helper()
	seed := sha256.Sum256([]byte("a holder made up for tests"))
	key := ed25519.NewKeyFromSeed(seed[:])
	id, err := did.Key(key.Public())
	if err != nil {
		tb.Fatal(err)
	}
	return holder{key, id}
}

// sign secures a document by the holder's key. The suite sends some that no
// signer accepts: those have no signature that could hold, so the refusal of the
// signer is the answer.
func (h holder) sign(document map[string]any, o proof.Options) (map[string]any, error) {
	text, err := json.Marshal(document)
	if err != nil {
		return nil, err
	}
	v, err := strictjson.Parse(text)
	if err != nil {
		return nil, err
	}
	o.VerificationMethod, o.Created = h.id+"#"+strings.TrimPrefix(h.id, "did:key:"), start.Add(-time.Hour)
	signed, err := proof.Sign(v, h.key, o)
	if err != nil {
		return nil, err
	}
	var out map[string]any
	return out, json.Unmarshal(signed.Append(nil), &out)
}

// present signs a presentation, with the local holder in place of the suite's
// own key. Credentials without a proof are signed first, except self-asserted ones.
func (h holder) present(tb testing.TB, p map[string]any, selfAsserted bool, o proof.Options) map[string]any {
	tb.Helper()
	text, err := json.Marshal(p)
	if err != nil {
		tb.Fatal(err)
	}
	const theirs = "did:key:z6MkpJySvETLnxhQG9DzEdmKJtysBDjuuTeDfUj1uNNCUqcj"
	var own map[string]any
	if err := json.Unmarshal([]byte(strings.ReplaceAll(string(text), theirs, h.id)), &own); err != nil {
		tb.Fatal(err)
	}
	list, _ := own["verifiableCredential"].([]any)
	for i := range list {
		c, ok := list[i].(map[string]any)
		if !ok || selfAsserted || c["type"] == "EnvelopedVerifiableCredential" {
			continue
		}
		c["issuer"] = h.id
		signed, err := h.sign(c, proof.Options{})
		if err != nil {
			tb.Logf("presented unsigned: %v", err)
			continue
		}
		list[i] = signed
	}
	o.Purpose = "authentication"
	signed, err := h.sign(own, o)
	if err != nil {
		tb.Logf("sent unsigned: %v", err)
		return own
	}
	return signed
}

// disputed are presentations that the suite calls ok and that we do not verify,
// and why.
var disputed = map[string]string{
	"presentation-enveloped-vc-ok": "the token inside names no key, is of type JWT with a vc claim, and its issuer has no document",
}

// TestVCDataModelSuitePresents posts each presentation of the suite, signed, to
// /presentations/verify: -ok is verified, all else is not.
func TestVCDataModelSuitePresents(t *testing.T) {
	t.Parallel()
	h, who := mustVCHouse(t, nil), mustHolder(t)
	for name, input := range mustInputs(t, "presentation-*.json") {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			signed := who.present(t, input, strings.Contains(name, "self-asserted"), proof.Options{Domain: "example.org", Challenge: "a sample"})
			got := h.present(t, signed, map[string]any{"checks": []any{}})
			switch ok := strings.HasSuffix(name, "-ok"); {
			case ok && disputed[name] == "" && got.status != http.StatusOK:
				t.Errorf("not verified: %d %s", got.status, got.body)
			case (!ok || disputed[name] != "") && got.status != http.StatusBadRequest && got.status != http.StatusUnprocessableEntity:
				t.Errorf("status %d: %s", got.status, got.body)
			}
			delete(signed, "proof")
			wantRefusal(t, h.present(t, signed, nil), http.StatusBadRequest)
		})
	}
}

func (h *vcHouse) present(tb testing.TB, presentation any, options map[string]any) answer {
	tb.Helper()
	return h.call(tb, "POST", "/presentations/verify", "", map[string]any{"verifiablePresentation": presentation, "options": options})
}

// TestVPVerifyOptions asks a presentation for the domain and the challenge that
// it was made for, and for others.
func TestVPVerifyOptions(t *testing.T) {
	t.Parallel()
	h, who := mustVCHouse(t, nil), mustHolder(t)
	inside := h.mustIssue(t, plain(h.issuers["P-384"]))
	p := map[string]any{
		"@context": []any{baseContext}, "type": []any{"VerifiablePresentation"}, "holder": who.id, "verifiableCredential": []any{inside},
	}
	signed, err := who.sign(p, proof.Options{Purpose: "authentication", Domain: "example.org", Challenge: "a sample"})
	if err != nil {
		t.Fatal(err)
	}
	asserted, err := who.sign(p, proof.Options{})
	if err != nil {
		t.Fatal(err)
	}
	inside["credentialSubject"] = map[string]any{"id": "did:example:somebody-else"}
	altered, err := who.sign(p, proof.Options{Purpose: "authentication"})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name         string
		presentation map[string]any
		options      map[string]any
		want         int
	}{
		{"nothing asked", signed, nil, 200},
		{"its own", signed, map[string]any{"domain": "example.org", "challenge": "a sample", "expectedProofPurpose": "authentication"}, 200},
		{"another domain", signed, map[string]any{"domain": "example.com"}, 422},
		{"another challenge", signed, map[string]any{"challenge": "another"}, 422},
		{"another purpose", signed, map[string]any{"expectedProofPurpose": "assertionMethod"}, 422},
		{"made as an assertion", asserted, nil, 422},
		{"an altered credential inside", altered, nil, 422},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := h.present(t, c.presentation, c.options); got.status != c.want {
				t.Errorf("status %d, want %d: %s", got.status, c.want, got.body)
			}
		})
	}
}

// TestDataIntegrityVectors verifies the signed examples of the Data Integrity
// texts. Their issuer is an https address whose document does not exist, and
// their keys are under a did:key that it would have to list: the signatures hold,
// and nobody can say that it was the issuer. Altered, the signature itself fails.
func TestDataIntegrityVectors(t *testing.T) {
	t.Parallel()
	h := mustVCHouse(t, nil)
	type checked struct {
		Report struct {
			Checks []struct{ ID, Outcome, Code string }
		}
	}
	outcome := func(c checked, id string) string {
		for _, l := range c.Report.Checks {
			if l.ID == id {
				return l.Outcome
			}
		}
		return "absent"
	}
	for _, file := range []string{
		"w3c-di-eddsa/eddsa-rdfc-2022/signedDataInt.json",
		"w3c-di-eddsa/Ed25519Signature2020/signedEdSig.json", "w3c-di-eddsa/eddsa-jcs-2022/signedJCS.json",
		"w3c-di-ecdsa/ecdsa-rdfc-2019-p256/signedECDSAP256.json", "w3c-di-ecdsa/ecdsa-rdfc-2019-p384/signedECDSAP384.json",
	} {
		t.Run(file, func(t *testing.T) {
			t.Parallel()
			data, err := os.ReadFile(filepath.Join(standardVectors, filepath.FromSlash(file)))
			if err != nil {
				t.Skip("the vectors in ../shared/standards are not here")
			}
			var c map[string]any
			if err := json.Unmarshal(data, &c); err != nil {
				t.Fatal(err)
			}
			got := mustJSON[checked](t, h.verify(t, c, nil), http.StatusUnprocessableEntity)
			if outcome(got, "proof") != "passed" || outcome(got, "issuer") == "passed" {
				t.Errorf("the proof %s, the issuer %s", outcome(got, "proof"), outcome(got, "issuer"))
			}
			c["validFrom"] = "2022-01-01T00:00:00Z"
			got = mustJSON[checked](t, h.verify(t, c, nil), http.StatusUnprocessableEntity)
			if outcome(got, "proof") != "failed" {
				t.Errorf("altered, and the proof %s", outcome(got, "proof"))
			}
		})
	}
}

// TestForeignContextVectors sends the second examples of those texts: a draft
// context that is not among our tables, and an issuer that is another key than
// the one that signed.
func TestForeignContextVectors(t *testing.T) {
	t.Parallel()
	h := mustVCHouse(t, nil)
	files, err := filepath.Glob(filepath.Join(standardVectors, "w3c-di-e*dsa", "*", "employ", "signed*.json"))
	if err != nil {
		t.Fatal(err)
	}
	if len(files) == 0 {
		t.Skip("the vectors in ../shared/standards are not here")
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		got := h.call(t, "POST", "/credentials/verify", "", `{"verifiableCredential": `+string(data)+`}`)
		if got.status != http.StatusBadRequest && got.status != http.StatusUnprocessableEntity {
			t.Errorf("%s: status %d: %s", file, got.status, got.body)
		}
	}
}
