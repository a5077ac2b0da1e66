package fetch

import (
	"net"
	"net/netip"
	"net/url"
	"strings"
)

// target is one checked step on the way to a document.
type target struct {
	url     *url.URL
	allowed bool // named in Config.AllowHosts: no rule but the budget applies
}

// target checks everything about an address that can be known before it is
// dialled; the address behind the name is checked by the dialer itself, so that
// no second look-up can give another answer.
func (c *Client) target(raw string) (target, *Error) {
	fail := func(code Code, reason string) (target, *Error) {
		return target{}, &Error{Code: code, URL: printable(raw), Reason: reason}
	}
	if len(raw) > 4096 {
		return fail(BadURL, "the address is longer than 4096 bytes")
	}
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" && u.Opaque == "" && u.Scheme == "" {
		return fail(BadURL, "this is not an absolute web address")
	}
	if u.Scheme != "https" && u.Scheme != "http" {
		return fail(SchemeForbidden, "only https addresses are fetched, not "+printable(u.Scheme)+":")
	}
	host := strings.TrimSuffix(strings.ToLower(u.Hostname()), ".")
	switch {
	case host == "":
		return fail(BadURL, "the address names no host")
	case u.User != nil:
		return fail(BadURL, "the address carries a user name or password")
	}
	port := u.Port()
	if port == "" {
		port = map[string]string{"https": "443", "http": "80"}[u.Scheme]
	}
	u.Fragment, u.RawFragment = "", ""
	if c.allowed[net.JoinHostPort(host, port)] {
		return target{u, true}, nil
	}
	if numeric(host) {
		if _, err := netip.ParseAddr(host); err != nil {
			return fail(BadURL, "the host is a number, but not a well-formed address")
		}
	}
	switch {
	case u.Scheme == "http" && !c.config.AllowHTTP:
		return fail(SchemeForbidden, "only https addresses are fetched, this one is http")
	case u.Scheme == "https" && port != "443", u.Scheme == "http" && port != "80":
		return fail(PortForbidden, "port "+port+" is not one that the verifier connects to")
	}
	return target{u, false}, nil
}

// numeric tells whether the last label of host is a number, which some
// resolvers read as an IPv4 address in octal, hexadecimal or one piece.
func numeric(host string) bool {
	if strings.Contains(host, ":") {
		return true
	}
	last := host[strings.LastIndexByte(host, '.')+1:]
	if last == "" {
		return false
	}
	return last[0] >= '0' && last[0] <= '9' && strings.Trim(last, "0123456789abcdefx") == ""
}

// printable shortens and cleans an address for messages and logs.
func printable(s string) string {
	if len(s) > 200 {
		s = s[:200] + "…"
	}
	return strings.Map(func(r rune) rune {
		if r < 0x20 || r == 0x7f || r >= 0x80 && r < 0xa0 || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 {
			return '�'
		}
		return r
	}, strings.ToValidUTF8(s, "�"))
}
