package main

import "time"

// jobsCommand looks after work that was given up: signatures and mails that
// failed in their last attempt.
type jobsCommand struct {
	List  jobsList  `cmd:"" help:"List what was given up, with the last error."`
	Retry jobsRetry `cmd:"" help:"Try it again: one job, or all, and whatever was never queued."`
}

// maxListed is how many jobs are listed.
const maxListed = 1000

type jobsList struct{ place }

// Run prints one line a job, the oldest first.
func (c *jobsList) Run(a *app) error {
	i, err := a.open(c.place, options{})
	if err != nil {
		return err
	}
	defer func() { _ = i.Close() }()
	dead, err := i.DeadJobs(a.ctx, maxListed)
	if err != nil {
		return err
	}
	for _, j := range dead {
		a.print("%s  %s  %s: %s", j.ID, j.CreatedAt.Format(time.DateOnly), j.Work, oneLine(j.LastError))
	}
	switch len(dead) {
	case 0:
		a.say("No job was given up.")
	case maxListed:
		a.say("There may be more than these.")
	}
	return nil
}

type jobsRetry struct {
	place
	ID string `arg:"" optional:"" help:"Id of one job, as jobs list prints it. Default: all that were given up, and awards that were never signed."`
}

// Run gives the jobs all their attempts again and signs at once. Mails are sent
// by a running serve.
func (c *jobsRetry) Run(a *app) error {
	i, err := a.open(c.place, options{})
	if err != nil {
		return err
	}
	defer func() { _ = i.Close() }()
	n := 1
	if c.ID != "" {
		err = i.RetryJob(a.ctx, actor(), c.ID)
	} else {
		n, err = i.RetryJobs(a.ctx, actor())
	}
	if err != nil {
		return err
	}
	show := a.progress("signed")
	signed, err := i.Drain(a.ctx, show.at)
	show.end(signed)
	if err != nil {
		return err
	}
	a.say("%d jobs are tried again; %d are done, and serve does the rest.", n, signed)
	return nil
}
