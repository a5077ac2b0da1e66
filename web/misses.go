package web

import (
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/accolade-badges/accolade/issuer"
)

// errMany is the answer to whoever tries one address after the other.
var errMany = &fault{status: http.StatusTooManyRequests, key: "share.many"}

// limitMisses slows down whoever tries addresses until one is there. Only what is
// not there is counted: who has an address that works is not in their way, even
// behind the same door.
func (s *server) limitMisses(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		err := next(c)
		missed := errors.Is(err, issuer.ErrNotPublished) || errors.Is(err, errClosed)
		if missed && !c.Response().Committed && !s.misses.allow(c.RealIP(), s.Issuer.Now()) {
			c.Response().Header().Set("Retry-After", "60")
			return errMany
		}
		return err
	}
}
