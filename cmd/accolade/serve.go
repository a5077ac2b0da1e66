package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"time"

	"github.com/accolade-badges/accolade/issuer/mail"
	"github.com/accolade-badges/accolade/verifier/fetch"
	"github.com/accolade-badges/accolade/web"
)

// serveCommand runs an installation.
type serveCommand struct {
	place
	Listen       string   `help:"Address to listen on. Default: 127.0.0.1:8080." default:"127.0.0.1:8080" placeholder:"HOST:PORT"`
	BaseURL      string   `help:"Checked against the installation's, which init fixed." placeholder:"URL"`
	SMTP         string   `help:"Mail server: smtp://user:password@host:port or smtps://… Default: mails go to the folder's outbox." name:"smtp" placeholder:"URL"`
	TrustedProxy []string `help:"Network whose X-Forwarded-For is believed; repeatable." placeholder:"CIDR"`
	VerifyRate   int      `help:"Verifications a minute and client, where a batch counts for each of its badges, and a tenth of the badges and links that are not there; 0 for no limit. Default: 60." default:"60" placeholder:"N"`
	AllowHost    []string `help:"For tests and private networks: host and port that the verifier may reach; repeatable." placeholder:"HOST:PORT"`
	FontDir      []string `help:"Folder with fonts beside those inside; repeatable. Default: the system's." type:"path" placeholder:"DIR"`
	OIDC         []string `help:"OpenID provider to sign in with: NAME=ISSUER,CLIENT_ID,CLIENT_SECRET; repeatable. An address that it calls verified counts as proved." name:"oidc" sep:";" placeholder:"PROVIDER"`
	Trusted      []string `help:"Issuer that the verifier shall call known; repeatable." placeholder:"ID"`
	Registry     []string `help:"Registry of issuers that the verifier shall call known, a JSON file in the form of the Digital Credentials Consortium; repeatable." type:"path" placeholder:"FILE"`
}

// Run serves until it is told to stop.
func (c *serveCommand) Run(a *app) error {
	log := logger(a.stderr)
	i, err := a.open(c.place, options{sender: c.sender, fonts: c.FontDir, log: log})
	if err != nil {
		return err
	}
	defer func() { _ = i.Close() }()
	if c.BaseURL != "" && c.BaseURL != i.base {
		return &usageError{fmt.Sprintf("--base-url %s: this installation has %s, and every badge is signed with it", c.BaseURL, i.base)}
	}
	handler, err := c.handler(i, "")
	if err != nil {
		return err
	}
	return a.serve(i, handler, c.Listen, func(address string) {
		log.Info("serving", "address", address, "base", i.base, "ledger", i.ledger.Engine())
	})
}

func (c *serveCommand) handler(i *installation, mailbox string) (http.Handler, error) {
	if !private(i.base) && (len(c.AllowHost) > 0 || c.VerifyRate == 0) {
		return nil, &usageError{fmt.Sprintf("--allow-host and --verify-rate 0 are for tests and private networks, and refused with the public base URL %s", i.base)}
	}
	client, err := fetch.New(fetch.Config{AllowHosts: c.AllowHost})
	if err != nil {
		return nil, &usageError{err.Error()}
	}
	known, err := registries(c.Registry)
	if err != nil {
		return nil, &usageError{err.Error()}
	}
	var proxies []netip.Prefix
	for _, text := range c.TrustedProxy {
		p, err := netip.ParsePrefix(text)
		if err != nil {
			return nil, &usageError{fmt.Sprintf("--trusted-proxy %q: write a network like 10.0.0.0/8", text)}
		}
		proxies = append(proxies, p)
	}
	var signIns []web.Provider
	for _, text := range c.OIDC {
		p, err := web.ParseProvider(text)
		if err != nil {
			return nil, &usageError{"--oidc: " + err.Error()}
		}
		signIns = append(signIns, p)
	}
	return web.New(web.Config{
		Providers: signIns,
		Issuer:    i.Service, Fetch: client, Mailbox: mailbox, TrustedProxies: proxies,
		VerifyRate: c.VerifyRate, MissRate: 10 * c.VerifyRate, Trusted: c.Trusted, Registries: known, Log: i.log,
	})
}

// serve listens on address and works jobs until the command is stopped.
func (a *app) serve(i *installation, handler http.Handler, address string, ready func(address string)) error {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return listenError(address, err)
	}
	return a.serveOn(i, handler, listener, ready)
}

// serveOn serves until the command is stopped or the server fails.
func (a *app) serveOn(i *installation, handler http.Handler, listener net.Listener, ready func(address string)) error {
	ctx, stop := context.WithCancel(a.ctx)
	defer stop()
	srv, failed := web.Serve(listener, handler, i.log)
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = i.Work(ctx) // it ends when ctx does, and only then
	}()
	ready(listener.Addr().String())
	var err error
	select {
	case <-ctx.Done():
	case err = <-failed:
		stop()
	}
	last, cancel := context.WithTimeout(context.WithoutCancel(a.ctx), 10*time.Second)
	defer cancel()
	err = errors.Join(err, srv.Shutdown(last))
	<-done
	return err
}

// listenError says why nothing can listen on an address, and what to do.
func listenError(address string, err error) error {
	var op *net.OpError
	if errors.As(err, &op) {
		err = op.Err
	}
	return fmt.Errorf("listen on %s: %w; give another address with --listen", address, err)
}

// folder writes mails into the outbox folder.
func folder(p place) func(string) (mail.Sender, error) {
	return func(string) (mail.Sender, error) { return &mail.Folder{Dir: p.outbox()}, nil }
}

// sender delivers to the mail server, or without one into the outbox folder.
func (c *serveCommand) sender(base string) (mail.Sender, error) {
	if c.SMTP == "" {
		return folder(c.place)(base)
	}
	u, err := url.Parse(base)
	if err != nil {
		return nil, err
	}
	s, err := mail.NewSMTP(c.SMTP, mail.Config{Hello: u.Hostname()})
	if err != nil {
		return nil, &usageError{"--smtp: " + err.Error()}
	}
	return s, nil
}
