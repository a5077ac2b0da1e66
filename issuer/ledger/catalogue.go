package ledger

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// Catalogue is one version of an issuer's programme, as loaded.
type Catalogue struct {
	Issuer   string // slug
	Number   int    // from 1, rising; given by [Tx.AddCatalogue]
	SHA256   string // of Source, hexadecimal
	Source   []byte // the file
	LoadedAt time.Time
}

func scanCatalogue(rows *sql.Rows, c *Catalogue) error {
	return rows.Scan(&c.Issuer, &c.Number, &c.SHA256, &c.Source, timeColumn{&c.LoadedAt})
}

const catalogueColumns = `issuer, number, sha256, source, loaded_at`

// AddCatalogue makes c the issuer's latest catalogue and returns its number. A
// catalogue with the hash of the latest one is not added; the number is the
// latest one's then.
func (tx *Tx) AddCatalogue(ctx context.Context, c Catalogue) (number int, added bool, err error) {
	type head struct {
		number int
		sha256 string
	}
	latest, err := one(ctx, tx, func(rows *sql.Rows, h *head) error { return rows.Scan(&h.number, &h.sha256) },
		"catalogue", c.Issuer, `select number, sha256 from catalogue where issuer = $1 order by number desc limit 1`, c.Issuer)
	switch {
	case err != nil && !errors.Is(err, ErrNotFound):
		return 0, false, err
	case err == nil && latest.sha256 == c.SHA256:
		return latest.number, false, nil
	}
	number = latest.number + 1
	_, err = tx.exec(ctx, `insert into catalogue (`+catalogueColumns+`) values ($1, $2, $3, $4, $5)`,
		c.Issuer, number, c.SHA256, c.Source, c.LoadedAt.UnixMicro())
	return number, err == nil, err
}

// Catalogue returns the issuer's latest catalogue.
func (tx *Tx) Catalogue(ctx context.Context, issuer string) (Catalogue, error) {
	return one(ctx, tx, scanCatalogue, "catalogue of issuer", issuer,
		`select `+catalogueColumns+` from catalogue where issuer = $1 order by number desc limit 1`, issuer)
}

// CatalogueNumber returns the number of the issuer's latest catalogue, without
// reading its source.
func (tx *Tx) CatalogueNumber(ctx context.Context, issuer string) (int, error) {
	return one(ctx, tx, scanOne[int], "catalogue of issuer", issuer,
		`select number from catalogue where issuer = $1 order by number desc limit 1`, issuer)
}
