package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/accolade-badges/accolade/issuer"
	"github.com/accolade-badges/accolade/issuer/ledger"
)

// badgeCommand looks after single badges.
type badgeCommand struct {
	Show       badgeShow       `cmd:"" help:"Show an award: facts, addresses, mails."`
	List       badgeList       `cmd:"" help:"List awards, newest first."`
	Funnel     badgeFunnel     `cmd:"" help:"Count how many awards were told of, claimed, declined, or still wait."`
	Export     badgeExport     `cmd:"" help:"Write a badge to a file, in one format or all."`
	Bundle     badgeBundle     `cmd:"" help:"Write a badge with all that verifying it without network takes."`
	Visibility badgeVisibility `cmd:"" help:"Say, for its earner, who may see a badge."`
}

type badgeShow struct {
	place
	ID   string `arg:"" help:"Award id: the last part of the badge's address."`
	JSON bool   `help:"As JSON." name:"json"`
}

// shownAward is an award as badge show and badge list print it.
type shownAward struct {
	ID          string            `json:"id"`
	Achievement string            `json:"achievement"`
	Name        string            `json:"name"`
	Status      issuer.Status     `json:"status"`
	Acceptance  issuer.Acceptance `json:"acceptance"`
	Visibility  string            `json:"visibility"`
	Deleted     bool              `json:"deleted,omitempty"` // its earner had their data erased
	AwardedDate time.Time         `json:"awardedDate"`
	ValidUntil  *time.Time        `json:"validUntil"`
	Reason      string            `json:"reason,omitempty"`
	Provider    string            `json:"provider,omitempty"`
	ResultID    string            `json:"resultId,omitempty"`
	URLs        map[string]string `json:"urls"`
	Mails       []string          `json:"mails,omitempty"`
}

func (i *installation) shown(w issuer.AwardDetail) shownAward {
	s := shownAward{
		ID: w.ID, Achievement: w.Achievement, Name: w.Name, Status: issuer.StatusOf(w.Award, i.Now()), Acceptance: issuer.AcceptanceOf(w.Award), Visibility: w.Visibility,
		AwardedDate: w.AttainedAt, Reason: w.RevocationReason + w.SuspensionReason, Provider: w.Provider, ResultID: w.ResultID,
		URLs: i.URLs().All(w.ID),
	}
	if !w.ErasedAt.IsZero() {
		s.Name, s.Deleted = "(deleted by its earner)", true
	}
	if !w.ExpiresAt.IsZero() {
		s.ValidUntil = &w.ExpiresAt
	}
	for _, m := range w.Mails {
		if m.Recipient == "" { // forgotten with its earner
			continue
		}
		s.Mails = append(s.Mails, m.Kind+" to "+m.Recipient+": "+whatBecameOf(m))
	}
	return s
}

// whatBecameOf tells a mail's state and, where it did not arrive, the cause.
func whatBecameOf(m ledger.Mail) string {
	state, cause := issuer.StateOf(m)
	switch {
	case state == issuer.MailBounced && !m.SentAt.IsZero():
		return "sent " + m.SentAt.Format(time.RFC3339) + ", bounced " + m.BouncedAt.Format(time.RFC3339) + ", " + cause
	case state == issuer.MailBounced:
		return "bounced " + m.BouncedAt.Format(time.RFC3339) + ", " + cause
	case state == issuer.MailAccepted:
		return "sent " + m.SentAt.Format(time.RFC3339)
	case state == issuer.MailDropped:
		return "not sent, " + cause
	case cause != "":
		return "queued, not sent yet, " + cause
	}
	return "queued, waiting for accolade serve"
}

// Run prints one award.
func (c *badgeShow) Run(a *app) error {
	i, err := a.open(c.place, options{})
	if err != nil {
		return err
	}
	defer func() { _ = i.Close() }()
	w, err := i.Award(a.ctx, c.ID)
	if err != nil {
		return err
	}
	s := i.shown(w)
	if c.JSON {
		return a.printJSON(s)
	}
	until := "does not expire"
	if s.ValidUntil != nil {
		until = "valid until " + s.ValidUntil.Format(time.RFC3339)
	}
	a.print("%s\n  issued to   %s\n  status      %s, %s, %s\n  awarded     %s, %s", s.Achievement, s.Name, s.Status, s.Acceptance, s.Visibility, s.AwardedDate.Format(time.RFC3339), until)
	if s.Reason != "" {
		a.print("  reason      %s", s.Reason)
	}
	for _, m := range s.Mails {
		a.print("  mail        %s", m)
	}
	for _, name := range issuer.AddressNames() {
		a.print("  %-11s %s", name, s.URLs[name])
	}
	return nil
}

type badgeList struct {
	place
	oneIssuer
	Acceptance string `help:"Only those that are pending, claimed or declined." placeholder:"STATE"`
	JSON       bool   `help:"One JSON object a line." name:"json"`
}

// Run prints awards of the issuer, and how many earners have claimed theirs.
func (c *badgeList) Run(a *app) error {
	i, is, err := a.openFor(c.place, c.Issuer)
	if err != nil {
		return err
	}
	defer func() { _ = i.Close() }()
	cursor, count := "", map[issuer.Acceptance]int{}
	for {
		list, next, err := i.Awards(a.ctx, issuer.AwardQuery{Issuer: is.Slug, Acceptance: issuer.Acceptance(c.Acceptance)}, cursor, 500)
		if err != nil {
			return err
		}
		for _, w := range list {
			s := i.shown(w)
			if !s.Deleted && (s.Acceptance != issuer.Unclaimed || w.RevokedAt.IsZero()) {
				count[s.Acceptance]++
			}
			if c.JSON {
				if err := a.printLine(s); err != nil {
					return err
				}
				continue
			}
			a.print("%s  %s  %-9s  %-8s  %-8s  %s  %s", s.ID, s.AwardedDate.Format(time.DateOnly), s.Status, s.Acceptance, s.Visibility, s.Achievement, s.Name)
		}
		if next == "" {
			a.say("%d pending, %d claimed, %d declined.", count[issuer.Unclaimed], count[issuer.Claimed], count[issuer.Declined])
			return nil
		}
		cursor = next
	}
}

type badgeExport struct {
	place
	ID     string `arg:"" help:"Award id: the last part of the badge's address."`
	Format string `help:"json, jwt, png, svg, ob2, ob2-jws, pdf or all." default:"json" placeholder:"FORMAT"`
	Output string `help:"File, or folder for all; - for standard output. Default: badge-ID with the format's ending." short:"o" placeholder:"FILE"`
}

// Run writes the badge, whatever its visibility: the operator acts for its
// earner.
func (c *badgeExport) Run(a *app) error {
	i, err := a.open(c.place, options{})
	if err != nil {
		return err
	}
	defer func() { _ = i.Close() }()
	if c.Format != "all" {
		return c.write(a, i, issuer.Format(c.Format), c.Output)
	}
	folder := c.Output
	if folder == "-" {
		return &usageError{"all formats do not fit on standard output; name a folder with --output"}
	}
	if folder == "" {
		folder = "badge-" + c.ID
	}
	if err := os.MkdirAll(folder, 0o750); err != nil {
		return err
	}
	var formats []string
	for f := range issuer.Formats() {
		formats = append(formats, string(f))
	}
	slices.Sort(formats)
	for _, f := range formats {
		name := filepath.Join(folder, issuer.FileName(c.ID, issuer.Format(f)))
		if err := c.write(a, i, issuer.Format(f), name); err != nil {
			return err
		}
	}
	return nil
}

func (c *badgeExport) write(a *app, i *installation, f issuer.Format, name string) error {
	d, err := i.Export(a.ctx, c.ID, f)
	if err != nil {
		return err
	}
	return a.writeFile(name, issuer.FileName(strings.TrimSpace(c.ID), f), d.Body)
}

// writeFile writes to a file, or to standard output for "-", and says where.
func (a *app) writeFile(name, otherwise string, body []byte) error {
	if name == "-" {
		_, err := a.stdout.Write(body)
		return err
	}
	if name == "" {
		name = otherwise
	}
	if err := os.WriteFile(name, body, 0o600); err != nil {
		return fmt.Errorf("write %s: %w", name, plainPathError(err))
	}
	a.print("%s", name)
	return nil
}

type badgeVisibility struct {
	place
	ID         string `arg:"" help:"Award id: the last part of the badge's address."`
	Visibility string `arg:"" help:"private (its earner alone), unlisted (by share link) or public." enum:"private,unlisted,public"`
}

// Run sets the visibility; the audit log keeps who did it.
func (c *badgeVisibility) Run(a *app) error {
	i, err := a.open(c.place, options{})
	if err != nil {
		return err
	}
	defer func() { _ = i.Close() }()
	if err := i.SetVisibility(a.ctx, actor(), c.ID, c.Visibility); err != nil {
		return err
	}
	a.print("%s", i.URLs().Badge(c.ID, ""))
	return nil
}
