package main

import (
	"database/sql"
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	_ "github.com/mattn/go-sqlite3" // to alter a ledger behind the program's back

	"github.com/accolade-badges/accolade/openbadges/interop/peers"
	"github.com/accolade-badges/accolade/verifier"
)

// sampleProgramme is a catalogue of a test: an associate certification of one
// exam, and an expert one of two.
const sampleProgramme = `{
 "format": "catalogue/1",
 "programme": {"id": "sample", "name": "Sample Programme", "owner": "Sample Institute", "url": "https://learn.example.org/"},
 "asOf": "2026-01-01", "sources": [],
 "policies": [
  {"id": "year", "rule": "valid for a year", "appliesTo": ["role-based"], "validityMonths": [{"earnedFrom": null, "earnedBefore": null, "months": 12}]}
 ],
 "exams": [
  {"code": "AB-1", "title": "First Exam", "status": "active"},
  {"code": "AB-2", "title": "Second Exam", "status": "active"},
  {"code": "AB-3", "title": "Third Exam", "status": "active"}
 ],
 "certifications": [
  {"id": "sample-associate", "title": "Sample Associate", "type": "role-based", "level": "associate", "requires": {"exam": "AB-1"}, "validity": {"months": 12, "policy": "year"}, "status": "active"},
  {"id": "sample-expert", "title": "Sample Expert", "type": "role-based", "level": "expert", "requires": {"all": [{"exam": "AB-2"}, {"exam": "AB-3"}]}, "validity": {"months": 12, "policy": "year"}, "status": "active"}
 ]
}`

// mustLoadSample loads [sampleProgramme].
func (h *home) mustLoadSample(t *testing.T) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "programme.json")
	if err := os.WriteFile(path, []byte(sampleProgramme), 0o600); err != nil {
		t.Fatal(err)
	}
	h.must(t, "programme", "load", "-q", path)
}

// mustAward awards the associate certification by hand and publishes it.
func (h *home) mustAward(t *testing.T, name string) (id string) {
	t.Helper()
	out := h.must(t, "award", "sample-associate", "--email", name+"@example.org", "--given-name", name, "--family-name", "Sample",
		"--awarded-at", "2026-08-01T10:00:00Z", "--reason", "Sample.")
	_, rest, _ := strings.Cut(out, `"id": "`)
	id, _, _ = strings.Cut(rest, `"`)
	h.must(t, "badge", "visibility", id, "public")
	return id
}

// What a command does to a badge reaches every form that a running server
// publishes within a second, and files that were handed over.
func TestChangesReachEveryFormWithinASecond(t *testing.T) {
	t.Parallel()
	h := mustHome(t, "", asOf)
	h.mustLoadSample(t)
	h.serve(t, h.port)
	id := h.mustAward(t, "kim")
	badge := h.base + "/badges/" + id
	dir := t.TempDir()
	h.must(t, "badge", "export", id, "--format", "all", "-o", dir)
	var files []string
	for _, ending := range []string{".json", ".jwt", ".png", ".svg"} {
		files = append(files, filepath.Join(dir, "badge-"+id+ending))
	}
	everything := append(h.forms(id), files...)
	_, credential := get(t, badge+".json")
	_, token := get(t, badge+".jwt")
	h.expect(t, verifier.Valid, everything...)

	change := func(args ...string) {
		t.Helper()
		h.must(t, append(args, "--reason", "Sample reason.")...)
		time.Sleep(time.Second)
	}
	change("suspend", id)
	for i, r := range h.verdicts(t, everything...) {
		if r.Verdict != verifier.Suspended && r.Verdict != verifier.Revoked {
			t.Errorf("suspended: %s has verdict %s", everything[i], r.Verdict)
		}
	}
	change("reinstate", id)
	h.expect(t, verifier.Valid, everything...)

	change("correct", id, "--given-name", "Kim", "--family-name", "Beispiel")
	newest := h.verdicts(t, badge+".json")[0]
	if newest.Verdict != verifier.Valid || newest.Recipient.Name != "Kim Beispiel" {
		t.Errorf("corrected: verdict %s for %s, want valid for Kim Beispiel", newest.Verdict, newest.Recipient.Name)
	}
	if _, now := get(t, badge+".json"); !strings.Contains(string(now), `"id":"`+badge+`"`) || string(now) == string(credential) {
		t.Error("corrected: the new edition lacks the old id, or is the old one")
	}
	for _, file := range files {
		told := false
		for _, c := range h.verdicts(t, file)[0].Checks {
			told = told || c.ID == "refresh" && (strings.Contains(c.Code, "superseded") || strings.Contains(c.Code, "newer") || strings.Contains(c.Message, "newer"))
		}
		if !told {
			t.Errorf("corrected: the report on the old file %s does not tell of the new edition", file)
		}
	}

	change("revoke", id)
	h.expect(t, verifier.Revoked, everything...)
	var assertion struct {
		Revoked          bool
		RevocationReason string
	}
	status, body := get(t, h.base+"/ob2/assertions/"+id)
	if err := json.Unmarshal(body, &assertion); status != http.StatusGone || err != nil || !assertion.Revoked || assertion.RevocationReason != "Sample reason." {
		t.Errorf("revoked: the OB 2.0 assertion answers %d %s, %v; want 410 with the reason", status, body, err)
	}
	t.Run("npm peers", func(t *testing.T) {
		p := peers.Start(t)
		web := peers.Web{Hosts: []string{"localhost:" + h.port}}
		_, newest := get(t, badge+".json")
		for name, body := range map[string][]byte{"old": credential, "new": newest} {
			if err := p.VerifyCredential(t, body, web, h.later()); !errors.Is(err, peers.ErrRevoked) {
				t.Errorf("revoked, %s edition: the peer says %v, want revoked", name, err)
			}
		}
		claims, err := p.VerifyJWT(t, string(token), web, "", h.later())
		if err != nil {
			t.Fatalf("the signature of a revoked badge still holds: %v", err)
		}
		if err := p.VerifyStatus(t, claims, web); !errors.Is(err, peers.ErrRevoked) {
			t.Errorf("revoked, JWT: the peer says %v, want revoked", err)
		}
	})
}

// After a rotation badges name the new keys, and the old ones keep verifying,
// here and elsewhere.
func TestRotatedKeysVerify(t *testing.T) {
	t.Parallel()
	h := mustHome(t, "", asOf)
	h.mustLoadSample(t)
	h.serve(t, h.port)
	before := h.mustAward(t, "kim")
	_, oldest := get(t, h.base+"/badges/"+before+".json")
	_, oldToken := get(t, h.base+"/badges/"+before+".jwt")
	h.must(t, "keys", "rotate")
	after := h.mustAward(t, "lee")
	h.expect(t, verifier.Valid, append(h.forms(before), h.forms(after)...)...)
	_, credential := get(t, h.base+"/badges/"+after+".json")
	_, token := get(t, h.base+"/badges/"+after+".jwt")
	method := func(body []byte) string {
		_, rest, _ := strings.Cut(string(body), `"verificationMethod":"`)
		name, _, _ := strings.Cut(rest, `"`)
		return name
	}
	if method(oldest) == "" || method(oldest) == method(credential) {
		t.Errorf("keys named before and after the rotation: %q and %q", method(oldest), method(credential))
	}
	t.Run("npm peers", func(t *testing.T) {
		p := peers.Start(t)
		web := peers.Web{Hosts: []string{"localhost:" + h.port}}
		for name, body := range map[string][]byte{"old": oldest, "new": credential} {
			if err := p.VerifyCredential(t, body, web, h.later()); err != nil {
				t.Errorf("%s badge: %v", name, err)
			}
		}
		for name, body := range map[string][]byte{"old": oldToken, "new": token} {
			for _, set := range []string{"", h.base + "/.well-known/jwks.json"} {
				if _, err := p.VerifyJWT(t, string(body), web, set, h.later()); err != nil {
					t.Errorf("%s token, key set %q: %v", name, set, err)
				}
			}
		}
	})
}

// A ledger that another program keeps locked is told, and used again afterwards.
func TestLockedLedger(t *testing.T) {
	t.Parallel()
	h := mustHome(t, "", asOf)
	db, err := sql.Open("sqlite3", "file:"+filepath.Join(h.dir, ledgerFile)+"?_txlock=exclusive")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	lock, err := db.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	status, _, told := h.run(t, "issuer", "create", "--name", "Second Institute")
	if status != 1 || !strings.Contains(told, "another process keeps the ledger locked; try again in a few seconds") || strings.Count(told, "\n") != 1 {
		t.Errorf("a locked ledger: exit status %d, %q; want 1 and one sentence that says what to do", status, told)
	}
	if err := lock.Rollback(); err != nil {
		t.Fatal(err)
	}
	h.must(t, "issuer", "create", "--name", "Second Institute")
}

// doctor finds what was changed behind the program's back.
func TestDoctorFindsAlteredEdition(t *testing.T) {
	t.Parallel()
	h := mustHome(t, "", asOf)
	h.mustLoadSample(t)
	id := h.mustAward(t, "kim")
	status, out, told := h.run(t, "doctor")
	if status != 0 || strings.Contains(out, "error  ") {
		t.Fatalf("doctor on a healthy installation: exit status %d\n%s%s", status, out, told)
	}
	db, err := sql.Open("sqlite3", filepath.Join(h.dir, ledgerFile))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	changed, err := db.ExecContext(t.Context(), `update edition set credential = replace(credential, 'kim Sample', 'lee Sample')`)
	if err != nil {
		t.Fatal(err)
	}
	if n, err := changed.RowsAffected(); n != 1 || err != nil {
		t.Fatalf("altered %d editions, %v", n, err)
	}
	status, out, _ = h.run(t, "doctor")
	if status != 1 || !strings.Contains(out, "error    editions") || !strings.Contains(out, id) {
		t.Errorf("doctor on an altered edition: exit status %d, want 1 and award %s named:\n%s", status, id, out)
	}
}
