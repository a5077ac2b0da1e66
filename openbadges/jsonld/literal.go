package jsonld

import (
	"math"
	"math/big"
	"strconv"
	"strings"

	"github.com/gowebpki/jcs"

	"github.com/accolade-badges/accolade/openbadges/strictjson"
)

// special marks the bytes of a text that canonical N-Quads escapes.
var special = func() (table [256]bool) {
	for c := range 0x20 {
		table[c] = true
	}
	table['"'], table['\\'], table[0x7F] = true, true, true
	return table
}()

// firstSpecial returns where the first byte to escape stands, or len(s).
func firstSpecial(s string) int {
	i := 0
	for ; i < len(s); i++ {
		if special[s[i]] {
			break
		}
	}
	return i
}

// escape writes the content of a literal as canonical N-Quads does (rdf-canon,
// section 5), sharing the memory of s when there is nothing to escape.
func escape(s string) string {
	first := firstSpecial(s)
	if first == len(s) {
		return s
	}
	out := append(make([]byte, 0, len(s)+16), s[:first]...)
	for i := first; i < len(s); i++ {
		c := s[i]
		if !special[c] {
			out = append(out, c)
			continue
		}
		switch c {
		case '\b':
			out = append(out, `\b`...)
		case '\t':
			out = append(out, `\t`...)
		case '\n':
			out = append(out, `\n`...)
		case '\f':
			out = append(out, `\f`...)
		case '\r':
			out = append(out, `\r`...)
		case '"', '\\':
			out = append(out, '\\', c)
		default:
			const hex = "0123456789ABCDEF"
			out = append(out, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		}
	}
	return string(out)
}

// content escapes a text of a document and refuses the control characters that
// processors escape differently.
func content(s string) (string, *Error) {
	first := firstSpecial(s)
	if first == len(s) {
		return s, nil
	}
	for i := first; i < len(s); i++ {
		if c := s[i]; c == 0x7F || c < 0x20 && c != '\t' && c != '\n' && c != '\r' {
			return "", refuse(ControlCharacter, "the text holds the control character %U; take it out", c)
		}
	}
	return escape(s), nil
}

// Suffixes of the literals that JSON's own types become.
const (
	booleanSuffix = "^^<" + xsdBoolean + ">"
	integerSuffix = "^^<" + xsdInteger + ">"
	doubleSuffix  = "^^<" + xsdDouble + ">"
	jsonSuffix    = "^^<" + rdfJSON + ">"
)

// number writes a JSON number as JavaScript reads it and RDF writes it
// (json-ld11-api, section 8.2.2, steps 10 and 11).
func number(literal string, datatype string) (string, string, *Error) {
	f, err := strconv.ParseFloat(literal, 64)
	if err != nil || math.IsInf(f, 0) {
		return "", "", refuse(BadValue, "the number %s is beyond what JSON numbers can hold", quote(literal))
	}
	if f == math.Trunc(f) && math.Abs(f) < 1e21 && datatype != xsdDouble {
		if f == 0 {
			f = 0 // minus zero has no sign
		}
		return strconv.FormatFloat(f, 'f', 0, 64), integerSuffix, nil
	}
	if datatype != xsdDouble && tiny(f) {
		return strconv.FormatFloat(f, 'f', 0, 64), integerSuffix, nil
	}
	return double(f), doubleSuffix, nil
}

// tiny tells whether JavaScript writes f without a decimal point, as it does
// with 1e-7. The JSON-LD processors written in JavaScript, whose signatures are
// most of those there are, take such a number for an integer.
func tiny(f float64) bool {
	return math.Abs(f) < 1e-6 && !strings.Contains(strconv.FormatFloat(f, 'e', -1, 64), ".")
}

// double is the canonical form of xsd:double: sixteen significant digits,
// rounded half away from zero, without trailing zeros.
func double(f float64) string {
	s := strconv.FormatFloat(f, 'E', 15, 64)
	if longer := strconv.FormatFloat(f, 'E', 16, 64); tie(longer, f) {
		// Go rounds a tie to the even digit, JavaScript away from zero.
		s = strconv.FormatFloat(math.Nextafter(f, math.Copysign(math.Inf(1), f)), 'E', 15, 64)
	}
	mantissa, exponent, _ := strings.Cut(s, "E")
	mantissa = strings.TrimRight(mantissa, "0")
	if strings.HasSuffix(mantissa, ".") {
		mantissa += "0"
	}
	negative := exponent[0] == '-'
	exponent = strings.TrimLeft(exponent, "+-0")
	if exponent == "" {
		exponent = "0"
	} else if negative {
		exponent = "-" + exponent
	}
	return mantissa + "E" + exponent
}

// tie tells whether s, seventeen digits of f, is all of f and ends in 5.
func tie(s string, f float64) bool {
	mantissa, _, _ := strings.Cut(s, "E")
	if !strings.HasSuffix(mantissa, "5") {
		return false
	}
	exact, ok := new(big.Rat).SetString(s)
	return ok && exact.Cmp(new(big.Rat).SetFloat64(f)) == 0
}

// jsonText writes a JSON literal in the canonical form of RFC 8785.
func jsonText(v *strictjson.Value) (object, *Error) {
	// The library takes objects and arrays only.
	wrapped := append(v.Append([]byte{'['}), ']')
	canonical, err := jcs.Transform(wrapped)
	if err != nil {
		return object{}, refuse(BadValue, "the JSON value has no canonical form: %v", err)
	}
	s, e := content(string(canonical[1 : len(canonical)-1]))
	return object{text: s, suffix: jsonSuffix, literal: true}, e
}
