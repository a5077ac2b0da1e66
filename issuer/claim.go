package issuer

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/cases"

	"github.com/accolade-badges/accolade/issuer/ledger"
)

// undoDecline is how long a declined award can still be accepted.
const undoDecline = 30 * 24 * time.Hour

// Acceptance is what the earner has said to an award, derived and never stored.
type Acceptance string

// What an earner has said to an award.
const (
	Unclaimed Acceptance = ledger.AcceptancePending
	Claimed   Acceptance = ledger.AcceptanceClaimed
	Declined  Acceptance = ledger.AcceptanceDeclined
)

// AcceptanceOf derives what the earner has said to an award.
func AcceptanceOf(w ledger.Award) Acceptance {
	switch {
	case !w.ClaimedAt.IsZero():
		return Claimed
	case !w.DeclinedAt.IsZero():
		return Declined
	}
	return Unclaimed
}

// DeclinedUntil returns until when a declined award can be accepted after all;
// the zero time where it is not declined.
func DeclinedUntil(w ledger.Award) time.Time {
	if AcceptanceOf(w) != Declined {
		return time.Time{}
	}
	return w.DeclinedAt.Add(undoDecline)
}

// claimable tells whether an award can be claimed by whom it is for.
func claimable(w ledger.Award, now time.Time) bool {
	return w.Account == "" && w.RevokedAt.IsZero() && (w.DeclinedAt.IsZero() || now.Before(DeclinedUntil(w)))
}

// liveLink returns the award that a claim link leads to. [ErrLinkSpent] where
// the link is used, too old, or none.
func (s *Service) liveLink(ctx context.Context, tx *ledger.Tx, token string, now time.Time) (ledger.Award, error) {
	l, err := tx.ClaimLink(ctx, tokenHash(token))
	if err != nil {
		return ledger.Award{}, spent(err)
	}
	if !now.Before(l.ExpiresAt) || !l.UsedAt.IsZero() {
		return ledger.Award{}, ErrLinkSpent
	}
	return tx.Award(ctx, l.Award)
}

// sameClaim is how long pressing the button of a claim again asks for the mail
// that is on its way, and for no other.
const sameClaim = 5 * time.Minute

// StartClaim mails the confirmation of a claim to the award's own address,
// whoever holds the claim link; where the award has none, to the one that was
// typed. With account "" confirming makes an account or signs in; otherwise it
// gives the address to that account, where it is signed in. It returns the
// challenge's id, as [Service.StartSignIn] does. Errors: [ErrLinkSpent],
// [*ErrTooMany], [ErrNotYours] where somebody has claimed the award, and
// [*InvalidError] for what was typed.
func (s *Service) StartClaim(ctx context.Context, token, account string, typed Asked) (challenge string, err error) {
	fresh := s.newID()
	id := fresh
	err = s.ledger.Update(ctx, func(tx *ledger.Tx) error {
		id = fresh
		now := s.Now()
		w, err := s.liveLink(ctx, tx, token, now)
		switch {
		case err != nil:
			return err
		case w.Account != "":
			return ErrNotYours
		case !claimable(w, now):
			return ErrLinkSpent
		}
		c := ledger.Challenge{ID: id, Purpose: PurposeClaim, Address: w.Address, Folded: w.Folded, Award: w.ID}
		d := challengeData{Language: typed.Language}
		if unaddressed(w) {
			if c.Address, c.Folded, err = typed.address(); err != nil {
				return err
			}
			d.Link = tokenHash(token)
		}
		if account != "" {
			c.Purpose, c.Account = PurposeAddress, account
		}
		switch same, err := sameClaimOf(ctx, tx, c, d, now); {
		case err == nil:
			id = same.ID
			return nil
		case !errors.Is(err, ledger.ErrNotFound):
			return err
		}
		return s.startChallenge(ctx, tx, c, d, mailConfirm)
	})
	if err == nil {
		s.poke()
	}
	return id, err
}

// sameClaimOf returns the proof that the same press of a button has asked for, or
// [ledger.ErrNotFound]. One that a claim code asked for which was replaced since
// would come to nothing, and ends here.
func sameClaimOf(ctx context.Context, tx *ledger.Tx, c ledger.Challenge, d challengeData, now time.Time) (ledger.Challenge, error) {
	for {
		same, err := tx.SameChallenge(ctx, c, now.Add(-sameClaim), now)
		if err != nil {
			return same, err
		}
		before, err := dataOf(same)
		if err != nil || before.Link == d.Link {
			return same, err
		}
		if err := tx.UseChallenge(ctx, same.ID, now); err != nil {
			return same, err
		}
	}
}

// ClaimAs makes an account the owner of an award that waits for it: one that
// went to an address that it has proved, or to a candidate that it is known to
// be. Claiming twice is claiming once. [ErrNotYours] for any other award.
func (s *Service) ClaimAs(ctx context.Context, account, award string) error {
	err := s.ledger.Update(ctx, func(tx *ledger.Tx) error {
		now := s.Now()
		a, err := accountIn(ctx, tx, account)
		if err != nil {
			return err
		}
		w, err := s.waitingFor(ctx, tx, account, award)
		if err != nil || w.Account == account {
			return err
		}
		if !claimable(w, now) {
			return ErrNotYours
		}
		_, err = s.take(ctx, tx, a.Account, w, now)
		return takenFirst(err)
	})
	if err == nil {
		s.poke()
	}
	return err
}

// takenFirst turns the conflict of a race into [ErrNotYours].
func takenFirst(err error) error {
	if errors.Is(err, ledger.ErrConflict) {
		return ErrNotYours
	}
	return err
}

// waitingFor returns an award that an account owns or might claim, or declined.
// [ErrNotYours] for any other, and for one that never was.
func (s *Service) waitingFor(ctx context.Context, tx *ledger.Tx, account, award string) (ledger.Award, error) {
	w, err := tx.Award(ctx, award)
	switch {
	case errors.Is(err, ledger.ErrNotFound):
		return w, ErrNotYours
	case err != nil || w.Account == account:
		return w, err
	}
	may, err := tx.MayClaim(ctx, account, award)
	if err == nil && !may {
		err = ErrNotYours
	}
	return w, err
}

// take makes an account the owner of an award, in one conditional update that
// decides a race; it reports false where the account has it already. The award
// becomes as visible as the account wants its badges, its links have done their
// work, and its candidate is known to be the account's from then on.
// [ledger.ErrConflict] where another account was first, or the award is revoked.
func (s *Service) take(ctx context.Context, tx *ledger.Tx, a ledger.Account, w ledger.Award, now time.Time) (bool, error) {
	visibility := (&Account{Account: a}).Gives(w)
	taken, err := tx.ClaimAward(ctx, a.ID, w.ID, visibility, now)
	if err != nil || !taken {
		return false, err
	}
	if err := tx.VoidClaimLinks(ctx, w.ID, now); err != nil {
		return false, err
	}
	alone, err := onlyCandidate(ctx, tx, w)
	if err != nil {
		return false, err
	}
	if alone {
		if _, err := tx.LinkCandidate(ctx, a.ID, w.Candidate, now); err != nil && !errors.Is(err, ledger.ErrConflict) {
			return false, err
		}
	}
	s.log.Info("award claimed", "award", w.ID, "account", a.ID)
	return true, s.audit(ctx, tx, a.ID, "award.claimed", w.ID, visibility)
}

// onlyCandidate tells whether an award's address is one person's as far as its
// issuer knows, or that no address of its candidate is known. A parent or a school
// may have one mailbox for several, and then a claim says nothing about who is who.
func onlyCandidate(ctx context.Context, tx *ledger.Tx, w ledger.Award) (bool, error) {
	if w.Folded == "" { // who has its code need not be who reads the candidate's mail
		known, err := tx.Addresses(ctx, w.Candidate)
		return len(known) == 0, err
	}
	others, err := tx.AwardsTo(ctx, w.Folded)
	if err != nil {
		return false, err
	}
	for _, o := range others {
		if o.Issuer == w.Issuer && o.Candidate != w.Candidate {
			return false, nil
		}
	}
	return true, nil
}

// acceptWaiting takes the awards that wait for an account and were made since it
// said that it accepts by itself, but for those of a mailbox that several people
// share.
func (s *Service) acceptWaiting(ctx context.Context, tx *ledger.Tx, a ledger.Account, now time.Time) error {
	waiting, err := tx.AwardsToAccept(ctx, a.ID)
	if err != nil {
		return err
	}
	for _, w := range waiting {
		theirs, err := namesOwner(ctx, tx, a, w)
		if err != nil {
			return err
		}
		if !theirs {
			continue
		}
		if _, err := s.take(ctx, tx, a, w, now); err != nil && !errors.Is(err, ledger.ErrConflict) {
			return err
		}
	}
	return nil
}

// namesOwner tells whether an award that waits for an account is its owner's as far
// as anybody can tell: of a candidate who is known to be them, or the only one of
// its issuer at that mailbox and called as the account's other badges say, or the
// account itself where it has none. Who shares the mailbox is called otherwise.
func namesOwner(ctx context.Context, tx *ledger.Tx, a ledger.Account, w ledger.Award) (bool, error) {
	switch known, err := tx.CandidateAccount(ctx, w.Candidate); {
	case err == nil:
		return known == a.ID, nil
	case !errors.Is(err, ledger.ErrNotFound):
		return false, err
	}
	alone, err := onlyCandidate(ctx, tx, w)
	if err != nil || !alone {
		return false, err
	}
	owned, err := tx.AwardsOfAccount(ctx, a.ID)
	if err != nil {
		return false, err
	}
	for _, o := range owned {
		if sameName(o.Name, w.Name) {
			return true, nil
		}
	}
	return len(owned) == 0 && (a.Name == "" || sameName(a.Name, w.Name)), nil
}

// sameName compares names without regard to case and the number of spaces.
func sameName(a, b string) bool {
	fold := func(s string) string { return cases.Fold().String(strings.Join(strings.Fields(s), " ")) }
	return fold(a) == fold(b)
}

// eachNameOnce lists names in their order, and of those that are the same the first.
func eachNameOnce(names []string) []string {
	var list []string
	for _, name := range names {
		if !slices.ContainsFunc(list, func(n string) bool { return sameName(n, name) }) {
			list = append(list, name)
		}
	}
	return list
}

// acceptNew takes an award that was made just now for the account that its
// candidate is known to have, where that accepts by itself.
func (s *Service) acceptNew(ctx context.Context, tx *ledger.Tx, w ledger.Award) error {
	a, err := tx.AutoAccepts(ctx, w.Candidate, w.Issuer)
	if errors.Is(err, ledger.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	_, err = s.take(ctx, tx, a, w, s.Now())
	return err
}
