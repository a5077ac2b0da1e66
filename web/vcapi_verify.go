package web

import (
	"encoding/json"
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/accolade-badges/accolade/verifier"
)

// verifyOptions are the options of VC-API that are understood. The ones about
// what to return and what to check change nothing: every check is always made,
// and the whole report returned.
var verifyOptions = []string{"challenge", "domain", "expectedProofPurpose", "checks", "returnCredential", "returnProblemDetails", "returnResults"}

// vcVerify is POST /credentials/verify.
func (s *server) vcVerify(c echo.Context) error {
	return s.vcJudge(c, "verifiableCredential", "assertionMethod")
}

// vpVerify is POST /presentations/verify.
func (s *server) vpVerify(c echo.Context) error {
	return s.vcJudge(c, "verifiablePresentation", "authentication")
}

// vcAnswer is what a verification answers. Problems are what did not pass.
type vcAnswer struct {
	*problem                  // of a refusal
	Verified bool             `json:"verified"`
	Problems []vcProblem      `json:"problemDetails"`
	Report   *verifier.Report `json:"report"`
}

// vcProblem is one entry of problemDetails (VC Data Model 2.0, section 7.2).
type vcProblem struct {
	Type   string `json:"type"`
	Title  string `json:"title"`
	Detail string `json:"detail"`
	Code   string `json:"code"`
}

// vcJudge verifies by the W3C profile: 200 exactly when the document is valid,
// 400 when it is malformed, 422 when it is well-formed and yet not valid.
func (s *server) vcJudge(c echo.Context, member, purpose string) error {
	if err := s.allowed(c); err != nil {
		return err
	}
	document, options, err := s.vcRequest(c, member, verifyOptions...)
	if err != nil {
		return err
	}
	o := s.Issuer.VerifierOptions()
	o.Profile = verifier.W3C
	for _, want := range []struct {
		name string
		to   *string
	}{{"challenge", &o.Challenge}, {"domain", &o.Domain}} {
		v := options.Get(want.name)
		if *want.to = v.Str(); v != nil && v.Str() == "" {
			return badOption(want.name, "must be a string with something in it")
		}
	}
	if v := options.Get("expectedProofPurpose"); v != nil && v.Str() != purpose {
		return &statusError{http.StatusUnprocessableEntity, "That purpose does not fit", "A proof of this kind of document is made for " + purpose + ", which options.expectedProofPurpose rules out.", nil}
	}
	r, err := s.runWith(c.Request().Context(), verifier.Input{Data: document.Append(nil)}, o)
	if err != nil {
		return err
	}
	return writeVC(c, r, member)
}

func writeVC(c echo.Context, r *verifier.Report, member string) error {
	a := vcAnswer{Verified: r.OK(), Problems: vcProblems(r), Report: r}
	presentation := r.Kind == "presentation"
	switch {
	case r.Kind != "" && presentation != (member == "verifiablePresentation"):
		return badMember(member, "is another kind of document; credentials go to /credentials/verify, presentations to /presentations/verify")
	case r.OK():
		return writeJSON(c, http.StatusOK, a)
	case malformed(r):
		a.problem = (&statusError{http.StatusBadRequest, "This is malformed", r.Summary, nil}).problem()
	default:
		a.problem = (&statusError{http.StatusUnprocessableEntity, "This is not verified", r.Summary, nil}).problem()
	}
	body, err := json.Marshal(a)
	if err != nil {
		return err
	}
	c.Response().Header().Set("Cache-Control", "no-store")
	return write(c, a.Status, "application/problem+json", body)
}

// malformed tells whether a document does not even have the form that would let
// it be judged.
func malformed(r *verifier.Report) bool {
	for _, c := range r.Checks {
		if c.Outcome != verifier.Failed {
			continue
		}
		switch c.Code {
		case verifier.CodeUnsigned, "malformed", verifier.CodeDateMalformed, verifier.CodeDatesReversed:
			return true
		}
		if c.ID == verifier.CheckIntake || c.ID == verifier.CheckStructure {
			return true
		}
	}
	return false
}

// vcProblems lists what did not pass, by the types of VC Data Model 2.0 (section
// 7.2) and Data Integrity (section 4.8).
func vcProblems(r *verifier.Report) []vcProblem {
	const model, security = "https://www.w3.org/TR/vc-data-model#", "https://w3id.org/security#"
	list := []vcProblem{}
	for _, c := range r.Checks {
		if c.Outcome != verifier.Failed && c.Outcome != verifier.Unchecked || c.ID == verifier.CheckTrust {
			continue
		}
		p := vcProblem{Type: "about:blank", Title: c.ID, Detail: c.Message, Code: c.Code}
		switch c.ID {
		case verifier.CheckIntake:
			p.Type = model + "PARSING_ERROR"
		case verifier.CheckStructure:
			p.Type = model + "MALFORMED_VALUE_ERROR"
		case verifier.CheckDates:
			p.Type = model + "RANGE_ERROR"
		case verifier.CheckIssuer:
			p.Type = model + "CRYPTOGRAPHIC_SECURITY_ERROR"
		case verifier.CheckProof:
			p.Type = security + "PROOF_VERIFICATION_ERROR"
			switch c.Code {
			case "wrong_domain":
				p.Type = security + "INVALID_DOMAIN_ERROR"
			case "wrong_challenge":
				p.Type = security + "INVALID_CHALLENGE_ERROR"
			case "transformation":
				p.Type = security + "PROOF_TRANSFORMATION_ERROR"
			}
		}
		list = append(list, p)
	}
	return list
}
