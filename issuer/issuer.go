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
	"crypto"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"strings"
	"sync"
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
	signers   signers
	lists     statusLists
	pictures  pictures
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
	}
	for _, kind := range []string{jobSign, jobSeal, jobMail} {
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

// URLs builds every address that an installation publishes from its base URL.
type URLs struct{ base string }

// NewURLs checks a base URL: http or https, a host, and nothing after it.
func NewURLs(base string) (URLs, error) {
	base = strings.TrimRight(base, "/")
	u, err := url.Parse(base)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || u.Path != "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil {
		return URLs{}, fmt.Errorf("base URL %q: give scheme and host only, like https://badges.example.org", base)
	}
	return URLs{base: u.Scheme + "://" + strings.ToLower(u.Host)}, nil
}

// Base returns the base URL, without a trailing slash.
func (u URLs) Base() string { return u.base }

// Origin returns the host, with its port if it has one.
func (u URLs) Origin() string {
	_, host, _ := strings.Cut(u.base, "://")
	return host
}

// Path strips the base URL from address; ok tells whether it was ours.
func (u URLs) Path(address string) (path string, ok bool) {
	rest, ok := strings.CutPrefix(address, u.base)
	if !ok || rest != "" && rest[0] != '/' && rest[0] != '?' && rest[0] != '#' {
		return "", false
	}
	return rest, true
}

// The addresses of an award; suffix is "", ".json", ".jwt", ".png", ".svg", or
// a sub-page such as "/image.png".

// Badge returns the permanent address of an award, which is also its
// credential's id.
func (u URLs) Badge(id, suffix string) string { return u.base + "/badges/" + id + suffix }

// Assertion returns the id of an award's OB 2.0 assertion.
func (u URLs) Assertion(id string) string { return u.base + "/ob2/assertions/" + id }

// BadgeClass returns the id of an achievement's OB 2.0 BadgeClass.
func (u URLs) BadgeClass(slug string) string { return u.base + "/ob2/badges/" + slug }

// OB2Issuer returns the id of an issuer's OB 2.0 Profile.
func (u URLs) OB2Issuer(slug string) string { return u.base + "/ob2/issuers/" + slug }

// OB2Revocations returns the id of an issuer's OB 2.0 revocation list.
func (u URLs) OB2Revocations(slug string) string { return u.base + "/ob2/revocations/" + slug }

// OB2Key returns the id of an OB 2.0 CryptographicKey.
func (u URLs) OB2Key(name string) string { return u.base + "/ob2/keys/" + name }

// Achievement returns the id of an achievement; suffix may be "/image.png".
func (u URLs) Achievement(slug, suffix string) string {
	return u.base + "/achievements/" + slug + suffix
}

// Issuer returns the page of an issuer; suffix may be "/did.json" or
// "/image.png".
func (u URLs) Issuer(slug, suffix string) string { return u.base + "/issuers/" + slug + suffix }

// Key returns the address of one bare Multikey or JWK.
func (u URLs) Key(name string) string { return u.base + "/keys/" + name }

// Status returns the address of a status list credential.
func (u URLs) Status(list string) string { return u.base + "/status/" + list }

// Revocations returns the address of an issuer's 1EdTech revocation list.
func (u URLs) Revocations(slug string) string { return u.base + "/revocations/" + slug }

// Refresh returns the address that hands out the newest edition of an award.
func (u URLs) Refresh(id string) string { return u.base + "/refresh/" + id }

// Claim returns the address of a claim link.
func (u URLs) Claim(token string) string { return u.base + "/claim/" + token }

// addressSuffixes are the forms under an award's own address, by name.
var addressSuffixes = map[string]string{
	"page": "", "json": ".json", "jwt": ".jwt", "png": ".png", "svg": ".svg", "image": "/image.png",
	"card": "/card.png", "qr": "/qr.png", "embed": "/embed", "certificate": "/certificate.pdf",
}

// All names every address of an award; [AddressNames] lists the names.
func (u URLs) All(id string) map[string]string {
	all := map[string]string{"ob2": u.Assertion(id), "refresh": u.Refresh(id)}
	for name, suffix := range addressSuffixes {
		all[name] = u.Badge(id, suffix)
	}
	return all
}

// AddressNames lists the names of an award's addresses in a sensible order.
func AddressNames() []string {
	return []string{"page", "json", "jwt", "png", "svg", "ob2", "certificate", "image", "card", "qr", "embed", "refresh"}
}

// signers keeps opened signing keys by name.
type signers struct{ byName sync.Map }

func (c *signers) get(name string) (crypto.Signer, bool) {
	v, ok := c.byName.Load(name)
	if !ok {
		return nil, false
	}
	return v.(crypto.Signer), true
}

func (c *signers) put(name string, s crypto.Signer) { c.byName.Store(name, s) }

// catalogues keeps each issuer's newest catalogue parsed. Parsing is done under
// the lock: it costs as much as a thousand results, and one is enough.
type catalogues struct {
	parsing sync.Mutex
	latest  sync.Map // issuer to *loadedCatalogue
}

type loadedCatalogue struct {
	number int
	*catalogue.Catalogue
}
