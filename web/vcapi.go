package web

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/accolade-badges/accolade/issuer"
	"github.com/accolade-badges/accolade/openbadges/strictjson"
)

// The VC-API (W3C Credentials Community Group), as far as the suites of the VC
// Data Model 2.0 and of Data Integrity use it. Like it says, a request with a
// member or an option that is not understood is refused, not half obeyed.

// vcIssuers is GET /issuers: who signs at /credentials/issue.
func (s *server) vcIssuers(c echo.Context) error {
	if _, err := s.token(c, issuer.VCIssue); err != nil {
		return err
	}
	list, err := s.Issuer.FreeIssuers(c.Request().Context())
	if err != nil {
		return err
	}
	return writeJSON(c, http.StatusOK, list)
}

// vcIssue is POST /credentials/issue.
func (s *server) vcIssue(c echo.Context) error {
	t, err := s.token(c, issuer.VCIssue)
	if err != nil {
		return err
	}
	credential, options, err := s.vcRequest(c, "credential", "cryptosuite", "type", "proofPurpose")
	if err != nil {
		return err
	}
	for name, only := range map[string]string{"type": "DataIntegrityProof", "proofPurpose": "assertionMethod"} {
		if v := options.Get(name); v != nil && v.Str() != only {
			return badOption(name, "can only be "+only+" here")
		}
	}
	suite := options.Get("cryptosuite")
	if suite != nil && suite.Str() == "" {
		return badOption("cryptosuite", "must be the name of a cryptosuite")
	}
	signed, err := s.Issuer.IssueFree(c.Request().Context(), "token:"+t.ID, credential, suite.Str())
	var unknown *issuer.UnknownIssuerError
	var invalid *issuer.InvalidError
	switch {
	case errors.As(err, &unknown):
		return &statusError{http.StatusBadRequest, "That issuer is not one of ours", unknown.Error() + ".", []issuer.FieldError{{Field: "credential.issuer", Message: unknown.Error()}}}
	case errors.As(err, &invalid):
		return &statusError{http.StatusUnprocessableEntity, "This is not a credential that can be issued", invalid.Error(), invalid.Fields}
	case err != nil:
		return err
	}
	return writeJSON(c, http.StatusCreated, map[string]any{"verifiableCredential": signed})
}

// vcRequest reads a body {name: object, options?} whose options may have the
// given members.
func (s *server) vcRequest(c echo.Context, name string, options ...string) (document, given *strictjson.Value, err error) {
	body, err := readAll(c, maxUpload)
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return nil, nil, tooLarge()
	}
	if err != nil {
		return nil, nil, err
	}
	root, err := strictjson.Limits{Bytes: maxUpload}.Parse(bytes.TrimSpace(body))
	if err != nil {
		return nil, nil, badJSON(err.Error())
	}
	if !root.Is(strictjson.Object) {
		return nil, nil, badJSON("it is no object")
	}
	for _, m := range root.Members() {
		if m.Name != name && m.Name != "options" {
			return nil, nil, badMember(m.Name, fmt.Sprintf("is not understood here; send {%q: {…}, \"options\": {…}}", name))
		}
	}
	document, given = root.Get(name), root.Get("options")
	if !document.Is(strictjson.Object) {
		return nil, nil, badMember(name, "must be there, as a JSON object")
	}
	if given != nil && !given.Is(strictjson.Object) && !given.Is(strictjson.Null) {
		return nil, nil, badMember("options", "must be an object")
	}
	for _, m := range given.Members() {
		if !slices.Contains(options, m.Name) {
			return nil, nil, badOption(m.Name, "is not understood here; there are "+strings.Join(options, ", "))
		}
	}
	return document, given, nil
}

func badOption(name, message string) error { return badMember("options."+name, message) }

func badMember(name, message string) error {
	name = fmt.Sprintf("%.100s", name)
	return &statusError{http.StatusBadRequest, "The request is not right", name + " " + message + ".", []issuer.FieldError{{Field: name, Message: message}}}
}
