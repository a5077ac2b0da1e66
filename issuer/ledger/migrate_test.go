package ledger

import (
	"io/fs"
	"path/filepath"
	"testing"
	"testing/fstest"

	"github.com/pressly/goose/v3"

	"github.com/accolade-badges/accolade/issuer/ledger/ledgertest"
)

// TestFirstSchemaMigrates opens a ledger whose schema is that of the first
// version, with data in it.
func TestFirstSchemaMigrates(t *testing.T) {
	for name, url := range map[string]func(*testing.T) string{
		"sqlite":   func(t *testing.T) string { return "sqlite:" + filepath.Join(t.TempDir(), "accolade.db") },
		"postgres": func(t *testing.T) string { return ledgertest.Postgres(t) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			address := url(t)
			firstSchema(t, address,
				`insert into issuer values ('sample', 'did:web:example.org', 'Sample', '', '', '', '', '{}', 1)`,
				`insert into candidate values ('c1', 'sample', null, 'Ada', 'Sample', 'en', 1)`,
				`insert into address values ('sample', 'straße@example.org', 'c1', 'Straße@example.org', 1)`,
				firstAward("a1", "Straße@example.org"),
				firstAward("a2", "STRAßE@example.org"), // spelt otherwise than the first time
				firstAward("a3", "Elsewhere@Example.org"),
				`insert into mail values ('m1', 'a1', 'badge', 1, 'x', 'm1@example.org', null, 1, null, 0, '')`,
				`insert into claim_link values ('h1', 'a1', 1, null, null)`)
			l := openFile(t, address)
			ctx := t.Context()
			err := l.View(ctx, func(tx *Tx) error {
				for id, folded := range map[string]string{"a1": "straße@example.org", "a2": "straße@example.org", "a3": "elsewhere@example.org"} {
					a, err := tx.Award(ctx, id)
					if err != nil {
						return err
					}
					if a.Folded != folded || a.Account != "" || !a.RemindAt.IsZero() || a.Version != 1 {
						t.Errorf("award %s: %+v", id, a)
					}
				}
				m, err := tx.Mail(ctx, "m1")
				if m.Number != 0 || m.Account != "" || m.Data != nil || !m.BouncedAt.IsZero() {
					t.Errorf("mail: %+v", m)
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			if err := l.Check(ctx); err != nil {
				t.Error(err)
			}
			err = l.Update(ctx, func(tx *Tx) error {
				if added, err := tx.AddMail(ctx, Mail{ID: "m2", Award: "a1", Kind: "badge", Edition: 1}); err != nil || added {
					t.Errorf("the mail that was sent before is queued again: %v %v", added, err)
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
		})
	}
}

func firstAward(id, address string) string {
	return `insert into award values ('` + id + `', 'sample', 'c1', '` + id + `', 1, 1, null, 'Ada Sample', '` + address +
		`', '', 'list', 1, 'private', 1, null, null, null, '', null, '', 1, 1)`
}

// firstSchema makes a database with the schema of the first version and runs
// statements on it.
func firstSchema(t *testing.T, address string, statements ...string) {
	t.Helper()
	e, err := parseURL(address)
	if err != nil {
		t.Fatal(err)
	}
	db, err := e.openPool(e.writeDSN(), 1)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	first, err := fs.ReadFile(migrations, "migrations/00001_ledger.sql")
	if err != nil {
		t.Fatal(err)
	}
	files := adapted{fstest.MapFS{"00001_ledger.sql": {Data: first}}, e}
	p, err := goose.NewProvider(e.dialect(), db, files, goose.WithDisableGlobalRegistry(true))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Up(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, s := range statements {
		if _, err := db.ExecContext(t.Context(), s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
}
