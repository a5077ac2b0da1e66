package fetch

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"syscall"
	"time"

	"code.dny.dev/ssrf"
)

// Response is one document and where it came from.
type Response struct {
	URL         string    // where it was found, after redirects
	Status      int       // HTTP status
	ContentType string    // as sent, may be empty
	Link        []string  // Link header fields, as sent
	Body        []byte    // unpacked; shared with the cache, not to be changed
	FetchedAt   time.Time // when the server was asked
	Redirects   []string  // the addresses passed through before URL, in order
}

// Session is the budget of one verification. Make it with [Client.Session].
type Session struct {
	client *Client

	mu       sync.Mutex
	requests int
	deadline time.Time
}

// Requests tells how many requests went to the network so far.
func (s *Session) Requests() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.requests
}

// errFirstByte is the cause when a server accepts a request and then is silent.
var errFirstByte = errors.New("no answer in time")

// take counts one request and returns when the session's time ends.
func (s *Session) take(raw string) (time.Time, *Error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.deadline.IsZero() {
		s.deadline = time.Now().Add(s.client.config.Total)
	}
	if time.Now().After(s.deadline) {
		return s.deadline, &Error{Code: Timeout, URL: printable(raw), Reason: fmt.Sprintf("the %v that one verification may wait for others are used up", s.client.config.Total)}
	}
	if s.requests >= s.client.config.Requests {
		return s.deadline, &Error{Code: TooManyRequests, URL: printable(raw), Reason: fmt.Sprintf("the %d requests of one verification are used up", s.client.config.Requests)}
	}
	s.requests++
	return s.deadline, nil
}

// Get returns the document at url, asked for with the given Accept header. An
// answer of any HTTP status is a Response; the error is always an [*Error].
func (s *Session) Get(ctx context.Context, url, accept string) (*Response, error) {
	c := s.client
	var passed []string
	for at := url; ; {
		t, bad := c.target(at)
		if bad != nil {
			return nil, bad
		}
		key := accept + " " + t.url.String()
		if kept := c.cache.get(key, c.config.Now()); kept != nil {
			found := *kept
			found.Redirects = passed
			return &found, nil
		}
		deadline, bad := s.take(at)
		if bad != nil {
			return nil, bad
		}
		response, location, bad := s.hop(ctx, t, accept, deadline)
		if bad != nil {
			return nil, bad
		}
		if location == "" {
			response.Redirects = passed
			c.cache.put(key, response.Response, response.freshUntil)
			return &response.Response, nil
		}
		if len(passed) == c.config.Redirects {
			return nil, &Error{Code: TooManyRedirects, URL: printable(url), Reason: fmt.Sprintf("more than %d redirects", c.config.Redirects)}
		}
		next, err := t.url.Parse(location)
		if err != nil {
			return nil, &Error{Code: BadURL, URL: printable(url), Reason: "it redirects to something that is not an address", Err: err}
		}
		passed = append(passed, at)
		at = next.String()
	}
}

type answer struct {
	Response
	freshUntil time.Time
}

// hop makes one request. A redirect comes back as its target, unfollowed.
func (s *Session) hop(ctx context.Context, t target, accept string, deadline time.Time) (*answer, string, *Error) {
	c := s.client
	ctx, cancelAll := context.WithDeadline(ctx, deadline)
	defer cancelAll()
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	timer := time.AfterFunc(c.config.FirstByte, func() { cancel(errFirstByte) })
	defer timer.Stop()

	request, err := http.NewRequestWithContext(ctx, http.MethodGet, t.url.String(), nil)
	if err != nil {
		return nil, "", &Error{Code: BadURL, URL: printable(t.url.String()), Reason: "this is not an address that can be asked", Err: err}
	}
	request.Header.Set("Accept", accept)
	request.Header.Set("Accept-Encoding", "identity")
	request.Header.Set("User-Agent", c.config.UserAgent)
	transport := c.guarded
	if t.allowed {
		transport = c.open
	}
	now := c.config.Now()
	raw, err := transport.RoundTrip(request)
	if err != nil {
		return nil, "", c.failure(ctx, t, err)
	}
	defer raw.Body.Close()
	timer.Stop()
	switch raw.StatusCode {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		if location := raw.Header.Get("Location"); location != "" {
			return nil, location, nil
		}
	}
	body, bad := c.body(ctx, t, raw)
	if bad != nil {
		return nil, "", bad
	}
	return &answer{
		Response: Response{
			URL: t.url.String(), Status: raw.StatusCode, ContentType: raw.Header.Get("Content-Type"),
			Link: raw.Header.Values("Link"), Body: body, FetchedAt: now,
		},
		freshUntil: freshUntil(raw, now),
	}, "", nil
}

func (c *Client) body(ctx context.Context, t target, raw *http.Response) ([]byte, *Error) {
	at := printable(t.url.String())
	tooLarge := &Error{Code: TooLarge, URL: at, Reason: fmt.Sprintf("the document has more than %d bytes", c.config.Bytes)}
	if raw.ContentLength > c.config.Bytes {
		return nil, tooLarge
	}
	var reader io.Reader = io.LimitReader(raw.Body, c.config.Bytes+1)
	switch encoding := raw.Header.Get("Content-Encoding"); encoding {
	case "", "identity":
	case "gzip", "x-gzip":
		unpacked, err := gzip.NewReader(reader)
		if err != nil {
			return nil, &Error{Code: BadAnswer, URL: at, Reason: "the packed answer cannot be unpacked", Err: err}
		}
		reader = io.LimitReader(unpacked, c.config.Bytes+1)
	default:
		return nil, &Error{Code: BadAnswer, URL: at, Reason: "the answer is packed as " + printable(encoding) + ", which was not asked for"}
	}
	var buffer bytes.Buffer
	if raw.ContentLength > 0 {
		buffer.Grow(int(raw.ContentLength) + bytes.MinRead)
	}
	if _, err := buffer.ReadFrom(reader); err != nil {
		if ctx.Err() != nil {
			return nil, c.failure(ctx, t, err)
		}
		return nil, &Error{Code: BadAnswer, URL: at, Reason: "the answer breaks off", Err: err}
	}
	if int64(buffer.Len()) > c.config.Bytes {
		return nil, tooLarge
	}
	return buffer.Bytes(), nil
}

// failure turns what the transport says into a Code.
func (c *Client) failure(ctx context.Context, t target, err error) *Error {
	e := &Error{Code: Unreachable, URL: printable(t.url.String()), Err: err}
	var timeout interface{ Timeout() bool }
	switch {
	case errors.Is(err, ssrf.ErrProhibitedIP), errors.Is(err, ssrf.ErrProhibitedNetwork):
		e.Code, e.Reason = AddressForbidden, "its address is private, local or reserved; the verifier does not connect there"
	case errors.Is(err, ssrf.ErrProhibitedPort):
		e.Code, e.Reason = PortForbidden, "its port is not one that the verifier connects to"
	case errors.Is(context.Cause(ctx), errFirstByte):
		e.Code, e.Reason = Timeout, fmt.Sprintf("no answer within %v", c.config.FirstByte)
	case errors.As(err, &timeout) && timeout.Timeout(), errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		e.Code, e.Reason = Timeout, "no answer in time"
	default:
		e.Reason = whyUnreachable(err)
	}
	return e
}

// whyUnreachable says in words what kept a server from answering. The text of
// err stays out of it: it names our resolver and local addresses.
func whyUnreachable(err error) string {
	var name *net.DNSError
	var certificate *tls.CertificateVerificationError
	switch {
	case errors.As(err, &name) && name.IsNotFound:
		return "there is no server of that name"
	case errors.As(err, &name):
		return "the address of its server could not be looked up"
	case errors.As(err, &certificate):
		return "its certificate is not one to trust"
	case errors.Is(err, syscall.ECONNREFUSED):
		return "nothing listens at that address"
	}
	return "it cannot be reached"
}
