package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/accolade-badges/accolade/issuer/ledger"
)

// backupCommand copies the ledger while it is in use.
type backupCommand struct {
	place
	File string `arg:"" help:"File to write; it must not be there yet." type:"path"`
}

// Run writes the copy. The master key is not in it: keep that apart.
func (c *backupCommand) Run(a *app) error {
	if _, err := os.Stat(c.File); err == nil {
		return fmt.Errorf("%s is there already; name another file", c.File)
	}
	i, err := a.open(c.place, options{})
	if err != nil {
		return err
	}
	defer func() { _ = i.Close() }()
	if err := i.ledger.Backup(a.ctx, c.File); err != nil {
		return err
	}
	a.say("The master key %s is not in the backup. Keep a copy of it elsewhere.", c.keyFile())
	a.print("%s", c.File)
	return nil
}

// restoreCommand reads a backup into a new installation.
type restoreCommand struct {
	place
	File string `arg:"" help:"Backup to read." type:"path"`
}

// Run restores into an empty folder or database. What happened after the backup
// is gone: links and tokens made before it are void, and revocations made after
// it must be made again, which it says.
func (c *restoreCommand) Run(a *app) error {
	now, err := c.clock()
	if err != nil {
		return err
	}
	if _, err := os.Stat(c.File); err != nil {
		return fmt.Errorf("read %s: %w", c.File, plainPathError(err))
	}
	if c.Database == "" {
		if _, err := os.Stat(c.ledgerURL()); err == nil {
			return fmt.Errorf("there is an installation in %s already; restore into an empty folder", c.Data)
		}
		if err := os.MkdirAll(c.Data, 0o700); err != nil {
			return err
		}
	}
	done, err := ledger.Restore(a.ctx, ledger.Config{URL: c.ledgerURL(), Now: now}, c.File)
	if errors.Is(err, ledger.ErrDamaged) {
		return fmt.Errorf("%s is damaged, or no file that `accolade backup` wrote; restore another one", c.File)
	}
	if err != nil {
		return err
	}
	a.say("Restored %d awards. %d open claim links, %d share links and %d tokens are void: make new ones. Everybody is signed out.",
		done.Awards, done.ClaimLinks, done.Shares, done.Tokens)
	a.say("Revocations and awards made after the backup are not in it: make them again before you serve.")
	if _, err := os.Stat(c.keyFile()); errors.Is(err, os.ErrNotExist) {
		a.say("Put the master key of the installation at %s: without it nothing can be signed.", c.keyFile())
	}
	return nil
}
