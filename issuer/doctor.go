package issuer

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/accolade-badges/accolade/issuer/art"
	"github.com/accolade-badges/accolade/issuer/keys"
	"github.com/accolade-badges/accolade/issuer/ledger"
	"github.com/accolade-badges/accolade/verifier"
)

// Level says how much a [Finding] of [Service.Examine] weighs.
type Level string

// The levels.
const (
	Fine    Level = "ok"
	Warning Level = "warning"
	Wrong   Level = "error"
)

// Finding is one thing that an examination looked at: what it is, how it is,
// and what to do.
type Finding struct {
	Level   Level
	Subject string
	Message string
}

// maxNamed is how many cases of one fault are named.
const maxNamed = 5

// Examine looks at everything that an installation stands on: the ledger and
// its audit chain, the keys, the awards and jobs, and every stored edition in every form,
// which the public verifier must accept. It uses no network and changes
// nothing. progress is called, by one at a time, with the number of editions that were
// verified.
func (s *Service) Examine(ctx context.Context, progress func(int)) []Finding {
	var list []Finding
	add := func(f Finding) { list = append(list, f) }
	add(s.examineLedger(ctx))
	add(s.examineAudit(ctx))
	list = append(list, s.examineKeys(ctx)...)
	add(s.examineAwards(ctx))
	add(s.examineJobs(ctx))
	add(s.examineMail(ctx))
	add(s.examineRequests(ctx))
	list = append(list, s.examineEditions(ctx, progress)...)
	return list
}

func (s *Service) examineLedger(ctx context.Context) Finding {
	if err := s.ledger.Check(ctx); err != nil {
		return Finding{Wrong, "ledger", err.Error()}
	}
	return Finding{Fine, "ledger", s.ledger.Engine() + ", consistent"}
}

func (s *Service) examineAudit(ctx context.Context) Finding {
	n, _, err := s.CheckAudit(ctx)
	if err != nil {
		return Finding{Wrong, "audit log", err.Error()}
	}
	return Finding{Fine, "audit log", fmt.Sprintf("%d entries, unbroken", n)}
}

func (s *Service) examineKeys(ctx context.Context) []Finding {
	issuers, err := s.Issuers(ctx)
	if err != nil {
		return []Finding{{Wrong, "issuers", err.Error()}}
	}
	if len(issuers) == 0 {
		return []Finding{{Warning, "issuers", "there is none; make one with `accolade issuer create --name NAME`"}}
	}
	var list []Finding
	for _, is := range issuers {
		for _, alg := range signingAlgorithms {
			if _, _, err := s.signingKey(ctx, is.Slug, alg); err != nil {
				list = append(list, Finding{Wrong, "keys of " + is.Slug, err.Error()})
			}
		}
		_, all, err := s.issuerAndKeys(ctx, is.Slug)
		if err != nil {
			return append(list, Finding{Wrong, "keys of " + is.Slug, err.Error()})
		}
		for _, k := range all {
			if _, err := s.master.Open(keys.Sealed{Algorithm: keys.Algorithm(k.Algorithm), Public: k.Public, Private: k.Private}); err != nil {
				list = append(list, Finding{Wrong, "key " + k.Name, err.Error()})
			}
		}
		if _, err := s.currentCatalogue(ctx, is.Slug); err != nil {
			list = append(list, Finding{Warning, "programme of " + is.Slug, "none is loaded; load one with `accolade programme load FILE`"})
		}
		list = append(list, Finding{Fine, "issuer " + is.Slug, fmt.Sprintf("%s, %d keys", is.ID, len(all))})
	}
	return list
}

// examineRequests tells of earners who wait for an answer.
func (s *Service) examineRequests(ctx context.Context) Finding {
	open, err := s.NameRequests(ctx, "", true)
	switch {
	case err != nil:
		return Finding{Wrong, "name requests", err.Error()}
	case len(open) == 0:
		return Finding{Fine, "name requests", "none waits"}
	}
	return Finding{Warning, "name requests", fmt.Sprintf("%d wait, the first since %s; see `accolade name-request list`", len(open), open[0].CreatedAt.UTC().Format(time.DateOnly))}
}

// editionFaults gathers what is wrong with editions, from several workers.
type editionFaults struct {
	mu      sync.Mutex
	faults  []string
	wrong   int
	checked int
	glyphs  map[rune]bool
}

func (f *editionFaults) add(award, form, fault string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.wrong++
	if len(f.faults) < maxNamed {
		f.faults = append(f.faults, fmt.Sprintf("award %s, %s: %s", award, form, fault))
	}
}

// count notes one more edition; progress is called by one worker at a time.
func (f *editionFaults) count(progress func(int)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.checked++
	if progress != nil {
		progress(f.checked)
	}
}

// examineEditions verifies every stored edition in every form that was made.
func (s *Service) examineEditions(ctx context.Context, progress func(int)) []Finding {
	found := editionFaults{glyphs: map[rune]bool{}}
	work := make(chan ledger.Edition, 64)
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for e := range work {
				s.examineEdition(ctx, e, &found)
				found.count(progress)
			}
		})
	}
	err := s.ledger.View(ctx, func(tx *ledger.Tx) error {
		return tx.EachEdition(ctx, func(e ledger.Edition) error {
			select {
			case work <- e:
				return nil
			case <-ctx.Done():
				return context.Cause(ctx)
			}
		})
	})
	close(work)
	workers.Wait()
	if err != nil {
		return []Finding{{Wrong, "editions", err.Error()}}
	}
	list := []Finding{{Fine, "editions", fmt.Sprintf("%d, each verified in every form that it has", found.checked)}}
	if found.wrong > 0 {
		list[0] = Finding{Wrong, "editions", fmt.Sprintf("%d of %d do not verify: %s", found.wrong, found.checked, strings.Join(found.faults, "; "))}
	}
	return append(list, s.glyphFindings(found.glyphs)...)
}

func (s *Service) examineEdition(ctx context.Context, e ledger.Edition, found *editionFaults) {
	forms := []struct{ name, body string }{{"OB 3.0", string(e.Credential)}, {"OB 3.0 VC-JWT", e.JWT}, {"OB 2.0 JWS", e.OB2}}
	for _, form := range forms {
		if form.body == "" {
			continue
		}
		report, err := verifier.Verify(ctx, verifier.Input{Data: []byte(form.body)}, s.VerifierOptions())
		if err != nil {
			found.add(e.Award, form.name, err.Error())
			continue
		}
		switch report.Verdict {
		case verifier.Valid, verifier.Expired, verifier.Suspended, verifier.Revoked:
		default:
			found.add(e.Award, form.name, report.Summary)
		}
		if report.Recipient != nil {
			s.noteGlyphs(report.Recipient.Name, found)
		}
	}
}

// noteGlyphs remembers the characters of a name that cannot be drawn here.
func (s *Service) noteGlyphs(name string, found *editionFaults) {
	studio, err := s.studio()
	if err != nil {
		return // glyphFindings says so
	}
	missing := studio.Missing(name)
	found.mu.Lock()
	defer found.mu.Unlock()
	for _, r := range missing {
		found.glyphs[r] = true
	}
}

func (s *Service) glyphFindings(missing map[rune]bool) []Finding {
	if _, err := s.studio(); err != nil {
		return []Finding{{Wrong, "fonts", err.Error()}}
	}
	if len(missing) == 0 {
		return []Finding{{Fine, "fonts", "every name can be drawn"}}
	}
	var letters, packages []string
	for r := range missing {
		if len(letters) < maxNamed {
			letters = append(letters, string(r))
		}
		if p := art.PackageFor(r); !slices.Contains(packages, p) {
			packages = append(packages, p)
		}
	}
	return []Finding{{Warning, "fonts", fmt.Sprintf("%d characters of names cannot be drawn, such as %s; install %s, or name a folder that has their fonts with --font-dir",
		len(missing), strings.Join(letters, " "), strings.Join(packages, " and "))}}
}
