package verifier

import (
	"context"
	"strings"
	"sync"
	"time"

	"github.com/accolade-badges/accolade/openbadges/did"
	"github.com/accolade-badges/accolade/verifier/fetch"
)

// The Accept headers, by what is wanted.
const (
	acceptCredential = "application/vc, application/vc+ld+json, application/vc+jwt, application/ld+json, application/json, text/plain;q=0.8, */*;q=0.1"
	acceptDocument   = "application/did+json, application/ld+json, application/jwk+json, application/json, */*;q=0.1"
	acceptAnything   = "application/vc, application/vc+ld+json, application/ld+json, application/json, image/png, image/svg+xml, text/html;q=0.9, text/plain;q=0.8, */*;q=0.1"
)

// resolver gets the documents of one verification: ours from the ledger, listed
// ones from a map or bundle, everything else by package fetch. What it got once
// it does not ask for again, so that a list named twice costs one request.
type resolver struct {
	options *Options
	now     time.Time

	client  *fetch.Client // of options, or made here
	own     *fetch.Client // to close
	session *fetch.Session

	waited time.Duration // spent waiting for others

	mu   sync.Mutex
	got  map[string]*fetch.Response
	lost map[string]error
}

func (r *resolver) close() {
	if r.own != nil {
		r.own.Close()
	}
}

// get returns the document at url, whatever its status.
func (r *resolver) get(ctx context.Context, url, accept string) (*fetch.Response, error) {
	url = bare(url)
	r.mu.Lock()
	defer r.mu.Unlock()
	if found, ok := r.got[url]; ok {
		return found, nil
	}
	if err, ok := r.lost[url]; ok {
		return nil, err
	}
	began := time.Now()
	found, err := r.ask(ctx, url, accept)
	r.waited += time.Since(began)
	if err != nil {
		if r.lost == nil {
			r.lost = make(map[string]error)
		}
		r.lost[url] = err
		return nil, err
	}
	r.keep(url, found)
	return found, nil
}

func (r *resolver) keep(url string, found *fetch.Response) {
	if r.got == nil {
		r.got = make(map[string]*fetch.Response)
	}
	r.got[url] = found
}

func (r *resolver) ask(ctx context.Context, url, accept string) (*fetch.Response, error) {
	o := r.options
	if o.Local != nil {
		if found, ours := o.Local(ctx, url); ours {
			if found == nil {
				return nil, &fetch.Error{Code: fetch.Unreachable, URL: url, Reason: "we have no such document"}
			}
			return found, nil
		}
	}
	switch {
	case o.Documents != nil:
		return o.Documents.get(url, r.now)
	case o.Bundle != nil:
		return o.Bundle.documents.get(url, r.now)
	case o.Offline:
		return nil, &fetch.Error{Code: fetch.Unreachable, URL: url, Reason: "the network is not used"}
	}
	if err := r.connect(); err != nil {
		return nil, err
	}
	return r.session.Get(ctx, url, accept)
}

// connect makes the client and session when the first document is needed: most
// verifications from bytes need none.
func (r *resolver) connect() error {
	if r.session != nil {
		return nil
	}
	r.client = r.options.Fetch
	if r.client == nil {
		client, err := fetch.New(fetch.Config{AllowHosts: r.options.AllowHosts, CacheBytes: -1})
		if err != nil {
			return err
		}
		r.client, r.own = client, client
	}
	r.session = r.client.Session()
	return nil
}

// didWeb returns the document of a did:web, by https. From the documents at hand,
// and from a host that the operator allowed, it may come by http instead. Local
// is asked for the https address alone and knows its own host.
func (r *resolver) didWeb(ctx context.Context, id string) (*fetch.Response, error) {
	url, err := did.WebURL(id)
	if err != nil {
		return nil, err
	}
	found, err := r.get(ctx, url, acceptDocument)
	if err == nil || !r.plainly(url) {
		return found, err
	}
	if again, err := r.get(ctx, "http://"+strings.TrimPrefix(url, "https://"), acceptDocument); err == nil {
		return again, nil
	}
	return nil, err
}

// plainly tells whether a did:web document at url may be asked for by http too.
func (r *resolver) plainly(url string) bool {
	return r.options.Documents != nil || r.options.Bundle != nil || r.allowed(url)
}

// allowed tells whether the host of an https URL is one of the operator's
// allowed hosts, under either scheme's default port.
func (r *resolver) allowed(url string) bool {
	host, _, _ := strings.Cut(strings.TrimPrefix(url, "https://"), "/")
	if r.client == nil {
		return false
	}
	if strings.LastIndexByte(host, ':') > strings.LastIndexByte(host, ']') {
		return r.client.AllowsHost(host)
	}
	return r.client.AllowsHost(host+":80") || r.client.AllowsHost(host+":443")
}
