package ledger_test

import (
	"context"
	"errors"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/accolade-badges/accolade/issuer/ledger"
	"github.com/accolade-badges/accolade/issuer/ledger/ledgertest"
)

var now = time.Date(2026, 3, 1, 9, 30, 0, 123456000, time.UTC)

// engines runs a test on both engines; url names a new, empty database.
func engines(t *testing.T, test func(t *testing.T, url string)) {
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		test(t, "sqlite:"+filepath.Join(t.TempDir(), "accolade.db"))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		test(t, ledgertest.Postgres(t))
	})
}

func open(t testing.TB, url string) *ledger.Ledger {
	t.Helper()
	l, err := ledger.Open(context.Background(), ledger.Config{URL: url})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := l.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return l
}

// update and view fail the test where fn fails. They run fn's checks in the
// test's own goroutine only where fn returns errors, so that fn must not call
// t.Fatal.
func update(t testing.TB, l *ledger.Ledger, fn func(ctx context.Context, tx *ledger.Tx) error) {
	t.Helper()
	if err := l.Update(t.Context(), func(tx *ledger.Tx) error { return fn(t.Context(), tx) }); err != nil {
		t.Fatal(err)
	}
}

func view(t testing.TB, l *ledger.Ledger, fn func(ctx context.Context, tx *ledger.Tx) error) {
	t.Helper()
	if err := l.View(t.Context(), func(tx *ledger.Tx) error { return fn(t.Context(), tx) }); err != nil {
		t.Fatal(err)
	}
}

// read returns what a reading method returns in a view.
func read[T any](t testing.TB, l *ledger.Ledger, fn func(ctx context.Context, tx *ledger.Tx) (T, error)) T {
	t.Helper()
	var v T
	view(t, l, func(ctx context.Context, tx *ledger.Tx) (err error) {
		v, err = fn(ctx, tx)
		return err
	})
	return v
}

// write returns what a writing method returns in an update.
func write[T any](t testing.TB, l *ledger.Ledger, fn func(ctx context.Context, tx *ledger.Tx) (T, error)) T {
	t.Helper()
	var v T
	update(t, l, func(ctx context.Context, tx *ledger.Tx) (err error) {
		v, err = fn(ctx, tx)
		return err
	})
	return v
}

// fails checks that an update fails with a kind of error.
func fails(t testing.TB, l *ledger.Ledger, kind error, fn func(ctx context.Context, tx *ledger.Tx) error) {
	t.Helper()
	if err := l.Update(t.Context(), func(tx *ledger.Tx) error { return fn(t.Context(), tx) }); !errors.Is(err, kind) {
		t.Errorf("got error %v, want kind %v", err, kind)
	}
}

func same[T any](t testing.TB, got, want T) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// programme is an issuer with an achievement, a candidate and a status list.
func programme(t testing.TB, l *ledger.Ledger) {
	t.Helper()
	update(t, l, func(ctx context.Context, tx *ledger.Tx) error {
		if err := tx.PutIssuer(ctx, sampleIssuer); err != nil {
			return err
		}
		_, err := tx.PutAchievement(ctx, sampleAchievement)
		return errors.Join(err,
			tx.AddCandidate(ctx, sampleCandidate),
			tx.AddStatusList(ctx, ledger.StatusList{ID: "list1", Issuer: "sample", Purpose: "revocation", Length: 131072, CreatedAt: now}),
		)
	})
}

var (
	sampleIssuer = ledger.Issuer{
		Slug: "sample", ID: "did:web:example.org:issuers:sample", Name: "Sample Institute", URL: "https://example.org",
		Email: "badges@example.org", Description: "测试 ∑", Colour: "#1b5fa8", CreatedAt: now,
	}
	sampleAchievement = ledger.Achievement{
		Slug: "sample-expert", Issuer: "sample", Kind: ledger.KindCertification, Code: "expert", Name: "Expert",
		Data: []byte(`{"b": 1,  "a":2}`), CreatedAt: now,
	}
	sampleCandidate = ledger.Candidate{
		ID: "c1", Issuer: "sample", Number: "0042", GivenName: "Ada", FamilyName: "Sample", Locale: "en", CreatedAt: now,
	}
	sampleResult = ledger.Result{
		ID: "r1", Issuer: "sample", Provider: "centre", ResultID: "42", Exam: "AZ-900", TakenAt: now.Add(-time.Hour),
		Outcome: "passed", Score: "742.5", Delivery: "online", Language: "en", Candidate: "c1", RecordedAt: now, Digest: "abc",
	}
	sampleAward = ledger.Award{
		ID: "a1", Issuer: "sample", Candidate: "c1", Achievement: "sample-expert", AchievementVersion: 1, AttainedAt: now.Add(-time.Hour),
		ExpiresAt: now.AddDate(1, 0, 0), Name: "Ada Sample", Address: "ada@example.org", Result: "r1", StatusList: "list1",
		StatusIndex: 77, Visibility: ledger.Private, CreatedAt: now,
	}
)

// award adds a variant of the sample award to a programme.
func award(t testing.TB, l *ledger.Ledger, change func(*ledger.Award)) ledger.Award {
	t.Helper()
	a := sampleAward
	if change != nil {
		change(&a)
	}
	if !write(t, l, func(ctx context.Context, tx *ledger.Tx) (bool, error) { return tx.AddAward(ctx, a) }) {
		t.Fatalf("award %s was there already", a.ID)
	}
	return read(t, l, func(ctx context.Context, tx *ledger.Tx) (ledger.Award, error) { return tx.Award(ctx, a.ID) })
}

func TestConformance(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		conformance(t, func(t *testing.T) *ledger.Ledger { return open(t, filepath.Join(t.TempDir(), "accolade.db")) })
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		conformance(t, func(t *testing.T) *ledger.Ledger { return open(t, ledgertest.Postgres(t)) })
	})
}

// conformance is what both engines must do alike; open gives a new, empty ledger.
func conformance(t *testing.T, open func(*testing.T) *ledger.Ledger) {
	for name, test := range map[string]func(*testing.T, *ledger.Ledger){
		"issuers":                         testIssuers,
		"settings":                        testSettings,
		"keys":                            testKeys,
		"catalogues":                      testCatalogues,
		"achievements":                    testAchievements,
		"candidates":                      testCandidates,
		"results":                         testResults,
		"awards":                          testAwards,
		"lists of awards":                 testAwardLists,
		"addresses that owners tie":       testTiedAddresses,
		"how far awards have come":        testFunnels,
		"lifecycle of an award":           testLifecycle,
		"editions":                        testEditions,
		"status lists":                    testStatusLists,
		"mail":                            testMail,
		"claim links":                     testClaimLinks,
		"accounts":                        testAccounts,
		"addresses of accounts":           testAccountAddresses,
		"accepting by itself":             testAutoAccept,
		"merges":                          testMerges,
		"challenges":                      testChallenges,
		"sessions of accounts":            testAccountSessions,
		"passkeys":                        testPasskeys,
		"identities":                      testIdentities,
		"who owns an award":               testOwnership,
		"badges that have ended":          testEnded,
		"addresses that nobody read":      testUnseen,
		"a claim race has one winner":     testClaimRace,
		"reminders":                       testReminders,
		"share links":                     testShares,
		"profiles":                        testProfile,
		"collections":                     testCollections,
		"disclosure":                      testDisclosure,
		"name requests":                   testNameRequests,
		"mail about no award":             testMailsAtLarge,
		"suppression":                     testSuppression,
		"tokens":                          testTokens,
		"idempotency":                     testIdempotency,
		"audit chain":                     testAudit,
		"jobs are unique while they wait": testJobUnique,
		"jobs are leased":                 testJobLease,
		"jobs die and are revived":        testJobDeath,
		"workers share jobs":              testJobWorkers,
		"a failing update rolls back":     testRollback,
		"updates that fail share nothing": testGroup,
		"a panic reaches its caller":      testPanic,
		"an update may end its goroutine": testGoexit,
		"cancelled callers do not hang":   testCancel,
		"a view is a snapshot":            testSnapshot,
		"a view cannot write":             testReadOnlyView,
		"a transaction ends with its fn":  testOver,
		"integrity":                       testCheck,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, open(t))
		})
	}
}
