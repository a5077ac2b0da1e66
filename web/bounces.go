package web

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/accolade-badges/accolade/issuer"
)

// maxBounces is how many reports one call may bring.
const maxBounces = 1000

// bounceReport is what a mail service says of one mail of ours.
type bounceReport struct {
	MessageID string    `json:"messageId"`
	Kind      string    `json:"kind"`
	Reason    string    `json:"reason,omitempty"`
	At        time.Time `json:"at,omitzero"`
}

// bounceAnswer is what became of a report.
type bounceAnswer struct {
	MessageID string `json:"messageId"`
	Known     bool   `json:"known"`
}

// postBounces notes which mails came back or were called spam: one report, or an
// array. Reports may be sent again; one that cannot be read refuses them all, so
// that its sender finds out.
func (s *server) postBounces(c echo.Context) error {
	t, err := s.token(c, issuer.MailWrite)
	if err != nil {
		return err
	}
	var body json.RawMessage
	if err := read(c, &body); err != nil {
		return err
	}
	one := !bytes.HasPrefix(bytes.TrimSpace(body), []byte("["))
	reports := make([]bounceReport, 1)
	if one {
		err = decode(body, &reports[0])
	} else {
		err = decode(body, &reports)
	}
	if err != nil {
		return err
	}
	if len(reports) > maxBounces {
		return &issuer.InvalidError{Fields: []issuer.FieldError{{Field: "", Message: fmt.Sprintf("there are more than %d reports; send them in parts", maxBounces)}}}
	}
	answers := make([]bounceAnswer, 0, len(reports))
	for _, r := range reports {
		known, err := s.Issuer.RecordBounce(c.Request().Context(), "token:"+t.ID, t.Issuer,
			issuer.Bounce{MessageID: r.MessageID, Kind: r.Kind, Reason: r.Reason, At: r.At})
		if err != nil {
			return err
		}
		answers = append(answers, bounceAnswer{r.MessageID, known})
	}
	if one {
		return writeJSON(c, http.StatusOK, answers[0])
	}
	return writeJSON(c, http.StatusOK, answers)
}
