package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/accolade-badges/accolade/verifier"
	"github.com/accolade-badges/accolade/verifier/fetch"
)

// verifyCommand verifies badges of any vintage from any issuer.
type verifyCommand struct {
	Inputs    []string `arg:"" optional:"" help:"File, address, folder, or - for standard input."`
	JSON      bool     `help:"The report as JSON: one object for one input, an array for several." name:"json"`
	CSV       bool     `help:"One line of CSV an input." name:"csv"`
	InputsCSV string   `help:"CSV whose column input (else the first) lists what to verify, and recipient whom it should be issued to." type:"path" name:"inputs-csv" placeholder:"FILE"`
	Recipient string   `help:"Address or name that the badge should be issued to." placeholder:"TEXT"`
	At        string   `help:"Judge dates at this time, RFC 3339. Default: now." placeholder:"TIME"`
	Documents []string `help:"Answer from this map of addresses to files instead of the network; repeatable, later ones win." type:"path" placeholder:"FILE"`
	Offline   bool     `help:"Use no network; say what could not be known."`
	Bundle    string   `help:"Verify from a bundle that was saved with its issuer's documents." type:"path" placeholder:"FILE"`
	Save      string   `help:"Save a bundle of the one input, with the documents that were fetched for it." name:"save-bundle" type:"path" placeholder:"FILE"`
	Trusted   []string `help:"Issuer to call known; repeatable." placeholder:"ID"`
	Registry  []string `help:"Registry of known issuers, a JSON file in the form of the Digital Credentials Consortium; repeatable." type:"path" placeholder:"FILE"`
	AllowHost []string `help:"For tests and private networks: host and port that may be reached; repeatable." placeholder:"HOST:PORT"`
	TestClock string   `help:"For tests: the time at which the clock stands, RFC 3339." placeholder:"TIME"`
}

// Run verifies every input. Exit status: 0 all valid, 1 some not, 2 none not but
// some undetermined, 3 an input could not be read.
func (c *verifyCommand) Run(a *app) error {
	o, err := c.options()
	if err != nil {
		return err
	}
	if c.Save != "" {
		return c.save(a, o)
	}
	tasks, err := c.tasks(a, &o)
	if err != nil {
		return err
	}
	var out output
	switch {
	case c.CSV:
		out = newTableCSV(a)
	case c.JSON && len(tasks) == 1:
		out = oneJSON{a}
	case c.JSON:
		out = &arrayJSON{app: a}
	case len(tasks) == 1:
		out = oneReport{a}
	default:
		out = &table{app: a, count: map[verifier.Verdict]int{}}
	}
	return c.run(a, tasks, o, out)
}

func (c *verifyCommand) options() (verifier.Options, error) {
	o := verifier.Options{Recipient: c.Recipient, Offline: c.Offline, Trusted: c.Trusted, AllowHosts: c.AllowHost}
	for flag, text := range map[string]string{"--at": c.At, "--test-clock": c.TestClock} {
		if text == "" {
			continue
		}
		at, err := time.Parse(time.RFC3339, text)
		if err != nil {
			return o, &usageError{fmt.Sprintf("%s %q: write the time like 2026-03-14T09:26:53Z", flag, text)}
		}
		if flag == "--at" {
			o.At = at
		} else {
			o.Now = func() time.Time { return at }
		}
	}
	if len(c.Documents) > 0 {
		documents, err := verifier.LoadDocuments(c.Documents...)
		if err != nil {
			return o, &usageError{err.Error()}
		}
		o.Documents = documents
	}
	var err error
	if o.Registries, err = registries(c.Registry); err != nil {
		return o, &usageError{err.Error()}
	}
	client, err := fetch.New(fetch.Config{AllowHosts: c.AllowHost})
	if err != nil {
		return o, &usageError{err.Error()}
	}
	o.Fetch, o.Cache = client, verifier.NewCache()
	return o, nil
}

// registries reads lists of known issuers; reports call each by its file's name.
func registries(files []string) ([]*verifier.Registry, error) {
	var list []*verifier.Registry
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("read registry %s: %w", name, plainPathError(err))
		}
		r, err := verifier.ParseRegistry(strings.TrimSuffix(filepath.Base(name), ".json"), data)
		if err != nil {
			return nil, err
		}
		list = append(list, r)
	}
	return list, nil
}

func (c *verifyCommand) save(a *app, o verifier.Options) error {
	if len(c.Inputs) != 1 {
		return &usageError{"--save-bundle takes exactly one input"}
	}
	tasks, err := c.expand(a, c.Inputs[0])
	if err != nil {
		return err
	}
	if len(tasks) != 1 {
		return &usageError{fmt.Sprintf("--save-bundle takes one badge, and %s is a folder", c.Inputs[0])}
	}
	in, err := tasks[0].read(a)
	if err != nil {
		return &usageError{fmt.Sprintf("%s: %v", tasks[0].name, err)}
	}
	bundle, report, err := verifier.MakeBundle(a.ctx, in, o)
	if err != nil {
		return err
	}
	body, err := json.Marshal(bundle)
	if err != nil {
		return err
	}
	if err := a.writeFile(c.Save, "", body); err != nil {
		return err
	}
	a.printReport(report)
	return exitWith(report.ExitStatus())
}
