package issuer

import (
	"context"
	"time"

	"github.com/accolade-badges/accolade/issuer/ledger"
)

// endedRecently is how long ago a badge may have ended for its earner to be told:
// what ended while nobody ran this, or was brought along from elsewhere, is no news.
const endedRecently = 30 * 24 * time.Hour

// TellEnded queues a mail to the earner of each claimed badge that has ended, once
// for each end, and returns how many. Other sites go on showing the badge that
// they were told of once; its earner is who can mend that.
func (s *Service) TellEnded(ctx context.Context) (queued int, err error) {
	err = eachDue(ctx, s, func(tx *ledger.Tx, limit int) ([]ledger.Award, error) {
		return tx.AwardsEnded(ctx, s.Now().Add(-endedRecently), s.Now(), mailEnded, limit)
	}, func(w ledger.Award) (bool, error) {
		told, err := s.tellEnded(ctx, w.ID)
		if told {
			queued++
		}
		return told, err
	})
	return queued, err
}

// tellEnded queues the mail about one award. It reports false where that was done
// already, or the award is no longer the account's.
func (s *Service) tellEnded(ctx context.Context, id string) (queued bool, err error) {
	err = s.ledger.Update(ctx, func(tx *ledger.Tx) error {
		queued = false
		w, err := tx.Award(ctx, id)
		if err != nil || w.Account == "" || StatusOf(w, s.Now()) != Expired {
			return err
		}
		a, err := accountIn(ctx, tx, w.Account)
		if err != nil || a.Primary() == "" {
			return err
		}
		mail := s.newOrderedID()
		queued, err = tx.AddMail(ctx, ledger.Mail{
			ID: mail, Award: w.ID, Kind: mailEnded, Edition: w.Edition, Account: a.ID, Language: a.Language, Recipient: a.Primary(),
			MessageID: mail + "@" + s.urls.mailDomain(), CreatedAt: s.Now(),
		})
		if err != nil || !queued {
			return err
		}
		return tx.AddJob(ctx, s.job(jobMail, mail))
	})
	return queued, err
}
