package verifier

import (
	"errors"

	"github.com/accolade-badges/accolade/verifier/fetch"
)

// response is a fetched document.
type response = fetch.Response

// reasonOf is why a document could not be got, as a clause that names it.
func reasonOf(err error) string {
	var f *fetch.Error
	if errors.As(err, &f) {
		return printable(f.URL) + ": " + f.Reason
	}
	return printable(err.Error())
}

// codeOf is the code of why a document could not be got.
func codeOf(err error) string {
	var f *fetch.Error
	if errors.As(err, &f) {
		return string(f.Code)
	}
	return string(fetch.Unreachable)
}
