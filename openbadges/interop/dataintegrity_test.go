package interop_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/accolade-badges/accolade/openbadges/did"
	"github.com/accolade-badges/accolade/openbadges/interop/peers"
	"github.com/accolade-badges/accolade/openbadges/proof"
	"github.com/accolade-badges/accolade/openbadges/status"
)

// suites are the cryptosuites that both sides sign with, and their kinds of key.
var suites = []struct{ name, key, curve string }{
	{proof.EddsaRDFC2022, "EdDSA", ""},
	{proof.EcdsaRDFC2019, "P-256", "P-256"},
	{proof.EcdsaRDFC2019, "P-384", "P-384"},
}

func TestPeersAcceptWhatWeIssue(t *testing.T) {
	p := peers.Start(t)
	for _, s := range suites {
		t.Run(s.name+" "+s.key, func(t *testing.T) {
			h := mustHouse(t, s.name, s.key)
			if err := p.VerifyCredential(t, h.badge(), h.web, verifyAt); err != nil {
				t.Errorf("the peer refuses our credential: %v", err)
			}
			if err := p.VerifyStatus(t, h.badge(), h.web); err != nil {
				t.Errorf("the peer refuses our status list: %v", err)
			}
		})
	}
}

// TestPeersRefuseOurTamperedTwins alters every value of a signed credential in
// turn. We must refuse what the peer refuses.
func TestPeersRefuseOurTamperedTwins(t *testing.T) {
	p := peers.Start(t)
	h := mustHouse(t, proof.EddsaRDFC2022, "EdDSA")
	badge := h.badge()
	controller, err := did.ParseDocument(mustParse(t, h.web.Documents[base+"/issuers/sample/did.json"]), "")
	if err != nil {
		t.Fatal(err)
	}
	if err := checkOurs(badge, controller); err != nil {
		t.Fatalf("we refuse our own credential: %v", err)
	}
	all := twins(t, badge)
	if len(all) < 50 {
		t.Fatalf("only %d twins", len(all))
	}
	for path, twin := range all {
		if p.VerifyCredential(t, twin, h.web, verifyAt) == nil {
			t.Errorf("%s altered: the peer accepts it", path)
		}
		if checkOurs(twin, controller) == nil {
			t.Errorf("%s altered: we accept it", path)
		}
	}
}

func TestPeersRefuseOurRevokedBadge(t *testing.T) {
	p := peers.Start(t)
	h := mustHouse(t, proof.EddsaRDFC2022, "EdDSA")
	badge := h.badge()
	h.publish(index-1, index+1)
	if err := p.VerifyCredential(t, badge, h.web, verifyAt); err != nil {
		t.Errorf("its neighbours are revoked: %v", err)
	}
	h.publish(index)
	if err := p.VerifyCredential(t, badge, h.web, verifyAt); !errors.Is(err, peers.ErrRevoked) {
		t.Errorf("revoked: got %v, want ErrRevoked", err)
	}
	if err := p.VerifyStatus(t, badge, h.web); !errors.Is(err, peers.ErrRevoked) {
		t.Errorf("revoked, status alone: got %v, want ErrRevoked", err)
	}
}

func TestPeersRefuseOurBadge(t *testing.T) {
	p := peers.Start(t)
	for name, spoil := range map[string]func(h *house){
		"when its status list was altered": func(h *house) {
			h.web.Documents[list] = bytes.Replace(h.web.Documents[list], []byte(`"statusPurpose":"revocation"`), []byte(`"statusPurpose":"suspension"`), 1)
		},
		"when its status list is signed by somebody else": func(h *house) {
			other := mustHouse(t, proof.EddsaRDFC2022, "EdDSA")
			h.web.Documents[list] = other.web.Documents[list]
		},
		"when its key is not in the DID document": func(h *house) {
			other := mustHouse(t, proof.EddsaRDFC2022, "EdDSA")
			h.web.Documents[base+"/issuers/sample/did.json"] = other.web.Documents[base+"/issuers/sample/did.json"]
		},
		"when its key may not assert any more": func(h *house) {
			document := did.NewDocument(issuer, nil, []did.WebKey{{ID: h.method, Controller: issuer, Key: h.key.Public(), Compromised: true}})
			h.web.Documents[base+"/issuers/sample/did.json"] = document.Append(nil)
		},
		"when the DID document is not to be had": func(h *house) {
			delete(h.web.Documents, base+"/issuers/sample/did.json")
		},
	} {
		t.Run(name, func(t *testing.T) {
			h := mustHouse(t, proof.EddsaRDFC2022, "EdDSA")
			badge := h.badge()
			spoil(h)
			if err := p.VerifyCredential(t, badge, h.web, verifyAt); err == nil || errors.Is(err, peers.ErrRevoked) {
				t.Errorf("got %v, want a refusal", err)
			}
		})
	}
	h := mustHouse(t, proof.EddsaRDFC2022, "EdDSA")
	for name, now := range map[string]int{"expired": 2, "not yet valid": -1} {
		if err := p.VerifyCredential(t, h.badge(), h.web, signedAt.AddDate(now, 0, 0)); err == nil {
			t.Errorf("%s: the peer accepts it", name)
		}
	}
}

func TestWeAcceptWhatPeersIssueAndRefuseItsTwins(t *testing.T) {
	p := peers.Start(t)
	for _, s := range suites {
		t.Run(s.name+" "+s.key, func(t *testing.T) {
			signed, err := p.Sign(t, []byte(credential), s.name, s.curve, "", signedAt)
			if err != nil {
				t.Fatal(err)
			}
			if err := p.VerifyCredential(t, signed.Credential, peers.Web{}, verifyAt); err != nil {
				t.Fatalf("the peer refuses its own credential: %v", err)
			}
			if err := checkOurs(signed.Credential, nil); err != nil {
				t.Errorf("we refuse the peer's credential: %v", err)
			}
			for path, twin := range twins(t, signed.Credential) {
				if checkOurs(twin, nil) == nil {
					t.Errorf("%s altered: we accept it", path)
				}
			}
		})
	}
}

func TestWeAcceptWhatAPeerIssuesUnderDIDWeb(t *testing.T) {
	p := peers.Start(t)
	signed, err := p.Sign(t, []byte(credential), proof.EddsaRDFC2022, "", issuer, signedAt)
	if err != nil {
		t.Fatal(err)
	}
	key, err := did.ParseMultikey(signed.Multikey)
	if err != nil {
		t.Fatal(err)
	}
	document := did.NewDocument(issuer, nil, []did.WebKey{{ID: issuer + "#" + signed.Multikey, Controller: issuer, Key: key}})
	controller, err := did.ParseDocument(&document, "")
	if err != nil {
		t.Fatal(err)
	}
	if err := checkOurs(signed.Credential, controller); err != nil {
		t.Error(err)
	}
	moved := bytes.ReplaceAll(signed.Credential, []byte(issuer), []byte(issuer+"s"))
	if err := checkOurs(moved, controller); err == nil {
		t.Error("we accept it for another issuer")
	}
}

func TestWeReadThePeersStatusList(t *testing.T) {
	p := peers.Start(t)
	revoked := []int{0, 1, 7, 8, 9, 4095, index, status.MinimumLength - 1}
	made, err := p.StatusList(t, list, status.MinimumLength, revoked)
	if err != nil {
		t.Fatal(err)
	}
	subject, err := status.ParseList(mustParse(t, made))
	if err != nil {
		t.Fatal(err)
	}
	theirs, err := status.Decode(subject.Encoded, status.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	var got []int
	for i := range theirs.Len() {
		if set, err := theirs.Get(i); err != nil {
			t.Fatal(err)
		} else if set {
			got = append(got, i)
		}
	}
	if len(got) != len(revoked) {
		t.Fatalf("set bits: got %v, want %v", got, revoked)
	}
	for i := range got {
		if got[i] != revoked[i] {
			t.Errorf("set bits: got %v, want %v", got, revoked)
		}
	}
	if subject.ID != list+"#list" || !strings.HasPrefix(subject.Encoded, "u") {
		t.Errorf("subject %+v", subject)
	}
}
