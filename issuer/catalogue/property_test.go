package catalogue

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

var propertyNow = at("2026-11-01")

// drawPasses draws passes in few exams, so that requirements are often met, on
// days between 2020 and a little after now, with retakes and equal days.
func drawPasses(t *rapid.T, c *Catalogue) []Pass {
	n := rapid.IntRange(0, 20).Draw(t, "passes")
	var list []Pass
	for i := range n {
		e := rapid.IntRange(0, len(c.Exams)-1).Draw(t, "exam")
		days := rapid.IntRange(0, 2520).Draw(t, "day")
		list = append(list, Pass{fmt.Sprintf("r%02d", i), c.Exams[e].Code, at("2020-01-01").AddDate(0, 0, days)})
	}
	return list
}

func drawHeld(t *rapid.T, c *Catalogue) []Held {
	n := rapid.IntRange(0, 5).Draw(t, "held")
	var list []Held
	for range n {
		k := rapid.IntRange(0, len(c.Certifications)-1).Draw(t, "certification")
		from := at("2020-01-01").AddDate(0, 0, rapid.IntRange(0, 2400).Draw(t, "from"))
		h := Held{Certification: c.Certifications[k].ID, AwardedAt: from}
		if rapid.Bool().Draw(t, "expires") {
			h.ExpiresAt = from.AddDate(0, rapid.IntRange(1, 36).Draw(t, "months"), 0)
		}
		state := rapid.IntRange(0, 9).Draw(t, "state")
		h.Revoked, h.Suspended = state == 0 || state == 2, state == 1
		if state == 2 {
			h.ByHand, h.RevokedAt = true, from.AddDate(0, 0, rapid.IntRange(0, 600).Draw(t, "until revoked"))
		}
		list = append(list, h)
	}
	return list
}

func shuffled[T any](list []T, seed uint64) []T {
	other := slices.Clone(list)
	rand.New(rand.NewPCG(seed, 1)).Shuffle(len(other), func(i, j int) { other[i], other[j] = other[j], other[i] })
	return other
}

func propertyCatalogues(t *testing.T) map[string]*Catalogue {
	list := map[string]*Catalogue{"demo": mustParse(t, mustDemo(t))}
	list["second"] = mustParse(t, mustRead(t, "second.json"))
	return list
}

func TestDecideDoesNotHangOnOrderOrDuplicates(t *testing.T) {
	for name, c := range propertyCatalogues(t) {
		t.Run(name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				given, has := drawPasses(t, c), drawHeld(t, c)
				seed := rapid.Uint64().Draw(t, "seed")
				want := c.Decide(given, has, nil, propertyNow)
				if diff := cmp.Diff(want, c.Decide(shuffled(given, seed), shuffled(has, seed), nil, propertyNow)); diff != "" {
					t.Fatalf("in another order: -want +got\n%s", diff)
				}
				twice := shuffled(append(slices.Clone(given), given...), seed)
				if diff := cmp.Diff(want, c.Decide(twice, has, nil, propertyNow)); diff != "" {
					t.Fatalf("every result twice: -want +got\n%s", diff)
				}
			})
		})
	}
}

func TestDecideGivesSoundTerms(t *testing.T) {
	for name, c := range propertyCatalogues(t) {
		t.Run(name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				given, has := drawPasses(t, c), drawHeld(t, c)
				decisions := c.Decide(given, has, nil, propertyNow)
				all := slices.Clone(has)
				for _, d := range decisions {
					if len(d.Reasons) == 0 {
						t.Fatalf("no reason: %+v", d)
					}
					if !d.Attained {
						continue
					}
					checkAttained(t, given, d)
					checkNotBarred(t, given, has, d)
					all = append(all, Held{Certification: d.Certification, AwardedAt: d.AttainedAt, ExpiresAt: d.ExpiresAt})
				}
				checkNoOverlap(t, has, decisions)
				for _, d := range c.Decide(given, all, nil, propertyNow) {
					if d.Attained {
						t.Fatalf("awarded a second time: %+v", d)
					}
				}
			})
		})
	}
}

// checkAttained holds an attainment to its own words: nothing from the future,
// nothing dated before what it rests on.
func checkAttained(t *rapid.T, given []Pass, d Decision) {
	if d.AttainedAt.After(propertyNow) || d.HeldAlready || !d.ExpiresAt.IsZero() && !d.ExpiresAt.After(d.AttainedAt) {
		t.Fatalf("not sound: %+v", d)
	}
	if len(d.Results) == 0 && len(d.Through) == 0 {
		t.Fatalf("rests on nothing: %+v", d)
	}
	for _, id := range d.Results {
		i := slices.IndexFunc(given, func(p Pass) bool { return p.ResultID == id })
		if i < 0 || given[i].At.After(d.AttainedAt) {
			t.Fatalf("result %s does not fit %+v", id, d)
		}
	}
}

// checkNotBarred holds an attainment to the revocations by hand: nothing until
// then counts again.
func checkNotBarred(t *rapid.T, given []Pass, has []Held, d Decision) {
	for _, h := range has {
		if !h.ByHand || h.Certification != d.Certification {
			continue
		}
		if !d.AttainedAt.After(h.RevokedAt) {
			t.Fatalf("%+v is attained before the revocation by hand of %v", d, h)
		}
		for _, p := range given {
			if slices.Contains(d.Results, p.ResultID) && !p.At.After(h.RevokedAt) {
				t.Fatalf("%+v counts %v from before the revocation by hand of %v", d, p, h)
			}
		}
	}
}

func checkNoOverlap(t *rapid.T, has []Held, decisions []Decision) {
	type term struct{ from, until time.Time }
	terms := map[string][]term{}
	for _, h := range has {
		if !h.Revoked {
			terms[h.Certification] = append(terms[h.Certification], term{h.AwardedAt, h.ExpiresAt})
		}
	}
	for _, d := range decisions {
		if !d.Attained {
			continue
		}
		for _, o := range terms[d.Certification] {
			if (o.until.IsZero() || d.AttainedAt.Before(o.until)) && (d.ExpiresAt.IsZero() || o.from.Before(d.ExpiresAt)) {
				t.Fatalf("%+v overlaps the term %v", d, o)
			}
		}
		terms[d.Certification] = append(terms[d.Certification], term{d.AttainedAt, d.ExpiresAt})
	}
}

// TestAwardsDoNotHangOnArrival lets results arrive one by one, as they do, with
// every attainment made an award before the next comes.
func TestAwardsDoNotHangOnArrival(t *testing.T) {
	c := mustParse(t, mustDemo(t))
	rapid.Check(t, func(t *rapid.T) {
		var given []Pass
		for i, exam := range []string{"CL-210", "CL-301", "CL-302", "CL-400"} {
			days := rapid.IntRange(0, 900).Draw(t, exam)
			given = append(given, Pass{fmt.Sprint(i), exam, at("2023-01-01").AddDate(0, 0, days)})
		}
		awards := func(order []Pass) []string {
			var has []Held
			var list []string
			for i := range order {
				for _, d := range c.Decide(order[:i+1], has, nil, propertyNow) {
					if d.Attained {
						has = append(has, Held{Certification: d.Certification, AwardedAt: d.AttainedAt, ExpiresAt: d.ExpiresAt})
						list = append(list, summary([]Decision{d})...)
					}
				}
			}
			slices.Sort(list)
			return list
		}
		want := awards(given)
		if diff := cmp.Diff(want, awards(shuffled(given, rapid.Uint64().Draw(t, "seed")))); diff != "" {
			t.Fatalf("in another order of arrival: -want +got\n%s", diff)
		}
	})
}
