package issuer

import (
	"context"
	"errors"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"

	"github.com/accolade-badges/accolade/issuer/ledger"
)

// A claim code is the secret of a claim link in a form that can be printed and
// typed: 140 random bits as 28 of [licenceDigits], in groups of four.
const (
	codeDigits = 28
	codeGroup  = 4

	// maxCodeDays is the longest that a code can be made to work.
	maxCodeDays = 180
)

// ClaimCode is what the holder of an award without an address claims it with.
type ClaimCode struct {
	Code  string    `json:"code"`  // such as "8K3F-9Q2M-X4TD-…", seven groups of four
	URL   string    `json:"url"`   // the claim page that it opens, for a QR code
	Until time.Time `json:"until"` // when both stop working
}

// MakeClaimCode makes the code with which a person whose address nobody knows
// claims an award, for a letter or a score report; it is shown once and kept as a
// hash. Codes that were made before work no more, and an award that was declined
// waits to be claimed again. The code works for days, from 1 to 180; 0 is as long as
// a mailed link. Errors: [*InvalidError], [ErrNoAward], and a
// [*ConflictError] where there is nothing to claim, or an address to mail to.
func (s *Service) MakeClaimCode(ctx context.Context, actor, award string, days int) (ClaimCode, error) {
	now := s.Now()
	until := endOfDay(now, claimDays)
	switch {
	case days < 0 || days > maxCodeDays:
		return ClaimCode{}, &InvalidError{[]FieldError{{"days", "must be a number from 1 to 180"}}}
	case days > 0:
		until = endOfDay(now, days)
	}
	code := s.newClaimCode()
	err := s.change(ctx, award, func(tx *ledger.Tx, w ledger.Award) error {
		status := StatusOf(w, now)
		switch {
		case !w.ClaimedAt.IsZero(), !w.ErasedAt.IsZero():
			return &ConflictError{"the badge is claimed already; its earner finds it in their account"}
		case status == Revoked || status == Suspended:
			return &ConflictError{"the badge is " + string(status) + "; there is nothing to claim"}
		case !unaddressed(w):
			return &ConflictError{"the badge is tied to an address; send it there with `accolade award resend`, or correct the address"}
		}
		if undone, err := tx.Undecline(ctx, w.ID, time.Time{}); err != nil {
			return err
		} else if undone {
			if err := s.audit(ctx, tx, actor, "award.undeclined", w.ID, "asked for after all"); err != nil {
				return err
			}
		}
		if err := tx.VoidClaimLinks(ctx, w.ID, now); err != nil {
			return err
		}
		if err := tx.AddClaimLink(ctx, ledger.ClaimLink{Hash: tokenHash(code), Award: w.ID, CreatedAt: now, ExpiresAt: until}); err != nil {
			return err
		}
		return s.audit(ctx, tx, actor, "award.claim_code_made", w.ID, "until "+until.UTC().Format(time.RFC3339))
	})
	if err != nil {
		return ClaimCode{}, err
	}
	return ClaimCode{Code: groups(code), URL: s.urls.Claim(code), Until: until}, nil
}

func (s *Service) newClaimCode() string {
	code := s.random(codeDigits)
	for i, b := range code {
		code[i] = licenceDigits[b&31]
	}
	return string(code)
}

// groups writes a code as it is printed.
func groups(code string) string {
	var b strings.Builder
	for i := range len(code) {
		if i > 0 && i%codeGroup == 0 {
			b.WriteByte('-')
		}
		b.WriteByte(code[i])
	}
	return b.String()
}

// ReadClaimCode returns the token of the claim link that a typed code stands for:
// in small or full-width letters, with or without hyphens and spaces, and with O
// for 0 or I or L for 1. It reports false for what is no code; whether it works
// is another question.
func ReadClaimCode(typed string) (token string, ok bool) {
	code := strings.Map(func(r rune) rune {
		switch {
		case r == 'O':
			return '0'
		case r == 'I' || r == 'L':
			return '1'
		case r < 0x80 && strings.ContainsRune(licenceDigits, r):
			return r
		case r == '-' || r == ' ' || r == '\t' || r >= '\u2010' && r <= '\u2015' || r == '\u2212':
			return -1
		}
		return '?'
	}, strings.ToUpper(norm.NFKC.String(strings.TrimSpace(typed))))
	return code, len(code) == codeDigits && !strings.Contains(code, "?")
}

// unaddressed tells whether an award is tied to no address: whoever holds a claim
// link to it may have it.
func unaddressed(w ledger.Award) bool { return w.Folded == "" && w.ErasedAt.IsZero() }

// ClaimWithLink makes an account the owner of an award that is tied to no address
// and to which it holds a claim link. Errors: [ErrLinkSpent]; [ErrNotYours] where
// the award has an address, or another account was faster.
func (s *Service) ClaimWithLink(ctx context.Context, account, token string) (award string, err error) {
	err = s.ledger.Update(ctx, func(tx *ledger.Tx) error {
		now := s.Now()
		a, err := accountIn(ctx, tx, account)
		if err != nil {
			return err
		}
		w, err := s.liveLink(ctx, tx, token, now)
		switch {
		case err != nil:
			return err
		case w.Account == account:
			award = w.ID
			return nil
		case !unaddressed(w) || w.Account != "":
			return ErrNotYours
		case !claimable(w, now):
			return ErrLinkSpent
		}
		award = w.ID
		_, err = s.take(ctx, tx, a.Account, w, now)
		return takenFirst(err)
	})
	if err == nil {
		s.poke()
	}
	return award, err
}

// mayHave tells whether the reader of a mail may have the award that its
// challenge names: its mailbox is the award's own, or the award has none and the
// claim link with which the mail was asked for still works. An address that was
// corrected meanwhile proves nothing about it.
func (s *Service) mayHave(ctx context.Context, tx *ledger.Tx, c ledger.Challenge, w ledger.Award, now time.Time) (bool, error) {
	if !unaddressed(w) {
		return w.Folded == c.Folded, nil
	}
	d, err := dataOf(c)
	if err != nil {
		return false, err
	}
	l, err := tx.ClaimLink(ctx, d.Link)
	if errors.Is(err, ledger.ErrNotFound) {
		return false, nil
	}
	return err == nil && l.Award == w.ID && l.UsedAt.IsZero() && now.Before(l.ExpiresAt), err
}
