package web_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/accolade-badges/accolade/issuer"
	"github.com/accolade-badges/accolade/openbadges/did"
	"github.com/accolade-badges/accolade/web"
)

const baseContext = "https://www.w3.org/ns/credentials/v2"

// vcHouse is a house with a token that may issue free credentials.
type vcHouse struct {
	*house
	token   string
	issuers map[string]string // by curve
}

func mustVCHouse(tb testing.TB, change func(*web.Config)) *vcHouse {
	tb.Helper()
	h := &vcHouse{house: mustHouse(tb, change)}
	h.token = h.mustToken(tb, issuer.VCIssue)
	h.issuers = mustJSON[map[string]string](tb, h.call(tb, "GET", "/issuers", h.token, nil), http.StatusOK)
	return h
}

// plain is a small credential of an issuer.
func plain(issuer string) map[string]any {
	return map[string]any{
		"@context": []any{baseContext}, "type": []any{"VerifiableCredential"}, "issuer": issuer,
		"credentialSubject": map[string]any{"id": "did:example:subject"},
	}
}

func with(c map[string]any, name string, value any) map[string]any {
	c[name] = value
	return c
}

func (h *vcHouse) issue(tb testing.TB, credential any, options map[string]any) answer {
	tb.Helper()
	return h.call(tb, "POST", "/credentials/issue", h.token, map[string]any{"credential": credential, "options": options})
}

func (h *vcHouse) mustIssue(tb testing.TB, credential any) map[string]any {
	tb.Helper()
	return mustJSON[map[string]map[string]any](tb, h.issue(tb, credential, nil), http.StatusCreated)["verifiableCredential"]
}

func (h *vcHouse) verify(tb testing.TB, credential any, options map[string]any) answer {
	tb.Helper()
	return h.call(tb, "POST", "/credentials/verify", "", map[string]any{"verifiableCredential": credential, "options": options})
}

// wantRefusal fails unless an answer is a problem with the status.
func wantRefusal(tb testing.TB, got answer, status int) {
	tb.Helper()
	var p struct{ Title, Detail string }
	if err := json.Unmarshal(got.body, &p); err != nil || got.status != status || got.mediaType() != "application/problem+json" || p.Title == "" || p.Detail == "" {
		tb.Errorf("status %d, %s, want a problem with status %d: %s", got.status, got.mediaType(), status, got.body)
	}
}

func TestVCIssuersKeepTheirKeys(t *testing.T) {
	t.Parallel()
	h := mustVCHouse(t, nil)
	prefixes := map[string]string{"Ed25519": "did:key:z6Mk", "P-256": "did:key:zDna", "P-384": "did:key:z82L"}
	for curve, prefix := range prefixes {
		if !strings.HasPrefix(h.issuers[curve], prefix) {
			t.Errorf("%s: %q does not begin with %s", curve, h.issuers[curve], prefix)
		}
		if _, err := did.KeyDocument(h.issuers[curve]); err != nil {
			t.Errorf("%s: %v", curve, err)
		}
	}
	if len(h.issuers) != len(prefixes) {
		t.Errorf("issuers are %v", h.issuers)
	}
	again := mustJSON[map[string]string](t, h.call(t, "GET", "/issuers", h.token, nil), http.StatusOK)
	for curve, id := range h.issuers {
		if again[curve] != id {
			t.Errorf("%s was %s and now is %s", curve, id, again[curve])
		}
	}
}

func TestVCIssueSignsWithTheIssuersKey(t *testing.T) {
	t.Parallel()
	h := mustVCHouse(t, nil)
	suites := map[string]string{"Ed25519": "eddsa-rdfc-2022", "P-256": "ecdsa-rdfc-2019", "P-384": "ecdsa-rdfc-2019"}
	for curve, suite := range suites {
		for _, named := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, suite named %t", curve, named), func(t *testing.T) {
				t.Parallel()
				options := map[string]any{}
				if named {
					options["cryptosuite"] = suite
				}
				got := mustJSON[map[string]map[string]any](t, h.issue(t, plain(h.issuers[curve]), options), http.StatusCreated)
				vc := got["verifiableCredential"]
				proof, _ := vc["proof"].(map[string]any)
				key := strings.TrimPrefix(h.issuers[curve], "did:key:")
				for name, want := range map[string]any{
					"type": "DataIntegrityProof", "cryptosuite": suite, "proofPurpose": "assertionMethod",
					"created": "2026-03-01T12:00:00Z", "verificationMethod": h.issuers[curve] + "#" + key,
				} {
					if proof[name] != want {
						t.Errorf("proof.%s is %v, want %v", name, proof[name], want)
					}
				}
				report := mustJSON[struct {
					Verified bool `json:"verified"`
				}](t, h.verify(t, vc, nil), http.StatusOK)
				if !report.Verified {
					t.Error("200 and not verified")
				}
				vc["credentialSubject"] = map[string]any{"id": "did:example:another"}
				wantRefusal(t, h.verify(t, vc, nil), http.StatusUnprocessableEntity)
			})
		}
	}
}

func TestVCIssueAcceptsAnIssuerObjectAndVC1(t *testing.T) {
	t.Parallel()
	h := mustVCHouse(t, nil)
	object := with(plain(""), "issuer", map[string]any{"id": h.issuers["Ed25519"], "name": "A sample"})
	if got := h.verify(t, h.mustIssue(t, object), nil); got.status != http.StatusOK {
		t.Errorf("issuer object: %d %s", got.status, got.body)
	}
	old := plain(h.issuers["P-256"])
	old["@context"] = []any{"https://www.w3.org/2018/credentials/v1", "https://w3id.org/security/data-integrity/v2"}
	old["issuanceDate"] = "2026-02-01T00:00:00Z"
	if got := h.verify(t, h.mustIssue(t, old), nil); got.status != http.StatusOK {
		t.Errorf("VC 1.1: %d %s", got.status, got.body)
	}
}

func TestVCIssueReplacesAForeignProof(t *testing.T) {
	t.Parallel()
	h := mustVCHouse(t, nil)
	vc := h.mustIssue(t, with(plain(h.issuers["Ed25519"]), "proof", map[string]any{"type": "DataIntegrityProof", "proofValue": "zForged"}))
	if proof, ok := vc["proof"].(map[string]any); !ok || proof["proofValue"] == "zForged" {
		t.Errorf("the proof is %v", vc["proof"])
	}
}

func TestVCIssueNeedsTheScope(t *testing.T) {
	t.Parallel()
	h := mustVCHouse(t, nil)
	other := h.mustToken(t, issuer.AwardsWrite, issuer.AwardsRead, issuer.ResultsWrite)
	body := map[string]any{"credential": plain(h.issuers["Ed25519"])}
	for _, c := range []struct {
		name, token string
		want        int
	}{{"no token", "", http.StatusUnauthorized}, {"an unknown token", "acc_none", http.StatusUnauthorized}, {"a token without the scope", other, http.StatusForbidden}} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			wantRefusal(t, h.call(t, "POST", "/credentials/issue", c.token, body), c.want)
			wantRefusal(t, h.call(t, "GET", "/issuers", c.token, nil), c.want)
		})
	}
}

// TestVCIssueIsNoOracle asks for credentials that the installation's own issuers
// would have signed.
func TestVCIssueIsNoOracle(t *testing.T) {
	t.Parallel()
	h := mustVCHouse(t, nil)
	list, err := h.Issuers(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, is := range list {
		wantRefusal(t, h.issue(t, plain(is.ID), nil), http.StatusBadRequest)
		address := h.URLs().Issuer(is.Slug, "")
		wantRefusal(t, h.issue(t, plain(address), nil), http.StatusBadRequest)
		did := string(h.do(t, "GET", "/issuers/"+is.Slug+"/did.json", nil).body)
		for curve, id := range h.issuers {
			if strings.Contains(did, strings.TrimPrefix(id, "did:key:")) {
				t.Errorf("the DID document of %s lists the %s key of the VC-API", is.Slug, curve)
			}
			key := strings.TrimPrefix(id, "did:key:")
			if got := h.do(t, "GET", "/keys/"+key, nil); got.status != http.StatusNotFound {
				t.Errorf("the %s key of the VC-API is published among the issuers': %d", curve, got.status)
			}
		}
	}
}

func TestVCIssueRefuses(t *testing.T) {
	t.Parallel()
	h := mustVCHouse(t, nil)
	ed := h.issuers["Ed25519"]
	for _, c := range []struct {
		name       string
		credential any
		options    map[string]any
		want       int
	}{
		{"an unknown did:key", plain("did:key:z6MkpJySvETLnxhQG9DzEdmKJtysBDjuuTeDfUj1uNNCUqcj"), nil, 400},
		{"a suite of another key", plain(ed), map[string]any{"cryptosuite": "ecdsa-rdfc-2019"}, 422},
		{"an unknown suite", plain(ed), map[string]any{"cryptosuite": "bbs-2023"}, 422},
		{"a suite that is no name", plain(ed), map[string]any{"cryptosuite": 7}, 400},
		{"an option that is not understood", plain(ed), map[string]any{"mandatoryPointers": []any{"/issuer"}}, 400},
		{"another purpose", plain(ed), map[string]any{"proofPurpose": "authentication"}, 400},
		{"no object", "a string", nil, 400},
		{"nothing", nil, nil, 400},
		{"a presentation", map[string]any{"@context": []any{baseContext}, "type": []any{"VerifiablePresentation"}, "issuer": ed}, nil, 422},
		{"both at once", with(plain(ed), "type", []any{"VerifiableCredential", "VerifiablePresentation"}), nil, 422},
		{"an unknown context", with(plain(ed), "@context", []any{baseContext, "https://example.org/contexts/none"}), nil, 422},
		{"an undefined word", with(with(plain(ed), "@context", []any{baseContext, map[string]any{"@vocab": nil}}), "type", []any{"VerifiableCredential", "NoSuchType"}), nil, 422},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			wantRefusal(t, h.issue(t, c.credential, c.options), c.want)
		})
	}
	for name, body := range map[string]string{
		"no JSON": `{"credential"`, "a list": `[]`, "a member twice": `{"credential": {}, "credential": {}}`,
		"an unknown member": `{"credential": {}, "key": "x"}`, "options that are none": `{"credential": {}, "options": 1}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			wantRefusal(t, h.call(t, "POST", "/credentials/issue", h.token, body), 400)
		})
	}
}

// TestRelatedResources judges what VC Data Model 2.0 asks in section 5.3, at
// issue and at verification.
func TestRelatedResources(t *testing.T) {
	t.Parallel()
	h := mustVCHouse(t, nil)
	const (
		sri       = "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
		sri384    = "sha384-OLBgp1GsljhM2TJ+sbHjaiH9txEUvgdDTAzHv2P24donTt6/529l+9Ua0vFImLlb"
		multibase = "uEiDjsMRCmPwcFJr79MiZb7kkJ65B5GSbk0yklZkbeFK4VQ"
	)
	resource := func(members ...any) map[string]any {
		r := map[string]any{"id": "https://example.org/resource"}
		for i := 0; i < len(members); i += 2 {
			r[members[i].(string)] = members[i+1]
		}
		return r
	}
	for _, c := range []struct {
		name  string
		value any
		ok    bool
	}{
		{"an SRI digest", resource("digestSRI", sri), true},
		{"a longer SRI digest", resource("digestSRI", sri384), true},
		{"a multibase digest", resource("digestMultibase", multibase), true},
		{"both, and a media type", []any{resource("digestSRI", sri, "digestMultibase", multibase, "mediaType", "application/json")}, true},
		{"two resources", []any{resource("digestSRI", sri), resource("id", "https://example.org/other", "digestSRI", sri)}, true},
		{"no digest", resource(), false},
		{"an empty digest", resource("digestSRI", ""), false},
		{"a digest that is none", resource("digestSRI", "sha256-?"), false},
		{"a digest of another length", resource("digestSRI", "sha256-ca3d163bab055381827226140568f3bef634ac187cebd76878e0b63e9e442356"), false},
		{"a digest of no known hash", resource("digestSRI", "md5-1B2M2Y8AsgTpgAmY7PhCfg=="), false},
		{"a multibase that is no multihash", resource("digestMultibase", "uZTQ0MjM1NiAgcmVwb3J0"), false},
		{"a multibase of no known base", resource("digestMultibase", "?abc"), false},
		{"a number", 7, false},
		{"strings", []any{"https://example.org/resource"}, false},
		{"no id", map[string]any{"digestSRI": sri}, false},
		{"an id that is no URL", resource("id", "resource", "digestSRI", sri), false},
		{"an id twice", []any{resource("digestSRI", sri), resource("digestMultibase", multibase)}, false},
		{"a media type that is none", resource("digestSRI", sri, "mediaType", 7), false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			credential := with(plain(h.issuers["Ed25519"]), "relatedResource", c.value)
			if !c.ok {
				wantRefusal(t, h.issue(t, credential, nil), http.StatusUnprocessableEntity)
				signed := h.mustIssue(t, plain(h.issuers["Ed25519"]))
				signed["relatedResource"] = c.value
				wantRefusal(t, h.verify(t, signed, nil), http.StatusBadRequest)
				return
			}
			if got := h.verify(t, h.mustIssue(t, credential), nil); got.status != http.StatusOK {
				t.Errorf("not verified: %d %s", got.status, got.body)
			}
		})
	}
}
