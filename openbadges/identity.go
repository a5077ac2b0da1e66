package openbadges

import (
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"slices"
	"strings"

	"golang.org/x/net/idna"
)

// HashIdentity returns the identityHash of identifier: "sha256$" and the
// lower-case hexadecimal digits of the SHA-256 of identifier followed by salt.
// Section "IdentityHash". Open Badges 2.0 and 1.x use the same form.
func HashIdentity(identifier, salt string) string {
	sum := sha256.Sum256([]byte(identifier + salt))
	return "sha256$" + hex.EncodeToString(sum[:])
}

// MatchIdentity tells whether o stands for identifier. No version of the
// standard says in which case an address is hashed, so the identifier is tried
// as given and lower-cased, and an address also with its domain in Unicode and in
// ASCII; plain values are compared without regard to case.
// sha256 and md5 are read, and the sha1 of version 1.x; an algorithm that is
// not known matches nothing.
func MatchIdentity(o IdentityObject, identifier string) bool {
	identifier = strings.TrimSpace(identifier)
	if identifier == "" || o.IdentityHash == "" {
		return false
	}
	if !o.Hashed {
		named := strings.TrimPrefix(o.IdentityHash, "mailto:")
		return slices.ContainsFunc(spellings(identifier), func(s string) bool { return strings.EqualFold(named, s) })
	}
	algorithm, digits, found := strings.Cut(o.IdentityHash, "$")
	if !found {
		return false
	}
	want, err := hex.DecodeString(strings.ToLower(digits))
	if err != nil {
		return false
	}
	for _, spelling := range spellings(identifier) {
		got := digest(algorithm, spelling+o.Salt)
		if got != nil && subtle.ConstantTimeCompare(got, want) == 1 {
			return true
		}
	}
	return false
}

// spellings are the ways to write an identifier that mean the same: as given,
// lower-cased, and where it is an address in a domain of other letters, with that
// domain in Unicode and in ASCII (RFC 5891).
func spellings(identifier string) []string {
	lower := strings.ToLower(identifier)
	list := []string{identifier, lower}
	local, domain, ok := strings.Cut(lower, "@")
	if !ok {
		return list
	}
	for _, convert := range []func(string) (string, error){idna.Lookup.ToUnicode, idna.Lookup.ToASCII} {
		if other, err := convert(domain); err == nil && other != domain {
			list = append(list, local+"@"+other)
		}
	}
	return list
}

func digest(algorithm, text string) []byte {
	switch strings.ToLower(algorithm) {
	case "sha256":
		sum := sha256.Sum256([]byte(text))
		return sum[:]
	case "md5":
		sum := md5.Sum([]byte(text))
		return sum[:]
	case "sha1":
		sum := sha1.Sum([]byte(text))
		return sum[:]
	}
	return nil
}
