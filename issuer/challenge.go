package issuer

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/accolade-badges/accolade/issuer/ledger"
)

// What a mailed link or code proves an address for. One that was mailed for one
// purpose is good for no other.
const (
	PurposeSignIn  = "sign-in" // to sign in, and to make an account where there is none
	PurposeClaim   = "claim"   // that, and to claim the badge that led to it
	PurposeAddress = "address" // to add the address to the account that asked
	purposeFind    = "find"    // proves nothing: it counts the mails that somebody asked for
)

const (
	// challengeLife is how long a link and its code work. It is as long as the
	// mails to an address are counted, so that one link works whenever no new
	// mail is sent.
	challengeLife = 24 * time.Hour

	// codeTries is how many codes may be typed for one mail.
	codeTries = 5

	// clickAgain is how long the same press of a button counts as the same.
	clickAgain = 2 * time.Minute
)

// mailsTo bounds the mails that strangers can have sent to an address. A mail
// that is there already works on, so that nobody is locked out.
var mailsTo = []struct {
	within time.Duration
	most   int // by an address that was typed
	known  int // by a claim link that its holder has from a mail to this very address
}{
	{time.Hour, 5, 12},
	{challengeLife, 12, 30},
}

// ErrLinkSpent is returned for a link or code that is used, too old, or was
// never made: nobody is told which.
var ErrLinkSpent = errors.New("this link or code does not work any more; ask for a fresh one")

// ErrNotYours is returned where an award, or a link, belongs to somebody else
// than the account that uses it.
var ErrNotYours = errors.New("this belongs to another account")

// ErrTooMany is returned when an address was sent enough mails for now. Those
// that were sent work on.
type ErrTooMany struct{ RetryAfter time.Duration }

func (e *ErrTooMany) Error() string {
	return fmt.Sprintf("enough mails went to this address for now; use the newest, or try again in %s", e.RetryAfter)
}

// ErrWrongCode is returned for a code that is not the mailed one.
type ErrWrongCode struct{ Left int } // how many more may be tried

func (e *ErrWrongCode) Error() string {
	return fmt.Sprintf("this is not the code in the mail; %d more may be tried", e.Left)
}

// challengeData is what a challenge knows beside its columns.
type challengeData struct {
	Language string `json:"language,omitempty"`
	Next     string `json:"next,omitempty"` // path to go to when it is done
	Link     string `json:"link,omitempty"` // hash of the claim link that asked for a mail to an address that was typed

	// How it was used, for whoever presses the same button twice.
	Click string     `json:"click,omitempty"` // hash
	Done  *Confirmed `json:"done,omitempty"`
}

func dataOf(c ledger.Challenge) (challengeData, error) {
	var d challengeData
	if len(c.Data) == 0 {
		return d, nil
	}
	if err := json.Unmarshal(c.Data, &d); err != nil {
		return d, fmt.Errorf("data of challenge %s: %w", c.ID, err)
	}
	return d, nil
}

// codeHash binds a code to its challenge.
func codeHash(challenge, code string) string {
	digits := strings.Map(func(r rune) rune {
		switch {
		case r >= '0' && r <= '9':
			return r
		case r >= '０' && r <= '９': // as East Asian keyboards write them
			return r - '０' + '0'
		}
		return -1
	}, code)
	return sum256([]byte(challenge + ":" + digits))
}

// startChallenge writes a challenge, the mail that carries it and its job.
// Nothing here depends on whether anybody knows the address. Errors:
// [*ErrTooMany].
func (s *Service) startChallenge(ctx context.Context, tx *ledger.Tx, c ledger.Challenge, d challengeData, kind string) error {
	c.CreatedAt = s.Now()
	c.ExpiresAt = c.CreatedAt.Add(challengeLife)
	for _, limit := range mailsTo {
		n, err := tx.CountChallenges(ctx, c.Folded, c.CreatedAt.Add(-limit.within))
		if err != nil {
			return err
		}
		most := limit.most
		if c.Purpose == PurposeClaim && d.Link == "" {
			most = limit.known
		}
		if n >= most {
			return &ErrTooMany{limit.within}
		}
	}
	token, code := s.challengeSecrets(c.ID)
	c.Hash, c.CodeHash = tokenHash(token), codeHash(c.ID, code)
	var err error
	if c.Data, err = json.Marshal(d); err != nil {
		return err
	}
	if err := tx.AddChallenge(ctx, c); err != nil {
		return err
	}
	return s.queueLetter(ctx, tx, letter{kind: kind, to: c.Address, language: d.Language, account: c.Account, challenge: c.ID})
}

// queueNotice tells the owner of an account, at the address that mails to it go
// to, of something that somebody else might have done. Where the account has no
// language it is told in the one given.
func (s *Service) queueNotice(ctx context.Context, tx *ledger.Tx, a *Account, n notice, language string) error {
	if a.Primary() == "" {
		return nil
	}
	return s.queueLetter(ctx, tx, letter{kind: mailNotice, to: a.Primary(), language: cmp.Or(a.Language, language), account: a.ID, notice: &n})
}

// Pending is a proof that somebody has begun, as the page that finishes it shows
// it.
type Pending struct {
	Challenge string // id
	Purpose   string
	Address   string       // to which the mail went; show it to nobody but its reader, see [MaskAddress]
	Account   string       // id of the account that asked, for PurposeAddress
	Award     *Publication // that it claims, or nil
	Becomes   string       // visibility that confirming gives the award
	New       bool         // confirming makes an account
	Until     time.Time    // when link and code stop working
	Left      int          // codes that may be tried
}

// Challenge tells what the link of a mail would do. Looking does nothing.
// [ErrLinkSpent] where it would do nothing.
func (s *Service) Challenge(ctx context.Context, token string) (*Pending, error) {
	return s.pendingProof(ctx, func(tx *ledger.Tx) (ledger.Challenge, error) { return tx.ChallengeByHash(ctx, tokenHash(token)) })
}

// ChallengeByID is [Service.Challenge] for the browser that asked, which knows
// the challenge's id and types the code.
func (s *Service) ChallengeByID(ctx context.Context, id string) (*Pending, error) {
	return s.pendingProof(ctx, func(tx *ledger.Tx) (ledger.Challenge, error) { return tx.Challenge(ctx, id) })
}

// ConfirmedBefore returns the award that the link of a mail has claimed for an
// account, or "" where it did something else for it. [ErrLinkSpent] where it did
// nothing for that account.
func (s *Service) ConfirmedBefore(ctx context.Context, account, token string) (award string, err error) {
	var c ledger.Challenge
	err = s.ledger.View(ctx, func(tx *ledger.Tx) error {
		var err error
		c, err = tx.ChallengeByHash(ctx, tokenHash(token))
		return spent(err)
	})
	if err != nil {
		return "", err
	}
	d, err := dataOf(c)
	if err != nil {
		return "", err
	}
	if d.Done == nil || d.Done.Account != account {
		return "", ErrLinkSpent
	}
	return d.Done.Award, nil
}

func (s *Service) pendingProof(ctx context.Context, find func(*ledger.Tx) (ledger.Challenge, error)) (*Pending, error) {
	var c ledger.Challenge
	var may bool
	var taker ledger.Account // who gets the award, where there is such an account yet
	p := &Pending{}
	err := s.ledger.View(ctx, func(tx *ledger.Tx) error {
		var err error
		if c, err = find(tx); err != nil {
			return spent(err)
		}
		if _, may, err = s.namedAward(ctx, tx, c, s.Now()); err != nil {
			return err
		}
		taker, err = tx.AccountByAddress(ctx, c.Folded)
		p.New = errors.Is(err, ledger.ErrNotFound)
		if err != nil && !p.New {
			return err
		}
		if c.Purpose != PurposeAddress {
			return nil
		}
		taker, err = tx.Account(ctx, c.Account)
		return spent(err)
	})
	if err != nil {
		return nil, err
	}
	if !mailed(c.Purpose) || !c.UsedAt.IsZero() || !s.Now().Before(c.ExpiresAt) {
		return nil, ErrLinkSpent
	}
	p.Challenge, p.Purpose, p.Address, p.Account, p.Left, p.Until = c.ID, c.Purpose, c.Address, c.Account, codeTries-c.Attempts, c.ExpiresAt
	if !may {
		return p, nil
	}
	if p.Award, err = s.AnyPublication(ctx, c.Award); err != nil {
		return nil, err
	}
	p.Becomes = p.Award.Award.Visibility
	if taker.ID != "" {
		p.Becomes = (&Account{Account: taker}).Gives(p.Award.Award)
	}
	return p, nil
}

// mailed tells whether a proof for a purpose is the link or code of a mail.
func mailed(purpose string) bool {
	switch purpose {
	case PurposeSignIn, PurposeClaim, PurposeAddress, PurposeMerge:
		return true
	}
	return false
}

// spent turns "not found" into [ErrLinkSpent].
func spent(err error) error {
	if errors.Is(err, ledger.ErrNotFound) || errors.Is(err, ledger.ErrConflict) {
		return ErrLinkSpent
	}
	return err
}

// MaskAddress shows as much of an address as its owner needs to know it again:
// "j…@e….com".
func MaskAddress(address string) string {
	local, domain, _ := strings.Cut(address, "@")
	first := func(s string) string {
		for _, r := range s {
			return string(r) + "…"
		}
		return "…"
	}
	end := ""
	if i := strings.LastIndexByte(domain, '.'); i >= 0 {
		end = domain[i:]
	}
	return first(local) + "@" + first(domain) + end
}
