package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/accolade-badges/accolade/openbadges/bake"
	"github.com/accolade-badges/accolade/openbadges/interop/peers"
	"github.com/accolade-badges/accolade/verifier"
)

// asOf is a moment at which every sample sitting is over and no award expired.
const asOf = "2026-09-01T00:00:00Z"

// Ten thousand results of a real programme become badges that our verifier and
// the npm peers accept in every form, and importing them again changes nothing.
func TestImportedResultsVerifyEverywhere(t *testing.T) {
	t.Parallel()
	catalogue := sharedCatalogue(t, "microsoft.json")
	h := mustHome(t, "", asOf)
	h.must(t, "programme", "load", "-q", catalogue)
	s := generate(10_000, 1_000, 7, 1)
	file := s.file(t)
	if status, _, told := h.run(t, "results", "import", file); status != 0 || !strings.Contains(told, fmt.Sprintf("10000 rows: 10000 new, 0 seen before, 0 corrected, 0 refused; %d awards.", len(s.want))) {
		t.Fatalf("results import: exit status %d, want 10000 new and %d awards: %s", status, len(s.want), told)
	}
	awards := h.awards(t)
	s.check(t, awards)

	server := mustMailServer(t)
	server.up(t)
	h.serve(t, h.port, "--smtp", server.url())
	ids := make([]string, 0, 60)
	for _, w := range awards[:cap(ids)] {
		ids = append(ids, w.ID)
	}
	h.publish(t, "", ids...)
	var forms []string
	for _, id := range ids {
		forms = append(forms, h.forms(id)...)
	}
	h.expect(t, verifier.Valid, forms...)
	t.Run("npm peers", func(t *testing.T) { askPeers(t, h, ids) })

	server.wait(t, h, awards)
	if status, _, told := h.run(t, "results", "import", file); status != 0 || !strings.Contains(told, "10000 rows: 0 new, 10000 seen before, 0 corrected, 0 refused; 0 awards.") {
		t.Errorf("the same import again: exit status %d: %s", status, told)
	}
	again := h.awards(t)
	s.check(t, again)
	time.Sleep(time.Second) // a mail too many would be on its way by now
	if n, twice := server.count(); n != len(awards) || twice != 0 {
		t.Errorf("%d mails, %d of them twice, want %d once", n, twice, len(awards))
	}
	if out := h.must(t, "doctor"); !strings.Contains(out, "ok       editions") {
		t.Errorf("doctor: %s", out)
	}
}

// askPeers lets the npm peers verify what an installation publishes, and refuse
// a tampered twin.
func askPeers(t *testing.T, h *home, ids []string) {
	p := peers.Start(t)
	web := peers.Web{Hosts: []string{"localhost:" + h.port}}
	for i, id := range ids {
		badge := h.base + "/badges/" + id
		_, credential := get(t, badge+".json")
		_, token := get(t, badge+".jwt")
		for name, body := range map[string][]byte{"json": credential, "png": unbaked(t, badge+".png"), "svg": unbaked(t, badge+".svg")} {
			if err := p.VerifyCredential(t, body, web, h.later()); err != nil {
				t.Errorf("%s.%s: %v", id, name, err)
			}
		}
		if _, err := p.VerifyJWT(t, string(token), web, "", h.later()); err != nil {
			t.Errorf("%s.jwt: %v", id, err)
		}
		if i%10 != 0 {
			continue
		}
		if _, err := p.VerifyJWT(t, string(token), web, h.base+"/.well-known/jwks.json", h.later()); err != nil {
			t.Errorf("%s.jwt by the JWK Set: %v", id, err)
		}
		twin := strings.Replace(string(credential), "Microsoft Certified", "Microsoft certified", 1)
		if twin == string(credential) {
			twin = strings.Replace(twin, "2026-0", "2025-0", 1)
		}
		if err := p.VerifyCredential(t, []byte(twin), web, h.later()); err == nil {
			t.Errorf("%s.json, altered: the peer accepts it", id)
		}
	}
}

// unbaked is the OB 3.0 credential in a picture.
func unbaked(t *testing.T, address string) []byte {
	t.Helper()
	status, picture := get(t, address)
	extract := bake.ExtractPNG
	if strings.HasSuffix(address, ".svg") {
		extract = bake.ExtractSVG
	}
	found, err := extract(picture, bake.Limits{})
	if err != nil || len(found) == 0 {
		t.Fatalf("%s: status %d, no badge in it: %v", address, status, err)
	}
	return found[0].Payload()
}

// The rules of the architect certification, by their dates.
func TestArchitectOverTheYears(t *testing.T) {
	t.Parallel()
	catalogue := sharedCatalogue(t, "microsoft.json")
	h := mustHome(t, "", "2021-05-01T12:00:00Z")
	h.must(t, "programme", "load", "-q", catalogue)
	record := func(clock, id, exam, taken, person string) {
		t.Helper()
		h.must(t, "results", "record", "--test-clock", clock, "--provider", "sample-centre", "--result-id", id, "--exam", exam,
			"--taken-at", taken, "--email", person+"@example.org", "--given-name", person, "--family-name", "Sample")
	}
	held := func(person string) []shownAward {
		t.Helper()
		var list []shownAward
		for _, w := range h.awards(t) {
			if w.Name == person+" Sample" && w.Achievement == "azure-solutions-architect" {
				list = append(list, w)
			}
		}
		return list
	}
	// In 2021 two exams, whichever comes first; valid for 24 months.
	record("2021-05-01T12:00:00Z", "1", "AZ-304", "2021-03-01T10:00:00Z", "kim")
	if got := held("kim"); len(got) != 0 {
		t.Errorf("AZ-304 alone: %v, want none", got)
	}
	record("2021-05-01T12:00:00Z", "2", "AZ-303", "2021-04-01T10:00:00Z", "kim")
	record("2021-05-01T12:00:00Z", "3", "AZ-303", "2021-04-20T10:00:00Z", "kim")
	got := held("kim")
	if len(got) != 1 || got[0].AwardedDate.Format(time.RFC3339) != "2021-04-01T10:00:00Z" || got[0].ValidUntil == nil || got[0].ValidUntil.Format(time.RFC3339) != "2023-04-01T10:00:00Z" {
		t.Errorf("AZ-304 then AZ-303: %+v, want one from 2021-04-01 until 2023-04-01", got)
	}
	// In 2023 one exam, with the administrator in force.
	const now = "2023-05-01T12:00:00Z"
	record(now, "4", "AZ-305", "2023-03-01T10:00:00Z", "lee")
	if got := held("lee"); len(got) != 0 {
		t.Errorf("AZ-305 alone: %v, want none", got)
	}
	record(now, "5", "AZ-104", "2023-04-01T10:00:00Z", "lee")
	record(now, "6", "AZ-104", "2023-02-01T10:00:00Z", "noor")
	record(now, "7", "AZ-305", "2023-04-01T10:00:00Z", "noor")
	for _, person := range []string{"lee", "noor"} {
		if got := held(person); len(got) != 1 || got[0].AwardedDate.Format(time.RFC3339) != "2023-04-01T10:00:00Z" {
			t.Errorf("%s, administrator and AZ-305: %+v, want one from 2023-04-01", person, got)
		}
	}
	record(now, "8", "AZ-104", "2022-03-01T10:00:00Z", "ana") // expired when the other came
	record(now, "9", "AZ-305", "2023-04-01T10:00:00Z", "ana")
	if got := held("ana"); len(got) != 0 {
		t.Errorf("AZ-305 after the administrator expired: %v, want none", got)
	}
}

// An import that is killed again and again, and a mail server that is down,
// refuses and stalls, lose nothing and do nothing twice.
func TestKilledImportLosesNothing(t *testing.T) {
	t.Parallel()
	catalogue := sharedCatalogue(t, "microsoft.json")
	h := mustHome(t, "", asOf)
	h.must(t, "programme", "load", "-q", catalogue)
	s := generate(4_000, 300, 5, 2)
	file := s.file(t)
	r := rand.New(rand.NewPCG(3, uint64(time.Now().UnixNano())))
	for strike := range 6 {
		cmd := h.command("results", "import", file)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		done := make(chan error, 1)
		go func() { done <- cmd.Wait() }()
		select {
		case err := <-done:
			t.Logf("import %d ended before it was killed: %v", strike, err)
		case <-time.After(time.Duration(200+r.IntN(900)) * time.Millisecond):
			kill(t, cmd)
			<-done
		}
	}
	status, _, told := h.run(t, "results", "import", file)
	if status != 0 || !strings.Contains(told, "4000 rows:") || !strings.Contains(told, ", 0 corrected, 0 refused;") {
		t.Fatalf("the last import: exit status %d: %s", status, told)
	}
	awards := h.awards(t)
	s.check(t, awards)

	server := mustMailServer(t) // down
	h.serve(t, h.port, "--smtp", server.url())
	time.Sleep(500 * time.Millisecond)
	server.become(refusing)
	server.up(t)
	eventually(t, time.Minute, "a mail refused", func() bool { refused, _ := server.failures(); return refused > 0 })
	server.become(stalling)
	eventually(t, time.Minute, "a mail stalled", func() bool { _, stalled := server.failures(); return stalled > 0 })
	server.become(willing)
	server.wait(t, h, awards)
	if n, twice := server.count(); n != len(awards) || twice != 0 {
		t.Errorf("%d mails, %d of them twice, want %d once", n, twice, len(awards))
	}
	// Every award was signed, once: doctor reads each edition and verifies it.
	if out := h.must(t, "doctor"); !strings.Contains(out, fmt.Sprintf("editions       %d, each verified", len(awards))) {
		t.Errorf("doctor, want %d editions: %s", len(awards), out)
	}
}

// kill ends a process as a power cut would.
func kill(t *testing.T, cmd *exec.Cmd) {
	t.Helper()
	if err := cmd.Process.Signal(syscall.SIGKILL); err != nil && err != os.ErrProcessDone {
		t.Fatal(err)
	}
}
