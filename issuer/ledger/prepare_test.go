package ledger

import (
	"path/filepath"
	"testing"

	"github.com/mattn/go-sqlite3"
)

// TestStatementsAreCompiledOnce runs the hot statements again with other
// arguments, and asks SQLite whether it compiled anything for that.
func TestStatementsAreCompiledOnce(t *testing.T) {
	l := openFile(t, filepath.Join(t.TempDir(), "accolade.db"))
	ctx := t.Context()
	err := l.Update(ctx, func(tx *Tx) error {
		compiled := map[string]bool{}
		err := tx.t.s.conn.Raw(func(c any) error {
			c.(*sqlite3.SQLiteConn).RegisterAuthorizer(func(_ int, table, _, _ string) int {
				compiled[table] = true
				return sqlite3.SQLITE_OK
			})
			return nil
		})
		if err != nil {
			return err
		}
		for _, argument := range []string{"x", "y"} {
			clear(compiled)
			hotStatements(ctx, tx, argument)
		}
		for table := range compiled {
			t.Errorf("a statement about %s was compiled again for other arguments", table)
		}
		return tx.err
	})
	if err != nil {
		t.Fatal(err)
	}
}
