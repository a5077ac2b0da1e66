package ledger

import (
	"context"
	"database/sql"
	"time"
)

// Edition is one signed form of an award. Its bytes are kept as they were
// signed; a correction adds an edition.
type Edition struct {
	Award              string // id
	Number             int    // from 1
	Credential         []byte // the exact bytes of the Data Integrity form
	JWT                string // the VC-JWT form; "" until it is sealed
	OB2                string // the signed Open Badges 2.0 form; "" until it is sealed
	KeyName            string // of the key behind Credential
	RSAKeyName         string // of the key behind JWT and OB2; "" until it is sealed
	Subject            string // id of the credential's subject
	Salt               string // of the hashed identity
	ValidFrom          time.Time
	ValidUntil         time.Time // zero: without end
	SignedAt           time.Time
	AchievementVersion int
}

func scanEdition(rows *sql.Rows, e *Edition) error {
	return rows.Scan(&e.Award, &e.Number, &e.Credential, textColumn{&e.JWT}, textColumn{&e.OB2}, &e.KeyName, &e.RSAKeyName,
		&e.Subject, &e.Salt, timeColumn{&e.ValidFrom}, timeColumn{&e.ValidUntil}, timeColumn{&e.SignedAt}, &e.AchievementVersion)
}

const editionColumns = `award, number, credential, jwt, ob2, key_name, rsa_key_name, subject, salt, valid_from, valid_until,
	signed_at, achievement_version`

// AddEdition inserts an edition, and reports false where the award has one with
// this number already, which stays as it is.
func (tx *Tx) AddEdition(ctx context.Context, e Edition) (bool, error) {
	n, err := tx.exec(ctx, `insert into edition (`+editionColumns+`) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
		on conflict (award, number) do nothing`,
		e.Award, e.Number, string(e.Credential), optional(e.JWT), optional(e.OB2), e.KeyName, e.RSAKeyName, e.Subject, e.Salt,
		e.ValidFrom.UnixMicro(), instant(e.ValidUntil), e.SignedAt.UnixMicro(), e.AchievementVersion)
	return n > 0, err
}

// Edition returns the newest edition of an award.
func (tx *Tx) Edition(ctx context.Context, award string) (Edition, error) {
	return one(ctx, tx, scanEdition, "edition of award", award,
		`select `+editionColumns+` from edition where award = $1 order by number desc limit 1`, award)
}

// Editions returns all editions of an award, oldest first.
func (tx *Tx) Editions(ctx context.Context, award string) ([]Edition, error) {
	return list(ctx, tx, scanEdition, `select `+editionColumns+` from edition where award = $1 order by number`, award)
}

// SetSealed stores the RSA-signed forms of an edition where it has none yet, and
// returns the edition as it is now: two who seal at once both get the forms of
// the one who came first.
func (tx *Tx) SetSealed(ctx context.Context, award string, number int, jwt, ob2, keyName string) (Edition, error) {
	_, err := tx.exec(ctx, `update edition set jwt = $1, ob2 = $2, rsa_key_name = $3 where award = $4 and number = $5 and jwt is null and ob2 is null`,
		jwt, ob2, keyName, award, number)
	if err != nil {
		return Edition{}, err
	}
	return one(ctx, tx, scanEdition, "edition of award", award,
		`select `+editionColumns+` from edition where award = $1 and number = $2`, award, number)
}

// EachEdition calls fn for every edition of the installation, by award and
// number, until fn returns an error. It holds few of them at a time.
func (tx *Tx) EachEdition(ctx context.Context, fn func(Edition) error) error {
	return tx.each(ctx, false, func(rows *sql.Rows) error {
		var e Edition
		if err := scanEdition(rows, &e); err != nil {
			return err
		}
		return fn(e)
	}, `select `+editionColumns+` from edition order by award, number`)
}

// UnsignedAwards returns the ids of up to limit awards, oldest first, whose
// newest edition is not signed and which no unfinished job will sign: one whose
// unique key is prefix and the award's id. It reads every award: it is for
// examinations.
func (tx *Tx) UnsignedAwards(ctx context.Context, prefix string, limit int) ([]string, error) {
	return list(ctx, tx, scanOne[string], `select id from award where erased_at is null
		and not exists (select 1 from edition where edition.award = award.id and edition.number >= award.edition)
		and not exists (select 1 from job where job.uniq = $1 || award.id and job.done_at is null)
		order by created_at, id limit $2`, prefix, limit)
}
