package jsonld_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/accolade-badges/accolade/openbadges/strictjson"
)

// shared is where the standards and fixtures lie that these tests compare with.
const shared = "../../../shared"

// mustRead returns a shared file and skips the test where there are none.
func mustRead(tb testing.TB, name string) []byte {
	tb.Helper()
	if _, err := os.Stat(shared); err != nil {
		tb.Skip("the shared standards and fixtures are not here: ", err)
	}
	data, err := os.ReadFile(filepath.Join(shared, name))
	if err != nil {
		tb.Fatal(err)
	}
	return data
}

func mustParse(tb fataler, data []byte) *strictjson.Value {
	tb.Helper()
	v, err := strictjson.Parse(data)
	if err != nil {
		tb.Fatal(err)
	}
	return v
}

// published is one entry of the index of published files.
type published struct {
	File   string
	URLs   []string
	SHA256 string
}

// mustIndex returns the published contexts.
func mustIndex(tb testing.TB) []published {
	tb.Helper()
	var index struct{ Files []published }
	if err := json.Unmarshal(mustRead(tb, "standards/INDEX.json"), &index); err != nil {
		tb.Fatal(err)
	}
	var out []published
	for _, f := range index.Files {
		if filepath.Dir(f.File) == "contexts" {
			out = append(out, f)
		}
	}
	if len(out) < 50 {
		tb.Fatalf("the index names %d contexts, want the 54 published ones", len(out))
	}
	return out
}

// processorTime is what this process has used so far. Other programs on the
// machine disturb it less than they do the clock.
func processorTime(tb testing.TB) time.Duration {
	tb.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		tb.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// fataler is what a test and a property have in common.
type fataler interface {
	Helper()
	Fatal(args ...any)
}
