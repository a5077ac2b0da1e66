package ledger_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/accolade-badges/accolade/issuer/ledger"
)

// These variables turn the test binary into a process that works on a ledger,
// to be killed.
const (
	childTask = "ACCOLADE_LEDGER_CHILD"
	childURL  = "ACCOLADE_LEDGER_URL"
)

func TestMain(m *testing.M) {
	task := os.Getenv(childTask)
	if task == "" {
		os.Exit(m.Run())
	}
	if err := child(task, os.Getenv(childURL), os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// child does a task and prints a line for each thing that was acknowledged.
func child(task, url string, out io.Writer) error {
	ctx := context.Background()
	l, err := ledger.Open(ctx, ledger.Config{URL: url})
	if err != nil {
		return err
	}
	name, rest, _ := strings.Cut(task, " ")
	switch name {
	case "claim": // claims jobs and never finishes them
		err = l.Update(ctx, func(tx *ledger.Tx) error {
			jobs, err := tx.ClaimJobs(ctx, []string{"sign"}, 5, "child", 2*time.Second)
			_, _ = fmt.Fprintln(out, len(jobs)) // the parent sees it missing
			return err
		})
		if err == nil {
			select {}
		}
		return err
	case "write": // "write PREFIX LIMIT"
		var prefix string
		var limit int
		if _, err := fmt.Sscan(rest, &prefix, &limit); err != nil {
			return err
		}
		if err := writeMany(ctx, l, prefix, limit, out); err != nil {
			return err
		}
		return l.Close()
	}
	return fmt.Errorf("no task %q", task)
}

// writeMany writes from 16 callers until limit is reached. Each update writes
// three things that belong together.
func writeMany(ctx context.Context, l *ledger.Ledger, prefix string, limit int, out io.Writer) error {
	var mu sync.Mutex
	var group sync.WaitGroup
	var failed error
	for c := range 16 {
		group.Go(func() {
			for i := c; i < limit; i += 16 {
				id := prefix + strconv.Itoa(i)
				err := l.Update(ctx, func(tx *ledger.Tx) error {
					if err := tx.PutSetting(ctx, id, "x"); err != nil {
						return err
					}
					if err := tx.AddJob(ctx, ledger.Job{ID: id, Kind: "sign", RunAt: now, MaxAttempts: 3, CreatedAt: now}); err != nil {
						return err
					}
					return tx.AppendAudit(ctx, ledger.Audit{At: now, Actor: prefix, Subject: id})
				})
				mu.Lock()
				if err != nil {
					failed = err
				} else {
					_, err = fmt.Fprintln(out, id)
				}
				mu.Unlock()
				if err != nil {
					return
				}
			}
		})
	}
	group.Wait()
	return failed
}

// start runs the test binary on a task.
func start(t *testing.T, task, url string) (*exec.Cmd, *bufio.Scanner) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), childTask+"="+task, childURL+"="+url)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill() // it may have ended
		_ = cmd.Wait()
	})
	return cmd, bufio.NewScanner(out)
}

// whole checks that every acknowledged id is there, and of each id all or
// nothing, and returns how many there are.
func whole(t *testing.T, l *ledger.Ledger, acknowledged []string) int {
	t.Helper()
	names, jobs := map[string]bool{}, 0
	for _, name := range settings(t, l) {
		names[name] = true
	}
	for _, id := range acknowledged {
		if !names[id] {
			t.Errorf("%s was acknowledged and is gone", id)
		}
	}
	audited := map[string]bool{}
	view(t, l, func(ctx context.Context, tx *ledger.Tx) error {
		audits, err := tx.Audits(ctx, 0, 1_000_000)
		for _, a := range audits {
			audited[a.Subject] = true
		}
		if err == nil {
			jobs, err = tx.PendingJobs(ctx, "sign")
		}
		return err
	})
	for name := range names {
		if !audited[name] {
			t.Errorf("%s is there by half", name)
		}
	}
	if len(audited) != len(names) || jobs != len(names) {
		t.Errorf("%d settings, %d audit entries, %d jobs; want as many of each", len(names), len(audited), jobs)
	}
	report := read(t, l, func(ctx context.Context, tx *ledger.Tx) (ledger.AuditReport, error) { return tx.VerifyAudit(ctx) })
	if report.Broken != 0 {
		t.Errorf("audit chain: %+v", report)
	}
	if err := l.Check(t.Context()); err != nil {
		t.Error(err)
	}
	return len(names)
}

func TestKilledProcessLosesNothing(t *testing.T) {
	engines(t, func(t *testing.T, url string) {
		var acknowledged []string
		for round := range 3 {
			cmd, out := start(t, fmt.Sprintf("write r%d- 1000000", round), url)
			for i := 0; i < 200+50*round && out.Scan(); i++ {
				acknowledged = append(acknowledged, out.Text())
			}
			if err := cmd.Process.Kill(); err != nil {
				t.Fatal(err)
			}
			for out.Scan() { // what it had said by then
				if line := out.Text(); strings.HasPrefix(line, "r") {
					acknowledged = append(acknowledged, line)
				}
			}
		}
		if len(acknowledged) < 600 {
			t.Fatalf("only %d updates were acknowledged", len(acknowledged))
		}
		n := whole(t, open(t, url), acknowledged)
		t.Logf("%d acknowledged, %d there", len(acknowledged), n)
	})
}

func TestKilledWorkersJobsAreTakenOver(t *testing.T) {
	engines(t, func(t *testing.T, url string) {
		l := open(t, url)
		var jobs []ledger.Job
		for i := range 5 {
			jobs = append(jobs, ledger.Job{ID: fmt.Sprint("j", i), Kind: "sign"})
		}
		addJobs(t, l, jobs...)
		cmd, out := start(t, "claim", url)
		if !out.Scan() || out.Text() != "5" {
			t.Fatalf("the child claimed %q", out.Text())
		}
		for l.View(t.Context(), func(tx *ledger.Tx) error { // until its claim is committed
			j, err := tx.Job(t.Context(), "j4")
			if err == nil && j.LeaseBy == "" {
				err = ledger.ErrNotFound
			}
			return err
		}) != nil {
			time.Sleep(5 * time.Millisecond)
		}
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		same(t, claim(t, l, "parent", 10, time.Minute), nil)
		time.Sleep(2100 * time.Millisecond)
		same(t, claim(t, l, "parent", 10, time.Minute), []string{"j0", "j1", "j2", "j3", "j4"})
		fails(t, l, ledger.ErrConflict, func(ctx context.Context, tx *ledger.Tx) error { return tx.FinishJob(ctx, "j0", "child") })
		update(t, l, func(ctx context.Context, tx *ledger.Tx) error { return tx.FinishJob(ctx, "j0", "parent") })
	})
}

func TestProcessesShareADatabase(t *testing.T) {
	engines(t, func(t *testing.T, url string) {
		// All three find a new database and make its tables.
		const limit = 300
		var children []*exec.Cmd
		var acknowledged []string
		var mu sync.Mutex
		var readers sync.WaitGroup
		for _, prefix := range []string{"a-", "b-"} {
			cmd, out := start(t, fmt.Sprintf("write %s %d", prefix, limit), url)
			children = append(children, cmd)
			readers.Go(func() {
				for out.Scan() {
					mu.Lock()
					acknowledged = append(acknowledged, out.Text())
					mu.Unlock()
				}
			})
		}
		l := open(t, url)
		if err := writeMany(t.Context(), l, "c-", limit, io.Discard); err != nil {
			t.Error(err)
		}
		readers.Wait()
		for _, cmd := range children {
			if err := cmd.Wait(); err != nil {
				t.Errorf("child: %v", err)
			}
		}
		same(t, whole(t, l, acknowledged), 3*limit)
	})
}

func TestManyOpenOneNewFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "accolade.db")
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			l, err := ledger.Open(t.Context(), ledger.Config{URL: path})
			if err != nil {
				t.Error(err)
				return
			}
			if err := l.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
}
