package main

import (
	"fmt"
	"strings"

	"github.com/accolade-badges/accolade/issuer"
	"github.com/accolade-badges/accolade/issuer/ledger"
)

// issuerCommand looks after issuers.
type issuerCommand struct {
	Create   issuerCreate   `cmd:"" help:"Make another issuer, with keys of its own."`
	Show     issuerShow     `cmd:"" help:"Show the issuers, or one, and who runs the installation."`
	Set      issuerSet      `cmd:"" help:"Set an issuer's page on LinkedIn, and where questions go."`
	Mail     issuerMail     `cmd:"" help:"Set how an issuer's mails are sent: name, addresses, reminders, signature."`
	Operator issuerOperator `cmd:"" help:"Say who runs the installation; badges name the operator beside the issuer."`
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
		a.printIssuer(i, is)
	}
	o, err := i.Operator(a.ctx)
	if err != nil {
		return err
	}
	a.say("run by %s", operatorWords(o))
	return nil
}

func (a *app) printIssuer(i *installation, is ledger.Issuer) {
	a.print("%s\n  name   %s\n  id     %s\n  page   %s\n  home   %s\n  email  %s", is.Slug, is.Name, is.ID, i.URLs().Issuer(is.Slug, ""), is.URL, is.Email)
	settings := issuer.SettingsOf(is)
	if settings.LinkedInID != "" {
		a.print("  linkedin %s", settings.LinkedInID)
	}
	for _, d := range settings.Contacts {
		a.print("  contact %s, %s: %s", d.About, region(d), d.Email)
	}
}

func region(c issuer.Contact) string {
	if c.Region == "" {
		return "everywhere"
	}
	return c.Region
}

type issuerSet struct {
	place
	Slug     string   `arg:"" optional:"" help:"Slug of the issuer; needed only where there are several."`
	LinkedIn *string  `help:"Number of the issuer's page on LinkedIn, so that entries there show its logo; empty for none." name:"linkedin" placeholder:"NUMBER"`
	Contact  []string `help:"Where questions go: KIND:ADDRESS or KIND:REGION:ADDRESS, KIND being eligibility or claims. Repeatable; replaces all contacts; empty for none." sep:"none" placeholder:"KIND:ADDRESS"`
}

// Run changes what is given and prints the issuer as it is then.
func (c *issuerSet) Run(a *app) error {
	contacts, err := parseContacts(c.Contact)
	if err != nil {
		return err
	}
	if c.LinkedIn == nil && c.Contact == nil {
		return &usageError{"nothing to set; give --linkedin or --contact"}
	}
	i, is, err := a.openFor(c.place, c.Slug)
	if err != nil {
		return err
	}
	defer func() { _ = i.Close() }()
	err = i.ChangeSettings(a.ctx, actor(), is.Slug, func(s *issuer.Settings) {
		if c.LinkedIn != nil {
			s.LinkedInID = *c.LinkedIn
		}
		if c.Contact != nil {
			s.Contacts = contacts
		}
	})
	if err != nil {
		return err
	}
	if is, err = i.OnlyIssuer(a.ctx, is.Slug); err != nil {
		return err
	}
	a.printIssuer(i, is)
	return nil
}

// parseContacts reads KIND:ADDRESS and KIND:REGION:ADDRESS; an empty one is none.
func parseContacts(args []string) ([]issuer.Contact, error) {
	var list []issuer.Contact
	for _, arg := range args {
		if arg == "" {
			continue
		}
		parts := strings.Split(arg, ":")
		if len(parts) != 2 && len(parts) != 3 {
			return nil, &usageError{fmt.Sprintf("--contact %q: write it like claims:desk@example.org or eligibility:Europe:desk@example.org", arg)}
		}
		contact := issuer.Contact{About: parts[0], Email: parts[len(parts)-1]}
		if len(parts) == 3 {
			contact.Region = parts[1]
		}
		list = append(list, contact)
	}
	return list, nil
}

type issuerOperator struct {
	place
	Name  string `help:"Name of whoever runs the installation. Default: the base URL's host." placeholder:"NAME"`
	URL   string `help:"Their home page. Default: the base URL." name:"url" placeholder:"URL"`
	Email string `help:"Their address for questions about claims. Default: the issuer's." placeholder:"ADDRESS"`
}

// Run sets who runs the installation and prints it.
func (c *issuerOperator) Run(a *app) error {
	i, err := a.open(c.place, options{})
	if err != nil {
		return err
	}
	defer func() { _ = i.Close() }()
	if err := i.SetOperator(a.ctx, actor(), issuer.Operator{Name: c.Name, URL: c.URL, Email: c.Email}); err != nil {
		return err
	}
	o, err := i.Operator(a.ctx)
	if err != nil {
		return err
	}
	a.print("%s", operatorWords(o))
	return nil
}

func operatorWords(o issuer.Operator) string {
	words := o.Name + ", " + o.URL
	if o.Email != "" {
		words += ", " + o.Email
	}
	return words
}
