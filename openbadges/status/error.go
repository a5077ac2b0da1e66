package status

import "fmt"

// Code says what is wrong with a list or an entry.
type Code string

// The reasons for which a status cannot be told.
const (
	Malformed   Code = "malformed"        // a value that breaks the rules of its type
	TooLarge    Code = "too_large"        // unpacks beyond Limits
	TooShort    Code = "too_short"        // fewer entries than the minimum for privacy
	OutOfRange  Code = "out_of_range"     // an index that the list does not have
	Purpose     Code = "purpose_mismatch" // the list has another purpose than the entry
	UnknownType Code = "unknown_type"     // a type that this package does not know
)

// Error tells what is wrong. A status that cannot be told is neither good nor
// bad.
type Error struct {
	Code   Code
	Reason string
}

func (e *Error) Error() string { return e.Reason }

// Type returns the error type of Bitstring Status List v1.0, section 3.5, as an
// address.
func (e *Error) Type() string {
	name := "MALFORMED_VALUE_ERROR"
	switch e.Code {
	case TooShort, TooLarge:
		name = "STATUS_LIST_LENGTH_ERROR"
	case OutOfRange:
		name = "RANGE_ERROR"
	case Purpose, UnknownType:
		name = "STATUS_VERIFICATION_ERROR"
	}
	return "https://www.w3.org/ns/credentials/status-list#" + name
}

func fail(code Code, format string, args ...any) *Error {
	return &Error{code, fmt.Sprintf(format, args...)}
}
