// Package ledgertest lends tests a PostgreSQL server of their own. [Postgres] is
// the call: it starts a cluster in a temporary directory, once a test process,
// and makes an empty database in it for each test. No server that is already
// there is touched, and nothing is left behind, however the process ends.
//
// It is for tests only.
package ledgertest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// Require is the environment variable that, set to 1, makes tests fail where
// PostgreSQL is not installed, instead of skipping them.
const Require = "ACCOLADE_REQUIRE_POSTGRES"

// Postgres returns the URL of a new, empty database on this process' own server.
// Where PostgreSQL is not installed the test is skipped, or fails when the
// variable [Require] is 1.
func Postgres(tb testing.TB) string {
	tb.Helper()
	c, err := cluster()
	var absent *absentError
	switch {
	case errors.As(err, &absent) && os.Getenv(Require) != "1":
		tb.Skip(err)
	case err != nil:
		tb.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	conn, err := pgx.Connect(ctx, c.address("postgres"))
	if err != nil {
		tb.Fatalf("ledgertest: %v", err)
	}
	defer func() { _ = conn.Close(ctx) }()
	name := fmt.Sprintf("test%d", databases.Add(1))
	if _, err := conn.Exec(ctx, "create database "+name); err != nil {
		tb.Fatalf("ledgertest: %v", err)
	}
	return c.address(name)
}

// databases counts the databases made in this process.
var databases atomic.Int64

// cluster starts this process' server on first use.
var cluster = sync.OnceValues(start)

// server is a running server.
type server struct {
	dir  string
	life io.Closer // while it is open the server runs
}

// address is the URL of a database of the server, which listens on a Unix
// socket in its directory and nowhere else.
func (s *server) address(database string) string {
	q := url.Values{"host": {s.dir}, "sslmode": {"disable"}}
	return (&url.URL{Scheme: "postgres", User: url.User("postgres"), Path: "/" + database, RawQuery: q.Encode()}).String()
}

type absentError struct{ looked []string }

func (e *absentError) Error() string {
	return "PostgreSQL is not installed (no initdb in " + strings.Join(e.looked, ", ") +
		"); install it, as with `apt-get install postgresql`, to run this test"
}

// binaries returns the folder with initdb and postgres, of the newest version
// that is installed.
func binaries() (string, error) {
	looked := []string{"the PATH"}
	if path, err := exec.LookPath("initdb"); err == nil {
		return filepath.Dir(path), nil
	}
	for _, pattern := range []string{"/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql@*/bin", "/usr/local/opt/postgresql@*/bin"} {
		looked = append(looked, pattern)
		found, err := filepath.Glob(pattern + "/initdb")
		if err != nil {
			return "", err
		}
		if len(found) > 0 {
			return filepath.Dir(slices.MaxFunc(found, func(a, b string) int { return version(a) - version(b) })), nil
		}
	}
	return "", &absentError{looked}
}

// version is the first number in a path.
func version(path string) int {
	digits := strings.FieldsFunc(path, func(r rune) bool { return r < '0' || r > '9' })
	n, err := strconv.Atoi(digits[0])
	if err != nil {
		return 0
	}
	return n
}

// keeper runs the server until its standard input ends, which it does when the
// test process does, then stops it and clears up. Its arguments are the folder
// of the programs and the directory.
const keeper = `
trap '' INT TERM HUP
"$0/postgres" -D "$1/data" -k "$1" -c listen_addresses= -c fsync=off -c full_page_writes=off \
	-c max_connections=200 -c log_min_messages=fatal </dev/null &
cat >/dev/null
kill -QUIT $!
wait $!
rm -rf "$1"
`

func start() (*server, error) {
	bin, err := binaries()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "accolade-pg")
	if err != nil {
		return nil, err
	}
	owner, err := account(dir)
	if err != nil {
		return nil, err
	}
	initdb := exec.Command(filepath.Join(bin, "initdb"), "-D", filepath.Join(dir, "data"), "-U", "postgres", "-A", "trust",
		"-E", "UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions")
	initdb.SysProcAttr, initdb.Dir = owner, dir
	if out, err := initdb.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("ledgertest: initdb: %w\n%s", err, out)
	}
	log, err := os.Create(filepath.Join(dir, "log"))
	if err != nil {
		return nil, err
	}
	defer func() { _ = log.Close() }()
	run := exec.Command("sh", "-c", keeper, bin, dir)
	run.SysProcAttr, run.Dir = owner, dir
	run.Stdout, run.Stderr = log, log // not ours: `go test` waits for those to be closed
	life, err := run.StdinPipe()
	if err != nil {
		return nil, err
	}
	if err := run.Start(); err != nil {
		return nil, fmt.Errorf("ledgertest: %w", err)
	}
	s := &server{dir, life}
	return s, s.await()
}

// account gives dir to the user postgres where this is root, whom the server
// refuses, and returns how to run programs as that user.
func account(dir string) (*syscall.SysProcAttr, error) {
	attr := &syscall.SysProcAttr{Setpgid: true} // an interrupt in the terminal is not for the server
	if os.Geteuid() != 0 {
		return attr, nil
	}
	who, err := user.Lookup("postgres")
	if err != nil {
		return nil, fmt.Errorf("ledgertest: PostgreSQL does not run as root: %w", err)
	}
	uid, err := strconv.ParseUint(who.Uid, 10, 32)
	if err != nil {
		return nil, err
	}
	gid, err := strconv.ParseUint(who.Gid, 10, 32)
	if err != nil {
		return nil, err
	}
	attr.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	return attr, os.Chown(dir, int(uid), int(gid))
}

// await waits until the server answers.
func (s *server) await() error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	for {
		conn, err := pgx.Connect(ctx, s.address("postgres"))
		if err == nil {
			return conn.Close(ctx)
		}
		if ctx.Err() != nil {
			out, _ := os.ReadFile(filepath.Join(s.dir, "log")) // the first error says enough
			return fmt.Errorf("ledgertest: the server does not answer: %w\n%s", err, out)
		}
		time.Sleep(20 * time.Millisecond)
	}
}
