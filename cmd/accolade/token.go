package main

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/accolade-badges/accolade/issuer"
	"github.com/accolade-badges/accolade/issuer/ledger"
)

// tokenCommand looks after API tokens.
type tokenCommand struct {
	Create tokenCreate `cmd:"" help:"Make a token; it is shown once."`
	List   tokenList   `cmd:"" help:"List tokens, without their secrets."`
	Revoke tokenRevoke `cmd:"" help:"End a token."`
}

type tokenCreate struct {
	place
	oneIssuer
	Scope   []string `help:"What it may do, comma-separated: results:write, awards:read, awards:write, mail:write, vc:issue." required:"" placeholder:"SCOPE"`
	Name    string   `help:"What it is for." placeholder:"TEXT"`
	Expires string   `help:"When it ends, RFC 3339. Default: never." placeholder:"TIME"`
}

// Run prints the token as the last line of standard output.
func (c *tokenCreate) Run(a *app) error {
	i, is, err := a.openFor(c.place, c.Issuer)
	if err != nil {
		return err
	}
	defer func() { _ = i.Close() }()
	var expires time.Time
	if c.Expires != "" {
		if expires, err = time.Parse(time.RFC3339, c.Expires); err != nil {
			return &usageError{fmt.Sprintf("--expires %q: write the time like 2027-03-14T09:26:53Z", c.Expires)}
		}
	}
	scopes := make([]issuer.Scope, len(c.Scope))
	for n, s := range c.Scope {
		scopes[n] = issuer.Scope(strings.TrimSpace(s))
	}
	token, err := i.CreateToken(a.ctx, actor(), is.Slug, c.Name, scopes, expires)
	if err != nil {
		return err
	}
	a.say("Keep it safe: it is not shown again.")
	a.print("%s", token)
	return nil
}

type tokenList struct{ place }

// Run prints one line a token.
func (c *tokenList) Run(a *app) error {
	i, err := a.open(c.place, options{})
	if err != nil {
		return err
	}
	defer func() { _ = i.Close() }()
	list, err := i.Tokens(a.ctx)
	if err != nil {
		return err
	}
	for _, t := range list {
		state := "in use"
		switch {
		case !t.RevokedAt.IsZero():
			state = "revoked"
		case !t.ExpiresAt.IsZero() && !i.Now().Before(t.ExpiresAt):
			state = "expired"
		}
		a.print("%s  %-8s %s  %s  %s", t.ID, state, t.Issuer, t.Scopes, t.Name)
	}
	return nil
}

type tokenRevoke struct {
	place
	ID string `arg:"" help:"Id of the token, as token list prints it."`
}

// Run ends the token.
func (c *tokenRevoke) Run(a *app) error {
	i, err := a.open(c.place, options{})
	if err != nil {
		return err
	}
	defer func() { _ = i.Close() }()
	err = i.RevokeToken(a.ctx, actor(), c.ID)
	if errors.Is(err, ledger.ErrNotFound) {
		return fmt.Errorf("there is no token %q; `accolade token list` shows their ids", c.ID)
	}
	if err != nil {
		return err
	}
	a.say("Token %s is revoked; nothing can be done with it any more.", c.ID)
	return nil
}
