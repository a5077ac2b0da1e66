package issuer

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/accolade-badges/accolade/issuer/ledger"
	"github.com/accolade-badges/accolade/issuer/mail"
)

// letter is a mail about an account or an address, to be queued.
type letter struct {
	kind      string // mailConfirm, mailSignIn, mailFind or mailNotice
	to        string // the one address
	language  string // BCP 47
	account   string // id of the account that it is about, or ""
	challenge string // mailConfirm, mailSignIn: id of the challenge whose link and code it carries
	notice    *notice
}

// notice is what a mailNotice says; see [mail.Notice].
type notice struct {
	Kind   mail.NoticeKind `json:"kind"`
	Detail string          `json:"detail,omitempty"`
	At     time.Time       `json:"at"`
	Until  time.Time       `json:"until,omitzero"`
	Link   string          `json:"link"` // whole address
}

// queueLetter writes a mail into the outbox, with the job that sends it. Where
// the transaction does not commit, nothing is sent.
func (s *Service) queueLetter(ctx context.Context, tx *ledger.Tx, l letter) error {
	id := s.newOrderedID()
	m := ledger.Mail{
		ID: id, Kind: l.kind, Account: l.account, Challenge: l.challenge, Language: l.language, Recipient: l.to,
		MessageID: id + "@" + s.urls.mailDomain(), CreatedAt: s.Now(),
	}
	if l.notice != nil {
		var err error
		if m.Data, err = json.Marshal(l.notice); err != nil {
			return fmt.Errorf("notice to %s: %w", l.account, err)
		}
	}
	if _, err := tx.AddMail(ctx, m); err != nil {
		return err
	}
	return tx.AddJob(ctx, s.job(jobMail, id))
}

// challengeSecrets returns the link's token (192 bits) and the six-digit code of
// a challenge. They come out the same each time, so that a mail that is sent
// twice around a crash carries the same ones; without the master key nobody
// finds them, and the ledger holds their hashes only.
func (s *Service) challengeSecrets(id string) (token, code string) {
	sum := s.derived("challenge", id)
	const digits = 1_000_000
	return base64.RawURLEncoding.EncodeToString(sum[:24]), fmt.Sprintf("%06d", binary.BigEndian.Uint64(sum[24:])%digits)
}

// derived returns 32 bytes that only the holder of the master key can tell.
func (s *Service) derived(purpose, subject string) []byte {
	mac := hmac.New(sha256.New, s.master.Derive(purpose))
	mac.Write([]byte(subject))
	return mac.Sum(nil)
}

// composeLetter writes a mail about an account or an address.
func (s *Service) composeLetter(ctx context.Context, m ledger.Mail) (*mail.Message, error) {
	frame, err := s.operatorLetter(ctx, m, "")
	if err != nil {
		return nil, err
	}
	switch m.Kind {
	case mailConfirm, mailSignIn:
		return s.composeChallenge(ctx, m, frame)
	case mailFind:
		return s.composeFind(ctx, m, frame)
	case mailNotice:
		if frame.ToName, err = s.accountName(ctx, m); err != nil {
			return nil, err
		}
		var n notice
		if err := json.Unmarshal(m.Data, &n); err != nil {
			return nil, fmt.Errorf("mail %s: %w: its notice: %w", m.ID, mail.ErrInvalid, err)
		}
		return mail.ComposeNotice(m.Language, mail.Notice{Letter: frame, Kind: n.Kind, Detail: n.Detail, At: n.At, Until: n.Until, Link: n.Link})
	}
	return nil, fmt.Errorf("mail %s: %w: no such kind %q", m.ID, mail.ErrInvalid, m.Kind)
}

// accountName is how the owner of the account wants to be called: "" where the
// mail is about none, or it is closed. It is for mails to addresses that are the
// account's: to any other it would carry what a stranger has made up.
func (s *Service) accountName(ctx context.Context, m ledger.Mail) (name string, err error) {
	if m.Account == "" {
		return "", nil
	}
	err = s.ledger.View(ctx, func(tx *ledger.Tx) error {
		a, err := tx.Account(ctx, m.Account)
		if errors.Is(err, ledger.ErrNotFound) {
			return nil
		}
		name = a.Name
		return err
	})
	return name, err
}

// composeChallenge writes the mail with a link and a code, which greets nobody by
// name: whose address it is, is what it asks. One that leads to a badge comes from
// the badge's issuer, whom its earner knows.
func (s *Service) composeChallenge(ctx context.Context, m ledger.Mail, frame mail.Letter) (*mail.Message, error) {
	var c ledger.Challenge
	err := s.ledger.View(ctx, func(tx *ledger.Tx) error {
		var err error
		c, err = tx.Challenge(ctx, m.Challenge)
		return err
	})
	switch {
	case errors.Is(err, ledger.ErrNotFound), err == nil && !s.Now().Before(c.ExpiresAt):
		return nil, unsendable(droppedPrefix + "its link ended before it could be")
	case err != nil:
		return nil, err
	case !c.UsedAt.IsZero():
		return nil, unsendable(droppedPrefix + "it is not needed any more")
	}
	token, code := s.challengeSecrets(c.ID)
	out := mail.Confirmation{Letter: frame, Link: s.urls.Confirm(token), Code: code, Until: c.ExpiresAt}
	switch {
	case m.Kind == mailSignIn:
		return mail.ComposeSignIn(m.Language, out)
	case c.Purpose == PurposeMerge:
		return mail.ComposeMerge(m.Language, out)
	}
	if c.Award != "" {
		p, err := s.AnyPublication(ctx, c.Award)
		if err != nil {
			return nil, err
		}
		out.Letter = s.letterOf(p.Issuer, m, "")
		words := drawn(m.Language)
		out.Achievement, out.AchievementIssuer, out.PictureURL = words.title(p.Facts), p.Issuer.Name, s.mailPicture(p, words)
		out.Joins = c.Purpose == PurposeAddress
	}
	return mail.ComposeConfirmation(m.Language, out)
}

// composeFind answers what waits for an address: the badges that nobody has
// claimed, each with a fresh link. Those that were declined count as long as that
// can be undone: who asks has changed their mind.
func (s *Service) composeFind(ctx context.Context, m ledger.Mail, frame mail.Letter) (*mail.Message, error) {
	f := mail.Find{Letter: frame, FindURL: s.urls.Find()}
	var awards []ledger.Award
	err := s.ledger.View(ctx, func(tx *ledger.Tx) error {
		var err error
		awards, err = tx.AwardsTo(ctx, folded(m.Recipient))
		return err
	})
	if err != nil {
		return nil, err
	}
	for _, w := range awards {
		if !claimable(w, s.Now()) {
			continue
		}
		p, err := s.AnyPublication(ctx, w.ID)
		if err != nil {
			return nil, err
		}
		b := mail.Waiting{Achievement: drawn(m.Language).title(p.Facts), Issuer: p.Issuer.Name, AttainedAt: w.AttainedAt}
		if b.ClaimURL, f.Until, err = s.newClaimLink(ctx, w.ID); err != nil {
			return nil, err
		}
		f.Waiting = append(f.Waiting, b)
	}
	return mail.ComposeFind(m.Language, f)
}
