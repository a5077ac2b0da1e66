package ledger

import (
	"context"
	"time"
)

// SetAutoAccept says whether an account claims the awards of one issuer by
// itself.
func (tx *Tx) SetAutoAccept(ctx context.Context, account, issuer string, on bool, at time.Time) error {
	if !on {
		_, err := tx.exec(ctx, `delete from account_auto_accept where account = $1 and issuer = $2`, account, issuer)
		return err
	}
	_, err := tx.exec(ctx, `insert into account_auto_accept (account, issuer, created_at) values ($1, $2, $3) on conflict do nothing`,
		account, issuer, at.UnixMicro())
	return err
}

// AutoAccept returns the issuers, by slug, whose awards an account claims by
// itself; [Account.AutoAcceptSince] is for all others.
func (tx *Tx) AutoAccept(ctx context.Context, account string) ([]string, error) {
	return list(ctx, tx, scanOne[string], `select issuer from account_auto_accept where account = $1 order by issuer`, account)
}

// AutoAccepts returns the open account that claims a candidate's awards from an
// issuer by itself. [ErrNotFound] where there is none: also where an account has
// proven the address that the award went to, but is not known to be this
// candidate's own.
func (tx *Tx) AutoAccepts(ctx context.Context, candidate, issuer string) (Account, error) {
	return one(ctx, tx, scanAccount, "account that accepts by itself for candidate", candidate, `select `+accountColumns+` from account
		where id = (select account from account_candidate where candidate = $1) and closed_at is null and (auto_accept_since is not null
			or exists (select 1 from account_auto_accept i where i.account = account.id and i.issuer = $2))`, candidate, issuer)
}

// AwardsToAccept returns those of [Tx.WaitingAwards] that an account claims by
// itself: made after it said so, of their issuer or of all.
func (tx *Tx) AwardsToAccept(ctx context.Context, account string) ([]Award, error) {
	return tx.unclaimed(ctx, account, ` and declined_at is null and (
		exists (select 1 from account a where a.id = $1 and a.auto_accept_since < award.created_at)
		or exists (select 1 from account_auto_accept i where i.account = $1 and i.issuer = award.issuer and i.created_at < award.created_at))`)
}
