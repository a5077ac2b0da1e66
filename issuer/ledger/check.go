package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
)

// Check reads the whole database and reports damage as [ErrDamaged]. On SQLite
// it is the engine's own integrity check; on PostgreSQL every row is read, which
// finds broken pages where the server keeps checksums.
func (l *Ledger) Check(ctx context.Context) error {
	if l.engine.name == sqlite {
		return l.checkSQLite(ctx)
	}
	return l.View(ctx, func(tx *Tx) error {
		for _, table := range tables {
			// Casting the row makes the server read every column of it.
			_, err := one(ctx, tx, scanOne[int64], "table", table, `select count(length(cast(`+table+` as text))) from `+table)
			if err != nil {
				return fmt.Errorf("table %s: %w", table, err)
			}
		}
		return nil
	})
}

func (l *Ledger) checkSQLite(ctx context.Context) error {
	var faults []string
	err := l.View(ctx, func(tx *Tx) error {
		err := tx.each(ctx, false, func(rows *sql.Rows) error {
			var line string
			err := rows.Scan(&line)
			if line != "ok" {
				faults = append(faults, line)
			}
			return err
		}, `pragma integrity_check(20)`)
		if err != nil {
			return err
		}
		return tx.each(ctx, false, func(rows *sql.Rows) error {
			var table, parent string
			var row, key any
			err := rows.Scan(&table, &row, &parent, &key)
			faults = append(faults, fmt.Sprintf("row %v of %s refers to a missing row of %s", row, table, parent))
			return err
		}, `pragma foreign_key_check`)
	})
	if err == nil && faults != nil {
		err = &failure{ErrDamaged, "", errors.New(l.engine.path + ": " + strings.Join(faults, "; "))}
	}
	return err
}

// tables lists all tables, those first that others refer to.
var tables = []string{
	"setting", "issuer", "signing_key", "catalogue", "achievement", "candidate", "address", "result",
	"account", "account_picture", "account_address", "account_candidate", "account_session", "passkey", "identity",
	"account_auto_accept", "account_merge", "suppression", "award", "award_result", "award_address", "edition", "status_list", "status_entry",
	"job", "mail", "claim_link", "challenge", "share", "collection", "collection_item", "profile_item", "disclosure", "name_request", "former_handle",
	"token", "audit", "audit_head", "idempotency",
}
