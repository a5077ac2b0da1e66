package main

import (
	"strings"
	"time"
	"unicode"

	"github.com/accolade-badges/accolade/issuer/ledger"
)

// auditCommand reads the audit log: who did what, when, and why.
type auditCommand struct {
	place
	Subject string `arg:"" optional:"" help:"Only what was done to this: an award's id, an account's, an issuer's slug … Default: everything."`
	JSON    bool   `help:"One JSON object a line." name:"json"`
}

// shownAudit is an entry of the log as --json prints it.
type shownAudit struct {
	Seq     int64     `json:"seq"`
	At      time.Time `json:"at"`
	Actor   string    `json:"actor"`
	Action  string    `json:"action"`
	Subject string    `json:"subject"`
	Detail  string    `json:"detail"`
	Hash    string    `json:"hash"`
}

// Run prints one line an entry, the oldest first, and then whether the log was
// altered: exit status 1 where it was. The hash that it ends with, kept elsewhere,
// shows later that nothing before it was rewritten.
func (c *auditCommand) Run(a *app) error {
	i, err := a.open(c.place, options{})
	if err != nil {
		return err
	}
	defer func() { _ = i.Close() }()
	err = i.EachAudit(a.ctx, c.Subject, func(e ledger.Audit) error {
		if c.JSON {
			return a.printLine(shownAudit(e))
		}
		a.print("%d  %s  %s  %s  %s  %s", e.Seq, e.At.Format(time.RFC3339), e.Actor, e.Action, e.Subject, oneLine(e.Detail))
		return nil
	})
	if err != nil {
		return err
	}
	n, head, err := i.CheckAudit(a.ctx)
	if err != nil {
		return err
	}
	a.say("%d entries, unbroken; the last one's hash is %s.", n, head)
	return nil
}

// oneLine keeps foreign text from breaking or colouring a terminal's line.
func oneLine(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, text)
}
