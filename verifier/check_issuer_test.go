package verifier

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"strings"
	"testing"

	"github.com/accolade-badges/accolade/openbadges/did"
	"github.com/accolade-badges/accolade/openbadges/proof"
	"github.com/accolade-badges/accolade/openbadges/strictjson"
	"github.com/accolade-badges/accolade/verifier/fetch"
)

// wantBinding checks how a report ties the issuer to the signature.
func wantBinding(tb testing.TB, r *Report, v Verdict, b Binding, code string) {
	tb.Helper()
	wantVerdict(tb, r, v, CheckIssuer, code)
	if r.Issuer == nil || r.Issuer.Binding != b {
		tb.Errorf("issuer is %+v, want binding %s", r.Issuer, b)
	}
}

func didKey(tb testing.TB, name string) (id, method string) {
	tb.Helper()
	id, err := did.Key(edKey(name).Public())
	if err != nil {
		tb.Fatal(err)
	}
	return id, id + "#" + strings.TrimPrefix(id, "did:key:")
}

// statusless is the sample badge without a status list, for other issuers.
func (w *world) statusless(issuer string) strictjson.Value {
	c := w.credential()
	c = c.Without("credentialStatus")
	return replace(w.tb, c, issuerDW, issuer)
}

func TestIssuerIsAKey(t *testing.T) {
	w := newWorld(t)
	id, method := didKey(t, "key issuer")
	other, foreign := didKey(t, "stranger")
	c := w.statusless(id)
	wantBinding(t, w.verifyTree(w.signedBy(c, edKey("key issuer"), method)), Valid, Confirmed, CodeKeyIsIssuer)
	wantBinding(t, w.verifyTree(w.signedBy(c, edKey("stranger"), foreign)), Invalid, Contradicted, CodeKeyOfAnother)
	wantBinding(t, w.verifyTree(w.signedBy(c, edKey("stranger"), id+"#"+strings.TrimPrefix(other, "did:key:"))), Invalid, Contradicted, CodeKeyOfAnother)
	r := w.verifyTree(w.signedBy(c, edKey("stranger"), method))
	wantVerdict(t, r, Invalid, CheckProof, string(proof.BadSignature))

	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	w.must(err)
	p256, err := did.Key(key.Public())
	w.must(err)
	c = w.statusless(p256)
	signed, err := proof.Sign(&c, key, proof.Options{Cryptosuite: proof.EcdsaRDFC2019, VerificationMethod: p256 + "#" + strings.TrimPrefix(p256, "did:key:")})
	w.must(err)
	wantBinding(t, w.verifyTree(signed), Valid, Confirmed, CodeKeyIsIssuer)

	jwk, err := did.MarshalJWK(edKey("jwk issuer").Public(), "", "")
	w.must(err)
	jwkID := "did:jwk:" + base64url(jwk)
	encryption := "did:jwk:" + base64url(replaceOnce(t, jwk, "{", `{"use":"enc",`))
	wantBinding(t, w.verifyTree(w.signedBy(w.statusless(encryption), edKey("jwk issuer"), encryption+"#0")), Invalid, Contradicted, CodeKeyNotForThis)
	for _, fragment := range []string{"#0", "#key-1", ""} {
		wantBinding(t, w.verifyTree(w.signedBy(w.statusless(jwkID), edKey("jwk issuer"), jwkID+fragment)), Valid, Confirmed, CodeKeyIsIssuer)
	}
}

func TestIssuerOnTheWeb(t *testing.T) {
	w := newWorld(t)
	signed := w.signed(w.credential())
	_, foreign := didKey(t, "stranger")
	multikey, err := did.Multikey(edKey("stranger").Public())
	w.must(err)
	didJSON := base + "/issuers/a/did.json"
	for _, c := range []struct {
		name    string
		change  func(w *world) strictjson.Value
		verdict Verdict
		binding Binding
		code    string
	}{
		{"key listed", func(*world) strictjson.Value { return signed }, Valid, Confirmed, CodeKeyListed},
		{"document unreachable", func(w *world) strictjson.Value {
			delete(w.docs, didJSON)
			return signed
		}, Undetermined, Unconfirmed, CodeIssuerUnreachable},
		{"document is not JSON", func(w *world) strictjson.Value {
			w.putText(didJSON, "<html>")
			return signed
		}, Undetermined, Unconfirmed, CodeIssuerUnreachable},
		{"document of another", func(w *world) strictjson.Value {
			w.put(didJSON, did.NewDocument("did:web:other.example", nil, []did.WebKey{{ID: w.method(), Controller: issuerDW, Key: w.ed.Public()}}))
			return signed
		}, Undetermined, Unconfirmed, CodeIssuerDocumentOther},
		{"key not listed", func(w *world) strictjson.Value {
			w.put(didJSON, did.NewDocument(issuerDW, nil, nil))
			return signed
		}, Undetermined, Unconfirmed, CodeKeyNotListed},
		{"key no longer for assertions", func(w *world) strictjson.Value {
			w.put(didJSON, did.NewDocument(issuerDW, nil, []did.WebKey{{ID: w.method(), Controller: issuerDW, Key: w.ed.Public(), Compromised: true}}))
			return signed
		}, Invalid, Contradicted, CodeKeyNotForThis},
		{"key controlled by another", func(w *world) strictjson.Value {
			w.put(didJSON, did.NewDocument(issuerDW, nil, []did.WebKey{{ID: w.method(), Controller: "did:web:other.example", Key: w.ed.Public()}}))
			return signed
		}, Invalid, Contradicted, CodeKeyOfAnother},
		{"stranger's key in the fragment of the issuer", func(w *world) strictjson.Value {
			return w.signedBy(w.credential(), edKey("stranger"), issuerDW+"#"+multikey)
		}, Undetermined, Unconfirmed, CodeKeyNotListed},
		{"stranger's identifier", func(w *world) strictjson.Value {
			return w.signedBy(w.credential(), edKey("stranger"), foreign)
		}, Invalid, Contradicted, CodeKeyOfAnother},
		{"method without a scheme", func(w *world) strictjson.Value {
			return replace(t, signed, w.method(), multikey)
		}, Invalid, Contradicted, CodeMethodMalformed},
	} {
		t.Run(c.name, func(t *testing.T) {
			clone := w.clone()
			v := c.change(clone)
			wantBinding(t, clone.verifyTree(v), c.verdict, c.binding, c.code)
		})
	}
}

// TestIssuerByHTTPS is for issuers whose id is an address, with the key as a
// bare Multikey document of its own.
func TestIssuerByHTTPS(t *testing.T) {
	w := newWorld(t)
	issuer, keyURL := base+"/issuers/h", base+"/keys/ed1"
	signed := w.signedBy(w.statusless(issuer), w.ed, keyURL)
	key, err := did.WebKey{ID: keyURL, Controller: issuer, Key: w.ed.Public()}.Document()
	w.must(err)
	lists := did.NewDocument(issuer, nil, []did.WebKey{{ID: keyURL, Controller: issuer, Key: w.ed.Public()}})

	w.put(keyURL, key)
	wantBinding(t, w.verifyTree(signed), Undetermined, Unconfirmed, CodeIssuerUnreachable)
	w.put(issuer, lists)
	wantBinding(t, w.verifyTree(signed), Valid, Confirmed, CodeKeyListed)
	w.put(issuer, did.NewDocument(issuer, nil, nil))
	wantBinding(t, w.verifyTree(signed), Undetermined, Unconfirmed, CodeKeyNotListed)
	other, err := did.WebKey{ID: keyURL, Controller: base + "/issuers/other", Key: w.ed.Public()}.Document()
	w.must(err)
	w.put(keyURL, other)
	wantBinding(t, w.verifyTree(signed), Invalid, Contradicted, CodeKeyOfAnother)
}

// TestIssuerOfAToken is for VC-JWT: kid, jwk, key sets.
func TestIssuerOfAToken(t *testing.T) {
	w := newWorld(t)
	token := w.token(w.credential())
	didJSON, jwks := base+"/issuers/a/did.json", base+"/.well-known/jwks.json"
	edOnly := did.NewDocument(issuerDW, nil, []did.WebKey{{ID: w.method(), Controller: issuerDW, Key: w.ed.Public()}})

	wantBinding(t, w.verify([]byte(token)), Valid, Confirmed, CodeKeyListed)
	w.put(didJSON, edOnly)
	wantBinding(t, w.verify([]byte(token)), Undetermined, Unconfirmed, CodeKeyNotListed)
	set := func(iss string) strictjson.Value {
		jwk, err := did.MarshalJWK(w.rsa.Public(), w.kid(), "RS256")
		w.must(err)
		v := w.parse(string(jwk))
		if iss != "" {
			v = v.With("iss", strictjson.NewString(iss))
		}
		return strictjson.NewObject(strictjson.Member{Name: "keys", Value: strictjson.NewArray(v)})
	}
	w.put(jwks, set(issuerDW))
	wantBinding(t, w.verify([]byte(token)), Valid, Confirmed, CodeKeyInSet)
	w.put(jwks, set(""))
	wantBinding(t, w.verify([]byte(token)), Valid, Confirmed, CodeKeyInSet)
	w.put(jwks, set("did:web:other.example"))
	wantBinding(t, w.verify([]byte(token)), Invalid, Contradicted, CodeKeyOfAnother)
	w.put(w.kid(), set(issuerDW)) // a key set where one key should lie
	w.put(jwks, set(issuerDW))
	wantBinding(t, w.verify([]byte(token)), Valid, Confirmed, CodeKeyInSet)
	delete(w.docs, w.kid())
	r := w.verify([]byte(token))
	wantBinding(t, r, Undetermined, Unconfirmed, CodeKeyUnreachable)
	if c := r.Check(CheckProof); c.Code != CodeKeyMissing {
		t.Errorf("check proof has code %s, want %s", c.Code, CodeKeyMissing)
	}
}

func TestClaimsMustAgree(t *testing.T) {
	w := newWorld(t)
	c := w.credential()
	for _, change := range []struct{ old, new, code string }{
		{`"iss":"` + issuerDW, `"iss":"did:web:other.example`, "iss_mismatch"},
		{`"jti":"` + base + `/badges/1"`, `"jti":"urn:other"`, "jti_mismatch"},
		{`"sub":"urn:uuid:7`, `"sub":"urn:uuid:8`, "sub_mismatch"},
		{`"nbf":1767607200`, `"nbf":1767607201`, "nbf_mismatch"},
		{`"exp":1799143200`, `"exp":1899143200`, "exp_mismatch"},
	} {
		payload := tokenPayload(t, w.token(c))
		changed := replaceOnce(t, payload, change.old, change.new)
		r := w.verify([]byte(signCompact(t, w, changed)))
		wantVerdict(t, r, Invalid, CheckProof, change.code)
	}
}

// TestLocalAnswersFirst shows that our own documents are never asked for over
// the network, and that what is ours and absent is absent.
func TestLocalAnswersFirst(t *testing.T) {
	w := newWorld(t)
	o := w.options()
	inner := o.Local
	var asked []string
	o.Local = func(ctx context.Context, url string) (*fetch.Response, bool) {
		asked = append(asked, url)
		if strings.HasSuffix(url, "/did.json") {
			return nil, true
		}
		return inner(ctx, url)
	}
	signed := w.signed(w.credential())
	wantBinding(t, w.verifyWith(signed.Append(nil), o), Undetermined, Unconfirmed, CodeIssuerUnreachable)
	if len(asked) != 2 {
		t.Errorf("asked for %q, want did.json and the status list once each", asked)
	}
}
