package ledger

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"time"
)

// The kinds of achievements.
const (
	KindCertification = "certification"
	KindExam          = "exam"
)

// Achievement is one version of what can be awarded. Awards name the version
// that they were made with, which never changes.
type Achievement struct {
	Slug      string // in addresses; one a (issuer, kind, code) in the installation
	Version   int    // from 1, rising; given by [Tx.PutAchievement]
	Issuer    string // slug
	Kind      string // KindCertification or KindExam
	Code      string // in the catalogue
	Name      string
	Data      []byte // JSON of all other facts
	CreatedAt time.Time
}

func scanAchievement(rows *sql.Rows, a *Achievement) error {
	return rows.Scan(&a.Slug, &a.Version, &a.Issuer, &a.Kind, &a.Code, &a.Name, &a.Data, timeColumn{&a.CreatedAt})
}

const achievementColumns = `slug, version, issuer, kind, code, name, data, created_at`

// PutAchievement adds a version where Name or Data differ from the latest one,
// and reports whether it did. [ErrConflict] where the slug belongs to another
// achievement.
func (tx *Tx) PutAchievement(ctx context.Context, a Achievement) (bool, error) {
	latest, err := tx.Achievement(ctx, a.Slug)
	switch {
	case errors.Is(err, ErrNotFound):
	case err != nil:
		return false, err
	case latest.Issuer != a.Issuer || latest.Kind != a.Kind || latest.Code != a.Code:
		return false, conflict("the slug %s belongs to %s %s of %s", a.Slug, latest.Kind, latest.Code, latest.Issuer)
	case latest.Name == a.Name && bytes.Equal(latest.Data, a.Data):
		return false, nil
	}
	n, err := tx.exec(ctx, `insert into achievement (`+achievementColumns+`) values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing`,
		a.Slug, latest.Version+1, a.Issuer, a.Kind, a.Code, a.Name, string(a.Data), a.CreatedAt.UnixMicro())
	if err == nil && n == 0 {
		err = conflict("%s %s of %s has another slug than %s", a.Kind, a.Code, a.Issuer, a.Slug)
	}
	return err == nil, err
}

// Achievement returns the latest version.
func (tx *Tx) Achievement(ctx context.Context, slug string) (Achievement, error) {
	return one(ctx, tx, scanAchievement, "achievement", slug,
		`select `+achievementColumns+` from achievement where slug = $1 order by version desc limit 1`, slug)
}

// AchievementVersion returns one version.
func (tx *Tx) AchievementVersion(ctx context.Context, slug string, version int) (Achievement, error) {
	return one(ctx, tx, scanAchievement, "version of achievement", slug,
		`select `+achievementColumns+` from achievement where slug = $1 and version = $2`, slug, version)
}

// AchievementByCode returns the latest version of what the catalogue calls code.
func (tx *Tx) AchievementByCode(ctx context.Context, issuer, kind, code string) (Achievement, error) {
	return one(ctx, tx, scanAchievement, kind, code, `select `+achievementColumns+` from achievement
		where issuer = $1 and kind = $2 and code = $3 order by version desc limit 1`, issuer, kind, code)
}

// Achievements returns the latest version of each of an issuer's achievements,
// by slug.
func (tx *Tx) Achievements(ctx context.Context, issuer string) ([]Achievement, error) {
	return list(ctx, tx, scanAchievement, `select `+achievementColumns+` from achievement a where issuer = $1
		and version = (select max(version) from achievement b where b.slug = a.slug) order by slug`, issuer)
}
