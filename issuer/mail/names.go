package mail

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/bidi"
)

// The isolating marks of UAX #9: what stands between them has a direction of its
// own and cannot turn the sentence around it.
const (
	firstStrongIsolate = "\u2068"
	popIsolate         = "\u2069"
)

// oneLine turns line breaks and other white space into single spaces, and drops
// control characters and directional marks, with which a name could rewrite the
// line it stands in. Joiners stay: some scripts and emoji need them.
func oneLine(s string) string {
	s = strings.ToValidUTF8(s, "\ufffd")
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r), r == '\u2028', r == '\u2029':
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Bidi_Control, r), r == '\ufeff':
			return -1
		}
		return r
	}, s)
	return strings.Join(strings.Fields(s), " ")
}

// shorten cuts s to at most n characters.
func shorten(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return strings.TrimSpace(string(r[:n-1])) + "…"
	}
	return s
}

// isolate wraps a text that runs from right to left, so that the punctuation
// around it stays where it belongs. Other texts are left as they are: old mail
// programs show the marks.
func isolate(s string) string {
	for _, r := range s {
		p, _ := bidi.LookupRune(r)
		if c := p.Class(); c == bidi.R || c == bidi.AL {
			return firstStrongIsolate + s + popIsolate
		}
	}
	return s
}
