package issuer

import (
	"context"
	"sync"
	"time"

	"github.com/accolade-badges/accolade/issuer/keys"
	"github.com/accolade-badges/accolade/issuer/ledger"
	"github.com/accolade-badges/accolade/openbadges/proof"
	"github.com/accolade-badges/accolade/openbadges/status"
)

// statusLists keeps the newest published form of each list, and which list of an
// issuer gave the last place.
type statusLists struct{ byID, open sync.Map }

type keptList struct {
	version int
	doc     *Document
}

// StatusList returns a signed BitstringStatusListCredential (Bitstring Status
// List 1.0, section 2.2). It is built from the awards whenever one of them
// changed since it was last published, so that a revocation shows at once; the
// bit of a suspended award is set for as long as it is suspended.
func (s *Service) StatusList(ctx context.Context, id string) (*Document, error) {
	var list ledger.StatusList
	var set []int
	kept, _ := s.lists.byID.Load(id)
	err := s.ledger.View(ctx, func(tx *ledger.Tx) error {
		var err error
		if list, err = tx.StatusList(ctx, id); err != nil {
			return unpublished(err)
		}
		if k, ok := kept.(*keptList); ok && k.version == list.Version {
			return nil
		}
		if list.Credential == nil || list.PublishedVersion != list.Version {
			set, err = tx.SetIndexes(ctx, id)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	if k, ok := kept.(*keptList); ok && k.version == list.Version {
		return k.doc, nil
	}
	body := list.Credential
	if body == nil || list.PublishedVersion != list.Version {
		if body, err = s.publishStatusList(ctx, list, set); err != nil {
			return nil, err
		}
	}
	doc := document(TypeOB3, cacheMinutes, body)
	s.lists.byID.Store(id, &keptList{version: list.Version, doc: doc})
	return doc, nil
}

// publishStatusList signs a list and stores it. Where the ledger cannot be
// written at the moment, the signed list is returned all the same: a revocation
// must not wait for a full disk.
func (s *Service) publishStatusList(ctx context.Context, list ledger.StatusList, set []int) ([]byte, error) {
	encoded, err := status.EncodeIndexes(set, list.Length)
	if err != nil {
		return nil, err
	}
	var is ledger.Issuer
	err = s.ledger.View(ctx, func(tx *ledger.Tx) error {
		var err error
		is, err = tx.Issuer(ctx, list.Issuer)
		return err
	})
	if err != nil {
		return nil, err
	}
	key, signer, err := s.signingKey(ctx, list.Issuer, keys.Ed25519)
	if err != nil {
		return nil, err
	}
	now := s.Now().Truncate(time.Second)
	doc := status.NewListCredential(status.ListCredential{
		ID: s.urls.Status(list.ID), Issuer: is.ID, Purpose: list.Purpose, Encoded: encoded, ValidFrom: now, TTL: status.DefaultTTL,
	})
	signed, err := proof.Sign(&doc, signer, proof.Options{
		Cryptosuite: proof.EddsaRDFC2022, VerificationMethod: s.methodID(is, key.Name), Created: now,
	})
	if err != nil {
		return nil, err
	}
	body := signed.Append(nil)
	err = s.ledger.Update(ctx, func(tx *ledger.Tx) error {
		return tx.PutStatusCredential(ctx, list.ID, list.Version, body, now)
	})
	if err != nil {
		s.log.Warn("status list published but not stored", "list", list.ID, "version", list.Version, "error", err)
	}
	return body, nil
}
