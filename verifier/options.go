package verifier

import (
	"context"
	"time"

	"github.com/accolade-badges/accolade/verifier/fetch"
)

// Input is one thing that may hold a badge: bytes, or an address. Bytes that
// are nothing but one web address count as that address.
type Input struct {
	// Data is a PNG, SVG or PDF, JSON, a compact JWS, or a page. Empty but not nil,
	// it is an empty file.
	Data []byte
	// URL is fetched, under the rules of package fetch, when Data is empty. A page
	// is searched for a link to its credential.
	URL string
	// Name is what the caller calls it, a file name for instance; it only appears
	// in the report.
	Name string
}

// Profile says by whose rules a credential is judged.
type Profile string

// The profiles.
const (
	// OpenBadges is the default: OB 0.5 to 3.0, endorsements, CLR 2.0.
	OpenBadges Profile = ""
	// W3C judges any VC 1.1 or 2.0 credential or presentation by the W3C texts:
	// any type, vc+jwt headers, no Open Badges schema.
	W3C Profile = "w3c"
)

// Options are the settings of one verification. The zero value is the strict
// one: the network by package fetch's rules, now, no recipient, no trust list.
type Options struct {
	// Now is the clock; nil is time.Now. It is read once.
	Now func() time.Time
	// At is the moment for which dates are judged; zero is now.
	At time.Time
	// Profile is by whose rules to judge; default OpenBadges.
	Profile Profile

	// Local answers for our own documents (did.json, keys, status lists, OB 2.0,
	// refresh) so that they are never fetched over the network. It is asked first,
	// with the address without its fragment; nil and false mean "not ours". A
	// did:web document is asked for by https, whatever the host speaks.
	Local func(ctx context.Context, url string) (*fetch.Response, bool)
	// SetAside tells whether one of our own credentials, which its status list
	// marks as not in force, is suspended rather than revoked, and why. Nil means
	// that a mark for revocation is one.
	SetAside func(ctx context.Context, own Own) (reason string, suspended bool)
	// Superseded tells whether one of our own credentials was issued anew since the
	// edition in hand, for those whose newest edition may not be shown. Nil means that
	// only refresh services know.
	Superseded func(ctx context.Context, own Own) bool
	// Documents, when set, answers in place of the network: what it does not list
	// is unreachable.
	Documents *Documents
	// Bundle, when set, answers in place of the network with documents and a
	// status that were kept with the badge; the report says of when they are.
	Bundle *Bundle
	// Offline refuses all network. What Local, Documents and Bundle do not have is
	// unreachable.
	Offline bool
	// Fetch is the client to use, so that many verifications share its cache and
	// connections. Nil makes one for this verification, with AllowHosts.
	Fetch *fetch.Client
	// Cache keeps what was worked out from documents, for many verifications; nil
	// keeps nothing.
	Cache *Cache
	// AllowHosts are HOST:PORT pairs for which the scheme, port and address rules
	// of package fetch are lifted. Used when Fetch is nil; for tests and private
	// networks.
	AllowHosts []string

	// Recipient is an address or name: was this badge issued to them? Empty means
	// not asked. An address that does not match makes the verdict invalid.
	Recipient string
	// MayAsk tells whether Recipient may be compared with whom a badge names in hashes,
	// which named stands for: they hide an address from nobody who may guess without
	// end. Nil always does; a refusal leaves it undetermined.
	MayAsk func(named string) bool
	// Trusted are issuer ids, or https origins or host names of issuers, that the
	// operator knows. Nil leaves trust unknown.
	Trusted []string
	// Registries are lists of issuers kept by others, see ParseRegistry.
	Registries []*Registry

	// Challenge and Domain are what a presentation's proof must carry, and by the
	// W3C profile that of a credential too; empty means that nothing in particular is
	// expected.
	Challenge, Domain string
}

// Own is a credential that may be one of our own, for whoever keeps the ledger to
// compare: only a holder of the named issuer's key can have made it.
type Own struct {
	ID, Issuer string
	ValidFrom  time.Time // zero in Open Badges 2.0
	Token      string    // its compact form, where it is in that
}
