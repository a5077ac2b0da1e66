package issuer

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"

	"github.com/accolade-badges/accolade/issuer/ledger"
	"github.com/accolade-badges/accolade/issuer/mail"
)

// Asked is what somebody types who wants a mail.
type Asked struct {
	Address  string
	Language string // BCP 47, of the mail
	Next     string // path to go to when they have confirmed, or ""
}

// address checks the address that was typed and returns it as typed and as
// compared. A fault is an [*InvalidError].
func (a Asked) address() (typed, folded string, err error) {
	typed = strings.TrimSpace(norm.NFC.String(a.Address))
	if typed == "" {
		return "", "", &InvalidError{[]FieldError{{"email", "is missing; write it like name@example.org"}}}
	}
	if len(typed) > 254 {
		return "", "", &InvalidError{[]FieldError{{"email", "has more than 254 characters"}}}
	}
	if folded, err = FoldAddress(typed); err == nil {
		err = mail.CheckAddress(typed)
	}
	if err != nil {
		return "", "", &InvalidError{[]FieldError{{"email", fmt.Sprintf("%q is no mail address; write it like name@example.org", typed)}}}
	}
	return typed, folded, nil
}

// StartSignIn mails a link and a code to an address, with which its reader signs
// in; where the address has no account, confirming makes one. Nothing that can be
// seen from outside tells which. It returns the challenge's id, which the
// browser that asked keeps to type the code. Errors: [*InvalidError],
// [*ErrTooMany].
func (s *Service) StartSignIn(ctx context.Context, a Asked) (challenge string, err error) {
	typed, folded, err := a.address()
	if err != nil {
		return "", err
	}
	id := s.newID()
	err = s.ledger.Update(ctx, func(tx *ledger.Tx) error {
		return s.startChallenge(ctx, tx, ledger.Challenge{ID: id, Purpose: PurposeSignIn, Address: typed, Folded: folded},
			challengeData{Language: a.Language, Next: a.Next}, mailSignIn)
	})
	if err == nil {
		s.poke()
	}
	return id, err
}

// StartAddress mails a link and a code that add an address to an account. Both
// work only where that account is signed in: whoever reads the mail by mistake
// hands their address to nobody. Errors as for [Service.StartSignIn].
func (s *Service) StartAddress(ctx context.Context, account string, a Asked) (challenge string, err error) {
	return s.startProof(ctx, PurposeAddress, account, a)
}

// Proof is what somebody shows to confirm: the secret of a link, or a code
// together with the id that their browser kept.
type Proof struct {
	Token           string
	Challenge, Code string

	Click    string // random text of the page whose button was pressed: pressing it twice is pressing it once
	Account  string // id of the account that is signed in in this browser, or ""
	Language string // BCP 47, of an account that is made
}

// Confirmed is what confirming came to.
type Confirmed struct {
	Purpose   string `json:"purpose"`
	Account   string `json:"account"`             // id of the account that is to be signed in
	New       bool   `json:"new,omitempty"`       // it was made
	Award     string `json:"award,omitempty"`     // id of the award that the account owns now
	Lost      bool   `json:"lost,omitempty"`      // the award that led here is revoked or another account's, or its claim code works no more
	Elsewhere bool   `json:"elsewhere,omitempty"` // PurposeAddress, PurposeMerge: the address is another account's, and stays it
	Proof     string `json:"proof,omitempty"`     // id of the proof, for [Service.Merging]
	Next      string `json:"next,omitempty"`      // path to go to, or ""
}

// Confirm proves an address by a mailed link or code. It makes or finds the
// account, claims the award that the challenge carries, and takes what the
// account accepts by itself: one transaction, in which a link or code works
// once. Errors: [ErrLinkSpent], [*ErrWrongCode], and [ErrNotYours] where the
// account that asked to add the address is not the one that is signed in.
func (s *Service) Confirm(ctx context.Context, p Proof) (*Confirmed, error) {
	var out *Confirmed
	var refusal error
	err := s.ledger.Update(ctx, func(tx *ledger.Tx) error {
		out, refusal = nil, nil
		now := s.Now()
		var c ledger.Challenge
		var err error
		if p.Token != "" {
			c, err = tx.ChallengeByHash(ctx, tokenHash(p.Token))
		} else {
			c, err = tx.Challenge(ctx, p.Challenge)
		}
		if err != nil {
			return spent(err)
		}
		d, err := dataOf(c)
		switch {
		case err != nil:
			return err
		case (c.Purpose == PurposeAddress || c.Purpose == PurposeMerge) && p.Account != c.Account:
			return ErrNotYours
		case !c.UsedAt.IsZero():
			if d.Done == nil || p.Click == "" || d.Click != tokenHash(p.Click) || now.Sub(c.UsedAt) > clickAgain {
				return ErrLinkSpent
			}
			out = d.Done
			return nil
		}
		if refusal, err = s.use(ctx, tx, c, p, now); err != nil || refusal != nil {
			return err // a wrong code stays counted
		}
		if out, err = s.settle(ctx, tx, c, p, now); err != nil {
			return err
		}
		out.Next = d.Next
		d.Click, d.Done = tokenHash(p.Click), out
		body, err := json.Marshal(d)
		if err != nil {
			return err
		}
		return tx.SetChallengeData(ctx, c.ID, body)
	})
	if err == nil {
		err = refusal
	}
	if err != nil {
		return nil, err
	}
	s.poke()
	return out, nil
}

// use uses a challenge up. A wrong code is a refusal and no error, so that the
// attempt is counted.
func (s *Service) use(ctx context.Context, tx *ledger.Tx, c ledger.Challenge, p Proof, now time.Time) (refusal, err error) {
	if p.Token != "" {
		return nil, spent(tx.UseChallenge(ctx, c.ID, now))
	}
	if now.Before(c.ExpiresAt) && c.Attempts >= codeTries {
		return &ErrWrongCode{}, nil
	}
	right, err := tx.TryChallenge(ctx, c.ID, codeHash(c.ID, p.Code), codeTries, now)
	if err == nil && !right {
		refusal = &ErrWrongCode{codeTries - c.Attempts - 1}
	}
	return refusal, spent(err)
}

// settle does what a proof was asked for.
func (s *Service) settle(ctx context.Context, tx *ledger.Tx, c ledger.Challenge, p Proof, now time.Time) (*Confirmed, error) {
	out := &Confirmed{Purpose: c.Purpose}
	w, may, err := s.namedAward(ctx, tx, c, now)
	if err != nil {
		return nil, err
	}
	name := ""
	if may && w.RevokedAt.IsZero() {
		name = w.Name
	}
	var a ledger.Account
	switch c.Purpose {
	case PurposeSignIn, PurposeClaim:
		if a, out.New, err = s.accountFor(ctx, tx, c.Address, c.Folded, name, p.Language, now); err != nil {
			return nil, err
		}
	case PurposeAddress:
		if a, out.Elsewhere, err = s.addAddress(ctx, tx, c, p.Language, now); err != nil {
			return nil, err
		}
	case PurposeMerge:
		if a, out.Elsewhere, err = s.settleMerge(ctx, tx, c); err != nil {
			return nil, err
		}
	default:
		return nil, ErrLinkSpent
	}
	if err := tx.AddressSeen(ctx, c.Folded, now); err != nil {
		return nil, err
	}
	out.Account, out.Proof = a.ID, c.ID
	switch {
	case c.Award == "":
	case may || w.Account == a.ID:
		if err := s.takeNamed(ctx, tx, a, w, out); err != nil {
			return nil, err
		}
	default:
		out.Lost = unaddressed(w)
	}
	return out, s.acceptWaiting(ctx, tx, a, now)
}

// namedAward returns the award that a challenge names, and whether the reader of
// its mail may have it. There need not be one.
func (s *Service) namedAward(ctx context.Context, tx *ledger.Tx, c ledger.Challenge, now time.Time) (w ledger.Award, may bool, err error) {
	if c.Award == "" {
		return w, false, nil
	}
	if w, err = tx.Award(ctx, c.Award); err != nil {
		return w, false, err
	}
	may, err = s.mayHave(ctx, tx, c, w, now)
	return w, may, err
}

// takeNamed gives an account the award that its challenge names, and says in out
// what came of it.
func (s *Service) takeNamed(ctx context.Context, tx *ledger.Tx, a ledger.Account, w ledger.Award, out *Confirmed) error {
	switch _, err := s.take(ctx, tx, a, w, s.Now()); {
	case errors.Is(err, ledger.ErrConflict):
		out.Lost = true
	case err != nil:
		return err
	default:
		out.Award = w.ID
	}
	return nil
}

// addAddress gives an account the address that it has proved, and tells its
// other addresses. An address that is another account's stays that one's.
func (s *Service) addAddress(ctx context.Context, tx *ledger.Tx, c ledger.Challenge, language string, now time.Time) (a ledger.Account, elsewhere bool, err error) {
	open, err := accountIn(ctx, tx, c.Account)
	if err != nil {
		return a, false, err
	}
	added, err := tx.AddAccountAddress(ctx, ledger.AccountAddress{Account: c.Account, Address: c.Address, Folded: c.Folded, ProvenAt: now})
	switch {
	case errors.Is(err, ledger.ErrConflict):
		return open.Account, true, nil
	case err != nil || !added:
		return open.Account, false, err
	}
	if err := s.queueNotice(ctx, tx, open, notice{Kind: mail.AddressAdded, Detail: c.Address, At: now, Link: s.urls.Base() + "/me/addresses"}, language); err != nil {
		return a, false, err
	}
	return open.Account, false, s.audit(ctx, tx, c.Account, "account.address_added", c.Account, "")
}
