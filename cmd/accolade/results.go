package main

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"

	"golang.org/x/term"

	"github.com/accolade-badges/accolade/issuer"
)

// resultsCommand records exam results.
type resultsCommand struct {
	Record resultsRecord `cmd:"" help:"Record one result."`
	Import resultsImport `cmd:"" help:"Record a CSV file of results; safe to repeat."`
}

type resultsRecord struct {
	place
	oneIssuer
	Provider   string `help:"Who reports: 1 to 64 of a-z, 0-9, hyphen." required:"" placeholder:"NAME"`
	ResultID   string `help:"The provider's id of the result; reporting it again changes nothing." required:"" placeholder:"ID"`
	Exam       string `help:"Exam code." required:"" placeholder:"CODE"`
	TakenAt    string `help:"When it was taken, RFC 3339." required:"" placeholder:"TIME"`
	Outcome    string `help:"passed, failed, held or voided." default:"passed" placeholder:"OUTCOME"`
	Score      string `help:"Score, never published." placeholder:"NUMBER"`
	Number     string `help:"Candidate number." placeholder:"NUMBER"`
	Email      string `help:"Candidate's address. Without it the number says who it is, and 'award code' makes what they claim with." placeholder:"ADDRESS"`
	GivenName  string `help:"Given name." placeholder:"NAME"`
	FamilyName string `help:"Family name." placeholder:"NAME"`
	Locale     string `help:"Language for mails, like en or zh-CN." placeholder:"TAG"`
	Delivery   string `help:"online or centre." placeholder:"KIND"`
	Language   string `help:"Language of the exam." placeholder:"TAG"`
}

// Run records the result and signs what it earned.
func (c *resultsRecord) Run(a *app) error {
	i, is, err := a.openFor(c.place, c.Issuer)
	if err != nil {
		return err
	}
	defer func() { _ = i.Close() }()
	recorded, err := i.RecordResult(a.ctx, is.Slug, issuer.Result{
		Provider: c.Provider, ResultID: c.ResultID, Exam: c.Exam, TakenAt: c.TakenAt, Outcome: issuer.Outcome(c.Outcome),
		Score: c.Score, Delivery: c.Delivery, Language: c.Language,
		Candidate: issuer.Candidate{Number: c.Number, Email: c.Email, GivenName: c.GivenName, FamilyName: c.FamilyName, Locale: c.Locale},
	})
	if err != nil {
		return err
	}
	if _, err := i.Drain(a.ctx, nil); err != nil {
		return err
	}
	a.say("The result is %s; %d awards.", recorded.Status, len(recorded.Awards))
	return a.printJSON(recorded)
}

func (a *app) printJSON(v any) error {
	e := json.NewEncoder(a.stdout)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

// printLine writes v as JSON on one line.
func (a *app) printLine(v any) error {
	e := json.NewEncoder(a.stdout)
	e.SetEscapeHTML(false)
	return e.Encode(v)
}

type resultsImport struct {
	place
	oneIssuer
	File string `arg:"" help:"CSV with the columns provider,result_id,exam,taken_at,outcome,score,candidate_number,email,given_name,family_name,locale,delivery,language; - for standard input."`
	Out  string `help:"Result file: what became of each row. Default: FILE.results.csv; - for standard output." short:"o" placeholder:"FILE"`
}

// Run records every row that it can, says of each what became of it, and signs
// what was earned. Mail goes out by a running serve.
func (c *resultsImport) Run(a *app) error {
	i, is, err := a.openFor(c.place, c.Issuer)
	if err != nil {
		return err
	}
	defer func() { _ = i.Close() }()
	in, err := a.input(c.File)
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }()
	out, err := c.results(a, in)
	if err != nil {
		return err
	}
	show := a.progress("results recorded")
	done := 0
	sum, err := i.ImportResults(a.ctx, is.Slug, in, func(row issuer.Row) {
		out.row(row)
		done++
		show.at(done)
	})
	show.end(done)
	if err == nil {
		out.start()
	}
	if err := errors.Join(err, out.close()); err != nil {
		if done > 0 {
			a.say("%d rows came through and are kept; import the same file again, and the rest will.", done)
		}
		return err
	}
	show = a.progress("awards signed")
	signed, err := i.Drain(a.ctx, show.at)
	show.end(signed)
	if err != nil {
		return err
	}
	a.say("%d rows: %d new, %d seen before, %d corrected, %d refused; %d awards.", sum.Rows, sum.New, sum.Seen, sum.Changed, sum.Refused, sum.Awards)
	if out.name != "" {
		a.say("What became of each row: %s", out.name)
	}
	if sum.Refused > 0 {
		return exit(1)
	}
	return nil
}

func (a *app) input(path string) (io.ReadCloser, error) {
	if path == "-" {
		return io.NopCloser(a.stdin), nil
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", path, plainPathError(err))
	}
	return f, nil
}

// rowFile is the result file of an import. What an earlier import left in it goes
// with the first row of this one: a file that cannot be read replaces nothing.
type rowFile struct {
	name    string
	csv     *csv.Writer
	file    *os.File
	started bool
}

func (c *resultsImport) results(a *app, in io.ReadCloser) (*rowFile, error) {
	name := c.Out
	if name == "" && c.File != "-" {
		name = strings.TrimSuffix(c.File, ".csv") + ".results.csv"
	}
	if name == "-" || name == "" {
		return &rowFile{csv: csv.NewWriter(a.stdout)}, nil
	}
	if sameFile(in, name) {
		return nil, &usageError{fmt.Sprintf("--out %s is the file to import; name another", name)}
	}
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("write the result file %s: %w; name another with --out", name, plainPathError(err))
	}
	return &rowFile{name: name, csv: csv.NewWriter(f), file: f}, nil
}

// sameFile tells whether the opened file in is the one at path.
func sameFile(in io.Reader, path string) bool {
	f, ok := in.(*os.File)
	if !ok {
		return false
	}
	opened, err := f.Stat()
	named, missing := os.Stat(path)
	return err == nil && missing == nil && os.SameFile(opened, named)
}

// start empties the file and writes its header.
func (r *rowFile) start() {
	if r.started {
		return
	}
	r.started = true
	if r.file != nil {
		_ = r.file.Truncate(0) // a device has nothing to empty
	}
	_ = r.csv.Write([]string{"line", "status", "provider", "result_id", "exam", "email", "awards", "message"}) // close reports the error
}

func (r *rowFile) row(row issuer.Row) {
	r.start()
	var awards []string
	for _, w := range row.Awards {
		awards = append(awards, w.URL)
	}
	_ = r.csv.Write([]string{ // close reports the error
		strconv.Itoa(row.Line), row.Status, cell(row.Result.Provider), cell(row.Result.ResultID), cell(row.Result.Exam),
		cell(row.Result.Candidate.Email), strings.Join(awards, " "), cell(row.Message),
	})
}

// cell keeps a spreadsheet from taking foreign text for a formula.
func cell(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}

func (r *rowFile) close() error {
	r.csv.Flush()
	err := r.csv.Error()
	if r.file != nil {
		err = errors.Join(err, r.file.Close())
	}
	if err != nil {
		return fmt.Errorf("write the result file: %w", err)
	}
	return nil
}

// progress shows how far long work is: in place on a terminal, a line every ten
// seconds elsewhere.
type progress struct {
	app      *app
	what     string
	terminal bool
	start    time.Time
	last     time.Time
}

func (a *app) progress(what string) *progress {
	f, ok := a.stderr.(*os.File)
	now := time.Now()
	return &progress{app: a, what: what, terminal: ok && term.IsTerminal(int(f.Fd())), start: now, last: now}
}

func (p *progress) at(n int) {
	gap := 10 * time.Second
	if p.terminal {
		gap = 100 * time.Millisecond
	}
	if now := time.Now(); now.Sub(p.last) >= gap {
		p.last = now
		p.line(n)
	}
}

func (p *progress) line(n int) {
	rate := float64(n) / time.Since(p.start).Seconds()
	if p.terminal {
		_, _ = fmt.Fprintf(p.app.stderr, "\r%d %s, %.0f a second ", n, p.what, rate)
		return
	}
	p.app.say("%d %s, %.0f a second", n, p.what, rate)
}

func (p *progress) end(n int) {
	if p.terminal && n > 0 {
		p.line(n)
		_, _ = fmt.Fprintln(p.app.stderr)
	}
}
