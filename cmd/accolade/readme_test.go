package main

import (
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/accolade-badges/accolade/issuer/ledger/ledgertest"
)

// block is a fenced block of the README.
type block struct{ kind, text string }

func readmeBlocks(t *testing.T) []block {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	var list []block
	for _, found := range regexp.MustCompile("(?ms)^```([a-z]+)\n(.*?)^```$").FindAllStringSubmatch(string(text), -1) {
		list = append(list, block{found[1], found[2]})
	}
	return list
}

// What the README tells to type works, from its first block to its last, in one
// shell.
func TestReadmeCommands(t *testing.T) {
	t.Parallel()
	for _, tool := range []string{"bash", "curl"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("the README's commands need %s: %v", tool, err)
		}
	}
	port := freePort(t)
	dir := t.TempDir()
	for _, name := range []string{"assets", "cmd"} {
		path, err := filepath.Abs(filepath.Join("..", "..", name))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(path, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	var script strings.Builder
	script.WriteString("set -eu -o pipefail\n")
	for n, b := range readmeBlocks(t) {
		switch {
		case b.kind != "sh":
		case n == 0:
			if b.text != "go run ./cmd/accolade demo\nmake test\n" {
				t.Errorf("the README begins with %q, not with the two commands", b.text)
			}
		case strings.HasPrefix(b.text, "go build "): // the test binary stands in for it
		case strings.Contains(b.text, "$DATABASE_URL") && !postgresInstalled():
		default:
			script.WriteString(strings.ReplaceAll(b.text, "8080", port))
			if strings.Contains(b.text, "accolade serve") {
				script.WriteString("for i in $(seq 600); do curl -s -o out.txt http://localhost:" + port + "/readyz && break; sleep 0.1; done\n")
			}
		}
	}
	script.WriteString("kill %1\nwait\n")
	cmd := exec.Command("bash", "-c", script.String())
	cmd.Dir = dir
	cmd.Env = os.Environ()
	if postgresInstalled() {
		cmd.Env = append(cmd.Env, "DATABASE_URL="+ledgertest.Postgres(t))
	}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.WaitDelay = time.Second
	t.Cleanup(func() {
		if cmd.Process != nil {
			_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) // a serve that outlived a failed script
		}
	})
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, want := range []string{"2 rows: 2 new, 0 seen before, 0 corrected, 0 refused", `"achievement":"data-foundations"`, "2 badges: 2 valid", "is in force"} {
		if !strings.Contains(string(out), want) {
			t.Errorf("the README's commands do not print %q:\n%s", want, out)
		}
	}
}

// postgresInstalled tells whether ledgertest can start a server.
func postgresInstalled() bool {
	if _, err := exec.LookPath("initdb"); err == nil {
		return true
	}
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	return err == nil && len(found) > 0
}

// The demo's transcript in the README is what the demo prints.
func TestReadmeTranscript(t *testing.T) {
	t.Parallel()
	out, err := exec.Command("accolade", "demo", "--once").Output()
	if err != nil {
		t.Fatal(err)
	}
	changing := regexp.MustCompile(`localhost:[0-9]+|(badges|assertions)/[1-9A-HJ-NP-Za-km-z]+`)
	lines := map[string]bool{}
	for line := range strings.Lines(string(out)) {
		lines[changing.ReplaceAllString(line, "")] = true
	}
	found := false
	for _, b := range readmeBlocks(t) {
		if b.kind != "text" || !strings.HasPrefix(b.text, "issuer ") {
			continue
		}
		found = true
		for line := range strings.Lines(b.text) {
			if !lines[changing.ReplaceAllString(line, "")] && !strings.HasPrefix(line, "mailbox ") && !strings.HasPrefix(line, "verifier ") {
				t.Errorf("the demo does not print %q", line)
			}
		}
	}
	if !found {
		t.Error("the README shows no demo")
	}
}

// The settings file in the README holds settings.
func TestReadmeSettings(t *testing.T) {
	t.Parallel()
	for _, b := range readmeBlocks(t) {
		if b.kind != "json" {
			continue
		}
		path := filepath.Join(t.TempDir(), "settings.json")
		if err := os.WriteFile(path, []byte(b.text), 0o600); err != nil {
			t.Fatal(err)
		}
		if !json.Valid([]byte(b.text)) {
			t.Errorf("no JSON: %s", b.text)
		}
		cmd := exec.Command("accolade", "issuer", "show", "--config", path)
		cmd.Dir = t.TempDir()
		told, err := cmd.CombinedOutput()
		var failed *exec.ExitError
		if !errors.As(err, &failed) || failed.ExitCode() != 1 || !strings.Contains(string(told), "there is no installation in") {
			t.Errorf("the README's settings: %v: %s", err, told)
		}
		return
	}
	t.Error("the README shows no settings file")
}

// The program in the README is one.
func TestReadmeProgram(t *testing.T) {
	t.Parallel()
	for _, b := range readmeBlocks(t) {
		if b.kind != "go" {
			continue
		}
		path := filepath.Join(t.TempDir(), "main.go")
		if err := os.WriteFile(path, []byte(b.text), 0o600); err != nil {
			t.Fatal(err)
		}
		if out, err := exec.Command("go", "vet", path).CombinedOutput(); err != nil {
			t.Errorf("the README's program: %v\n%s", err, out)
		}
		return
	}
	t.Error("the README shows no program")
}
