package issuer

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/accolade-badges/accolade/issuer/ledger"
	"github.com/accolade-badges/accolade/issuer/mail"
)

// RequestName asks the issuer of a badge to correct the name that it was issued
// to; see [Service.TellDesks]. The lines of the note become one. Errors:
// [*InvalidError], [*EarnerError], [*ConflictError] where a request waits already,
// [ErrNotPublished] where the badge is not the account's.
func (s *Service) RequestName(ctx context.Context, account, award, name, note string) error {
	name, err := plainText("name", name, 200)
	if err != nil {
		return err
	}
	if note, err = plainText("note", strings.Join(strings.Fields(note), " "), 500); err != nil {
		return err
	}
	if name == "" {
		return invalid("name", "is missing; write the name as it should stand on the badge")
	}
	return s.changeOwn(ctx, account, award, func(tx *ledger.Tx, w ledger.Award) error {
		switch {
		case !w.RevokedAt.IsZero():
			return &ConflictError{"the badge is revoked; a revoked badge is not corrected"}
		case name == w.Name:
			return invalid("name", "is the name that the badge has")
		}
		r := ledger.NameRequest{ID: s.newID(), Award: award, Account: account, Issuer: w.Issuer, Name: name, Note: note, CreatedAt: s.Now()}
		if err := tx.AddNameRequest(ctx, r); errors.Is(err, ledger.ErrConflict) {
			return &ConflictError{"a request about this badge waits for the issuer already"}
		} else if err != nil {
			return err
		}
		return s.audit(ctx, tx, account, "name.requested", award, "")
	})
}

// deskQuiet is how long an issuer's desk is left alone after it was told that
// requests wait.
const deskQuiet = 24 * time.Hour

// deskTold is the setting that keeps when an issuer's desk was told.
func deskTold(issuer string) string { return "desk-told/" + issuer }

// TellDesks mails the desk of each issuer for which a request waits that is newer
// than the last such mail, once a day at most, and returns how many. The mail names
// a badge alone: it goes through mailboxes that an earner's deletion does not reach.
func (s *Service) TellDesks(ctx context.Context) (queued int, err error) {
	open, err := s.NameRequests(ctx, "", true)
	if err != nil {
		return 0, err
	}
	newest := map[string]ledger.NameRequest{}
	for _, r := range open {
		newest[r.Issuer] = r
	}
	for slug, r := range newest {
		told, failed := s.tellDesk(ctx, slug, r)
		err = errors.Join(err, failed)
		if told {
			queued++
		}
	}
	if queued > 0 {
		s.poke()
	}
	return queued, err
}

// tellDesk mails one issuer's desk of a request, unless it knows or was told of
// others a short while ago.
func (s *Service) tellDesk(ctx context.Context, slug string, r ledger.NameRequest) (queued bool, err error) {
	err = s.ledger.Update(ctx, func(tx *ledger.Tx) error {
		queued = false
		kept, err := tx.Setting(ctx, deskTold(slug))
		if err != nil && !errors.Is(err, ledger.ErrNotFound) {
			return err
		}
		told, _ := time.Parse(time.RFC3339Nano, kept) // none is long ago
		if !r.CreatedAt.After(told) || s.Now().Sub(told) < deskQuiet {
			return nil
		}
		is, err := tx.Issuer(ctx, slug)
		if err != nil {
			return err
		}
		queued = true
		n := notice{Kind: mail.NameAsked, Detail: r.Award, At: r.CreatedAt, Link: s.urls.Base() + "/"}
		if err := s.queueLetter(ctx, tx, letter{kind: mailNotice, to: SettingsOf(is).Desks(AboutClaims, is)[0].Email, language: "en", notice: &n}); err != nil {
			return err
		}
		return tx.PutSetting(ctx, deskTold(slug), s.Now().UTC().Format(time.RFC3339Nano))
	})
	return queued, err
}

// NameRequestsOf returns what an account has asked of issuers, newest first.
func (s *Service) NameRequestsOf(ctx context.Context, account string) ([]ledger.NameRequest, error) {
	var list []ledger.NameRequest
	err := s.ledger.View(ctx, func(tx *ledger.Tx) error {
		var err error
		list, err = tx.NameRequestsOf(ctx, account)
		return err
	})
	return list, err
}

// NameRequests returns what an issuer, or with "" every issuer, was asked, oldest
// first: what waits, or all.
func (s *Service) NameRequests(ctx context.Context, issuer string, open bool) ([]ledger.NameRequest, error) {
	var list []ledger.NameRequest
	err := s.ledger.View(ctx, func(tx *ledger.Tx) error {
		var err error
		list, err = tx.NameRequests(ctx, issuer, open)
		return err
	})
	return list, err
}

// ErrNoRequest is returned for a request that an issuer was never asked.
var ErrNoRequest = errors.New("there is no such request; `accolade name-request list` shows those that wait")

// AcceptName does what a request asks: the badge gets a new edition with the
// name, under the same id, and its earner is told. [*ConflictError] where it is
// decided already. An issuer limits the request to its own; "" does not.
func (s *Service) AcceptName(ctx context.Context, actor, issuer, request, reason string) error {
	reason, err := reasonText(reason)
	if err != nil {
		return err
	}
	return s.decideName(ctx, issuer, request, func(tx *ledger.Tx, r ledger.NameRequest) error {
		w, err := tx.Award(ctx, r.Award)
		if err != nil {
			return err
		}
		if err := s.correct(ctx, tx, actor, w, changes{name: r.Name}, reason); err != nil {
			return err
		}
		return tx.DecideNameRequest(ctx, r.ID, true, reason, s.Now())
	})
}

// DeclineName refuses a request; its earner is told why. [*ConflictError] where
// it is decided already. An issuer limits the request to its own; "" does not.
func (s *Service) DeclineName(ctx context.Context, actor, issuer, request, reason string) error {
	reason, err := reasonText(reason)
	if err != nil {
		return err
	}
	return s.decideName(ctx, issuer, request, func(tx *ledger.Tx, r ledger.NameRequest) error {
		if err := tx.DecideNameRequest(ctx, r.ID, false, reason, s.Now()); err != nil {
			return err
		}
		n := notice{Kind: mail.NameDeclined, Detail: reason}
		if err := s.noticeEach(ctx, tx, r.Account, n, "/me/badges/"+r.Award); err != nil && !errors.Is(err, ErrNoAccount) {
			return err
		}
		return s.audit(ctx, tx, actor, "name.declined", r.Award, reason)
	})
}

func (s *Service) decideName(ctx context.Context, issuer, request string, fn func(*ledger.Tx, ledger.NameRequest) error) error {
	err := s.ledger.Update(ctx, func(tx *ledger.Tx) error {
		r, err := tx.NameRequest(ctx, request)
		if errors.Is(err, ledger.ErrNotFound) || err == nil && issuer != "" && r.Issuer != issuer {
			return ErrNoRequest
		}
		if err != nil {
			return err
		}
		if !r.DecidedAt.IsZero() {
			return &ConflictError{"this request is decided already"}
		}
		return fn(tx, r)
	})
	if err == nil {
		s.poke()
	}
	return err
}
