package verifier

import (
	"net/url"
	"strings"

	"github.com/accolade-badges/accolade/openbadges/strictjson"
)

// checkRefresh asks the issuer's refresh service for the newest edition, once,
// and takes it only when it is the same credential, newer, and holds by itself
// (Open Badges 3.0, "Refresh"; 1EdTechCredentialRefresh). When anything is amiss
// the edition in hand is judged.
func (b *badge) checkRefresh() {
	service := b.refreshService()
	if service == nil {
		b.skip(CheckRefresh, CodeNone, "The badge names no refresh service.")
		return
	}
	address := service.Get("id").Str()
	e := evidence{"url": clean(address)}
	switch {
	case !service.Get("type").Contains("1EdTechCredentialRefresh"):
		e["type"] = clean(strings.Join(service.Get("type").Strings(), " "))
		b.line(CheckRefresh, Unchecked, CodeRefreshUnknown, "The badge names a refresh service of a kind that is not known here.", e)
		return
	case b.depth > 0:
		b.skip(CheckRefresh, CodeNotAsked, "Credentials inside others are not refreshed.")
		return
	case !b.signed():
		b.skip(CheckRefresh, CodeRefreshUnsigned, "The refresh service is asked only when the signature holds.")
		return
	}
	response, err := b.v.docs.get(b.v.ctx, address, acceptCredential)
	if err != nil {
		b.line(CheckRefresh, Unchecked, CodeRefreshUnreachable, "The refresh service did not answer; the edition in hand is judged. "+capital(reasonOf(err))+".", e)
		return
	}
	if response.Status != 200 {
		e["status"] = response.Status
		b.line(CheckRefresh, Unchecked, CodeRefreshUnreachable, "The refresh service has nothing for this badge; the edition in hand is judged.", e)
		return
	}
	newest := &badge{v: b.v, report: b.v.newReport(), depth: b.depth + 1}
	if !newest.open(response.Body, "") || newest.old {
		b.line(CheckRefresh, Unchecked, CodeRefreshUnusable, "The refresh service answered with something that is no such badge; the edition in hand is judged.", e)
		return
	}
	newest.describe()
	newest.checkStructure()
	newest.checkProof()
	newest.checkIssuer()
	mine, _ := validity(b.json)
	theirs, _ := validity(newest.json)
	switch {
	case !sameCredential(b.json, newest.json):
		b.line(CheckRefresh, Unchecked, CodeRefreshUnusable, "The refresh service answered with another badge; the edition in hand is judged.", e)
	case newest.effects[Invalid] || newest.effects[Undetermined]:
		b.line(CheckRefresh, Unchecked, CodeRefreshUnusable, "The newest edition does not hold by itself; the edition in hand is judged.", e)
	case theirs.Before(mine):
		b.line(CheckRefresh, Unchecked, CodeRefreshOlder, "The refresh service answered with an older edition; the edition in hand is judged.", e)
	case !theirs.After(mine):
		b.pass(CheckRefresh, CodeRefreshCurrent, "The edition in hand is the newest.", e)
	default:
		b.newer = newest.json
		b.pass(CheckRefresh, CodeRefreshed, "The issuer has a newer edition of this badge, which counts from here on.", e)
	}
}

func (b *badge) refreshService() *strictjson.Value {
	if b.old || b.v.options.Profile == W3C {
		return nil
	}
	if list := b.json.Get("refreshService").List(); len(list) > 0 && list[0].Is(strictjson.Object) {
		return &list[0]
	}
	return nil
}

// signed tells whether a signature of the confirmed issuer holds.
func (b *badge) signed() bool {
	for _, s := range b.signatures {
		if s.outcome == signatureGood && s.finding.binding == Confirmed {
			return true
		}
	}
	return false
}

// sameCredential compares by issuer id and credential id, percent-decoded and
// trimmed (Open Badges 3.0, "Credential equality and comparison algorithm").
func sameCredential(a, b *strictjson.Value) bool {
	normal := func(s string) string {
		s = strings.TrimSpace(s)
		if decoded, err := url.PathUnescape(s); err == nil {
			return decoded
		}
		return s
	}
	return normal(a.Get("id").Str()) == normal(b.Get("id").Str()) && normal(issuerID(a)) == normal(issuerID(b))
}
