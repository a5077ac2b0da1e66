package ledger

import (
	"context"
	"database/sql"
	"time"
)

// Who may see an award.
const (
	Private  = "private"  // nobody but the earner and the issuer
	Unlisted = "unlisted" // who has the link
	Public   = "public"
)

// Award is an achievement attained by a candidate.
type Award struct {
	ID                 string
	Issuer             string // slug
	Candidate          string // id
	Achievement        string // slug
	AchievementVersion int
	AttainedAt         time.Time
	ExpiresAt          time.Time // zero: never
	Name               string    // that it is issued to
	Address            string    // e-mail that it is tied to
	Folded             string    // the address as addresses are compared
	Account            string    // id of its owner, or "" until it is claimed
	Result             string    // id of the result that decided it, or ""
	StatusList         string    // id
	StatusIndex        int
	Visibility         string // Private, Unlisted or Public
	Edition            int    // number of the edition that it should have, from 1

	ClaimedAt        time.Time
	DeclinedAt       time.Time
	SuspendedAt      time.Time // zero while in force
	SuspensionReason string
	RevokedAt        time.Time // zero while in force
	RevocationReason string
	RemindAt         time.Time // when the earner is to be reminded of it next; zero: never
	Reminders        int       // sent so far
	ErasedAt         time.Time // zero unless its earner had their data erased: it is a tombstone then
	CreatedAt        time.Time
	Version          int // from 1; rises with every change, for entity tags and caches
}

func scanAward(rows *sql.Rows, a *Award) error { return rows.Scan(a.fields()...) }

// fields lists where the columns of [awardColumns] go.
func (a *Award) fields() []any {
	return []any{
		&a.ID, &a.Issuer, &a.Candidate, &a.Achievement, &a.AchievementVersion,
		timeColumn{&a.AttainedAt},
		timeColumn{&a.ExpiresAt},
		&a.Name, &a.Address, &a.Folded,
		textColumn{&a.Account},
		&a.Result, &a.StatusList, &a.StatusIndex,
		&a.Visibility, &a.Edition,
		timeColumn{&a.ClaimedAt},
		timeColumn{&a.DeclinedAt},
		timeColumn{&a.SuspendedAt},
		&a.SuspensionReason,
		timeColumn{&a.RevokedAt},
		&a.RevocationReason,
		timeColumn{&a.RemindAt},
		&a.Reminders,
		timeColumn{&a.ErasedAt},
		timeColumn{&a.CreatedAt},
		&a.Version,
	}
}

const awardColumns = `id, issuer, candidate, achievement, achievement_version, attained_at, expires_at, name, address, folded,
	account, result, status_list, status_index, visibility, edition, claimed_at, declined_at, suspended_at, suspension_reason,
	revoked_at, revocation_reason, remind_at, reminders, erased_at, created_at, version`

// AddAward inserts an award, and reports false where the candidate has this
// attainment already. Its edition and version begin at 1, and nobody owns it: see
// [Tx.ClaimAward].
func (tx *Tx) AddAward(ctx context.Context, a Award) (bool, error) {
	n, err := tx.exec(ctx, `insert into award (id, issuer, candidate, achievement, achievement_version, attained_at, expires_at,
		name, address, folded, result, status_list, status_index, visibility, remind_at, created_at, edition, suspension_reason,
		revocation_reason, reminders, version)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, 1, '', '', 0, 1)
		on conflict (candidate, achievement, attained_at) do nothing`,
		a.ID, a.Issuer, a.Candidate, a.Achievement, a.AchievementVersion, a.AttainedAt.UnixMicro(), instant(a.ExpiresAt),
		a.Name, a.Address, a.Folded, a.Result, a.StatusList, a.StatusIndex, a.Visibility, instant(a.RemindAt), a.CreatedAt.UnixMicro())
	return n > 0, err
}

// Award returns the award with an id.
func (tx *Tx) Award(ctx context.Context, id string) (Award, error) {
	return one(ctx, tx, scanAward, "award", id, `select `+awardColumns+` from award where id = $1`, id)
}

// AwardsOf returns a candidate's awards in the order in which they were attained.
func (tx *Tx) AwardsOf(ctx context.Context, candidate string) ([]Award, error) {
	return list(ctx, tx, scanAward, `select `+awardColumns+` from award where candidate = $1 order by attained_at, id`, candidate)
}

// AddAwardResults notes the results, of the award's candidate, that it stands on.
func (tx *Tx) AddAwardResults(ctx context.Context, award string, results []string) error {
	if len(results) == 0 {
		return nil
	}
	args := make([]any, 0, 2*len(results))
	for _, r := range results {
		args = append(args, r, award)
	}
	_, err := tx.exec(ctx, `insert into award_result (result, award) values `+rowPlaceholders(len(results), 2)+` on conflict do nothing`, args...)
	return err
}

// AwardResults returns the ids of the results that an award stands on. They are
// among its candidate's, which spares an index.
func (tx *Tx) AwardResults(ctx context.Context, award string) ([]string, error) {
	return list(ctx, tx, scanOne[string], `select r.id from award a join result r on r.candidate = a.candidate
		join award_result l on l.result = r.id and l.award = a.id where a.id = $1 order by r.id`, award)
}

// AwardsByResult returns the awards that stand on a result.
func (tx *Tx) AwardsByResult(ctx context.Context, result string) ([]Award, error) {
	return list(ctx, tx, scanAward, `select `+awardColumns+` from award
		where id in (select award from award_result where result = $1) order by created_at, id`, result)
}

// SetVisibility decides who may see an award.
func (tx *Tx) SetVisibility(ctx context.Context, id, visibility string) error {
	n, err := tx.exec(ctx, `update award set visibility = $1, version = version + 1 where id = $2`, visibility, id)
	return must(n, err, "award", id)
}

// changed turns a count of changed rows of a conditional update into "it
// changed" and "it was so already", or [ErrNotFound].
func (tx *Tx) changed(ctx context.Context, n int64, err error, id string) (bool, error) {
	if err != nil || n > 0 {
		return n > 0, err
	}
	_, err = tx.Award(ctx, id)
	return false, err
}

// Revoke ends an award for ever. It reports false, and keeps the first date and
// reason, where the award is revoked already. The caller also calls
// [Tx.TouchStatusList], here and after [Tx.Suspend] and [Tx.Reinstate].
func (tx *Tx) Revoke(ctx context.Context, id, reason string, at time.Time) (bool, error) {
	n, err := tx.exec(ctx, `update award set revoked_at = $1, revocation_reason = $2, version = version + 1
		where id = $3 and revoked_at is null`, at.UnixMicro(), reason, id)
	return tx.changed(ctx, n, err, id)
}

// Suspend takes an award out of force. It reports false where the award is
// suspended or revoked already.
func (tx *Tx) Suspend(ctx context.Context, id, reason string, at time.Time) (bool, error) {
	n, err := tx.exec(ctx, `update award set suspended_at = $1, suspension_reason = $2, version = version + 1
		where id = $3 and suspended_at is null and revoked_at is null`, at.UnixMicro(), reason, id)
	return tx.changed(ctx, n, err, id)
}

// Reinstate puts a suspended award back into force. It reports false where the
// award is not suspended, or is revoked.
func (tx *Tx) Reinstate(ctx context.Context, id string) (bool, error) {
	n, err := tx.exec(ctx, `update award set suspended_at = null, suspension_reason = '', version = version + 1
		where id = $1 and suspended_at is not null and revoked_at is null`, id)
	return tx.changed(ctx, n, err, id)
}

// Correct changes whom an award is issued to, and returns the number of the
// edition that is to be signed; folded is the address as addresses are compared.
// [ErrConflict] where the award is revoked.
func (tx *Tx) Correct(ctx context.Context, id, name, address, folded string) (edition int, err error) {
	n, err := tx.exec(ctx, `update award set name = $1, address = $2, folded = $3, edition = edition + 1, version = version + 1
		where id = $4 and revoked_at is null`, name, address, folded, id)
	if err != nil {
		return 0, err
	}
	a, err := tx.Award(ctx, id)
	if err == nil && n == 0 {
		err = conflict("award %s is revoked and cannot be corrected", id)
	}
	return a.Edition, err
}
