package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"

	"github.com/labstack/echo/v4"

	"github.com/accolade-badges/accolade/issuer"
)

// repeatHeader is the name that a client gives a request so that it may send it
// again without knowing whether it arrived.
const repeatHeader = "Idempotency-Key"

// running is the calls with an idempotency key that are under way here.
type running struct {
	mu   sync.Mutex
	keys map[string]bool
}

// enter tells whether nobody else runs under the name.
func (r *running) enter(name string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.keys[name] {
		return false
	}
	if r.keys == nil {
		r.keys = map[string]bool{}
	}
	r.keys[name] = true
	return true
}

func (r *running) leave(name string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.keys, name)
}

// onceByKey answers a request that is sent again under the same Idempotency-Key
// as it was answered the first time, for a day. What was refused has changed
// nothing, is not kept, and may be mended and sent again. Without the header a
// repeated call is as harmless; only its answer says what is so then.
func (s *server) onceByKey(needs issuer.Scope, next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		key, err := repeatKey(c.Request().Header)
		if err != nil {
			return err
		}
		if key == "" {
			return next(c)
		}
		t, err := s.token(c, needs)
		if err != nil {
			return err
		}
		body, err := readAll(c, maxAPIBody)
		if err != nil {
			return err
		}
		c.Request().Body = io.NopCloser(bytes.NewReader(body))
		digest := digestOf(c.Request(), body)
		if !s.running.enter(t.ID + " " + key) {
			c.Response().Header().Set("Retry-After", "1")
			return &statusError{http.StatusConflict, "The same request is under way", "A request with this " + repeatHeader + " is being answered. Send it again in a second.", nil}
		}
		defer s.running.leave(t.ID + " " + key)
		kept, err := s.Issuer.Answered(c.Request().Context(), t.ID, key, digest)
		switch {
		case errors.Is(err, issuer.ErrKeyReused):
			return &statusError{http.StatusUnprocessableEntity, "This key stands for another request", err.Error() + ".", nil}
		case err != nil:
			return err
		case kept != nil:
			c.Response().Header().Set("Cache-Control", "no-store")
			c.Response().Header().Set("Idempotency-Replayed", "true")
			return write(c, kept.Status, issuer.TypeJSON, kept.Body)
		}
		seen := &copyingWriter{ResponseWriter: c.Response().Writer}
		c.Response().Writer = seen
		if err := next(c); err != nil {
			return err
		}
		if status := c.Response().Status; status < 200 || status > 299 {
			return nil
		}
		if err := s.Issuer.KeepAnswer(c.Request().Context(), t.ID, key, digest, issuer.Answer{Status: c.Response().Status, Body: seen.body.Bytes()}); err != nil {
			s.Log.Warn("an answer cannot be kept for its idempotency key", "route", c.Path(), "error", err)
		}
		return nil
	}
}

// repeatKey returns the idempotency key of a request, or "". It may stand in
// quotes.
func repeatKey(h http.Header) (string, error) {
	list := h.Values(repeatHeader)
	if len(list) == 0 {
		return "", nil
	}
	key := strings.TrimSpace(list[0])
	if n := len(key); n >= 2 && key[0] == '"' && key[n-1] == '"' {
		key = key[1 : n-1]
	}
	visible := func(r rune) bool { return r > ' ' && r <= '~' }
	if len(list) > 1 || key == "" || len(key) > 255 || strings.ContainsFunc(key, func(r rune) bool { return !visible(r) }) {
		return "", &statusError{http.StatusBadRequest, "The " + repeatHeader + " is not right", "Send it once, with 1 to 255 visible ASCII characters; a random UUID is a good one.", nil}
	}
	return key, nil
}

// digestOf stands for a request: what is asked, and with which body.
func digestOf(r *http.Request, body []byte) string {
	h := sha256.New()
	_, _ = io.WriteString(h, r.Method+" "+r.URL.RequestURI()+"\n") // a hash takes everything
	_, _ = h.Write(body)
	return hex.EncodeToString(h.Sum(nil))
}

// copyingWriter keeps what goes out.
type copyingWriter struct {
	http.ResponseWriter
	body bytes.Buffer
}

// Write is http.ResponseWriter's.
func (w *copyingWriter) Write(p []byte) (int, error) {
	w.body.Write(p)
	return w.ResponseWriter.Write(p)
}

// Unwrap lets http.ResponseController reach the writer beneath.
func (w *copyingWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
