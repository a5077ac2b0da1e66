package ledger

import (
	"context"
	"database/sql"
	"time"
)

// Issuer is an organization that signs here.
type Issuer struct {
	Slug        string // in addresses; identifies the issuer in the ledger
	ID          string // did:web or https, as signed
	Name        string
	URL         string
	Email       string
	Description string
	Colour      string // #rrggbb, or "" for the house colour
	Settings    []byte // JSON of the issuer's settings, or nil
	CreatedAt   time.Time
}

func scanIssuer(rows *sql.Rows, is *Issuer) error {
	var settings string
	err := rows.Scan(&is.Slug, &is.ID, &is.Name, &is.URL, &is.Email, &is.Description, &is.Colour, &settings, timeColumn{&is.CreatedAt})
	if settings != "" {
		is.Settings = []byte(settings)
	}
	return err
}

const issuerColumns = `slug, id, name, url, email, description, colour, settings, created_at`

// PutIssuer inserts an issuer, or replaces the one with its slug; the time of
// creation and the identifier stay as they were, since badges name them.
func (tx *Tx) PutIssuer(ctx context.Context, is Issuer) error {
	_, err := tx.exec(ctx, `insert into issuer (`+issuerColumns+`) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		on conflict (slug) do update set name = excluded.name, url = excluded.url, email = excluded.email,
		description = excluded.description, colour = excluded.colour, settings = excluded.settings`,
		is.Slug, is.ID, is.Name, is.URL, is.Email, is.Description, is.Colour, string(is.Settings), is.CreatedAt.UnixMicro())
	return err
}

// Issuer returns the issuer with a slug.
func (tx *Tx) Issuer(ctx context.Context, slug string) (Issuer, error) {
	return one(ctx, tx, scanIssuer, "issuer", slug, `select `+issuerColumns+` from issuer where slug = $1`, slug)
}

// Issuers returns all issuers by slug.
func (tx *Tx) Issuers(ctx context.Context) ([]Issuer, error) {
	return list(ctx, tx, scanIssuer, `select `+issuerColumns+` from issuer order by slug`)
}
