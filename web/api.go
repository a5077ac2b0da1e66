package web

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"github.com/accolade-badges/accolade/issuer"
	"github.com/accolade-badges/accolade/issuer/ledger"
)

// token answers who calls and refuses what the token may not do.
func (s *server) token(c echo.Context, needs issuer.Scope) (ledger.Token, error) {
	scheme, secret, _ := strings.Cut(c.Request().Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return ledger.Token{}, issuer.ErrNoToken
	}
	return s.Issuer.Authorize(c.Request().Context(), strings.TrimSpace(secret), needs)
}

func writeJSON(c echo.Context, status int, v any) error {
	body, err := json.Marshal(v)
	if err != nil {
		return err
	}
	c.Response().Header().Set("Cache-Control", "no-store")
	return write(c, status, issuer.TypeJSON, body)
}

// awardAnswer is an award as the API shows it.
type awardAnswer struct {
	ID          string            `json:"id"`
	URL         string            `json:"url"`
	Achievement string            `json:"achievement"`
	Status      issuer.Status     `json:"status"`
	Acceptance  issuer.Acceptance `json:"acceptance"`
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
	Kind      string           `json:"kind"`
	State     issuer.MailState `json:"state"`
	Cause     string           `json:"cause,omitempty"`
	MessageID string           `json:"messageId"`
	SentAt    *time.Time       `json:"sentAt"`
	BouncedAt *time.Time       `json:"bouncedAt,omitempty"`
	LastError string           `json:"lastError,omitempty"`
}

func answerMail(m ledger.Mail) mailAnswer {
	state, cause := issuer.StateOf(m)
	return mailAnswer{m.Kind, state, cause, m.MessageID, optional(m.SentAt), optional(m.BouncedAt), m.LastError}
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
		Status: issuer.StatusOf(w.Award, s.Issuer.Now()), Acceptance: issuer.AcceptanceOf(w.Award), Visibility: w.Visibility,
		Provider: w.Provider, ResultID: w.ResultID, Name: w.Name, AwardedDate: w.AttainedAt,
		ValidUntil: optional(w.ExpiresAt), RevokedAt: optional(w.RevokedAt), SuspendedAt: optional(w.SuspendedAt),
		Reason: w.RevocationReason + w.SuspensionReason,
	}
	return a
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
	list, next, err := s.Issuer.Awards(c.Request().Context(), issuer.AwardQuery{Issuer: t.Issuer, Acceptance: issuer.Acceptance(c.QueryParam("acceptance"))},
		string(cursor), limit)
	var invalid *issuer.InvalidError
	if errors.As(err, &invalid) {
		return badQuery(invalid.Fields[0].Field, invalid.Fields[0].Message)
	}
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
	a.URLs = s.Issuer.URLs().All(w.ID)
	for _, m := range w.Mails {
		a.Mail = append(a.Mail, answerMail(m))
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

// act runs one act of the programme on an award and answers with the award. body
// is what do reads its reason from; its note goes into the audit log.
func (s *server) act(c echo.Context, body noted, do func(actor string) error) error {
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
	note := body.note()
	if utf8.RuneCountInString(note) > maxNote {
		return &issuer.InvalidError{Fields: []issuer.FieldError{{Field: "note", Message: "has more than 2000 characters"}}}
	}
	actor := "token:" + t.ID
	if err := do(actor); err != nil {
		return err
	}
	if note != "" {
		if err := s.Issuer.Note(c.Request().Context(), actor, c.Param("id"), note); err != nil {
			return err
		}
	}
	return s.writeAward(c, t.Issuer)
}

// maxNote is the longest note in characters.
const maxNote = 2000

// noted is a body that may carry a note for the audit log.
type noted interface{ note() string }

// reasoned is the body of an act that needs a reason.
type reasoned struct {
	Reason string `json:"reason"`
	Note   string `json:"note,omitempty"`
}

func (r *reasoned) note() string { return r.Note }

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

// postClaimCode makes the code with which an earner without an address claims an
// award. Each call makes another, and ends the one before.
func (s *server) postClaimCode(c echo.Context) error {
	t, err := s.token(c, issuer.AwardsWrite)
	if err != nil {
		return err
	}
	if _, err := s.ownAward(c, t.Issuer); err != nil {
		return err
	}
	var b struct {
		Days *int `json:"days,omitempty"`
	}
	if err := read(c, &b); err != nil {
		return err
	}
	days := 0
	if b.Days != nil {
		if days = *b.Days; days == 0 {
			days = -1 // which is no number of days, and not the default
		}
	}
	code, err := s.Issuer.MakeClaimCode(c.Request().Context(), "token:"+t.ID, c.Param("id"), days)
	if err != nil {
		return err
	}
	return writeJSON(c, http.StatusCreated, code)
}

// correction is the body of a correction: what is left out stays as it is.
type correction struct {
	reasoned
	GivenName  string `json:"givenName,omitempty"`
	FamilyName string `json:"familyName,omitempty"`
	Email      string `json:"email,omitempty"`
}

func (s *server) correctAward(c echo.Context) error {
	var b correction
	return s.act(c, &b, func(actor string) error {
		return s.Issuer.Correct(c.Request().Context(), actor, c.Param("id"),
			issuer.Correction{GivenName: b.GivenName, FamilyName: b.FamilyName, Email: b.Email}, b.Reason)
	})
}
