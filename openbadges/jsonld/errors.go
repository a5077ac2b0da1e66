package jsonld

import (
	"fmt"
	"strconv"
	"strings"
)

// Code says which rule a document broke.
type Code string

// The reasons for refusing a document.
const (
	// UnknownContext: the document names a context that this package does not hold.
	UnknownContext Code = "unknown_context"
	// BadContext: a context, or the use of one, breaks JSON-LD 1.1.
	BadContext Code = "bad_context"
	// ProtectedRedefinition: a context redefines or clears a protected term.
	ProtectedRedefinition Code = "protected_redefinition"
	// UndefinedTerm: no context defines a member or a type.
	UndefinedTerm Code = "undefined_term"
	// RelativeIRI: an identifier has no scheme.
	RelativeIRI Code = "relative_iri"
	// BadIRI: an identifier holds a character that no IRI has.
	BadIRI Code = "bad_iri"
	// BadValue: a value has the wrong shape for the place where it stands.
	BadValue Code = "bad_value"
	// ControlCharacter: a text holds a control character other than tab, line
	// feed and carriage return; other libraries disagree about how to sign it.
	ControlCharacter Code = "control_character"
	// NoStatement: something in the document would leave nothing in the RDF.
	NoStatement Code = "no_statement"
	// Unsupported: a JSON-LD feature that this package does not take.
	Unsupported Code = "unsupported"
	// TooComplex: canonicalization would take more steps than the budget allows.
	TooComplex Code = "too_complex"
	// BadNQuads: the text is not N-Quads.
	BadNQuads Code = "bad_nquads"
)

// Error tells what is wrong with a document. Path is a JSON pointer (RFC 6901)
// into it, "line N" for N-Quads, or empty when the whole document is meant.
type Error struct {
	Code   Code
	Path   string
	Reason string
}

func (e *Error) Error() string {
	if e.Path == "" {
		return e.Reason
	}
	path := strconv.Quote(e.Path) // a member name may hold anything
	return path[1:len(path)-1] + ": " + e.Reason
}

func refuse(code Code, format string, args ...any) *Error {
	return &Error{Code: code, Reason: fmt.Sprintf(format, args...)}
}

var pointerEscapes = strings.NewReplacer("~", "~0", "/", "~1")

// under puts a member name or an index in front of the path of e, as the error
// travels up through the document.
func (e *Error) under(step any) *Error {
	e.Path = "/" + pointerEscapes.Replace(fmt.Sprint(step)) + e.Path
	return e
}
