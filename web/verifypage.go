package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/accolade-badges/accolade/verifier"
)

// withCamera lets a page with the verify box read a QR code.
const withCamera = "camera=(self), microphone=(), geolocation=()"

// verifyPage is the public verifier; ?url= verifies an address again, so that a
// report can be shared as a link.
func (s *server) verifyPage(c echo.Context) error {
	p := s.newVerifyPage(c)
	p.Back = comeBack(c, "url", "recipient")
	p.Input, p.Recipient = strings.TrimSpace(c.QueryParam("url")), strings.TrimSpace(c.QueryParam("recipient"))
	if p.Input == "" {
		p.NoIndex, p.Canonical = false, s.Issuer.URLs().Base()+"/verify"
		p.Description = s.language(c).T("verify.description")
		return s.page(c, http.StatusOK, "verify.html", p)
	}
	if err := s.allowed(c); err != nil {
		return err
	}
	return s.showReport(c, p, verifier.Input{URL: p.Input})
}

// verifyForm is the box of the public verifier.
func (s *server) verifyForm(c echo.Context) error {
	if err := s.allowed(c); err != nil {
		return err
	}
	in, recipient, err := uploaded(c)
	if err != nil {
		return err
	}
	p := s.newVerifyPage(c)
	p.Input, p.Recipient = in.URL, strings.TrimSpace(recipient)
	return s.showReport(c, p, in)
}

func (s *server) newVerifyPage(c echo.Context) verifyPage {
	c.Response().Header().Set("Permissions-Policy", withCamera)
	return verifyPage{base: s.base(c, s.language(c).T("verify.title"))}
}

// showReport verifies an input and shows the report.
func (s *server) showReport(c echo.Context, p verifyPage, in verifier.Input) error {
	r, err := s.run(c.Request().Context(), in, p.Recipient)
	if err != nil {
		return err
	}
	l := s.language(c)
	p.Title = l.T("verify.title.of", "Verdict", l.T("verify.verdict."+string(r.Verdict)), "Badge", l.called(r))
	p.Report, p.Credential, p.Trust = r, pretty(r.Credential), r.Check(verifier.CheckTrust)
	if r.Source != nil && r.Source.SHA256 == "" && len(r.Credential) > 0 {
		sum := sha256.Sum256(judged(r))
		p.Fingerprint = hex.EncodeToString(sum[:])
	}
	if again := verifiedAgain(in, r); again != "" {
		q := url.Values{"url": {again}}
		p.Again = s.Issuer.URLs().Base() + "/verify?" + q.Encode()
		if p.Recipient != "" {
			q.Set("recipient", p.Recipient)
		}
		p.Back = "/verify?" + q.Encode()
	}
	return s.page(c, http.StatusOK, "verify.html", p)
}

// judged are the bytes of the credential that a report is about.
func judged(r *verifier.Report) []byte {
	if r.Token != "" {
		return []byte(r.Token)
	}
	return r.Credential
}

// verifiedAgain is the address at which what was verified can be verified by
// others, or empty where only whoever has the file can.
func verifiedAgain(in verifier.Input, r *verifier.Report) string {
	if in.URL != "" {
		return in.URL
	}
	if r.Verdict != verifier.Invalid && r.Verdict != verifier.Undetermined && strings.HasPrefix(r.ID, "https://") {
		return r.ID
	}
	return ""
}

// verifyPage is what verify.html shows.
type verifyPage struct {
	base
	Input, Recipient string // as they stand in the box
	Report           *verifier.Report
	Trust            *verifier.Check // the report's line about trust in the issuer
	Credential       string
	Fingerprint      string // SHA-256 of the credential, where it was not given but read from an address
	Again            string // address that makes this report again, if there is one
}

// pretty indents JSON; what is none is returned as it is.
func pretty(raw []byte) string {
	var b bytes.Buffer
	if json.Indent(&b, raw, "", "  ") != nil {
		return string(raw)
	}
	return b.String()
}

// about explains badges to whoever has never seen one.
func (s *server) about(c echo.Context) error {
	l := s.language(c)
	b := s.base(c, l.T("about.title"))
	b.NoIndex, b.Canonical, b.Description = false, s.Issuer.URLs().Base()+"/about", l.T("about.description")
	return s.page(c, http.StatusOK, "about.html", b)
}
