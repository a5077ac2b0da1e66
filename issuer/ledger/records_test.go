package ledger_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/accolade-badges/accolade/issuer/ledger"
)

func testIssuers(t *testing.T, l *ledger.Ledger) {
	programme(t, l)
	get := func(ctx context.Context, tx *ledger.Tx) (ledger.Issuer, error) { return tx.Issuer(ctx, "sample") }
	same(t, read(t, l, get), sampleIssuer)
	changed := sampleIssuer
	changed.Name, changed.Settings = "Sample College", []byte(`{"x":1}`)
	other := changed
	other.ID, other.CreatedAt = "did:web:elsewhere.example", now.Add(time.Hour)
	update(t, l, func(ctx context.Context, tx *ledger.Tx) error { return tx.PutIssuer(ctx, other) })
	same(t, read(t, l, get), changed)
	same(t, read(t, l, func(ctx context.Context, tx *ledger.Tx) ([]ledger.Issuer, error) { return tx.Issuers(ctx) }), []ledger.Issuer{changed})
	fails(t, l, ledger.ErrNotFound, func(ctx context.Context, tx *ledger.Tx) error {
		_, err := tx.Issuer(ctx, "nobody")
		return err
	})
}

func testSettings(t *testing.T, l *ledger.Ledger) {
	for _, value := range []string{"http://localhost:1", "https://example.org"} {
		update(t, l, func(ctx context.Context, tx *ledger.Tx) error { return tx.PutSetting(ctx, "base_url", value) })
		same(t, read(t, l, func(ctx context.Context, tx *ledger.Tx) (string, error) { return tx.Setting(ctx, "base_url") }), value)
	}
	same(t, read(t, l, func(ctx context.Context, tx *ledger.Tx) ([]ledger.Setting, error) { return tx.Settings(ctx) }),
		[]ledger.Setting{{Name: "base_url", Value: "https://example.org"}})
	fails(t, l, ledger.ErrNotFound, func(ctx context.Context, tx *ledger.Tx) error {
		_, err := tx.Setting(ctx, "other")
		return err
	})
}

func testKeys(t *testing.T, l *ledger.Ledger) {
	programme(t, l)
	one := ledger.Key{ID: "k1", Issuer: "sample", Algorithm: "Ed25519", Name: "z6Mk1", Public: []byte{0, 1}, Private: []byte{2, 0}, CreatedAt: now}
	two := ledger.Key{ID: "k2", Issuer: "sample", Algorithm: "RS256", Name: "thumb", Public: []byte{0xff}, Private: []byte{}, CreatedAt: now.Add(time.Second)}
	update(t, l, func(ctx context.Context, tx *ledger.Tx) error {
		return errors.Join(tx.AddKey(ctx, two), tx.AddKey(ctx, one))
	})
	all := func() []ledger.Key {
		return read(t, l, func(ctx context.Context, tx *ledger.Tx) ([]ledger.Key, error) { return tx.Keys(ctx, "sample") })
	}
	same(t, all(), []ledger.Key{one, two})
	fails(t, l, ledger.ErrConflict, func(ctx context.Context, tx *ledger.Tx) error {
		return tx.AddKey(ctx, ledger.Key{ID: "k3", Issuer: "sample", Name: "z6Mk1", Public: []byte{1}, Private: []byte{1}, CreatedAt: now})
	})
	fails(t, l, ledger.ErrConflict, func(ctx context.Context, tx *ledger.Tx) error {
		return tx.AddKey(ctx, ledger.Key{ID: "k3", Issuer: "nobody", Name: "z6Mk3", Public: []byte{1}, Private: []byte{1}, CreatedAt: now})
	})
	for _, at := range []time.Time{now.Add(time.Hour), now.Add(2 * time.Hour)} {
		update(t, l, func(ctx context.Context, tx *ledger.Tx) error { return tx.RetireKeys(ctx, "sample", "Ed25519", at) })
	}
	one.RetiredAt = now.Add(time.Hour)
	same(t, all(), []ledger.Key{one, two})
	same(t, read(t, l, func(ctx context.Context, tx *ledger.Tx) (ledger.Key, error) { return tx.Key(ctx, "thumb") }), two)
}

func testCatalogues(t *testing.T, l *ledger.Ledger) {
	programme(t, l)
	type loaded struct {
		Number int
		Added  bool
	}
	load := func(source string) loaded {
		var got loaded
		update(t, l, func(ctx context.Context, tx *ledger.Tx) (err error) {
			got.Number, got.Added, err = tx.AddCatalogue(ctx, ledger.Catalogue{Issuer: "sample", SHA256: fmt.Sprintf("%x", source), Source: []byte(source), LoadedAt: now})
			return err
		})
		return got
	}
	fails(t, l, ledger.ErrNotFound, func(ctx context.Context, tx *ledger.Tx) error {
		_, err := tx.CatalogueNumber(ctx, "sample")
		return err
	})
	same(t, load("a"), loaded{1, true})
	same(t, load("a"), loaded{1, false})
	same(t, load("b\x00\xff"), loaded{2, true})
	same(t, load("a"), loaded{3, true}) // back to an older file is a change, too
	latest := read(t, l, func(ctx context.Context, tx *ledger.Tx) (ledger.Catalogue, error) { return tx.Catalogue(ctx, "sample") })
	same(t, latest, ledger.Catalogue{Issuer: "sample", Number: 3, SHA256: "61", Source: []byte("a"), LoadedAt: now})
	same(t, read(t, l, func(ctx context.Context, tx *ledger.Tx) (int, error) { return tx.CatalogueNumber(ctx, "sample") }), 3)
}

func testAchievements(t *testing.T, l *ledger.Ledger) {
	programme(t, l)
	put := func(a ledger.Achievement) bool {
		return write(t, l, func(ctx context.Context, tx *ledger.Tx) (bool, error) { return tx.PutAchievement(ctx, a) })
	}
	first := sampleAchievement
	first.Version = 1
	second := first
	second.Data, second.Version = []byte(`{"a":3}`), 2
	if put(first) {
		t.Error("the same achievement got a new version")
	}
	if !put(second) {
		t.Error("changed data got no new version")
	}
	get := func(ctx context.Context, tx *ledger.Tx) (ledger.Achievement, error) {
		return tx.Achievement(ctx, first.Slug)
	}
	same(t, read(t, l, get), second)
	same(t, read(t, l, func(ctx context.Context, tx *ledger.Tx) (ledger.Achievement, error) {
		return tx.AchievementVersion(ctx, first.Slug, 1)
	}), first)
	same(t, read(t, l, func(ctx context.Context, tx *ledger.Tx) (ledger.Achievement, error) {
		return tx.AchievementByCode(ctx, "sample", ledger.KindCertification, "expert")
	}), second)
	same(t, read(t, l, func(ctx context.Context, tx *ledger.Tx) ([]ledger.Achievement, error) {
		return tx.Achievements(ctx, "sample")
	}), []ledger.Achievement{second})
	fails(t, l, ledger.ErrConflict, func(ctx context.Context, tx *ledger.Tx) error {
		a := first
		a.Code = "another"
		_, err := tx.PutAchievement(ctx, a)
		return err
	})
	fails(t, l, ledger.ErrConflict, func(ctx context.Context, tx *ledger.Tx) error {
		a := first
		a.Slug = "another"
		_, err := tx.PutAchievement(ctx, a)
		return err
	})
}

func testCandidates(t *testing.T, l *ledger.Ledger) {
	programme(t, l)
	unnumbered := ledger.Candidate{ID: "c2", Issuer: "sample", GivenName: "李", FamilyName: "小龙", CreatedAt: now}
	another := unnumbered
	another.ID = "c3"
	update(t, l, func(ctx context.Context, tx *ledger.Tx) error {
		return errors.Join(tx.AddCandidate(ctx, unnumbered), tx.AddCandidate(ctx, another)) // no number collides with none
	})
	fails(t, l, ledger.ErrConflict, func(ctx context.Context, tx *ledger.Tx) error {
		return tx.AddCandidate(ctx, ledger.Candidate{ID: "c4", Issuer: "sample", Number: "0042", CreatedAt: now})
	})
	unnumbered.Number = "0042"
	fails(t, l, ledger.ErrConflict, func(ctx context.Context, tx *ledger.Tx) error { return tx.UpdateCandidate(ctx, unnumbered) })
	unnumbered.Number, unnumbered.Locale = "0043", "zh-CN"
	update(t, l, func(ctx context.Context, tx *ledger.Tx) error { return tx.UpdateCandidate(ctx, unnumbered) })
	same(t, read(t, l, func(ctx context.Context, tx *ledger.Tx) (ledger.Candidate, error) { return tx.Candidate(ctx, "c2") }), unnumbered)
	fails(t, l, ledger.ErrNotFound, func(ctx context.Context, tx *ledger.Tx) error {
		return tx.UpdateCandidate(ctx, ledger.Candidate{ID: "nobody", Issuer: "sample"})
	})

	for _, a := range []struct {
		of      ledger.Candidate
		address string
		folded  string
		at      time.Time
		added   bool
	}{
		{another, "Shared@example.org", "shared@example.org", now.Add(time.Hour), true},
		{unnumbered, "shared@Example.org", "shared@example.org", now, true},
		{unnumbered, "shared@example.org", "shared@example.org", now.Add(time.Minute), false},
		{unnumbered, "b@example.org", "b@example.org", now.Add(time.Minute), true},
	} {
		same(t, write(t, l, func(ctx context.Context, tx *ledger.Tx) (bool, error) {
			return tx.AddAddress(ctx, a.of, a.address, a.folded, a.at)
		}), a.added)
	}
	same(t, read(t, l, func(ctx context.Context, tx *ledger.Tx) ([]ledger.Address, error) { return tx.Addresses(ctx, "c2") }), []ledger.Address{
		{Address: "shared@Example.org", Folded: "shared@example.org", FirstSeen: now},
		{Address: "b@example.org", Folded: "b@example.org", FirstSeen: now.Add(time.Minute)},
	})
	update(t, l, func(ctx context.Context, tx *ledger.Tx) error {
		return tx.RemoveAddress(ctx, "c2", "shared@example.org")
	})
	same(t, len(read(t, l, func(ctx context.Context, tx *ledger.Tx) ([]ledger.Address, error) { return tx.Addresses(ctx, "c2") })), 1)
}

func testResults(t *testing.T, l *ledger.Ledger) {
	programme(t, l)
	add := func(r ledger.Result) bool {
		return write(t, l, func(ctx context.Context, tx *ledger.Tx) (bool, error) { return tx.AddResult(ctx, r) })
	}
	if !add(sampleResult) {
		t.Error("a new result was not inserted")
	}
	again := sampleResult
	again.ID = "r2"
	if add(again) {
		t.Error("a result id was used twice")
	}
	get := func(ctx context.Context, tx *ledger.Tx) (ledger.Result, error) {
		return tx.Result(ctx, "sample", "centre", "42")
	}
	same(t, read(t, l, get), sampleResult)
	changed := sampleResult
	changed.Outcome, changed.Score, changed.Digest, changed.TakenAt = "voided", "", "def", now.Add(-2*time.Hour)
	update(t, l, func(ctx context.Context, tx *ledger.Tx) error { return tx.ChangeResult(ctx, changed) })
	same(t, read(t, l, get), changed)
	same(t, read(t, l, func(ctx context.Context, tx *ledger.Tx) (ledger.Result, error) { return tx.ResultByID(ctx, "r1") }), changed)
	fails(t, l, ledger.ErrNotFound, func(ctx context.Context, tx *ledger.Tx) error {
		return tx.ChangeResult(ctx, ledger.Result{ID: "none", TakenAt: now})
	})

	earlier := sampleResult
	earlier.ID, earlier.Provider, earlier.ResultID, earlier.TakenAt = "r0", "agency", "1", now.AddDate(-1, 0, 0)
	add(earlier)
	same(t, read(t, l, func(ctx context.Context, tx *ledger.Tx) ([]ledger.Result, error) { return tx.ResultsOf(ctx, "c1") }), []ledger.Result{earlier, changed})
}

func testEditions(t *testing.T, l *ledger.Ledger) {
	programme(t, l)
	award(t, l, nil)
	first := ledger.Edition{
		Award: "a1", Number: 1, Credential: []byte("{\"b\":1,\u2028 \"a\": 2}\n"), KeyName: "z6Mk1", Subject: "urn:uuid:1", Salt: "s",
		ValidFrom: now, ValidUntil: now.AddDate(1, 0, 0), SignedAt: now, AchievementVersion: 1,
	}
	second := first
	second.Number, second.ValidUntil = 2, time.Time{}
	add := func(e ledger.Edition) bool {
		return write(t, l, func(ctx context.Context, tx *ledger.Tx) (bool, error) { return tx.AddEdition(ctx, e) })
	}
	fails(t, l, ledger.ErrNotFound, func(ctx context.Context, tx *ledger.Tx) error {
		_, err := tx.Edition(ctx, "a1")
		return err
	})
	unsigned := func() []string {
		return read(t, l, func(ctx context.Context, tx *ledger.Tx) ([]string, error) { return tx.UnsignedAwards(ctx, "sign:", 10) })
	}
	same(t, unsigned(), []string{"a1"})
	addJobs(t, l, ledger.Job{ID: "j1", Kind: "sign", Unique: "sign:a1"})
	same(t, unsigned(), nil)
	same(t, claim(t, l, "w", 1, time.Minute), []string{"j1"})
	update(t, l, func(ctx context.Context, tx *ledger.Tx) error { return tx.FinishJob(ctx, "j1", "w") })
	same(t, unsigned(), []string{"a1"})
	if !add(first) || !add(second) {
		t.Error("a new edition was not inserted")
	}
	same(t, unsigned(), nil)
	altered := first
	altered.Credential = []byte("{}")
	if add(altered) {
		t.Error("an edition was replaced")
	}
	seal := func(jwt string) ledger.Edition {
		return write(t, l, func(ctx context.Context, tx *ledger.Tx) (ledger.Edition, error) {
			return tx.SetSealed(ctx, "a1", 1, jwt, jwt+"-ob2", "rsa-"+jwt)
		})
	}
	first.JWT, first.OB2, first.RSAKeyName = "one", "one-ob2", "rsa-one"
	same(t, seal("one"), first)
	same(t, seal("two"), first)
	same(t, read(t, l, func(ctx context.Context, tx *ledger.Tx) (ledger.Edition, error) { return tx.Edition(ctx, "a1") }), second)
	same(t, read(t, l, func(ctx context.Context, tx *ledger.Tx) ([]ledger.Edition, error) { return tx.Editions(ctx, "a1") }), []ledger.Edition{first, second})
	var seen []ledger.Edition
	view(t, l, func(ctx context.Context, tx *ledger.Tx) error {
		return tx.EachEdition(ctx, func(e ledger.Edition) error {
			seen = append(seen, e)
			return nil
		})
	})
	same(t, seen, []ledger.Edition{first, second})
	stop := errors.New("stop")
	err := l.View(t.Context(), func(tx *ledger.Tx) error {
		return tx.EachEdition(t.Context(), func(ledger.Edition) error { return stop })
	})
	if !errors.Is(err, stop) {
		t.Errorf("got %v, want the caller's own error", err)
	}
}

func testStatusLists(t *testing.T, l *ledger.Ledger) {
	programme(t, l)
	get := func() ledger.StatusList {
		return read(t, l, func(ctx context.Context, tx *ledger.Tx) (ledger.StatusList, error) {
			return tx.StatusList(ctx, "list1")
		})
	}
	want := ledger.StatusList{ID: "list1", Issuer: "sample", Purpose: "revocation", Length: 131072, Epoch: 1, Version: 1, CreatedAt: now}
	same(t, get(), want)
	take := func(index int, who string) bool {
		return write(t, l, func(ctx context.Context, tx *ledger.Tx) (bool, error) {
			return tx.TakeStatusIndex(ctx, "list1", index, who)
		})
	}
	if !take(77, "a1") || !take(5, "a2") || take(77, "a3") {
		t.Error("an index must be given once")
	}
	reserve := func(list string, epoch, most int) bool {
		return write(t, l, func(ctx context.Context, tx *ledger.Tx) (bool, error) {
			return tx.ReserveStatusIndex(ctx, list, epoch, most)
		})
	}
	for n := range 3 {
		if got := reserve("list1", 1, 2); got != (n < 2) {
			t.Errorf("reservation %d of 2: %v", n+1, got)
		}
	}
	if reserve("list1", 2, 9) || reserve("none", 1, 9) {
		t.Error("an index was reserved in a list of another epoch, or in none")
	}
	want.Taken = 2
	same(t, get(), want)

	award(t, l, nil)
	award(t, l, func(a *ledger.Award) {
		a.ID, a.Achievement, a.StatusIndex = "a2", "sample-other", 5
	})
	set := func() []int {
		return read(t, l, func(ctx context.Context, tx *ledger.Tx) ([]int, error) { return tx.SetIndexes(ctx, "list1") })
	}
	same(t, len(set()), 0)
	update(t, l, func(ctx context.Context, tx *ledger.Tx) error {
		_, err := tx.Revoke(ctx, "a1", "Fraud.", now)
		_, err2 := tx.Suspend(ctx, "a2", "Under review.", now)
		return errors.Join(err, err2, tx.TouchStatusList(ctx, "list1"))
	})
	same(t, set(), []int{5, 77})
	update(t, l, func(ctx context.Context, tx *ledger.Tx) error {
		_, err := tx.Reinstate(ctx, "a2")
		return errors.Join(err, tx.TouchStatusList(ctx, "list1"))
	})
	same(t, set(), []int{77})

	put := func(version int, body string) error {
		return l.Update(t.Context(), func(tx *ledger.Tx) error {
			return tx.PutStatusCredential(t.Context(), "list1", version, []byte(body), now)
		})
	}
	want.Version, want.PublishedVersion, want.Credential, want.SignedAt = 3, 2, []byte("two"), now
	same(t, put(2, "two"), nil)
	same(t, put(1, "one"), nil) // late: changes nothing
	same(t, get(), want)
	if err := put(4, "four"); !errors.Is(err, ledger.ErrConflict) {
		t.Errorf("a version that was never reached: %v", err)
	}
	want.Credential = nil // lists are listed without it
	same(t, read(t, l, func(ctx context.Context, tx *ledger.Tx) ([]ledger.StatusList, error) {
		return tx.StatusLists(ctx, "sample")
	}), []ledger.StatusList{want})
	fails(t, l, ledger.ErrNotFound, func(ctx context.Context, tx *ledger.Tx) error { return tx.TouchStatusList(ctx, "none") })
}
