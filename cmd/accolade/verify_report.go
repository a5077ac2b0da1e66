package main

import (
	"encoding/csv"
	"fmt"
	"os"
	"strings"
	"time"

	"golang.org/x/term"

	"github.com/accolade-badges/accolade/verifier"
)

func present(reports []*verifier.Report) []*verifier.Report {
	list := []*verifier.Report{}
	for _, r := range reports {
		if r != nil {
			list = append(list, r)
		}
	}
	return list
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
