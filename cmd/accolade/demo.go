package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"strconv"
	"time"

	"github.com/accolade-badges/accolade/assets/programmes"
	"github.com/accolade-badges/accolade/issuer"
	"github.com/accolade-badges/accolade/issuer/ledger"
	"github.com/accolade-badges/accolade/verifier"
	"github.com/accolade-badges/accolade/verifier/fetch"
)

// demoCommand runs a whole sample programme.
type demoCommand struct {
	Once   bool   `help:"Do the same, verify every form, and exit."`
	Data   string `help:"Keep everything in this folder. Default: a temporary one, removed at the end." type:"path" placeholder:"DIR"`
	Listen string `help:"Address to listen on. Default: 127.0.0.1:8080, or the next free port." placeholder:"HOST:PORT"`
}

// sampleResult is a result of the demo: who, which exam, how many days ago, and
// what came of it.
type sampleResult struct {
	person  int
	exam    string
	daysAgo int
	outcome issuer.Outcome
}

// samplePeople are plainly sample data.
var samplePeople = []issuer.Candidate{
	{Number: "S-1001", Email: "kim@example.org", GivenName: "Kim", FamilyName: "Sample", Locale: "en"},
	{Number: "S-1002", Email: "li.ming@example.org", GivenName: "明", FamilyName: "示例", Locale: "zh-CN"},
	{Number: "S-1003", Email: "alex@example.org", GivenName: "Alex", FamilyName: "Beispiel", Locale: "en"},
	{Number: "S-1004", Email: "noor@example.org", GivenName: "نور", FamilyName: "المثال", Locale: "en"},
}

// sampleResults tell small stories: a certification of one exam, an expert one
// that waits for its prerequisite, n of m, a failed sitting, a beta exam.
var sampleResults = []sampleResult{
	{0, "CL-100", 200, issuer.Passed},
	{0, "CL-301", 60, issuer.Passed},
	{0, "CL-302", 40, issuer.Passed},
	{0, "CL-210", 20, issuer.Passed}, // the prerequisite comes last
	{1, "DL-100", 30, issuer.Passed},
	{1, "DL-210", 10, issuer.Passed},
	{2, "CL-230", 90, issuer.Passed},
	{2, "CL-240", 80, issuer.Failed},
	{2, "CL-240", 70, issuer.Passed},
	{2, "CL-250", 5, issuer.Passed},
	{3, "SL-210", 700, issuer.Passed}, // long enough ago to be expired
	{3, "CL-410", 2, issuer.Held},
}

// Run sets up, records, signs, serves, and shows each step with its address.
func (c *demoCommand) Run(a *app) error {
	listener, err := c.listen()
	if err != nil {
		return err
	}
	defer func() { _ = listener.Close() }()
	dir := c.Data
	if _, err := os.Stat(place{Data: dir}.ledgerURL()); dir != "" && err == nil {
		return fmt.Errorf("there is an installation in %s already; run it with `accolade serve --data %s`, or name another folder", dir, dir)
	}
	if dir == "" {
		if dir, err = os.MkdirTemp("", "accolade-demo-"); err != nil {
			return err
		}
		defer func() { _ = os.RemoveAll(dir) }()
	}
	port := listener.Addr().(*net.TCPAddr).Port
	urls, err := issuer.NewURLs("http://localhost:" + strconv.Itoa(port))
	if err != nil {
		return err
	}
	p := place{Data: dir}
	i, err := a.create(p, urls, options{sender: folder(p), log: c.log(a)})
	if err != nil {
		return err
	}
	defer func() { _ = i.Close() }()
	awards, err := c.play(a, i)
	if err != nil {
		return err
	}
	return c.present(a, i, listener, awards)
}

// listen takes the port that is asked for, else 8080 or the next free one.
func (c *demoCommand) listen() (net.Listener, error) {
	switch {
	case c.Listen != "":
		l, err := net.Listen("tcp", c.Listen)
		if err != nil {
			return nil, listenError(c.Listen, err)
		}
		return l, nil
	case c.Once:
		return net.Listen("tcp", "127.0.0.1:0")
	}
	var err error
	for port := 8080; port < 8180; port++ {
		var l net.Listener
		if l, err = net.Listen("tcp", "127.0.0.1:"+strconv.Itoa(port)); err == nil {
			return l, nil
		}
	}
	return nil, fmt.Errorf("no port from 8080 to 8179 is free: %w; name one with --listen", err)
}

func (c *demoCommand) log(a *app) *slog.Logger {
	return slog.New(slog.NewTextHandler(a.stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
}

// play runs the programme and returns what it awarded.
func (c *demoCommand) play(a *app, i *installation) ([]issuer.AwardRef, error) {
	is, err := i.CreateIssuer(a.ctx, "demo", issuer.NewIssuer{
		Name: "Sample Certification Institute", Email: "badges@example.org", URL: "https://example.org",
		Description: "An institute made up for showing the program at work.",
	})
	if err != nil {
		return nil, err
	}
	a.print("issuer      %s  %s", is.Name, i.URLs().Issuer(is.Slug, ""))
	loaded, err := i.LoadProgramme(a.ctx, "demo", is.Slug, programmes.Demo())
	if err != nil {
		return nil, err
	}
	a.print("programme   %s: %d exams, %d certifications", loaded.Catalogue.Programme.Name, len(loaded.Catalogue.Exams), len(loaded.Catalogue.Certifications))
	var awards []issuer.AwardRef
	now := i.Now()
	for n, r := range sampleResults {
		recorded, err := i.RecordResult(a.ctx, is.Slug, issuer.Result{
			Provider: "sample-centre", ResultID: fmt.Sprintf("R-%04d", n+1), Exam: r.exam, Outcome: r.outcome,
			TakenAt:   now.AddDate(0, 0, -r.daysAgo).Truncate(time.Hour).Format(time.RFC3339),
			Candidate: samplePeople[r.person],
		})
		if err != nil {
			return nil, err
		}
		who := issuer.FullName(samplePeople[r.person].GivenName, samplePeople[r.person].FamilyName)
		a.print("result      %s %s %s", who, r.outcome, r.exam)
		for _, w := range recorded.Awards {
			a.print("  awarded   %s  %s", w.Achievement, w.URL)
		}
		awards = append(awards, recorded.Awards...)
	}
	done, err := i.Drain(a.ctx, nil)
	if err != nil {
		return nil, err
	}
	a.print("signed and mailed, %d jobs", done)
	for _, w := range awards {
		if err := i.SetVisibility(a.ctx, "demo", w.ID, "public"); err != nil {
			return nil, err
		}
	}
	return awards, nil
}

// present serves the programme, verifies one award in every form over HTTP, as a
// stranger would, and goes on serving until it is told to stop.
func (c *demoCommand) present(a *app, i *installation, listener net.Listener, awards []issuer.AwardRef) error {
	serve := serveCommand{AllowHost: []string{i.URLs().Origin()}}
	handler, err := serve.handler(i, i.place.outbox())
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(a.ctx)
	defer stop()
	serving := *a
	serving.ctx = ctx
	verdict := make(chan error, 1)
	err = serving.serveOn(i, handler, listener, func(string) {
		go func() {
			err := c.verify(a, i, awards)
			if c.Once || err != nil {
				stop()
			} else {
				a.print("mailbox     %s/mailbox", i.URLs().Base())
				a.print("verifier    %s/verify", i.URLs().Base())
				a.print("\nOpen any of these. Stop with Ctrl-C; everything is removed then.")
			}
			verdict <- err
		}()
	})
	if failed := <-verdict; failed != nil {
		return failed
	}
	return err
}

// certification picks the first award of a certification.
func (c *demoCommand) certification(ctx context.Context, i *installation, awards []issuer.AwardRef) (issuer.AwardRef, error) {
	for _, w := range awards {
		facts, err := i.achievement(ctx, w.Achievement)
		if err != nil {
			return w, err
		}
		if facts.Kind == ledger.KindCertification {
			return w, nil
		}
	}
	return issuer.AwardRef{}, errors.New("the sample programme awarded no certification")
}

func (i *installation) achievement(ctx context.Context, slug string) (facts ledger.Achievement, err error) {
	err = i.ledger.View(ctx, func(tx *ledger.Tx) error {
		facts, err = tx.Achievement(ctx, slug)
		return err
	})
	return facts, err
}

// verify prints one award's page and forms with their verdicts.
func (c *demoCommand) verify(a *app, i *installation, awards []issuer.AwardRef) error {
	client, err := fetch.New(fetch.Config{AllowHosts: []string{i.URLs().Origin()}})
	if err != nil {
		return err
	}
	defer client.Close()
	shown, err := c.certification(a.ctx, i, awards)
	if err != nil {
		return err
	}
	all := i.URLs().All(shown.ID)
	a.print("\none badge, %s, verified in every form:", shown.Achievement)
	bad := 0
	for _, name := range []string{"page", "json", "jwt", "png", "svg", "ob2"} {
		r, err := verifier.Verify(a.ctx, verifier.Input{URL: all[name]}, verifier.Options{Fetch: client})
		if err != nil {
			return err
		}
		a.print("%-12s %-10s %s", name, r.Verdict, all[name])
		if r.Verdict != verifier.Valid {
			bad++
			a.printReport(r)
		}
	}
	if bad > 0 {
		return fmt.Errorf("%d forms do not verify", bad)
	}
	return nil
}
