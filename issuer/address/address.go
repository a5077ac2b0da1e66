// Package address tells when two mail addresses are one mailbox. Nothing else may
// compare them: who can make two mailboxes look like one gets into the account of
// the other.
package address

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"
	"golang.org/x/text/unicode/norm"
)

// Fold returns the form of an address in which it is compared and hashed: NFC, in
// small letters, the domain in Unicode also where it is written in ASCII (RFC 5891).
// Two mailboxes never come out alike, so a letter that only resembles another, such
// as ß and ss, stays what it is: somebody else may have registered that domain, or
// that name. What is no address comes out in small letters.
func Fold(address string) string {
	local, domain, ok := strings.Cut(norm.NFC.String(address), "@")
	if !ok {
		return smallLetters(local)
	}
	return smallLetters(local) + "@" + readable(domain)
}

// readable writes a domain in Unicode, and one that is no domain of RFC 5891 as it is,
// both in small letters.
func readable(domain string) string {
	ascii, err := idna.Lookup.ToASCII(domain)
	if err != nil {
		return smallLetters(domain)
	}
	name, err := idna.Lookup.ToUnicode(ascii)
	if back, failed := idna.Lookup.ToASCII(name); err != nil || failed != nil || back != ascii || slices.Contains(strings.Split(name, "."), "") {
		return smallLetters(domain)
	}
	return name
}

// smallLetters writes letters small, but for those of other scripts that would become
// ASCII.
func smallLetters(s string) string {
	return strings.Map(func(r rune) rune {
		if small := unicode.ToLower(r); small >= utf8.RuneSelf || r < utf8.RuneSelf {
			return small
		}
		return r
	}, s)
}
