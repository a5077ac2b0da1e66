package ledger

import (
	"context"
	"strconv"
	"strings"
	"time"
)

// AwardFilter chooses awards; empty fields choose all. Issuer, Candidate or
// Result should be given: without one of them every award is looked at.
type AwardFilter struct {
	Issuer      string    // slug
	Candidate   string    // id
	Achievement string    // slug
	Result      string    // id of a result that the award stands on
	Visibility  string    // Private, Unlisted or Public
	State       string    // "", StateInForce, StateSuspended, StateRevoked or StateExpired
	At          time.Time // the time for which StateInForce and StateExpired are asked
	Acceptance  string    // "", AcceptancePending (and neither revoked nor erased), AcceptanceClaimed or AcceptanceDeclined
}

// What earners have said to awards, for [AwardFilter].
const (
	AcceptancePending  = "pending"
	AcceptanceClaimed  = "claimed"
	AcceptanceDeclined = "declined"
)

// States of awards for [AwardFilter].
const (
	StateInForce   = "in_force"
	StateSuspended = "suspended"
	StateRevoked   = "revoked"
	StateExpired   = "expired"
)

// Cursor is a place in a list of awards; the zero cursor is its beginning.
type Cursor struct {
	CreatedAt time.Time
	ID        string
}

// After returns the cursor behind an award.
func After(a Award) Cursor { return Cursor{a.CreatedAt, a.ID} }

// Awards returns up to limit of the awards that f chooses, newest first, from
// the one after the cursor on.
func (tx *Tx) Awards(ctx context.Context, f AwardFilter, after Cursor, limit int) ([]Award, error) {
	var where strings.Builder
	var args []any
	// and adds a condition, in which ? stands for its argument.
	and := func(condition string, arg any) {
		args = append(args, arg)
		where.WriteString(" and " + strings.ReplaceAll(condition, "?", "$"+strconv.Itoa(len(args))))
	}
	if f.Issuer != "" {
		and("issuer = ?", f.Issuer)
	}
	if f.Candidate != "" {
		and("candidate = ?", f.Candidate)
	}
	if f.Achievement != "" {
		and("achievement = ?", f.Achievement)
	}
	if f.Result != "" {
		and("id in (select award from award_result where result = ?)", f.Result)
	}
	switch f.Visibility {
	case "":
	case Public: // in so many words, for the index over public awards
		where.WriteString(" and visibility = 'public'")
	default:
		and("visibility = ?", f.Visibility)
	}
	switch f.State {
	case StateRevoked:
		where.WriteString(" and revoked_at is not null")
	case StateSuspended:
		where.WriteString(" and revoked_at is null and suspended_at is not null")
	case StateExpired:
		and("revoked_at is null and suspended_at is null and expires_at <= ?", f.At.UnixMicro())
	case StateInForce:
		and("revoked_at is null and suspended_at is null and (expires_at is null or expires_at > ?)", f.At.UnixMicro())
	}
	switch f.Acceptance {
	case AcceptancePending:
		where.WriteString(" and claimed_at is null and declined_at is null and revoked_at is null and erased_at is null")
	case AcceptanceClaimed:
		where.WriteString(" and claimed_at is not null")
	case AcceptanceDeclined:
		where.WriteString(" and claimed_at is null and declined_at is not null")
	}
	if after.ID != "" {
		args = append(args, after.CreatedAt.UnixMicro(), after.ID)
		where.WriteString(" and (created_at, id) < ($" + strconv.Itoa(len(args)-1) + ", $" + strconv.Itoa(len(args)) + ")")
	}
	args = append(args, limit)
	return list(ctx, tx, scanAward, `select `+awardColumns+` from award where 1 = 1`+where.String()+
		` order by created_at desc, id desc limit $`+strconv.Itoa(len(args)), args...)
}

// EndedAwards returns an issuer's awards that are suspended or revoked now,
// oldest first.
func (tx *Tx) EndedAwards(ctx context.Context, issuer string) ([]Award, error) {
	return list(ctx, tx, scanAward, `select `+awardColumns+` from award
		where issuer = $1 and (revoked_at is not null or suspended_at is not null) order by created_at, id`, issuer)
}
