package main

// issuerCommand looks after issuers.
type issuerCommand struct {
	Create issuerCreate `cmd:"" help:"Make another issuer, with keys of its own."`
	Show   issuerShow   `cmd:"" help:"Show the issuers, or one."`
}

type issuerCreate struct {
	place
	newIssuer
}

// Run makes an issuer and prints its id.
func (c *issuerCreate) Run(a *app) error {
	i, err := a.open(c.place, options{})
	if err != nil {
		return err
	}
	defer func() { _ = i.Close() }()
	is, err := i.CreateIssuer(a.ctx, actor(), c.issuer())
	if err != nil {
		return err
	}
	a.print("%s", is.ID)
	return nil
}

type issuerShow struct {
	place
	Slug string `arg:"" optional:"" help:"Slug of the issuer. Default: all."`
}

// Run prints what is known of each issuer.
func (c *issuerShow) Run(a *app) error {
	i, err := a.open(c.place, options{})
	if err != nil {
		return err
	}
	defer func() { _ = i.Close() }()
	list, err := i.Issuers(a.ctx)
	if err != nil {
		return err
	}
	if c.Slug != "" {
		is, err := i.OnlyIssuer(a.ctx, c.Slug)
		if err != nil {
			return err
		}
		list = append(list[:0], is)
	}
	for _, is := range list {
		a.print("%s\n  name   %s\n  id     %s\n  page   %s\n  home   %s\n  email  %s", is.Slug, is.Name, is.ID, i.URLs().Issuer(is.Slug, ""), is.URL, is.Email)
	}
	return nil
}
