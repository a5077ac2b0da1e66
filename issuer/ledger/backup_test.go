package ledger_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/accolade-badges/accolade/issuer/ledger"
	"github.com/accolade-badges/accolade/issuer/ledger/ledgertest"
)

// contents is what a restore must bring back as it was.
type contents struct {
	Issuers      []ledger.Issuer
	Keys         []ledger.Key
	Achievements []ledger.Achievement
	Candidate    ledger.Candidate
	Results      []ledger.Result
	Awards       []ledger.Award
	Links        []string
	Editions     []ledger.Edition
	List         ledger.StatusList
	Mail         ledger.Mail
	Token        ledger.Token
	Claim        ledger.ClaimLink
	Account      ledger.Account
	Picture      []byte
	Emails       []ledger.AccountAddress
	Passkeys     []ledger.Passkey
	Identities   []ledger.Identity
	Challenge    ledger.Challenge
	Sessions     []ledger.AccountSession
	Shares       []ledger.Share
	Profile      []ledger.ProfileItem
	Collections  []ledger.Collection
	Held         []ledger.Award
	Names        []ledger.NameRequest
	Merges       []ledger.Merge
	Suppressions []ledger.Suppression
	Disclosure   ledger.Disclosure
	Candidates   []string
	AutoAccept   []string
	Audits       []ledger.Audit
}

func dump(t *testing.T, l *ledger.Ledger) (c contents) {
	t.Helper()
	view(t, l, func(ctx context.Context, tx *ledger.Tx) error {
		var errs [13]error
		c.Issuers, errs[0] = tx.Issuers(ctx)
		c.Keys, errs[1] = tx.Keys(ctx, "sample")
		c.Achievements, errs[2] = tx.Achievements(ctx, "sample")
		c.Candidate, errs[3] = tx.Candidate(ctx, "c1")
		c.Results, errs[4] = tx.ResultsOf(ctx, "c1")
		c.Awards, errs[5] = tx.AwardsOf(ctx, "c1")
		c.Links, errs[6] = tx.AwardResults(ctx, "a1")
		c.Editions, errs[7] = tx.Editions(ctx, "a1")
		c.List, errs[8] = tx.StatusList(ctx, "list1")
		c.Mail, errs[9] = tx.Mail(ctx, "m1")
		c.Token, errs[10] = tx.TokenByHash(ctx, "h1")
		c.Claim, errs[11] = tx.ClaimLink(ctx, "h1")
		c.Audits, errs[12] = tx.Audits(ctx, 0, 10)
		return errors.Join(append(errs[:], dumpAccount(ctx, tx, &c))...)
	})
	return c
}

// dumpAccount reads what belongs to the sample account.
func dumpAccount(ctx context.Context, tx *ledger.Tx, c *contents) error {
	var errs [17]error
	c.Account, errs[0] = tx.Account(ctx, "acc1")
	c.Picture, errs[1] = tx.AccountPicture(ctx, "acc1")
	c.Emails, errs[2] = tx.AccountAddresses(ctx, "acc1")
	c.Passkeys, errs[3] = tx.Passkeys(ctx, "acc1")
	c.Identities, errs[4] = tx.Identities(ctx, "acc1")
	c.Challenge, errs[5] = tx.Challenge(ctx, "ch1")
	c.Sessions, errs[6] = tx.AccountSessions(ctx, "acc1", now)
	c.Shares, errs[7] = tx.SharesOfAccount(ctx, "acc1")
	c.Profile, errs[8] = tx.Profile(ctx, "acc1")
	c.Collections, errs[9] = tx.Collections(ctx, "acc1")
	c.Held, errs[10] = tx.CollectionAwards(ctx, "k1")
	c.Names, errs[11] = tx.NameRequestsOf(ctx, "acc1")
	c.Merges, errs[12] = tx.MergesInto(ctx, "acc1")
	c.Suppressions, errs[13] = tx.Suppressions(ctx, "ada@example.org")
	c.Disclosure, errs[14] = tx.Disclosure(ctx, "a1")
	c.Candidates, errs[15] = tx.CandidatesOfAccount(ctx, "acc1")
	c.AutoAccept, errs[16] = tx.AutoAccept(ctx, "acc1")
	return errors.Join(errs[:]...)
}

// owned gives the sample award an owner, with something in every table about
// accounts.
func owned(t *testing.T, l *ledger.Ledger) {
	t.Helper()
	accounts(t, l, "acc1", "acc2")
	proven(t, l, "acc1", "ada@example.org")
	update(t, l, func(ctx context.Context, tx *ledger.Tx) error {
		_, err := tx.ClaimAward(ctx, "acc1", "a1", ledger.Public, now)
		_, err1 := tx.LinkCandidate(ctx, "acc1", "c1", now)
		_, err2 := tx.AddIdentity(ctx, ledger.Identity{Provider: "work", Subject: "42", Account: "acc1", CreatedAt: now})
		_, err3 := tx.AddSuppression(ctx, ledger.Suppression{Folded: "ada@example.org", Kind: "reminder", CreatedAt: now})
		return errors.Join(err, err1, err2, err3,
			tx.SetAccountPicture(ctx, "acc1", []byte{0, 0xff}),
			tx.AddPasskey(ctx, ledger.Passkey{ID: "k1", Account: "acc1", Data: []byte("{}"), CreatedAt: now}),
			tx.AddChallenge(ctx, ledger.Challenge{ID: "ch1", Hash: "h1", Account: "acc1", Award: "a1", CreatedAt: now, ExpiresAt: now.Add(time.Hour)}),
			tx.PutAccountSession(ctx, ledger.AccountSession{Hash: "h1", Account: "acc1", CreatedAt: now, SeenAt: now, ExpiresAt: now.Add(time.Hour)}),
			tx.AddShare(ctx, ledger.Share{ID: "s1", Hash: "h1", Account: "acc1", Award: "a1", CreatedAt: now}),
			tx.SetHidden(ctx, "acc1", "a1", true),
			tx.AddCollection(ctx, ledger.Collection{ID: "k1", Account: "acc1", Slug: "work", Public: true, CreatedAt: now}),
			tx.SetCollectionItems(ctx, "acc1", "k1", []string{"a1"}),
			tx.AddNameRequest(ctx, ledger.NameRequest{ID: "n1", Award: "a1", Account: "acc1", Issuer: "sample", CreatedAt: now}),
			tx.AddMerge(ctx, ledger.Merge{ID: "m1", From: "acc2", Into: "acc1", MergedAt: now, UndoUntil: now}),
			tx.PutDisclosure(ctx, ledger.Disclosure{Award: "a1", Score: true}),
			tx.SetAutoAccept(ctx, "acc1", "sample", true, now),
		)
	})
}

// filled puts something into every table.
func filled(t *testing.T, l *ledger.Ledger) contents {
	t.Helper()
	programme(t, l)
	award(t, l, nil)
	owned(t, l)
	update(t, l, func(ctx context.Context, tx *ledger.Tx) error {
		_, _, err := tx.AddCatalogue(ctx, ledger.Catalogue{Issuer: "sample", SHA256: "61", Source: []byte("a\x00\xff"), LoadedAt: now})
		_, err1 := tx.AddResult(ctx, sampleResult)
		_, err2 := tx.TakeStatusIndex(ctx, "list1", 77, "a1")
		_, err3 := tx.AddEdition(ctx, ledger.Edition{Award: "a1", Number: 1, Credential: []byte("{ }\n"), ValidFrom: now, SignedAt: now})
		_, err4 := tx.AddMail(ctx, ledger.Mail{ID: "m1", Award: "a1", Body: []byte{0, 1}, CreatedAt: now})
		_, err5 := tx.Revoke(ctx, "a1", "Fraud.", now)
		_, err6 := tx.AddAddress(ctx, sampleCandidate, "Ada@example.org", "ada@example.org", now)
		return errors.Join(err, err1, err2, err3, err4, err5, err6,
			tx.AddAwardResults(ctx, "a1", []string{"r1"}),
			tx.AddKey(ctx, ledger.Key{ID: "k1", Issuer: "sample", Name: "z1", Public: []byte{1, 0}, Private: []byte{}, CreatedAt: now}),
			tx.AddToken(ctx, ledger.Token{ID: "t1", Hash: "h1", CreatedAt: now}),
			tx.AddClaimLink(ctx, ledger.ClaimLink{Hash: "h1", Award: "a1", CreatedAt: now}),
			tx.AddIdempotency(ctx, ledger.Idempotency{Key: "k", Token: "t1", CreatedAt: now}),
			tx.PutSetting(ctx, "base_url", "https://example.org"),
			tx.AppendAudit(ctx, ledger.Audit{At: now, Action: "award.revoked", Subject: "a1"}),
		)
	})
	addJobs(t, l, ledger.Job{ID: "j1", Kind: "sign"})
	claim(t, l, "w", 1, time.Hour)
	return dump(t, l)
}

func TestBackupAndRestore(t *testing.T) {
	places := map[string]func(t *testing.T) string{
		"sqlite":   func(t *testing.T) string { return filepath.Join(t.TempDir(), "accolade.db") },
		"postgres": func(t *testing.T) string { return ledgertest.Postgres(t) },
	}
	for from := range places {
		for to := range places {
			t.Run(from+" to "+to, func(t *testing.T) {
				t.Parallel()
				l := open(t, places[from](t))
				want := filled(t, l)
				backup := filepath.Join(t.TempDir(), "backup.db")
				if err := l.Backup(t.Context(), backup); err != nil {
					t.Fatal(err)
				}
				if err := l.Backup(t.Context(), backup); !errors.Is(err, fs.ErrExist) {
					t.Errorf("a backup was overwritten: %v", err)
				}
				info, err := os.Stat(backup)
				if err != nil || info.Mode().Perm() != 0o600 {
					t.Errorf("backup: %v %v", info, err)
				}
				config := ledger.Config{URL: places[to](t), Now: func() time.Time { return now.Add(time.Hour) }}
				done, err := ledger.Restore(t.Context(), config, backup)
				if err != nil {
					t.Fatal(err)
				}
				same(t, done, ledger.Restored{Awards: 1, StatusLists: 1, ClaimLinks: 1, Challenges: 1, Shares: 1, Sessions: 1, Tokens: 1})
				restored := open(t, config.URL)
				got := dump(t, restored)
				want.List.Epoch, want.List.Version = 2, 2
				want.Token.RevokedAt, want.Claim.UsedAt = now.Add(time.Hour), now.Add(time.Hour)
				want.Challenge.UsedAt, want.Shares[0].RevokedAt, want.Sessions = now.Add(time.Hour), now.Add(time.Hour), nil
				want.Audits = append(want.Audits, ledger.Audit{
					Seq: 2, At: now.Add(time.Hour), Actor: "system", Action: "ledger.restored", Subject: "backup.db",
					Detail: "1 awards; 1 claim links and 1 tokens voided", Hash: got.Audits[len(got.Audits)-1].Hash,
				})
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
				report := read(t, restored, func(ctx context.Context, tx *ledger.Tx) (ledger.AuditReport, error) { return tx.VerifyAudit(ctx) })
				if report.Broken != 0 {
					t.Errorf("audit chain after the restore: %+v", report)
				}
				same(t, claim(t, restored, "another", 1, time.Hour), []string{"j1"})
				if _, err := ledger.Restore(t.Context(), config, backup); !errors.Is(err, ledger.ErrConflict) {
					t.Errorf("restored over a ledger in use: %v", err)
				}
			})
		}
	}
}

func TestRestoreRefusesWhatIsNoBackup(t *testing.T) {
	dir := t.TempDir()
	empty := filepath.Join(dir, "empty.db")
	l := open(t, filepath.Join(dir, "source.db"))
	if err := l.Backup(t.Context(), empty); err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string][]byte{"no bytes": {}, "text": []byte("this is no database, whatever its name says\n")} {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for name, kind := range map[string]error{"empty.db": ledger.ErrDamaged, "no bytes": ledger.ErrDamaged, "text": ledger.ErrDamaged, "absent": fs.ErrNotExist} {
		t.Run(name, func(t *testing.T) {
			_, err := ledger.Restore(t.Context(), ledger.Config{URL: filepath.Join(t.TempDir(), "new.db")}, filepath.Join(dir, name))
			if !errors.Is(err, kind) {
				t.Errorf("got %v, want kind %v", err, kind)
			}
		})
	}
}
