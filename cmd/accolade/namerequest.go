package main

import (
	"time"
)

// nameRequestCommand answers earners who ask to have the name on a badge
// corrected.
type nameRequestCommand struct {
	List    nameRequestList    `cmd:"" help:"List the requests that wait, or all."`
	Accept  nameRequestAccept  `cmd:"" help:"Correct the badge as asked: a new edition under the same id."`
	Decline nameRequestDecline `cmd:"" help:"Leave the name as it is; the earner is told why."`
}

type nameRequestList struct {
	place
	anyIssuer
	All bool `help:"Those that are decided, too."`
}

// Run prints one line a request.
func (c *nameRequestList) Run(a *app) error {
	i, err := a.openForAny(c.place, c.Issuer)
	if err != nil {
		return err
	}
	defer func() { _ = i.Close() }()
	list, err := i.NameRequests(a.ctx, c.Issuer, !c.All)
	if err != nil {
		return err
	}
	for _, r := range list {
		w, err := i.Award(a.ctx, r.Award)
		if err != nil {
			return err
		}
		state := "waits"
		switch {
		case r.Accepted:
			state = "accepted"
		case !r.DecidedAt.IsZero():
			state = "declined"
		}
		a.print("%s  %-8s  %s  badge %s of %s  issued to %q, should be %q  %s", r.ID, state, r.CreatedAt.Format(time.DateOnly), r.Award, r.Issuer, w.Name, r.Name, r.Note)
	}
	return nil
}

type nameRequestAccept struct {
	place
	anyIssuer
	ID     string `arg:"" help:"Id of the request, as name-request list prints it."`
	Reason string `help:"Why, in a sentence; it is kept with the badge." required:"" placeholder:"TEXT"`
}

// Run corrects the badge.
func (c *nameRequestAccept) Run(a *app) error {
	i, err := a.openForAny(c.place, c.Issuer)
	if err != nil {
		return err
	}
	defer func() { _ = i.Close() }()
	if err := i.AcceptName(a.ctx, actor(), c.Issuer, c.ID, c.Reason); err != nil {
		return err
	}
	a.say("The badge is corrected; its new edition is signed and mailed by serve.")
	return nil
}

type nameRequestDecline struct {
	place
	anyIssuer
	ID     string `arg:"" help:"Id of the request, as name-request list prints it."`
	Reason string `help:"Why, in a sentence; the earner reads it." required:"" placeholder:"TEXT"`
}

// Run declines the request.
func (c *nameRequestDecline) Run(a *app) error {
	i, err := a.openForAny(c.place, c.Issuer)
	if err != nil {
		return err
	}
	defer func() { _ = i.Close() }()
	if err := i.DeclineName(a.ctx, actor(), c.Issuer, c.ID, c.Reason); err != nil {
		return err
	}
	a.say("The request is declined; the earner is told why.")
	return nil
}
