package main

import (
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/accolade-badges/accolade/issuer"
	"github.com/accolade-badges/accolade/issuer/catalogue"
)

// programmeCommand works on catalogues.
type programmeCommand struct {
	Check programmeCheck `cmd:"" help:"Read a catalogue and say what is wrong with it."`
	Load  programmeLoad  `cmd:"" help:"Make a catalogue the issuer's programme."`
	Diff  programmeDiff  `cmd:"" help:"Compare a catalogue with the loaded one, or two files."`
}

// readFile reads a file, or standard input for "-".
func (a *app) readFile(path string) ([]byte, error) {
	if path == "-" {
		return io.ReadAll(a.stdin)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", path, plainPathError(err))
	}
	return data, nil
}

// plainPathError leaves out what readFile says itself.
func plainPathError(err error) error {
	var path *os.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}

type programmeCheck struct {
	File string `arg:"" help:"Catalogue in the form catalogue/1; - for standard input."`
}

// Run prints the findings; the exit status is 1 when one is an error.
func (c *programmeCheck) Run(a *app) error {
	data, err := a.readFile(c.File)
	if err != nil {
		return err
	}
	cat, findings := issuer.ReadProgramme(data)
	a.printFindings(findings)
	if cat == nil {
		return exit(1)
	}
	a.say("%s: %d exams, %d certifications, %d warnings.", cat.Programme.Name, len(cat.Exams), len(cat.Certifications), len(findings))
	return nil
}

func (a *app) printFindings(list []catalogue.Finding) {
	for _, f := range list {
		a.print("%s", f)
	}
}

type programmeLoad struct {
	place
	oneIssuer
	File  string `arg:"" help:"Catalogue in the form catalogue/1; - for standard input."`
	Quiet bool   `help:"Leave the warnings out." short:"q"`
}

// Run loads a catalogue, or lists every error in it and loads nothing.
func (c *programmeLoad) Run(a *app) error {
	data, err := a.readFile(c.File)
	if err != nil {
		return err
	}
	i, is, err := a.openFor(c.place, c.Issuer)
	if err != nil {
		return err
	}
	defer func() { _ = i.Close() }()
	loaded, err := i.LoadProgramme(a.ctx, actor(), is.Slug, data)
	var refused *issuer.CatalogueError
	if errors.As(err, &refused) {
		a.printFindings(refused.Findings)
	}
	if err != nil {
		return err
	}
	if !c.Quiet {
		a.printFindings(loaded.Findings)
	}
	if loaded.Unchanged {
		a.say("%s: unchanged, still version %d.", loaded.Catalogue.Programme.Name, loaded.Number)
		return nil
	}
	a.say("%s: version %d loaded, %d exams, %d certifications, %d achievements made or changed, %d warnings.",
		loaded.Catalogue.Programme.Name, loaded.Number, len(loaded.Catalogue.Exams), len(loaded.Catalogue.Certifications), loaded.Achievements, len(loaded.Findings))
	return nil
}

type programmeDiff struct {
	place
	oneIssuer
	File string `arg:"" help:"The new catalogue."`
	Old  string `help:"The old catalogue, as a file. Default: the loaded one." type:"path" placeholder:"FILE"`
}

// Run prints one line a change; the exit status is 0 also when there are some.
func (c *programmeDiff) Run(a *app) error {
	after, err := a.parse(c.File)
	if err != nil {
		return err
	}
	before, err := c.before(a)
	if err != nil {
		return err
	}
	changes := catalogue.Diff(before, after)
	for _, change := range changes {
		a.print("%s", change)
	}
	a.say("%d changes.", len(changes))
	return nil
}

func (c *programmeDiff) before(a *app) (*catalogue.Catalogue, error) {
	if c.Old != "" {
		return a.parse(c.Old)
	}
	i, err := a.open(c.place, options{})
	if err != nil {
		return nil, err
	}
	defer func() { _ = i.Close() }()
	is, err := i.OnlyIssuer(a.ctx, c.Issuer)
	if err != nil {
		return nil, err
	}
	return i.Catalogue(a.ctx, is.Slug)
}

func (a *app) parse(path string) (*catalogue.Catalogue, error) {
	data, err := a.readFile(path)
	if err != nil {
		return nil, err
	}
	cat, findings := catalogue.Parse(data)
	if cat == nil {
		a.printFindings(findings)
		return nil, fmt.Errorf("%s is no catalogue that could be loaded", path)
	}
	return cat, nil
}
