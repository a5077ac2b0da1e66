package ledger

import (
	"context"
	"database/sql"
)

// Disclosure says what of an award the earner shows beyond that they earned it.
// Nothing is the default.
type Disclosure struct {
	Award    string // id
	Score    bool   // and grade
	Evidence bool
}

func scanDisclosure(rows *sql.Rows, d *Disclosure) error {
	return rows.Scan(&d.Award, &d.Score, &d.Evidence)
}

// PutDisclosure stores what of an award is shown.
func (tx *Tx) PutDisclosure(ctx context.Context, d Disclosure) error {
	_, err := tx.exec(ctx, `insert into disclosure (award, score, evidence) values ($1, $2, $3)
		on conflict (award) do update set score = excluded.score, evidence = excluded.evidence`, d.Award, d.Score, d.Evidence)
	if err != nil {
		return err
	}
	n, err := tx.exec(ctx, `update award set version = version + 1 where id = $1`, d.Award)
	return must(n, err, "award", d.Award)
}

// Disclosure returns what of an award is shown; nothing where the earner never
// said.
func (tx *Tx) Disclosure(ctx context.Context, award string) (Disclosure, error) {
	found, err := list(ctx, tx, scanDisclosure, `select award, score, evidence from disclosure where award = $1`, award)
	if len(found) == 0 {
		return Disclosure{Award: award}, err
	}
	return found[0], err
}
