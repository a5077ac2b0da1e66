package fetch

import "fmt"

// Code says why a document could not be fetched.
type Code string

// The reasons for which Get gives no answer.
const (
	BadURL           Code = "bad_url"            // not an absolute http(s) URL, or one with a user name
	SchemeForbidden  Code = "scheme_forbidden"   // http without the setting, or another scheme
	PortForbidden    Code = "port_forbidden"     // a port other than 443 (80 by setting)
	AddressForbidden Code = "address_forbidden"  // private, loopback, link-local, metadata, translated
	TooManyRedirects Code = "too_many_redirects" // more than Config.Redirects in a row
	TooManyRequests  Code = "too_many_requests"  // the session's requests are used up
	Timeout          Code = "timeout"            // no first byte in time, or the session's time is used up
	TooLarge         Code = "too_large"          // more bytes than a document may have, unpacked ones included
	BadAnswer        Code = "bad_answer"         // broken HTTP, an unknown encoding, a cut body
	Unreachable      Code = "unreachable"        // no such name, no connection, no valid certificate
)

// Error tells which address could not be fetched, and why. Reason is a clause
// for people; the cause, when there is one, is in the chain.
type Error struct {
	Code   Code
	URL    string
	Reason string
	Err    error
}

func (e *Error) Error() string { return fmt.Sprintf("fetch %s: %s", e.URL, e.Reason) }

// Unwrap returns the cause, or nil.
func (e *Error) Unwrap() error { return e.Err }

// Forbidden tells whether our own rules, not the network, stood in the way.
func (e *Error) Forbidden() bool {
	switch e.Code {
	case BadURL, SchemeForbidden, PortForbidden, AddressForbidden:
		return true
	}
	return false
}
