package issuer

import (
	"context"
	"errors"
	"time"

	"github.com/accolade-badges/accolade/issuer/ledger"
	"github.com/accolade-badges/accolade/issuer/mail"
)

const (
	// PurposeMerge proves the mailbox of another account, which is to become part
	// of the one that asked.
	PurposeMerge = "merge"

	undoMerge  = 14 * 24 * time.Hour // how long a merge can be undone
	mergeProof = time.Hour           // how long the proof of the other mailbox counts
)

// Merging is what merging two accounts would do.
type Merging struct {
	Proof    string // id of the proof, for [Service.Merge] and [Service.MoveAddress]
	Address  string // of the other account, which was proved
	Other    *Account
	Badges   []*Publication // that would move
	Passkeys int
	Shares   int
}

// StartMerge mails a link and a code to an address of another account, which is
// to become part of this one. Its answer does not tell whether there is such an
// account. Errors as for [Service.StartSignIn].
func (s *Service) StartMerge(ctx context.Context, account string, a Asked) (challenge string, err error) {
	return s.startProof(ctx, PurposeMerge, account, a)
}

// startProof mails a proof to be used where the account is signed in.
func (s *Service) startProof(ctx context.Context, purpose, account string, a Asked) (string, error) {
	typed, folded, err := a.address()
	if err != nil {
		return "", err
	}
	id := s.newID()
	err = s.ledger.Update(ctx, func(tx *ledger.Tx) error {
		if _, err := accountIn(ctx, tx, account); err != nil {
			return err
		}
		c := ledger.Challenge{ID: id, Purpose: purpose, Account: account, Address: typed, Folded: folded}
		return s.startChallenge(ctx, tx, c, challengeData{Language: a.Language, Next: a.Next}, mailConfirm)
	})
	if err == nil {
		s.poke()
	}
	return id, err
}

// provenOther returns the other account whose mailbox the reader of this account
// has proved a moment ago, and the address.
func (s *Service) provenOther(ctx context.Context, tx *ledger.Tx, account, proof string) (*Account, ledger.Challenge, error) {
	c, err := tx.Challenge(ctx, proof)
	if err != nil {
		return nil, c, spent(err)
	}
	if c.Purpose != PurposeMerge && c.Purpose != PurposeAddress || c.Account != account || c.UsedAt.IsZero() || s.Now().Sub(c.UsedAt) > mergeProof {
		return nil, c, ErrLinkSpent
	}
	d, err := dataOf(c)
	if err != nil || d.Done == nil || !d.Done.Elsewhere { // voided, and not used by its reader
		return nil, c, errors.Join(ErrLinkSpent, err)
	}
	owner, err := tx.AccountByAddress(ctx, c.Folded)
	if err != nil {
		return nil, c, spent(err)
	}
	if owner.ID == account {
		return nil, c, ErrLinkSpent
	}
	a, err := accountIn(ctx, tx, owner.ID)
	return a, c, err
}

// Merging tells what merging would do, to who has proved the other account's
// mailbox. [ErrLinkSpent] where that was not done, or too long ago.
func (s *Service) Merging(ctx context.Context, account, proof string) (*Merging, error) {
	m := &Merging{Proof: proof}
	err := s.ledger.View(ctx, func(tx *ledger.Tx) error {
		other, c, err := s.provenOther(ctx, tx, account, proof)
		if err != nil {
			return err
		}
		m.Other, m.Address = other, c.Address
		awards, err := tx.AwardsOfAccount(ctx, other.ID)
		if err != nil {
			return err
		}
		m.Badges = nil
		for _, w := range awards {
			p, err := s.publicationOf(ctx, tx, w)
			if err != nil {
				return err
			}
			m.Badges = append(m.Badges, p)
		}
		keys, err := tx.Passkeys(ctx, other.ID)
		if err != nil {
			return err
		}
		shares, err := tx.SharesOfAccount(ctx, other.ID)
		m.Passkeys, m.Shares = len(keys), len(shares)
		return err
	})
	return m, err
}

// Merge makes the proved account part of this one: addresses, badges, share
// links, passkeys and all. It can be undone for 14 days; see [Service.Unmerge].
// Both are told, each at its own address. [ErrLinkSpent] as for
// [Service.Merging].
func (s *Service) Merge(ctx context.Context, account, proof string) error {
	err := s.ledger.Update(ctx, func(tx *ledger.Tx) error {
		other, _, err := s.provenOther(ctx, tx, account, proof)
		if err != nil {
			return err
		}
		me, err := accountIn(ctx, tx, account)
		if err != nil {
			return err
		}
		now := s.Now()
		moved, err := tx.MoveAccount(ctx, other.ID, account, now)
		if err != nil {
			return err
		}
		m := ledger.Merge{ID: s.newID(), From: other.ID, Into: account, MergedAt: now, UndoUntil: now.Add(undoMerge)}
		if m.Data, err = moved.JSON(); err != nil {
			return err
		}
		if err := tx.AddMerge(ctx, m); err != nil {
			return err
		}
		n := notice{Kind: mail.AccountsMerged, Detail: other.Primary(), Until: m.UndoUntil}
		if err := s.noticeEach(ctx, tx, account, n, "/me/merge"); err != nil {
			return err
		}
		n.Detail, n.At, n.Link = me.Primary(), now, s.urls.Base()+"/me/merge"
		if err := s.queueNotice(ctx, tx, other, n, other.Language); err != nil {
			return err
		}
		return s.audit(ctx, tx, account, "account.merged", account, other.ID)
	})
	if err == nil {
		s.poke()
	}
	return err
}

// MoveAddress gives this account the proved address of another, which stays an
// account of its own, and tells the other. [ErrLastAddress] where it would have
// none left; then merging is the way.
func (s *Service) MoveAddress(ctx context.Context, account, proof string) error {
	err := s.ledger.Update(ctx, func(tx *ledger.Tx) error {
		other, c, err := s.provenOther(ctx, tx, account, proof)
		if err != nil {
			return err
		}
		if len(other.Addresses) == 1 {
			return ErrLastAddress
		}
		if err := tx.MoveAddress(ctx, c.Folded, other.ID, account, s.Now()); err != nil {
			return err
		}
		if err := s.noticeEach(ctx, tx, other.ID, notice{Kind: mail.AddressRemoved, Detail: c.Address}, "/me/addresses"); err != nil {
			return err
		}
		if err := s.noticeEach(ctx, tx, account, notice{Kind: mail.AddressAdded, Detail: c.Address}, "/me/addresses"); err != nil {
			return err
		}
		return s.audit(ctx, tx, account, "account.address_moved", account, other.ID)
	})
	if err == nil {
		s.poke()
	}
	return err
}

// Merges returns the merges into an account, newest first.
func (s *Service) Merges(ctx context.Context, account string) ([]ledger.Merge, error) {
	var list []ledger.Merge
	err := s.ledger.View(ctx, func(tx *ledger.Tx) error {
		var err error
		list, err = tx.MergesInto(ctx, account)
		return err
	})
	return list, err
}

// Unmerge takes a merge back: the other account is open again and has what it
// brought, as far as it is still there. [ErrNotYours] where there is no such
// merge, [ErrLinkSpent] where it is too late.
func (s *Service) Unmerge(ctx context.Context, account, merge string) error {
	err := s.ledger.Update(ctx, func(tx *ledger.Tx) error {
		m, err := tx.Merge(ctx, merge)
		if errors.Is(err, ledger.ErrNotFound) || err == nil && m.Into != account {
			return ErrNotYours
		}
		if err != nil {
			return err
		}
		if !m.UndoneAt.IsZero() {
			return nil
		}
		if err := tx.UndoMerge(ctx, merge, s.Now()); err != nil {
			return spent(err)
		}
		if err := tx.MoveBack(ctx, m); err != nil {
			return err
		}
		back, err := accountIn(ctx, tx, m.From)
		if err != nil {
			return err
		}
		if err := s.noticeEach(ctx, tx, account, notice{Kind: mail.MergeUndone, Detail: back.Primary()}, "/me"); err != nil {
			return err
		}
		me, err := accountIn(ctx, tx, account)
		if err != nil {
			return err
		}
		if err := s.noticeEach(ctx, tx, m.From, notice{Kind: mail.MergeUndone, Detail: me.Primary()}, "/me"); err != nil {
			return err
		}
		return s.audit(ctx, tx, account, "account.merge_undone", account, m.From)
	})
	if err == nil {
		s.poke()
	}
	return err
}

// settleMerge notes that the reader of this account reads the mails of another.
func (s *Service) settleMerge(ctx context.Context, tx *ledger.Tx, c ledger.Challenge) (a ledger.Account, elsewhere bool, err error) {
	open, err := accountIn(ctx, tx, c.Account)
	if err != nil {
		return a, false, err
	}
	owner, err := tx.AccountByAddress(ctx, c.Folded)
	if errors.Is(err, ledger.ErrNotFound) {
		return open.Account, false, nil
	}
	return open.Account, err == nil && owner.ID != c.Account, err
}
