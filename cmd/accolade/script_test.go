package main

import (
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain puts the program on the path under its name, as a copy of the test
// binary: scripts and tests run it as its users do.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"accolade": main})
}

// TestStories runs testdata/*.txtar, one story each. Beside the commands of
// testscript they use
//
//	status N COMMAND...    runs a command that must end with exit status N
//	take NAME PATTERN      sets NAME to the first group of PATTERN in stdout
//	serve ARGUMENT...      runs accolade serve with them until the story ends
//
// and the variables PORT, a free port, and BASE, http://localhost:$PORT.
func TestStories(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata",
		Setup: func(env *testscript.Env) error {
			port := freePort(t)
			env.Setenv("PORT", port)
			env.Setenv("BASE", "http://localhost:"+port)
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"status": scriptStatus, "take": scriptTake, "serve": scriptServe,
		},
	})
}

func scriptStatus(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: status N COMMAND...")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	err = ts.Exec(args[1], args[2:]...)
	var failed *exec.ExitError
	got := 0
	if errors.As(err, &failed) {
		got = failed.ExitCode()
	} else {
		ts.Check(err)
	}
	if got != want {
		ts.Fatalf("exit status %d, want %d", got, want)
	}
}

func scriptTake(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: take NAME PATTERN")
	}
	found := regexp.MustCompile(args[1]).FindStringSubmatch(ts.ReadFile("stdout"))
	if len(found) < 2 {
		ts.Fatalf("stdout does not match %s", args[1])
	}
	ts.Setenv(args[0], found[1])
}

func scriptServe(ts *testscript.TestScript, neg bool, args []string) {
	if neg {
		ts.Fatalf("serve cannot be expected to fail; use status")
	}
	cmd := exec.Command("accolade", append([]string{"serve", "--listen", "127.0.0.1:" + ts.Getenv("PORT")}, args...)...)
	cmd.Dir = ts.MkAbs(".")
	cmd.Env = os.Environ()
	for _, name := range []string{"ACCOLADE_DATA", "ACCOLADE_TEST_CLOCK", "ACCOLADE_ALLOW_HOST", "ACCOLADE_PASSPHRASE"} {
		cmd.Env = append(cmd.Env, name+"="+ts.Getenv(name))
	}
	log, err := os.Create(filepath.Join(cmd.Dir, "serve.log"))
	ts.Check(err)
	cmd.Stderr = log
	ts.Check(cmd.Start())
	ts.Defer(func() {
		_ = cmd.Process.Signal(os.Interrupt)
		_ = cmd.Wait()
		_ = log.Close()
	})
	if err := ready("localhost:" + ts.Getenv("PORT")); err != nil {
		ts.Fatalf("%v\n%s", err, ts.ReadFile("serve.log"))
	}
}

// freePort returns a port of this machine that nothing listens on.
func freePort(tb testing.TB) string {
	tb.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	defer l.Close()
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		tb.Fatal(err)
	}
	return port
}

// ready waits until something listens at address.
func ready(address string) error {
	deadline := time.Now().Add(time.Minute)
	for {
		c, err := net.Dial("tcp", address)
		if err == nil {
			return c.Close()
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("nothing listens at %s: %w", address, err)
		}
		time.Sleep(20 * time.Millisecond)
	}
}
