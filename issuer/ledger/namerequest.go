package ledger

import (
	"context"
	"database/sql"
	"time"
)

// NameRequest asks an issuer to correct the name that an award was issued to.
type NameRequest struct {
	ID        string
	Award     string // id
	Account   string // id of the owner who asks
	Issuer    string // slug
	Name      string // that it should be
	Note      string // why
	CreatedAt time.Time
	DecidedAt time.Time // zero: not yet
	Accepted  bool
	Reason    string // of the decision
}

func scanNameRequest(rows *sql.Rows, r *NameRequest) error {
	return rows.Scan(&r.ID, &r.Award, &r.Account, &r.Issuer, &r.Name, &r.Note, timeColumn{&r.CreatedAt}, timeColumn{&r.DecidedAt},
		&r.Accepted, &r.Reason)
}

const nameRequestColumns = `id, award, account, issuer, name, note, created_at, decided_at, accepted, reason`

// AddNameRequest inserts a request. [ErrConflict] where one about the award is
// undecided.
func (tx *Tx) AddNameRequest(ctx context.Context, r NameRequest) error {
	n, err := tx.exec(ctx, `insert into name_request (id, award, account, issuer, name, note, created_at, accepted, reason)
		values ($1, $2, $3, $4, $5, $6, $7, false, '') on conflict do nothing`,
		r.ID, r.Award, r.Account, r.Issuer, r.Name, r.Note, r.CreatedAt.UnixMicro())
	if err == nil && n == 0 {
		err = conflict("a request about award %s waits already", r.Award)
	}
	return err
}

// NameRequest returns the request with an id.
func (tx *Tx) NameRequest(ctx context.Context, id string) (NameRequest, error) {
	return one(ctx, tx, scanNameRequest, "name request", id, `select `+nameRequestColumns+` from name_request where id = $1`, id)
}

// NameRequests returns an issuer's requests, or with "" everybody's, oldest first;
// open ones only, or all.
func (tx *Tx) NameRequests(ctx context.Context, issuer string, open bool) ([]NameRequest, error) {
	and, args := "", []any{}
	if issuer != "" {
		and, args = ` and issuer = $1`, append(args, issuer)
	}
	if open {
		and += ` and decided_at is null`
	}
	return list(ctx, tx, scanNameRequest, `select `+nameRequestColumns+` from name_request where 1 = 1`+and+` order by created_at, id`, args...)
}

// NameRequestsOf returns the requests that an account has made, newest first.
func (tx *Tx) NameRequestsOf(ctx context.Context, account string) ([]NameRequest, error) {
	return list(ctx, tx, scanNameRequest, `select `+nameRequestColumns+` from name_request where account = $1 order by created_at desc, id desc`, account)
}

// DecideNameRequest notes the issuer's decision. [ErrConflict] where there is one.
func (tx *Tx) DecideNameRequest(ctx context.Context, id string, accepted bool, reason string, at time.Time) error {
	n, err := tx.exec(ctx, `update name_request set decided_at = $1, accepted = $2, reason = $3 where id = $4 and decided_at is null`,
		at.UnixMicro(), accepted, reason, id)
	if err != nil || n > 0 {
		return err
	}
	if _, err := tx.NameRequest(ctx, id); err != nil {
		return err
	}
	return conflict("name request %s is decided already", id)
}
