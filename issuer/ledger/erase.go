package ledger

import (
	"context"
	"errors"
	"time"
)

// ErasedDigest stands for the digest of a result whose candidate was erased: the
// result is known when it is reported again, and nothing else of it.
const ErasedDigest = "erased"

// Erased is what [Tx.EraseAccount] did.
type Erased struct {
	Awards     int // tombstones that are left
	Candidates int // that nobody is known by any more
}

// eraseSteps run in order; $1 is the account.
var eraseSteps = []string{
	`delete from claim_link where award in (select id from award where account = $1)`,
	`update mail set recipient = '', data = '' where challenge <> '' and award = ''
		and challenge in (select id from challenge where award in (select id from award where account = $1))`,
	`delete from challenge where account = $1 or award in (select id from award where account = $1)
		or folded in (select folded from account_address where account = $1)`,
	`update mail set recipient = '', body = null, data = '', language = '', last_error = '', bounce_reason = '', account = '', challenge = ''
		where account = $1 or award in (select id from award where account = $1 and id <> '')
		or recipient in (select address from account_address where account = $1 union select folded from account_address where account = $1)`,
	`delete from collection_item where collection in (select id from collection where account = $1)
		or award in (select id from award where account = $1)`,
	`delete from collection where account = $1`,
	`delete from profile_item where account = $1`,
	`delete from share where account = $1 or award in (select id from award where account = $1)`,
	`delete from award_address where award in (select id from award where account = $1)
		or folded in (select folded from account_address where account = $1)`,
	`delete from disclosure where award in (select id from award where account = $1)`,
	`delete from name_request where account = $1 or award in (select id from award where account = $1)`,
	`delete from edition where award in (select id from award where account = $1)`,
	`delete from suppression where folded in (select folded from account_address where account = $1
		union select folded from award where account = $1)`,
	`delete from passkey where account = $1`,
	`delete from identity where account = $1`,
	`delete from account_session where account = $1`,
	`delete from account_auto_accept where account = $1`,
	`delete from account_picture where account = $1`,
	`delete from former_handle where account = $1`,
	`update account_merge set data = '' where into_account = $1 or from_account = $1`,
	eraseCandidatesStep,
	`update result set score = '', delivery = '', language = '', digest = '` + ErasedDigest + `' where candidate in (` + erasedCandidates + `)`,
	`delete from address where candidate in (` + erasedCandidates + `)`,
}

// erasedCandidates are the candidates who are known to be the account's owner,
// and those all of whose awards are the account's.
const erasedCandidates = `select candidate from account_candidate where account = $1
	union select w.candidate from award w where w.account = $1
		and not exists (select 1 from award o where o.candidate = w.candidate and (o.account is null or o.account <> $1))`

const eraseCandidatesStep = `update candidate set number = null, given_name = '', family_name = '', locale = '' where id in (` + erasedCandidates + `)`

// EraseAccount closes an account and removes every personal datum of its owner:
// of the account itself, of the accounts that became part of it, of its awards
// and of the candidates who are its owner. The account's id stays, and of each
// award its achievement, its dates and its place in the status list. What waited
// for one of those candidates is erased with the rest.
func (tx *Tx) EraseAccount(ctx context.Context, account string, at time.Time) (Erased, error) {
	var done Erased
	if _, err := tx.Account(ctx, account); err != nil {
		return done, err
	}
	former, err := list(ctx, tx, scanOne[string], `select from_account from account_merge where into_account = $1 and undone_at is null`, account)
	if err != nil {
		return done, err
	}
	// What waits for a candidate who is the owner is theirs.
	if _, err := tx.exec(ctx, `update award set account = $1 where account is null
		and candidate in (select candidate from account_candidate where account = $1)`, account); err != nil {
		return done, err
	}
	for _, step := range eraseSteps {
		n, err := tx.exec(ctx, step, account)
		if err != nil {
			return done, err
		}
		if step == eraseCandidatesStep {
			done.Candidates = int(n)
		}
	}
	n, err := tx.exec(ctx, `update award set name = '', address = '', folded = '', visibility = 'private', remind_at = null,
		erased_at = $1, version = version + 1 where account = $2 and erased_at is null`, at.UnixMicro(), account)
	if err != nil {
		return done, err
	}
	done.Awards = int(n)
	for _, step := range []string{
		`delete from account_candidate where account = $1`,
		`delete from account_address where account = $1`,
	} {
		if _, err := tx.exec(ctx, step, account); err != nil {
			return done, err
		}
	}
	// Answers of the API may name anybody; a call that is repeated is only answered
	// anew.
	if _, err := tx.exec(ctx, `delete from idempotency`); err != nil {
		return done, err
	}
	if _, err := tx.exec(ctx, `update account set handle = null, handle_look = null, name = '', headline = '', language = '', time_zone = '', picture = '',
		profile_public = false, auto_accept_since = null, closed_at = coalesce(closed_at, $1), version = version + 1 where id = $2`,
		at.UnixMicro(), account); err != nil {
		return done, err
	}
	for _, id := range former {
		if _, err := tx.EraseAccount(ctx, id, at); err != nil {
			return done, err
		}
	}
	return done, nil
}

// ForgetMail blanks whom a mail went to and what it said, once it is sent or
// given up.
func (tx *Tx) ForgetMail(ctx context.Context, id string) error {
	_, err := tx.exec(ctx, `update mail set recipient = '', body = null, data = '', last_error = '' where id = $1`, id)
	return err
}

// ignoreAbsent forgives that there is no such record.
func ignoreAbsent(err error) error {
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	return err
}
