package verifier

import (
	"net/url"
	"slices"
	"strings"

	"github.com/accolade-badges/accolade/openbadges/did"
)

// checkTrust says whether the operator, or a registry the operator reads, knows
// the issuer. It is a line of its own and never changes the verdict: who is not
// listed is unknown, not bad. A name counts for nothing, and an issuer who is
// not tied to the signature is nobody's acquaintance.
func (b *badge) checkTrust() {
	o := b.v.options
	issuer := b.report.Issuer
	if issuer == nil || issuer.ID == "" {
		b.skip(CheckTrust, CodeNotApplicable, "There is no issuer to know.")
		return
	}
	if o.Trusted == nil && len(o.Registries) == 0 {
		b.line(CheckTrust, NotApplicable, CodeTrustUnknown, "No list of known issuers was given, so nothing is said about trust in the issuer.", nil)
		return
	}
	trusted := false
	issuer.Trusted = &trusted
	if issuer.Binding != Confirmed {
		b.line(CheckTrust, Unchecked, CodeTrustUnbound, "It is not certain who made this badge, so trust in the named issuer says nothing.", nil)
		return
	}
	if i := slices.IndexFunc(o.Trusted, func(entry string) bool { return names(entry, issuer.ID) }); i >= 0 {
		trusted = true
		b.pass(CheckTrust, CodeTrustListed, "The issuer is on the list of known issuers.", evidence{"entry": o.Trusted[i]})
		return
	}
	for _, r := range o.Registries {
		if entry, ok := r.Find(issuer.ID); ok {
			trusted = true
			b.pass(CheckTrust, CodeTrustRegistry, "The issuer is listed in the registry "+printable(r.Name)+" as "+printable(entry.Name)+".", evidence{"registry": r.Name, "name": entry.Name, "url": entry.URL})
			return
		}
	}
	b.line(CheckTrust, Unchecked, CodeTrustNotListed, "The issuer is not on the list of known issuers; that is no judgement of them.", nil)
}

// names tells whether an entry of the trust list means the issuer: the same id,
// or the origin or host name that the id lies on.
func names(entry, id string) bool {
	if entry == id {
		return true
	}
	host := issuerHost(id)
	if host == "" || entry == "" {
		return false
	}
	if u, err := url.Parse(entry); err == nil && u.Scheme == "https" && strings.Trim(u.Path, "/") == "" && u.RawQuery == "" && u.Fragment == "" {
		entry = u.Host
	}
	return strings.EqualFold(entry, host)
}

// issuerHost is the host, with a port that is not the scheme's own, on which an
// https or did:web id lies; "" for others, plain http among them.
func issuerHost(id string) string {
	if strings.HasPrefix(id, "did:web:") {
		address, err := did.WebURL(id)
		if err != nil {
			return ""
		}
		id = address
	}
	u, err := url.Parse(id)
	if err != nil || u.Scheme != "https" {
		return ""
	}
	return strings.TrimSuffix(u.Host, ":443")
}
