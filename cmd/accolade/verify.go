package main

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"time"

	"golang.org/x/term"

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

// task is one thing to verify.
type task struct {
	name      string
	input     verifier.Input
	recipient string
	err       error // it could not be read
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

// tasks lists what is to be verified; a folder stands for the files in it.
func (c *verifyCommand) tasks(a *app, o *verifier.Options) ([]task, error) {
	var list []task
	if c.Bundle != "" {
		data, err := a.readFile(c.Bundle)
		if err != nil {
			return nil, &usageError{err.Error()}
		}
		if o.Bundle, err = verifier.OpenBundle(data); err != nil {
			return nil, &usageError{fmt.Sprintf("%s: %v", c.Bundle, err)}
		}
		if len(c.Inputs) == 0 {
			list = append(list, task{name: c.Bundle, input: o.Bundle.Input(), recipient: c.Recipient})
		}
	}
	for _, name := range c.Inputs {
		more, err := c.expand(a, name)
		if err != nil {
			return nil, err
		}
		list = append(list, more...)
	}
	if c.InputsCSV != "" {
		more, err := c.fromCSV(a)
		if err != nil {
			return nil, err
		}
		list = append(list, more...)
	}
	if len(list) == 0 {
		return nil, &usageError{"name a file, an address or a folder to verify, or - for standard input"}
	}
	return list, nil
}

func (c *verifyCommand) expand(a *app, name string) ([]task, error) {
	if strings.HasPrefix(name, "https://") || strings.HasPrefix(name, "http://") {
		return []task{{name: name, input: verifier.Input{URL: name}, recipient: c.Recipient}}, nil
	}
	info, err := os.Stat(name)
	if name == "-" || err != nil || !info.IsDir() {
		data, err := a.readFile(name)
		return []task{{name: name, input: verifier.Input{Data: data, Name: name}, recipient: c.Recipient, err: err}}, nil
	}
	var list []task
	err = filepath.WalkDir(name, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := a.readFile(path)
		list = append(list, task{name: path, input: verifier.Input{Data: data, Name: path}, recipient: c.Recipient, err: err})
		return nil
	})
	return list, err
}

func (c *verifyCommand) fromCSV(a *app) ([]task, error) {
	in, err := a.input(c.InputsCSV)
	if err != nil {
		return nil, &usageError{err.Error()}
	}
	defer func() { _ = in.Close() }()
	r := csv.NewReader(in)
	r.FieldsPerRecord = -1
	r.TrimLeadingSpace = true
	column, recipient := 0, -1
	var list []task
	for first := true; ; first = false {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			return list, nil
		}
		if err != nil {
			return nil, &usageError{fmt.Sprintf("%s: %v", c.InputsCSV, err)}
		}
		if first && header(record, &column, &recipient) {
			continue
		}
		if column >= len(record) || strings.TrimSpace(record[column]) == "" {
			continue
		}
		more, err := c.expand(a, strings.TrimSpace(record[column]))
		if err != nil {
			return nil, err
		}
		if recipient >= 0 && recipient < len(record) && record[recipient] != "" {
			for i := range more {
				more[i].recipient = record[recipient]
			}
		}
		list = append(list, more...)
	}
}

// header tells whether a record names columns, and which.
func header(record []string, input, recipient *int) bool {
	found := false
	for i, name := range record {
		switch strings.ToLower(strings.TrimSpace(strings.TrimPrefix(name, "\ufeff"))) {
		case "input", "url", "file":
			*input, found = i, true
		case "recipient", "email":
			*recipient = i
		}
	}
	return found
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

func present(reports []*verifier.Report) []*verifier.Report {
	list := []*verifier.Report{}
	for _, r := range reports {
		if r != nil {
			list = append(list, r)
		}
	}
	return list
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

func (c *verifyCommand) printCSV(a *app, tasks []task, reports []*verifier.Report) error {
	w := csv.NewWriter(a.stdout)
	_ = w.Write([]string{"input", "verdict", "issuer", "binding", "achievement", "recipient", "match", "valid_from", "valid_until", "summary"}) // Error reports it
	for i, t := range tasks {
		line := []string{cell(t.name), "", "", "", "", "", "", "", "", ""}
		if r := reports[i]; r != nil {
			line[1], line[9] = string(r.Verdict), cell(r.Summary)
			if r.Issuer != nil {
				line[2], line[3] = cell(r.Issuer.ID), string(r.Issuer.Binding)
			}
			if r.Achievement != nil {
				line[4] = cell(r.Achievement.Name)
			}
			if r.Recipient != nil {
				line[5], line[6] = cell(r.Recipient.Name), string(r.Recipient.Match)
			}
			line[7], line[8] = day(r.ValidFrom), day(r.ValidUntil)
		} else if t.err != nil {
			line[1], line[9] = "unreadable", cell(t.err.Error())
		}
		_ = w.Write(line)
	}
	w.Flush()
	return w.Error()
}

func day(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// marks are how outcomes and verdicts look on a terminal.
var marks = map[string]string{
	"passed": "\x1b[32m✓\x1b[0m", "failed": "\x1b[31m✗\x1b[0m", "unchecked": "\x1b[33m?\x1b[0m", "not_applicable": "\x1b[2m-\x1b[0m",
}

// coloured tells whether stdout is a terminal that wants colour.
func (a *app) coloured() bool {
	f, ok := a.stdout.(*os.File)
	_, refused := a.getenv("NO_COLOR")
	return ok && !refused && term.IsTerminal(int(f.Fd()))
}

func (a *app) paint(verdict verifier.Verdict) string {
	word := strings.ToUpper(strings.ReplaceAll(string(verdict), "_", " "))
	if !a.coloured() {
		return word
	}
	colour := "\x1b[31m"
	switch verdict {
	case verifier.Valid:
		colour = "\x1b[32m"
	case verifier.Undetermined, verifier.Expired, verifier.NotYetValid, verifier.Suspended:
		colour = "\x1b[33m"
	}
	return colour + word + "\x1b[0m"
}

// printReport writes a report for a person: the sentence first, then who, then
// every check.
func (a *app) printReport(r *verifier.Report) {
	a.print("%s  %s", a.paint(r.Verdict), visible(r.Summary))
	line := func(name, value string) {
		if value != "" {
			a.print("  %-12s %s", name, visible(value))
		}
	}
	if r.Achievement != nil {
		line("badge", r.Achievement.Name)
	}
	if r.Recipient != nil {
		line("earned by", r.Recipient.Name)
		if r.Recipient.Match != verifier.MatchNotAsked {
			line("recipient", string(r.Recipient.Match))
		}
	}
	if r.Issuer != nil {
		line("issuer", r.Issuer.Name)
		line("issuer id", r.Issuer.ID+" ("+string(r.Issuer.Binding)+")")
	}
	line("valid from", day(r.ValidFrom))
	line("valid until", day(r.ValidUntil))
	line("standard", r.Version)
	for _, c := range r.Checks {
		mark := map[verifier.Outcome]string{verifier.Passed: "ok", verifier.Failed: "FAIL", verifier.Unchecked: "?", verifier.NotApplicable: "-"}[c.Outcome]
		if a.coloured() {
			mark = marks[string(c.Outcome)]
		}
		a.print("  %-4s %-13s %s", mark, c.ID, visible(c.Message))
	}
}

// printTable writes a line an input and the count of each verdict.
func (a *app) printTable(tasks []task, reports []*verifier.Report) {
	count := map[verifier.Verdict]int{}
	for i, t := range tasks {
		if reports[i] == nil {
			continue // outcome says why
		}
		count[reports[i].Verdict]++
		a.print("%-13s %s  %s", a.paint(reports[i].Verdict), visible(t.name), visible(reports[i].Summary))
	}
	var parts []string
	for _, v := range []verifier.Verdict{verifier.Valid, verifier.Expired, verifier.NotYetValid, verifier.Suspended, verifier.Revoked, verifier.Invalid, verifier.Undetermined} {
		if count[v] > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", count[v], strings.ReplaceAll(string(v), "_", " ")))
		}
	}
	a.print("%d badges: %s", len(tasks), strings.Join(parts, ", "))
}

// visible keeps foreign text from steering the terminal.
func visible(s string) string {
	return strings.Map(func(r rune) rune {
		if r < 0x20 || r >= 0x7f && r < 0xa0 {
			return '\ufffd'
		}
		return r
	}, s)
}
