package issuer

import (
	"context"
	"crypto/hmac"
	"encoding/base64"
	"encoding/hex"
	"errors"

	"github.com/accolade-badges/accolade/issuer/ledger"
	"github.com/accolade-badges/accolade/issuer/mail"
)

// ErrNoOptOut is the answer to an opt-out link that no mail of ours carried.
var ErrNoOptOut = errors.New("this link is not from one of our mails, or was cut off on the way")

// The two ways out, as reasons of a suppression.
const (
	reasonUnsubscribed = "unsubscribed"
	optOutMACSize      = 16
)

// OptOut is what an opt-out link stops: the reminders of one issuer to one
// address. Mails that must arrive, such as a revocation, go out all the same.
type OptOut struct {
	Address string // that the mail went to
	Issuer  ledger.Issuer
	Stopped bool // whether they are stopped now
}

// optOutToken returns the token of a mail's opt-out link: the mail's id and what
// only we can add to it, so that it never ends and tells nothing.
func (s *Service) optOutToken(mailID string) string {
	id, err := hex.DecodeString(mailID)
	if err != nil {
		return ""
	}
	return base64.RawURLEncoding.EncodeToString(append(id, s.derived("opt-out", mailID)[:optOutMACSize]...))
}

// offerOptOut puts the ways of stopping reminders into a letter: the link, and a
// mail to where its answers are read, by a program or by a person.
func (s *Service) offerOptOut(l *mail.Letter, m ledger.Mail) {
	token := s.optOutToken(m.ID)
	l.OptOutURL = s.urls.OptOut(token)
	l.OptOutMail, l.OptOutSubject = l.ReturnPath, "unsubscribe "+token
}

// optOutMail returns the mail whose opt-out link has a token.
func (s *Service) optOutMail(ctx context.Context, tx *ledger.Tx, token string) (m ledger.Mail, w ledger.Award, err error) {
	raw, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil || len(raw) <= optOutMACSize {
		return m, w, ErrNoOptOut
	}
	id, mac := hex.EncodeToString(raw[:len(raw)-optOutMACSize]), raw[len(raw)-optOutMACSize:]
	if !hmac.Equal(mac, s.derived("opt-out", id)[:optOutMACSize]) {
		return m, w, ErrNoOptOut
	}
	if m, err = tx.Mail(ctx, id); err == nil && m.Award != "" {
		w, err = tx.Award(ctx, m.Award)
	}
	if errors.Is(err, ledger.ErrNotFound) || err == nil && m.Award == "" {
		return m, w, ErrNoOptOut
	}
	return m, w, err
}

// OptOut tells what an opt-out link would stop, and changes nothing.
// [ErrNoOptOut] where the link is none of ours.
func (s *Service) OptOut(ctx context.Context, token string) (out OptOut, err error) {
	err = s.ledger.View(ctx, func(tx *ledger.Tx) error {
		m, w, err := s.optOutMail(ctx, tx, token)
		if err != nil {
			return err
		}
		out.Address = m.Recipient
		if out.Issuer, err = tx.Issuer(ctx, w.Issuer); err != nil {
			return err
		}
		out.Stopped, err = tx.Suppressed(ctx, folded(m.Recipient), w.Issuer, mailReminder)
		return err
	})
	return out, err
}

// StopMail stops the reminders that the link is about. Doing so twice changes
// nothing more.
func (s *Service) StopMail(ctx context.Context, token string) error {
	return s.ledger.Update(ctx, func(tx *ledger.Tx) error {
		m, w, err := s.optOutMail(ctx, tx, token)
		if err != nil {
			return err
		}
		added, err := tx.AddSuppression(ctx, ledger.Suppression{
			Folded: folded(m.Recipient), Issuer: w.Issuer, Kind: mailReminder, Reason: reasonUnsubscribed, CreatedAt: s.Now(),
		})
		if err != nil || !added {
			return err
		}
		return s.audit(ctx, tx, "earner", "mail.stopped", w.ID, mailReminder)
	})
}

// ResumeMail undoes [Service.StopMail]: reminders that are still to come go out
// again, those that were passed over do not.
func (s *Service) ResumeMail(ctx context.Context, token string) error {
	return s.ledger.Update(ctx, func(tx *ledger.Tx) error {
		m, w, err := s.optOutMail(ctx, tx, token)
		if err != nil {
			return err
		}
		stopped, err := tx.Suppressed(ctx, folded(m.Recipient), w.Issuer, mailReminder)
		if err != nil || !stopped {
			return err
		}
		if err := tx.RemoveSuppression(ctx, folded(m.Recipient), w.Issuer, mailReminder); err != nil {
			return err
		}
		return s.audit(ctx, tx, "earner", "mail.resumed", w.ID, mailReminder)
	})
}
