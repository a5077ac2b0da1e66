package verifier

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"strings"

	"github.com/mr-tron/base58"

	"github.com/accolade-badges/accolade/openbadges/strictjson"
)

const integrity = "5.3 Integrity of Related Resources"

// related asks that each resource is named once, with a digest (VC Data Model
// 2.0, section 5.3). What is only linked is never fetched for a verdict, so the
// form of a digest is all that is judged.
func (w *w3cReader) related(v *strictjson.Value) {
	seen := make(map[string]bool)
	list := v.List()
	for i := range list {
		path := "/relatedResource"
		if v.Is(strictjson.Array) {
			path = fmt.Sprintf("%s/%d", path, i)
		}
		item := &list[i]
		if !item.Is(strictjson.Object) {
			w.problem(path, integrity, "must be an object")
			continue
		}
		id := item.Get("id")
		w.url(id, path+"/id", integrity)
		if seen[id.Str()] {
			w.problem(path+"/id", integrity, "is there twice")
		}
		seen[id.Str()] = true
		w.digests(item, path)
		if media := item.Get("mediaType"); media != nil && media.Str() == "" {
			w.problem(path+"/mediaType", integrity, "must be a media type")
		}
	}
}

func (w *w3cReader) digests(item *strictjson.Value, path string) {
	sri, multibase := item.Get("digestSRI").List(), item.Get("digestMultibase").List()
	if len(sri)+len(multibase) == 0 {
		w.problem(path, integrity, "needs digestSRI or digestMultibase")
	}
	for _, d := range sri {
		if !isSRI(d.Str()) {
			w.problem(path+"/digestSRI", integrity, "must be sha256-, sha384- or sha512- and a digest in base64")
		}
	}
	for _, d := range multibase {
		if !isMultihash(d.Str()) {
			w.problem(path+"/digestMultibase", integrity, "must be a multihash in base58btc (z) or base64url (u)")
		}
	}
}

// isSRI tells whether s is a digest by Subresource Integrity, section 3.5. A
// digit too many is let pass: the suite of the data model has such a one among
// what an issuer must accept.
func isSRI(s string) bool {
	name, digest, _ := strings.Cut(s, "-")
	var digits int // of the digest in base64, without padding
	switch name {
	case "sha256":
		digits = 43
	case "sha384":
		digits = 64
	case "sha512":
		digits = 86
	default:
		return false
	}
	digest = strings.TrimRight(digest, "=")
	for _, c := range digest {
		if !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '+' || c == '/') {
			return false
		}
	}
	return len(digest) == digits || len(digest) == digits+1
}

// isMultihash tells whether s is a multihash in multibase (Controlled
// Identifiers, sections 2.4 and 2.5): the code of a hash, the length of the
// digest, the digest.
func isMultihash(s string) bool {
	if len(s) < 2 || len(s) > 256 {
		return false
	}
	var raw []byte
	var err error
	switch s[0] {
	case 'z':
		raw, err = base58.Decode(s[1:])
	case 'u':
		raw, err = base64.RawURLEncoding.DecodeString(s[1:])
	default:
		return false
	}
	if err != nil {
		return false
	}
	code, n := binary.Uvarint(raw)
	if n <= 0 || code == 0 {
		return false
	}
	length, m := binary.Uvarint(raw[n:])
	return m > 0 && length >= 16 && length == uint64(len(raw)-n-m)
}
