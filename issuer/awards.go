package issuer

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/accolade-badges/accolade/issuer/catalogue"
	"github.com/accolade-badges/accolade/issuer/ledger"
)

// AwardDetail is an award as the programme sees it: with the report that it
// came from, and in [Service.Award] with its mails.
type AwardDetail struct {
	ledger.Award
	Provider, ResultID string
	Mails              []ledger.Mail
}

// AwardQuery chooses awards of an issuer.
type AwardQuery struct {
	Issuer     string     // slug
	Acceptance Acceptance // that they have, or ""; of a revoked award nothing is pending
}

// Funnels counts how far an issuer's awards have come that were made from since to
// before until, by achievement: told, claimed, declined, and who still waits. A zero
// time is no bound.
func (s *Service) Funnels(ctx context.Context, issuer string, since, until time.Time) ([]ledger.Funnel, error) {
	var list []ledger.Funnel
	err := s.ledger.View(ctx, func(tx *ledger.Tx) error {
		var err error
		list, err = tx.Funnels(ctx, issuer, since, until)
		return err
	})
	return list, err
}

// Awards lists an issuer's awards, newest first, at most limit of them after the
// cursor, with the cursor of the next page; that is "" at the end. A cursor that is
// none of ours, and an acceptance that there is not, are an [*InvalidError].
func (s *Service) Awards(ctx context.Context, q AwardQuery, cursor string, limit int) ([]AwardDetail, string, error) {
	after, err := parseCursor(cursor)
	if err != nil {
		return nil, "", err
	}
	switch q.Acceptance {
	case "", Unclaimed, Claimed, Declined:
	default:
		return nil, "", &InvalidError{[]FieldError{{"acceptance", fmt.Sprintf("%q is none; use pending, claimed or declined", q.Acceptance)}}}
	}
	var list []AwardDetail
	var next string
	err = s.ledger.View(ctx, func(tx *ledger.Tx) error {
		awards, err := tx.Awards(ctx, ledger.AwardFilter{Issuer: q.Issuer, Acceptance: string(q.Acceptance)}, after, limit+1)
		if err != nil {
			return err
		}
		next = ""
		if len(awards) > limit {
			awards = awards[:limit]
			last := awards[limit-1]
			next = fmt.Sprintf("%d.%s", last.CreatedAt.UnixMicro(), last.ID)
		}
		list = make([]AwardDetail, len(awards))
		for i, w := range awards {
			if list[i], err = detail(ctx, tx, w); err != nil {
				return err
			}
		}
		return nil
	})
	return list, next, err
}

func parseCursor(cursor string) (ledger.Cursor, error) {
	if cursor == "" {
		return ledger.Cursor{}, nil
	}
	at, id, _ := strings.Cut(cursor, ".")
	micros, err := strconv.ParseInt(at, 10, 64)
	if err != nil || id == "" {
		return ledger.Cursor{}, &InvalidError{[]FieldError{{"cursor", "must be the next member of an earlier answer, unchanged"}}}
	}
	return ledger.Cursor{CreatedAt: time.UnixMicro(micros).UTC(), ID: id}, nil
}

// Award returns one award with its mails, or [ErrNoAward].
func (s *Service) Award(ctx context.Context, id string) (AwardDetail, error) {
	var d AwardDetail
	err := s.ledger.View(ctx, func(tx *ledger.Tx) error {
		w, err := tx.Award(ctx, id)
		if errors.Is(err, ledger.ErrNotFound) {
			return ErrNoAward
		}
		if err != nil {
			return err
		}
		if d, err = detail(ctx, tx, w); err != nil {
			return err
		}
		d.Mails, err = tx.MailsOf(ctx, id)
		return err
	})
	return d, err
}

// detail adds the report that the award came from; an award made by hand has
// none.
func detail(ctx context.Context, tx *ledger.Tx, w ledger.Award) (AwardDetail, error) {
	d := AwardDetail{Award: w}
	if w.Result == "" {
		return d, nil
	}
	r, err := tx.ResultByID(ctx, w.Result)
	if err != nil {
		return d, err
	}
	d.Provider, d.ResultID = r.Provider, r.ResultID
	return d, nil
}

// AchievementPage is an achievement with what its page shows.
type AchievementPage struct {
	Achievement ledger.Achievement
	Issuer      ledger.Issuer
	Facts       catalogue.AchievementFacts
}

// AchievementDetail returns an achievement for its page.
func (s *Service) AchievementDetail(ctx context.Context, slug string) (*AchievementPage, error) {
	a, is, err := s.achievementAndIssuer(ctx, slug)
	if err != nil {
		return nil, err
	}
	facts, err := factsOf(a)
	return &AchievementPage{Achievement: a, Issuer: is, Facts: facts}, err
}

// TitleOf returns an achievement's title in a language (BCP 47), or as it is
// signed where the programme has none in it.
func TitleOf(a ledger.Achievement, language string) string {
	f, err := factsOf(a)
	if own := f.Titles[language]; err == nil && own != "" {
		return own
	}
	return a.Name
}

// IssuerDetail returns an issuer with its achievements for its page.
func (s *Service) IssuerDetail(ctx context.Context, slug string) (is ledger.Issuer, list []ledger.Achievement, err error) {
	err = s.ledger.View(ctx, func(tx *ledger.Tx) error {
		var err error
		if is, err = tx.Issuer(ctx, slug); err != nil {
			return unpublished(err)
		}
		list, err = tx.Achievements(ctx, slug)
		return err
	})
	return is, list, err
}
