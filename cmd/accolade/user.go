package main

import (
	"errors"
	"strings"
	"time"

	"github.com/accolade-badges/accolade/issuer"
)

// userCommand looks after the accounts of earners.
type userCommand struct {
	List   userList   `cmd:"" help:"List accounts: id, when made, addresses."`
	Show   userShow   `cmd:"" help:"Show an account, by its id or an address."`
	Vouch  userVouch  `cmd:"" help:"Give an account another address, for an earner of whom you know that it is theirs and who can get in no other way."`
	Delete userDelete `cmd:"" help:"Delete an account with all personal data; tombstones of its badges are left."`
}

type userList struct{ place }

// Run prints one line an account.
func (c *userList) Run(a *app) error {
	i, err := a.open(c.place, options{})
	if err != nil {
		return err
	}
	defer func() { _ = i.Close() }()
	return i.EachAccount(a.ctx, func(u *issuer.Account) error {
		state := "open"
		if !u.ClosedAt.IsZero() {
			state = "closed"
		}
		a.print("%s  %-6s  %s  %s", u.ID, state, u.CreatedAt.Format(time.DateOnly), addresses(u))
		return nil
	})
}

func addresses(u *issuer.Account) string {
	list := make([]string, len(u.Addresses))
	for n, x := range u.Addresses {
		list[n] = x.Address
	}
	return strings.Join(list, " ")
}

type userShow struct {
	place
	User string `arg:"" help:"Id or address of the account."`
}

// Run prints what is known of the account.
func (c *userShow) Run(a *app) error {
	i, u, err := a.openUser(c.place, c.User)
	if err != nil {
		return err
	}
	defer func() { _ = i.Close() }()
	badges, err := i.Owned(a.ctx, u.ID)
	if err != nil {
		return err
	}
	sessions, err := i.Sessions(a.ctx, u.ID)
	if err != nil {
		return err
	}
	keys, err := i.Passkeys(a.ctx, u.ID)
	if err != nil {
		return err
	}
	a.print("id          %s", u.ID)
	a.print("made        %s", u.CreatedAt.Format(time.RFC3339))
	a.print("name        %s", u.Name)
	a.print("handle      %s", u.Handle)
	a.print("addresses   %s", addresses(u))
	a.print("signed in   on %d devices, %d passkeys", len(sessions), len(keys))
	for _, b := range badges {
		a.print("badge       %s  %s  %s", b.Award.ID, b.Award.Visibility, b.Facts.Title)
	}
	return nil
}

// openUser opens the installation and finds the account with an id or an address.
func (a *app) openUser(p place, user string) (*installation, *issuer.Account, error) {
	i, err := a.open(p, options{})
	if err != nil {
		return nil, nil, err
	}
	find := i.Account
	if strings.Contains(user, "@") {
		find = i.AccountByAddress
	}
	u, err := find(a.ctx, user)
	if err != nil {
		return nil, nil, errors.Join(err, i.Close())
	}
	return i, u, nil
}

type userVouch struct {
	place
	User    string `arg:"" help:"Id or address of the account."`
	Address string `arg:"" help:"The address that you vouch for."`
	Reason  string `help:"How you know; for the audit log." required:"" placeholder:"TEXT"`
}

// Run adds the address and tells the account's others.
func (c *userVouch) Run(a *app) error {
	i, u, err := a.openUser(c.place, c.User)
	if err != nil {
		return err
	}
	defer func() { _ = i.Close() }()
	if err := i.VouchForAddress(a.ctx, actor(), u.ID, c.Address, c.Reason); err != nil {
		return err
	}
	if _, err := i.Drain(a.ctx, nil); err != nil {
		return err
	}
	a.say("%s opens the account %s now: its owner signs in there with a mail to it.", c.Address, u.ID)
	return nil
}

type userDelete struct {
	place
	User string `arg:"" help:"Id or address of the account."`
	Yes  bool   `help:"Delete; it cannot be undone. Without it nothing happens."`
}

// Run deletes the account.
func (c *userDelete) Run(a *app) error {
	i, u, err := a.openUser(c.place, c.User)
	if err != nil {
		return err
	}
	defer func() { _ = i.Close() }()
	badges, err := i.Owned(a.ctx, u.ID)
	if err != nil {
		return err
	}
	if !c.Yes {
		return &usageError{"this deletes the account " + u.ID + " and its badges for ever; say --yes to do it"}
	}
	if err := i.DeleteAccount(a.ctx, actor(), u.ID); err != nil {
		return err
	}
	a.say("Account %s is deleted, with %d badges. Backups and mails that were sent still hold its data.", u.ID, len(badges))
	return nil
}
