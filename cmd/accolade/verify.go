package main

import (
	"encoding/json"
	"fmt"
	"runtime"
	"sync"
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
	reports := make([]*verifier.Report, len(tasks))
	verifyAll(a, tasks, o, reports)
	switch {
	case len(tasks) == 1 && tasks[0].err != nil && !c.CSV:
		// outcome says why there is nothing to print
	case c.JSON && len(tasks) == 1:
		err = a.printJSON(reports[0])
	case c.JSON:
		err = a.printJSON(present(reports))
	case c.CSV:
		err = c.printCSV(a, tasks, reports)
	case len(tasks) == 1:
		a.printReport(reports[0])
	default:
		a.printTable(tasks, reports)
	}
	if err != nil {
		return err
	}
	return outcome(a, tasks, reports)
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
	client, err := fetch.New(fetch.Config{AllowHosts: c.AllowHost})
	if err != nil {
		return o, &usageError{err.Error()}
	}
	o.Fetch = client
	return o, nil
}

// verifyAll verifies side by side, as many as there are cores.
func verifyAll(a *app, tasks []task, o verifier.Options, reports []*verifier.Report) {
	next := make(chan int)
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for i := range next {
				if tasks[i].err != nil {
					continue
				}
				mine := o
				mine.Recipient = tasks[i].recipient
				reports[i], tasks[i].err = verifier.Verify(a.ctx, tasks[i].input, mine)
			}
		})
	}
	show := a.progress("badges verified")
	for i := range tasks {
		next <- i
		show.at(i + 1)
	}
	close(next)
	workers.Wait()
}

// outcome says what could not be read and picks the exit status.
func outcome(a *app, tasks []task, reports []*verifier.Report) error {
	status := 0
	for i, t := range tasks {
		if t.err != nil {
			a.say("accolade: %s: %v", t.name, t.err)
			status = 3
			continue
		}
		switch s := reports[i].ExitStatus(); {
		case status == 3 || s == 0:
		case s == 1:
			status = 1
		case status == 0:
			status = s
		}
	}
	if status != 0 {
		return exit(status)
	}
	return nil
}

func (c *verifyCommand) save(a *app, o verifier.Options) error {
	if len(c.Inputs) != 1 {
		return &usageError{"--save-bundle takes exactly one input"}
	}
	tasks, err := c.expand(a, c.Inputs[0])
	if err != nil {
		return err
	}
	if len(tasks) != 1 || tasks[0].err != nil {
		return &usageError{fmt.Sprintf("%s is not one badge that can be read", c.Inputs[0])}
	}
	bundle, report, err := verifier.MakeBundle(a.ctx, tasks[0].input, o)
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
	return outcome(a, tasks, []*verifier.Report{report})
}
