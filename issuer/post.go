package issuer

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"time"

	"github.com/accolade-badges/accolade/issuer/ledger"
	"github.com/accolade-badges/accolade/issuer/mail"
)

// claimDays is how many days a claim link works, to the end of the last one; an older
// one leads to a fresh one.
const claimDays = 14

// endOfDay is the last second of the day, in UTC, that comes days after t: whoever
// reads a date takes it to count as a whole.
func endOfDay(t time.Time, days int) time.Time {
	y, m, d := t.UTC().Date()
	return time.Date(y, m, d+days, 23, 59, 59, 0, time.UTC)
}

// mailPictureSide is the side of the picture in a mail, for a display of half that.
const mailPictureSide = 336

// mailPicture is the address of the picture in a mail, with words of its language.
func (s *Service) mailPicture(p *Publication, words *drawnWords) string {
	query := fmt.Sprintf("/image.png?size=%d", mailPictureSide)
	if words != drawn("en") {
		query += "&lang=" + words.tag
	}
	return s.urls.Achievement(p.Achievement.Slug, query)
}

// unsendable is why a queued mail is not sent and never will be. It is noted
// with the mail, and is no failure.
type unsendable string

func (u unsendable) Error() string { return string(u) }

// sendMail sends one queued mail. A mail is accepted by the server at most once
// unless the process dies between that and the commit; the Message-ID is the
// same then, so that mailboxes show it once.
func (s *Service) sendMail(ctx context.Context, id string, finish func(*ledger.Tx) error) error {
	m, err := s.queuedMail(ctx, id)
	if err != nil {
		return err
	}
	if !m.SentAt.IsZero() {
		return s.ledger.Update(ctx, finish)
	}
	if m.Recipient == "" {
		return s.giveUpMail(ctx, id, "not sent: the account was deleted before it could be", finish)
	}
	message, err := s.compose(ctx, m)
	var not unsendable
	if errors.As(err, &not) {
		return s.giveUpMail(ctx, id, not.Error(), finish)
	}
	if err == nil {
		err = s.sender.Send(ctx, message)
	}
	switch {
	case err == nil: // noted also where ctx has ended, or it would be sent again
		ctx := context.WithoutCancel(ctx)
		return s.ledger.Update(ctx, func(tx *ledger.Tx) error {
			if err := tx.MarkMailSent(ctx, id, s.Now(), nil); err != nil {
				return err
			}
			if err := s.follow(ctx, tx, m); err != nil {
				return err
			}
			if _, err := s.forgetFarewell(ctx, tx, m); err != nil {
				return err
			}
			return finish(tx)
		})
	case ctx.Err() != nil:
		return err
	case mail.Temporary(err):
		failed := s.ledger.Update(ctx, func(tx *ledger.Tx) error { return tx.MarkMailFailed(ctx, id, err.Error()) })
		return errors.Join(err, failed)
	}
	// The address will never take it: that is an answer too, shown with the
	// award. The badge waits for a corrected address.
	s.log.Warn("mail refused for good", "mail", id, "kind", m.Kind, "award", m.Award, "error", err)
	return s.ledger.Update(ctx, func(tx *ledger.Tx) error {
		if err := tx.MarkMailFailed(ctx, id, err.Error()); err != nil {
			return err
		}
		if gone, err := s.forgetFarewell(ctx, tx, m); err != nil {
			return err
		} else if gone {
			return finish(tx)
		}
		if _, err := s.bounce(ctx, tx, "mail", "", m, refusal(err)); err != nil {
			return err
		}
		return finish(tx)
	})
}

// refusal is a bounce that the mail server told at once.
func refusal(err error) Bounce {
	b := Bounce{Kind: BounceHard, Reason: err.Error()}
	var delivery *mail.DeliveryError
	if errors.As(err, &delivery) {
		b.Reason = delivery.Err.Error()
	}
	return b
}

// follow does what waits for a mail to be accepted by the mail server: the badge
// mail follows the programme's own note, and reminders follow the badge mail.
func (s *Service) follow(ctx context.Context, tx *ledger.Tx, m ledger.Mail) error {
	if m.Kind != mailNote && m.Kind != mailBadge && m.Kind != mailCorrected {
		return nil
	}
	w, err := tx.Award(ctx, m.Award)
	switch {
	case err != nil:
		return err
	case m.Kind == mailNote:
		return s.queueNumbered(ctx, tx, w, mailBadge, m.Edition, m.Number)
	case !w.RemindAt.IsZero() || !w.ClaimedAt.IsZero() || !w.DeclinedAt.IsZero():
		return nil
	case unaddressed(w): // an account that has more to see there anyway
		return nil
	}
	is, err := tx.Issuer(ctx, w.Issuer)
	if err != nil {
		return err
	}
	next := nextReminder(w, SettingsOf(is).Mail, s.Now())
	if next.IsZero() {
		return nil
	}
	return tx.SetReminder(ctx, w.ID, next)
}

// giveUpMail notes why a mail will never be sent.
func (s *Service) giveUpMail(ctx context.Context, id, why string, finish func(*ledger.Tx) error) error {
	return s.ledger.Update(ctx, func(tx *ledger.Tx) error {
		if err := tx.MarkMailFailed(ctx, id, why); err != nil {
			return err
		}
		return finish(tx)
	})
}

func (s *Service) queuedMail(ctx context.Context, id string) (m ledger.Mail, err error) {
	err = s.ledger.View(ctx, func(tx *ledger.Tx) error {
		var err error
		m, err = tx.Mail(ctx, id)
		return err
	})
	if err != nil {
		return m, fmt.Errorf("mail %s: %w", id, err)
	}
	return m, nil
}

// compose writes the message of a queued mail and has it signed for its domain.
// The error is [unsendable] where the mail has become pointless.
func (s *Service) compose(ctx context.Context, m ledger.Mail) (*mail.Message, error) {
	write := s.composeAward
	if m.Award == "" {
		write = s.composeLetter
	}
	message, err := write(ctx, m)
	if err != nil {
		return nil, err
	}
	message.Signature, err = s.signature(ctx, message.From)
	return message, err
}

// composeAward writes a mail about an award, with a fresh claim link where it
// needs one.
func (s *Service) composeAward(ctx context.Context, m ledger.Mail) (*mail.Message, error) {
	p, err := s.AnyPublication(ctx, m.Award)
	if err != nil {
		return nil, err
	}
	if err := s.pointless(ctx, m, p); err != nil {
		return nil, err
	}
	if p.Edition.Number < p.Award.Edition && m.Kind != mailRevoked {
		if err := s.signAward(ctx, p.Award.ID, func(*ledger.Tx) error { return nil }); err != nil {
			return nil, err
		}
	}
	locale, err := s.localeOf(ctx, m, p)
	if err != nil {
		return nil, err
	}
	words := drawn(locale)
	a := mail.Award{
		Letter:      s.letterOf(p.Issuer, m, p.Award.Name),
		Achievement: words.title(p.Facts), PictureURL: s.mailPicture(p, words),
		AttainedAt: p.Award.AttainedAt, ExpiresAt: p.Award.ExpiresAt, BadgeURL: s.urls.Badge(p.Award.ID, ""),
	}
	if m.Kind == mailRevoked {
		a.Reason = p.Award.RevocationReason
		return mail.ComposeRevocation(locale, a)
	}
	if m.Kind == mailEnded {
		a.ClaimURL = s.urls.MyBadge(p.Award.ID)
		return mail.ComposeEnd(locale, a)
	}
	if a.ClaimURL, a.ClaimUntil, err = s.earnersLink(ctx, p.Award); err != nil {
		return nil, err
	}
	if m.Kind == mailCorrected {
		return mail.ComposeCorrection(locale, a)
	}
	s.offerOptOut(&a.Letter, m)
	own, err := s.ownWords(ctx, p.Issuer.Slug)
	if err != nil {
		return nil, err
	}
	switch m.Kind {
	case mailNote:
		return mail.ComposeNote(locale, own.Note, a)
	case mailBadge:
		if !p.Award.ClaimedAt.IsZero() {
			return mail.ComposeAccepted(locale, a)
		}
		a.Own = own.Badge
		return mail.ComposeAward(locale, a)
	case mailReminder:
		a.Own = own.Reminder
		return mail.ComposeReminder(locale, a)
	}
	return nil, fmt.Errorf("mail %s: %w: no such kind %q", m.ID, mail.ErrInvalid, m.Kind)
}

// pointless tells why a mail about an award need not be sent any more.
func (s *Service) pointless(ctx context.Context, m ledger.Mail, p *Publication) error {
	switch {
	case m.Kind == mailRevoked:
		return nil
	case m.Kind == mailEnded && p.Award.ExpiresAt.After(s.Now()):
		return unsendable(droppedPrefix + "the badge was renewed before it could be")
	case p.Status == Revoked:
		return unsendable(droppedPrefix + "the award was revoked before it could be")
	case m.Kind == mailEnded, p.Award.Address == "":
		return s.stillReads(ctx, m, p.Award)
	case m.Recipient != p.Award.Address:
		return unsendable(droppedPrefix + "the address was corrected before it could be")
	}
	if m.Kind != mailReminder {
		return nil
	}
	why, err := s.needsNoReminder(ctx, p.Award)
	if err == nil && why != "" {
		err = unsendable(droppedPrefix + why)
	}
	return err
}

// stillReads tells why a mail that was queued for an account's address need not be
// sent any more: the award is another account's by now, or the address no account's.
func (s *Service) stillReads(ctx context.Context, m ledger.Mail, w ledger.Award) error {
	return s.ledger.View(ctx, func(tx *ledger.Tx) error {
		account, err := accountOfAward(ctx, tx, w)
		if err != nil {
			return err
		}
		x, err := tx.AccountAddress(ctx, folded(m.Recipient))
		if errors.Is(err, ledger.ErrNotFound) || err == nil && x.Account != account {
			return unsendable(droppedPrefix + "the address was removed from the account before it could be")
		}
		return err
	})
}

// localeOf is the language of a mail about an award: the mail's own, else that
// of whoever was examined.
func (s *Service) localeOf(ctx context.Context, m ledger.Mail, p *Publication) (string, error) {
	if m.Language != "" {
		return m.Language, nil
	}
	locale := ""
	err := s.ledger.View(ctx, func(tx *ledger.Tx) error {
		reader, err := tx.AccountByAddress(ctx, folded(m.Recipient))
		if err != nil && !errors.Is(err, ledger.ErrNotFound) {
			return err
		}
		if locale = reader.Language; locale != "" {
			return nil
		}
		candidate, err := tx.Candidate(ctx, p.Award.Candidate)
		locale = candidate.Locale
		return err
	})
	return locale, err
}

// earnersLink is where an earner sees an award: in their account where they have
// claimed it, or it is known to be theirs and tied to no address, and by a fresh
// claim link otherwise.
func (s *Service) earnersLink(ctx context.Context, w ledger.Award) (string, time.Time, error) {
	if w.Account != "" || unaddressed(w) {
		return s.urls.MyBadge(w.ID), time.Time{}, nil
	}
	return s.newClaimLink(ctx, w.ID)
}

// newClaimLink makes a claim link; only its hash is kept.
func (s *Service) newClaimLink(ctx context.Context, award string) (string, time.Time, error) {
	token := base64.RawURLEncoding.EncodeToString(s.random(24))
	now := s.Now()
	until := endOfDay(now, claimDays)
	err := s.ledger.Update(ctx, func(tx *ledger.Tx) error {
		return tx.AddClaimLink(ctx, ledger.ClaimLink{Hash: tokenHash(token), Award: award, CreatedAt: now, ExpiresAt: until})
	})
	return s.urls.Claim(token), until, err
}

// ClaimLink returns the award that a claim link leads to, whatever its
// visibility, for the link is the earner's; and when the link stops working. One
// that is unknown or too old answers [ErrNotPublished].
func (s *Service) ClaimLink(ctx context.Context, token string) (p *Publication, until time.Time, err error) {
	var l ledger.ClaimLink
	err = s.ledger.View(ctx, func(tx *ledger.Tx) error {
		var err error
		l, err = tx.ClaimLink(ctx, tokenHash(token))
		return unpublished(err)
	})
	if err == nil && (!s.Now().Before(l.ExpiresAt) || !l.UsedAt.IsZero()) {
		err = ErrNotPublished
	}
	if err != nil {
		return nil, until, err
	}
	p, err = s.AnyPublication(ctx, l.Award)
	return p, l.ExpiresAt, err
}
