package main

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/accolade-badges/accolade/issuer"
	"github.com/accolade-badges/accolade/issuer/keys"
	"github.com/accolade-badges/accolade/issuer/ledger"
)

// initCommand sets up an installation.
type initCommand struct {
	place
	newIssuer `prefix:"issuer-"`

	BaseURL string `help:"Public address, scheme and host only. Every badge is signed with it: it cannot change later." required:"" placeholder:"URL"`
}

// newIssuer are the flags of an issuer to make.
type newIssuer struct {
	Name        string `help:"Name of the issuer, as badges show it." required:"" placeholder:"NAME"`
	Slug        string `help:"Short name in addresses. Default: made from the name." placeholder:"SLUG"`
	URL         string `help:"Home page of the issuer. Default: the base URL." name:"url" placeholder:"URL"`
	Email       string `help:"Contact address, and sender of its mails. Default: badges@ the base URL's host." placeholder:"ADDRESS"`
	Description string `help:"What the issuer is, in a sentence." placeholder:"TEXT"`
	Colour      string `help:"Colour of badge pictures, like #1d4f91." placeholder:"#RRGGBB"`
	HTTPS       bool   `help:"Identify the issuer by https instead of did:web. It cannot change later." name:"https"`
}

func (n newIssuer) issuer() issuer.NewIssuer {
	return issuer.NewIssuer{
		Name: n.Name, Slug: n.Slug, URL: n.URL, Email: n.Email, Description: n.Description, Colour: n.Colour, HTTPS: n.HTTPS,
	}
}

// Run makes the folder, the master key, the ledger and the first issuer. It can
// be run again after it was cut off.
func (c *initCommand) Run(a *app) error {
	urls, err := issuer.NewURLs(c.BaseURL)
	if err != nil {
		return &usageError{"--base-url: " + err.Error()}
	}
	if strings.HasPrefix(urls.Base(), "http:") && !private(urls.Base()) {
		return &usageError{fmt.Sprintf("--base-url %s: use https; http is for this machine or a private network, and identifiers made from it resolve nowhere else", urls.Base())}
	}
	i, err := a.create(c.place, urls, options{})
	if err != nil {
		return err
	}
	defer func() { _ = i.Close() }()
	is, err := i.CreateIssuer(a.ctx, actor(), c.issuer())
	if err != nil {
		return err
	}
	a.say("Set up in %s (%s).", c.Data, i.ledger.Engine())
	a.say("Keep %s safe and apart from backups: without it nothing can be signed.", c.keyFile())
	a.say("Next: accolade programme load --data %s FILE, then accolade serve --data %s", c.Data, c.Data)
	a.print("%s", is.ID)
	return nil
}

// create opens the ledger at p, making what is not there: folder, master key,
// tables, base URL.
func (a *app) create(p place, urls issuer.URLs, o options) (*installation, error) {
	now, err := p.clock()
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(p.Data, 0o700); err != nil {
		return nil, fmt.Errorf("make the folder %s: %w; name another with --data", p.Data, plainPathError(err))
	}
	l, err := ledger.Open(a.ctx, ledger.Config{URL: p.ledgerURL(), Now: now, Log: o.log})
	if err != nil {
		return nil, err
	}
	i, err := a.found(l, p, urls, o, now)
	if err != nil {
		return nil, errors.Join(err, l.Close())
	}
	return i, nil
}

// found gives an opened ledger its base URL and its master key, and uses it. A
// ledger that has issuers gets no new master key: it would open none of theirs.
func (a *app) found(l *ledger.Ledger, p place, urls issuer.URLs, o options, now func() time.Time) (*installation, error) {
	var issuers []ledger.Issuer
	err := l.Update(a.ctx, func(tx *ledger.Tx) error {
		had, err := tx.Setting(a.ctx, settingBaseURL)
		switch {
		case errors.Is(err, ledger.ErrNotFound):
			err = tx.PutSetting(a.ctx, settingBaseURL, urls.Base())
		case err == nil && had != urls.Base():
			err = fmt.Errorf("this installation has the base URL %s, and every badge is signed with it; set up another one for %s", had, urls.Base())
		}
		if err != nil {
			return err
		}
		issuers, err = tx.Issuers(a.ctx)
		return err
	})
	if err != nil {
		return nil, err
	}
	if _, err := os.Stat(p.keyFile()); errors.Is(err, os.ErrNotExist) && len(issuers) == 0 {
		if _, err := keys.CreateMaster(p.keyFile(), a.passphrase()); err != nil {
			return nil, err
		}
	}
	return a.use(l, p, o, now)
}
