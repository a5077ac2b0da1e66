package interop_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/accolade-badges/accolade/openbadges/did"
	"github.com/accolade-badges/accolade/openbadges/interop/peers"
	"github.com/accolade-badges/accolade/openbadges/proof"
	"github.com/accolade-badges/accolade/openbadges/status"
	"github.com/accolade-badges/accolade/openbadges/strictjson"
)

const (
	base   = "https://badges.example.org"
	issuer = "did:web:badges.example.org:issuers:sample"
	list   = base + "/status/1"
	index  = 94567
)

// signedAt is when the samples are signed, and verifyAt when they are judged.
var (
	signedAt = time.Date(2026, 1, 5, 10, 0, 0, 0, time.UTC)
	verifyAt = signedAt.AddDate(0, 1, 0)
)

// credential is a badge that uses most of Open Badges 3.0: every kind of value
// that canonicalization treats differently is in it.
const credential = `{
  "@context": ["https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json", "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"],
  "id": "https://badges.example.org/badges/7Yk3mNpQrStUvWxYz12345",
  "type": ["VerifiableCredential", "OpenBadgeCredential"],
  "name": "Sample Practitioner",
  "description": "Zürich \u2028 数据 “quotes” \\ and a tab:\t.",
  "issuer": {"id": "did:web:badges.example.org:issuers:sample", "type": ["Profile"], "name": "Sample Issuer", "url": "https://example.org/", "email": "desk@example.org"},
  "awardedDate": "2026-01-05T10:00:00Z",
  "validFrom": "2026-01-05T10:00:00Z",
  "validUntil": "2027-01-05T10:00:00Z",
  "credentialSubject": {
    "id": "urn:uuid:00000000-0000-4000-8000-000000000001",
    "type": ["AchievementSubject"],
    "identifier": [
      {"type": "IdentityObject", "hashed": false, "identityType": "name", "identityHash": "王小明 أليكس"},
      {"type": "IdentityObject", "hashed": true, "identityType": "emailAddress", "identityHash": "sha256$84d89877f0d4041efb6bf91a16f0248f2fd573e6af05c19f96bedb9f882f7882", "salt": "0123456789abcdef0123456789abcdef"}
    ],
    "activityStartDate": "2025-12-01T00:00:00Z",
    "creditsEarned": 2.5,
    "result": [{"type": ["Result"], "resultDescription": "urn:uuid:00000000-0000-4000-8000-000000000002", "value": "812", "status": "Completed"}],
    "achievement": {
      "id": "https://badges.example.org/achievements/sample",
      "type": ["Achievement"],
      "achievementType": "Certification",
      "humanCode": "SP-1",
      "name": "Sample Practitioner",
      "description": "Passed the sample exam.",
      "inLanguage": "en",
      "tag": ["sample", "practice"],
      "version": "3",
      "image": {"id": "https://badges.example.org/achievements/sample/image.png", "type": "Image", "caption": "A hexagon"},
      "criteria": {"id": "https://badges.example.org/achievements/sample#criteria", "narrative": "Pass the *sample* exam."},
      "resultDescription": [{"id": "urn:uuid:00000000-0000-4000-8000-000000000002", "type": ["ResultDescription"], "name": "Score", "resultType": "ScaledScore", "valueMin": "0", "valueMax": "1000", "requiredValue": "700"}],
      "alignment": [{"type": ["Alignment"], "targetCode": "2521", "targetName": "Database designers", "targetType": "ext:Occupation", "targetUrl": "https://example.org/occupations/2521"}]
    }
  },
  "evidence": [{"id": "https://example.org/evidence/1", "type": ["Evidence"], "name": "Sitting", "narrative": "Taken in a test centre."}],
  "credentialSchema": [{"id": "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json", "type": "1EdTechJsonSchemaValidator2019"}]
}`

func mustParse(tb testing.TB, data []byte) *strictjson.Value {
	tb.Helper()
	v, err := strictjson.Parse(data)
	if err != nil {
		tb.Fatal(err)
	}
	return v
}

// mustKey makes a key of the kind that jose and Data Integrity call alg.
func mustKey(tb testing.TB, alg string) crypto.Signer {
	tb.Helper()
	var key crypto.Signer
	var err error
	switch alg {
	case "EdDSA":
		_, key, err = ed25519.GenerateKey(rand.Reader)
	case "ES256", "P-256":
		key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	case "P-384":
		key, err = ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	case "RS256":
		key, err = rsaKey()
	default:
		tb.Fatalf("no key for %s", alg)
	}
	if err != nil {
		tb.Fatal(err)
	}
	return key
}

var rsaKey = sync.OnceValues(func() (crypto.Signer, error) { return rsa.GenerateKey(rand.Reader, 2048) })

// house is a sample issuer: one key, its documents, one status list.
type house struct {
	tb     testing.TB
	suite  string
	key    crypto.Signer
	method string
	web    peers.Web
}

func mustHouse(tb testing.TB, suite, alg string) *house {
	tb.Helper()
	h := &house{tb: tb, suite: suite, key: mustKey(tb, alg)}
	multikey, err := did.Multikey(h.key.Public())
	if err != nil {
		tb.Fatal(err)
	}
	h.method = issuer + "#" + multikey
	document := did.NewDocument(issuer, nil, []did.WebKey{{ID: h.method, Controller: issuer, Key: h.key.Public()}})
	h.web = peers.Web{Documents: map[string][]byte{base + "/issuers/sample/did.json": document.Append(nil)}}
	h.publish()
	return h
}

// publish puts the status list on the web, with the given places revoked.
func (h *house) publish(revoked ...int) {
	h.tb.Helper()
	encoded, err := status.EncodeIndexes(revoked, status.MinimumLength)
	if err != nil {
		h.tb.Fatal(err)
	}
	doc := status.NewListCredential(status.ListCredential{ID: list, Issuer: issuer, Purpose: status.Revocation, Encoded: encoded, ValidFrom: signedAt, TTL: status.DefaultTTL})
	h.web.Documents[list] = h.sign(&doc)
}

func (h *house) sign(doc *strictjson.Value) []byte {
	h.tb.Helper()
	signed, err := proof.Sign(doc, h.key, proof.Options{Cryptosuite: h.suite, VerificationMethod: h.method, Created: signedAt})
	if err != nil {
		h.tb.Fatal(err)
	}
	return signed.Append(nil)
}

// badge signs the sample credential, with its place in the status list.
func (h *house) badge() []byte {
	h.tb.Helper()
	doc := mustParse(h.tb, []byte(credential)).With("credentialStatus", status.NewEntry(list, index, status.Revocation))
	return h.sign(&doc)
}

// checkOurs verifies every proof of a credential with our own library, with keys
// from a did:key, or from controller.
func checkOurs(credential []byte, controller *did.Document) error {
	doc, err := strictjson.Parse(credential)
	if err != nil {
		return err
	}
	proofs := proof.Proofs(doc)
	if len(proofs) == 0 {
		return errors.New("no proof")
	}
	for i := range proofs {
		id := proofs[i].Get("verificationMethod").Str()
		from := controller
		if from == nil {
			holder, _ := did.Split(id)
			if from, err = did.KeyDocument(holder); err != nil {
				return err
			}
		}
		who := doc.Get("issuer")
		if who.Is(strictjson.Object) {
			who = who.Get("id")
		}
		if who.Str() != from.ID {
			return fmt.Errorf("issued by %s, key of %s", who.Str(), from.ID)
		}
		method, err := from.Method(id, "assertionMethod")
		if err != nil {
			return err
		}
		if err := proof.Check(doc, &proofs[i], method.Key, proof.CheckOptions{}); err != nil {
			return err
		}
	}
	return nil
}

// twins returns copies of a JSON document that each differ from it in one value:
// a text has a letter more, a number one more, a truth is turned round, a list
// lacks its last item, an object a member.
func twins(tb testing.TB, document []byte) map[string][]byte {
	tb.Helper()
	found := map[string][]byte{}
	var paths []string
	for p := range leaves("", decode(tb, document)) {
		paths = append(paths, p)
	}
	slices.Sort(paths)
	for _, p := range paths {
		root := decode(tb, document)
		alter(root, strings.Split(p, "/")[1:])
		altered, err := json.Marshal(root)
		if err != nil {
			tb.Fatal(err)
		}
		found[p] = altered
	}
	return found
}

func decode(tb testing.TB, document []byte) any {
	tb.Helper()
	var root any
	if err := json.Unmarshal(document, &root); err != nil {
		tb.Fatal(err)
	}
	return root
}

// leaves yields the path of each value under v that alter can change.
func leaves(path string, v any) func(func(string) bool) {
	return func(yield func(string) bool) {
		switch v := v.(type) {
		case map[string]any:
			for name, member := range v {
				for p := range leaves(path+"/"+name, member) {
					if !yield(p) {
						return
					}
				}
			}
		case []any:
			for i, item := range v {
				for p := range leaves(fmt.Sprintf("%s/%d", path, i), item) {
					if !yield(p) {
						return
					}
				}
			}
		default:
			yield(path)
		}
	}
}

func alter(root any, path []string) {
	switch v := root.(type) {
	case map[string]any:
		if len(path) == 1 {
			v[path[0]] = other(v[path[0]])
			return
		}
		alter(v[path[0]], path[1:])
	case []any:
		var i int
		if _, err := fmt.Sscan(path[0], &i); err != nil {
			panic(err) // leaves wrote it
		}
		if len(path) == 1 {
			v[i] = other(v[i])
			return
		}
		alter(v[i], path[1:])
	}
}

func other(v any) any {
	switch v := v.(type) {
	case string:
		return v + "x"
	case float64:
		return v + 1
	case bool:
		return !v
	}
	return "x"
}
