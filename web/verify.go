package web

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/accolade-badges/accolade/verifier"
)

const (
	// maxUpload is the largest file that is verified.
	maxUpload = 5 << 20
	// maxBatch is how many inputs one call may verify.
	maxBatch = 1000
	// verifySlots is how many verifications run at once, so that they never
	// starve the badge pages.
	verifySlots = 64
)

var tooLarge = &statusError{http.StatusRequestEntityTooLarge, "That is too large", "A badge to verify may have at most 5 MiB. Send the credential itself instead of a large picture.", nil}

// verifyInput is one input of the verify API.
type verifyInput struct {
	Input     json.RawMessage `json:"input"` // a string (address, token, JSON text) or the credential itself
	Recipient string          `json:"recipient,omitempty"`
}

func (v verifyInput) input() verifier.Input {
	var text string
	if json.Unmarshal(v.Input, &text) == nil {
		return inputOf([]byte(text))
	}
	return verifier.Input{Data: v.Input}
}

// inputOf tells an address from everything else.
func inputOf(data []byte) verifier.Input {
	text := strings.TrimSpace(string(data))
	if !strings.ContainsAny(text, " \n\r\t{<") && (strings.HasPrefix(text, "https://") || strings.HasPrefix(text, "http://")) {
		return verifier.Input{URL: text}
	}
	return verifier.Input{Data: data}
}

// run verifies one input for a client; it waits for a free place.
func (s *server) run(ctx context.Context, in verifier.Input, recipient string) (*verifier.Report, error) {
	select {
	case s.verify.slots <- struct{}{}:
		defer func() { <-s.verify.slots }()
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
	o := s.Issuer.VerifierOptions()
	o.Fetch, o.Trusted, o.Recipient = s.Fetch, s.Trusted, recipient
	return verifier.Verify(ctx, in, o)
}

// postVerify is POST /api/v1/verify: a multipart form with file, JSON with
// input or inputs, or the raw credential, image or token. What was sent is not
// kept.
func (s *server) postVerify(c echo.Context) error {
	h := c.Response().Header()
	h.Set("Access-Control-Allow-Origin", "*")
	if err := s.allowed(c); err != nil {
		return err
	}
	if c.Request().ContentLength > maxUpload+1<<16 {
		return tooLarge
	}
	c.Request().Body = http.MaxBytesReader(c.Response(), c.Request().Body, maxUpload+1<<16)
	ctx := c.Request().Context()
	if strings.HasPrefix(c.Request().Header.Get("Content-Type"), "multipart/form-data") {
		in, recipient, err := uploaded(c)
		if err != nil {
			return err
		}
		return s.report(c, in, recipient)
	}
	body, err := io.ReadAll(c.Request().Body)
	if err != nil || len(body) > maxUpload {
		return tooLarge
	}
	if len(bytes.TrimSpace(body)) == 0 {
		return &statusError{http.StatusBadRequest, "There is nothing to verify", "Send a badge: a file, its JSON or token, or {\"input\": \"https://…\"}.", nil}
	}
	var one verifyInput
	var many struct {
		Inputs []verifyInput `json:"inputs"`
	}
	switch {
	case decode(body, &one) == nil && one.Input != nil:
		return s.report(c, one.input(), one.Recipient)
	case decode(body, &many) == nil && many.Inputs != nil:
		if len(many.Inputs) > maxBatch {
			return &statusError{http.StatusRequestEntityTooLarge, "That is too many at once", "Verify at most 1000 badges a call.", nil}
		}
		reports := make([]*verifier.Report, len(many.Inputs))
		for i, in := range many.Inputs {
			if reports[i], err = s.run(ctx, in.input(), in.Recipient); err != nil {
				return err
			}
		}
		return writeJSON(c, http.StatusOK, map[string]any{"reports": reports})
	}
	return s.report(c, inputOf(body), "")
}

func (s *server) report(c echo.Context, in verifier.Input, recipient string) error {
	r, err := s.run(c.Request().Context(), in, recipient)
	if err != nil {
		return err
	}
	return writeJSON(c, http.StatusOK, r)
}

// uploaded reads the form of the verify page and API: a file, or text.
func uploaded(c echo.Context) (verifier.Input, string, error) {
	if err := c.Request().ParseMultipartForm(maxUpload + 1<<16); err != nil {
		if strings.Contains(err.Error(), "too large") {
			return verifier.Input{}, "", tooLarge
		}
		return verifier.Input{}, "", &statusError{http.StatusBadRequest, "The form did not arrive whole", "Send it again.", nil}
	}
	defer func() { _ = c.Request().MultipartForm.RemoveAll() }()
	recipient := strings.TrimSpace(c.FormValue("recipient"))
	file, header, err := c.Request().FormFile("file")
	if err == nil {
		defer func() { _ = file.Close() }()
		data, err := io.ReadAll(io.LimitReader(file, maxUpload+1))
		if err != nil || len(data) > maxUpload {
			return verifier.Input{}, "", tooLarge
		}
		if len(data) > 0 {
			return verifier.Input{Data: data, Name: header.Filename}, recipient, nil
		}
	}
	text := strings.TrimSpace(c.FormValue("input"))
	if text == "" {
		return verifier.Input{}, "", &statusError{http.StatusBadRequest, "There is nothing to verify", "Choose a file, or paste a badge's address, its JSON or its token.", nil}
	}
	return inputOf([]byte(text)), recipient, nil
}

// allowVerify answers a browser that asks whether other sites may call.
func (s *server) allowVerify(c echo.Context) error {
	h := c.Response().Header()
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Access-Control-Allow-Methods", "POST")
	h.Set("Access-Control-Allow-Headers", "Content-Type")
	h.Set("Access-Control-Max-Age", "86400")
	return c.NoContent(http.StatusNoContent)
}

func (s *server) allowed(c echo.Context) error {
	if s.verify.allow(c.RealIP(), time.Now()) {
		return nil
	}
	c.Response().Header().Set("Retry-After", "60")
	return &statusError{http.StatusTooManyRequests, "That is more than this site verifies in a minute", "Wait a minute, or run your own verifier: accolade verify.", nil}
}

// verifyPage is the public verifier; ?url= verifies an address again, so that a
// report can be shared as a link.
func (s *server) verifyPage(c echo.Context) error {
	p := verifyPage{base: s.base("Verify a badge")}
	if address := strings.TrimSpace(c.QueryParam("url")); address != "" {
		if err := s.allowed(c); err != nil {
			return err
		}
		p.Input = address
		r, err := s.run(c.Request().Context(), verifier.Input{URL: address}, strings.TrimSpace(c.QueryParam("recipient")))
		if err != nil {
			return err
		}
		p.show(r)
	}
	return s.page(c, http.StatusOK, "verify.html", p)
}

func (s *server) verifyForm(c echo.Context) error {
	if err := s.allowed(c); err != nil {
		return err
	}
	c.Request().Body = http.MaxBytesReader(c.Response(), c.Request().Body, maxUpload+1<<16)
	in, recipient, err := uploaded(c)
	if err != nil {
		return err
	}
	r, err := s.run(c.Request().Context(), in, recipient)
	if err != nil {
		return err
	}
	p := verifyPage{base: s.base("Verify a badge"), Input: in.URL}
	p.show(r)
	return s.page(c, http.StatusOK, "verify.html", p)
}

// verifyPage is what verify.html shows.
type verifyPage struct {
	base
	Input      string
	Report     *verifier.Report
	Credential string
}

func (p *verifyPage) show(r *verifier.Report) {
	p.Report = r
	p.Credential = pretty(r.Credential)
}

// pretty indents JSON; what is none is returned as it is.
func pretty(raw []byte) string {
	var b bytes.Buffer
	if json.Indent(&b, raw, "", "  ") != nil {
		return string(raw)
	}
	return b.String()
}
