// Command accolade issues and verifies Open Badges.
//
// `accolade demo` runs a whole programme on this machine; `accolade --help` and
// the --help of each command say the rest. Machine output goes to stdout, all
// else to stderr. Exit status: 0 done, 1 refused or failed, 2 a verdict of
// undetermined, 3 the command was used wrongly or could not do its work.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"github.com/alecthomas/kong"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.LookupEnv, os.Stdin, os.Stdout, os.Stderr))
}

// app is what every command works with.
type app struct {
	ctx    context.Context
	getenv func(string) (string, bool)
	stdin  io.Reader
	stdout io.Writer
	stderr io.Writer
}

// exit ends a command with a status other than 0 and nothing more to say.
type exit int

func (e exit) Error() string { return fmt.Sprintf("exit status %d", int(e)) }

// usageError is a command line that cannot be carried out as it is.
type usageError struct{ message string }

func (e *usageError) Error() string { return e.message }

// run is the program: arguments in, exit status out.
func run(ctx context.Context, args []string, getenv func(string) (string, bool), stdin io.Reader, stdout, stderr io.Writer) int {
	a := &app{ctx: ctx, getenv: getenv, stdin: stdin, stdout: stdout, stderr: stderr}
	status := -1
	var commands grammar
	settings := &resolver{app: a, args: args}
	if err := settings.load(); err != nil {
		a.say("accolade: %v", err)
		return 3
	}
	parser, err := kong.New(&commands,
		kong.Name("accolade"),
		kong.Description("Issues and verifies Open Badges. Try: accolade demo"),
		kong.Vars{"version": version()},
		kong.Writers(stdout, stderr),
		kong.Exit(func(code int) { status = code; panic(exit(code)) }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 100}),
		kong.Bind(a),
		kong.Resolvers(settings),
	)
	if err != nil {
		a.say("accolade: %v", err)
		return 3
	}
	return a.dispatch(parser, args, &status)
}

func (a *app) dispatch(parser *kong.Kong, args []string, status *int) (code int) {
	defer func() { // --help and --version end here
		if r := recover(); r != nil {
			if _, ours := r.(exit); !ours {
				panic(r)
			}
			code = *status
		}
	}()
	if len(args) == 0 {
		args = []string{"--help"}
	}
	call, err := parser.Parse(args)
	if err != nil {
		a.say("accolade: %v\nRun `accolade %s--help` to see what there is.", err, command(parser.Model.Node, args))
		return 3
	}
	return a.status(call.Run())
}

// version is the module's version, or the commit that the binary was built from.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "accolade, of an unknown version"
	}
	return "accolade " + info.Main.Version
}

// command repeats the words of args that name a command below n.
func command(n *kong.Node, args []string) string {
	if len(args) == 0 {
		return ""
	}
	for _, child := range n.Children {
		if child.Type == kong.CommandNode && child.Name == args[0] {
			return child.Name + " " + command(child, args[1:])
		}
	}
	return ""
}

// status tells a person what went wrong, in one place, and picks the exit
// status.
func (a *app) status(err error) int {
	var code exit
	var usage *usageError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &code):
		return int(code)
	case errors.Is(err, context.Canceled) && a.ctx.Err() != nil:
		return 1
	case errors.As(err, &usage):
		a.say("accolade: %v", err)
		return 3
	}
	a.say("accolade: %v", err)
	return 1
}

// say writes one line for people.
func (a *app) say(format string, args ...any) {
	_, _ = fmt.Fprintf(a.stderr, format+"\n", args...)
}

// print writes one line for machines.
func (a *app) print(format string, args ...any) {
	_, _ = fmt.Fprintf(a.stdout, format+"\n", args...)
}

// grammar is the whole command line; each command stands in a file of its name.
type grammar struct {
	Config  string           `help:"File of settings in JSON: {\"base-url\": \"…\"}. Every flag is also a variable: --base-url is ACCOLADE_BASE_URL." type:"path" placeholder:"FILE"`
	Version kong.VersionFlag `help:"Print the version."`

	Demo        demoCommand        `cmd:"" help:"Run a whole sample programme on this machine, in a temporary folder."`
	Init        initCommand        `cmd:"" help:"Set up an installation: folder or database, master key, first issuer."`
	Serve       serveCommand       `cmd:"" help:"Run an installation: pages, API, signing, mail."`
	Programme   programmeCommand   `cmd:"" help:"Check, load or compare a catalogue."`
	Results     resultsCommand     `cmd:"" help:"Record exam results: one, or a file of them."`
	Award       awardCommand       `cmd:"" help:"Award by hand, with a reason; resend a badge that waits."`
	Revoke      revokeCommand      `cmd:"" help:"Revoke an award for ever."`
	Suspend     suspendCommand     `cmd:"" help:"Take an award out of force for a while."`
	Reinstate   reinstateCommand   `cmd:"" help:"Put a suspended award back into force."`
	Correct     correctCommand     `cmd:"" help:"Correct the name or address of an award; a new edition is signed."`
	Badge       badgeCommand       `cmd:"" help:"Show, list, export badges; say who may see them."`
	Verify      verifyCommand      `cmd:"" help:"Verify badges: files, addresses, folders, or - for standard input."`
	Bake        bakeCommand        `cmd:"" help:"Put a credential into a PNG or SVG."`
	Unbake      unbakeCommand      `cmd:"" help:"Take the credential out of a PNG or SVG."`
	Keys        keysCommand        `cmd:"" help:"List, rotate or export signing keys."`
	Issuer      issuerCommand      `cmd:"" help:"Create or show issuers."`
	Token       tokenCommand       `cmd:"" help:"Create, list or revoke API tokens."`
	User        userCommand        `cmd:"" help:"List, show or delete the accounts of earners."`
	NameRequest nameRequestCommand `cmd:"" help:"List, accept or decline what earners ask to have corrected."`
	Mail        mailCommand        `cmd:"" help:"Check whether mails arrive; read what came back."`
	Backup      backupCommand      `cmd:"" help:"Write a copy of the ledger while it is in use."`
	Restore     restoreCommand     `cmd:"" help:"Read a backup into a new installation."`
	Jobs        jobsCommand        `cmd:"" help:"List signatures and mails that were given up; try them again."`
	Audit       auditCommand       `cmd:"" help:"Read the audit log: who did what, when and why; is it unaltered?"`
	Doctor      doctorCommand      `cmd:"" help:"Check settings, ledger, every stored edition, mail, clock and fonts."`
}
