package verifier

import (
	"context"
	"crypto"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"maps"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/accolade-badges/accolade/openbadges"
	"github.com/accolade-badges/accolade/openbadges/did"
	"github.com/accolade-badges/accolade/openbadges/proof"
	"github.com/accolade-badges/accolade/openbadges/status"
	"github.com/accolade-badges/accolade/openbadges/strictjson"
	"github.com/accolade-badges/accolade/verifier/fetch"
)

// Where the sample issuer lives, and when the sample badge is verified.
const (
	base     = "https://badges.example.org"
	issuerDW = "did:web:badges.example.org:issuers:a"
	listURL  = base + "/status/1"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// rsaKey is made once: it is the slow part of a test run.
var rsaKey = sync.OnceValue(func() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(nil, 2048)
	if err != nil {
		panic(err)
	}
	return key
})

// edKey is a key made from a name: the same name gives the same key.
func edKey(name string) ed25519.PrivateKey {
	seed := sha256.Sum256([]byte(name))
	return ed25519.NewKeyFromSeed(seed[:])
}

// world is a sample issuer and all that they publish.
type world struct {
	tb   testing.TB
	ed   ed25519.PrivateKey
	rsa  *rsa.PrivateKey
	docs map[string]Document
}

func newWorld(tb testing.TB) *world {
	tb.Helper()
	w := &world{tb: tb, ed: edKey("issuer"), rsa: rsaKey(), docs: make(map[string]Document)}
	keys := []did.WebKey{
		{ID: w.method(), Controller: issuerDW, Key: w.ed.Public()},
		{ID: w.kid(), Controller: issuerDW, Key: w.rsa.Public(), JWK: true},
	}
	w.put(base+"/issuers/a/did.json", did.NewDocument(issuerDW, nil, keys))
	jwk, err := keys[1].Document()
	w.must(err)
	w.put(w.kid(), jwk)
	w.list(status.Revocation)
	return w
}

func (w *world) must(err error) {
	w.tb.Helper()
	if err != nil {
		w.tb.Fatal(err)
	}
}

func (w *world) method() string {
	multikey, err := did.Multikey(w.ed.Public())
	w.must(err)
	return issuerDW + "#" + multikey
}

func (w *world) kid() string { return base + "/keys/rsa" }

func (w *world) put(url string, v strictjson.Value) {
	w.docs[url] = Document{Body: v.Append(nil), ContentType: "application/json", Found: true}
}

func (w *world) putText(url, text string) { w.docs[url] = Document{Body: []byte(text), Found: true} }

// list publishes a status list for purpose, with the given indexes set.
func (w *world) list(purpose string, set ...int) {
	encoded, err := status.EncodeIndexes(set, status.MinimumLength)
	w.must(err)
	v := status.NewListCredential(status.ListCredential{
		ID: listURL, Issuer: issuerDW, Purpose: purpose, Encoded: encoded, ValidFrom: noon.Add(-time.Hour),
	})
	w.put(listURL, w.signed(v))
}

// parse reads a JSON document written in a test.
func (w *world) parse(text string) strictjson.Value {
	w.tb.Helper()
	v, err := strictjson.Parse([]byte(text))
	w.must(err)
	return *v
}

// credential is the sample badge, unsigned.
func (w *world) credential() strictjson.Value {
	return w.parse(`{
		"@context": ["https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json", "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"],
		"id": "` + base + `/badges/1", "type": ["VerifiableCredential", "OpenBadgeCredential"], "name": "Sample Badge",
		"issuer": {"id": "` + issuerDW + `", "type": ["Profile"], "name": "Sample Issuer", "url": "` + base + `"},
		"validFrom": "2026-01-05T10:00:00Z", "validUntil": "2027-01-05T10:00:00Z", "awardedDate": "2026-01-05T10:00:00Z",
		"credentialSubject": {"id": "urn:uuid:7f3a9f0e-0a3c-4c5e-9d53-0f6a3f1f7a01", "type": ["AchievementSubject"],
			"identifier": [
				{"type": "IdentityObject", "identityType": "name", "hashed": false, "identityHash": "Sample Earner"},
				{"type": "IdentityObject", "identityType": "emailAddress", "hashed": true, "salt": "0123456789abcdef", "identityHash": "` + openbadges.HashIdentity("earner@example.org", "0123456789abcdef") + `"}],
			"achievement": {"id": "` + base + `/achievements/sample", "type": ["Achievement"], "name": "Sample Badge", "description": "A sample.", "criteria": {"narrative": "Pass the sample exam."}}},
		"credentialStatus": {"id": "` + listURL + `#7", "type": "BitstringStatusListEntry", "statusPurpose": "revocation", "statusListIndex": "7", "statusListCredential": "` + listURL + `"}
	}`)
}

// signed adds the issuer's Data Integrity proof.
func (w *world) signed(v strictjson.Value) strictjson.Value {
	w.tb.Helper()
	return w.signedBy(v, w.ed, w.method())
}

func (w *world) signedBy(v strictjson.Value, key crypto.Signer, method string) strictjson.Value {
	w.tb.Helper()
	out, err := proof.Sign(&v, key, proof.Options{VerificationMethod: method, Created: noon.Add(-time.Hour)})
	w.must(err)
	return out
}

// token is the credential as VC-JWT.
func (w *world) token(v strictjson.Value) string {
	w.tb.Helper()
	out, err := proof.SignJWT(&v, w.rsa, w.kid())
	w.must(err)
	return out
}

// options answer every address from the world alone.
func (w *world) options() Options {
	docs := NewDocuments(w.docs)
	return Options{
		Now:     func() time.Time { return noon },
		Offline: true,
		Local: func(_ context.Context, url string) (*fetch.Response, bool) {
			r, err := docs.get(url, noon)
			return r, err == nil
		},
	}
}

func (w *world) verify(data []byte) *Report {
	w.tb.Helper()
	return w.verifyWith(data, w.options())
}

func (w *world) verifyWith(data []byte, o Options) *Report {
	w.tb.Helper()
	r, err := Verify(context.Background(), Input{Data: data}, o)
	w.must(err)
	return r
}

func (w *world) verifyTree(v strictjson.Value) *Report {
	w.tb.Helper()
	return w.verify(v.Append(nil))
}

// clone is the same issuer with a map of documents of its own.
func (w *world) clone() *world {
	c := *w
	c.docs = maps.Clone(w.docs)
	return &c
}

// The addresses of the sample issuer's Open Badges 2.0 documents.
const (
	ob2Assertion = base + "/ob2/assertions/1"
	ob2Class     = base + "/ob2/badges/sample"
	ob2Issuer    = base + "/ob2/issuers/a"
	ob2Key       = base + "/ob2/keys/rsa"
	ob2Revoked   = base + "/ob2/revocations/a"
)

// assertion publishes and returns an assertion of 2.0, hosted or signed.
func (w *world) assertion(kind string) strictjson.Value {
	w.tb.Helper()
	der, err := x509.MarshalPKIXPublicKey(w.rsa.Public())
	w.must(err)
	key, err := json.Marshal(string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})))
	w.must(err)
	context := `"@context": "https://w3id.org/openbadges/v2"`
	w.put(ob2Class, w.parse(`{`+context+`, "id": "`+ob2Class+`", "type": "BadgeClass", "name": "Sample Badge", "description": "A sample.",
		"image": "`+base+`/sample.png", "criteria": {"narrative": "Pass the sample exam."}, "issuer": "`+ob2Issuer+`"}`))
	w.put(ob2Issuer, w.parse(`{`+context+`, "id": "`+ob2Issuer+`", "type": "Issuer", "name": "Sample Issuer", "url": "`+base+`",
		"email": "badges@example.org", "publicKey": "`+ob2Key+`", "revocationList": "`+ob2Revoked+`"}`))
	w.put(ob2Key, w.parse(`{`+context+`, "id": "`+ob2Key+`", "type": "CryptographicKey", "owner": "`+ob2Issuer+`", "publicKeyPem": `+string(key)+`}`))
	w.put(ob2Revoked, status.NewOB2List(ob2Revoked, ob2Issuer, nil))
	verification := `{"type": "HostedBadge"}`
	if kind == "signed" {
		verification = `{"type": "SignedBadge", "creator": "` + ob2Key + `"}`
	}
	a := w.parse(`{` + context + `, "id": "` + ob2Assertion + `", "type": "Assertion",
		"recipient": {"type": "email", "hashed": true, "salt": "deadsea", "identity": "` + openbadges.HashIdentity("earner@example.org", "deadsea") + `"},
		"badge": "` + ob2Class + `", "verification": ` + verification + `, "issuedOn": "2026-01-05T10:00:00Z", "expires": "2027-01-05T10:00:00Z"}`)
	if kind == "hosted" {
		w.put(ob2Assertion, a)
	}
	return a
}

func (w *world) jws(a strictjson.Value) []byte {
	w.tb.Helper()
	out, err := proof.SignOB2(a.Append(nil), w.rsa)
	w.must(err)
	return []byte(out)
}

// replace changes text in a document, which must be there.
func replace(tb testing.TB, v strictjson.Value, old, new string) strictjson.Value {
	tb.Helper()
	text := string(v.Append(nil))
	if !strings.Contains(text, old) {
		tb.Fatalf("%q is not in the document", old)
	}
	out, err := strictjson.Parse([]byte(strings.ReplaceAll(text, old, new)))
	if err != nil {
		tb.Fatal(err)
	}
	return *out
}

// wantVerdict fails the test unless the report has that verdict and, when id is
// given, that code at that check.
func wantVerdict(tb testing.TB, r *Report, want Verdict, id, code string) {
	tb.Helper()
	if r.Verdict != want {
		tb.Errorf("verdict %s, want %s\n%s", r.Verdict, want, show(r))
		return
	}
	if id == "" {
		return
	}
	if c := r.Check(id); c == nil || c.Code != code {
		tb.Errorf("check %s is %+v, want code %s", id, c, code)
	}
}
