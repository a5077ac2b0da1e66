// Package issuer runs a certification programme: it records exam results,
// decides what they attain, awards, signs, publishes and mails Open Badges, and
// keeps them true when they are corrected, suspended or revoked.
//
// Most readers need [New] and [Service.RecordResult]. A result, the awards that
// it earns, their places in the status list and the jobs that sign and mail them
// are one transaction; the jobs run in [Service.Work]. What is published of an
// award is in [Service.Publication], and a credential that the public verifier
// would refuse is never stored.
//
// The package has no HTTP and no SQL of its own: package web serves what it
// returns, package ledger keeps what it records.
package issuer

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/accolade-badges/accolade/issuer/art"
	"github.com/accolade-badges/accolade/issuer/catalogue"
	"github.com/accolade-badges/accolade/issuer/keys"
	"github.com/accolade-badges/accolade/issuer/ledger"
	"github.com/accolade-badges/accolade/issuer/mail"
	"github.com/accolade-badges/accolade/verifier"
)

// Config is what a [Service] needs. Ledger, Master and BaseURL are required.
type Config struct {
	Ledger *ledger.Ledger
	Master *keys.Master // opens the signing keys

	// BaseURL is the public address of the installation, without a path or a
	// trailing slash. Every identifier that is signed begins with it.
	BaseURL string

	// Studio draws the pictures. Default: one with the system's fonts, made
	// when the first picture is asked for.
	Studio *art.Studio

	// Sender delivers mail. Default: none; mail then waits in the ledger.
	Sender mail.Sender

	// Now is the programme's clock. Default: [time.Now].
	Now func() time.Time

	// Rand is the source of ids, salts, tokens and keys. Default: crypto/rand.
	Rand io.Reader

	// Log receives one line per act that matters. Default: discarded.
	Log *slog.Logger
}

// Service is the programme's engine. It is safe for concurrent use, and several
// processes may each have one on the same database.
type Service struct {
	ledger *ledger.Ledger
	master *keys.Master
	urls   URLs
	sender mail.Sender
	now    func() time.Time
	rand   io.Reader
	log    *slog.Logger

	checked   *verifier.Cache // what verifying our own documents came to
	studio    func() (*art.Studio, error)
	catalogue catalogues
	lists     statusLists
	versions  versions
	pictures  pictures
	portraits chan struct{}            // bounds how many uploaded pictures are unpacked at a time
	wake      map[string]chan struct{} // pokes the workers of Work, by kind of job
}

// New checks c and returns a Service.
func New(c Config) (*Service, error) {
	urls, err := NewURLs(c.BaseURL)
	if err != nil {
		return nil, err
	}
	if c.Ledger == nil || c.Master == nil {
		return nil, errors.New("issuer: a ledger and a master key are required")
	}
	s := &Service{
		ledger: c.Ledger, master: c.Master, urls: urls, sender: c.Sender,
		now: c.Now, rand: c.Rand, log: c.Log, wake: map[string]chan struct{}{}, checked: verifier.NewCache(),
		portraits: make(chan struct{}, 2),
	}
	for _, kind := range []string{jobSign, jobSeal, jobMail, jobRemind} {
		s.wake[kind] = make(chan struct{}, 1)
	}
	if s.now == nil {
		s.now = time.Now
	}
	if s.rand == nil {
		s.rand = rand.Reader
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	s.studio = sync.OnceValues(func() (*art.Studio, error) {
		if c.Studio != nil {
			return c.Studio, nil
		}
		return art.New(art.Config{})
	})
	return s, nil
}

// URLs returns the addresses under which the installation publishes.
func (s *Service) URLs() URLs { return s.urls }

// Now returns the programme's time.
func (s *Service) Now() time.Time { return s.now().UTC() }

// Ping answers whether the ledger can be read.
func (s *Service) Ping(ctx context.Context) error {
	return s.ledger.View(ctx, func(tx *ledger.Tx) error {
		_, err := tx.Issuers(ctx)
		return err
	})
}

// poke tells Work that there may be jobs.
func (s *Service) poke() {
	for _, wake := range s.wake {
		select {
		case wake <- struct{}{}:
		default:
		}
	}
}

// catalogues keeps each issuer's newest catalogue parsed. Parsing is done under
// the lock: it costs as much as a thousand results, and one is enough.
type catalogues struct {
	parsing sync.Mutex
	latest  sync.Map // issuer to *loadedCatalogue
}

// catalogueAge is how long a catalogue is used without asking the ledger whether
// another process loaded a newer one. Whoever loads one must see it count within
// a second.
const catalogueAge = 250 * time.Millisecond

type loadedCatalogue struct {
	number int
	asked  atomic.Int64 // when the ledger was last asked for its number, in Unix milliseconds
	*catalogue.Catalogue
}
