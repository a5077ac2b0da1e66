package verifier

import (
	"fmt"
	"testing"

	"github.com/accolade-badges/accolade/openbadges/did"
	"github.com/accolade-badges/accolade/openbadges/status"
)

// TestCacheCountsOnlyForTheSameBytes changes each document behind a warm cache:
// the next report must see the change.
func TestCacheCountsOnlyForTheSameBytes(t *testing.T) {
	w := newWorld(t)
	cache := NewCache()
	signed := w.signed(w.credential())
	verify := func(w *world) *Report {
		o := w.options()
		o.Cache = cache
		return w.verifyWith(signed.Append(nil), o)
	}
	for range 2 {
		wantVerdict(t, verify(w), Valid, CheckStatus, CodeStatusGood)
	}
	if len(cache.kept) != 3 {
		t.Errorf("%d things are kept, want the issuer's document, the list's signature and its bits", len(cache.kept))
	}
	revoked := w.clone()
	revoked.list(status.Revocation, 7)
	wantVerdict(t, verify(revoked), Revoked, CheckStatus, "revoked")
	wantVerdict(t, verify(w), Valid, CheckStatus, CodeStatusGood)

	tampered := w.clone()
	v := w.parse(string(w.docs[listURL].Body))
	tampered.put(listURL, replace(t, v, "2026-03-01T11", "2026-03-01T10"))
	wantVerdict(t, verify(tampered), Undetermined, CheckStatus, CodeStatusUntrusted)

	compromised := w.clone()
	compromised.put(base+"/issuers/a/did.json", did.NewDocument(issuerDW, nil, []did.WebKey{{ID: w.method(), Controller: issuerDW, Key: w.ed.Public(), Compromised: true}}))
	wantVerdict(t, verify(compromised), Invalid, CheckIssuer, CodeKeyNotForThis)

	lost := w.clone()
	delete(lost.docs, listURL)
	wantVerdict(t, verify(lost), Undetermined, CheckStatus, CodeStatusUnreachable)
}

func TestCacheBoundsItsMemory(t *testing.T) {
	c := NewCache()
	for i := range 10_000 {
		c.put(fmt.Sprint(i), make([]byte, 10_000), i, 0)
	}
	if c.size > c.limit || c.get("9999", make([]byte, 10_000)) != 9999 {
		t.Errorf("size %d", c.size)
	}
	c.put("huge", make([]byte, 16<<20), 1, 0)
	if c.get("huge", make([]byte, 16<<20)) != nil {
		t.Error("one document took half of the cache")
	}
	var none *Cache
	none.put("x", nil, 1, 0)
	if none.get("x", nil) != nil {
		t.Error("a nil cache keeps things")
	}
}
