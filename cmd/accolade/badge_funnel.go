package main

import (
	"fmt"
	"text/tabwriter"
	"time"

	"github.com/accolade-badges/accolade/issuer/ledger"
)

type badgeFunnel struct {
	place
	oneIssuer
	Since string `help:"Only awards made on this day or later, such as 2026-03-01." placeholder:"DAY"`
	Until string `help:"Only awards made on this day or earlier." placeholder:"DAY"`
	JSON  bool   `help:"As JSON." name:"json"`
}

// shownFunnel is a line of badge funnel.
type shownFunnel struct {
	Achievement string `json:"achievement"`
	Awarded     int    `json:"awarded"`
	Told        int    `json:"told"`
	Bounced     int    `json:"bounced"`
	Claimed     int    `json:"claimed"`
	Declined    int    `json:"declined"`
	Waiting     int    `json:"waiting"`
	Revoked     int    `json:"revoked"`
	Public      int    `json:"public"`
}

// Run prints one line an achievement, and their sum.
func (c *badgeFunnel) Run(a *app) error {
	since, err := dayFlag("--since", c.Since)
	if err != nil {
		return err
	}
	until, err := dayFlag("--until", c.Until)
	if err != nil {
		return err
	}
	if !until.IsZero() {
		if until.Before(since) {
			return &usageError{fmt.Sprintf("--until %s is before --since %s; no award was made in between", c.Until, c.Since)}
		}
		until = until.AddDate(0, 0, 1)
	}
	i, is, err := a.openFor(c.place, c.Issuer)
	if err != nil {
		return err
	}
	defer func() { _ = i.Close() }()
	funnels, err := i.Funnels(a.ctx, is.Slug, since, until)
	if err != nil {
		return err
	}
	list, sum := []shownFunnel{}, shownFunnel{Achievement: "all"}
	for _, f := range funnels {
		list = append(list, shownFunnel(f))
		sum.add(f)
	}
	if c.JSON {
		return a.printJSON(list)
	}
	w := tabwriter.NewWriter(a.stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	_, err = fmt.Fprintln(w, "awarded\ttold\tbounced\tclaimed\tdeclined\twaiting\trevoked\tpublic\t")
	for _, f := range append(list, sum) {
		if err == nil {
			_, err = fmt.Fprintf(w, "%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t  %s\n", f.Awarded, f.Told, f.Bounced, f.Claimed, f.Declined, f.Waiting, f.Revoked, f.Public, f.Achievement)
		}
	}
	if err != nil {
		return err
	}
	return w.Flush()
}

func (s *shownFunnel) add(f ledger.Funnel) {
	s.Awarded += f.Awarded
	s.Told += f.Told
	s.Bounced += f.Bounced
	s.Claimed += f.Claimed
	s.Declined += f.Declined
	s.Waiting += f.Waiting
	s.Revoked += f.Revoked
	s.Public += f.Public
}

// dayFlag reads a day in UTC, or the zero time for "".
func dayFlag(flag, value string) (time.Time, error) {
	if value == "" {
		return time.Time{}, nil
	}
	day, err := time.Parse(time.DateOnly, value)
	if err != nil {
		return day, &usageError{fmt.Sprintf("%s %q: write the day like 2026-03-14", flag, value)}
	}
	return day, nil
}
