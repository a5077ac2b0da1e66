package did

import (
	"fmt"
	"net/url"
	"strings"
)

// maxDID bounds identifiers before anything is made of them. A did:jwk of an RSA
// key of 16384 bits fits.
const maxDID = 8 << 10

// Split parts a DID URL or https URL from its fragment: what the document is
// asked for by, and the name of the method inside. The fragment lacks its '#'.
func Split(id string) (identifier, fragment string) {
	identifier, fragment, _ = strings.Cut(id, "#")
	return identifier, fragment
}

// Name returns the DID method of an identifier ("web", "key", "jwk", …), or ""
// when it is no DID.
func Name(id string) string {
	rest, found := strings.CutPrefix(id, "did:")
	name, specific, colon := strings.Cut(rest, ":")
	if !found || !colon || name == "" || specific == "" {
		return ""
	}
	return name
}

// WebURL returns the https address of a did:web document (DID method web,
// section 3.2): did:web:example.org%3A8443:issuers:a lies at
// https://example.org:8443/issuers/a/did.json, and without a path under
// /.well-known/. The DID must come without fragment, query and path.
func WebURL(did string) (string, error) {
	specific, found := strings.CutPrefix(did, "did:web:")
	bad := func(reason string) (string, error) {
		return "", &kindError{ErrMalformed, fmt.Sprintf("%.200q is not a did:web identifier: %s", did, reason)}
	}
	switch {
	case !found:
		return bad("it must begin with did:web:")
	case len(did) > maxDID:
		return bad("it is too long")
	case strings.ContainsAny(specific, "/?#"):
		return bad("it has a path, query or fragment")
	}
	segments := strings.Split(specific, ":")
	host, err := url.PathUnescape(segments[0])
	if err != nil || host == "" {
		return bad("it has no host")
	}
	host = strings.ToLower(host)
	if !validHost(host) {
		return bad("its host is not a host name with an optional port")
	}
	path := "/.well-known"
	if len(segments) > 1 {
		path = ""
		for _, s := range segments[1:] {
			plain, err := url.PathUnescape(s)
			if err != nil || plain == "" || plain == "." || plain == ".." || strings.ContainsAny(plain, "/\\") || !idchars(s) {
				return bad("its path segments may hold letters, digits, '.', '-', '_' and %XX")
			}
			path += "/" + s
		}
	}
	return "https://" + host + path + "/did.json", nil
}

// idchars tells whether s consists of what DID syntax calls idchar.
func idchars(s string) bool {
	for i := range len(s) {
		c := s[i]
		if !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte(".-_%", c) >= 0) {
			return false
		}
	}
	return true
}

// validHost takes a host name, an address, or a bracketed IPv6 address, with an
// optional port. Which hosts may be asked is for the fetcher to decide.
func validHost(host string) bool {
	u, err := url.Parse("https://" + host)
	if err != nil || u.Host != host || u.User != nil || u.Hostname() == "" || strings.HasSuffix(host, ":") {
		return false
	}
	name := u.Hostname()
	if strings.HasPrefix(host, "[") {
		return strings.Contains(name, ":") && strings.Trim(name, "0123456789abcdef:.") == ""
	}
	return strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789.-_") == "" &&
		!strings.HasPrefix(name, ".") && !strings.Contains(name, "..")
}

// Web returns the did:web identifier of what lies below baseURL (https, or http
// for a server on this machine) at the given path segments: Web("https://h:8443",
// "issuers", "a") is did:web:h%3A8443:issuers:a. The scheme's own port is left
// out, and a path of the base URL comes first.
func Web(baseURL string, path ...string) (string, error) {
	u, err := url.Parse(baseURL)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" || u.RawQuery != "" || u.Fragment != "" || u.User != nil {
		return "", &kindError{ErrMalformed, fmt.Sprintf("%.200q is not a base URL of the form https://host[:port][/path]", baseURL)}
	}
	host := strings.ToLower(u.Host)
	if port := map[string]string{"https": ":443", "http": ":80"}[u.Scheme]; strings.HasSuffix(host, port) && u.Port() == port[1:] {
		host = strings.TrimSuffix(host, port)
	}
	if !validHost(host) {
		return "", &kindError{ErrMalformed, fmt.Sprintf("%.200q has no host that did:web can name; write international names in their xn-- form", baseURL)}
	}
	id := "did:web:" + escape(host)
	for s := range strings.SplitSeq(strings.Trim(u.Path, "/"), "/") {
		if s != "" {
			id += ":" + escape(s)
		}
	}
	for _, s := range path {
		id += ":" + escape(s)
	}
	if _, err := WebURL(id); err != nil {
		return "", err
	}
	return id, nil
}

// escape percent-encodes all that is no idchar.
func escape(s string) string {
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	for i := range len(s) {
		if c := s[i]; c != '%' && idchars(s[i:i+1]) {
			b.WriteByte(c)
		} else {
			b.WriteString("%" + string(hex[c>>4]) + string(hex[c&15]))
		}
	}
	return b.String()
}
