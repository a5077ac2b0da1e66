package main

import (
	"bytes"
	"fmt"
	"maps"
	netmail "net/mail"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/accolade-badges/accolade/assets/programmes"
	"github.com/accolade-badges/accolade/issuer/ledger"
	"github.com/accolade-badges/accolade/issuer/mail/mailtest"
)

// newest is the mail that came last.
func (m *mailServer) newest() delivered {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.last
}

// mustNote loads the demo's programme with a note of its own.
func (h *home) mustNote(t *testing.T) {
	t.Helper()
	const note = `{"mail": {"note": {"en": {"subject": "A word before", "text": ["{{.Issuer}} congratulates.", "{{.Contact}} {{.OptOut}}"]}}},`
	path := filepath.Join(t.TempDir(), "programme.json")
	if err := os.WriteFile(path, bytes.Replace(programmes.Demo(), []byte("{"), []byte(note), 1), 0o600); err != nil {
		t.Fatal(err)
	}
	h.must(t, "programme", "check", path)
	h.must(t, "programme", "load", path, "--quiet")
}

func (h *home) mustRecord(t *testing.T, id, address string) {
	t.Helper()
	h.must(t, "results", "record", "--provider", "sample-centre", "--result-id", id, "--exam", "CL-220", "--taken-at", "2026-02-01T10:00:00Z",
		"--outcome", "passed", "--email", address, "--given-name", "Kim", "--family-name", "Sample", "--number", "C-"+id)
}

func TestMailGoesOutAndComesBack(t *testing.T) {
	h := mustHome(t, "", "2026-03-01T09:00:00Z")
	h.mustNote(t)
	h.must(t, "issuer", "mail", "--from-name", "Sample Badges", "--reply-to", "desk@example.org", "--return-path", "bounces+*@example.org")
	m := mustMailServer(t)
	m.up(t)
	h.serve(t, h.port, "--smtp", m.url())
	h.mustRecord(t, "1", "kim@example.org")
	eventually(t, time.Minute, "a note and a badge mail came", func() bool { n, _ := m.count(); return n == 2 })
	sent := m.newest()
	got, err := netmail.ReadMessage(bytes.NewReader(sent.body))
	if err != nil {
		t.Fatal(err)
	}
	id := strings.Trim(got.Header.Get("Message-ID"), "<>")
	outbox, _, _ := strings.Cut(id, "@")
	if want := "bounces+" + outbox + "@example.org"; sent.from != want {
		t.Errorf("the envelope is from %s, want %s", sent.from, want)
	}
	if from := got.Header.Get("From"); from != `"Sample Badges" <badges@example.org>` || !strings.Contains(got.Header.Get("Reply-To"), "<desk@example.org>") {
		t.Errorf("From %s, Reply-To %s", from, got.Header.Get("Reply-To"))
	}
	if kind := got.Header.Get("Feedback-ID"); !strings.HasPrefix(kind, "award:") {
		t.Errorf("the second mail is %s, want the badge mail", kind)
	}
	award := h.awards(t)[0].ID
	maildir := filepath.Join(t.TempDir(), "Maildir")
	if err := os.MkdirAll(filepath.Join(maildir, "new"), 0o700); err != nil {
		t.Fatal(err)
	}
	report := fmt.Sprintf("Delivered-To: %s\nSubject: Undelivered\nContent-Type: multipart/report; report-type=delivery-status; boundary=x\n\n"+
		"--x\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx\n\nFinal-Recipient: rfc822; kim@example.org\nAction: failed\nStatus: 5.1.1\n"+
		"Diagnostic-Code: smtp; 550 no such user\n\n--x--\n", sent.from)
	for name, text := range map[string]string{"1.mx": report, "2.mx": "Subject: Away\n\nI am away.\n", ".hidden": "x"} {
		if err := os.WriteFile(filepath.Join(maildir, "new", name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	out := h.must(t, "mail", "bounces", maildir)
	if !strings.Contains(out, "1.mx: noted as hard: 5.1.1 550 no such user") || !strings.Contains(out, "2.mx: passed over") {
		t.Errorf("mail bounces says %s", out)
	}
	if _, err := os.Stat(filepath.Join(maildir, "cur", "1.mx:2,S")); err != nil {
		t.Errorf("the mail that was read is not in cur: %v", err)
	}
	if again := h.must(t, "mail", "bounces", maildir); again != "" {
		t.Errorf("read a second time: %s", again)
	}
	if shown := h.must(t, "badge", "show", award); !strings.Contains(shown, "bounced") || !strings.Contains(shown, "550 no such user") {
		t.Errorf("badge show does not tell of the bounce:\n%s", shown)
	}
	cmd := h.command("mail", "bounces", "-")
	cmd.Stdin = strings.NewReader(report)
	if out, err := cmd.Output(); err != nil || !strings.Contains(string(out), "standard input: noted") {
		t.Errorf("from standard input: %s (%v)", out, err)
	}
}

// TestRemindersOfTwoServers after a week, where one is killed while it sends and
// both are started again.
func TestRemindersOfTwoServers(t *testing.T) {
	h := mustHome(t, "", "2026-03-01T09:00:00Z")
	h.must(t, "programme", "load", h.demoProgramme(t), "--quiet")
	const earners = 40
	for i := range earners {
		h.mustRecord(t, fmt.Sprint(i), fmt.Sprintf("earner%d@example.org", i))
	}
	m := mustMailServer(t)
	m.up(t)
	first := h.serve(t, h.port, "--smtp", m.url())
	eventually(t, time.Minute, "every badge mail came", func() bool { n, _ := m.count(); return n == earners })
	// A mail that is taken and not yet noted would go out again later, and its award
	// would be reminded of by the schedule of that day.
	eventually(t, time.Minute, "every badge mail is noted as sent", func() bool { return h.reminders(t) == earners })
	_ = first.Process.Kill()
	later := []string{"--smtp", m.url(), "--test-clock", "2026-03-09T09:00:00Z"}
	victim := h.serve(t, freePort(t), later...)
	h.serve(t, freePort(t), later...)
	eventually(t, time.Minute, "reminders are under way", func() bool { n, _ := m.count(); return n > earners })
	_ = victim.Process.Kill()
	h.serve(t, freePort(t), later...)
	eventually(t, 3*time.Minute, "everybody was reminded", func() bool { n, _ := m.count(); return n >= 2*earners })
	time.Sleep(2 * time.Second) // in which a third mail would come
	n, twice := m.count()
	m.mu.Lock()
	defer m.mu.Unlock()
	if n != 2*earners {
		t.Errorf("%d different mails for %d earners, want two each (%d came twice around the kill)", n, earners, twice)
	}
	for to, n := range m.to {
		if n > 3 { // at most the one that was under way when a server was killed comes twice
			t.Errorf("%s got %d mails", to, n)
		}
	}
}

// reminders counts the awards of which earners are to be reminded one day.
func (h *home) reminders(t *testing.T) int {
	t.Helper()
	l, err := ledger.Open(t.Context(), ledger.Config{URL: filepath.Join(h.dir, "accolade.db")})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	var n int
	err = l.View(t.Context(), func(tx *ledger.Tx) error {
		list, err := tx.AwardsToRemind(t.Context(), h.clock.AddDate(10, 0, 0), 1000)
		n = len(list)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// demoProgramme writes the demo's programme to a file.
func (h *home) demoProgramme(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "programme.json")
	if err := os.WriteFile(path, programmes.Demo(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestMailCheckAsksTheNameServers(t *testing.T) {
	h := mustHome(t, "", "2026-03-01T09:00:00Z")
	out := h.must(t, "issuer", "mail", "--dkim", "badges")
	_, record, found := strings.Cut(out, `add      badges._domainkey.example.org TXT "`)
	record, _, ends := strings.Cut(record, `"`)
	if !found || !ends || !strings.HasPrefix(record, "v=DKIM1; k=rsa; p=") {
		t.Fatalf("issuer mail --dkim prints %s, want the record to add", out)
	}
	zone := mailtest.Zone{
		TXT: map[string][]string{"example.org": {"v=spf1 ip4:192.0.2.25 ~all"}, "badges._domainkey.example.org": {record}},
		MX:  map[string][]string{"example.org": {"mx.example.org"}},
	}
	dns := mailtest.MustDNS(t, zone)
	status, out, _ := h.run(t, "mail", "check", "--dns", dns)
	if status != 1 || !strings.Contains(out, `add    _dmarc.example.org TXT "v=DMARC1; p=none; rua=mailto:badges@example.org"`) {
		t.Errorf("without a policy: exit status %d, want 1 and the record to add:\n%s", status, out)
	}
	zone.TXT = maps.Clone(zone.TXT) // the first server still answers from the other one
	zone.TXT["_dmarc.example.org"] = []string{"v=DMARC1; p=none; rua=mailto:badges@example.org"}
	if out := h.must(t, "mail", "check", "--dns", mailtest.MustDNS(t, zone)); strings.Contains(out, "error") || !strings.Contains(out, "publishes the key") {
		t.Errorf("with everything there:\n%s", out)
	}
	status, out, _ = h.run(t, "mail", "check", "--dns", "127.0.0.1:1")
	if status != 2 || !strings.Contains(out, "no name server answers") || !strings.Contains(out, "nothing was looked up") {
		t.Errorf("without a network: exit status %d, want 2 and that nothing was looked up:\n%s", status, out)
	}
	if status, out, _ := h.run(t, "mail", "check", "--json", "--dns", "127.0.0.1:1"); status != 2 || !strings.Contains(out, `"state": "unknown"`) {
		t.Errorf("as JSON: %d %s", status, out)
	}
}

func TestProgrammeCheckRefusesAMailWithoutItsEssentials(t *testing.T) {
	h := mustHome(t, "", "2026-03-01T09:00:00Z")
	const badge = `{"mail": {"badge": {"en": {"subject": "Yours", "text": ["Come and get it."]}}},`
	path := filepath.Join(t.TempDir(), "programme.json")
	if err := os.WriteFile(path, bytes.Replace(programmes.Demo(), []byte("{"), []byte(badge), 1), 0o600); err != nil {
		t.Fatal(err)
	}
	status, out, _ := h.run(t, "programme", "check", path)
	for _, need := range []string{"ClaimLink", "Issuer", "Contact", "OptOut"} {
		if status != 1 || !strings.Contains(out, "{{."+need+"}} is missing") {
			t.Errorf("programme check: exit status %d, want 1 and that %s is missing:\n%s", status, need, out)
		}
	}
	if status, _, _ := h.run(t, "programme", "load", path); status != 1 {
		t.Errorf("programme load: exit status %d, want 1", status)
	}
}
