package web

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/accolade-badges/accolade/issuer"
	"github.com/accolade-badges/accolade/issuer/ledger"
)

// maxAPIBody is the largest body of a call that records something.
const maxAPIBody = 5 << 20

// maxResults is how many results one call may report.
const maxResults = 1000

// token answers who calls and refuses what the token may not do.
func (s *server) token(c echo.Context, needs issuer.Scope) (ledger.Token, error) {
	secret, ok := strings.CutPrefix(c.Request().Header.Get("Authorization"), "Bearer ")
	if !ok {
		return ledger.Token{}, issuer.ErrNoToken
	}
	return s.Issuer.Authorize(c.Request().Context(), strings.TrimSpace(secret), needs)
}

// read decodes a JSON body into v and refuses members that v does not have.
func read(c echo.Context, v any) error {
	body, err := io.ReadAll(http.MaxBytesReader(c.Response(), c.Request().Body, maxAPIBody))
	if err != nil {
		return bodyError(err)
	}
	return decode(body, v)
}

func bodyError(err error) error {
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return err
	}
	return &statusError{http.StatusBadRequest, "The body did not arrive whole", "Send it again.", nil}
}

func decode(body []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	err := d.Decode(v)
	if err == nil && d.More() {
		err = errors.New("something follows the JSON document")
	}
	if err == nil {
		return nil
	}
	return &statusError{http.StatusBadRequest, "The body is not the JSON that is expected here", strings.TrimPrefix(err.Error(), "json: ") + "; see /api for the shapes.", nil}
}

func writeJSON(c echo.Context, status int, v any) error {
	body, err := json.Marshal(v)
	if err != nil {
		return err
	}
	c.Response().Header().Set("Cache-Control", "no-store")
	return write(c, status, issuer.TypeJSON, body)
}

// resultAnswer is the answer to one reported result, or why it was refused.
type resultAnswer struct {
	*issuer.Recorded
	Problem *problem `json:"problem,omitempty"`
}

// postResults records one result, or each of an array: then 200, with one
// answer for each in its place, whatever became of the others.
func (s *server) postResults(c echo.Context) error {
	t, err := s.token(c, issuer.ResultsWrite)
	if err != nil {
		return err
	}
	body, err := io.ReadAll(http.MaxBytesReader(c.Response(), c.Request().Body, maxAPIBody))
	if err != nil {
		return bodyError(err)
	}
	if trimmed := bytes.TrimLeft(body, " \t\r\n"); len(trimmed) > 0 && trimmed[0] == '[' {
		return s.postMany(c, t, body)
	}
	var r issuer.Result
	if err := decode(body, &r); err != nil {
		return err
	}
	recorded, err := s.Issuer.RecordResult(c.Request().Context(), t.Issuer, r)
	if err != nil {
		return err
	}
	return writeJSON(c, statusOf(recorded), recorded)
}

func statusOf(r *issuer.Recorded) int {
	if r.Status == issuer.RowNew {
		return http.StatusCreated
	}
	return http.StatusOK
}

func (s *server) postMany(c echo.Context, t ledger.Token, body []byte) error {
	var list []issuer.Result
	if err := decode(body, &list); err != nil {
		return err
	}
	if len(list) > maxResults {
		return &statusError{http.StatusRequestEntityTooLarge, "That is too many at once", fmt.Sprintf("Report at most %d results a call, or import a file.", maxResults), nil}
	}
	answers := make([]resultAnswer, len(list))
	for i, r := range list {
		recorded, err := s.Issuer.RecordResult(c.Request().Context(), t.Issuer, r)
		if err != nil {
			e := s.explain(c, err)
			if e.status >= 500 {
				return err
			}
			answers[i].Problem = &problem{Type: "about:blank", Title: e.title, Status: e.status, Detail: e.detail}
			for _, f := range e.fields {
				answers[i].Problem.Errors = append(answers[i].Problem.Errors, problemField(f))
			}
			continue
		}
		answers[i].Recorded = recorded
	}
	return writeJSON(c, http.StatusOK, answers)
}

// awardAnswer is an award as the API shows it.
type awardAnswer struct {
	ID          string            `json:"id"`
	URL         string            `json:"url"`
	Achievement string            `json:"achievement"`
	Status      issuer.Status     `json:"status"`
	Visibility  string            `json:"visibility"`
	Provider    string            `json:"provider,omitempty"`
	ResultID    string            `json:"resultId,omitempty"`
	Name        string            `json:"name"`
	AwardedDate time.Time         `json:"awardedDate"`
	ValidUntil  *time.Time        `json:"validUntil"`
	RevokedAt   *time.Time        `json:"revokedAt,omitempty"`
	SuspendedAt *time.Time        `json:"suspendedAt,omitempty"`
	Reason      string            `json:"reason,omitempty"`
	Mail        []mailAnswer      `json:"mail,omitempty"`
	URLs        map[string]string `json:"urls,omitempty"`
}

type mailAnswer struct {
	Kind      string     `json:"kind"`
	SentAt    *time.Time `json:"sentAt"`
	LastError string     `json:"lastError,omitempty"`
}

func optional(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

func (s *server) answer(w issuer.AwardDetail) awardAnswer {
	a := awardAnswer{
		ID: w.ID, URL: s.Issuer.URLs().Badge(w.ID, ""), Achievement: w.Achievement,
		Status: issuer.StatusOf(w.Award, s.Issuer.Now()), Visibility: w.Visibility,
		Provider: w.Provider, ResultID: w.ResultID, Name: w.Name, AwardedDate: w.AttainedAt,
		ValidUntil: optional(w.ExpiresAt), RevokedAt: optional(w.RevokedAt), SuspendedAt: optional(w.SuspendedAt),
		Reason: w.RevocationReason + w.SuspensionReason,
	}
	return a
}

// urls names every address of an award.
func (s *server) urls(id string) map[string]string {
	u := s.Issuer.URLs()
	return map[string]string{
		"page": u.Badge(id, ""), "json": u.Badge(id, ".json"), "jwt": u.Badge(id, ".jwt"), "png": u.Badge(id, ".png"),
		"svg": u.Badge(id, ".svg"), "ob2": u.Assertion(id), "image": u.Badge(id, "/image.png"), "card": u.Badge(id, "/card.png"),
		"qr": u.Badge(id, "/qr.png"), "embed": u.Badge(id, "/embed"), "certificate": u.Badge(id, "/certificate.pdf"), "refresh": u.Refresh(id),
	}
}

func (s *server) listAwards(c echo.Context) error {
	t, err := s.token(c, issuer.AwardsRead)
	if err != nil {
		return err
	}
	limit := 100
	if q := c.QueryParam("limit"); q != "" {
		n, err := strconv.Atoi(q)
		if err != nil || n < 1 {
			return badQuery("limit", "must be a number from 1 to 1000")
		}
		limit = min(n, 1000)
	}
	cursor, err := base64.RawURLEncoding.DecodeString(c.QueryParam("cursor"))
	if err != nil {
		return badQuery("cursor", "must be the next member of an earlier answer, unchanged")
	}
	list, next, err := s.Issuer.Awards(c.Request().Context(), t.Issuer, string(cursor), limit)
	if err != nil {
		return err
	}
	answer := struct {
		Items []awardAnswer `json:"items"`
		Next  *string       `json:"next"`
	}{Items: []awardAnswer{}}
	for _, w := range list {
		answer.Items = append(answer.Items, s.answer(w))
	}
	if next != "" {
		opaque := base64.RawURLEncoding.EncodeToString([]byte(next))
		answer.Next = &opaque
	}
	return writeJSON(c, http.StatusOK, answer)
}

func badQuery(name, message string) error {
	return &statusError{http.StatusBadRequest, "The query is not right", name + " " + message + ".", []issuer.FieldError{{Field: name, Message: message}}}
}

func (s *server) getAward(c echo.Context) error {
	t, err := s.token(c, issuer.AwardsRead)
	if err != nil {
		return err
	}
	return s.writeAward(c, t.Issuer)
}

// writeAward answers with one award of the token's issuer; another issuer's is
// not there.
func (s *server) writeAward(c echo.Context, owner string) error {
	w, err := s.ownAward(c, owner)
	if err != nil {
		return err
	}
	a := s.answer(w)
	a.URLs = s.urls(w.ID)
	for _, m := range w.Mails {
		a.Mail = append(a.Mail, mailAnswer{m.Kind, optional(m.SentAt), m.LastError})
	}
	return writeJSON(c, http.StatusOK, a)
}

func (s *server) ownAward(c echo.Context, owner string) (issuer.AwardDetail, error) {
	w, err := s.Issuer.Award(c.Request().Context(), c.Param("id"))
	if err == nil && w.Issuer != owner {
		return w, issuer.ErrNoAward
	}
	return w, err
}

// act runs one act of the programme on an award and answers with the award.
func (s *server) act(c echo.Context, body any, do func(actor string) error) error {
	t, err := s.token(c, issuer.AwardsWrite)
	if err != nil {
		return err
	}
	if _, err := s.ownAward(c, t.Issuer); err != nil {
		return err
	}
	if err := read(c, body); err != nil {
		return err
	}
	if err := do("token:" + t.ID); err != nil {
		return err
	}
	return s.writeAward(c, t.Issuer)
}

// reasoned is the body of an act that needs a reason. Note is for the audit
// log's reader and is added to it.
type reasoned struct {
	Reason string `json:"reason"`
	Note   string `json:"note,omitempty"`
}

func (s *server) revokeAward(c echo.Context) error {
	var b reasoned
	return s.act(c, &b, func(actor string) error {
		return s.Issuer.Revoke(c.Request().Context(), actor, c.Param("id"), b.Reason)
	})
}

func (s *server) suspendAward(c echo.Context) error {
	var b reasoned
	return s.act(c, &b, func(actor string) error {
		return s.Issuer.Suspend(c.Request().Context(), actor, c.Param("id"), b.Reason)
	})
}

func (s *server) reinstateAward(c echo.Context) error {
	var b reasoned
	return s.act(c, &b, func(actor string) error {
		return s.Issuer.Reinstate(c.Request().Context(), actor, c.Param("id"), b.Reason)
	})
}

func (s *server) correctAward(c echo.Context) error {
	var b struct {
		reasoned
		GivenName  string `json:"givenName,omitempty"`
		FamilyName string `json:"familyName,omitempty"`
		Email      string `json:"email,omitempty"`
	}
	return s.act(c, &b, func(actor string) error {
		return s.Issuer.Correct(c.Request().Context(), actor, c.Param("id"),
			issuer.Correction{GivenName: b.GivenName, FamilyName: b.FamilyName, Email: b.Email}, b.Reason)
	})
}
