package issuer

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"

	"github.com/accolade-badges/accolade/issuer/ledger"
)

// versions keeps the versions of achievements that awards were made with, by
// what they say. A version that was committed, in whatever process, never
// changes: the next award with the same facts needs no look at the ledger.
type versions struct{ kept sync.Map } // versionFacts to ledger.Achievement

type versionFacts struct{ issuer, kind, code, name, data string }

// keep takes versions that were committed.
func (v *versions) keep(list []ledger.Achievement) {
	for _, a := range list {
		v.kept.LoadOrStore(versionFacts{a.Issuer, a.Kind, a.Code, a.Name, string(a.Data)}, a)
	}
}

// achievement returns the version of what was attained that says what it was at
// that moment, and notes it among those that the award is made with.
func (a *recording) achievement(ctx context.Context, got attainment) (ledger.Achievement, error) {
	if facts, ok := a.cat.AchievementUnder(got.kind, got.code, got.at, got.rule); ok {
		data, err := json.Marshal(facts)
		if err != nil {
			return ledger.Achievement{}, fmt.Errorf("achievement of %s %s: %w", got.kind, got.code, err)
		}
		if kept, ok := a.s.versions.kept.Load(versionFacts{a.issuer, got.kind, got.code, facts.Title, string(data)}); ok {
			return kept.(ledger.Achievement), nil
		}
	}
	latest, err := a.tx.AchievementByCode(ctx, a.issuer, got.kind, got.code)
	if err != nil {
		return latest, fmt.Errorf("achievement of %s %s: %w", got.kind, got.code, err)
	}
	found, err := achievementAt(ctx, a.tx, a.cat.Catalogue, latest, got.at, got.rule)
	a.versions = append(a.versions, found)
	return found, err
}
