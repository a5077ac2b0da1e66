package ledger_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/accolade-badges/accolade/issuer/ledger"
)

// marked is an account whose every text holds the mark, so that whatever is left
// of it can be found.
const mark = "Zaphira"

func marked(t *testing.T, l *ledger.Ledger) {
	t.Helper()
	update(t, l, func(ctx context.Context, tx *ledger.Tx) error {
		if err := tx.PutIssuer(ctx, sampleIssuer); err != nil {
			return err
		}
		_, err := tx.PutAchievement(ctx, sampleAchievement)
		for _, c := range []ledger.Candidate{
			{ID: "c1", Issuer: "sample", Number: mark, GivenName: mark, FamilyName: mark, Locale: "en", CreatedAt: now},
			{ID: "c2", Issuer: "sample", GivenName: "Another", FamilyName: "Person", CreatedAt: now},
		} {
			err = errors.Join(err, tx.AddCandidate(ctx, c))
		}
		r := sampleResult
		r.Score, r.Digest = mark, mark
		_, err1 := tx.AddResult(ctx, r)
		_, err2 := tx.AddAddress(ctx, ledger.Candidate{ID: "c1", Issuer: "sample"}, mark+"@example.org", mark, now)
		return errors.Join(err, err1, err2,
			tx.AddAccount(ctx, ledger.Account{ID: "acc1", Handle: mark, Name: mark, Headline: mark, Language: mark, TimeZone: mark, CreatedAt: now}),
			tx.AddAccount(ctx, ledger.Account{ID: "acc2", Handle: mark + "2", Name: mark, CreatedAt: now}),
			tx.AddAccount(ctx, ledger.Account{ID: "acc3", Name: "Another", CreatedAt: now}),
			tx.LeaveHandle(ctx, "acc1", mark+"0", mark+"0", now),
		)
	})
	for i, w := range []ledger.Award{
		{ID: "a1", Candidate: "c1"}, {ID: "a2", Candidate: "c1"}, {ID: "a3", Candidate: "c2"},
	} {
		award(t, l, func(a *ledger.Award) {
			a.ID, a.Candidate, a.AttainedAt = w.ID, w.Candidate, a.AttainedAt.Add(time.Duration(i)*time.Hour)
			if w.Candidate == "c1" {
				a.Name, a.Address, a.Folded = mark, mark+"@example.org", mark
			}
		})
	}
	proven(t, l, "acc2", mark+"2")
	update(t, l, func(ctx context.Context, tx *ledger.Tx) error {
		return tx.TieAddress(ctx, "a1", mark+"@example.org", mark+"@example.org", now)
	})
	update(t, l, func(ctx context.Context, tx *ledger.Tx) error {
		moved, err := tx.MoveAccount(ctx, "acc2", "acc1", now)
		if err != nil {
			return err
		}
		data, err := moved.JSON()
		if err != nil {
			return err
		}
		return tx.AddMerge(ctx, ledger.Merge{ID: "m1", From: "acc2", Into: "acc1", Data: data, MergedAt: now, UndoUntil: now.Add(time.Hour)})
	})
	proven(t, l, "acc1", mark)
	update(t, l, func(ctx context.Context, tx *ledger.Tx) error {
		_, err := tx.ClaimAward(ctx, "acc1", "a1", ledger.Public, now)
		_, err1 := tx.ClaimAward(ctx, "acc3", "a3", ledger.Public, now)
		_, err2 := tx.LinkCandidate(ctx, "acc1", "c1", now)
		_, err3 := tx.AddIdentity(ctx, ledger.Identity{Provider: "work", Subject: mark, Account: "acc1", CreatedAt: now})
		_, err4 := tx.AddSuppression(ctx, ledger.Suppression{Folded: mark, Kind: "reminder", CreatedAt: now})
		_, err5 := tx.AddEdition(ctx, ledger.Edition{Award: "a1", Number: 1, Credential: []byte(mark), Subject: mark, Salt: mark, ValidFrom: now, SignedAt: now})
		_, err6 := tx.AddEdition(ctx, ledger.Edition{Award: "a2", Number: 1, Credential: []byte(mark), ValidFrom: now, SignedAt: now})
		_, err7 := tx.AddMail(ctx, ledger.Mail{ID: "m1", Award: "a1", Recipient: mark, Body: []byte(mark), CreatedAt: now})
		_, err8 := tx.AddMail(ctx, ledger.Mail{ID: "m2", Account: "acc1", Recipient: mark, Data: []byte(mark), CreatedAt: now})
		_, err9 := tx.AddMail(ctx, ledger.Mail{ID: "m3", Recipient: mark, CreatedAt: now})
		return errors.Join(err, err1, err2, err3, err4, err5, err6, err7, err8, err9,
			tx.SetAccountPicture(ctx, "acc1", []byte(mark)),
			tx.AddPasskey(ctx, ledger.Passkey{ID: "k1", Account: "acc1", Name: mark, Data: []byte(mark), CreatedAt: now}),
			tx.AddChallenge(ctx, ledger.Challenge{ID: "ch1", Hash: "h1", Address: mark, Folded: mark, CreatedAt: now, ExpiresAt: now.Add(time.Hour)}),
			tx.PutAccountSession(ctx, ledger.AccountSession{Hash: "h1", Account: "acc1", Agent: mark, CreatedAt: now, SeenAt: now, ExpiresAt: now.Add(time.Hour)}),
			tx.AddShare(ctx, ledger.Share{ID: "s1", Hash: "h1", Account: "acc1", Award: "a1", Label: mark, CreatedAt: now}),
			tx.SetHidden(ctx, "acc1", "a1", true),
			tx.AddCollection(ctx, ledger.Collection{ID: "k1", Account: "acc1", Slug: mark, Title: mark, Description: mark, CreatedAt: now}),
			tx.SetCollectionItems(ctx, "acc1", "k1", []string{"a1"}),
			tx.AddNameRequest(ctx, ledger.NameRequest{ID: "n1", Award: "a1", Account: "acc1", Issuer: "sample", Name: mark, Note: mark, CreatedAt: now}),
			tx.PutDisclosure(ctx, ledger.Disclosure{Award: "a1", Score: true}),
			tx.AddClaimLink(ctx, ledger.ClaimLink{Hash: "h1", Award: "a1", CreatedAt: now}),
		)
	})
}

func TestErasureLeavesNothingButTombstones(t *testing.T) {
	engines(t, func(t *testing.T, url string) {
		l := open(t, url)
		marked(t, l)
		backup := filepath.Join(t.TempDir(), "before.db")
		if err := l.Backup(t.Context(), backup); err != nil {
			t.Fatal(err)
		}
		if !found(t, backup) {
			t.Fatal("the mark cannot be found where it is")
		}
		done := write(t, l, func(ctx context.Context, tx *ledger.Tx) (ledger.Erased, error) {
			return tx.EraseAccount(ctx, "acc1", now)
		})
		same(t, done, ledger.Erased{Awards: 2, Candidates: 1})
		view(t, l, func(ctx context.Context, tx *ledger.Tx) error {
			a, err := tx.Award(ctx, "a1")
			if a.ErasedAt != now || a.Account != "acc1" || a.StatusIndex != sampleAward.StatusIndex || a.Visibility != ledger.Private {
				t.Errorf("tombstone: %+v", a)
			}
			other, err1 := tx.Award(ctx, "a3")
			if other.Name == "" || !other.ErasedAt.IsZero() {
				t.Errorf("another earner's award: %+v", other)
			}
			r, err2 := tx.Result(ctx, "sample", "centre", "42")
			if r.Digest != ledger.ErasedDigest {
				t.Errorf("result: %+v", r)
			}
			return errors.Join(err, err1, err2)
		})
		if err := l.Check(t.Context()); err != nil {
			t.Error(err)
		}
		after := filepath.Join(t.TempDir(), "after.db")
		if err := l.Backup(t.Context(), after); err != nil {
			t.Fatal(err)
		}
		if found(t, after) {
			t.Error("the ledger still knows the person")
		}
	})
}

// TestErasedBytesLeaveTheFile looks into the database file itself, where deleted
// rows would still stand.
func TestErasedBytesLeaveTheFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "accolade.db")
	l, err := ledger.Open(t.Context(), ledger.Config{URL: path})
	if err != nil {
		t.Fatal(err)
	}
	marked(t, l)
	write(t, l, func(ctx context.Context, tx *ledger.Tx) (ledger.Erased, error) {
		return tx.EraseAccount(ctx, "acc1", now)
	})
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	if found(t, path) {
		t.Error("the file still holds what was erased")
	}
}

func found(t *testing.T, path string) bool {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return bytes.Contains(data, []byte(mark))
}

func TestMergeMovesAndUndoMovesBack(t *testing.T) {
	engines(t, func(t *testing.T, url string) {
		l := open(t, url)
		programme(t, l)
		accounts(t, l, "acc1", "acc2")
		for _, a := range [][2]string{{"acc1", "a@example.org"}, {"acc1", "b@example.org"}, {"acc2", "c@example.org"}} {
			proven(t, l, a[0], a[1])
		}
		update(t, l, func(ctx context.Context, tx *ledger.Tx) error {
			return tx.SetPrimaryAddress(ctx, "acc1", "b@example.org")
		})
		for i, id := range []string{"a1", "a2"} {
			attained(t, l, id, "", i)
			owner := []string{"acc1", "acc2"}[i]
			write(t, l, func(ctx context.Context, tx *ledger.Tx) (bool, error) {
				return tx.ClaimAward(ctx, owner, id, ledger.Public, now)
			})
			update(t, l, func(ctx context.Context, tx *ledger.Tx) error {
				return errors.Join(
					tx.AddCollection(ctx, ledger.Collection{ID: "k" + id, Account: owner, Slug: "work", CreatedAt: now}),
					tx.AddPasskey(ctx, ledger.Passkey{ID: "p" + id, Account: owner, Data: []byte("{}"), CreatedAt: now}),
					tx.PutAccountSession(ctx, ledger.AccountSession{Hash: "h" + id, Account: owner, CreatedAt: now, SeenAt: now, ExpiresAt: now.Add(time.Hour)}))
			})
		}
		state := func() (s []string) {
			for _, account := range []string{"acc1", "acc2"} {
				view(t, l, func(ctx context.Context, tx *ledger.Tx) error {
					a, err := tx.Account(ctx, account)
					addresses, err1 := tx.AccountAddresses(ctx, account)
					awards, err2 := tx.AwardsOfAccount(ctx, account)
					collections, err3 := tx.Collections(ctx, account)
					keys, err4 := tx.Passkeys(ctx, account)
					for _, x := range addresses {
						s = append(s, x.Folded)
					}
					s = append(s, ids(awards)...)
					for _, x := range collections {
						s = append(s, x.ID)
					}
					for _, x := range keys {
						s = append(s, x.ID)
					}
					if !a.ClosedAt.IsZero() {
						s = append(s, "closed")
					}
					s = append(s, "|")
					return errors.Join(err, err1, err2, err3, err4)
				})
			}
			return s
		}
		before := state()
		merge := func(ctx context.Context, tx *ledger.Tx) error {
			moved, err := tx.MoveAccount(ctx, "acc1", "acc2", now)
			if err != nil {
				return err
			}
			data, err := moved.JSON()
			if err != nil {
				return err
			}
			return tx.AddMerge(ctx, ledger.Merge{ID: "m1", From: "acc1", Into: "acc2", Data: data, MergedAt: now, UndoUntil: now.Add(time.Hour)})
		}
		update(t, l, merge)
		same(t, state(), []string{"closed", "|", "c@example.org", "a@example.org", "b@example.org", "a2", "a1", "ka1", "ka2", "pa1", "pa2", "|"})
		same(t, len(read(t, l, func(ctx context.Context, tx *ledger.Tx) ([]ledger.AccountSession, error) {
			return tx.AccountSessions(ctx, "acc1", now)
		})), 0)
		fails(t, l, ledger.ErrConflict, merge)
		update(t, l, func(ctx context.Context, tx *ledger.Tx) error {
			m, err := tx.Merge(ctx, "m1")
			if err != nil {
				return err
			}
			return errors.Join(tx.MoveBack(ctx, m), tx.UndoMerge(ctx, "m1", now))
		})
		same(t, state(), before)
	})
}
