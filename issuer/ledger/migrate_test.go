package ledger

import (
	"errors"
	"io/fs"
	"path"
	"path/filepath"
	"testing"
	"testing/fstest"
	"time"

	"github.com/pressly/goose/v3"

	"github.com/accolade-badges/accolade/issuer/ledger/ledgertest"
)

// onEachEngine runs a test with a new, empty database of each engine.
func onEachEngine(t *testing.T, test func(t *testing.T, address string)) {
	t.Helper()
	for name, url := range map[string]func(*testing.T) string{
		"sqlite":   func(t *testing.T) string { return "sqlite:" + filepath.Join(t.TempDir(), "accolade.db") },
		"postgres": func(t *testing.T) string { return ledgertest.Postgres(t) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, url(t))
		})
	}
}

// TestFirstSchemaMigrates opens a ledger whose schema is that of the first
// version, with data in it.
func TestFirstSchemaMigrates(t *testing.T) {
	onEachEngine(t, func(t *testing.T, address string) {
		oldSchema(t, address, 1,
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

func firstAward(id, address string) string {
	return `insert into award values ('` + id + `', 'sample', 'c1', '` + id + `', 1, 1, null, 'Ada Sample', '` + address +
		`', '', 'list', 1, 'private', 1, null, null, null, '', null, '', 1, 1)`
}

// TestHandlesThatLookAlikeMigrate opens a ledger from before the looks of handles
// were kept.
func TestHandlesThatLookAlikeMigrate(t *testing.T) {
	t.Parallel()
	account := func(id, handle, created string) string {
		return `insert into account values ('` + id + `', ` + handle + `, '', '', '', '', '', false, 'private', false, ` + created + `, null, 1)`
	}
	onEachEngine(t, func(t *testing.T, address string) {
		oldSchema(t, address, 4, account("a1", "'c1ara-rn0'", "2"), account("a2", "'clara-mo'", "1"), account("a3", "'claramo'", "2"),
			account("a4", "'li-3vv'", "1"), account("a5", "null", "1"), account("a6", "null", "1"),
			`insert into former_handle values ('kim-5', 'a4', 7)`)
		l := openFile(t, address)
		ctx := t.Context()
		err := l.Update(ctx, func(tx *Tx) error {
			for id, look := range map[string]string{"a1": "", "a2": "daramo", "a3": "", "a4": "llew", "a5": "", "a6": ""} {
				if a, err := tx.Account(ctx, id); err != nil || a.Look != look {
					t.Errorf("account %s: %v, looks like %q, want %q", id, err, a.Look, look)
				}
			}
			if kept, err := tx.HandleKept(ctx, "a1", "klms", time.UnixMicro(1)); err != nil || kept != "kim-5" {
				t.Errorf("what looks like the handle that was given up: %q %v", kept, err)
			}
			a, err := tx.Account(ctx, "a1") // an old handle stays, and its account can change
			if err != nil {
				return err
			}
			a.Name = "Clara"
			if err := tx.ChangeAccount(ctx, a); err != nil {
				t.Error(err)
			}
			a.Look = "llew"
			if err := tx.ChangeAccount(ctx, a); !errors.Is(err, ErrConflict) {
				t.Errorf("a second handle with one look: %v", err)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

// TestAddressesMigrateToTheirOwnLetters, and accounts to since when they accept by
// themselves.
func TestAddressesMigrateToTheirOwnLetters(t *testing.T) {
	t.Parallel()
	onEachEngine(t, func(t *testing.T, address string) {
		oldSchema(t, address, 6,
			`insert into account (id, name, headline, language, time_zone, picture, profile_public, default_visibility, auto_accept, created_at, version)
				values ('acc1', '', '', '', '', '', false, 'private', true, 7, 1), ('acc2', '', '', '', '', '', false, 'private', false, 7, 1),
					('acc3', '', '', '', '', '', false, 'private', false, 7, 1)`,
			`insert into account_address (folded, account, address, proven_at, is_primary) values
				('kim@glass.example', 'acc1', 'Kim@Glaß.example', 1, true), ('kim@plain.example', 'acc2', 'Kim@Plain.example', 1, true),
				('kim@xn--mnchen-3ya.example', 'acc1', 'kim@xn--mnchen-3ya.example', 1, false), ('νικοσ@plain.example', 'acc2', 'νικος@plain.example', 1, false),
				('élodie-é@glass.example', 'acc2', 'ÉLODIE-É@Glaß.example', 1, false),
				('a@xn--mnchen-3ya.example', 'acc1', 'a@xn--mnchen-3ya.example', 1, false), ('a@münchen.example', 'acc2', 'a@münchen.example', 1, false),
				('b@xn--strae-oqa.example', 'acc3', 'b@xn--strae-oqa.example', 1, false), ('b@strasse.example', 'acc3', 'b@Straße.example', 1, true)`,
			`insert into issuer values ('sample', 'did:web:example.org', 'Sample', '', '', '', '', '{}', 1)`,
			`insert into candidate values ('c1', 'sample', null, 'Ada', 'Sample', 'en', 1)`,
			`insert into address values ('sample', 'kim@glass.example', 'c1', 'Kim@Glaß.example', 1)`,
			`insert into suppression values ('kim@glass.example', 'sample', 'reminders', 'x', 1), ('b@xn--strae-oqa.example', 'sample', 'reminders', 'x', 1),
				('b@strasse.example', 'sample', 'notes', 'x', 1)`,
			`insert into challenge (id, code_hash, purpose, address, folded, data, attempts, created_at, expires_at) values
				('open', '', 'sign-in', 'kim@glaß.example', 'kim@glass.example', '', 0, 1, 2), ('other', '', 'sign-in', 'kim@plain.example', 'kim@plain.example', '', 0, 1, 2)`)
		err := openFile(t, address).View(t.Context(), func(tx *Tx) error {
			for folded, account := range map[string]string{
				"kim@glaß.example": "acc1", "kim@plain.example": "acc2", "kim@münchen.example": "acc1", "νικος@plain.example": "acc2",
				"élodie-é@glaß.example": "acc2", "a@münchen.example": "acc2", "b@straße.example": "acc3",
			} {
				if a, err := tx.AccountByAddress(t.Context(), folded); err != nil || a.ID != account || a.AutoAcceptSince.IsZero() != (account != "acc1") {
					t.Errorf("%s: %+v, %v; want %s", folded, a, err, account)
				}
			}
			for _, other := range []string{"kim@glass.example", "b@strasse.example", "a@xn--mnchen-3ya.example", "b@xn--strae-oqa.example"} {
				if _, err := tx.AccountByAddress(t.Context(), other); !errors.Is(err, ErrNotFound) {
					t.Errorf("another mailbox, %s, leads to an account: %v", other, err)
				}
			}
			if list, err := tx.AccountAddresses(t.Context(), "acc3"); err != nil || len(list) != 1 || !list[0].Primary {
				t.Errorf("two rows of one mailbox became %+v, %v", list, err)
			}
			if list, err := tx.Addresses(t.Context(), "c1"); err != nil || len(list) != 1 || list[0].Folded != "kim@glaß.example" {
				t.Errorf("the candidate's addresses: %+v, %v", list, err)
			}
			for _, kind := range []string{"reminders", "notes"} { // of both rows of one mailbox
				if stopped, err := tx.Suppressed(t.Context(), "b@straße.example", "sample", kind); err != nil || !stopped {
					t.Errorf("who opted out of %s is written to again: %v", kind, err)
				}
			}
			if stopped, err := tx.Suppressed(t.Context(), "kim@glaß.example", "sample", "reminders"); err != nil || !stopped {
				t.Errorf("who opted out is written to again: %v", err)
			}
			_, gone := tx.Challenge(t.Context(), "open")
			_, err := tx.Challenge(t.Context(), "other")
			if !errors.Is(gone, ErrNotFound) || err != nil {
				t.Errorf("links on their way: %v, want it to be void; and %v", gone, err)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

// oldSchema makes a database with the schema of an earlier version and runs
// statements on it.
func oldSchema(t *testing.T, address string, version int, statements ...string) {
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
	names, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		t.Fatal(err)
	}
	old := fstest.MapFS{}
	for _, name := range names[:version] {
		data, err := fs.ReadFile(migrations, name)
		if err != nil {
			t.Fatal(err)
		}
		old[path.Base(name)] = &fstest.MapFile{Data: data}
	}
	files := adapted{old, e}
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
