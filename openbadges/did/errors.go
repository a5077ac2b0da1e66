package did

import "errors"

// The kinds of refusal, for [errors.Is]. The error text says what was wrong in
// particular.
var (
	// ErrMalformed: the identifier, key or document is not in its standard's form.
	ErrMalformed = errors.New("malformed")
	// ErrUnsupported: a DID method, key type or curve that this package does not read.
	ErrUnsupported = errors.New("unsupported")
	// ErrWeakKey: a key that proves nothing: too short, small-order, off its curve.
	ErrWeakKey = errors.New("weak key")
	// ErrPrivateKey: a private key stands where a public one belongs, so it is
	// known to everybody and its signatures are worthless.
	ErrPrivateKey = errors.New("private key published")
	// ErrIdentifier: the document says that it is about somebody else than the one
	// whose document was asked for.
	ErrIdentifier = errors.New("document of another identifier")
	// ErrNoMethod: the document has no verification method of that id.
	ErrNoMethod = errors.New("no such verification method")
	// ErrNotListed: the method exists, but not for the purpose that was asked for.
	ErrNotListed = errors.New("verification method not listed for this purpose")
)

// kindError is a sentence about one of the kinds above.
type kindError struct {
	kind   error
	reason string
}

func (e *kindError) Error() string { return e.reason }
func (e *kindError) Unwrap() error { return e.kind }
