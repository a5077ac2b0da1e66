// Package web serves an installation over HTTP: the pages that people read, the
// documents that verifiers fetch, and the API.
//
// [New] returns the handler. Every address that it answers stands in one table,
// in routes.go. A handler reads its request, makes one call, and writes what
// came back; one function turns errors into pages or problems. The package
// decides nothing about badges: that is package issuer's.
package web

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"runtime/debug"
	"strings"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/labstack/echo/v4"

	"github.com/accolade-badges/accolade/issuer"
	"github.com/accolade-badges/accolade/verifier"
	"github.com/accolade-badges/accolade/verifier/fetch"
)

// Config is what the handler needs. Issuer is required.
type Config struct {
	Issuer *issuer.Service

	// Fetch is the verifier's way to the network. Default: one by the rules of
	// package fetch.
	Fetch *fetch.Client

	// Mailbox is the outbox folder that /mailbox shows. Default: none, and the
	// page does not exist. It is for the demo: the mails hold claim links.
	Mailbox string

	// TrustedProxies are the networks whose X-Forwarded-For is believed.
	// Default: none; the client is whoever opened the connection.
	TrustedProxies []netip.Prefix

	// VerifyRate is how many verifications a client may ask for in a minute. The
	// badges of a batch count one by one, from a store of its own that has room for
	// the largest batch and fills at this rate. Default: 0, no limit.
	VerifyRate int

	// MissRate is how many badges, profiles and links that are not there a client
	// may ask for in a minute. What is there is never limited by it, so that
	// nobody shuts an earner out. Default: 0, no limit.
	MissRate int

	// Trusted are the issuers that this installation's verifier knows.
	Trusted []string
	// Registries are lists of issuers kept by others whom its operator believes.
	Registries []*verifier.Registry

	// Providers are where people can also sign in. Default: none.
	Providers []Provider

	// Log receives one line a failed request. Default: discarded.
	Log *slog.Logger
}

type server struct {
	Config
	pages    *pageSet
	api      *apiDescription
	rendered renderedPages
	hosts    hosts
	verify   *limiter
	batches  *limiter // badges in batches to verify
	sessions *scs.SessionManager
	origin   *http.CrossOriginProtection
	mails    *limiter // forms with which strangers have mails sent
	guesses  *limiter // links and codes that were wrong
	misses   *limiter // addresses where nothing was
	named    *limiter // people who were named for a badge, by the hashes in it
	known    providers
	running  running // calls with an idempotency key
}

// New checks c and returns the handler.
func New(c Config) (http.Handler, error) {
	if c.Issuer == nil {
		return nil, errors.New("web: an issuer is required")
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Fetch == nil {
		client, err := fetch.New(fetch.Config{})
		if err != nil {
			return nil, err
		}
		c.Fetch = client
	}
	p, err := newPages()
	if err != nil {
		return nil, err
	}
	api, err := newAPIDescription()
	if err != nil {
		return nil, err
	}
	s := &server{Config: c, pages: p, api: api, hosts: newHosts(c.Issuer.URLs()), verify: newLimiter(c.VerifyRate), batches: newStore(c.VerifyRate, max(c.VerifyRate, maxBatch))}
	s.sessions, s.origin = newSessions(c.Issuer), http.NewCrossOriginProtection()
	s.known.found = map[string]*oidc.Provider{}
	s.mails, s.guesses = newLimiter(mailsAMinute), newLimiter(guessesAMinute)
	s.misses = newLimiter(c.MissRate)
	s.named = newLimiter(namedAMinute)
	e := echo.New()
	e.HideBanner = true
	e.Logger.SetOutput(io.Discard)
	e.IPExtractor = clientAddress(c.TrustedProxies)
	e.HTTPErrorHandler = s.fail
	e.Pre(s.guard)
	for _, r := range s.routes() {
		s.add(e, r)
	}
	return e, nil
}

// Serve answers requests on l with handler until the server that it returns is
// shut down; the channel gives the error of a server that fails before.
// Unfinished requests are closed: headers after 10 s, bodies after 30 s.
func Serve(l net.Listener, handler http.Handler, log *slog.Logger) (*http.Server, <-chan error) {
	srv := &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       30 * time.Second,
		WriteTimeout:      60 * time.Second,
		IdleTimeout:       90 * time.Second,
		MaxHeaderBytes:    64 << 10,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
	failed := make(chan error, 1)
	go func() {
		if err := srv.Serve(l); err != nil && !errors.Is(err, http.ErrServerClosed) {
			failed <- fmt.Errorf("the server stopped: %w", err)
		}
	}()
	return srv, failed
}

// clientAddress tells who asks: the socket's address, or what a trusted proxy
// says.
func clientAddress(proxies []netip.Prefix) echo.IPExtractor {
	if len(proxies) == 0 {
		return echo.ExtractIPDirect()
	}
	options := []echo.TrustOption{echo.TrustLoopback(false), echo.TrustLinkLocal(false), echo.TrustPrivateNet(false)}
	for _, p := range proxies {
		_, network, err := net.ParseCIDR(p.Masked().String())
		if err == nil {
			options = append(options, echo.TrustIPRange(network))
		}
	}
	return echo.ExtractIPFromXFFHeader(options...)
}

// hosts are the Host headers that we answer to. Links never come from the Host
// header, but a page that answers to any name can be framed by one.
type hosts struct {
	exact    string
	loopback bool // the base URL is this machine: any of its names, any port
}

func newHosts(u issuer.URLs) hosts {
	return hosts{exact: u.Origin(), loopback: isLoopback(u.Origin())}
}

func isLoopback(host string) bool {
	name := host
	if h, _, err := net.SplitHostPort(host); err == nil {
		name = h
	}
	switch strings.Trim(name, "[]") {
	case "localhost", "127.0.0.1", "::1":
		return true
	}
	return false
}

func (h hosts) known(host string) bool {
	return strings.EqualFold(host, h.exact) || h.loopback && isLoopback(host)
}

// nothingCSP is the policy of whatever is no page: it loads nothing and is
// framed by nobody.
const nothingCSP = "default-src 'none'; frame-ancestors 'none'"

// guard runs before every route: an unknown Host is refused, and what an answer
// does not need is switched off.
func (s *server) guard(next echo.HandlerFunc) echo.HandlerFunc {
	secure := strings.HasPrefix(s.Issuer.URLs().Base(), "https://")
	return func(c echo.Context) (err error) {
		defer func() {
			if r := recover(); r != nil {
				err = fmt.Errorf("panic: %v\n%s", r, debug.Stack())
			}
		}()
		h := c.Response().Header()
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Content-Security-Policy", nothingCSP)
		if secure {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		if path := c.Request().URL.Path; path != "/healthz" && path != "/readyz" && !s.hosts.known(c.Request().Host) {
			return &fault{status: http.StatusMisdirectedRequest, key: "errors.host", pairs: []any{"Address", s.Issuer.URLs().Base()}}
		}
		return next(c)
	}
}
