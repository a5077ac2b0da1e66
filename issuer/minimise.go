package issuer

import (
	"context"
	"errors"
	"strings"

	"github.com/accolade-badges/accolade/issuer/ledger"
)

const (
	// keepMonths is how long everything is kept of a badge that nobody claims, where
	// its issuer has not said otherwise.
	keepMonths = 24

	// minimiseNotice is how many days ahead its earner is told.
	minimiseNotice = 30
)

// Minimise sees to badges that nobody has claimed for long. They are never deleted
// while the programme lives, and can be claimed as before; but what is not needed for
// that is forgotten: their exams' scores, languages and places, and the mails. Their
// earners are told 30 days ahead. It returns how many were told and how many are done.
func (s *Service) Minimise(ctx context.Context) (told, done int, err error) {
	issuers, err := s.Issuers(ctx)
	if err != nil {
		return 0, 0, err
	}
	var failed []error
	for _, is := range issuers {
		months := SettingsOf(is).KeepMonths
		if months < 0 { // for ever
			continue
		}
		if months == 0 {
			months = keepMonths
		}
		made := s.Now().AddDate(0, -months, minimiseNotice)
		failed = append(failed, eachDue(ctx, s, func(tx *ledger.Tx, limit int) ([]ledger.Award, error) {
			return tx.AwardsUnclaimedSince(ctx, is.Slug, made, limit)
		}, func(w ledger.Award) (bool, error) {
			moved, err := s.foretell(ctx, w)
			if moved {
				told++
			}
			return moved, err
		}))
	}
	failed = append(failed, eachDue(ctx, s, func(tx *ledger.Tx, limit int) ([]ledger.Award, error) {
		return tx.AwardsToMinimise(ctx, s.Now(), limit)
	}, func(w ledger.Award) (bool, error) {
		moved, err := s.minimise(ctx, w.ID)
		if moved {
			done++
		}
		return moved, err
	}))
	if told > 0 {
		s.poke()
	}
	return told, done, errors.Join(failed...)
}

// minimiseDaily is [Service.Minimise] in one slot of each day: it reads all that is
// old.
func (s *Service) minimiseDaily(ctx context.Context, slot string) (told, done int, err error) {
	if !strings.HasSuffix(slot, "T0300") {
		return 0, 0, nil
	}
	return s.Minimise(ctx)
}

// foretell tells the earner of an award when what is known of it is minimised. Who
// has declined it, or opted out, is not written to.
func (s *Service) foretell(ctx context.Context, w ledger.Award) (moved bool, err error) {
	err = s.ledger.Update(ctx, func(tx *ledger.Tx) error {
		var err error
		if moved, err = tx.SetMinimise(ctx, w.ID, endOfDay(s.Now(), minimiseNotice)); err != nil || !moved {
			return err
		}
		if stopped, err := tx.Suppressed(ctx, w.Folded, w.Issuer, mailReminder); err != nil || stopped || !w.DeclinedAt.IsZero() {
			return err
		}
		return s.queueMail(ctx, tx, w, mailKept, w.Edition)
	})
	return moved, err
}

func (s *Service) minimise(ctx context.Context, id string) (done bool, err error) {
	err = s.ledger.Update(ctx, func(tx *ledger.Tx) error {
		var err error
		if done, err = tx.Minimise(ctx, id, s.Now()); err != nil || !done {
			return err
		}
		return s.audit(ctx, tx, "accolade", "award.minimised", id, "")
	})
	return done, err
}
