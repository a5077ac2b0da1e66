package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/url"
	"os"
	"os/user"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/accolade-badges/accolade/issuer"
	"github.com/accolade-badges/accolade/issuer/art"
	"github.com/accolade-badges/accolade/issuer/keys"
	"github.com/accolade-badges/accolade/issuer/ledger"
	"github.com/accolade-badges/accolade/issuer/mail"
)

// The files of a data folder.
const (
	ledgerFile = "accolade.db"
	masterFile = "master.key"
	outboxDir  = "outbox"
)

// settingBaseURL is the ledger's record of the base URL, which every signed id
// begins with.
const settingBaseURL = "base_url"

// place says where an installation is. Every command that touches one has it.
type place struct {
	Data      string `help:"Folder of the installation. Default: data." type:"path" default:"data" placeholder:"DIR"`
	Database  string `help:"PostgreSQL instead of the folder's SQLite: postgres://…" placeholder:"URL"`
	KeyFile   string `help:"File with the master key. Default: master.key in the folder." type:"path" placeholder:"FILE"`
	TestClock string `help:"For tests: the time at which the clock starts, RFC 3339. Refused with a public base URL." placeholder:"TIME"`
}

// oneIssuer is for commands that act for an issuer.
type oneIssuer struct {
	Issuer string `help:"Issuer to act for; needed only where there are several." placeholder:"SLUG"`
}

// anyIssuer is for commands that may act for every issuer.
type anyIssuer struct {
	Issuer string `help:"Only of this issuer." placeholder:"SLUG"`
}

// installation is an opened one.
type installation struct {
	*issuer.Service
	place  place
	ledger *ledger.Ledger
	master *keys.Master
	base   string
	now    func() time.Time
	log    *slog.Logger
}

func (i *installation) Close() error { return i.ledger.Close() }

func (p place) ledgerURL() string {
	if p.Database != "" {
		return p.Database
	}
	return filepath.Join(p.Data, ledgerFile)
}

func (p place) keyFile() string {
	if p.KeyFile != "" {
		return p.KeyFile
	}
	return filepath.Join(p.Data, masterFile)
}

func (p place) outbox() string { return filepath.Join(p.Data, outboxDir) }

// clock returns the programme's clock; with --test-clock it starts there and
// runs on.
func (p place) clock() (func() time.Time, error) {
	if p.TestClock == "" {
		return time.Now, nil
	}
	at, err := time.Parse(time.RFC3339, p.TestClock)
	if err != nil {
		return nil, &usageError{fmt.Sprintf("--test-clock %q: write the time like 2026-03-14T09:26:53Z", p.TestClock)}
	}
	start := time.Now()
	return func() time.Time { return at.Add(time.Since(start)) }, nil
}

func (a *app) passphrase() string {
	secret, _ := a.getenv("ACCOLADE_PASSPHRASE")
	return secret
}

// options are what a command adds to an opened installation.
type options struct {
	sender func(base string) (mail.Sender, error) // nil: mail waits
	fonts  []string
	log    *slog.Logger
}

// open opens the installation at p.
func (a *app) open(p place, o options) (*installation, error) {
	now, err := p.clock()
	if err != nil {
		return nil, err
	}
	if p.Database == "" {
		if _, err := os.Stat(p.ledgerURL()); errors.Is(err, os.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) {
			return nil, fmt.Errorf("there is no installation in %s; set one up with `accolade init --data %s --base-url https://badges.example.org --issuer-name NAME`, or name its folder with --data", p.Data, p.Data)
		}
	}
	if o.log == nil {
		o.log = slog.New(slog.DiscardHandler)
	}
	l, err := ledger.Open(a.ctx, ledger.Config{URL: p.ledgerURL(), Now: now, Log: o.log})
	if err != nil {
		return nil, err
	}
	i, err := a.use(l, p, o, now)
	if err != nil {
		return nil, errors.Join(err, l.Close())
	}
	return i, nil
}

// openFor opens the installation at p for a command that acts for one issuer:
// the one called slug, or the only one.
func (a *app) openFor(p place, slug string) (*installation, ledger.Issuer, error) {
	i, err := a.open(p, options{})
	if err != nil {
		return nil, ledger.Issuer{}, err
	}
	is, err := i.OnlyIssuer(a.ctx, slug)
	if err != nil {
		return nil, is, errors.Join(err, i.Close())
	}
	return i, is, nil
}

// openForAny opens the installation at p for a command that acts for every issuer,
// or for the one called slug, which must be there.
func (a *app) openForAny(p place, slug string) (*installation, error) {
	if slug == "" {
		return a.open(p, options{})
	}
	i, _, err := a.openFor(p, slug)
	return i, err
}

// use makes an installation of an opened ledger.
func (a *app) use(l *ledger.Ledger, p place, o options, now func() time.Time) (*installation, error) {
	base, err := readSetting(a.ctx, l, settingBaseURL)
	if errors.Is(err, ledger.ErrNotFound) {
		return nil, errors.New("the ledger is there but was never set up; run `accolade init` on it")
	}
	if err != nil {
		return nil, err
	}
	if p.TestClock != "" && !private(base) {
		return nil, &usageError{fmt.Sprintf("--test-clock is for tests, and refused with the public base URL %s", base)}
	}
	master, err := keys.OpenMaster(p.keyFile(), a.passphrase())
	if err != nil {
		return nil, err
	}
	config := issuer.Config{Ledger: l, Master: master, BaseURL: base, Now: now, Log: o.log}
	if o.sender != nil {
		if config.Sender, err = o.sender(base); err != nil {
			return nil, err
		}
	}
	if o.fonts != nil {
		if config.Studio, err = art.New(art.Config{FontDirs: o.fonts}); err != nil {
			return nil, err
		}
	}
	s, err := issuer.New(config)
	if err != nil {
		return nil, err
	}
	return &installation{Service: s, place: p, ledger: l, master: master, base: base, now: now, log: o.log}, nil
}

func readSetting(ctx context.Context, l *ledger.Ledger, name string) (string, error) {
	var value string
	err := l.View(ctx, func(tx *ledger.Tx) error {
		var err error
		value, err = tx.Setting(ctx, name)
		return err
	})
	return value, err
}

// private tells whether a base URL is one that only this machine or network can
// reach: loopback, a private address, a name without a domain, or one in a
// domain that is kept for tests and private networks (RFC 6761, RFC 8375).
func private(base string) bool {
	u, err := url.Parse(base)
	if err != nil {
		return false
	}
	host := u.Hostname()
	if ip := net.ParseIP(host); ip != nil {
		return ip.IsLoopback() || ip.IsPrivate() || ip.IsLinkLocalUnicast()
	}
	if !strings.Contains(host, ".") {
		return true
	}
	for _, domain := range []string{".localhost", ".test", ".local", ".internal", ".lan", ".home.arpa"} {
		if strings.HasSuffix(host, domain) {
			return true
		}
	}
	return false
}

// actor is who runs the command, for the audit log.
func actor() string {
	u, err := user.Current()
	if err != nil {
		return "cli"
	}
	return "cli:" + u.Username
}

// logger writes to w as text.
func logger(w io.Writer) *slog.Logger {
	return slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{Level: slog.LevelInfo}))
}
