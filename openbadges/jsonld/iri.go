package jsonld

import (
	"strconv"
	"unicode/utf8"
)

// notInIRI marks the ASCII characters that no IRI has (RFC 3987, section 2.2,
// and the IRIREF production of N-Quads).
var notInIRI = func() (table [256]bool) {
	for c := range 0x21 {
		table[c] = true
	}
	for _, c := range "<>\"{}|^`\\\x7f" {
		table[c] = true
	}
	return table
}()

// checkIRI tells why s cannot be an absolute IRI.
func checkIRI(s string) *Error {
	if !hasScheme(s) {
		return refuse(RelativeIRI, "%s has no scheme such as https: or urn:; write the identifier in full", quote(s))
	}
	for i := 0; i < len(s); i++ {
		c := s[i]
		if notInIRI[c] {
			return refuse(BadIRI, "%s holds the character %q, which no IRI has", quote(s), c)
		}
		if c >= utf8.RuneSelf {
			r, n := utf8.DecodeRuneInString(s[i:])
			if r == utf8.RuneError && n == 1 || r < 0xA0 || r&0xFFFE == 0xFFFE || r >= 0xFDD0 && r <= 0xFDEF {
				return refuse(BadIRI, "%s holds the character %U, which no IRI has", quote(s), r)
			}
			i += n - 1
		}
	}
	return nil
}

// hasScheme tells whether s begins with a URI scheme and a colon.
func hasScheme(s string) bool {
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z':
		case c == ':':
			return i > 0
		case i > 0 && (c >= '0' && c <= '9' || c == '+' || c == '-' || c == '.'):
		default:
			return false
		}
	}
	return false
}

// quote shows the beginning of a foreign string in an error.
func quote(s string) string {
	const most = 80
	if len(s) > most {
		cut := most
		for cut > 0 && !utf8.RuneStart(s[cut]) {
			cut--
		}
		s = s[:cut] + "…"
	}
	return strconv.Quote(s)
}

// blankLabel tells whether s is a blank node identifier that N-Quads can write.
func blankLabel(s string) bool {
	if len(s) < 3 || s[:2] != "_:" || s[2] == '-' || s[2] == '.' || s[len(s)-1] == '.' {
		return false
	}
	for _, r := range s[2:] {
		switch {
		case r >= '0' && r <= '9', r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r == '_', r == '-', r == '.', r == ':', r == 0xB7:
		case r >= 0xC0 && r != 0xD7 && r != 0xF7 && r != utf8.RuneError && r != 0x37E && (r < 0x2000 || r > 0x206F || r == 0x200C || r == 0x200D || r == 0x203F || r == 0x2040) && (r < 0x2190 || r > 0x2BFF) && (r < 0xFDD0 || r > 0xFDEF) && r != 0xFFFE && r != 0xFFFF:
		default:
			return false
		}
	}
	return true
}
