package web

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/accolade-badges/accolade/openbadges/strictjson"
)

// maxAPIBody is the largest body of a call that records something.
const maxAPIBody = 5 << 20

// read decodes a JSON body into v and refuses members that v does not have.
func read(c echo.Context, v any) error {
	body, err := readAll(c, maxAPIBody)
	if err != nil {
		return err
	}
	return decode(body, v)
}

// readAll reads a body of at most limit bytes.
func readAll(c echo.Context, limit int64) ([]byte, error) {
	body, err := io.ReadAll(http.MaxBytesReader(c.Response(), c.Request().Body, limit))
	if err != nil {
		return nil, bodyError(err)
	}
	return body, nil
}

// bodyError tells a body that is too large from one that did not arrive.
func bodyError(err error) error {
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return large
	}
	return &fault{status: http.StatusBadRequest, key: "errors.body"}
}

// decode reads one JSON document into v: no member twice, none that v does not
// have, nothing behind it.
func decode(body []byte, v any) error {
	if _, err := (strictjson.Limits{Bytes: maxAPIBody}).Parse(body); err != nil {
		return badJSON(err.Error())
	}
	d := json.NewDecoder(strings.NewReader(string(body)))
	d.DisallowUnknownFields()
	err := d.Decode(v)
	var kind *json.UnmarshalTypeError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &kind) && kind.Field != "":
		return badJSON(fmt.Sprintf("%s is a %s, which does not fit here", kind.Field, kind.Value))
	case errors.As(err, &kind):
		return badJSON(fmt.Sprintf("a %s does not fit here", kind.Value))
	}
	return badJSON(strings.TrimPrefix(err.Error(), "json: "))
}

func badJSON(why string) error {
	return &statusError{http.StatusBadRequest, "The body is not the JSON that is expected here", why + "; see /api for the shapes.", nil}
}
