package main

import (
	"context"
	"encoding/pem"
	"errors"
	"fmt"

	"github.com/accolade-badges/accolade/issuer/ledger"
)

// keysCommand looks after signing keys.
type keysCommand struct {
	List   keysList   `cmd:"" help:"List the issuer's keys."`
	Rotate keysRotate `cmd:"" help:"Make a new key for every algorithm; old badges keep verifying."`
	Export keysExport `cmd:"" help:"Write a public key as PEM. Private keys never leave the ledger."`
}

type keysList struct {
	place
	oneIssuer
}

// Run prints one line a key, the oldest first.
func (c *keysList) Run(a *app) error {
	i, is, err := a.openFor(c.place, c.Issuer)
	if err != nil {
		return err
	}
	defer func() { _ = i.Close() }()
	list, err := i.keys(a.ctx, is.Slug)
	if err != nil {
		return err
	}
	for _, k := range list {
		state := "current"
		if !k.RetiredAt.IsZero() {
			state = "retired " + day(k.RetiredAt)
		}
		a.print("%-8s %s  made %s  %s", k.Algorithm, k.Name, day(k.CreatedAt), state)
	}
	return nil
}

func (i *installation) keys(ctx context.Context, issuer string) ([]ledger.Key, error) {
	var list []ledger.Key
	err := i.ledger.View(ctx, func(tx *ledger.Tx) error {
		var err error
		list, err = tx.Keys(ctx, issuer)
		return err
	})
	return list, err
}

type keysRotate struct {
	place
	oneIssuer
}

// Run rotates and prints the new keys.
func (c *keysRotate) Run(a *app) error {
	i, is, err := a.openFor(c.place, c.Issuer)
	if err != nil {
		return err
	}
	defer func() { _ = i.Close() }()
	fresh, err := i.RotateKeys(a.ctx, actor(), is.Slug)
	if err != nil {
		return err
	}
	for _, k := range fresh {
		a.print("%-8s %s", k.Algorithm, i.URLs().Key(k.Name))
	}
	return nil
}

type keysExport struct {
	place
	Name   string `arg:"" help:"Key name, as keys list prints it."`
	Output string `help:"File; - for standard output." short:"o" default:"-" placeholder:"FILE"`
}

// Run writes the public key.
func (c *keysExport) Run(a *app) error {
	i, err := a.open(c.place, options{})
	if err != nil {
		return err
	}
	defer func() { _ = i.Close() }()
	var k ledger.Key
	err = i.ledger.View(a.ctx, func(tx *ledger.Tx) error {
		var err error
		k, err = tx.Key(a.ctx, c.Name)
		return err
	})
	if errors.Is(err, ledger.ErrNotFound) {
		return fmt.Errorf("there is no key %q; `accolade keys list` shows the names", c.Name)
	}
	if err != nil {
		return err
	}
	return a.writeFile(c.Output, "", pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: k.Public}))
}
