package main

import (
	"context"
	"fmt"
	"os"
	"runtime"

	"golang.org/x/term"

	"github.com/accolade-badges/accolade/verifier"
)

// output writes what came of each input, in the order of the inputs. The report
// is nil when the input could not be read; err says why.
type output interface {
	write(t *task, r *verifier.Report, err error) error
	end() error
}

// result is what came of one input.
type result struct {
	report *verifier.Report
	err    error
}

// Of many inputs several are under way at once, more than there are cores, since
// some wait for others' servers; and only so many results wait for an earlier one
// that takes its time. So a folder of any size takes the memory of a few badges.
const (
	verifyPerCore = 4
	verifyAhead   = 256
)

// run verifies every input, writes what came of it, and picks the exit status: 0
// all valid, 1 some not, 2 none not but some undetermined, 3 an input could not
// be read.
func (c *verifyCommand) run(a *app, tasks []task, o verifier.Options, out output) error {
	type job struct {
		task *task
		done chan<- result
	}
	jobs, order := make(chan job), make(chan chan result, verifyAhead)
	ctx, stop := context.WithCancel(a.ctx)
	defer stop()
	for range min(len(tasks), verifyPerCore*runtime.GOMAXPROCS(0)) {
		go func() {
			for j := range jobs {
				j.done <- verifyTask(ctx, a, j.task, o)
			}
		}()
	}
	go func() {
		defer close(jobs)
		for i := range tasks {
			done := make(chan result, 1)
			select {
			case order <- done:
			case <-ctx.Done():
				return
			}
			select {
			case jobs <- job{&tasks[i], done}:
			case <-ctx.Done():
				return
			}
		}
	}()
	show, status := a.progress("badges verified"), 0
	quiet := a.onTerminal() // where each line tells how far it is
	for i := range tasks {
		r, err := next(ctx, order)
		if err != nil {
			return err
		}
		if err := out.write(&tasks[i], r.report, r.err); err != nil {
			return err
		}
		switch {
		case r.err != nil:
			a.say("accolade: %s: %v", tasks[i].name, r.err)
			status = 3
		case status != 3:
			status = worseStatus(status, r.report.ExitStatus())
		}
		if !quiet {
			show.at(i + 1)
		}
	}
	if err := out.end(); err != nil {
		return err
	}
	return exitWith(status)
}

// next waits for the result of the next input.
func next(ctx context.Context, order <-chan chan result) (r result, err error) {
	var done chan result
	select {
	case done = <-order:
	case <-ctx.Done():
		return r, fmt.Errorf("verify: %w", ctx.Err())
	}
	select {
	case r = <-done:
		return r, nil
	case <-ctx.Done():
		return r, fmt.Errorf("verify: %w", ctx.Err())
	}
}

func verifyTask(ctx context.Context, a *app, t *task, o verifier.Options) (r result) {
	in, err := t.read(a)
	if err != nil {
		return result{err: err}
	}
	o.Recipient = t.recipient
	r.report, r.err = verifier.Verify(ctx, in, o)
	return r
}

// worseStatus prefers 1, not valid, over 2, undetermined, over 0.
func worseStatus(a, b int) int {
	if a == 1 || b == 0 {
		return a
	}
	return b
}

func exitWith(status int) error {
	if status == 0 {
		return nil
	}
	return exit(status)
}

// onTerminal tells whether stdout is a terminal.
func (a *app) onTerminal() bool {
	f, ok := a.stdout.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}
