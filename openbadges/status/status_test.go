package status_test

import (
	"bytes"
	"compress/gzip"
	"crypto/rand"
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
	for n, code := range map[int]status.Code{0: status.TooShort, status.MinimumLength - 8: status.TooShort,
		status.MinimumLength + 1: status.Malformed, 8*(4<<20) + 8: status.Malformed} {
		if _, err := status.Encode(never, n); codeOf(err) != code {
			t.Errorf("Encode of %d entries = %v, want %s", n, err, code)
		}
	}
	if _, err := status.EncodeIndexes([]int{status.MinimumLength}, status.MinimumLength); codeOf(err) != status.OutOfRange {
		t.Errorf("EncodeIndexes behind the end = %v, want %s", err, status.OutOfRange)
	}
}

func TestRandomIndex(t *testing.T) {
	counts := make([]int, 3)
	for range 3000 {
		i, err := status.RandomIndex(rand.Reader, 3)
		if err != nil {
			t.Fatal(err)
		}
		counts[i]++
	}
	for i, n := range counts {
		if n < 800 || n > 1200 {
			t.Errorf("index %d came up %d times of 3000", i, n)
		}
	}
	// 2^64-1 is the one value that would favour index 0 of three.
	r := bytes.NewReader(append(bytes.Repeat([]byte{0xff}, 8), 0, 0, 0, 0, 0, 0, 0, 5))
	if i, err := status.RandomIndex(r, 3); err != nil || i != 2 {
		t.Errorf("RandomIndex = %d, %v, want the second draw, 2", i, err)
	}
	if _, err := status.RandomIndex(bytes.NewReader(nil), 3); err == nil {
		t.Error("RandomIndex without randomness gives no error")
	}
	if _, err := status.RandomIndex(rand.Reader, 0); codeOf(err) != status.OutOfRange {
		t.Errorf("RandomIndex below 0 = %v", err)
	}
}

func TestParseEntry(t *testing.T) {
	for _, tt := range []struct {
		name, in string
		want     string // list, purpose, index
		code     status.Code
	}{
		{"bitstring", `{"id":"https://e.org/s#5","type":"BitstringStatusListEntry","statusPurpose":"suspension","statusListIndex":"5","statusListCredential":"https://e.org/s"}`, "https://e.org/s suspension 5", ""},
		{"an index that is a number", `{"type":"BitstringStatusListEntry","statusPurpose":"revocation","statusListIndex":5,"statusListCredential":"https://e.org/s"}`, "https://e.org/s revocation 5", ""},
		{"2021", `{"type":["StatusList2021Entry"],"statusPurpose":"revocation","statusListIndex":"0","statusListCredential":"https://e.org/s"}`, "https://e.org/s revocation 0", ""},
		{"2020", `{"type":"RevocationList2020Status","revocationListIndex":"9","revocationListCredential":"https://e.org/s"}`, "https://e.org/s revocation 9", ""},
		{"1EdTech", `{"id":"https://e.org/r","type":"1EdTechRevocationList"}`, "https://e.org/r revocation 0", ""},
		{"a string", `"https://e.org/r"`, "", status.Malformed},
		{"an unknown type", `{"id":"https://e.org/r","type":"OtherStatus"}`, "", status.UnknownType},
		{"1EdTech without address", `{"type":"1EdTechRevocationList"}`, "", status.Malformed},
		{"no list", `{"type":"BitstringStatusListEntry","statusPurpose":"revocation","statusListIndex":"5"}`, "", status.Malformed},
		{"no purpose", `{"type":"BitstringStatusListEntry","statusListIndex":"5","statusListCredential":"https://e.org/s"}`, "", status.Malformed},
		{"no index", `{"type":"BitstringStatusListEntry","statusPurpose":"revocation","statusListCredential":"https://e.org/s"}`, "", status.Malformed},
		{"a negative index", `{"type":"BitstringStatusListEntry","statusPurpose":"revocation","statusListIndex":"-1","statusListCredential":"https://e.org/s"}`, "", status.Malformed},
		{"an index with a zero in front", `{"type":"BitstringStatusListEntry","statusPurpose":"revocation","statusListIndex":"05","statusListCredential":"https://e.org/s"}`, "", status.Malformed},
		{"an index with a fraction", `{"type":"BitstringStatusListEntry","statusPurpose":"revocation","statusListIndex":5.5,"statusListCredential":"https://e.org/s"}`, "", status.Malformed},
		{"an id that is the list", `{"id":"https://e.org/s","type":"BitstringStatusListEntry","statusPurpose":"revocation","statusListIndex":"5","statusListCredential":"https://e.org/s"}`, "", status.Malformed},
		{"a size without messages", `{"type":"BitstringStatusListEntry","statusPurpose":"message","statusSize":2,"statusListIndex":"5","statusListCredential":"https://e.org/s"}`, "", status.Malformed},
	} {
		t.Run(tt.name, func(t *testing.T) {
			e, err := status.ParseEntry(parse(t, tt.in))
			if codeOf(err) != tt.code {
				t.Fatalf("ParseEntry = %v, want the code %q", err, tt.code)
			}
			if got := fmt.Sprint(e.List, " ", e.Purpose, " ", e.Index); err == nil && got != tt.want {
				t.Errorf("ParseEntry = %s, want %s", got, tt.want)
			}
		})
	}
}

func TestStatusWithMessages(t *testing.T) {
	e, err := status.ParseEntry(parse(t, `{"type":"BitstringStatusListEntry","statusPurpose":"message","statusSize":2,
		"statusMessage":[{"status":"0x0","message":"good"},{"status":"0x1","message":"late"},{"status":"0x2","message":"lost"},{"status":"0x3","message":"other"}],
		"statusListIndex":"3","statusListCredential":"https://e.org/s"}`))
	if err != nil {
		t.Fatal(err)
	}
	bits := make([]byte, status.MinimumLength/8)
	bits[0] = 0b10
	encoded, err := status.EncodeBits(bits)
	if err != nil {
		t.Fatal(err)
	}
	s := status.Subject{Purposes: []string{"message"}, Encoded: encoded}
	if got, err := s.Status(e, status.Limits{}); err != nil || got != (status.State{Set: true, Value: 2, Message: "lost"}) {
		t.Errorf("Status = %+v, %v, want lost", got, err)
	}
	s.Purposes = []string{"revocation"}
	if _, err := s.Status(e, status.Limits{}); codeOf(err) != status.Purpose {
		t.Errorf("Status for another purpose = %v, want %s", err, status.Purpose)
	}
}

func TestParseList(t *testing.T) {
	for _, tt := range []struct {
		name, in string
		ttl      time.Duration
		code     status.Code
	}{
		{"a list", `{"credentialSubject":{"type":"BitstringStatusList","statusPurpose":["revocation","suspension"],"encodedList":"uH","ttl":1000}}`, time.Second, ""},
		{"no ttl", `{"credentialSubject":{"type":"StatusList2021","statusPurpose":"revocation","encodedList":"H"}}`, status.DefaultTTL, ""},
		{"a year", `{"credentialSubject":{"type":"BitstringStatusList","statusPurpose":"revocation","encodedList":"u","ttl":31536000000}}`, 24 * time.Hour, ""},
		{"no subject", `{}`, 0, status.Malformed},
		{"two subjects", `{"credentialSubject":[{},{}]}`, 0, status.Malformed},
		{"another subject", `{"credentialSubject":{"type":"AchievementSubject"}}`, 0, status.UnknownType},
		{"no bits", `{"credentialSubject":{"type":"BitstringStatusList","statusPurpose":"revocation"}}`, 0, status.Malformed},
		{"no purpose", `{"credentialSubject":{"type":"BitstringStatusList","encodedList":"u"}}`, 0, status.Malformed},
		{"a negative ttl", `{"credentialSubject":{"type":"BitstringStatusList","statusPurpose":"revocation","encodedList":"u","ttl":-1}}`, 0, status.Malformed},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, err := status.ParseList(parse(t, tt.in))
			if codeOf(err) != tt.code || err == nil && s.TTL != tt.ttl {
				t.Errorf("ParseList = %+v, %v, want the code %q and ttl %s", s, err, tt.code, tt.ttl)
			}
		})
	}
}

func TestNewListCredential(t *testing.T) {
	from := time.Date(2026, 1, 5, 11, 0, 0, 999, time.FixedZone("", 3600))
	v := status.NewListCredential(status.ListCredential{ID: "https://e.org/s/1", Issuer: "did:web:e.org", Purpose: status.Revocation,
		Encoded: "uX", ValidFrom: from, ValidUntil: from.Add(time.Hour), TTL: 300 * time.Second})
	want := `{"@context":["https://www.w3.org/ns/credentials/v2"],"id":"https://e.org/s/1","type":["VerifiableCredential","BitstringStatusListCredential"],` +
		`"issuer":"did:web:e.org","validFrom":"2026-01-05T10:00:00Z","validUntil":"2026-01-05T11:00:00Z","credentialSubject":{"id":"https://e.org/s/1#list",` +
		`"type":"BitstringStatusList","statusPurpose":"revocation","encodedList":"uX","ttl":300000}}`
	if got := string(v.Append(nil)); got != want {
		t.Errorf("NewListCredential =\n%s, want\n%s", got, want)
	}
}

func TestRevocations(t *testing.T) {
	revoked := []status.Revoked{{ID: "urn:uuid:1", Reason: "withdrawn"}, {ID: "https://e.org/2"}}
	for _, tt := range []struct {
		name string
		in   strictjson.Value
	}{
		{"1EdTech", status.NewEdTechList("https://e.org/r", "did:web:e.org", revoked)},
		{"2.0", status.NewOB2List("https://e.org/r", "did:web:e.org", revoked)},
		{"bare ids", *parse(t, `{"id":"https://e.org/r","issuer":{"id":"did:web:e.org"},"revokedAssertions":["https://e.org/2",{"id":"urn:uuid:1","revocationReason":"withdrawn"}]}`)},
		{"with one that is not revoked", *parse(t, `{"id":"https://e.org/r","issuer":"did:web:e.org","revokedCredential":[{"id":"urn:uuid:3","revoked":false},{"id":"urn:uuid:1","revocationReason":"withdrawn"},{"id":"https://e.org/2","revoked":true}]}`)},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r, err := status.ParseRevocations(&tt.in)
			if err != nil {
				t.Fatal(err)
			}
			if r.ID != "https://e.org/r" || r.Issuer != "did:web:e.org" || len(r.Items) != 2 {
				t.Errorf("ParseRevocations = %+v", r)
			}
			if got, found := r.Find("", "other", " urn:uuid:1 "); !found || got.Reason != "withdrawn" {
				t.Errorf("Find = %+v, %v, want the reason", got, found)
			}
			if _, found := r.Find("urn:uuid:3"); found {
				t.Error("Find finds a badge that is not revoked")
			}
		})
	}
	old, err := status.ParseRevocations10(parse(t, `{"abc":"late","https://e.org/4":""}`))
	if err != nil {
		t.Fatal(err)
	}
	if got, found := old.Find("abc"); !found || got.Reason != "late" {
		t.Errorf("Find in a list of 1.0 = %+v, %v", got, found)
	}
}

func TestRevocationsRefuse(t *testing.T) {
	for name, in := range map[string]string{
		"an array": `[]`, "nothing": `{}`, "an error document": `{"error":"not found"}`, "a list without a list": `{"id":"https://e.org/r","issuer":"x"}`,
		"an item without a name": `{"revokedAssertions":[{"revocationReason":"x"}]}`, "an item that is a number": `{"revokedCredential":[5]}`,
	} {
		t.Run(name, func(t *testing.T) {
			if r, err := status.ParseRevocations(parse(t, in)); codeOf(err) != status.Malformed {
				t.Errorf("ParseRevocations = %+v, %v, want %s", r, err, status.Malformed)
			}
		})
	}
	if _, err := status.ParseRevocations10(parse(t, `{"a":1}`)); codeOf(err) != status.Malformed {
		t.Errorf("ParseRevocations10 of numbers = %v", err)
	}
}

func TestErrorTypes(t *testing.T) {
	for code, want := range map[status.Code]string{status.Malformed: "MALFORMED_VALUE_ERROR", status.OutOfRange: "RANGE_ERROR",
		status.TooShort: "STATUS_LIST_LENGTH_ERROR", status.Purpose: "STATUS_VERIFICATION_ERROR"} {
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

func FuzzParseEntry(f *testing.F) {
	f.Add([]byte(`{"type":"BitstringStatusListEntry","statusPurpose":"revocation","statusListIndex":"5","statusListCredential":"https://e.org/s","statusSize":2,"statusMessage":[{}]}`))
	f.Add([]byte(`{"revokedAssertions":["a",{"id":"b"}],"credentialSubject":{"type":"BitstringStatusList"}}`))
	f.Fuzz(func(t *testing.T, in []byte) {
		v, err := strictjson.Parse(in)
		if err != nil {
			return
		}
		if e, err := status.ParseEntry(v); err == nil && (e.Index < 0 || e.List == "" || e.Size < 1) {
			t.Fatalf("ParseEntry accepts %+v", e)
		}
		_, _ = status.ParseList(v) // must not panic
		_, _ = status.ParseRevocations(v)
		_, _ = status.ParseRevocations10(v)
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
