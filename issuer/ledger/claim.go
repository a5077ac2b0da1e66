package ledger

import (
	"context"
	"time"
)

// ClaimAward makes an account the owner of an award that nobody owns, and gives
// the award its visibility. It is one conditional update, which decides a race.
// It reports false, and changes nothing, where the account owns the award
// already; [ErrConflict] where another one does or the award is revoked.
func (tx *Tx) ClaimAward(ctx context.Context, account, id, visibility string, at time.Time) (bool, error) {
	n, err := tx.exec(ctx, `update award set account = $1, claimed_at = $2, declined_at = null, visibility = $3, remind_at = null,
		version = version + 1 where id = $4 and account is null and revoked_at is null`, account, at.UnixMicro(), visibility, id)
	if err != nil || n > 0 {
		return n > 0, err
	}
	a, err := tx.Award(ctx, id)
	switch {
	case err != nil:
		return false, err
	case a.Account == "":
		return false, conflict("award %s is revoked and cannot be claimed", id)
	case a.Account != account:
		return false, conflict("award %s is another account's", id)
	}
	return false, nil
}

// Decline notes that the earner does not want an award, and ends its reminders.
// It reports false where they had said so, or had claimed it, already.
func (tx *Tx) Decline(ctx context.Context, id string, at time.Time) (bool, error) {
	n, err := tx.exec(ctx, `update award set declined_at = $1, visibility = 'private', remind_at = null, version = version + 1
		where id = $2 and declined_at is null and claimed_at is null`, at.UnixMicro(), id)
	return tx.changed(ctx, n, err, id)
}

// Undecline takes back a decline that came after since. It reports false where
// there is none.
func (tx *Tx) Undecline(ctx context.Context, id string, since time.Time) (bool, error) {
	n, err := tx.exec(ctx, `update award set declined_at = null, version = version + 1
		where id = $1 and declined_at > $2 and claimed_at is null`, id, since.UnixMicro())
	return tx.changed(ctx, n, err, id)
}

// OwnedAward returns an award of an account. [ErrNotFound] also where the award
// is another one's.
func (tx *Tx) OwnedAward(ctx context.Context, account, id string) (Award, error) {
	return one(ctx, tx, scanAward, "award", id, `select `+awardColumns+` from award where id = $1 and account = $2`, id, account)
}

// AwardsOfAccount returns the awards that an account owns, latest attained first.
func (tx *Tx) AwardsOfAccount(ctx context.Context, account string) ([]Award, error) {
	return list(ctx, tx, scanAward, `select `+awardColumns+` from award where account = $1 order by attained_at desc, id desc`, account)
}

// AwardsTo returns the awards that are tied to an address, given as addresses
// are compared, whoever owns them and in whatever state; oldest first. Those that
// are tied to none are nobody's.
func (tx *Tx) AwardsTo(ctx context.Context, folded string) ([]Award, error) {
	if folded == "" {
		return nil, nil
	}
	return list(ctx, tx, scanAward, `select `+awardColumns+` from award where folded = $1 order by attained_at, id`, folded)
}

// WaitingAwards returns the awards that an account may claim: tied to one of its
// addresses or issued to one of its candidates; claimed by nobody, not declined
// and not revoked. Latest attained first.
func (tx *Tx) WaitingAwards(ctx context.Context, account string) ([]Award, error) {
	return tx.unclaimed(ctx, account, ` and declined_at is null`)
}

// DeclinedAwards returns the awards that an account might have claimed, see
// [Tx.WaitingAwards], but were declined after since.
func (tx *Tx) DeclinedAwards(ctx context.Context, account string, since time.Time) ([]Award, error) {
	return tx.unclaimed(ctx, account, ` and declined_at > $2`, since.UnixMicro())
}

func (tx *Tx) unclaimed(ctx context.Context, account, and string, args ...any) ([]Award, error) {
	return list(ctx, tx, scanAward, `select `+awardColumns+` from award where id in (
			select w.id from account_address a join award w on w.folded = a.folded where a.account = $1
			union select w.id from account_candidate c join award w on w.candidate = c.candidate where c.account = $1)
		and account is null and claimed_at is null and revoked_at is null`+and+` order by attained_at desc, id desc`,
		append([]any{account}, args...)...)
}

// MayClaim tells whether an award waits for an account: see [Tx.WaitingAwards],
// but for one award, and declined or not.
func (tx *Tx) MayClaim(ctx context.Context, account, id string) (bool, error) {
	found, err := list(ctx, tx, scanOne[int], `select 1 from award w where w.id = $1 and w.account is null and w.revoked_at is null and (
			exists (select 1 from account_address a where a.folded = w.folded and a.account = $2)
			or exists (select 1 from account_candidate c where c.candidate = w.candidate and c.account = $2))`, id, account)
	return len(found) > 0, err
}
