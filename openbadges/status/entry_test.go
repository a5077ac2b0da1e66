package status_test

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"testing"
	"time"

	"github.com/accolade-badges/accolade/openbadges/status"
	"github.com/accolade-badges/accolade/openbadges/strictjson"
)

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
	v := status.NewListCredential(status.ListCredential{
		ID: "https://e.org/s/1", Issuer: "did:web:e.org", Purpose: status.Revocation,
		Encoded: "uX", ValidFrom: from, ValidUntil: from.Add(time.Hour), TTL: 300 * time.Second,
	})
	want := `{"@context":["https://www.w3.org/ns/credentials/v2"],"id":"https://e.org/s/1","type":["VerifiableCredential","BitstringStatusListCredential"],` +
		`"issuer":"did:web:e.org","validFrom":"2026-01-05T10:00:00Z","validUntil":"2026-01-05T11:00:00Z","credentialSubject":{"id":"https://e.org/s/1#list",` +
		`"type":"BitstringStatusList","statusPurpose":"revocation","encodedList":"uX","ttl":300000}}`
	if got := string(v.Append(nil)); got != want {
		t.Errorf("NewListCredential =\n%s, want\n%s", got, want)
	}
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
