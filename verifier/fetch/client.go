package fetch

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"

	"code.dny.dev/ssrf"
)

// Config are the settings of a [Client]. The zero value is the strict one.
type Config struct {
	// AllowHTTP lets plain http and port 80 through, for OB 1.x and 2.0 ids that
	// were never anything else. Default false.
	AllowHTTP bool
	// AllowHosts are HOST:PORT pairs for which the scheme, port and address rules
	// are lifted, also after a redirect. For tests and private networks; default
	// none. The host is compared as written: "localhost:8080" does not open
	// "127.0.0.1:8080".
	AllowHosts []string

	Requests   int           // a session's network requests, redirects included; default 16
	Total      time.Duration // a session's time from its first request on; default 10 s
	FirstByte  time.Duration // from the start of a request to its answer's head; default 3 s
	Redirects  int           // in a row; default 3
	Bytes      int64         // of one document, unpacked; default 1 MiB
	CacheBytes int64         // all that the cache keeps; default 32 MiB, negative for no cache

	RootCAs   *x509.CertPool   // default nil: the system's
	UserAgent string           // default "accolade-verifier"
	Now       func() time.Time // for freshness and Response.FetchedAt; default time.Now
}

func (c *Config) fill() {
	if c.Requests == 0 {
		c.Requests = 16
	}
	if c.Total == 0 {
		c.Total = 10 * time.Second
	}
	if c.FirstByte == 0 {
		c.FirstByte = 3 * time.Second
	}
	if c.Redirects == 0 {
		c.Redirects = 3
	}
	if c.Bytes == 0 {
		c.Bytes = 1 << 20
	}
	if c.CacheBytes == 0 {
		c.CacheBytes = 32 << 20
	}
	if c.UserAgent == "" {
		c.UserAgent = "accolade-verifier"
	}
	if c.Now == nil {
		c.Now = time.Now
	}
}

// headerBytes bounds the head of an answer.
const headerBytes = 64 << 10

// Client fetches documents under one set of rules and keeps them as long as
// their servers allow. It is safe for concurrent use.
type Client struct {
	config  Config
	allowed map[string]bool
	guarded *http.Transport // for everybody
	open    *http.Transport // for the allowed hosts
	cache   *cache
}

// New returns a Client. The error names the entry of AllowHosts that is no
// HOST:PORT.
func New(config Config) (*Client, error) {
	config.fill()
	c := &Client{config: config, allowed: make(map[string]bool), cache: newCache(config.CacheBytes)}
	for _, entry := range config.AllowHosts {
		host, port, err := net.SplitHostPort(strings.TrimSpace(entry))
		if err != nil || host == "" || port == "" {
			return nil, fmt.Errorf("allowed host %q is not HOST:PORT; write for example localhost:8080", entry)
		}
		c.allowed[strings.ToLower(net.JoinHostPort(host, port))] = true
	}
	ports := []uint16{443}
	if config.AllowHTTP {
		ports = append(ports, 80)
	}
	guardian := ssrf.New(ssrf.WithPorts(ports...))
	c.guarded = c.transport(&net.Dialer{
		Timeout: config.FirstByte, Control: guardian.Safe, Resolver: &net.Resolver{PreferGo: true},
	})
	c.open = c.transport(&net.Dialer{Timeout: config.FirstByte})
	return c, nil
}

func (c *Client) transport(d *net.Dialer) *http.Transport {
	return &http.Transport{
		Proxy:                  nil,
		DialContext:            d.DialContext,
		DisableCompression:     true,
		ForceAttemptHTTP2:      true,
		MaxResponseHeaderBytes: headerBytes,
		TLSClientConfig:        &tls.Config{RootCAs: c.config.RootCAs, MinVersion: tls.VersionTLS12},
		TLSHandshakeTimeout:    c.config.FirstByte,
		ResponseHeaderTimeout:  c.config.FirstByte,
		MaxIdleConns:           32,
		MaxIdleConnsPerHost:    4,
		IdleConnTimeout:        30 * time.Second,
	}
}

// Close drops idle connections. Sessions in use go on.
func (c *Client) Close() {
	c.guarded.CloseIdleConnections()
	c.open.CloseIdleConnections()
}

// AllowsHost tells whether hostport, lower case and with its port, is one of
// Config.AllowHosts.
func (c *Client) AllowsHost(hostport string) bool { return c.allowed[strings.ToLower(hostport)] }

// Session begins one verification: its requests and its time are counted
// together. It is safe for concurrent use.
func (c *Client) Session() *Session { return &Session{client: c} }

// Get fetches one document under a budget of its own.
func (c *Client) Get(ctx context.Context, url, accept string) (*Response, error) {
	return c.Session().Get(ctx, url, accept)
}
