package issuer

import (
	"context"
	"time"

	"github.com/accolade-badges/accolade/issuer/ledger"
)

// jobRemind queues the mails that a clock asks for; args: its slot. The slot is the
// job's id, so that any number of processes runs each slot once.
const jobRemind = "remind"

const (
	remindGap = time.Minute // between two slots
	slotForm  = "20060102T1504"
)

// remindLoop queues a job for each slot of the programme's time.
func (s *Service) remindLoop(ctx context.Context) {
	for {
		slot := s.Now().Truncate(remindGap).Format(slotForm)
		err := s.ledger.Update(ctx, func(tx *ledger.Tx) error {
			j := s.job(jobRemind, slot)
			j.ID, j.Unique = jobName(jobRemind, slot), ""
			return tx.AddJob(ctx, j)
		})
		if err != nil && ctx.Err() == nil {
			s.log.Warn("reminders cannot be looked for now", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(remindGap / 2):
		}
	}
}

// Remind queues the reminders that are due and returns how many. Each is noted
// with its award in the transaction that queues it: whoever comes second, also
// after a crash, finds it noted.
func (s *Service) Remind(ctx context.Context) (queued int, err error) {
	err = eachDue(ctx, s, func(tx *ledger.Tx, limit int) ([]ledger.Award, error) {
		return tx.AwardsToRemind(ctx, s.Now(), limit)
	}, func(w ledger.Award) (bool, error) {
		sent, err := s.remindOf(ctx, w.ID)
		if sent {
			queued++
		}
		return true, err
	})
	return queued, err
}

// remindOf queues the reminder of an award, or passes over it, and notes when
// the next is due: the first of the schedule that is still to come, so that time
// that went by without us is not made up for.
func (s *Service) remindOf(ctx context.Context, id string) (queued bool, err error) {
	err = s.ledger.Update(ctx, func(tx *ledger.Tx) error {
		queued = false
		w, err := tx.Award(ctx, id)
		if err != nil || w.RemindAt.IsZero() || w.RemindAt.After(s.Now()) {
			return err // another process was first
		}
		is, err := tx.Issuer(ctx, w.Issuer)
		if err != nil {
			return err
		}
		next := nextReminder(w, SettingsOf(is).Mail, s.Now())
		why, err := s.noReminder(ctx, tx, w)
		switch {
		case err != nil:
			return err
		case why != "", w.Reminders >= len(SettingsOf(is).Mail.Schedule()):
			return tx.SetReminder(ctx, w.ID, next)
		}
		number := w.Reminders + 1
		noted, err := tx.Reminded(ctx, w.ID, number, next)
		if err != nil || !noted {
			return err
		}
		queued = true
		return s.queueNumbered(ctx, tx, w, mailReminder, 0, number)
	})
	return queued, err
}

// nextReminder is when the earner is reminded of an award next: the zero time
// where never.
func nextReminder(w ledger.Award, m MailSettings, now time.Time) time.Time {
	schedule := m.Schedule()
	if w.Reminders >= len(schedule) {
		return time.Time{}
	}
	for _, days := range schedule {
		if at := w.CreatedAt.AddDate(0, 0, days); at.After(now) {
			return at
		}
	}
	return time.Time{}
}

// needsNoReminder is [Service.noReminder] outside of a transaction.
func (s *Service) needsNoReminder(ctx context.Context, w ledger.Award) (why string, err error) {
	err = s.ledger.View(ctx, func(tx *ledger.Tx) error {
		why, err = s.noReminder(ctx, tx, w)
		return err
	})
	return why, err
}

// noReminder says why the earner is not to be reminded of an award now, or "".
func (s *Service) noReminder(ctx context.Context, tx *ledger.Tx, w ledger.Award) (string, error) {
	switch status := StatusOf(w, s.Now()); {
	case !w.ClaimedAt.IsZero():
		return "the badge was claimed", nil
	case !w.DeclinedAt.IsZero():
		return "the badge was declined", nil
	case status != Current:
		return "the badge is " + string(status), nil
	}
	stopped, err := tx.Suppressed(ctx, w.Folded, w.Issuer, mailReminder)
	if err != nil || !stopped {
		return "", err
	}
	return "the address wants no reminders", nil
}

// endReminders ends those to the address of a mail that did not arrive: what
// does not take one mail takes no other.
func (s *Service) endReminders(ctx context.Context, tx *ledger.Tx, m ledger.Mail) error {
	return tx.EndReminders(ctx, folded(m.Recipient), "")
}
