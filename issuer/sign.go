package issuer

import (
	"context"
	"crypto"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/accolade-badges/accolade/issuer/catalogue"
	"github.com/accolade-badges/accolade/issuer/keys"
	"github.com/accolade-badges/accolade/issuer/ledger"
	"github.com/accolade-badges/accolade/openbadges"
	"github.com/accolade-badges/accolade/openbadges/proof"
	"github.com/accolade-badges/accolade/openbadges/strictjson"
	"github.com/accolade-badges/accolade/verifier"
	"github.com/accolade-badges/accolade/verifier/fetch"
)

// RefusedError says why a draft was not signed, or a signed credential not
// stored.
type RefusedError struct {
	Award   string
	Reasons []string
}

func (e *RefusedError) Error() string {
	return fmt.Sprintf("award %s is not signed: %v", e.Award, e.Reasons)
}

// signAward signs the award's next edition if it lacks one. The steps stand in
// this order, and none may be skipped:
//
//  1. read the award and all that it is made of
//  2. draft the credential
//  3. lint it: what [openbadges.Document.Validate] refuses never meets a key
//  4. sign it with the issuer's current Ed25519 key
//  5. verify it as everybody else will
//  6. store it, together with finish
func (s *Service) signAward(ctx context.Context, id string, finish func(*ledger.Tx) error) error {
	d, number, err := s.readDraft(ctx, id)
	if err != nil {
		return err
	}
	if number == 0 { // signed already, by a run that was cut off before it could say so
		return s.ledger.Update(ctx, finish)
	}
	document, err := s.lint(d)
	if err != nil {
		return err
	}
	key, signer, err := s.signingKey(ctx, d.issuer.Slug, keys.Ed25519)
	if err != nil {
		return err
	}
	s.log.Info("signing", "award", id, "edition", number, "key", key.Name)
	signed, err := proof.Sign(document, signer, proof.Options{
		Cryptosuite: proof.EddsaRDFC2022, VerificationMethod: s.methodID(d.issuer, key.Name), Created: s.Now().Truncate(time.Second),
	})
	if err != nil {
		return fmt.Errorf("sign award %s: %w", id, err)
	}
	raw := signed.Append(nil)
	if err := s.verifyOwn(ctx, id, raw, s.withNewest(id, raw)); err != nil {
		return err
	}
	edition := ledger.Edition{
		Award: id, Number: number, Credential: raw, KeyName: key.Name, ValidFrom: d.validFrom,
		ValidUntil: d.award.ExpiresAt, SignedAt: s.Now(), AchievementVersion: d.achievement.Version,
		Subject: d.ids.subject, Salt: d.ids.salt,
	}
	err = s.ledger.Update(ctx, func(tx *ledger.Tx) error {
		if w, err := tx.Award(ctx, id); err != nil {
			return err
		} else if !w.ErasedAt.IsZero() { // since it was read: nothing of its earner may come back
			return finish(tx)
		}
		if _, err := tx.AddEdition(ctx, edition); err != nil {
			return err
		}
		if err := tx.AddJob(ctx, s.job(jobSeal, id)); err != nil {
			return err
		}
		if err := finish(tx); err != nil {
			return err
		}
		return s.signNext(ctx, tx, id, number)
	})
	if err == nil {
		s.log.Info("signed", "award", id, "edition", number, "key", key.Name)
	}
	return err
}

// signNext queues the edition after number where a correction asked for one
// while that was being signed: its own job gave way to the one that was under
// way.
func (s *Service) signNext(ctx context.Context, tx *ledger.Tx, id string, number int) error {
	w, err := tx.Award(ctx, id)
	if err != nil || w.Edition <= number {
		return err
	}
	return tx.AddJob(ctx, s.job(jobSign, id))
}

// readDraft gathers what the award's next edition is made of. Number 0 means
// that the newest edition is signed already.
func (s *Service) readDraft(ctx context.Context, id string) (d draft, number int, err error) {
	err = s.ledger.View(ctx, func(tx *ledger.Tx) error {
		var err error
		if d.award, err = tx.Award(ctx, id); err != nil {
			return fmt.Errorf("award %s: %w", id, err)
		}
		if !d.award.ErasedAt.IsZero() {
			number = 0
			return nil
		}
		last, err := tx.Edition(ctx, id)
		switch {
		case errors.Is(err, ledger.ErrNotFound):
			d.ids, d.validFrom, number = s.newSubjectIDs(), d.award.AttainedAt, 1
		case err != nil:
			return err
		case last.Number >= d.award.Edition:
			number = 0
			return nil
		default:
			d.ids, d.validFrom, number = subjectIDs{last.Subject, s.newSalt()}, s.Now().Truncate(time.Second), d.award.Edition
			if !d.validFrom.After(last.ValidFrom) {
				d.validFrom = last.ValidFrom.Add(time.Second)
			}
		}
		if d.others, err = s.otherAddresses(ctx, tx, d.award); err != nil {
			return err
		}
		return s.readParts(ctx, tx, &d)
	})
	return d, number, err
}

// readParts fills in what a draft's award refers to.
func (s *Service) readParts(ctx context.Context, tx *ledger.Tx, d *draft) error {
	var err error
	if d.issuer, err = tx.Issuer(ctx, d.award.Issuer); err != nil {
		return err
	}
	if d.achievement, err = tx.AchievementVersion(ctx, d.award.Achievement, d.award.AchievementVersion); err != nil {
		return err
	}
	if d.facts, err = factsOf(d.achievement); err != nil {
		return err
	}
	d.list, err = tx.StatusList(ctx, d.award.StatusList)
	return err
}

func factsOf(a ledger.Achievement) (catalogue.AchievementFacts, error) {
	var f catalogue.AchievementFacts
	if err := json.Unmarshal(a.Data, &f); err != nil {
		return f, fmt.Errorf("achievement %s, version %d: %w", a.Slug, a.Version, err)
	}
	return f, nil
}

// lint turns a draft into the document to sign and refuses it where it breaks
// a rule of the standard.
func (s *Service) lint(d draft) (*strictjson.Value, error) {
	raw, err := json.Marshal(s.credential(d))
	if err != nil {
		return nil, fmt.Errorf("award %s: %w", d.award.ID, err)
	}
	doc, err := openbadges.Parse(raw)
	if err != nil {
		return nil, fmt.Errorf("award %s: %w", d.award.ID, err)
	}
	var reasons []string
	for _, p := range doc.Validate() { // what is forgiven to others is not to us
		reasons = append(reasons, p.Path+": "+p.Message)
	}
	if reasons != nil {
		return nil, &RefusedError{d.award.ID, reasons}
	}
	return doc.JSON, nil
}

// verifyOwn asks the public verifier about a credential that was just signed.
// A badge may be expired on the day it is signed, or suspended or revoked while
// it waited; all else that is not valid is refused.
func (s *Service) verifyOwn(ctx context.Context, id string, raw []byte, o verifier.Options) error {
	report, err := verifier.Verify(ctx, verifier.Input{Data: raw}, o)
	if err != nil {
		return fmt.Errorf("verify award %s: %w", id, err)
	}
	switch report.Verdict {
	case verifier.Valid, verifier.Expired, verifier.Suspended, verifier.Revoked:
		return nil
	}
	reasons := []string{report.Summary}
	for _, c := range report.Checks {
		if c.Outcome == verifier.Failed || c.Outcome == verifier.Unchecked {
			reasons = append(reasons, c.ID+": "+c.Message)
		}
	}
	return &RefusedError{id, reasons}
}

// withNewest are [Service.VerifierOptions] under which the newest edition of an
// award is raw, as it will be once raw is stored. To ask ourselves for it would
// sign it again, and judge that, without end.
func (s *Service) withNewest(id string, raw []byte) verifier.Options {
	o := s.VerifierOptions()
	o.Local = func(ctx context.Context, address string) (*fetch.Response, bool) {
		if address == s.urls.Refresh(id) {
			return &fetch.Response{URL: address, Status: http.StatusOK, ContentType: TypeOB3, Body: raw, FetchedAt: s.Now()}, true
		}
		return s.Local(ctx, address)
	}
	return o
}

// VerifierOptions are the public verifier's for this installation: its clock,
// our own documents answered from the ledger, and what was made of them kept.
func (s *Service) VerifierOptions() verifier.Options {
	return verifier.Options{Now: s.Now, Local: s.Local, SetAside: s.setAside, Superseded: s.superseded, Cache: s.checked}
}

// setAside tells whether a credential of ours is suspended, and why if that is
// public. Status lists have one bit for both, so that no foreign verifier takes a
// suspended badge for valid.
func (s *Service) setAside(ctx context.Context, own verifier.Own) (string, bool) {
	w, _, ok := s.ownAward(ctx, own)
	switch {
	case !ok || StatusOf(w, s.Now()) != Suspended:
		return "", false
	case w.Visibility != ledger.Public:
		return "", true
	}
	return w.SuspensionReason, true
}

// superseded tells whether a credential of ours has a newer edition.
func (s *Service) superseded(ctx context.Context, own verifier.Own) bool {
	_, newest, ok := s.ownAward(ctx, own)
	switch {
	case !ok || newest.Number == 1:
		return false
	case own.ValidFrom.IsZero():
		return newest.OB2 != own.Token
	}
	return newest.ValidFrom.Truncate(time.Second).After(own.ValidFrom)
}

// ownAward returns the award that a credential is of, and its newest edition. It
// reports false for one that another issuer has signed, whatever id that gives it.
func (s *Service) ownAward(ctx context.Context, own verifier.Own) (w ledger.Award, newest ledger.Edition, ok bool) {
	path, ours := s.urls.Path(own.ID)
	if !ours {
		return w, newest, false
	}
	err := s.ledger.View(ctx, func(tx *ledger.Tx) error {
		var err error
		if w, err = tx.Award(ctx, path[strings.LastIndexByte(path, '/')+1:]); err != nil {
			return err
		}
		is, err := tx.Issuer(ctx, w.Issuer)
		if err != nil {
			return err
		}
		ok = own.Issuer == is.ID || own.Issuer == s.urls.OB2Issuer(is.Slug)
		newest, err = tx.Edition(ctx, w.ID)
		return err
	})
	return w, newest, ok && err == nil
}

// signingKey returns the issuer's current key for alg.
func (s *Service) signingKey(ctx context.Context, issuer string, alg keys.Algorithm) (ledger.Key, crypto.Signer, error) {
	var current ledger.Key
	err := s.ledger.View(ctx, func(tx *ledger.Tx) error {
		all, err := tx.Keys(ctx, issuer)
		if err != nil {
			return err
		}
		for _, k := range all {
			if k.Algorithm == string(alg) && k.RetiredAt.IsZero() {
				current = k
			}
		}
		return nil
	})
	if err != nil {
		return current, nil, err
	}
	if current.Name == "" {
		return current, nil, fmt.Errorf("issuer %s has no current %s key; make one with `accolade keys rotate --issuer %s`", issuer, alg, issuer)
	}
	signer, err := s.master.Open(keys.Sealed{Algorithm: alg, Public: current.Public, Private: current.Private})
	if err != nil {
		return current, nil, fmt.Errorf("open key %s: %w", current.Name, err)
	}
	return current, signer, nil
}

// methodID names an Ed25519 key in a Data Integrity proof: the fragment of the
// issuer's DID, or the address of the bare Multikey for an https issuer.
func (s *Service) methodID(is ledger.Issuer, name string) string {
	if s.isHTTPS(is) {
		return s.urls.Key(name)
	}
	return is.ID + "#" + name
}

func (s *Service) isHTTPS(is ledger.Issuer) bool { return is.ID == s.urls.Issuer(is.Slug, "") }
