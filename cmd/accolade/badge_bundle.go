package main

import (
	"encoding/json"
	"fmt"

	"github.com/accolade-badges/accolade/issuer"
	"github.com/accolade-badges/accolade/verifier"
)

// badgeBundle packs a badge for a place without network.
type badgeBundle struct {
	place
	ID     string `arg:"" help:"Award id: the last part of the badge's address."`
	Format string `help:"json, jwt, png, svg, ob2, ob2-jws or pdf." default:"json" placeholder:"FORMAT"`
	Output string `help:"File; - for standard output. Default: badge-ID.bundle." short:"o" placeholder:"FILE"`
}

// Run writes the badge, whatever its visibility, with the documents of its issuer
// and its status of this moment. accolade verify --bundle reads it.
func (c *badgeBundle) Run(a *app) error {
	i, err := a.open(c.place, options{})
	if err != nil {
		return err
	}
	defer func() { _ = i.Close() }()
	d, err := i.Export(a.ctx, c.ID, issuer.Format(c.Format))
	if err != nil {
		return err
	}
	o := i.VerifierOptions()
	o.Offline = true
	bundle, report, err := verifier.MakeBundle(a.ctx, verifier.Input{Data: d.Body, Name: issuer.FileName(c.ID, issuer.Format(c.Format))}, o)
	if err != nil {
		return err
	}
	body, err := json.Marshal(bundle)
	if err != nil {
		return fmt.Errorf("write bundle: %w", err)
	}
	if !report.OK() {
		a.say("accolade: %s", report.Summary)
	}
	return a.writeFile(c.Output, "badge-"+c.ID+".bundle", body)
}
