package status_test

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/accolade-badges/accolade/openbadges/status"
	"github.com/accolade-badges/accolade/openbadges/strictjson"
)

func parse(tb testing.TB, s string) *strictjson.Value {
	tb.Helper()
	v, err := strictjson.Parse([]byte(s))
	if err != nil {
		tb.Fatal(err)
	}
	return v
}

func codeOf(err error) status.Code {
	var e *status.Error
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

func zip(bits []byte) string {
	var buf bytes.Buffer
	z := gzip.NewWriter(&buf)
	_, _ = z.Write(bits) // a buffer takes everything
	_ = z.Close()
	return base64.RawURLEncoding.EncodeToString(buf.Bytes())
}

func Example() {
	encoded, err := status.EncodeIndexes([]int{7}, status.MinimumLength)
	if err != nil {
		fmt.Println(err)
		return
	}
	credential := status.NewListCredential(status.ListCredential{
		ID: "https://example.org/status/1", Issuer: "did:web:example.org", Purpose: status.Revocation,
		Encoded: encoded, ValidFrom: time.Date(2026, 1, 5, 10, 0, 0, 0, time.UTC), TTL: 5 * time.Minute,
	})
	inBadge := status.NewEntry("https://example.org/status/1", 7, status.Revocation)

	entry, err := status.ParseEntry(&inBadge)
	if err != nil {
		fmt.Println(err)
		return
	}
	list, err := status.ParseList(&credential)
	if err != nil {
		fmt.Println(err)
		return
	}
	state, err := list.Status(entry, status.Limits{})
	fmt.Println(entry.List, state.Set, err)
	// Output: https://example.org/status/1 true <nil>
}

func TestEncodeThenDecode(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := status.MinimumLength + 8*rapid.IntRange(0, 1000).Draw(t, "more")
		indexes := rapid.SliceOf(rapid.IntRange(0, n-1)).Draw(t, "indexes")
		want := map[int]bool{}
		for _, i := range indexes {
			want[i] = true
		}
		encoded, err := status.EncodeIndexes(indexes, n)
		if err != nil {
			t.Fatal(err)
		}
		again, err := status.Encode(func(i int) bool { return want[i] }, n)
		if err != nil || again != encoded {
			t.Fatalf("Encode and EncodeIndexes differ for the same bits: %v", err)
		}
		list, err := status.Decode(encoded, status.Limits{})
		if err != nil || list.Len() != n {
			t.Fatalf("Decode = %v, %v, want %d entries", list, err, n)
		}
		for _, i := range append(indexes, 0, n-1) {
			if got, err := list.Get(i); err != nil || got != want[i] {
				t.Fatalf("Get(%d) = %v, %v, want %v", i, got, err, want[i])
			}
		}
	})
}

func TestFirstBitIsLeftmost(t *testing.T) {
	bits := make([]byte, status.MinimumLength/8)
	bits[0], bits[1] = 0x80, 0x01
	encoded, err := status.EncodeBits(bits)
	if err != nil {
		t.Fatal(err)
	}
	list, err := status.Decode(encoded, status.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	for i := range 16 {
		if got, err := list.Get(i); err != nil || got != (i == 0 || i == 15) {
			t.Errorf("Get(%d) = %v, %v", i, got, err)
		}
	}
	if v, err := list.Value(7, 2); err != nil || v != 1 {
		t.Errorf("Value(7, 2) = %d, %v, want 1", v, err)
	}
	for _, i := range []int{-1, status.MinimumLength} {
		if _, err := list.Get(i); codeOf(err) != status.OutOfRange {
			t.Errorf("Get(%d) = %v, want %s", i, err, status.OutOfRange)
		}
	}
	if _, err := list.Value(status.MinimumLength/2, 2); codeOf(err) != status.OutOfRange {
		t.Errorf("Value behind the end = %v, want %s", err, status.OutOfRange)
	}
}

func TestDecodeRefuses(t *testing.T) {
	good := zip(make([]byte, status.MinimumLength/8))
	for _, tt := range []struct {
		name, in string
		limits   status.Limits
		code     status.Code
	}{
		{"nothing", "", status.Limits{}, status.Malformed},
		{"another base", "z" + good, status.Limits{}, status.Malformed},
		{"characters of plain base64", "u+/", status.Limits{}, status.Malformed},
		{"no GZIP", "uAAAA", status.Limits{}, status.Malformed},
		{"half a list", "u" + good[:len(good)/2], status.Limits{}, status.Malformed},
		{"a short list", "u" + zip(make([]byte, 100)), status.Limits{}, status.TooShort},
		{"a bomb", "u" + zip(make([]byte, 4<<20+1)), status.Limits{}, status.TooLarge},
		{"more than the caller wants", "u" + zip(make([]byte, 20_000)), status.Limits{Bytes: 19_999}, status.TooLarge},
		{"a long text", "u" + strings.Repeat("A", 6<<20), status.Limits{}, status.TooLarge},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := status.Decode(tt.in, tt.limits); codeOf(err) != tt.code {
				t.Errorf("Decode = %v, want the code %s", err, tt.code)
			}
		})
	}
}

func TestDecodeReadsOlderLists(t *testing.T) {
	good := zip(make([]byte, status.MinimumLength/8))
	for _, in := range []string{good, good + "==", "u" + good + "=="} {
		if _, err := status.Decode(in, status.Limits{}); err != nil {
			t.Errorf("Decode(%.8s…) = %v", in, err)
		}
	}
	if _, err := status.Decode("u"+zip(make([]byte, 100)), status.Limits{ShortLists: true}); err != nil {
		t.Errorf("a short list that is allowed: %v", err)
	}
}

func TestEncodeRefuses(t *testing.T) {
	never := func(int) bool { return false }
	for n, code := range map[int]status.Code{
		0: status.TooShort, status.MinimumLength - 8: status.TooShort,
		status.MinimumLength + 1: status.Malformed, 8*(4<<20) + 8: status.Malformed,
	} {
		if _, err := status.Encode(never, n); codeOf(err) != code {
			t.Errorf("Encode of %d entries = %v, want %s", n, err, code)
		}
	}
	if _, err := status.EncodeIndexes([]int{status.MinimumLength}, status.MinimumLength); codeOf(err) != status.OutOfRange {
		t.Errorf("EncodeIndexes behind the end = %v, want %s", err, status.OutOfRange)
	}
}

func TestErrorTypes(t *testing.T) {
	for code, want := range map[status.Code]string{
		status.Malformed: "MALFORMED_VALUE_ERROR", status.OutOfRange: "RANGE_ERROR",
		status.TooShort: "STATUS_LIST_LENGTH_ERROR", status.Purpose: "STATUS_VERIFICATION_ERROR",
	} {
		if got := (&status.Error{Code: code}).Type(); got != "https://www.w3.org/ns/credentials/status-list#"+want {
			t.Errorf("the type of %s is %s, want %s", code, got, want)
		}
	}
}

// TestPublishedLists looks up bits in the lists of other projects.
func TestPublishedLists(t *testing.T) {
	root := "../../../shared/fixtures/badges/"
	data, err := os.ReadFile(root + "documents.json")
	if err != nil {
		t.Skip("the collection of published documents is not here: ", err)
	}
	var documents map[string]struct{ File string }
	if err := json.Unmarshal(data, &documents); err != nil {
		t.Fatal(err)
	}
	seen := 0
	for url, d := range documents {
		body, err := os.ReadFile(root + d.File)
		if err != nil || !bytes.Contains(body, []byte("encodedList")) {
			continue
		}
		s, err := status.ParseList(parse(t, string(body)))
		if err != nil {
			t.Errorf("%s: %v", url, err)
			continue
		}
		// Two of them have 100,000 entries, and badges in the wild that rely on them.
		list, err := status.Decode(s.Encoded, status.Limits{ShortLists: true})
		if err != nil {
			t.Errorf("%s: %v", url, err)
			continue
		}
		seen++
		// Badges of the collection that name entry 7 are in force.
		if set, err := list.Get(7); err != nil || set {
			t.Errorf("%s: entry 7 is %v, %v, want it clear", url, set, err)
		}
	}
	if seen == 0 {
		t.Error("no published list was read")
	}
}

func FuzzDecode(f *testing.F) {
	f.Add("u" + zip(make([]byte, status.MinimumLength/8)))
	f.Add(zip([]byte{1}))
	f.Fuzz(func(t *testing.T, in string) {
		list, err := status.Decode(in, status.Limits{Bytes: 1 << 16, ShortLists: true})
		if err != nil {
			return
		}
		if list.Len() > 8<<16 {
			t.Fatalf("%d bits came out", list.Len())
		}
		if _, err := list.Get(list.Len()); codeOf(err) != status.OutOfRange {
			t.Fatalf("Get behind the end = %v", err)
		}
	})
}

func BenchmarkList(b *testing.B) {
	encoded, err := status.Encode(func(i int) bool { return i%97 == 0 }, status.MinimumLength)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("encode", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := status.Encode(func(i int) bool { return i%97 == 0 }, status.MinimumLength); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("decode", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := status.Decode(encoded, status.Limits{}); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("look-up", func(b *testing.B) {
		list, err := status.Decode(encoded, status.Limits{})
		if err != nil {
			b.Fatal(err)
		}
		e := status.Entry{Index: 9700, Size: 1}
		b.ReportAllocs()
		for b.Loop() {
			if s, err := e.In(list); err != nil || !s.Set {
				b.Fatal(s, err)
			}
		}
	})
}
