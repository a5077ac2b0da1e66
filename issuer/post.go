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

// claimDays is how long a claim link works; an older one leads to a fresh one.
const claimDays = 14 * 24 * time.Hour

// mailPicture is the side of the picture in a mail, for a display of half that.
const mailPicture = 240

// sendMail sends one queued mail. A mail is accepted by the server at most once
// unless the process dies between that and the commit; the Message-ID is the
// same then, so that mailboxes show it once.
func (s *Service) sendMail(ctx context.Context, id string, finish func(*ledger.Tx) error) error {
	m, p, err := s.queuedMail(ctx, id)
	if err != nil {
		return err
	}
	if !m.SentAt.IsZero() {
		return s.ledger.Update(ctx, finish)
	}
	if m.Kind != mailRevoked && p.Status == Revoked {
		return s.giveUpMail(ctx, id, "not sent: the award was revoked before it could be", finish)
	}
	if m.Kind != mailRevoked && m.Recipient != p.Award.Address {
		return s.giveUpMail(ctx, id, "not sent: the address was corrected before it could be", finish)
	}
	if p.Edition.Number < p.Award.Edition && m.Kind != mailRevoked {
		if err := s.signAward(ctx, p.Award.ID, func(*ledger.Tx) error { return nil }); err != nil {
			return err
		}
	}
	message, err := s.compose(ctx, m, p)
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
	s.log.Warn("mail refused for good", "mail", id, "award", p.Award.ID, "error", err)
	return s.giveUpMail(ctx, id, err.Error(), finish)
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

func (s *Service) queuedMail(ctx context.Context, id string) (m ledger.Mail, p *Publication, err error) {
	err = s.ledger.View(ctx, func(tx *ledger.Tx) error {
		var err error
		m, err = tx.Mail(ctx, id)
		return err
	})
	if err != nil {
		return m, nil, fmt.Errorf("mail %s: %w", id, err)
	}
	p, err = s.AnyPublication(ctx, m.Award)
	return m, p, err
}

// compose writes the message of a queued mail, with a fresh claim link where it
// needs one.
func (s *Service) compose(ctx context.Context, m ledger.Mail, p *Publication) (*mail.Message, error) {
	var candidate ledger.Candidate
	err := s.ledger.View(ctx, func(tx *ledger.Tx) error {
		var err error
		candidate, err = tx.Candidate(ctx, p.Award.Candidate)
		return err
	})
	if err != nil {
		return nil, err
	}
	a := mail.Award{
		Letter: mail.Letter{
			ID: m.MessageID, Date: s.Now(), From: p.Issuer.Email, ReplyTo: p.Issuer.Email, To: m.Recipient, ToName: p.Award.Name,
			Issuer: p.Issuer.Name, IssuerSlug: p.Issuer.Slug, IssuerURL: p.Issuer.URL, Colour: p.Issuer.Colour,
		},
		Achievement: p.Facts.Title, PictureURL: s.urls.Achievement(p.Achievement.Slug, fmt.Sprintf("/image.png?size=%d", mailPicture)),
		AttainedAt: p.Award.AttainedAt, ExpiresAt: p.Award.ExpiresAt, BadgeURL: s.urls.Badge(p.Award.ID, ""),
	}
	switch m.Kind {
	case mailRevoked:
		a.Reason = p.Award.RevocationReason
		return mail.ComposeRevocation(candidate.Locale, a)
	case mailCorrected:
		if a.ClaimURL, a.ClaimUntil, err = s.newClaimLink(ctx, p.Award.ID); err != nil {
			return nil, err
		}
		return mail.ComposeCorrection(candidate.Locale, a)
	case mailBadge:
		if a.ClaimURL, a.ClaimUntil, err = s.newClaimLink(ctx, p.Award.ID); err != nil {
			return nil, err
		}
		return mail.ComposeAward(candidate.Locale, a)
	}
	return nil, fmt.Errorf("mail %s: %w: no such kind %q", m.ID, mail.ErrInvalid, m.Kind)
}

// newClaimLink makes a claim link; only its hash is kept.
func (s *Service) newClaimLink(ctx context.Context, award string) (string, time.Time, error) {
	token := base64.RawURLEncoding.EncodeToString(s.random(24))
	now := s.Now()
	until := now.Add(claimDays)
	err := s.ledger.Update(ctx, func(tx *ledger.Tx) error {
		return tx.AddClaimLink(ctx, ledger.ClaimLink{Hash: tokenHash(token), Award: award, CreatedAt: now, ExpiresAt: until})
	})
	return s.urls.Claim(token), until, err
}

// ClaimLink returns the award that a claim link leads to, whatever its
// visibility: the link is the earner's. A link that is unknown or too old
// answers [ErrNotPublished].
func (s *Service) ClaimLink(ctx context.Context, token string) (*Publication, error) {
	var l ledger.ClaimLink
	err := s.ledger.View(ctx, func(tx *ledger.Tx) error {
		var err error
		l, err = tx.ClaimLink(ctx, tokenHash(token))
		return unpublished(err)
	})
	if err != nil {
		return nil, err
	}
	if !s.Now().Before(l.ExpiresAt) || !l.UsedAt.IsZero() {
		return nil, ErrNotPublished
	}
	return s.AnyPublication(ctx, l.Award)
}
