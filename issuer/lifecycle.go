package issuer

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"

	"github.com/accolade-badges/accolade/issuer/ledger"
)

// ErrNoAward is returned where an award id names nothing.
var ErrNoAward = errors.New("there is no award with this id; copy it from the badge's address or from `accolade badge list`")

// reasonText checks the reason that a person gave for an act.
func reasonText(reason string) (string, error) {
	reason = strings.TrimSpace(norm.NFC.String(reason))
	switch {
	case reason == "":
		return "", &InvalidError{[]FieldError{{"reason", "is missing; say why in a sentence, the earner and every verifier will read it"}}}
	case len([]rune(reason)) > 500:
		return "", &InvalidError{[]FieldError{{"reason", "has more than 500 characters"}}}
	case strings.ContainsFunc(reason, isControl):
		return "", &InvalidError{[]FieldError{{"reason", "has a line break or another control character; write one line"}}}
	}
	return reason, nil
}

// change runs fn on one award in a transaction.
func (s *Service) change(ctx context.Context, id string, fn func(tx *ledger.Tx, w ledger.Award) error) error {
	err := s.ledger.Update(ctx, func(tx *ledger.Tx) error {
		w, err := tx.Award(ctx, id)
		if errors.Is(err, ledger.ErrNotFound) {
			return ErrNoAward
		}
		if err != nil {
			return err
		}
		return fn(tx, w)
	})
	if err == nil {
		s.poke()
	}
	return err
}

// Revoke ends an award for ever: every published form says so at once, and the
// earner is told. Revoking a revoked award changes nothing.
func (s *Service) Revoke(ctx context.Context, actor, id, reason string) error {
	reason, err := reasonText(reason)
	if err != nil {
		return err
	}
	return s.change(ctx, id, func(tx *ledger.Tx, w ledger.Award) error {
		return s.revoke(ctx, tx, actor, w, reason, s.Now())
	})
}

// revoke is [Service.Revoke] inside a transaction.
func (s *Service) revoke(ctx context.Context, tx *ledger.Tx, actor string, w ledger.Award, reason string, at time.Time) error {
	changed, err := tx.Revoke(ctx, w.ID, reason, at)
	if err != nil || !changed {
		return err
	}
	if err := tx.TouchStatusList(ctx, w.StatusList); err != nil {
		return err
	}
	if err := tx.VoidClaimLinks(ctx, w.ID, at); err != nil {
		return err
	}
	if err := s.queueMail(ctx, tx, w, mailRevoked, 0); err != nil {
		return err
	}
	s.log.Info("award revoked", "award", w.ID, "actor", actor)
	return s.audit(ctx, tx, actor, "award.revoked", w.ID, reason)
}

// Suspend takes an award out of force until [Service.Reinstate]. Suspending a
// suspended award changes nothing; a revoked one is refused.
func (s *Service) Suspend(ctx context.Context, actor, id, reason string) error {
	reason, err := reasonText(reason)
	if err != nil {
		return err
	}
	return s.change(ctx, id, func(tx *ledger.Tx, w ledger.Award) error {
		if !w.RevokedAt.IsZero() {
			return &ConflictError{"the award is revoked, and a revocation is for ever; there is nothing left to suspend"}
		}
		changed, err := tx.Suspend(ctx, id, reason, s.Now())
		if err != nil || !changed {
			return err
		}
		if err := tx.TouchStatusList(ctx, w.StatusList); err != nil {
			return err
		}
		s.log.Info("award suspended", "award", id, "actor", actor)
		return s.audit(ctx, tx, actor, "award.suspended", id, reason)
	})
}

// Reinstate puts a suspended award back into force.
func (s *Service) Reinstate(ctx context.Context, actor, id, reason string) error {
	reason, err := reasonText(reason)
	if err != nil {
		return err
	}
	return s.change(ctx, id, func(tx *ledger.Tx, w ledger.Award) error {
		switch {
		case !w.RevokedAt.IsZero():
			return &ConflictError{"the award is revoked, and a revocation is for ever; award it anew if it was a mistake"}
		case w.SuspendedAt.IsZero():
			return nil
		}
		changed, err := tx.Reinstate(ctx, id)
		if err != nil || !changed {
			return err
		}
		if err := tx.TouchStatusList(ctx, w.StatusList); err != nil {
			return err
		}
		s.log.Info("award reinstated", "award", id, "actor", actor)
		return s.audit(ctx, tx, actor, "award.reinstated", id, reason)
	})
}

// Correction is what [Service.Correct] may change of an award.
type Correction struct {
	GivenName, FamilyName string // the name it is issued to; both empty leave it
	Email                 string // the address that it is tied to; empty leaves it
}

// Correct changes whom an award is issued to and signs a new edition under the
// same id; the earner is told. A new address takes the place of the old one, for
// the candidate's other awards too that wait to be claimed there. A correction that
// changes nothing signs nothing.
func (s *Service) Correct(ctx context.Context, actor, id string, c Correction, reason string) error {
	reason, err := reasonText(reason)
	if err != nil {
		return err
	}
	name := strings.TrimSpace(norm.NFC.String(FullName(strings.TrimSpace(c.GivenName), strings.TrimSpace(c.FamilyName))))
	email := strings.TrimSpace(norm.NFC.String(c.Email))
	if strings.ContainsFunc(name, isControl) || len([]rune(name)) > 400 {
		return &InvalidError{[]FieldError{{"name", "must be plain text of at most 400 characters"}}}
	}
	mailbox := ""
	if email != "" {
		if mailbox, err = FoldAddress(email); err != nil {
			return &InvalidError{[]FieldError{{"email", err.Error()}}}
		}
	}
	if name == "" && email == "" {
		return &InvalidError{[]FieldError{{"name", "give a new name, a new address, or both"}}}
	}
	first, err := s.firstMailOf(ctx, id)
	if err != nil {
		return err
	}
	return s.change(ctx, id, func(tx *ledger.Tx, w ledger.Award) error {
		c := changes{name: name, email: email, mailbox: mailbox, first: first}
		if err := s.correct(ctx, tx, actor, w, c, reason); err != nil || mailbox == "" || mailbox == w.Folded {
			return err
		}
		return s.leaveAddress(ctx, tx, actor, w, c, reason)
	})
}

// leaveAddress takes the address that an award had before its correction from its
// candidate: a mailbox that may be a stranger's is nobody's identity, and gets
// nothing that still waits.
func (s *Service) leaveAddress(ctx context.Context, tx *ledger.Tx, actor string, before ledger.Award, c changes, reason string) error {
	if before.Folded == "" {
		return nil
	}
	if err := tx.RemoveAddress(ctx, before.Candidate, before.Folded); err != nil {
		return err
	}
	awards, err := tx.AwardsOf(ctx, before.Candidate)
	if err != nil {
		return err
	}
	c.name = ""
	for _, w := range awards {
		if w.ID == before.ID || w.Folded != before.Folded || w.Account != "" || !w.RevokedAt.IsZero() {
			continue
		}
		if err := s.correct(ctx, tx, actor, w, c, reason); err != nil {
			return err
		}
	}
	if before.Account != "" {
		return nil // its owner has another address now
	}
	account, err := tx.CandidateAccount(ctx, before.Candidate)
	if err != nil {
		if errors.Is(err, ledger.ErrNotFound) {
			return nil
		}
		return err
	}
	switch x, err := tx.AccountAddress(ctx, c.mailbox); {
	case err == nil && x.Account == account:
		return nil
	case err != nil && !errors.Is(err, ledger.ErrNotFound):
		return err
	}
	return tx.UnlinkCandidate(ctx, before.Candidate)
}

// changes are what a correction makes of an award. What is empty stays.
type changes struct {
	name    string
	email   string
	mailbox string // the email as addresses are compared
	first   string // kind of mail that tells of an unclaimed award at an address which is new to it
}

// correct is [Service.Correct] inside a transaction.
func (s *Service) correct(ctx context.Context, tx *ledger.Tx, actor string, w ledger.Award, c changes, reason string) error {
	if !w.RevokedAt.IsZero() {
		return &ConflictError{"the award is revoked; a revoked award is not corrected"}
	}
	before := w
	if c.name != "" {
		w.Name = c.name
	}
	if c.email != "" {
		w.Address = c.email
	}
	if w.Name == before.Name && w.Address == before.Address {
		return nil
	}
	if c.mailbox != "" {
		candidate, err := tx.Candidate(ctx, w.Candidate)
		if err != nil {
			return err
		}
		if _, err := tx.AddAddress(ctx, candidate, c.email, c.mailbox, s.Now()); err != nil {
			return err
		}
	}
	w.Folded = folded(w.Address)
	edition, err := tx.Correct(ctx, w.ID, w.Name, w.Address, w.Folded)
	if err != nil {
		return err
	}
	if w.Folded != before.Folded {
		if err := s.forgetReader(ctx, tx, actor, before); err != nil {
			return err
		}
	}
	kind := mailCorrected
	if c.first != "" && before.Account == "" && w.Folded != before.Folded { // its reader has never heard of it
		kind = c.first
	}
	if err := s.queueMail(ctx, tx, w, kind, edition, s.job(jobSign, w.ID)); err != nil {
		return err
	}
	s.log.Info("award corrected", "award", w.ID, "actor", actor)
	return s.audit(ctx, tx, actor, "award.corrected", w.ID, reason)
}

// forgetReader undoes what went to or came from a mailbox that may be a stranger's:
// claim links, and a refusal of the award.
func (s *Service) forgetReader(ctx context.Context, tx *ledger.Tx, actor string, w ledger.Award) error {
	if err := tx.VoidClaimLinks(ctx, w.ID, s.Now()); err != nil {
		return err
	}
	if w.Folded == "" { // who refused it held its code
		return nil
	}
	undone, err := tx.Undecline(ctx, w.ID, time.Time{})
	if err != nil || !undone {
		return err
	}
	return s.audit(ctx, tx, actor, "award.undeclined", w.ID, "its address was corrected")
}

// SetVisibility decides, on the earner's behalf, who may see an award: private,
// unlisted (who has the link) or public.
func (s *Service) SetVisibility(ctx context.Context, actor, id, visibility string) error {
	switch visibility {
	case ledger.Private, ledger.Unlisted, ledger.Public:
	default:
		return &InvalidError{[]FieldError{{"visibility", fmt.Sprintf("%q is no visibility; use private, unlisted or public", visibility)}}}
	}
	return s.change(ctx, id, func(tx *ledger.Tx, w ledger.Award) error {
		if w.Visibility == visibility {
			return nil
		}
		if err := tx.SetVisibility(ctx, id, visibility); err != nil {
			return err
		}
		s.log.Info("award visibility set", "award", id, "actor", actor, "visibility", visibility)
		return s.audit(ctx, tx, actor, "award.visibility_changed", id, w.Visibility+" to "+visibility)
	})
}
