package web

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/accolade-badges/accolade/issuer"
	"github.com/accolade-badges/accolade/issuer/ledger"
)

// statusError is an error that is meant for the person who asked.
type statusError struct {
	status int
	title  string
	detail string
	fields []issuer.FieldError
}

func (e *statusError) Error() string { return e.title + ": " + e.detail }

// fault is an error that is meant for the person who asked, in their language:
// the text KEY.title says what is wrong, KEY.detail what to do.
type fault struct {
	status int
	key    string
	pairs  []any // name and value of what the texts hold
	fields []issuer.FieldError
}

func (f *fault) Error() string { return strings.TrimSpace(f.key + " " + fmt.Sprintln(f.pairs...)) }

// in says the fault in a language.
func (f *fault) in(l *locale) *statusError {
	return &statusError{f.status, l.T(f.key+".title", f.pairs...), l.T(f.key+".detail", f.pairs...), f.fields}
}

// problem is the JSON form of an error (RFC 9457).
type problem struct {
	Type   string         `json:"type"`
	Title  string         `json:"title"`
	Status int            `json:"status"`
	Detail string         `json:"detail,omitempty"`
	Errors []problemField `json:"errors,omitempty"`
}

type problemField struct {
	Field   string `json:"field"`
	Message string `json:"message"`
}

// explain turns an error into what may be told to a stranger. An error that is
// not meant for people is logged under a number that they can quote.
func (s *server) explain(c echo.Context, err error) *statusError {
	var told *statusError
	var spoken *fault
	var invalid *issuer.InvalidError
	var typed *issuer.EarnerError
	var conflict *issuer.ConflictError
	var scope *issuer.ErrScope
	var routing *echo.HTTPError
	var large *http.MaxBytesError
	var many *issuer.ErrTooMany
	say := func(f *fault) *statusError {
		if wantsPage(c) {
			return f.in(s.language(c))
		}
		return f.in(s.pages.languages.list[0])
	}
	switch {
	case errors.As(err, &told):
		return told
	case errors.As(err, &spoken):
		return say(spoken)
	case errors.As(err, &many):
		return say(&fault{status: http.StatusTooManyRequests, key: "signin.many"})
	case errors.As(err, &invalid):
		return say(&fault{http.StatusUnprocessableEntity, "errors.input", []any{"Why", invalid.Error()}, invalid.Fields})
	case errors.As(err, &typed):
		return s.earnerFault(c, typed)
	case errors.As(err, &conflict):
		return say(&fault{status: http.StatusConflict, key: "errors.conflict", pairs: []any{"Why", conflict.Message}})
	case errors.Is(err, issuer.ErrNotPublished), errors.Is(err, issuer.ErrNoAward), errors.Is(err, ledger.ErrNotFound):
		return say(notFound())
	case errors.Is(err, issuer.ErrNoToken):
		return &statusError{http.StatusUnauthorized, "A token is needed", issuer.ErrNoToken.Error(), nil}
	case errors.As(err, &scope):
		return &statusError{http.StatusForbidden, "This token may not do that", scope.Error(), nil}
	case errors.Is(err, ledger.ErrBusy), errors.Is(err, ledger.ErrFull), errors.Is(err, ledger.ErrReadOnly):
		s.Log.Error("the ledger takes nothing", "route", c.Path(), "error", err)
		return say(&fault{status: http.StatusServiceUnavailable, key: "errors.busy"})
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded), errors.Is(err, ledger.ErrClosed):
		return say(&fault{status: http.StatusServiceUnavailable, key: "errors.slow"})
	case errors.As(err, &large):
		return say(&fault{status: http.StatusRequestEntityTooLarge, key: "errors.large", pairs: []any{"Bytes", large.Limit}})
	case errors.As(err, &routing) && routing.Code == http.StatusNotFound:
		return say(notFound())
	case errors.As(err, &routing) && routing.Code == http.StatusMethodNotAllowed:
		return say(&fault{status: routing.Code, key: "errors.method", pairs: []any{"Method", c.Request().Method}})
	case errors.As(err, &routing) && routing.Code < 500:
		return &statusError{routing.Code, http.StatusText(routing.Code), fmt.Sprint(routing.Message), nil}
	}
	number := make([]byte, 4)
	if _, err := rand.Read(number); err != nil {
		panic("web: the source of randomness failed: " + err.Error())
	}
	quote := hex.EncodeToString(number)
	s.Log.Error("request failed", "number", quote, "method", c.Request().Method, "route", c.Path(), "error", err)
	return say(&fault{status: http.StatusInternalServerError, key: "errors.internal", pairs: []any{"Number", quote}})
}

func notFound() *fault { return &fault{status: http.StatusNotFound, key: "errors.not-found"} }

// fail is the one place where errors become answers.
func (s *server) fail(err error, c echo.Context) {
	if c.Response().Committed {
		return
	}
	e := s.explain(c, err)
	h := c.Response().Header()
	h.Set("Cache-Control", "no-store")
	h.Add("Vary", "Accept")
	switch e.status {
	case http.StatusServiceUnavailable:
		h.Set("Retry-After", strconv.Itoa(5))
	case http.StatusUnauthorized:
		h.Set("WWW-Authenticate", `Bearer realm="accolade"`)
	}
	if wantsPage(c) {
		p := errorPage{base: s.base(c, e.title), Detail: e.detail, Status: e.status}
		p.Back = "" // what is not there looks the same at every address
		if e.status != http.StatusNotFound {
			p.Return = s.formPage(c)
			p.Back = p.Return
		}
		err = s.page(c, e.status, "error.html", p)
	} else {
		err = writeProblem(c, e)
	}
	if err != nil {
		s.Log.Error("error page failed", "route", c.Path(), "error", err)
	}
}

// errorPage is what error.html shows.
type errorPage struct {
	base
	Detail string
	Status int
	Return string // path of the page whose form this answers, or ""
}

// formPage is the path of the page of an earner's on which the form stands that
// was sent: what is sent to may have none of its own.
func (s *server) formPage(c echo.Context) string {
	pattern, path := c.Path(), c.Request().URL.Path
	if c.Request().Method != http.MethodPost {
		return ""
	}
	for list := s.routes(); strings.HasPrefix(pattern, "/me"); {
		if slices.ContainsFunc(list, func(r route) bool { return r.method == http.MethodGet && r.path == pattern }) {
			return path
		}
		pattern, path = pattern[:strings.LastIndex(pattern, "/")], path[:strings.LastIndex(path, "/")]
	}
	return ""
}

// wantsPage tells whether the one who asks reads HTML: browsers do, on
// addresses that are pages.
func wantsPage(c echo.Context) bool {
	for _, prefix := range []string{"/api/", "/credentials/", "/presentations/", "/ob2/", "/keys/", "/status/", "/revocations/", "/.well-known/"} {
		if strings.HasPrefix(c.Request().URL.Path, prefix) {
			return false
		}
	}
	return strings.Contains(c.Request().Header.Get("Accept"), "text/html")
}

// problem is the error as JSON.
func (e *statusError) problem() *problem {
	p := &problem{Type: "about:blank", Title: e.title, Status: e.status, Detail: e.detail}
	for _, f := range e.fields {
		p.Errors = append(p.Errors, problemField(f))
	}
	return p
}

func writeProblem(c echo.Context, e *statusError) error {
	body, err := json.Marshal(e.problem())
	if err != nil {
		return err
	}
	return write(c, e.status, "application/problem+json", body)
}
