package verifier

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/accolade-badges/accolade/openbadges/status"
)

func mustWrite(tb testing.TB, path, text string) string {
	tb.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		tb.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		tb.Fatal(err)
	}
	return path
}

func TestLoadDocuments(t *testing.T) {
	dir := t.TempDir()
	absolute := mustWrite(t, filepath.Join(dir, "far", "absolute.json"), `"absolute"`)
	mustWrite(t, filepath.Join(dir, "maps", "docs", "relative.json"), `"relative"`)
	mustWrite(t, filepath.Join(dir, "maps", "docs", "later.json"), `"later"`)
	first := mustWrite(t, filepath.Join(dir, "maps", "first.json"), `{
		"https://example.org/relative": {"file": "docs/relative.json", "contentType": "application/json"},
		"http://localhost:1/absolute": {"file": "`+filepath.ToSlash(absolute)+`"},
		"https://example.org/null": {"file": null},
		"https://example.org/twice": {"file": "docs/relative.json", "contentType": ""},
		"https://example.org/gone": {"file": null, "status": 410},
		"https://example.org/moved": {"file": null, "status": 302, "location": "https://example.org/relative"},
		"https://example.org/loop": {"file": null, "status": 302, "location": "https://example.org/loop"}}`)
	second := mustWrite(t, filepath.Join(dir, "maps", "second.json"), `{"https://example.org/twice": {"file": "docs/later.json"}}`)
	d, err := LoadDocuments(first, second)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		url, body string
		status    int // 0: unreachable
	}{
		{"https://example.org/relative", `"relative"`, 200},
		{"https://example.org/relative#fragment", `"relative"`, 200},
		{"http://localhost:1/absolute", `"absolute"`, 200},
		{"https://example.org/twice", `"later"`, 200},
		{"https://example.org/null", "", 0},
		{"https://example.org/unlisted", "", 0},
		{"https://example.org/gone", "", 410},
		{"https://example.org/moved", `"relative"`, 200},
		{"https://example.org/loop", "", 0},
	} {
		r, err := d.get(c.url, noon)
		if (err != nil) != (c.status == 0) || err == nil && (string(r.Body) != c.body || r.Status != c.status) {
			t.Errorf("get(%s) = %+v, %v", c.url, r, err)
		}
	}
	for text, want := range map[string]string{
		`[]`: "not a map", `{"https://example.org/a": {"file": "absent.json"}}`: "absent.json",
	} {
		bad := mustWrite(t, filepath.Join(dir, "maps", "bad.json"), text)
		if _, err := LoadDocuments(bad); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "bad.json") {
			t.Errorf("LoadDocuments of %s = %v", text, err)
		}
	}
	if _, err := LoadDocuments(filepath.Join(dir, "absent.json")); err == nil {
		t.Error("an absent map gives no error")
	}
}

func TestDocumentsTakeThePlaceOfTheNetwork(t *testing.T) {
	w := newWorld(t)
	signed := w.signed(w.credential())
	verify := func() *Report {
		r, err := Verify(context.Background(), Input{Data: signed.Append(nil)}, Options{Now: atNoon, Documents: NewDocuments(w.docs)})
		w.must(err)
		return r
	}
	wantVerdict(t, verify(), Valid, "", "")
	didJSON := base + "/issuers/a/did.json"
	w.docs["http"+strings.TrimPrefix(didJSON, "https")] = w.docs[didJSON]
	delete(w.docs, didJSON)
	wantVerdict(t, verify(), Valid, "", "")
	delete(w.docs, listURL)
	wantVerdict(t, verify(), Undetermined, CheckStatus, CodeStatusUnreachable)
}

func TestBundle(t *testing.T) {
	w := newWorld(t)
	signed := w.signed(w.credential())
	bundle, made, err := MakeBundle(context.Background(), Input{Data: signed.Append(nil), Name: "badge.json"}, w.options())
	w.must(err)
	wantVerdict(t, made, Valid, "", "")
	file, err := json.Marshal(bundle)
	w.must(err)
	opened, err := OpenBundle(file)
	w.must(err)
	if !opened.MadeAt.Equal(noon) || opened.Input().Name != "badge.json" {
		t.Errorf("opened %+v", opened)
	}
	later := noon.AddDate(0, 1, 0)
	r, err := Verify(context.Background(), opened.Input(), Options{Now: func() time.Time { return later }, Offline: true, Bundle: opened})
	w.must(err)
	wantVerdict(t, r, Valid, CheckStatus, CodeStatusGood)
	if got, _ := json.Marshal(r.Check(CheckStatus)); !strings.Contains(string(got), noon.Format(time.RFC3339)) || !strings.Contains(r.Check(CheckStatus).Message, "1 March 2026") {
		t.Errorf("the report does not say of when the status is: %s", got)
	}
	r, err = Verify(context.Background(), opened.Input(), Options{Now: func() time.Time { return later }, Offline: true})
	w.must(err)
	wantVerdict(t, r, Undetermined, CheckIssuer, CodeIssuerUnreachable)

	w.list(status.Revocation, 7)
	revoked, _, err := MakeBundle(context.Background(), Input{Data: signed.Append(nil)}, w.options())
	w.must(err)
	r, err = Verify(context.Background(), revoked.Input(), Options{Now: atNoon, Bundle: revoked})
	w.must(err)
	wantVerdict(t, r, Revoked, "", "")

	for _, bad := range []string{"", "{}", `{"format":"other/1"}`, `{"format":"accolade-bundle/1"}`, "not JSON"} {
		if _, err := OpenBundle([]byte(bad)); err == nil {
			t.Errorf("OpenBundle(%q) gives no error", bad)
		}
	}
}
