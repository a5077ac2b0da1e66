package issuer

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/accolade-badges/accolade/issuer/ledger"
)

// changeOwn runs fn on an award of an account in a transaction. For one that is
// another's, or nobody's, it is [ErrNotPublished], as for one that never was.
func (s *Service) changeOwn(ctx context.Context, account, award string, fn func(tx *ledger.Tx, w ledger.Award) error) error {
	return s.ledger.Update(ctx, func(tx *ledger.Tx) error {
		w, err := tx.OwnedAward(ctx, account, award)
		if err != nil {
			return unpublished(err)
		}
		return fn(tx, w)
	})
}

// show sets who may see an award, on its owner's behalf.
func (s *Service) show(ctx context.Context, tx *ledger.Tx, account string, w ledger.Award, visibility string) error {
	if w.Visibility == visibility {
		return nil
	}
	if err := tx.SetVisibility(ctx, w.ID, visibility); err != nil {
		return err
	}
	s.log.Info("award visibility set", "award", w.ID, "actor", account, "visibility", visibility)
	return s.audit(ctx, tx, account, "award.visibility_changed", w.ID, w.Visibility+" to "+visibility)
}

// Show decides who may see a badge of an account: nobody but its owner (private),
// who has a share link (unlisted), or everybody (public). It holds at once for
// every form of the badge. Private closes the links that are open, for then
// nobody else may see it. Errors: [*EarnerError], [ErrNotPublished].
func (s *Service) Show(ctx context.Context, account, award, visibility string) error {
	if err := checkVisibility(visibility); err != nil {
		return err
	}
	return s.changeOwn(ctx, account, award, func(tx *ledger.Tx, w ledger.Award) error {
		if visibility == ledger.Private {
			if err := tx.RevokeShares(ctx, award, s.Now()); err != nil {
				return err
			}
		}
		return s.show(ctx, tx, account, w, visibility)
	})
}

func checkVisibility(visibility string) error {
	switch visibility {
	case ledger.Private, ledger.Unlisted, ledger.Public:
		return nil
	}
	return &EarnerError{Field: "visibility", Code: "visibility"}
}

// Disclosure returns what of a badge its owner shows to all who see it.
func (s *Service) Disclosure(ctx context.Context, account, award string) (ledger.Disclosure, error) {
	var d ledger.Disclosure
	err := s.ledger.View(ctx, func(tx *ledger.Tx) error {
		if _, err := tx.OwnedAward(ctx, account, award); err != nil {
			return unpublished(err)
		}
		var err error
		d, err = tx.Disclosure(ctx, award)
		return err
	})
	return d, err
}

// Disclose decides what of a badge all who see its page see beside it: the score,
// and the exams that it stands on. A share link decides that for itself.
func (s *Service) Disclose(ctx context.Context, account string, d ledger.Disclosure) error {
	return s.changeOwn(ctx, account, d.Award, func(tx *ledger.Tx, _ ledger.Award) error {
		before, err := tx.Disclosure(ctx, d.Award)
		if err != nil || before == d {
			return err
		}
		if err := tx.PutDisclosure(ctx, d); err != nil {
			return err
		}
		return s.audit(ctx, tx, account, "award.disclosure_changed", d.Award, fmt.Sprintf("score %t, evidence %t", d.Score, d.Evidence))
	})
}

// ShownExam is an exam behind a badge, with as much of it as the earner shows.
type ShownExam struct {
	Code, Title string
	Titles      map[string]string // the title in other languages, by language tag
	TakenAt     time.Time         // zero unless the evidence is shown
	Delivery    string            // online or centre, or ""; as above
	Language    string            // BCP 47, or ""; as above
	Score       string            // decimal; "" unless the score is shown
}

// Shown returns what the earner of a badge lets everybody see of the exams
// behind it who sees the badge. By default that is nothing.
func (s *Service) Shown(ctx context.Context, p *Publication) ([]ShownExam, error) {
	var list []ShownExam
	err := s.ledger.View(ctx, func(tx *ledger.Tx) error {
		d, err := tx.Disclosure(ctx, p.Award.ID)
		if err != nil {
			return err
		}
		list, err = s.shown(ctx, tx, p.Award, d.Score, d.Evidence)
		return err
	})
	if err != nil {
		return nil, err
	}
	return list, s.nameExams(ctx, p.Issuer.Slug, list)
}

// ToShow returns all that there is to show of a badge, for its owner to decide.
func (s *Service) ToShow(ctx context.Context, account, award string) ([]ShownExam, error) {
	var w ledger.Award
	var list []ShownExam
	err := s.ledger.View(ctx, func(tx *ledger.Tx) error {
		var err error
		if w, err = tx.OwnedAward(ctx, account, award); err != nil {
			return unpublished(err)
		}
		list, err = s.shown(ctx, tx, w, true, true)
		return err
	})
	if err != nil {
		return nil, err
	}
	return list, s.nameExams(ctx, w.Issuer, list)
}

// shown reads the exams behind an award as far as they are shown; their titles
// come from the catalogue, see nameExams.
func (s *Service) shown(ctx context.Context, tx *ledger.Tx, w ledger.Award, score, evidence bool) ([]ShownExam, error) {
	if !score && !evidence || w.Account == "" { // nobody has said so
		return nil, nil
	}
	ids, err := tx.AwardResults(ctx, w.ID)
	if err != nil {
		return nil, err
	}
	var list []ShownExam
	for _, id := range ids {
		r, err := tx.ResultByID(ctx, id)
		if err != nil {
			return nil, err
		}
		e := ShownExam{Code: r.Exam}
		if score {
			e.Score = r.Score
		}
		if evidence {
			e.TakenAt, e.Delivery, e.Language = r.TakenAt, r.Delivery, r.Language
		}
		if evidence || e.Score != "" {
			list = append(list, e)
		}
	}
	return list, nil
}

// nameExams gives exams the titles that they have in the issuer's catalogue;
// where it has none, the code stands for itself.
func (s *Service) nameExams(ctx context.Context, issuer string, list []ShownExam) error {
	if len(list) == 0 {
		return nil
	}
	cat, err := s.Catalogue(ctx, issuer)
	var none *InvalidError
	if err != nil && !errors.As(err, &none) {
		return err
	}
	for i := range list {
		list[i].Title = list[i].Code
		if cat == nil {
			continue
		}
		if f, ok := cat.AchievementOf(ledger.KindExam, list[i].Code, s.Now()); ok {
			list[i].Title, list[i].Titles = f.Title, f.Titles
		}
	}
	return nil
}
