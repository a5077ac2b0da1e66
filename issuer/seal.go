package issuer

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/accolade-badges/accolade/issuer/keys"
	"github.com/accolade-badges/accolade/issuer/ledger"
	"github.com/accolade-badges/accolade/openbadges"
	"github.com/accolade-badges/accolade/openbadges/proof"
)

// sealAward makes the RSA-signed forms of the award's newest edition: the OB 3.0
// VC-JWT and the OB 2.0 JWS. An RSA signature costs as much as some fifty of
// Ed25519, so they are made after the Data Integrity form, by job or on first
// request, and stored once.
func (s *Service) sealAward(ctx context.Context, id string, finish func(*ledger.Tx) error) error {
	if _, err := s.sealed(ctx, id); err != nil && !errors.Is(err, ledger.ErrNotFound) { // it may be erased meanwhile
		return err
	}
	return s.ledger.Update(ctx, finish)
}

// sealed returns the newest edition with all its forms.
func (s *Service) sealed(ctx context.Context, id string) (ledger.Edition, error) {
	var e ledger.Edition
	d := draft{}
	err := s.ledger.View(ctx, func(tx *ledger.Tx) error {
		var err error
		if e, err = tx.Edition(ctx, id); err != nil {
			return fmt.Errorf("edition of award %s: %w", id, err)
		}
		if e.JWT != "" && e.OB2 != "" {
			return nil
		}
		if d.award, err = tx.Award(ctx, id); err != nil {
			return err
		}
		return s.readParts(ctx, tx, &d)
	})
	if err != nil || e.JWT != "" && e.OB2 != "" {
		return e, err
	}
	d.ids = subjectIDs{e.Subject, e.Salt}
	key, signer, err := s.signingKey(ctx, d.issuer.Slug, keys.RS256)
	if err != nil {
		return e, err
	}
	doc, err := openbadges.Parse(e.Credential)
	if err != nil {
		return e, fmt.Errorf("stored credential of award %s: %w", id, err)
	}
	payload := doc.JSON.Without("proof")
	jwt, err := proof.SignJWT(&payload, signer, s.urls.Key(key.Name))
	if err != nil {
		return e, fmt.Errorf("sign the JWT of award %s: %w", id, err)
	}
	if err := s.verifyOwn(ctx, id, []byte(jwt), s.VerifierOptions()); err != nil {
		return e, err
	}
	assertion, err := json.Marshal(s.signedAssertion(d, key.Name))
	if err != nil {
		return e, err
	}
	ob2, err := proof.SignOB2(assertion, signer)
	if err != nil {
		return e, fmt.Errorf("sign the assertion of award %s: %w", id, err)
	}
	if err := s.verifyOwn(ctx, id, []byte(ob2), s.VerifierOptions()); err != nil {
		return e, err
	}
	err = s.ledger.Update(ctx, func(tx *ledger.Tx) error {
		stored, err := tx.SetSealed(ctx, id, e.Number, jwt, ob2, key.Name)
		if err == nil {
			e = stored
		}
		return err
	})
	return e, err
}
