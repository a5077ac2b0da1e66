package verifier

import (
	"context"
	"errors"
	"time"
)

// Verify finds the badge in the input, runs every check on it, and reports. The
// error means that the work could not be done: nothing to read, an allowed host
// that is none, a cancelled context. All about the badge is in the report.
func Verify(ctx context.Context, in Input, o Options) (*Report, error) {
	return nil, errors.New("the verifier is being put together")
}

// Bundle is a badge together with the documents that its verification needs.
type Bundle struct {
	MadeAt time.Time
	input  Input
}

// Registry is a list of issuers kept by others.
type Registry struct{ Name string }
