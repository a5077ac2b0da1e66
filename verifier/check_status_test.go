package verifier

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"strings"
	"testing"

	"github.com/accolade-badges/accolade/openbadges/did"
	"github.com/accolade-badges/accolade/openbadges/status"
	"github.com/accolade-badges/accolade/openbadges/strictjson"
)

func TestStatusLists(t *testing.T) {
	w := newWorld(t)
	signed := w.signed(w.credential())
	id, method := didKey(t, "list keeper")
	listBy := func(w *world, issuer string, sign func(strictjson.Value) strictjson.Value, set ...int) {
		encoded, err := status.EncodeIndexes(set, status.MinimumLength)
		w.must(err)
		w.put(listURL, sign(status.NewListCredential(status.ListCredential{ID: listURL, Issuer: issuer, Purpose: status.Revocation, Encoded: encoded, ValidFrom: noon})))
	}
	for _, c := range []struct {
		name    string
		change  func(w *world)
		verdict Verdict
		code    string
	}{
		{"bit clear", func(w *world) { w.list(status.Revocation, 6, 8) }, Valid, CodeStatusGood},
		{"bit set", func(w *world) { w.list(status.Revocation, 7) }, Revoked, "revoked"},
		{"unreachable", func(w *world) { delete(w.docs, listURL) }, Undetermined, CodeStatusUnreachable},
		{"not found", func(w *world) { w.docs[listURL] = Document{Status: 404, Found: true} }, Undetermined, CodeStatusUnreachable},
		{"a page", func(w *world) { w.putText(listURL, "<!doctype html><html></html>") }, Undetermined, CodeStatusUntrusted},
		{"another credential", func(w *world) { w.put(listURL, w.signed(w.credential())) }, Undetermined, CodeStatusUntrusted},
		{"unsigned", func(w *world) { listBy(w, issuerDW, func(v strictjson.Value) strictjson.Value { return v }, 7) }, Undetermined, CodeStatusUntrusted},
		{"tampered", func(w *world) {
			w.list(status.Revocation, 7)
			w.docs[listURL] = Document{Body: bytes.Replace(w.docs[listURL].Body, []byte("2026-03-01T11"), []byte("2026-03-01T10"), 1), Found: true}
		}, Undetermined, CodeStatusUntrusted},
		{"another purpose", func(w *world) { w.list(status.Suspension, 7) }, Undetermined, CodeStatusMalformed},
		{"of another issuer, clear", func(w *world) {
			listBy(w, id, func(v strictjson.Value) strictjson.Value { return w.signedBy(v, edKey("list keeper"), method) })
		}, Valid, CodeStatusGood},
		{"forged in the issuer's name", func(w *world) {
			listBy(w, issuerDW, func(v strictjson.Value) strictjson.Value { return w.signedBy(v, edKey("list keeper"), method) })
		}, Undetermined, CodeStatusUntrusted},
		{"by a key that the issuer does not list, clear", func(w *world) {
			multikey, err := did.Multikey(edKey("list keeper").Public())
			w.must(err)
			listBy(w, issuerDW, func(v strictjson.Value) strictjson.Value {
				return w.signedBy(v, edKey("list keeper"), issuerDW+"#"+multikey)
			})
		}, Undetermined, CodeStatusUntrusted},
		{"ended", func(w *world) {
			encoded, err := status.EncodeIndexes(nil, status.MinimumLength)
			w.must(err)
			w.put(listURL, w.signed(status.NewListCredential(status.ListCredential{
				ID: listURL, Issuer: issuerDW, Purpose: status.Revocation, Encoded: encoded, ValidFrom: noon.AddDate(0, -1, 0), ValidUntil: noon,
			})))
		}, Undetermined, CodeStatusUntrusted},
		{"unpacks to 16 MiB", func(w *world) {
			var packed bytes.Buffer
			z := gzip.NewWriter(&packed)
			for range 16 {
				_, _ = z.Write(make([]byte, 1<<20))
			}
			w.must(z.Close())
			w.put(listURL, w.signed(status.NewListCredential(status.ListCredential{
				ID: listURL, Issuer: issuerDW, Purpose: status.Revocation, Encoded: "u" + base64url(packed.Bytes()), ValidFrom: noon,
			})))
		}, Undetermined, CodeStatusMalformed},
	} {
		t.Run(c.name, func(t *testing.T) {
			clone := w.clone()
			c.change(clone)
			wantVerdict(t, clone.verifyTree(signed), c.verdict, CheckStatus, c.code)
		})
	}
}

func TestStatusEntries(t *testing.T) {
	w := newWorld(t)
	entry := func(purpose, index, more string) string {
		return `{"id":"` + listURL + `#e","type":"BitstringStatusListEntry","statusPurpose":"` + purpose + `","statusListIndex":"` + index + `","statusListCredential":"` + listURL + `"` + more + `}`
	}
	var messages []string
	for i := range 4 {
		messages = append(messages, fmt.Sprintf(`{"status":"0x%x","message":"level %d"}`, i, i))
	}
	wide := `,"statusSize":2,"statusMessage":[` + strings.Join(messages, ",") + `]`
	for _, c := range []struct {
		name, entry string
		list        func()
		verdict     Verdict
		code        string
	}{
		{"suspended", entry("suspension", "9", ""), func() { w.list(status.Suspension, 9) }, Suspended, "suspended"},
		{"not suspended", entry("suspension", "9", ""), func() { w.list(status.Suspension) }, Valid, CodeStatusGood},
		{"message of two bits", entry("message", "5", wide), func() { w.list(status.Message, 10, 11) }, Valid, CodeStatusGood},
		{"unknown purpose, clear", entry("audit", "5", ""), func() { w.list("audit") }, Valid, CodeStatusGood},
		{"unknown purpose, set", entry("audit", "5", ""), func() { w.list("audit", 5) }, Undetermined, CodeStatusUnknown},
		{"negative index", entry("revocation", "-12", ""), func() { w.list(status.Revocation) }, Undetermined, CodeStatusMalformed},
		{"index beyond the list", entry("revocation", "131072", ""), func() { w.list(status.Revocation) }, Undetermined, CodeStatusRange},
		{"huge index", entry("revocation", "99999999999999999999", ""), func() { w.list(status.Revocation) }, Undetermined, CodeStatusMalformed},
		{"unknown kind", `{"id":"urn:x","type":"SomethingElse2040"}`, func() {}, Undetermined, CodeStatusUnknown},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.list()
			v := w.credential()
			// As a token: an unknown kind of status has no terms to sign by Data Integrity.
			r := w.verify([]byte(w.token(v.With("credentialStatus", w.parse(c.entry)))))
			wantVerdict(t, r, c.verdict, CheckStatus, c.code)
			if c.name == "message of two bits" && !strings.Contains(r.Check(CheckStatus).Message, "level 3") {
				t.Errorf("message %q", r.Check(CheckStatus).Message)
			}
		})
	}
}

func TestRevokedInEveryWay(t *testing.T) {
	edTech := base + "/revocations/a"
	for _, c := range []struct {
		name   string
		badge  func(w *world) []byte
		revoke func(w *world)
		lose   string
	}{
		{"Bitstring Status List", func(w *world) []byte {
			v := w.signed(w.credential())
			return v.Append(nil)
		}, func(w *world) { w.list(status.Revocation, 7) }, listURL},
		{"1EdTech list", func(w *world) []byte {
			v := w.credential()
			v = w.signed(v.With("credentialStatus", w.parse(`{"id":"`+edTech+`","type":"1EdTechRevocationList"}`)))
			w.put(edTech, status.NewEdTechList(edTech, issuerDW, nil))
			return v.Append(nil)
		}, func(w *world) {
			w.put(edTech, status.NewEdTechList(edTech, issuerDW, []status.Revoked{{ID: base + "/badges/1", Reason: "Result withdrawn"}}))
		}, edTech},
		{"OB 2.0 list", func(w *world) []byte { return w.jws(w.assertion("signed")) }, func(w *world) {
			w.put(ob2Revoked, status.NewOB2List(ob2Revoked, ob2Issuer, []status.Revoked{{ID: ob2Assertion, Reason: "Result withdrawn"}}))
		}, ob2Revoked},
		{"410 Gone", func(w *world) []byte {
			v := w.assertion("hosted")
			return v.Append(nil)
		}, func(w *world) { w.docs[ob2Assertion] = Document{Status: 410, Found: true} }, ob2Assertion},
		{"410 with a reason, by address", func(w *world) []byte {
			w.assertion("hosted")
			return []byte(ob2Assertion)
		}, func(w *world) {
			w.docs[ob2Assertion] = Document{Status: 410, Body: []byte(`{"id":"` + ob2Assertion + `","revoked":true,"revocationReason":"Result withdrawn"}`), Found: true}
		}, ob2Assertion},
		{"revoked true in the copy", func(w *world) []byte {
			v := w.assertion("hosted")
			return v.Append(nil)
		}, func(w *world) {
			v := w.assertion("hosted")
			v = v.With("revoked", strictjson.NewBool(true))
			w.put(ob2Assertion, v.With("revocationReason", strictjson.NewString("Result withdrawn")))
		}, ob2Assertion},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			data := c.badge(w)
			wantVerdict(t, w.verify(data), Valid, "", "")
			lost := w.clone()
			delete(lost.docs, c.lose)
			wantVerdict(t, lost.verify(data), Undetermined, "", "")
			c.revoke(w)
			r := w.verify(data)
			wantVerdict(t, r, Revoked, "", "")
			if !strings.HasPrefix(r.Summary, "Revoked: ") {
				t.Errorf("summary %q", r.Summary)
			}
		})
	}
}
