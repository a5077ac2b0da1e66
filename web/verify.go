package web

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"mime/multipart"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/labstack/echo/v4"
	"golang.org/x/sync/errgroup"

	"github.com/accolade-badges/accolade/issuer"
	"github.com/accolade-badges/accolade/verifier"
)

const (
	// maxUpload is the largest file that is verified.
	maxUpload = 5 << 20
	// maxBatch is how many inputs one call may verify.
	maxBatch = 1000
	// verifySlots is how many verifications run at once, so that they never
	// starve the badge pages. After verifyTurn, which none needs for its own work,
	// one waits for a stranger's server, and its place goes to the next.
	verifySlots = 64
	verifyTurn  = time.Second
	// batchSlots is how many inputs of one call are verified at once, and
	// batchTime how long all of them may take.
	batchSlots = 8
	batchTime  = 50 * time.Second
	// namedAMinute is how many people may be named for one badge, by all clients
	// together: its hashes hide addresses from who may guess a few.
	namedAMinute = 30
	// formRoom is what a form may have beside its file.
	formRoom = 64 << 10
)

func tooLarge() error {
	return &fault{status: http.StatusRequestEntityTooLarge, key: "verify.large"}
}

func nothingToVerify() error {
	return &fault{status: http.StatusBadRequest, key: "verify.nothing"}
}

// verifyInput is one input of the verify API.
type verifyInput struct {
	Input     json.RawMessage `json:"input"` // a string (address, token, JSON text) or the credential itself
	Recipient string          `json:"recipient,omitempty"`
}

// input returns what is to be verified; ok is false when that is nothing.
func (v verifyInput) input() (in verifier.Input, ok bool) {
	var text string
	if json.Unmarshal(v.Input, &text) == nil {
		return inputOf([]byte(text)), strings.TrimSpace(text) != ""
	}
	return verifier.Input{Data: v.Input}, len(v.Input) > 0
}

// inputOf tells an address from everything else.
func inputOf(data []byte) verifier.Input {
	text := strings.TrimSpace(string(data))
	if !strings.ContainsAny(text, " \n\r\t{<") && (strings.HasPrefix(text, "https://") || strings.HasPrefix(text, "http://")) {
		return verifier.Input{URL: text}
	}
	return verifier.Input{Data: data}
}

// run verifies one input for a client.
func (s *server) run(ctx context.Context, in verifier.Input, recipient string) (*verifier.Report, error) {
	o := s.Issuer.VerifierOptions()
	o.Recipient = strings.TrimSpace(recipient)
	return s.runWith(ctx, in, o)
}

// runOffline verifies one input without asking anybody.
func (s *server) runOffline(ctx context.Context, in verifier.Input, recipient string) (*verifier.Report, error) {
	o := s.Issuer.VerifierOptions()
	o.Recipient, o.Offline = strings.TrimSpace(recipient), true
	return s.runWith(ctx, in, o)
}

// runWith verifies one input by options of its own; it waits for a free place.
func (s *server) runWith(ctx context.Context, in verifier.Input, o verifier.Options) (*verifier.Report, error) {
	select {
	case s.verify.slots <- struct{}{}:
		free := sync.OnceFunc(func() { <-s.verify.slots })
		defer free()
		defer time.AfterFunc(verifyTurn, free).Stop()
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
	o.MayAsk = func(named string) bool { return s.named.allow(named, s.Issuer.Now()) }
	o.Fetch, o.Trusted, o.Registries = s.Fetch, s.Trusted, s.Registries
	return verifier.Verify(ctx, in, o)
}

// postVerify is POST /api/v1/verify: a multipart form with file, JSON with
// input or inputs, or the raw credential, image or token. What was sent is not
// kept.
func (s *server) postVerify(c echo.Context) error {
	if err := s.allowed(c); err != nil {
		return err
	}
	if strings.HasPrefix(c.Request().Header.Get("Content-Type"), "multipart/form-data") {
		in, recipient, err := uploaded(c)
		if err != nil {
			return err
		}
		return s.report(c, in, recipient)
	}
	body, err := readAll(c, maxUpload)
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return tooLarge()
	case err != nil:
		return err
	case len(bytes.TrimSpace(body)) == 0:
		return nothingToVerify()
	}
	var members map[string]json.RawMessage
	if json.Unmarshal(body, &members) == nil && members["@context"] == nil {
		switch {
		case members["input"] != nil:
			return s.verifyOne(c, body)
		case members["inputs"] != nil:
			return s.verifyMany(c, body)
		}
	}
	return s.report(c, inputOf(body), "")
}

func (s *server) verifyOne(c echo.Context, body []byte) error {
	var one verifyInput
	if err := decode(body, &one); err != nil {
		return err
	}
	in, ok := one.input()
	if !ok {
		return nothingToVerify()
	}
	return s.report(c, in, one.Recipient)
}

// verifyMany verifies several inputs side by side; the reports stand in their
// order.
func (s *server) verifyMany(c echo.Context, body []byte) error {
	var many struct {
		Inputs []verifyInput `json:"inputs"`
	}
	if err := decode(body, &many); err != nil {
		return err
	}
	if len(many.Inputs) > maxBatch {
		return &statusError{http.StatusRequestEntityTooLarge, "That is too many at once", fmt.Sprintf("Verify at most %d badges a call.", maxBatch), nil}
	}
	inputs := make([]verifier.Input, len(many.Inputs))
	for i, v := range many.Inputs {
		in, ok := v.input()
		if !ok {
			name := fmt.Sprintf("inputs[%d].input", i)
			return &statusError{http.StatusBadRequest, "There is nothing to verify", name + " is empty.", []issuer.FieldError{{Field: name, Message: "is empty"}}}
		}
		inputs[i] = in
	}
	if err := s.allowedBatch(c, len(inputs)); err != nil {
		return err
	}
	reports := make([]*verifier.Report, len(inputs))
	g, ctx := errgroup.WithContext(c.Request().Context())
	g.SetLimit(batchSlots)
	timed, stop := context.WithTimeout(ctx, batchTime)
	defer stop()
	for i, in := range inputs {
		g.Go(func() (err error) {
			recipient := many.Inputs[i].Recipient
			if reports[i], err = s.run(timed, in, recipient); err == nil || timed.Err() == nil || ctx.Err() != nil {
				return err
			}
			// The time for strangers' servers is over: the rest is judged without them,
			// and each report says what could not be known.
			reports[i], err = s.runOffline(ctx, in, recipient)
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	return writeJSON(c, http.StatusOK, map[string]any{"reports": reports})
}

func (s *server) report(c echo.Context, in verifier.Input, recipient string) error {
	r, err := s.run(c.Request().Context(), in, recipient)
	if err != nil {
		return err
	}
	return writeJSON(c, http.StatusOK, r)
}

// uploaded reads the form of the verify page and API: a file, or text. The name
// of the file is a stranger's and plays no part.
func uploaded(c echo.Context) (verifier.Input, string, error) {
	r := c.Request()
	r.Body = http.MaxBytesReader(c.Response(), r.Body, maxUpload+formRoom)
	if err := r.ParseMultipartForm(maxUpload + formRoom); err != nil {
		var large *http.MaxBytesError
		if errors.As(err, &large) || errors.Is(err, multipart.ErrMessageTooLarge) || r.ContentLength > maxUpload {
			return verifier.Input{}, "", tooLarge()
		}
		return verifier.Input{}, "", &fault{status: http.StatusBadRequest, key: "verify.form"}
	}
	defer func() { _ = r.MultipartForm.RemoveAll() }()
	recipient := r.FormValue("recipient")
	if file, _, err := r.FormFile("file"); err == nil {
		defer func() { _ = file.Close() }()
		data, err := io.ReadAll(io.LimitReader(file, maxUpload+1))
		switch {
		case err != nil:
			return verifier.Input{}, "", bodyError(err)
		case len(data) > maxUpload:
			return verifier.Input{}, "", tooLarge()
		case len(data) > 0:
			return verifier.Input{Data: data}, recipient, nil
		}
	}
	text := strings.TrimSpace(r.FormValue("input"))
	if text == "" {
		return verifier.Input{}, "", nothingToVerify()
	}
	return inputOf([]byte(text)), recipient, nil
}

// allowVerify answers a browser that asks whether other sites may call.
func (s *server) allowVerify(c echo.Context) error {
	h := c.Response().Header()
	h.Set("Access-Control-Allow-Methods", "POST")
	h.Set("Access-Control-Allow-Headers", "Content-Type")
	h.Set("Access-Control-Max-Age", "86400")
	return c.NoContent(http.StatusNoContent)
}

// allowedBatch counts a batch for each badge in it, apart from single calls: so
// a full one is always possible, but not one after the other, and who sends one
// can still look at a single badge.
func (s *server) allowedBatch(c echo.Context, badges int) error {
	wait := s.batches.wait(c.RealIP(), time.Now(), badges)
	if wait == 0 {
		return nil
	}
	minutes := int(math.Ceil(wait.Minutes()))
	c.Response().Header().Set("Retry-After", strconv.Itoa(60*minutes))
	return &fault{status: http.StatusTooManyRequests, key: "verify.batch", pairs: []any{"Minutes", minutes}}
}

func (s *server) allowed(c echo.Context) error {
	if s.verify.allow(c.RealIP(), time.Now()) {
		return nil
	}
	c.Response().Header().Set("Retry-After", "60")
	return &fault{status: http.StatusTooManyRequests, key: "verify.rate"}
}
