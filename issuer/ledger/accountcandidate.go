package ledger

import (
	"context"
	"time"
)

// LinkCandidate notes that an account is a candidate's own. It reports false
// where that is known; [ErrConflict] where the candidate is another account's.
func (tx *Tx) LinkCandidate(ctx context.Context, account, candidate string, at time.Time) (bool, error) {
	n, err := tx.exec(ctx, `insert into account_candidate (candidate, account, linked_at) values ($1, $2, $3) on conflict (candidate) do nothing`,
		candidate, account, at.UnixMicro())
	if err != nil || n > 0 {
		return n > 0, err
	}
	owner, err := tx.CandidateAccount(ctx, candidate)
	if err == nil && owner != account {
		err = conflict("candidate %s is another account's", candidate)
	}
	return false, err
}

// CandidateAccount returns the id of the account that a candidate is linked to.
// [ErrNotFound] where there is none.
func (tx *Tx) CandidateAccount(ctx context.Context, candidate string) (string, error) {
	return one(ctx, tx, scanOne[string], "account of candidate", candidate, `select account from account_candidate where candidate = $1`, candidate)
}

// UnlinkCandidate notes that a candidate is no account's that is known. One that was
// none's is no error.
func (tx *Tx) UnlinkCandidate(ctx context.Context, candidate string) error {
	_, err := tx.exec(ctx, `delete from account_candidate where candidate = $1`, candidate)
	return err
}

// CandidatesOfAccount returns the ids of the candidates that are linked to an
// account.
func (tx *Tx) CandidatesOfAccount(ctx context.Context, account string) ([]string, error) {
	return list(ctx, tx, scanOne[string], `select candidate from account_candidate where account = $1 order by linked_at, candidate`, account)
}
