package ledger

import (
	"context"
	"database/sql"
	"time"
)

// Candidate is a person who sat exams. A candidate exists without an account.
type Candidate struct {
	ID         string
	Issuer     string // slug
	Number     string // the programme's own, or ""; one candidate of an issuer has it
	GivenName  string
	FamilyName string
	Locale     string // BCP 47, or ""
	CreatedAt  time.Time
}

// Address is an e-mail address that a candidate was reported with.
type Address struct {
	Address   string // as given
	Folded    string // as compared
	FirstSeen time.Time
}

func scanCandidate(rows *sql.Rows, c *Candidate) error {
	return rows.Scan(&c.ID, &c.Issuer, textColumn{&c.Number}, &c.GivenName, &c.FamilyName, &c.Locale, timeColumn{&c.CreatedAt})
}

const candidateColumns = `id, issuer, number, given_name, family_name, locale, created_at`

// AddCandidate inserts a candidate. [ErrConflict] where the id or the number is
// taken.
func (tx *Tx) AddCandidate(ctx context.Context, c Candidate) error {
	n, err := tx.exec(ctx, `insert into candidate (`+candidateColumns+`) values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing`,
		c.ID, c.Issuer, optional(c.Number), c.GivenName, c.FamilyName, c.Locale, c.CreatedAt.UnixMicro())
	if err == nil && n == 0 {
		err = conflict("there is a candidate with this id or number already")
	}
	return err
}

// UpdateCandidate replaces number, names and locale. [ErrConflict] where the
// number belongs to somebody else.
func (tx *Tx) UpdateCandidate(ctx context.Context, c Candidate) error {
	n, err := tx.exec(ctx, `update candidate set number = $1, given_name = $2, family_name = $3, locale = $4
		where id = $5 and not exists (select 1 from candidate other where other.issuer = $6 and other.number = $1 and other.id <> $5)`,
		optional(c.Number), c.GivenName, c.FamilyName, c.Locale, c.ID, c.Issuer)
	if err != nil || n > 0 {
		return err
	}
	if _, err := tx.Candidate(ctx, c.ID); err != nil {
		return err
	}
	return conflict("the candidate number belongs to somebody else")
}

// Candidate returns the candidate with an id.
func (tx *Tx) Candidate(ctx context.Context, id string) (Candidate, error) {
	return one(ctx, tx, scanCandidate, "candidate", id, `select `+candidateColumns+` from candidate where id = $1`, id)
}

// AddAddress notes that a candidate was reported with an address at that time. It
// reports false, and changes nothing, where the candidate has the address already.
func (tx *Tx) AddAddress(ctx context.Context, c Candidate, address, folded string, at time.Time) (bool, error) {
	n, err := tx.exec(ctx, `insert into address (issuer, folded, candidate, address, first_seen) values ($1, $2, $3, $4, $5) on conflict do nothing`,
		c.Issuer, folded, c.ID, address, at.UnixMicro())
	return n > 0, err
}

// RemoveAddress forgets that a candidate was reported with an address. One that
// they do not have is no error.
func (tx *Tx) RemoveAddress(ctx context.Context, candidate, folded string) error {
	_, err := tx.exec(ctx, `delete from address where candidate = $1 and folded = $2`, candidate, folded)
	return err
}

// Addresses returns a candidate's addresses, the first seen first.
func (tx *Tx) Addresses(ctx context.Context, candidate string) ([]Address, error) {
	return list(ctx, tx, func(rows *sql.Rows, a *Address) error {
		return rows.Scan(&a.Address, &a.Folded, timeColumn{&a.FirstSeen})
	}, `select address, folded, first_seen from address where candidate = $1 order by first_seen, folded`, candidate)
}
