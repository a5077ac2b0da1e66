package verifier

import (
	"strings"

	"github.com/accolade-badges/accolade/openbadges"
	"github.com/accolade-badges/accolade/openbadges/strictjson"
)

// checkHosted judges the copy of a hosted assertion: that it lies at the address
// that is its id, within the issuer's scope, and says of the earner and the badge
// what the file in hand says (Open Badges 2.0, "Hosted verification"). From 3.0 on
// nothing is hosted.
func (b *badge) checkHosted() {
	h := b.hosted
	switch {
	case b.notABadge() && b.known():
		b.cannot(CheckHosted, CodeNotAnAward, "This describes a badge or its issuer; it does not say that anybody earned it.", nil)
		return
	case h == nil:
		b.skip(CheckHosted, CodeNotHosted, "This badge is verified by its signature, not by a copy at its issuer.")
		return
	}
	e := evidence{"url": clean(h.url)}
	if h.found != "" && h.found != h.url {
		e["found"] = clean(h.found)
	}
	switch {
	case h.revoked && b.inHand == nil:
		b.pass(CheckHosted, CodeHostedGone, "The issuer's server answers for this badge; it says that it was taken back.", e)
	case h.doc == nil && b.movedHost():
		b.fail(CheckHosted, Invalid, CodeHostedElsewhere, "This is a copy on another server than its own, and its own has none: "+h.why+".", e)
	case h.doc == nil:
		b.cannot(CheckHosted, CodeHostedUnreachable, "The copy at the issuer, which alone proves this badge, could not be got: "+h.why+".", e)
	case b.copyID() != h.url && b.copyID() != h.found && b.copyID() != "":
		e["id"] = clean(b.copyID())
		b.fail(CheckHosted, Invalid, CodeHostedElsewhere, "The copy at the badge's address belongs to another address, so it proves nothing.", e)
	case b.altered(e) != "":
		b.fail(CheckHosted, Invalid, CodeHostedDiffers, "The file was altered: the issuer's own copy names another "+b.altered(nil)+".", e)
	case b.profile.view == nil:
		b.cannot(CheckHosted, CodeHostedNoIssuer, "The copy is there, but its issuer's profile, which says where copies may lie, could not be got: "+b.missingProfile()+".", e)
	default:
		ok, rule := b.inScope(h.url)
		if !ok {
			e["issuer"] = clean(b.profile.id)
			b.fail(CheckHosted, Invalid, CodeHostedOutOfScope, "The copy does not lie where its issuer hosts badges ("+rule+").", e)
			return
		}
		b.pass(CheckHosted, CodeHostedFound, "The issuer's server has this badge at its own address.", e)
	}
}

// copyID is where the hosted copy says that it lies: its id, or verify.url in
// 1.0. An assertion of 0.5 does not say.
func (b *badge) copyID() string {
	if id := statementOf(b.hosted.doc).id; isWeb(id) {
		return id
	}
	return ""
}

// movedHost tells whether what was fetched claims an address on another host.
func (b *badge) movedHost() bool {
	return b.from != "" && !b.fromPage && b.hosted.url != b.from && hostOf(b.hosted.url) != hostOf(b.from)
}

// altered names what the file in hand says otherwise than the issuer's copy, ""
// when nothing that counts. Other differences are left to e: issuers extend and
// correct their copies.
func (b *badge) altered(e evidence) string {
	if b.inHand == nil || b.inHand == b.hosted.doc {
		return ""
	}
	if b.assertion == nil {
		return b.alteredClaim(e)
	}
	mine, _ := b.inHand.Assertion()
	theirs := b.assertion
	r, s := mine.Recipient, theirs.Recipient
	if r.Identity != "" && r.Hashed == s.Hashed && r.Salt == s.Salt && !strings.EqualFold(r.Identity, s.Identity) {
		return "recipient"
	}
	if m, t := classID(b.inHand.JSON, mine), classID(b.json, theirs); m != "" && t != "" && m != t {
		return "badge"
	}
	b.differs(e, "issuedOn", "expires", "evidence", "narrative")
	return ""
}

// alteredClaim does so for an endorsement: what it endorses counts.
func (b *badge) alteredClaim(e evidence) string {
	mine, theirs := b.inHand.JSON.Get("claim").Get("id").Str(), b.json.Get("claim").Get("id").Str()
	if mine != "" && mine != theirs {
		return "subject"
	}
	b.differs(e, "claim", "issuedOn")
	return ""
}

// differs lists in e which of the members of the file in hand are otherwise in
// the issuer's copy.
func (b *badge) differs(e evidence, members ...string) {
	var list []string
	for _, name := range members {
		if in := b.inHand.JSON.Get(name); in != nil && !strictjson.Equal(in, b.json.Get(name)) {
			list = append(list, name)
		}
	}
	if e != nil && list != nil {
		e["differs"] = list
	}
}

// classID is the address of an assertion's badge class without its scheme, which
// many issuers changed from http to https.
func classID(doc *strictjson.Value, a *openbadges.OB2Assertion) string {
	id := firstOf(doc.Get("badge").Str(), a.Badge.ID)
	return strings.TrimPrefix(strings.TrimPrefix(id, "https://"), "http://")
}

func (b *badge) missingProfile() string { return firstOf(b.profile.why, b.class.why, "none is named") }

func hostOf(address string) string {
	_, rest, _ := strings.Cut(address, "://")
	host, _, _ := strings.Cut(rest, "/")
	return strings.ToLower(host)
}
