package verifier

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"strings"
	"testing"
	"time"

	"github.com/accolade-badges/accolade/openbadges/strictjson"
)

// TestSummary reads the one sentence as somebody who sees nothing else.
func TestSummary(t *testing.T) {
	w := newWorld(t)
	good := w.signed(w.credential())
	forged := replace(t, good, "Pass the sample exam.", "Nothing.")
	text := func(v strictjson.Value) []byte { return v.Append(nil) }
	presentation := func(inside ...strictjson.Value) []byte {
		v := w.parse(`{"@context": ["https://www.w3.org/ns/credentials/v2"], "type": ["VerifiablePresentation"]}`)
		v = v.With("verifiableCredential", strictjson.NewArray(inside...))
		return v.Append(nil)
	}
	without := w.clone()
	delete(without.docs, base+"/issuers/a/did.json")
	for _, c := range []struct {
		name string
		w    *world
		data []byte
		at   time.Time
		want string
	}{
		{"an expired badge in a presentation", w, presentation(good), noon.AddDate(2, 0, 0), "Expired: 1 of 1 badges inside have expired."},
		{"an early badge in a presentation", w, presentation(good), noon.AddDate(-2, 0, 0), "Not yet valid: 1 of 1 badges inside do not hold yet."},
		{"a forged badge in a presentation", w, presentation(good, forged), time.Time{}, "Invalid: 1 of 2 badges inside are not genuine."},
		{"a forged badge in a learner record", w, text(w.signed(w.clr(good, forged))), time.Time{}, "Undetermined: 1 of 2 badges inside are not genuine."},
		{"no document of the issuer", without, good.Append(nil), time.Time{}, "Undetermined: it is not certain that the named issuer made this badge: the issuer's own document cannot be read: " + base + "/issuers/a/did.json: the network is not used."},
		{"an unknown suite", w, text(replace(t, good, "eddsa-rdfc-2022", "sample-rdfc-2099")), time.Time{}, "Undetermined: the signature is of a kind that is not known here (DataIntegrityProof sample-rdfc-2099)."},
		{"an address that answers nothing", w, []byte("https://other.example/badge"), time.Time{}, "Undetermined: the address could not be read: https://other.example/badge: the network is not used."},
		{"an index that is none", w, text(w.signed(replace(t, w.credential(), `"statusListIndex":"7"`, `"statusListIndex":"-7"`))), time.Time{}, `Undetermined: whether the badge was revoked is not known: it has a statusListIndex, "-7", that is not a decimal number from 0 up.`},
		{"half a picture", w, minimalPNG(t)[:60], time.Time{}, "Invalid: the file was cut short or changed on its way; take it anew from where it was issued."},
		{"half a badge", w, good.Append(nil)[:100], time.Time{}, "Invalid: the badge cannot be read as JSON: line 1, column 53: a string that does not end."},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := c.w.options()
			o.At = c.at
			if r := c.w.verifyWith(c.data, o); r.Summary != c.want {
				t.Errorf("%q\nwant %q", r.Summary, c.want)
			}
		})
	}
}

// TestEnvelopedHeader has the data model's own header in the data model's own
// envelope; without the envelope it is none of Open Badges'.
func TestEnvelopedHeader(t *testing.T) {
	w := newWorld(t)
	_, payload, _ := strings.Cut(w.token(w.credential()), ".")
	payload, _, _ = strings.Cut(payload, ".")
	token := func(kind string) string {
		signed := base64url([]byte(`{"alg":"RS256","typ":"`+kind+`","kid":"`+w.kid()+`"}`)) + "." + payload
		sum := sha256.Sum256([]byte(signed))
		signature, err := rsa.SignPKCS1v15(rand.Reader, w.rsa, crypto.SHA256, sum[:])
		w.must(err)
		return signed + "." + base64url(signature)
	}
	envelope := func(token string) []byte {
		return []byte(`{"@context": "https://www.w3.org/ns/credentials/v2", "type": "EnvelopedVerifiableCredential", "id": "data:application/vc+jwt,` + token + `"}`)
	}
	wantVerdict(t, w.verify(envelope(token("vc+jwt"))), Valid, CheckProof, CodeProofHolds)
	wantVerdict(t, w.verify(envelope(token("vp+jwt"))), Invalid, CheckProof, "wrong_type")
	wantVerdict(t, w.verify([]byte(token("vc+jwt"))), Invalid, CheckProof, "wrong_type")
}
