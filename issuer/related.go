package issuer

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/accolade-badges/accolade/issuer/catalogue"
	"github.com/accolade-badges/accolade/issuer/ledger"
)

// Related is what stands around an achievement in the programme of today.
type Related struct {
	Needs     []Relation // what its requirement names: exams, then certifications
	Towards   []Relation // the certifications whose requirement names it
	Successor *Relation  // under which its line goes on; nil while it goes on itself
}

// Relation is another achievement of the programme, or an exam without a badge.
type Relation struct {
	Kind   string // KindExam or KindCertification
	Code   string // exam code or certification id
	Title  string
	Titles map[string]string // the title in other languages, by language tag
	Slug   string            // of its page; "" where it has none
}

// maxRelations bounds each list: a page has room for that many, and the page of
// the achievement has the rest.
const maxRelations = 12

// Related returns what a badge rests on and what it leads to, by the catalogue in
// force now. Where the issuer has no catalogue there is nothing.
func (s *Service) Related(ctx context.Context, p *Publication) (Related, error) {
	var r Related
	cat, err := s.Catalogue(ctx, p.Issuer.Slug)
	var none *InvalidError
	if errors.As(err, &none) {
		return r, nil
	}
	if err != nil {
		return r, err
	}
	now := s.Now()
	var exams, certifications []string
	own, _ := cat.Certification(p.Achievement.Code)
	if p.Achievement.Kind == ledger.KindCertification && own != nil {
		requires := own.RequirementAt(now)
		exams, certifications = requires.ExamCodes(), requires.CertificationIDs()
	}
	err = s.ledger.View(ctx, func(tx *ledger.Tx) error {
		r = Related{}
		add := func(to *[]Relation, kind, code string) error {
			if len(*to) >= maxRelations {
				return nil
			}
			one, ok, err := s.relation(ctx, tx, cat, p.Issuer.Slug, kind, code)
			if ok {
				*to = append(*to, one)
			}
			return err
		}
		for _, code := range exams {
			if err := add(&r.Needs, ledger.KindExam, code); err != nil {
				return err
			}
		}
		for _, id := range certifications {
			if err := add(&r.Needs, ledger.KindCertification, id); err != nil {
				return err
			}
		}
		for i := range cat.Certifications {
			k := &cat.Certifications[i]
			if k.Hidden || !k.RetiredOn.IsZero() && !now.Before(k.RetiredOn) || k == own || !names(k.RequirementAt(now), p.Achievement) {
				continue
			}
			if err := add(&r.Towards, ledger.KindCertification, k.ID); err != nil {
				return err
			}
		}
		if own == nil || own.SucceededBy == "" || now.Before(own.SucceededOn) {
			return nil
		}
		next, ok, err := s.relation(ctx, tx, cat, p.Issuer.Slug, ledger.KindCertification, own.SucceededBy)
		if ok {
			r.Successor = &next
		}
		return err
	})
	return r, err
}

// names tells whether a requirement names an achievement itself.
func names(r *catalogue.Requirement, a ledger.Achievement) bool {
	list := r.CertificationIDs()
	if a.Kind == ledger.KindExam {
		list = r.ExamCodes()
	}
	return slices.Contains(list, a.Code)
}

// relation looks an exam or a certification up; ok is false where the catalogue
// has none.
func (s *Service) relation(ctx context.Context, tx *ledger.Tx, cat *catalogue.Catalogue, issuer, kind, code string) (r Relation, ok bool, err error) {
	facts, ok := cat.AchievementOf(kind, code, s.Now())
	if !ok {
		return r, false, nil
	}
	r = Relation{Kind: kind, Code: facts.Code, Title: facts.Title, Titles: facts.Titles}
	a, err := tx.AchievementByCode(ctx, issuer, kind, facts.Code)
	switch {
	case errors.Is(err, ledger.ErrNotFound):
	case err != nil:
		return r, false, err
	default:
		r.Slug = a.Slug
	}
	return r, true, nil
}

// Newer returns a later public award of the same achievement to the same person,
// the newest one, or "" where there is none: who looks at an expired badge wants
// to know of it.
func (s *Service) Newer(ctx context.Context, p *Publication) (string, error) {
	id := ""
	err := s.ledger.View(ctx, func(tx *ledger.Tx) error {
		list, err := tx.AwardsOf(ctx, p.Award.Candidate)
		id = ""
		for _, w := range list {
			if w.Achievement == p.Award.Achievement && w.AttainedAt.After(p.Award.AttainedAt) && w.Visibility == ledger.Public && w.RevokedAt.IsZero() {
				id = w.ID
			}
		}
		return err
	})
	return id, err
}

// Renewed tells until when an award ran before it was last renewed; ok is false
// where its newest edition is the first, or only corrects the one before.
func (s *Service) Renewed(ctx context.Context, p *Publication) (before time.Time, ok bool, err error) {
	if p.Edition.Number < 2 {
		return time.Time{}, false, nil
	}
	err = s.ledger.View(ctx, func(tx *ledger.Tx) error {
		before, ok = time.Time{}, false
		all, err := tx.Editions(ctx, p.Award.ID)
		for _, e := range all {
			if e.Number == p.Edition.Number-1 && !e.ValidUntil.Equal(p.Edition.ValidUntil) {
				before, ok = e.ValidUntil, true
			}
		}
		return err
	})
	return before, ok, err
}
