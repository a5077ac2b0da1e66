package verifier

import (
	"bytes"
	"context"
	"encoding/json"
	"image"
	"image/png"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/accolade-badges/accolade/openbadges/bake"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// minimalPNG is a picture of one pixel.
func minimalPNG(tb testing.TB) []byte {
	tb.Helper()
	var out bytes.Buffer
	if err := png.Encode(&out, image.NewGray(image.Rect(0, 0, 1, 1))); err != nil {
		tb.Fatal(err)
	}
	return out.Bytes()
}

const minimalSVG = `<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"></svg>`

// TestEveryForm verifies one award in each form that it is published in, and a
// twin of each in which one letter differs.
func TestEveryForm(t *testing.T) {
	w := newWorld(t)
	di := w.signed(w.credential())
	credential, token := di.Append(nil), w.token(w.credential())
	hosted := w.assertion("hosted")
	signed := w.jws(replace(t, w.assertion("signed"), ob2Assertion, "urn:uuid:1c1c4fd2-37e2-4cd2-90f2-0d8a7f0e0001"))
	baked := func(chunks ...bake.Chunk) []byte {
		out, err := bake.PNG(nil, minimalPNG(t), chunks...)
		w.must(err)
		return out
	}
	svg := func(e bake.Element) []byte {
		out, err := bake.SVG([]byte(minimalSVG), e)
		w.must(err)
		return out
	}
	for _, c := range []struct {
		name, format string
		data         []byte
	}{
		{"Data Integrity", "json", credential},
		{"with white space and byte order mark", "json", []byte("\xef\xbb\xbf\n " + string(credential) + "\n")},
		{"VC-JWT", "jwt", []byte(token)},
		{"VC-JWT wrapped by a mail program", "jwt", []byte(token[:70] + "\r\n" + token[70:] + "\n")},
		{"OB 2.0 hosted", "json", hosted.Append(nil)},
		{"OB 2.0 signed", "jws", signed},
		{"PNG with Data Integrity", "png", baked(bake.Chunk{Keyword: bake.KeywordOB3, Text: credential})},
		{"PNG with JWT and OB 2.0", "png", baked(bake.Chunk{Keyword: bake.KeywordOB3, Text: []byte(token)}, bake.Chunk{Keyword: bake.KeywordOB2, Text: signed})},
		{"PNG with OB 2.0", "png", baked(bake.Chunk{Keyword: bake.KeywordOB2, Text: signed})},
		{"SVG with JWT", "svg", svg(bake.Element{Generation: bake.OB3, Verify: token})},
		{"SVG with Data Integrity", "svg", svg(bake.Element{Generation: bake.OB3, JSON: credential})},
		{"SVG with OB 2.0", "svg", svg(bake.Element{Generation: bake.OB2, Verify: string(signed)})},
		{"enveloped", "json", []byte(`{"@context": "https://www.w3.org/ns/credentials/v2", "type": "EnvelopedVerifiableCredential", "id": "data:application/vc+jwt,` + token + `"}`)},
		{"hosted address", "json", []byte(ob2Assertion)},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := w.verify(c.data)
			wantVerdict(t, r, Valid, CheckIssuer, r.Check(CheckIssuer).Code)
			if r.Issuer.Binding != Confirmed || r.Issuer.Name != "Sample Issuer" || r.Achievement.Name != "Sample Badge" {
				t.Errorf("issuer %+v, achievement %+v", r.Issuer, r.Achievement)
			}
			if strings.HasPrefix(r.Format, "json") != (c.format == "json") || c.format != "json" && r.Format != c.format {
				t.Errorf("format %q, want %q", r.Format, c.format)
			}
			if !strings.HasPrefix(r.Summary, "Valid: “Sample Badge”") || strings.Contains(r.Summary, "\n") {
				t.Errorf("summary %q", r.Summary)
			}
			for _, check := range r.Checks {
				if check.Outcome == Failed || check.Message == "" || check.Code == "" || !strings.HasSuffix(check.Message, ".") {
					t.Errorf("check %+v", check)
				}
			}
		})
	}
	t.Run("tampered twins", func(t *testing.T) {
		for name, data := range map[string][]byte{
			"Data Integrity":   replaceOnce(t, credential, "Pass the sample exam", "Fail the sample exam"),
			"end date":         replaceOnce(t, credential, "2027-01-05", "2037-01-05"),
			"earner":           replaceOnce(t, credential, "Sample Earner", "Sample Forger"),
			"proof value":      replaceOnce(t, credential, `"proofValue":"z`, `"proofValue":"z1`),
			"signing date":     replaceOnce(t, credential, `"created":"2026-03`, `"created":"2026-02`),
			"JWT payload":      []byte(flip(token, strings.Index(token, ".")+40)),
			"JWT signature":    []byte(flip(token, len(token)-40)),
			"OB 2.0 payload":   []byte(flip(string(signed), strings.Index(string(signed), ".")+90)),
			"OB 2.0 signature": []byte(flip(string(signed), len(signed)-40)),
		} {
			if r := w.verify(data); r.Verdict != Invalid {
				t.Errorf("%s: verdict %s, want invalid", name, r.Verdict)
			}
		}
	})
}

func replaceOnce(tb testing.TB, data []byte, old, new string) []byte {
	tb.Helper()
	if !strings.Contains(string(data), old) {
		tb.Fatalf("%q is not in the document", old)
	}
	return []byte(strings.Replace(string(data), old, new, 1))
}

// flip changes one letter.
func flip(s string, i int) string {
	letter := byte('A')
	if s[i] == letter {
		letter = 'B'
	}
	return s[:i] + string(letter) + s[i+1:]
}

func TestReportShape(t *testing.T) {
	w := newWorld(t)
	signed := w.signed(w.credential())
	r := w.verify(signed.Append(nil))
	var ids []string
	for _, c := range r.Checks {
		ids = append(ids, c.ID)
	}
	order := []string{
		CheckIntake, CheckStructure, CheckProof, CheckIssuer, CheckHosted, CheckRefresh, CheckSupersession,
		CheckDates, CheckStatus, CheckRecipient, CheckEndorsements, CheckContents, CheckTrust,
	}
	if diff := cmp.Diff(order, ids); diff != "" {
		t.Errorf("order of checks (-want +got):\n%s", diff)
	}
	out, err := json.Marshal(r)
	w.must(err)
	var shape map[string]any
	w.must(json.Unmarshal(out, &shape))
	issuer, _ := shape["issuer"].(map[string]any)
	recipient, _ := shape["recipient"].(map[string]any)
	if trusted, there := issuer["trusted"]; !there || trusted != nil {
		t.Errorf("trusted is %v, want null", trusted)
	}
	for name, got := range map[string]any{
		"valid": shape["verdict"], "3.0": shape["version"], "json": shape["format"], "2026-03-01T12:00:00Z": shape["checkedAt"],
		"2026-01-05T10:00:00Z": shape["validFrom"], "2027-01-05T10:00:00Z": shape["validUntil"], "confirmed": issuer["binding"], "not_asked": recipient["match"],
	} {
		if got != name {
			t.Errorf("got %v, want %s", got, name)
		}
	}
	for _, input := range []string{"nothing", "{}", "[]", `{"type": "x"}`, "ey.ey.ey", "https://nowhere.example/x"} {
		nothing := w.verify([]byte(input))
		if len(nothing.Checks) != len(order) || nothing.Verdict == Valid {
			t.Errorf("%q: %d checks, verdict %s", input, len(nothing.Checks), nothing.Verdict)
		}
	}
}

func TestVerifyErrors(t *testing.T) {
	if _, err := Verify(context.Background(), Input{}, Options{}); err == nil {
		t.Error("no input gives no error")
	}
	if _, err := Verify(context.Background(), Input{Data: []byte("{}")}, Options{AllowHosts: []string{"no-port"}}); err == nil || !strings.Contains(err.Error(), "HOST:PORT") {
		t.Errorf("a bad allowed host gives %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Verify(ctx, Input{Data: []byte("{}")}, Options{}); err == nil {
		t.Error("an ended context gives no error")
	}
}

func TestVerdictOrder(t *testing.T) {
	w := newWorld(t)
	expired := replace(t, w.credential(), "2027-01-05", "2026-02-05")
	revoked := w.clone()
	revoked.list("revocation", 7)
	wantVerdict(t, w.verifyTree(w.signed(expired)), Expired, CheckDates, CodeExpired)
	wantVerdict(t, revoked.verifyTree(w.signed(expired)), Revoked, CheckDates, CodeExpired)
	forged := replace(t, w.signed(expired), "Sample Earner", "Sample Forger")
	wantVerdict(t, revoked.verifyTree(forged), Invalid, CheckStatus, "revoked")
	lost := w.clone()
	delete(lost.docs, listURL)
	wantVerdict(t, lost.verifyTree(w.signed(expired)), Expired, CheckStatus, CodeStatusUnreachable)
	wantVerdict(t, lost.verifyTree(w.signed(w.credential())), Undetermined, CheckStatus, CodeStatusUnreachable)
}

func TestExitStatus(t *testing.T) {
	for v, want := range map[Verdict]int{Valid: 0, Undetermined: 2, Invalid: 1, Revoked: 1, Suspended: 1, Expired: 1, NotYetValid: 1} {
		if got := (&Report{Verdict: v}).ExitStatus(); got != want {
			t.Errorf("%s exits %d, want %d", v, got, want)
		}
	}
}

func TestAtJudgesDatesThen(t *testing.T) {
	w := newWorld(t)
	signed := w.signed(w.credential())
	for at, want := range map[string]Verdict{
		"2026-01-05T09:54:59Z": NotYetValid, "2026-01-05T09:55:00Z": Valid, "2026-01-05T10:00:00Z": Valid,
		"2027-01-05T09:59:59Z": Valid, "2027-01-05T10:00:00Z": Expired,
	} {
		o := w.options()
		o.At, _ = time.Parse(time.RFC3339, at)
		if r := w.verifyWith(signed.Append(nil), o); r.Verdict != want || r.At.IsZero() {
			t.Errorf("at %s: %s, want %s", at, r.Verdict, want)
		}
	}
}
