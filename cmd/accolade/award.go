package main

import (
	"errors"
	"fmt"
	"time"

	"github.com/accolade-badges/accolade/issuer"
)

// awardCommand is about single awards: without a word of its own it makes one.
type awardCommand struct {
	Make   awardMake   `cmd:"" default:"withargs" help:"Award by hand, with a reason."`
	Resend awardResend `cmd:"" help:"Mail a badge that waits to be claimed once more, with a fresh link."`
	Code   awardCode   `cmd:"" help:"Make the code with which an earner without a mail address claims a badge."`
}

type awardResend struct {
	place
	IDs      []string `arg:"" name:"id" help:"Award ids: the last parts of the badges' addresses."`
	Declined bool     `help:"Its earner declined it, and has asked you for it after all: it waits to be claimed again."`
}

// Run queues the mails, and sends them where there is no mail server to wait for.
// One that cannot be sent now holds up no other.
func (c *awardResend) Run(a *app) error {
	i, err := a.open(c.place, options{})
	if err != nil {
		return err
	}
	defer func() { _ = i.Close() }()
	resend := i.Resend
	if c.Declined {
		resend = i.ResendDeclined
	}
	var refused []error
	for _, id := range c.IDs {
		err := resend(a.ctx, actor(), id)
		if err != nil {
			refused = append(refused, fmt.Errorf("%s: %w", id, err))
			continue
		}
		a.say("A fresh link for %s is on its way.", i.URLs().Badge(id, ""))
	}
	_, err = i.Drain(a.ctx, nil)
	return errors.Join(append(refused, err)...)
}

type awardCode struct {
	place
	ID   string `arg:"" help:"Award id: the last part of the badge's address."`
	Days int    `help:"How long it works, 1 to 180." default:"14" placeholder:"N"`
}

// Run makes the code and prints it. It is not shown again; a new one ends it.
func (c *awardCode) Run(a *app) error {
	i, err := a.open(c.place, options{})
	if err != nil {
		return err
	}
	defer func() { _ = i.Close() }()
	code, err := i.MakeClaimCode(a.ctx, actor(), c.ID, c.Days)
	if err != nil {
		return err
	}
	a.say("Hand this to the earner, for nobody else: whoever has it can claim the badge. It is typed at %s.", i.URLs().Find())
	a.print("code   %s", code.Code)
	a.print("link   %s", code.URL)
	a.print("until  %s", code.Until.Format(time.RFC3339))
	return nil
}

// awardMake awards without an exam result.
type awardMake struct {
	place
	oneIssuer
	Achievement string `arg:"" help:"Slug of the achievement, as in its address."`
	Email       string `help:"Earner's address; may be left out where there is a number." placeholder:"ADDRESS"`
	GivenName   string `help:"Given name." placeholder:"NAME"`
	FamilyName  string `help:"Family name." placeholder:"NAME"`
	Number      string `help:"Candidate number." placeholder:"NUMBER"`
	Locale      string `help:"Language for mails." placeholder:"TAG"`
	AwardedAt   string `help:"When it was earned, RFC 3339. Default: now." placeholder:"TIME"`
	Reason      string `help:"Why it is awarded by hand; for the audit log." required:"" placeholder:"TEXT"`
}

// Run awards, signs, and prints the award.
func (c *awardMake) Run(a *app) error {
	i, is, err := a.openFor(c.place, c.Issuer)
	if err != nil {
		return err
	}
	defer func() { _ = i.Close() }()
	ref, err := i.AwardByHand(a.ctx, actor(), is.Slug, issuer.ManualAward{
		Achievement: c.Achievement, AwardedAt: c.AwardedAt, Reason: c.Reason,
		Candidate: issuer.Candidate{Number: c.Number, Email: c.Email, GivenName: c.GivenName, FamilyName: c.FamilyName, Locale: c.Locale},
	})
	if err != nil {
		return err
	}
	if _, err := i.Drain(a.ctx, nil); err != nil {
		return err
	}
	return a.printJSON(ref)
}

// act is what the commands that change one award have in common.
type act struct {
	place
	ID     string `arg:"" help:"Award id: the last part of the badge's address."`
	Reason string `help:"Why, in a sentence. The earner and every verifier read it." required:"" placeholder:"TEXT"`
}

// do opens the installation, runs fn, and signs what that calls for.
func (c *act) do(a *app, done string, fn func(i *installation) error) error {
	i, err := a.open(c.place, options{})
	if err != nil {
		return err
	}
	defer func() { _ = i.Close() }()
	if err := fn(i); err != nil {
		return err
	}
	if _, err := i.Drain(a.ctx, nil); err != nil {
		return err
	}
	a.say("%s %s.", i.URLs().Badge(c.ID, ""), done)
	return nil
}

type revokeCommand struct{ act }

// Run revokes.
func (c *revokeCommand) Run(a *app) error {
	return c.do(a, "is revoked", func(i *installation) error { return i.Revoke(a.ctx, actor(), c.ID, c.Reason) })
}

type suspendCommand struct{ act }

// Run suspends.
func (c *suspendCommand) Run(a *app) error {
	return c.do(a, "is suspended", func(i *installation) error { return i.Suspend(a.ctx, actor(), c.ID, c.Reason) })
}

type reinstateCommand struct{ act }

// Run reinstates.
func (c *reinstateCommand) Run(a *app) error {
	return c.do(a, "is in force", func(i *installation) error { return i.Reinstate(a.ctx, actor(), c.ID, c.Reason) })
}

type correctCommand struct {
	act
	GivenName  string `help:"Given name to issue it to." placeholder:"NAME"`
	FamilyName string `help:"Family name to issue it to." placeholder:"NAME"`
	Email      string `help:"Address to tie it to." placeholder:"ADDRESS"`
}

// Run corrects.
func (c *correctCommand) Run(a *app) error {
	return c.do(a, "is corrected", func(i *installation) error {
		return i.Correct(a.ctx, actor(), c.ID, issuer.Correction{GivenName: c.GivenName, FamilyName: c.FamilyName, Email: c.Email}, c.Reason)
	})
}
