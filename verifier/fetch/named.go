package fetch

import (
	"errors"
	"io"
	"net/http"
	"time"
)

// namedRoom is how much of an answer of a named address is read.
const namedRoom = 1 << 20

var errRedirected = errors.New("the server answers with a redirect, and what is sent to it is for it alone")

// Named returns a client for addresses that the operator has named in the
// settings, such as a sign-in provider. Nobody else chooses them, so that they
// may be in a private network. It follows no redirect, reads at most 1 MiB of an
// answer, and waits no longer than wait.
func Named(wait time.Duration) *http.Client {
	return &http.Client{
		Timeout: wait, Transport: bounded{http.DefaultTransport},
		CheckRedirect: func(*http.Request, []*http.Request) error { return errRedirected },
	}
}

// bounded cuts answers off.
type bounded struct{ http.RoundTripper }

// RoundTrip implements [http.RoundTripper].
func (b bounded) RoundTrip(r *http.Request) (*http.Response, error) {
	res, err := b.RoundTripper.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	res.Body = struct {
		io.Reader
		io.Closer
	}{io.LimitReader(res.Body, namedRoom), res.Body}
	return res, nil
}
