package proof

import "fmt"

// Code says which rule a proof or token broke.
type Code string

// The reasons for which proofs and tokens are refused.
const (
	// UnknownSuite: a proof type or cryptosuite that is not read here. Nothing is
	// known about the signature, good or bad.
	UnknownSuite Code = "unknown_suite"
	// Malformed: a member is missing or not in its standard's form.
	Malformed Code = "malformed"
	// BadSignature: the signature does not belong to this document and key.
	BadSignature Code = "bad_signature"
	// UnsupportedKey: the key is of a kind that the suite or algorithm does not
	// take, or is unfit for use.
	UnsupportedKey Code = "unsupported_key"
	// WrongPurpose: the proof was made for another purpose.
	WrongPurpose Code = "wrong_purpose"
	// Expired: the proof, as opposed to the credential, has an end and it is past.
	Expired Code = "expired"
	// WrongDomain and WrongChallenge: the proof answers another question.
	WrongDomain    Code = "wrong_domain"
	WrongChallenge Code = "wrong_challenge"
	// MissingPrevious: previousProof names a proof that the document lacks, or a
	// chain leads back to itself.
	MissingPrevious Code = "missing_previous_proof"
	// Transformation: the document has no canonical form; the wrapped error, often
	// a [jsonld.Error], says why.
	Transformation Code = "transformation"
	// InlineContext: the document defines terms itself, so what its members are
	// called says nothing about what was signed.
	InlineContext Code = "inline_context"
	// NotSigned: signing was refused or went wrong; the reason says why.
	NotSigned Code = "not_signed"

	// TooLarge: the token is longer than any credential that is read.
	TooLarge Code = "too_large"
	// UnsupportedAlgorithm: the alg is outside the list of the profile.
	UnsupportedAlgorithm Code = "unsupported_algorithm"
	// WrongType: typ or cty says that the token is something else.
	WrongType Code = "wrong_type"
	// CriticalHeader: crit demands what is not understood.
	CriticalHeader Code = "critical_header"
	// PrivateKey: the header's jwk is a private key.
	PrivateKey Code = "private_key"
	// KeyConflict: the header names one key and carries another.
	KeyConflict Code = "key_conflict"
	// Ambiguous: the token holds two credentials, as vc claim and as itself.
	Ambiguous Code = "ambiguous"
)

// Error is why a proof or token was refused.
type Error struct {
	Code   Code
	Reason string
	Err    error // what is behind it, if anything
}

func (e *Error) Error() string {
	if e.Err != nil {
		return e.Reason + ": " + e.Err.Error()
	}
	return e.Reason
}

func (e *Error) Unwrap() error { return e.Err }

// Problem returns the problem type that Data Integrity (section 4.8) gives to
// this error.
func (e *Error) Problem() string {
	name := "PROOF_VERIFICATION_ERROR"
	switch e.Code {
	case Transformation:
		name = "PROOF_TRANSFORMATION_ERROR"
	case NotSigned:
		name = "PROOF_GENERATION_ERROR"
	case WrongDomain:
		name = "INVALID_DOMAIN_ERROR"
	case WrongChallenge:
		name = "INVALID_CHALLENGE_ERROR"
	}
	return "https://w3id.org/security#" + name
}

func refuse(code Code, format string, args ...any) *Error {
	return &Error{Code: code, Reason: fmt.Sprintf(format, args...)}
}
