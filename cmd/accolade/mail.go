package main

import (
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/accolade-badges/accolade/issuer"
	"github.com/accolade-badges/accolade/issuer/mail"
)

// mailCommand looks after what is sent, and what comes back.
type mailCommand struct {
	Check   mailCheck   `cmd:"" help:"Look up SPF, DKIM, DMARC, MX and PTR of an issuer's sender, and say what to add."`
	Bounces mailBounces `cmd:"" help:"Read what came back to the return path: failed deliveries and opt-outs."`
	Remind  mailRemind  `cmd:"" help:"Queue the reminders that are due now; serve does it by itself."`
}

type mailCheck struct {
	place
	oneIssuer
	SMTP     string `help:"Mail server as for serve: whether it may send for the domain, and its name." name:"smtp" placeholder:"URL"`
	Selector string `help:"DKIM selector that the mail server signs with. Default: the one that signs here." placeholder:"NAME"`
	DNS      string `help:"Name server to ask. Default: the system's." name:"dns" placeholder:"HOST:PORT"`
	JSON     bool   `help:"As JSON." name:"json"`
}

// shownRecord is a finding as mail check --json prints it.
type shownRecord struct {
	Thing   string     `json:"thing"`
	State   mail.State `json:"state"`
	Message string     `json:"message"`
	Add     *addRecord `json:"add,omitempty"`
}

type addRecord struct {
	Name  string `json:"name"`
	Type  string `json:"type"`
	Value string `json:"value"`
}

// Run prints one line a finding, and the record to add below it. Exit status 1
// where something is missing without which mails do not arrive, 2 where nothing
// could be looked up.
func (c *mailCheck) Run(a *app) error {
	check := issuer.MailCheck{Selector: c.Selector, NameServer: c.DNS}
	if c.SMTP != "" {
		u, err := url.Parse(c.SMTP)
		if err != nil || u.Hostname() == "" {
			return &usageError{"--smtp: write it like smtp://mail.example.org:587"}
		}
		check.Server = u.Hostname()
	}
	i, is, err := a.openFor(c.place, c.Issuer)
	if err != nil {
		return err
	}
	defer func() { _ = i.Close() }()
	records, err := i.CheckMail(a.ctx, is.Slug, check)
	if err != nil {
		return err
	}
	var missing, unknown bool
	shown := make([]shownRecord, 0, len(records))
	for _, r := range records {
		s := shownRecord{Thing: r.Thing, State: r.State, Message: r.Message}
		if r.Value != "" {
			s.Add = &addRecord{r.Name, r.Type, r.Value}
		}
		shown = append(shown, s)
		missing, unknown = missing || r.State == mail.Missing, unknown || r.State == mail.Unasked
	}
	if err := c.print(a, issuer.SenderOf(is), shown); err != nil {
		return err
	}
	switch {
	case missing:
		return exit(1)
	case unknown:
		return exit(2)
	}
	return nil
}

func (c *mailCheck) print(a *app, from issuer.Sender, records []shownRecord) error {
	if c.JSON {
		return a.printJSON(records)
	}
	a.print("mails are from %s <%s>, answers go to %s, bounces to %s", from.FromName, from.From, from.ReplyTo, from.ReturnPath)
	for _, r := range records {
		a.print("%-8s %-6s %s", r.State, r.Thing, r.Message)
		if r.Add != nil {
			a.print("         add    %s %s %q", r.Add.Name, r.Add.Type, r.Add.Value)
		}
	}
	return nil
}

type mailBounces struct {
	place
	From string `arg:"" help:"Folder of the return-path mailbox (a Maildir, or one file a mail), or - for one mail on standard input."`
}

// Run reads each mail, says what it came to, and moves it from a Maildir's new to
// its cur. Reading one twice changes nothing. Exit status 1 where a mail could
// not be read or noted; mails that are no reports are passed over.
func (c *mailBounces) Run(a *app) error {
	i, err := a.open(c.place, options{})
	if err != nil {
		return err
	}
	defer func() { _ = i.Close() }()
	if c.From == "-" {
		return c.take(a, i, "standard input", a.stdin)
	}
	files, err := mailFiles(c.From)
	if err != nil {
		return err
	}
	failed := 0
	for _, path := range files {
		if err := c.takeFile(a, i, path); err != nil {
			a.say("accolade: %s: %v", path, err)
			failed++
		}
	}
	a.say("%d mails read, %d could not be.", len(files), failed)
	if failed > 0 {
		return exit(1)
	}
	return nil
}

// mailFiles lists the mails in a folder, in the order of their names: a Maildir's
// unread ones, or every file.
func mailFiles(dir string) ([]string, error) {
	unread := filepath.Join(dir, "new")
	if info, err := os.Stat(unread); err == nil && info.IsDir() {
		dir = unread
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", dir, plainPathError(err))
	}
	var files []string
	for _, e := range entries {
		if e.Type().IsRegular() && !strings.HasPrefix(e.Name(), ".") {
			files = append(files, filepath.Join(dir, e.Name()))
		}
	}
	return files, nil
}

func (c *mailBounces) takeFile(a *app, i *installation, path string) error {
	f, err := os.Open(path)
	if err != nil {
		return plainPathError(err)
	}
	defer func() { _ = f.Close() }() // only read from
	if err := c.take(a, i, filepath.Base(path), f); err != nil {
		return err
	}
	dir, name := filepath.Split(path)
	if filepath.Base(dir) != "new" {
		return nil
	}
	read := filepath.Join(filepath.Dir(filepath.Clean(dir)), "cur")
	if err := os.MkdirAll(read, 0o700); err != nil {
		return plainPathError(err)
	}
	return os.Rename(path, filepath.Join(read, name+":2,S"))
}

// take reads one mail. Nobody is helped by refusing a holiday notice, which the
// mail server would send back again: it is passed over.
func (c *mailBounces) take(a *app, i *installation, name string, r io.Reader) error {
	done, err := i.TakeReturned(a.ctx, actor(), r)
	if errors.Is(err, mail.ErrNotReturned) || errors.Is(err, issuer.ErrNoMail) || errors.Is(err, issuer.ErrNoOptOut) {
		a.print("%s: passed over: %v", name, err)
		return nil
	}
	if err == nil {
		a.print("%s: %s", name, done)
	}
	return err
}

type mailRemind struct{ place }

// Run queues what is due, and says how many.
func (c *mailRemind) Run(a *app) error {
	i, err := a.open(c.place, options{})
	if err != nil {
		return err
	}
	defer func() { _ = i.Close() }()
	n, err := i.Remind(a.ctx)
	if err == nil {
		a.print("%d reminders queued", n)
	}
	return err
}
