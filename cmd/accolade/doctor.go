package main

import (
	"errors"
	"time"

	"github.com/accolade-badges/accolade/issuer"
	"github.com/accolade-badges/accolade/issuer/keys"
	"github.com/accolade-badges/accolade/issuer/mail"
)

// doctorCommand examines an installation.
type doctorCommand struct {
	place
	SMTP    string   `help:"Mail server to say hello to. Without it mail is not examined." name:"smtp" placeholder:"URL"`
	FontDir []string `help:"Folder with fonts, as for serve; repeatable." type:"path" placeholder:"DIR"`
}

// Run prints one line a finding. Exit status 0 also with warnings, 1 with an
// error.
func (c *doctorCommand) Run(a *app) error {
	i, err := a.open(c.place, options{fonts: c.FontDir})
	if err != nil {
		return err
	}
	defer func() { _ = i.Close() }()
	findings := []issuer.Finding{c.settings(i), c.masterKey(a, i), c.clock(i)}
	show := a.progress("editions verified")
	n := 0
	findings = append(findings, i.Examine(a.ctx, func(done int) { n = done; show.at(done) })...)
	show.end(n)
	findings = append(findings, c.mail(a))
	wrong := false
	for _, f := range findings {
		a.print("%-8s %-14s %s", f.Level, f.Subject, f.Message)
		wrong = wrong || f.Level == issuer.Wrong
	}
	if wrong {
		return errors.New("something is wrong; each line marked error says what to do")
	}
	return nil
}

func (c *doctorCommand) settings(i *installation) issuer.Finding {
	if private(i.base) {
		return issuer.Finding{Level: issuer.Warning, Subject: "base URL", Message: i.base + " is for this machine or network only; what is issued here verifies nowhere else"}
	}
	return issuer.Finding{Level: issuer.Fine, Subject: "base URL", Message: i.base}
}

// masterKey finds a key file that others can read, and one that a passphrase was
// thought to lock.
func (c *doctorCommand) masterKey(a *app, i *installation) issuer.Finding {
	if err := keys.Permissions(c.keyFile()); err != nil {
		return issuer.Finding{Level: issuer.Warning, Subject: "master key", Message: err.Error()}
	}
	switch {
	case i.master.Locked():
		return issuer.Finding{Level: issuer.Fine, Subject: "master key", Message: "opens with the passphrase, and is readable by its owner alone"}
	case a.passphrase() != "":
		return issuer.Finding{Level: issuer.Warning, Subject: "master key", Message: "ACCOLADE_PASSPHRASE is set, but does not lock " + c.keyFile() + ": it was not set when `accolade init` made the file; guard the file as if there were none"}
	}
	return issuer.Finding{Level: issuer.Fine, Subject: "master key", Message: "opens, and is readable by its owner alone"}
}

// clock finds a clock that stands before the programme was made.
func (c *doctorCommand) clock(i *installation) issuer.Finding {
	if now := i.Now(); now.Year() < 2026 && c.TestClock == "" {
		return issuer.Finding{Level: issuer.Wrong, Subject: "clock", Message: "it says " + now.Format(time.RFC3339) + "; set it, or badges will be dated wrongly"}
	}
	return issuer.Finding{Level: issuer.Fine, Subject: "clock", Message: i.Now().Format(time.RFC3339)}
}

func (c *doctorCommand) mail(a *app) issuer.Finding {
	if c.SMTP == "" {
		return issuer.Finding{Level: issuer.Fine, Subject: "mail", Message: "not examined; without --smtp, serve writes mails to " + c.outbox()}
	}
	s, err := mail.NewSMTP(c.SMTP, mail.Config{})
	if err == nil {
		err = s.Check(a.ctx)
	}
	if err != nil {
		return issuer.Finding{Level: issuer.Wrong, Subject: "mail", Message: "the server cannot be used; see that it runs and that --smtp is right: " + err.Error()}
	}
	return issuer.Finding{Level: issuer.Fine, Subject: "mail", Message: "the server answers"}
}
