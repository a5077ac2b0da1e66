package issuer

import (
	"context"
	"errors"
	"time"

	"github.com/accolade-badges/accolade/issuer/ledger"
)

// The bounds of sending the badge mail again.
const (
	resendGap   = 10 * time.Minute
	resendsADay = 5
)

// Resend queues the badge mail of an award once more, with a fresh claim link,
// and lets reminders begin again. Where the programme's own note was never
// accepted, it goes first. Errors: [*ErrTooMany] where one went out a moment ago
// or several today; a [*ConflictError] where there is nothing to claim, its earner
// declined it, or the last one is still under way; [ErrNoAward].
func (s *Service) Resend(ctx context.Context, actor, award string) error {
	return s.resend(ctx, actor, award, false)
}

// ResendDeclined is [Service.Resend] for an earner who declined the award and
// asks its issuer for it after all, however long ago that was: it waits to be
// claimed again.
func (s *Service) ResendDeclined(ctx context.Context, actor, award string) error {
	return s.resend(ctx, actor, award, true)
}

func (s *Service) resend(ctx context.Context, actor, award string, declined bool) error {
	err := s.ledger.Update(ctx, func(tx *ledger.Tx) error {
		w, err := tx.Award(ctx, award)
		if errors.Is(err, ledger.ErrNotFound) {
			return ErrNoAward
		}
		if err != nil {
			return err
		}
		status := StatusOf(w, s.Now())
		switch {
		case !w.ClaimedAt.IsZero():
			return &ConflictError{"the badge is claimed already; its earner finds it in their account"}
		case !w.DeclinedAt.IsZero() && !declined:
			return &ConflictError{s.whyNotAgain(w)}
		case status == Revoked || status == Suspended:
			return &ConflictError{"the badge is " + string(status) + "; there is nothing to claim"}
		}
		to, err := s.mailboxOf(ctx, tx, w)
		switch {
		case err != nil:
			return err
		case to == "":
			return &ConflictError{"nobody knows an address of the earner; hand them a claim code (`accolade award code`), or give the badge an address (`accolade correct --email`)"}
		}
		mails, err := tx.MailsOf(ctx, w.ID)
		if err != nil {
			return err
		}
		if err := s.mayResend(to, mails); err != nil {
			return err
		}
		if undone, err := tx.Undecline(ctx, w.ID, time.Time{}); err != nil {
			return err
		} else if undone {
			if err := s.audit(ctx, tx, actor, "award.undeclined", w.ID, "asked for after all"); err != nil {
				return err
			}
		}
		kind := mailBadge
		if noteIsDue(mails) {
			kind = mailNote
		}
		number, err := tx.NextMailNumber(ctx, w.ID, kind, w.Edition)
		if err != nil {
			return err
		}
		if err := s.queueNumbered(ctx, tx, w, kind, w.Edition, number); err != nil {
			return err
		}
		return s.audit(ctx, tx, actor, "mail.resent", w.ID, kind)
	})
	if err == nil {
		s.poke()
	}
	return err
}

// whyNotAgain says who can bring back an award that was declined.
func (s *Service) whyNotAgain(w ledger.Award) string {
	const day = "2 January 2006"
	until := DeclinedUntil(w)
	why := "the earner declined the badge on " + w.DeclinedAt.UTC().Format(day) + " and is not written to about it; "
	if s.Now().Before(until) {
		why += "they can undo that on the claim page until " + until.UTC().Format(day) + "; "
	}
	return why + "where they have asked you for it after all, send it as a declined one (`accolade award resend --declined`)"
}

// mayResend looks at what went to the present address.
func (s *Service) mayResend(to string, mails []ledger.Mail) error {
	now, today := s.Now(), 0
	for _, m := range mails {
		if m.Recipient != to || m.Kind == mailRevoked || m.Kind == mailEnded {
			continue
		}
		state, cause := StateOf(m)
		if state == MailQueued && m.Attempts < maxAttempts {
			if cause != "" {
				cause = "; the last attempt came to: " + cause
			}
			return &ConflictError{"a mail about this badge is still under way" + cause}
		}
		if age := now.Sub(m.CreatedAt); m.Number > 0 && m.Kind != mailReminder {
			if age < resendGap {
				return &ErrTooMany{(resendGap - age).Round(time.Second)}
			}
			if age < 24*time.Hour {
				today++
			}
		}
	}
	if today >= resendsADay {
		return &ErrTooMany{24 * time.Hour}
	}
	return nil
}

// noteIsDue tells whether there is a note that no mail server has accepted.
func noteIsDue(mails []ledger.Mail) bool {
	due := false
	for _, m := range mails {
		if m.Kind != mailNote {
			continue
		}
		if state, _ := StateOf(m); state == MailAccepted {
			return false
		}
		due = true
	}
	return due
}
