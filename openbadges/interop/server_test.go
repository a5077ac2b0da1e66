package interop_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/accolade-badges/accolade/openbadges/did"
	"github.com/accolade-badges/accolade/openbadges/interop/peers"
	"github.com/accolade-badges/accolade/openbadges/proof"
	"github.com/accolade-badges/accolade/openbadges/strictjson"
)

// TestPeersReadARunningServer: did:web of a server on this machine is resolved by
// hand and read by plain HTTP, if and only if its host is allowed.
func TestPeersReadARunningServer(t *testing.T) {
	p := peers.Start(t)
	key := mustKey(t, "EdDSA")
	multikey, err := did.Multikey(key.Public())
	if err != nil {
		t.Fatal(err)
	}
	var document strictjson.Value
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/issuers/sample/did.json" {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "application/did+json")
		_, _ = w.Write(document.Append(nil)) // the peer says so when it is cut
	}))
	t.Cleanup(server.Close)
	at, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	local := "did:web:" + strings.ReplaceAll(at.Host, ":", "%3A") + ":issuers:sample"
	method := local + "#" + multikey
	document = did.NewDocument(local, nil, []did.WebKey{{ID: method, Controller: local, Key: key.Public()}})
	doc := mustParse(t, []byte(strings.ReplaceAll(credential, issuer, local)))
	signed, err := proof.Sign(doc, key, proof.Options{VerificationMethod: method, Created: signedAt})
	if err != nil {
		t.Fatal(err)
	}
	if err := p.VerifyCredential(t, signed.Append(nil), peers.Web{Hosts: []string{at.Host}}, verifyAt); err != nil {
		t.Errorf("with the host allowed: %v", err)
	}
	if err := p.VerifyCredential(t, signed.Append(nil), peers.Web{}, verifyAt); err == nil || !strings.Contains(err.Error(), "not allowed") {
		t.Errorf("without: got %v, want a refusal", err)
	}
}
