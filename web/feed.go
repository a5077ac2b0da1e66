package web

import (
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/accolade-badges/accolade/issuer"
)

// The feeds of an earner's public badges, for pages of their own.

// feedFilter reads ?state= and ?issuer=, each one or several with commas between
// or given more than once.
func feedFilter(c echo.Context) issuer.FeedFilter {
	var f issuer.FeedFilter
	for _, state := range listed(c, "state") {
		f.States = append(f.States, issuer.Status(state))
	}
	f.Issuers = listed(c, "issuer")
	return f
}

// listed reads a parameter of the query that may have several values.
func listed(c echo.Context, name string) []string {
	var list []string
	for _, value := range c.QueryParams()[name] {
		for one := range strings.SplitSeq(value, ",") {
			if one = strings.TrimSpace(one); one != "" {
				list = append(list, one)
			}
		}
	}
	return list
}

func (s *server) feedJSON(c echo.Context) error {
	d, err := s.Issuer.FeedJSON(c.Request().Context(), c.Param("handle"), feedFilter(c))
	return serve(c, d, err)
}

func (s *server) feedRSS(c echo.Context) error {
	d, err := s.Issuer.FeedRSS(c.Request().Context(), c.Param("handle"), feedFilter(c))
	return serve(c, d, err)
}

// feedStrip serves the badges as one picture. Its words are in the language of
// ?lang=, else English: sites that fetch it speak for nobody.
func (s *server) feedStrip(c echo.Context) error {
	l := s.pages.languages.list[0]
	if wanted, ok := s.pages.languages.best(c.QueryParam("lang")); ok {
		l = wanted
	}
	word := func(state issuer.Status) string { return l.named("status.", string(state)) }
	d, err := s.Issuer.FeedStrip(c.Request().Context(), c.Param("handle"), feedFilter(c), size(c, 96), word)
	return serve(c, d, err)
}
