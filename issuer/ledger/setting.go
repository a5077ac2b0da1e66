package ledger

import (
	"context"
	"database/sql"
)

// Setting is a setting of the installation, such as its base URL.
type Setting struct{ Name, Value string }

// PutSetting sets a setting.
func (tx *Tx) PutSetting(ctx context.Context, name, value string) error {
	_, err := tx.exec(ctx, `insert into setting (name, value) values ($1, $2) on conflict (name) do update set value = excluded.value`, name, value)
	return err
}

// Setting returns the value of a setting.
func (tx *Tx) Setting(ctx context.Context, name string) (string, error) {
	return one(ctx, tx, scanOne[string], "setting", name, `select value from setting where name = $1`, name)
}

// Settings returns all settings by name.
func (tx *Tx) Settings(ctx context.Context) ([]Setting, error) {
	return list(ctx, tx, func(rows *sql.Rows, s *Setting) error { return rows.Scan(&s.Name, &s.Value) },
		`select name, value from setting order by name`)
}
