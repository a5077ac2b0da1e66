package verifier

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/accolade-badges/accolade/openbadges"
	"github.com/accolade-badges/accolade/openbadges/strictjson"
)

// linked is a badge class or a profile, which before 3.0 are documents of their
// own or stand inside the one that names them.
type linked[T any] struct {
	id       string               // what it calls itself, else where it lies
	doc      *openbadges.Document // nil when it stands inside, or could not be got
	view     *T                   // nil when it could not be got
	why      string               // a clause that says why not
	embedded bool
	// passed are the documents that led to doc: each said that its id is another
	// address. They can only add rules of their own.
	passed []*openbadges.Document
}

// hostedCopy is what stands at the own address of an assertion or endorsement.
type hostedCopy struct {
	url     string
	found   string // where it was found, after redirects
	status  int
	doc     *openbadges.Document
	why     string // a clause that says why there is none
	revoked bool   // the server says so
}

// load gets what an old badge consists of: its hosted copy, its badge class, its
// issuer. Data in hand is only a pointer to a hosted assertion or endorsement, so
// the copy takes its place (Open Badges 2.0, "Hosted verification").
func (b *badge) load() {
	if !b.old {
		return
	}
	switch b.doc.Kind {
	case openbadges.KindAssertion:
		b.read(b.doc)
		if b.hostedKind() {
			b.loadHosted()
		}
		b.loadClass(b.json.Get("badge"), &b.assertion.Badge)
	case openbadges.KindBadgeClass:
		class, _ := b.doc.BadgeClass()
		b.class = linked[openbadges.OB2BadgeClass]{id: class.ID, view: class, embedded: true}
		b.loadProfile(b.json.Get("issuer"), class.Issuer)
	case openbadges.KindProfile:
		profile, _ := b.doc.OB2Profile()
		b.profile = linked[openbadges.OB2Profile]{id: profile.ID, view: profile, embedded: true}
	case openbadges.KindEndorsement:
		b.read(b.doc)
		if b.hostedKind() {
			b.loadHosted()
		}
		e, _ := b.doc.OB2Endorsement()
		b.loadProfile(b.json.Get("issuer"), e.Issuer)
	}
}

func (b *badge) loadHosted() {
	address := b.said.id
	if !isWeb(address) {
		address = b.from
	}
	b.hosted = &hostedCopy{url: address}
	h := b.hosted
	if address == "" {
		h.why = "the badge does not say where its copy lies"
		return
	}
	response, err := b.v.docs.get(b.v.ctx, address, acceptDocument)
	if err != nil {
		h.why = reasonOf(err)
		return
	}
	h.found, h.status = response.URL, response.Status
	if response.Status == 410 {
		h.revoked = true
	} else if response.Status != 200 {
		h.why = fmt.Sprintf("the server at %s answers with status %d", printable(response.URL), response.Status)
		return
	}
	doc, err := openbadges.Parse(trimText(response.Body))
	kind, what, content := b.doc.Kind, "no assertion", "badge"
	if kind == openbadges.KindEndorsement {
		what, content = "no endorsement", "claim"
	}
	switch {
	case err != nil && !h.revoked:
		h.why = "what lies at " + printable(response.URL) + " is " + what + ": " + err.Error()
	case err != nil:
	case (doc.Kind != kind || doc.Version.Verifiable()) && !doc.JSON.Get("revoked").True() && !h.revoked:
		h.why = "what lies at " + printable(response.URL) + " is " + what
	default:
		h.doc = doc
		h.revoked = h.revoked || doc.JSON.Get("revoked").True()
	}
	if h.doc == nil || h.doc.Kind != kind || h.doc.JSON.Get(content) == nil {
		return // a bare note of revocation says nothing of the badge
	}
	b.inHand = b.doc
	b.read(h.doc)
}

func (b *badge) loadClass(v *strictjson.Value, inside *openbadges.OB2BadgeClass) {
	c := &b.class
	if v.Is(strictjson.Object) {
		c.id, c.view, c.embedded = inside.ID, inside, true
		b.loadProfile(v.Get("issuer"), inside.Issuer)
		return
	}
	doc, _, id, why := b.v.linkedDocument(v.Str())
	c.id = id
	if why != "" {
		c.why = why
		return
	}
	c.doc = doc
	c.view, _ = doc.BadgeClass()
	b.loadProfile(doc.JSON.Get("issuer"), c.view.Issuer)
}

// loadProfile gets the issuer. One that stands inside is believed only for what
// its own address does not answer: otherwise anybody could write a profile into
// their badge that lets them sign or host in another's name.
func (b *badge) loadProfile(v *strictjson.Value, inside *openbadges.OB2Profile) {
	p := &b.profile
	if v.Is(strictjson.Object) && inside != nil {
		p.id, p.view, p.embedded = firstOf(inside.ID, inside.URL), inside, true
		if !isWeb(inside.ID) {
			return
		}
		doc, passed, id, why := b.v.linkedDocument(inside.ID)
		if why != "" {
			p.why = why
			return
		}
		p.doc, p.passed, p.id, p.embedded = doc, passed, id, false
		p.view, _ = doc.OB2Profile()
		return
	}
	address := v.Str()
	if address == "" {
		p.why = "no issuer is named"
		return
	}
	doc, passed, id, why := b.v.linkedDocument(address)
	p.id = id
	if why != "" {
		p.why = why
		return
	}
	p.doc, p.passed = doc, passed
	p.view, _ = doc.OB2Profile()
}

// linkedDocument gets a document by its address. When it says that its id is
// another, that other address is asked, and must agree: what lies at an address
// of a stranger's choice cannot speak for somebody else's id.
func (v *verification) linkedDocument(address string) (doc *openbadges.Document, passed []*openbadges.Document, id, why string) {
	for range 2 {
		if !isWeb(address) {
			return nil, nil, address, "it is named by something that is not a web address"
		}
		response, err := v.docs.get(v.ctx, address, acceptDocument)
		tree, found, why := v.parseAnswer(response, err)
		if why != "" {
			return nil, nil, address, why
		}
		if !tree.Is(strictjson.Object) {
			return nil, nil, address, "the document at " + printable(found) + " is not a JSON object"
		}
		doc = openbadges.FromTree(tree)
		id = tree.Get("id").Str()
		if id == "" || id == address || id == found {
			return doc, passed, firstOf(id, address), ""
		}
		passed = append(passed, doc)
		address = id
	}
	return nil, nil, id, "the documents at its addresses name each other as their ids"
}

// inScope tells whether the issuer lets assertions lie at address: under one of
// the prefixes of startsWith, on one of allowedOrigins, else on the issuer's own
// host (Open Badges 2.0, "VerificationObject"). Of a profile that was not
// fetched from its own address only the host counts.
func (b *badge) inScope(address string) (bool, string) {
	u, err := url.Parse(address)
	if err != nil {
		return false, ""
	}
	p := b.profile
	for _, doc := range p.passed {
		if view, err := doc.OB2Profile(); err == nil && view.Verification != nil {
			if ok, rule := follows(view.Verification, u); !ok {
				return false, rule
			}
		}
	}
	if v := p.view.Verification; v != nil && !p.embedded && (len(v.StartsWith) > 0 || len(v.AllowedOrigins) > 0) {
		return follows(v, u)
	}
	return onOrigin(u, p.id), "only addresses on the issuer's own host"
}

// follows tells whether an address keeps to a profile's own rules, and which it
// breaks.
func follows(v *openbadges.OB2Verification, u *url.URL) (bool, string) {
	address := u.String()
	if len(v.StartsWith) > 0 && !slices.ContainsFunc(v.StartsWith, func(s string) bool { return s != "" && strings.HasPrefix(address, s) }) {
		return false, "only addresses that begin with " + printable(strings.Join(v.StartsWith, " or "))
	}
	if len(v.AllowedOrigins) > 0 && !slices.ContainsFunc(v.AllowedOrigins, func(s string) bool { return onOrigin(u, s) }) {
		return false, "only addresses on " + printable(strings.Join(v.AllowedOrigins, " or "))
	}
	return true, ""
}

// onOrigin tells whether u lies on the host of origin, a host name or an
// address.
func onOrigin(u *url.URL, origin string) bool {
	if o, err := url.Parse(origin); err == nil && o.Host != "" {
		return strings.EqualFold(o.Host, u.Host)
	}
	return origin != "" && strings.EqualFold(origin, u.Host)
}

func isWeb(address string) bool {
	return strings.HasPrefix(address, "https://") || strings.HasPrefix(address, "http://")
}
