package ledger

import (
	"context"
	"database/sql"
	"time"
)

// Suppression says that an address wants, or takes, no mails.
type Suppression struct {
	Folded    string // the address as addresses are compared
	Issuer    string // slug, or "" for every issuer
	Kind      string // of mail, or "" for every kind
	Reason    string // unsubscribed, bounced, complained …
	CreatedAt time.Time
}

func scanSuppression(rows *sql.Rows, s *Suppression) error {
	return rows.Scan(&s.Folded, &s.Issuer, &s.Kind, &s.Reason, timeColumn{&s.CreatedAt})
}

// AddSuppression notes that an address wants no mails of an issuer and kind, and
// reports false where that is known.
func (tx *Tx) AddSuppression(ctx context.Context, s Suppression) (bool, error) {
	if s.Folded == "" { // of a mail whose address was erased: nobody's, and not everybody's
		return false, nil
	}
	n, err := tx.exec(ctx, `insert into suppression (folded, issuer, kind, reason, created_at) values ($1, $2, $3, $4, $5) on conflict do nothing`,
		s.Folded, s.Issuer, s.Kind, s.Reason, s.CreatedAt.UnixMicro())
	return n > 0, err
}

// RemoveSuppression takes that back; one that is not there is no error.
func (tx *Tx) RemoveSuppression(ctx context.Context, folded, issuer, kind string) error {
	_, err := tx.exec(ctx, `delete from suppression where folded = $1 and issuer = $2 and kind = $3`, folded, issuer, kind)
	return err
}

// Suppressed tells whether an address wants no mail of an issuer and kind.
func (tx *Tx) Suppressed(ctx context.Context, folded, issuer, kind string) (bool, error) {
	found, err := list(ctx, tx, scanOne[int], `select 1 from suppression where folded = $1 and issuer in ('', $2) and kind in ('', $3) limit 1`,
		folded, issuer, kind)
	return len(found) > 0, err
}

// Suppressions returns what is noted of an address.
func (tx *Tx) Suppressions(ctx context.Context, folded string) ([]Suppression, error) {
	return list(ctx, tx, scanSuppression, `select folded, issuer, kind, reason, created_at from suppression where folded = $1 order by issuer, kind`, folded)
}
