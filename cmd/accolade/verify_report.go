package main

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/accolade-badges/accolade/verifier"
)

// oneJSON writes the one report as JSON.
type oneJSON struct{ app *app }

func (o oneJSON) write(_ *task, r *verifier.Report, _ error) error {
	if r == nil {
		return nil // the message on stderr says why
	}
	return o.app.printJSON(r)
}

func (o oneJSON) end() error { return nil }

// arrayJSON writes reports as one JSON array, each as it comes. Inputs that could
// not be read are not in it; stderr has them.
type arrayJSON struct {
	app  *app
	some bool
}

func (o *arrayJSON) write(_ *task, r *verifier.Report, _ error) error {
	if r == nil {
		return nil
	}
	data, err := json.Marshal(r)
	if err != nil {
		return err
	}
	before := ",\n"
	if !o.some {
		before = "[\n"
	}
	o.some = true
	_, err = fmt.Fprintf(o.app.stdout, "%s%s", before, data)
	return err
}

func (o *arrayJSON) end() error {
	end := "\n]\n"
	if !o.some {
		end = "[]\n"
	}
	_, err := io.WriteString(o.app.stdout, end)
	return err
}

// tableCSV writes one line of CSV an input.
type tableCSV struct{ csv *csv.Writer }

func newTableCSV(a *app) tableCSV {
	w := csv.NewWriter(a.stdout)
	_ = w.Write([]string{"input", "verdict", "issuer", "binding", "achievement", "recipient", "match", "valid_from", "valid_until", "summary"}) // end reports it
	return tableCSV{w}
}

func (o tableCSV) write(t *task, r *verifier.Report, err error) error {
	line := []string{cell(t.name), "", "", "", "", "", "", "", "", ""}
	if r == nil {
		line[1], line[9] = "unreadable", cell(err.Error())
		return o.csv.Write(line)
	}
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
	return o.csv.Write(line)
}

func (o tableCSV) end() error {
	o.csv.Flush()
	return o.csv.Error()
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
	_, refused := a.getenv("NO_COLOR")
	return !refused && a.onTerminal()
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

// table writes a line an input and the count of each verdict.
type table struct {
	app   *app
	all   int
	count map[verifier.Verdict]int
}

func (o *table) write(t *task, r *verifier.Report, _ error) error {
	o.all++
	if r == nil {
		return nil
	}
	o.count[r.Verdict]++
	// Painted words have invisible letters, so the column is filled by hand.
	gap := strings.Repeat(" ", max(0, 13-len(r.Verdict)))
	o.app.print("%s%s %s  %s", o.app.paint(r.Verdict), gap, visible(t.name), visible(r.Summary))
	return nil
}

func (o *table) end() error {
	var parts []string
	read := 0
	for _, v := range []verifier.Verdict{verifier.Valid, verifier.Expired, verifier.NotYetValid, verifier.Suspended, verifier.Revoked, verifier.Invalid, verifier.Undetermined} {
		if read += o.count[v]; o.count[v] > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", o.count[v], strings.ReplaceAll(string(v), "_", " ")))
		}
	}
	if read < o.all {
		parts = append(parts, fmt.Sprintf("%d unreadable", o.all-read))
	}
	o.app.print("%d badges: %s", o.all, strings.Join(parts, ", "))
	return nil
}

// oneReport writes the one report for a person.
type oneReport struct{ app *app }

func (o oneReport) write(_ *task, r *verifier.Report, _ error) error {
	if r != nil {
		o.app.printReport(r)
	}
	return nil
}

func (o oneReport) end() error { return nil }

// visible keeps foreign text from steering the terminal.
func visible(s string) string {
	return strings.Map(func(r rune) rune {
		if r < 0x20 || r >= 0x7f && r < 0xa0 {
			return '\ufffd'
		}
		return r
	}, s)
}
