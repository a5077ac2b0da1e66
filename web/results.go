package web

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"sync"

	"github.com/labstack/echo/v4"

	"github.com/accolade-badges/accolade/issuer"
	"github.com/accolade-badges/accolade/issuer/ledger"
)

const (
	// maxResults is how many results one call may report.
	maxResults = 1000
	// resultLanes is how many results of one call are recorded at once: the
	// ledger commits together what arrives together.
	resultLanes = 64
)

// resultBody is a reported result as it arrives.
type resultBody struct {
	issuer.Result
	Score score `json:"score,omitempty"`
}

func (b resultBody) result() issuer.Result {
	r := b.Result
	r.Score = string(b.Score)
	return r
}

// score takes a number as well as the string that is documented: test centres
// send both.
type score string

func (s *score) UnmarshalJSON(body []byte) error {
	var number json.Number
	if body[0] != '"' && json.Unmarshal(body, &number) == nil {
		*s = score(number)
		return nil
	}
	return json.Unmarshal(body, (*string)(s))
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
	body, err := readAll(c, maxAPIBody)
	if err != nil {
		return err
	}
	if trimmed := bytes.TrimLeft(body, " \t\r\n"); len(trimmed) > 0 && trimmed[0] == '[' {
		return s.postMany(c, t, body)
	}
	var r resultBody
	if err := decode(body, &r); err != nil {
		return err
	}
	recorded, err := s.Issuer.RecordResult(c.Request().Context(), t.Issuer, r.result())
	if err != nil {
		return err
	}
	status := http.StatusOK
	if recorded.Status == issuer.RowNew {
		status = http.StatusCreated
	}
	return writeJSON(c, status, recorded)
}

func (s *server) postMany(c echo.Context, t ledger.Token, body []byte) error {
	var list []resultBody
	if err := decode(body, &list); err != nil {
		return err
	}
	if len(list) > maxResults {
		return &statusError{http.StatusRequestEntityTooLarge, "That is too many at once", fmt.Sprintf("Report at most %d results a call, or import a file.", maxResults), nil}
	}
	answers, failures := make([]resultAnswer, len(list)), make([]error, resultLanes)
	spread, laneOf := issuer.NewLanes(resultLanes), make([]int, len(list))
	for i, r := range list {
		laneOf[i] = spread.Of(r.result()) // one candidate's results keep their order
	}
	var lanes sync.WaitGroup
	for lane := range resultLanes {
		lanes.Go(func() {
			for i, r := range list {
				if laneOf[i] != lane {
					continue
				}
				if answers[i], failures[lane] = s.postOne(c, t, r.result()); failures[lane] != nil {
					return
				}
			}
		})
	}
	lanes.Wait()
	if err := errors.Join(failures...); err != nil {
		return err
	}
	return writeJSON(c, http.StatusOK, answers)
}

// postOne records one result of an array. The error is a failure of ours, which
// ends the call; what was recorded by then is seen when it is repeated.
func (s *server) postOne(c echo.Context, t ledger.Token, r issuer.Result) (resultAnswer, error) {
	recorded, err := s.Issuer.RecordResult(c.Request().Context(), t.Issuer, r)
	if err == nil {
		return resultAnswer{Recorded: recorded}, nil
	}
	e := s.explain(c, err)
	if e.status >= http.StatusInternalServerError {
		return resultAnswer{}, e
	}
	return resultAnswer{Problem: e.problem()}, nil
}
