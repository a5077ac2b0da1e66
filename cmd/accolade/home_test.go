package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/accolade-badges/accolade/verifier"
)

// home is an installation that the real program runs, one process a command.
type home struct {
	dir, port, base string
	clock           time.Time
	env             []string
}

// mustHome sets an installation up, in a folder or on a database, whose clock
// starts at a time.
func mustHome(t *testing.T, database, clock string) *home {
	t.Helper()
	at, err := time.Parse(time.RFC3339, clock)
	if err != nil {
		t.Fatal(err)
	}
	port := freePort(t)
	h := &home{dir: filepath.Join(t.TempDir(), "data"), port: port, base: "http://localhost:" + port, clock: at}
	h.env = append(os.Environ(), "ACCOLADE_DATA="+h.dir, "ACCOLADE_DATABASE="+database, "ACCOLADE_TEST_CLOCK="+clock, "ACCOLADE_ALLOW_HOST=localhost:"+port)
	h.must(t, "init", "--base-url", h.base, "--issuer-name", "Sample Institute", "--issuer-email", "badges@example.org")
	return h
}

// sharedCatalogue is the path of a catalogue that lies beside the repository.
func sharedCatalogue(t *testing.T, name string) string {
	t.Helper()
	path := filepath.Join("..", "..", "..", "shared", "fixtures", "catalogue", name)
	if _, err := os.Stat(path); err != nil {
		t.Skip("the shared catalogues are not beside the repository: ", err)
	}
	return path
}

func (h *home) command(args ...string) *exec.Cmd {
	cmd := exec.Command("accolade", args...)
	cmd.Env = h.env
	return cmd
}

// run runs a command to its end.
func (h *home) run(t *testing.T, args ...string) (status int, stdout, stderr string) {
	t.Helper()
	var out, told bytes.Buffer
	cmd := h.command(args...)
	cmd.Stdout, cmd.Stderr = &out, &told
	err := cmd.Run()
	var failed *exec.ExitError
	if err != nil && !errors.As(err, &failed) {
		t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), out.String(), told.String()
}

// must runs a command that has to succeed, and returns what it printed.
func (h *home) must(t *testing.T, args ...string) string {
	t.Helper()
	status, stdout, stderr := h.run(t, args...)
	if status != 0 {
		t.Fatalf("accolade %s: exit status %d\n%s%s", strings.Join(args, " "), status, stdout, stderr)
	}
	return stdout
}

// serve starts accolade serve on a port of this machine and waits until it
// answers. It ends with the test, if it was not killed before.
func (h *home) serve(t *testing.T, port string, args ...string) *exec.Cmd {
	t.Helper()
	cmd := h.command(append([]string{"serve", "--listen", "127.0.0.1:" + port, "--verify-rate", "0"}, args...)...)
	log, err := os.Create(filepath.Join(t.TempDir(), "serve.log"))
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stderr = log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(os.Interrupt) // it may be gone already
		if err := cmd.Wait(); err != nil && cmd.ProcessState.Exited() {
			t.Errorf("accolade serve: %v", err)
		}
		_ = log.Close()
		if text, err := os.ReadFile(log.Name()); t.Failed() && err == nil {
			t.Logf("serve on port %s said last:\n%s", port, text[max(0, len(text)-4000):])
		}
	})
	if err := ready("localhost:" + port); err != nil {
		t.Fatal(err)
	}
	return cmd
}

// later is a time after whatever the installation has done by now, for
// verifiers.
func (h *home) later() time.Time { return h.clock.Add(20 * time.Minute) }

// verdicts verifies addresses or files in one process, and returns what was said
// of each.
func (h *home) verdicts(t *testing.T, inputs ...string) []verifier.Report {
	t.Helper()
	args := append([]string{"verify", "--json", "--test-clock", h.later().Format(time.RFC3339)}, inputs...)
	status, stdout, stderr := h.run(t, args...)
	if status > 2 {
		t.Fatalf("accolade verify: exit status %d: %s", status, stderr)
	}
	reports := make([]verifier.Report, 1)
	var target any = &reports
	if len(inputs) == 1 {
		target = &reports[0]
	}
	if err := json.Unmarshal([]byte(stdout), target); err != nil {
		t.Fatalf("accolade verify: %v in %.300s", err, stdout)
	}
	if len(reports) != len(inputs) {
		t.Fatalf("accolade verify: %d reports for %d inputs", len(reports), len(inputs))
	}
	return reports
}

// expect verifies inputs, which all must have one verdict.
func (h *home) expect(t *testing.T, want verifier.Verdict, inputs ...string) {
	t.Helper()
	// A picture is drawn when it is first asked for. With the race detector, on a
	// busy machine, that can take longer than the verifier waits.
	for _, input := range inputs {
		if strings.HasPrefix(input, h.base) && strings.HasSuffix(input, ".png") {
			if status, _ := get(t, input); status != http.StatusOK {
				t.Errorf("%s: status %d", input, status)
			}
		}
	}
	for i, r := range h.verdicts(t, inputs...) {
		if r.Verdict != want {
			t.Errorf("%s: verdict %s (%s), want %s", inputs[i], r.Verdict, r.Summary, want)
		}
	}
}

// forms are the addresses under which a public award is published.
func (h *home) forms(id string) []string {
	badge := h.base + "/badges/" + id
	return []string{badge, badge + ".json", badge + ".jwt", badge + ".png", badge + ".svg", h.base + "/ob2/assertions/" + id}
}

// awards lists every award.
func (h *home) awards(t *testing.T) []shownAward {
	t.Helper()
	var list []shownAward
	for d := json.NewDecoder(strings.NewReader(h.must(t, "badge", "list", "--json"))); ; {
		var w shownAward
		err := d.Decode(&w)
		if errors.Is(err, io.EOF) {
			return list
		}
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, w)
	}
}

// publish makes awards public, from this process: a command for each would take
// long.
func (h *home) publish(t *testing.T, database string, ids ...string) {
	t.Helper()
	a := &app{ctx: t.Context(), getenv: os.LookupEnv, stdin: strings.NewReader(""), stdout: io.Discard, stderr: io.Discard}
	i, err := a.open(place{Data: h.dir, Database: database, TestClock: h.clock.Format(time.RFC3339)}, options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = i.Close() }()
	for _, id := range ids {
		if err := i.SetVisibility(t.Context(), "test", id, "public"); err != nil {
			t.Fatal(err)
		}
	}
}

// get fetches an address.
func get(t *testing.T, address string) (status int, body []byte) {
	t.Helper()
	return do(t, http.MethodGet, address, "", nil)
}

func do(t *testing.T, method, address, token string, body []byte) (int, []byte) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, method, address, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
		req.Header.Set("Content-Type", "application/json")
	}
	answer, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Error(err)
		return 0, nil
	}
	defer answer.Body.Close()
	data, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Error(err)
	}
	return answer.StatusCode, data
}

// eventually waits for something that has to come about.
func eventually(t *testing.T, within time.Duration, what string, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(within); !done(); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%s: not within %s", what, within)
		}
	}
}
