package main

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/accolade-badges/accolade/issuer"
)

// issuerMail sets how an issuer's mails are sent. A flag that is left out changes
// nothing; an empty one goes back to the default.
type issuerMail struct {
	place
	Slug       string  `arg:"" optional:"" help:"Slug of the issuer; needed only where there are several."`
	FromName   *string `help:"Name that mails are from. Default: the issuer's." placeholder:"NAME"`
	From       *string `help:"Address that mails are from. Default: the issuer's." placeholder:"ADDRESS"`
	ReplyTo    *string `help:"Desk where answers go. Default: the first contact about claims." placeholder:"ADDRESS"`
	ReturnPath *string `help:"Mailbox where bounces go; a * in it becomes the mail's id: bounces+*@example.org. Default: the address that mails are from." placeholder:"ADDRESS"`
	Remind     *string `help:"Days after an award on which its earner is reminded while it is not claimed, or none. Default: 7,30,90." placeholder:"DAYS"`
	DKIM       *string `help:"Sign mails here, with a new key under this DKIM selector; empty to leave that to the mail server." name:"dkim" placeholder:"SELECTOR"`
}

// Run changes what is given, and prints how mails are sent then.
func (c *issuerMail) Run(a *app) error {
	days, none, err := parseDays(c.Remind)
	if err != nil {
		return err
	}
	i, is, err := a.openFor(c.place, c.Slug)
	if err != nil {
		return err
	}
	defer func() { _ = i.Close() }()
	if c.FromName != nil || c.From != nil || c.ReplyTo != nil || c.ReturnPath != nil || c.Remind != nil {
		err := i.ChangeSettings(a.ctx, actor(), is.Slug, func(s *issuer.Settings) {
			for _, set := range []struct {
				to   *string
				from *string
			}{{&s.Mail.FromName, c.FromName}, {&s.Mail.From, c.From}, {&s.Mail.ReplyTo, c.ReplyTo}, {&s.Mail.ReturnPath, c.ReturnPath}} {
				if set.from != nil {
					*set.to = *set.from
				}
			}
			if c.Remind != nil {
				s.Mail.RemindAfterDays, s.Mail.NoReminders = days, none
			}
		})
		if err != nil {
			return err
		}
	}
	if c.DKIM != nil {
		if err := c.sign(a, i, is.Slug); err != nil {
			return err
		}
	}
	if is, err = i.OnlyIssuer(a.ctx, is.Slug); err != nil {
		return err
	}
	from := issuer.SenderOf(is)
	a.print("from     %s <%s>\nanswers  %s\nbounces  %s\nreminded %s", from.FromName, from.From, from.ReplyTo, from.ReturnPath, daysWords(issuer.SettingsOf(is).Mail.Schedule()))
	return nil
}

// sign makes a key and prints the record that publishes it, or takes the key away.
func (c *issuerMail) sign(a *app, i *installation, slug string) error {
	if *c.DKIM == "" {
		return i.RemoveDomainKey(a.ctx, actor(), slug)
	}
	k, err := i.NewDomainKey(a.ctx, actor(), slug, *c.DKIM)
	if err != nil {
		return err
	}
	record, err := k.Record()
	if err != nil {
		return err
	}
	a.print("add      %s TXT %q", k.Name(), record)
	return nil
}

// parseDays reads "7,30,90" or "none".
func parseDays(text *string) (days []int, none bool, err error) {
	switch {
	case text == nil || strings.TrimSpace(*text) == "":
		return nil, false, nil
	case strings.TrimSpace(*text) == "none":
		return nil, true, nil
	}
	for part := range strings.SplitSeq(*text, ",") {
		n, err := strconv.Atoi(strings.TrimSpace(part))
		if err != nil {
			return nil, false, &usageError{fmt.Sprintf("--remind %q: write days like 7,30,90, or none", *text)}
		}
		days = append(days, n)
	}
	return days, false, nil
}

func daysWords(days []int) string {
	if len(days) == 0 {
		return "never"
	}
	words := make([]string, len(days))
	for i, d := range days {
		words[i] = strconv.Itoa(d)
	}
	return strings.Join(words, ", ") + " days after an award that is not claimed"
}
