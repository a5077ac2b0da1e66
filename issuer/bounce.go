package issuer

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/accolade-badges/accolade/issuer/ledger"
	"github.com/accolade-badges/accolade/issuer/mail"
)

// MailState says what became of a queued mail.
type MailState string

// What becomes of a mail.
const (
	MailQueued   MailState = "queued"   // to be sent, perhaps again
	MailAccepted MailState = "accepted" // by the mail server
	MailBounced  MailState = "bounced"  // refused by the mail server, or came back later
	MailDropped  MailState = "dropped"  // it became pointless before it was sent
)

// droppedPrefix begins the reason of every mail that became pointless.
const droppedPrefix = "not sent: "

// StateOf tells what became of a mail, and why where it did not arrive.
func StateOf(m ledger.Mail) (state MailState, cause string) {
	switch {
	case !m.BouncedAt.IsZero():
		return MailBounced, m.BounceReason
	case !m.SentAt.IsZero():
		return MailAccepted, ""
	case strings.HasPrefix(m.LastError, droppedPrefix):
		return MailDropped, strings.TrimPrefix(m.LastError, droppedPrefix)
	}
	return MailQueued, m.LastError
}

// Kinds of [Bounce].
const (
	BounceHard = "hard"      // the address takes no mail
	BounceSoft = "soft"      // it took none this time, and nobody tries again
	Complaint  = "complaint" // its reader called the mail spam
)

// Bounce is the report that a mail did not arrive, or was not wanted.
type Bounce struct {
	MessageID string    // of the mail; angle brackets are optional
	Kind      string    // BounceHard, BounceSoft or Complaint
	Reason    string    // the server's words
	At        time.Time // zero: now
}

// maxBounceReason bounds the words that are kept, in characters.
const maxBounceReason = 300

// RecordBounce notes with a mail that it came back, and ends the reminders to an
// address that takes no mail, or wants none. Noting it twice changes nothing. It
// reports false where no mail of the issuer has the id; an issuer of "" is every
// one. A fault in b is an [*InvalidError].
func (s *Service) RecordBounce(ctx context.Context, actor, issuer string, b Bounce) (known bool, err error) {
	if err := b.check(); err != nil {
		return false, err
	}
	err = s.ledger.Update(ctx, func(tx *ledger.Tx) error {
		m, err := tx.MailByMessageID(ctx, strings.Trim(strings.TrimSpace(b.MessageID), "<>"))
		if known = err == nil; errors.Is(err, ledger.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		known, err = s.bounce(ctx, tx, actor, issuer, m, b)
		return err
	})
	return known, err
}

func (b *Bounce) check() error {
	var bad []FieldError
	if strings.TrimSpace(b.MessageID) == "" || len(b.MessageID) > 500 {
		bad = append(bad, FieldError{"messageId", "must be the Message-ID of a mail of ours"})
	}
	if b.Kind != BounceHard && b.Kind != BounceSoft && b.Kind != Complaint {
		bad = append(bad, FieldError{"kind", fmt.Sprintf("%q is no kind; use %s, %s or %s", b.Kind, BounceHard, BounceSoft, Complaint)})
	}
	if bad != nil {
		return &InvalidError{bad}
	}
	b.Reason = strings.Join(strings.FieldsFunc(strings.ToValidUTF8(b.Reason, "?"), func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }), " ")
	if utf8.RuneCountInString(b.Reason) > maxBounceReason {
		b.Reason = string([]rune(b.Reason)[:maxBounceReason-1]) + "…"
	}
	if b.Reason == "" {
		b.Reason = "the mail server gave no reason"
	}
	return nil
}

// bounce notes b with m. It reports false where m is about another issuer's award.
func (s *Service) bounce(ctx context.Context, tx *ledger.Tx, actor, issuer string, m ledger.Mail, b Bounce) (bool, error) {
	at := b.At
	if now := s.Now(); at.IsZero() || at.After(now) {
		at = now
	}
	var w ledger.Award
	if m.Award != "" {
		var err error
		if w, err = tx.Award(ctx, m.Award); err != nil {
			return false, err
		}
		if issuer != "" && w.Issuer != issuer {
			return false, nil
		}
	}
	if b.Kind == Complaint {
		added, err := tx.AddSuppression(ctx, ledger.Suppression{
			Folded: folded(m.Recipient), Issuer: w.Issuer, Kind: mailReminder, Reason: "complained", CreatedAt: s.Now(),
		})
		if err != nil || !added {
			return true, err
		}
		return true, s.audit(ctx, tx, actor, "mail.complained", m.ID, b.Reason)
	}
	fresh, err := tx.BounceMail(ctx, m.ID, b.Reason, at)
	if err != nil || !fresh {
		return true, err
	}
	if b.Kind == BounceHard {
		if err := s.endReminders(ctx, tx, m); err != nil {
			return true, err
		}
	}
	s.log.Info("mail came back", "mail", m.ID, "kind", m.Kind, "award", m.Award, "permanent", b.Kind == BounceHard)
	return true, s.audit(ctx, tx, actor, "mail.bounced", m.ID, b.Reason)
}

// TakeReturned reads one mail from the return-path mailbox and does what it
// says: a failed delivery is noted with the mail, an opt-out is carried out. done
// tells in a sentence what that came to. The error wraps [mail.ErrNotReturned]
// where it is another mail, [ErrNoOptOut] or [ErrNoMail] where it is about none
// of ours.
func (s *Service) TakeReturned(ctx context.Context, actor string, r io.Reader) (done string, err error) {
	returned, err := mail.ReadReturned(r)
	switch {
	case err != nil:
		return "", err
	case returned.OptOut != "":
		return "the reminders were stopped", s.StopMail(ctx, returned.OptOut)
	case !returned.Failed:
		return "nothing to note: the mail is on its way still, or has arrived", nil
	}
	b := Bounce{MessageID: returned.MessageID, Kind: BounceSoft, Reason: strings.TrimSpace(returned.Status + " " + returned.Cause)}
	if returned.Permanent {
		b.Kind = BounceHard
	}
	if id := s.pathID(ctx, returned.Mailbox); id != "" {
		b.MessageID = id + "@" + s.urls.mailDomain()
	}
	if b.MessageID == "" {
		return "", ErrNoMail
	}
	known, err := s.RecordBounce(ctx, actor, "", b)
	if err == nil && !known {
		err = ErrNoMail
	}
	return "noted as " + b.Kind + ": " + b.Reason, err
}

// ErrNoMail is the answer to a report on a mail that is none of ours.
var ErrNoMail = errors.New("the report is about no mail of this installation")

// pathID finds the id of a mail in the return path that it was sent with, where
// an issuer's return paths carry one.
func (s *Service) pathID(ctx context.Context, mailbox string) string {
	list, err := s.Issuers(ctx)
	if err != nil {
		return ""
	}
	for _, is := range list {
		before, after, ok := strings.Cut(strings.ToLower(SenderOf(is).ReturnPath), "*")
		if !ok {
			continue
		}
		rest, fits := strings.CutPrefix(strings.ToLower(mailbox), before)
		id, ends := strings.CutSuffix(rest, after)
		if raw, err := hex.DecodeString(id); fits && ends && err == nil && len(raw) == 16 {
			return id
		}
	}
	return ""
}
