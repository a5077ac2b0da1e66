package strictjson_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/accolade-badges/accolade/openbadges/strictjson"
)

func ExampleParse() {
	v, err := strictjson.Parse([]byte(`{"type": ["VerifiableCredential"], "issuer": {"id": "did:web:example.org"}}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(v.Get("issuer").Get("id").Str(), v.Get("type").Contains("VerifiableCredential"))

	_, err = strictjson.Parse([]byte("{\n  \"id\": 1,\n  \"id\": 2\n}"))
	fmt.Println(err)
	// Output:
	// did:web:example.org true
	// line 3, column 3: member "id" stands twice in one object
}

func TestParseRefuses(t *testing.T) {
	many := "{"
	for i := range 30 {
		many += fmt.Sprintf(`"m%d":1,`, i)
	}
	for _, tt := range []struct {
		name, in string
		code     strictjson.Code
	}{
		{"nothing", "", strictjson.BadSyntax},
		{"two documents", "{} {}", strictjson.BadSyntax},
		{"a duplicate", `{"a":1,"a":1}`, strictjson.DuplicateMember},
		{"a duplicate spelled with an escape", `{"a":1,"\u0061":1}`, strictjson.DuplicateMember},
		{"a duplicate among many", many + `"m3":1}`, strictjson.DuplicateMember},
		{"a duplicate deep down", `[{"a":{"b":0,"b":0}}]`, strictjson.DuplicateMember},
		{"a lone high surrogate", `"\ud800"`, strictjson.BadUTF8},
		{"a lone low surrogate", `"\udc00x"`, strictjson.BadUTF8},
		{"two high surrogates", `"\ud800\ud800"`, strictjson.BadUTF8},
		{"bad UTF-8", "\"\xff\"", strictjson.BadUTF8},
		{"a byte order mark", "\ufeff{}", strictjson.BadSyntax},
		{"a trailing comma", `[1,]`, strictjson.BadSyntax},
		{"a missing comma", `[1 2]`, strictjson.BadSyntax},
		{"a leading zero", `01`, strictjson.BadSyntax},
		{"a bare minus", `-`, strictjson.BadSyntax},
		{"a point without digits", `1.`, strictjson.BadSyntax},
		{"an exponent without digits", `1e+`, strictjson.BadSyntax},
		{"NaN", `NaN`, strictjson.BadSyntax},
		{"a raw newline in a string", "\"a\nb\"", strictjson.BadSyntax},
		{"a bad escape", `"\x"`, strictjson.BadSyntax},
		{"a cut escape", `"\u12`, strictjson.BadSyntax},
		{"a signed hexadecimal", `"\u+123"`, strictjson.BadSyntax},
		{"an open string", `"abc`, strictjson.BadSyntax},
		{"a string that ends in a backslash", `"abc\`, strictjson.BadSyntax},
		{"an open object", `{"a":1`, strictjson.BadSyntax},
		{"a name without a colon", `{"a" 1}`, strictjson.BadSyntax},
		{"a name without quotes", `{a:1}`, strictjson.BadSyntax},
		{"depth 65", strings.Repeat("[", 65) + strings.Repeat("]", 65), strictjson.TooDeep},
		{"too many values", "[" + strings.Repeat("0,", 100_000) + "0]", strictjson.TooMany},
		{"too many bytes", `"` + strings.Repeat("x", 1<<20) + `"`, strictjson.TooLarge},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := strictjson.Parse([]byte(tt.in))
			var e *strictjson.Error
			if !errors.As(err, &e) || e.Code != tt.code {
				t.Fatalf("Parse(%.40q) = %v, want an error with code %s", tt.in, err, tt.code)
			}
		})
	}
}

func TestParseAgreesWithEncodingJSON(t *testing.T) {
	for _, in := range []string{
		`null`, `true`, `false`, `0`, `-0.5e-3`, `1E+2`, `""`, `"a\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00"`, ` [ ] `, ` { } `,
		`{"a":[1,{"b":null},"c"],"d":{"e":{"f":[[],[[]]]}}}`, strings.Repeat("[", 64) + strings.Repeat("]", 64),
	} {
		agree(t, []byte(in))
	}
}

func agree(t *testing.T, in []byte) {
	t.Helper()
	v, err := strictjson.Parse(in)
	if err != nil {
		t.Fatalf("Parse(%q): %v", in, err)
	}
	out := v.Append(nil)
	var want, got any
	if err := numbersKept(in, &want); err != nil {
		t.Fatalf("encoding/json refuses what Parse accepts: %q: %v", in, err)
	}
	if err := numbersKept(out, &got); err != nil || !reflect.DeepEqual(want, got) {
		t.Fatalf("Parse(%q).Append = %q: %v, want the same value", in, out, err)
	}
	again, err := strictjson.Parse(out)
	if err != nil || !strictjson.Equal(v, again) {
		t.Fatalf("parse, write, parse of %q: %v, want the same tree", in, err)
	}
}

// numbersKept is json.Unmarshal that keeps numbers as they are spelled: 1e700 is
// JSON, though no float64.
func numbersKept(data []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	return d.Decode(v)
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(`{"a":[1,2.5e3,"\u00e9\ud83d\ude00",null,true],"b":{}}`))
	f.Add([]byte(`{"a":1,"a":2}`))
	f.Fuzz(func(t *testing.T, in []byte) {
		if _, err := strictjson.Parse(in); err == nil {
			agree(t, in)
		}
	})
}

func TestWithAndWithout(t *testing.T) {
	v, err := strictjson.Parse([]byte(`{"a":1,"proof":{"x":1},"b":2}`))
	if err != nil {
		t.Fatal(err)
	}
	without := v.Without("proof")
	with := without.With("b", strictjson.NewString("<&>"))
	with = with.With("c", strictjson.NewArray(strictjson.NewBool(false), strictjson.NewInt(-7)))
	if got, want := string(with.Append(nil)), `{"a":1,"b":"<&>","c":[false,-7]}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got, want := string(v.Append(nil)), `{"a":1,"proof":{"x":1},"b":2}`; got != want {
		t.Errorf("the original became %s, want %s", got, want)
	}
}

func BenchmarkParse(b *testing.B) {
	data, err := os.ReadFile("../../../shared/fixtures/bench/typical.json")
	if err != nil {
		b.Skip("the benchmark document is not here: ", err)
	}
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := strictjson.Parse(data); err != nil {
			b.Fatal(err)
		}
	}
}
