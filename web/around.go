package web

import (
	"context"
	"slices"
	"time"

	"github.com/accolade-badges/accolade/issuer"
	"github.com/accolade-badges/accolade/issuer/ledger"
)

// around is what stands around a badge on its page: who hosts it, what became of
// it, what it rests on and leads to, and where questions go.
type around struct {
	Operator issuer.Operator

	Edited time.Time // when a later edition was signed; zero for the first
	Before time.Time // until when the badge ran before it was renewed; zero: it was not
	Newer  string    // address of a newer badge of the same kind, or ""

	Needs, Towards []link
	Successor      *link

	Eligibility, Claims []issuer.Contact
}

// around gathers what stands around a badge.
func (s *server) around(ctx context.Context, l *locale, p *issuer.Publication) (a around, err error) {
	u := s.Issuer.URLs()
	if a.Operator, err = s.Issuer.Operator(ctx); err != nil {
		return a, err
	}
	if p.Edition.Number > 1 {
		a.Edited = p.Edition.ValidFrom
		if a.Before, _, err = s.Issuer.Renewed(ctx, p); err != nil {
			return a, err
		}
	}
	newer, err := s.Issuer.Newer(ctx, p)
	if err != nil {
		return a, err
	}
	if newer != "" {
		a.Newer = s.here(u.Badge(newer, ""))
	}
	related, err := s.Issuer.Related(ctx, p)
	if err != nil {
		return a, err
	}
	a.Needs, a.Towards = s.relations(l, related.Needs), s.relations(l, related.Towards)
	if related.Successor != nil {
		a.Successor = &s.relations(l, []issuer.Relation{*related.Successor})[0]
	}
	settings := issuer.SettingsOf(p.Issuer)
	a.Eligibility, a.Claims = settings.Desks(issuer.AboutEligibility, p.Issuer), settings.Desks(issuer.AboutClaims, p.Issuer)
	own := func(c issuer.Contact) bool { return c.About == issuer.AboutClaims }
	if a.Operator.Email != "" && !slices.ContainsFunc(settings.Contacts, own) {
		a.Claims = []issuer.Contact{{About: issuer.AboutClaims, Email: a.Operator.Email}}
	}
	return a, nil
}

// relations are links to other achievements; one without a page has no address.
func (s *server) relations(l *locale, list []issuer.Relation) []link {
	links := make([]link, len(list))
	for i, r := range list {
		text := r.Title
		if own := r.Titles[l.Tag]; own != "" {
			text = own
		}
		if r.Kind == ledger.KindExam && text != r.Code {
			text = r.Code + " · " + text
		}
		links[i].Text = text
		if r.Slug != "" {
			links[i].URL = s.here(s.Issuer.URLs().Achievement(r.Slug, ""))
		}
	}
	return links
}
