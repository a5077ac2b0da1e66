package web_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/accolade-badges/accolade/openbadges/strictjson"
	"github.com/accolade-badges/accolade/web"
)

func TestVCVerifyOptions(t *testing.T) {
	t.Parallel()
	h := mustVCHouse(t, nil)
	signed := h.mustIssue(t, plain(h.issuers["Ed25519"]))
	for _, c := range []struct {
		name    string
		options map[string]any
		want    int
	}{
		{"none", nil, 200},
		{"empty", map[string]any{}, 200},
		{"those of the suites", map[string]any{"checks": []any{"proof"}, "returnCredential": true}, 200},
		{"the purpose that it has", map[string]any{"expectedProofPurpose": "assertionMethod"}, 200},
		{"another purpose", map[string]any{"expectedProofPurpose": "authentication"}, 422},
		{"a domain that it lacks", map[string]any{"domain": "example.org"}, 422},
		{"a challenge that it lacks", map[string]any{"challenge": "a sample"}, 422},
		{"a challenge that is none", map[string]any{"challenge": 7}, 400},
		{"one that is not understood", map[string]any{"trustEverybody": true}, 400},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := h.verify(t, signed, c.options); got.status != c.want {
				t.Errorf("status %d, want %d: %s", got.status, c.want, got.body)
			}
		})
	}
}

// TestVCVerifyRefuses alters an issued credential in the ways of the Data
// Integrity suites.
func TestVCVerifyRefuses(t *testing.T) {
	t.Parallel()
	h := mustVCHouse(t, nil)
	for _, curve := range []string{"Ed25519", "P-256", "P-384"} {
		body, err := json.Marshal(h.mustIssue(t, with(plain(h.issuers[curve]), "validUntil", "2026-04-01T00:00:00Z")))
		if err != nil {
			t.Fatal(err)
		}
		proof := func(name string, value any) func(map[string]any) {
			return func(c map[string]any) {
				if value == nil {
					delete(c["proof"].(map[string]any), name)
					return
				}
				c["proof"].(map[string]any)[name] = value
			}
		}
		for _, c := range []struct {
			name string
			do   func(map[string]any)
			want int
		}{
			{"no proof", func(c map[string]any) { delete(c, "proof") }, 400},
			{"a null proof", func(c map[string]any) { c["proof"] = nil }, 400},
			{"an empty list of proofs", func(c map[string]any) { c["proof"] = []any{} }, 400},
			{"a proof without a type", proof("type", nil), 400},
			{"a proof of an unknown type", proof("type", "UnknownProofType"), 422},
			{"no cryptosuite", proof("cryptosuite", nil), 400},
			{"an unknown cryptosuite", proof("cryptosuite", "UnknownCryptosuite"), 422},
			{"no verification method", proof("verificationMethod", nil), 422},
			{"a verification method that is none", proof("verificationMethod", "did:key:invalidVm"), 422},
			{"no purpose", proof("proofPurpose", nil), 400},
			{"another purpose", proof("proofPurpose", "authentication"), 422},
			{"no value", proof("proofValue", nil), 400},
			{"a value without its base", proof("proofValue", "5abc"), 400},
			{"created that is no time", proof("created", "invalidDate"), 400},
			{"created without a zone", proof("created", "2026-03-01T12:00:00"), 400},
			{"an end that is past", proof("expires", "2026-02-01T00:00:00Z"), 422},
			{"a previous proof that is not there", proof("previousProof", "urn:uuid:1"), 422},
			{"a member that was not signed", func(c map[string]any) { c["name"] = "Another" }, 422},
			{"another end", func(c map[string]any) { c["validUntil"] = "2036-04-01T00:00:00Z" }, 422},
			{"another issuer", func(c map[string]any) { c["issuer"] = "did:key:z6MkpJySvETLnxhQG9DzEdmKJtysBDjuuTeDfUj1uNNCUqcj" }, 422},
			{"no type", func(c map[string]any) { delete(c, "type") }, 400},
			{"only another type", func(c map[string]any) { c["type"] = []any{"SomethingElse"} }, 400},
			{"no context", func(c map[string]any) { delete(c, "@context") }, 400},
		} {
			t.Run(curve+", "+c.name, func(t *testing.T) {
				t.Parallel()
				var altered map[string]any
				if err := json.Unmarshal(body, &altered); err != nil {
					t.Fatal(err)
				}
				c.do(altered)
				got := h.verify(t, altered, nil)
				wantRefusal(t, got, c.want)
				if a := mustJSON[struct {
					Verified *bool            `json:"verified"`
					Problems []map[string]any `json:"problemDetails"`
				}](t, got, c.want); a.Verified == nil || *a.Verified || len(a.Problems) == 0 {
					t.Errorf("the answer does not say what is wrong: %s", got.body)
				}
			})
		}
	}
}

func TestVCVerifyBadRequests(t *testing.T) {
	t.Parallel()
	h := mustVCHouse(t, nil)
	signed := h.mustIssue(t, plain(h.issuers["Ed25519"]))
	for _, path := range []string{"/credentials/verify", "/presentations/verify"} {
		for name, body := range map[string]any{
			"nothing": "", "no JSON": "{", "a list": "[]", "an empty object": "{}", "a string": `{"verifiableCredential": "ey.ey.x"}`,
			"an address": `{"verifiableCredential": "https://example.org/"}`, "an empty credential": `{"verifiableCredential": {}}`,
			"the credential itself": signed, "a presentation's name": map[string]any{"verifiablePresentation": signed},
		} {
			t.Run(path+" "+name, func(t *testing.T) {
				t.Parallel()
				wantRefusal(t, h.call(t, "POST", path, "", body), http.StatusBadRequest)
			})
		}
		t.Run(path+" too much", func(t *testing.T) {
			t.Parallel()
			wantRefusal(t, h.call(t, "POST", path, "", `{"verifiableCredential": "`+strings.Repeat("x", 5<<20)+`"}`), http.StatusRequestEntityTooLarge)
		})
		t.Run(path+" from another site", func(t *testing.T) {
			t.Parallel()
			got := h.do(t, "OPTIONS", path, nil, "Origin", "https://example.org", "Access-Control-Request-Method", "POST")
			if got.status != http.StatusNoContent || got.header.Get("Access-Control-Allow-Origin") != "*" {
				t.Errorf("%d %v", got.status, got.header)
			}
		})
	}
}

func TestVCVerifyDates(t *testing.T) {
	t.Parallel()
	h := mustVCHouse(t, nil)
	for name, c := range map[string]map[string]any{
		"expired":   with(plain(h.issuers["P-384"]), "validUntil", "2026-02-28T00:00:00Z"),
		"not begun": with(plain(h.issuers["P-384"]), "validFrom", "2026-03-02T00:00:00Z"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := h.verify(t, h.mustIssue(t, c), nil)
			wantRefusal(t, got, http.StatusUnprocessableEntity)
			fits(t, "/components/schemas/VCRefusal/anyOf/0", got.body)
		})
	}
}

func TestVCVerifyIsLimited(t *testing.T) {
	t.Parallel()
	h := mustVCHouse(t, func(c *web.Config) { c.VerifyRate = 2 })
	signed := h.mustIssue(t, plain(h.issuers["Ed25519"]))
	for range 2 {
		got := h.verify(t, signed, nil)
		if got.status != http.StatusOK {
			t.Fatalf("%d %s", got.status, got.body)
		}
		fits(t, "/components/schemas/VCVerdict", got.body)
	}
	got := h.verify(t, signed, nil)
	wantRefusal(t, got, http.StatusTooManyRequests)
	if got.header.Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}
}

// TestVCVerifyOwnBadges asks about a badge of the installation: it is a W3C
// credential too.
func TestVCVerifyOwnBadges(t *testing.T) {
	t.Parallel()
	h := mustVCHouse(t, nil)
	id := h.mustAward(t, "cloud-foundations", passed("1", "CL-100", 200, kim))
	h.mustShow(t, id, "public")
	badge, err := strictjson.Parse(h.do(t, "GET", "/badges/"+id+".json", nil).body)
	if err != nil {
		t.Fatal(err)
	}
	if got := h.verify(t, badge, nil); got.status != http.StatusOK {
		t.Errorf("%d %s", got.status, got.body)
	}
	if err := h.Revoke(t.Context(), "test", id, "a test"); err != nil {
		t.Fatal(err)
	}
	wantRefusal(t, h.verify(t, badge, nil), http.StatusUnprocessableEntity)
}
