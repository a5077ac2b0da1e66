package ledger

import (
	"context"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// TestHotStatementsUseAnIndex runs the hot statements, and asks SQLite how it
// looked for the rows.
func TestHotStatementsUseAnIndex(t *testing.T) {
	l := openFile(t, filepath.Join(t.TempDir(), "accolade.db"))
	ctx := t.Context()
	err := l.Update(ctx, func(tx *Tx) error {
		hotStatements(ctx, tx, "x")
		hotAccountStatements(ctx, tx, "x")
		if tx.err != nil {
			return tx.err
		}
		seen := 0
		for query := range tx.t.s.stmts {
			if !strings.HasPrefix(query, "select") && !strings.HasPrefix(query, "update") {
				continue
			}
			seen++
			// An argument that is not bound counts as null.
			bound := regexp.MustCompile(`\?[0-9]+`).ReplaceAllString(tx.t.s.engine.rewrite(query), "null")
			rows, err := tx.t.s.conn.QueryContext(ctx, "explain query plan "+bound)
			if err != nil {
				return err
			}
			for rows.Next() {
				var id, parent, unused int
				var step string
				if err := rows.Scan(&id, &parent, &unused, &step); err != nil {
					return err
				}
				if strings.HasPrefix(step, "SCAN") && !strings.Contains(step, "CONSTANT ROW") {
					t.Errorf("%s\n\t%s", step, query)
				}
			}
			if err := rows.Err(); err != nil {
				return err
			}
			if err := rows.Close(); err != nil {
				return err
			}
		}
		if seen < 80 {
			t.Errorf("only %d statements were looked at", seen)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// hotStatements calls every reading and conditional method that serves a request
// or a worker, about records called x that are not there.
func hotStatements(ctx context.Context, tx *Tx, x string) {
	// ignore takes what a call returns.
	ignore := func(...any) {}
	ignore(tx.Issuer(ctx, x))
	ignore(tx.Key(ctx, x))
	ignore(tx.Keys(ctx, x))
	ignore(tx.CatalogueNumber(ctx, x))
	ignore(tx.Catalogue(ctx, x))
	ignore(tx.Achievement(ctx, x))
	ignore(tx.AchievementVersion(ctx, x, 1))
	ignore(tx.AchievementByCode(ctx, x, x, x))
	ignore(tx.Candidate(ctx, x))
	ignore(tx.UpdateCandidate(ctx, Candidate{ID: x}))
	ignore(tx.Addresses(ctx, x))
	ignore(tx.Result(ctx, x, x, x))
	ignore(tx.ResultByID(ctx, x))
	ignore(tx.ResultsOf(ctx, x))
	ignore(tx.ChangeResult(ctx, Result{ID: x}))
	ignore(tx.Award(ctx, x))
	ignore(tx.AwardsOf(ctx, x))
	ignore(tx.AwardResults(ctx, x))
	ignore(tx.AwardsByResult(ctx, x))
	ignore(tx.EndedAwards(ctx, x))
	ignore(tx.Awards(ctx, AwardFilter{Issuer: x, Visibility: Public}, Cursor{time.Unix(1, 0), x}, 1))
	ignore(tx.Awards(ctx, AwardFilter{Issuer: x}, Cursor{time.Unix(1, 0), x}, 1))
	ignore(tx.Awards(ctx, AwardFilter{Candidate: x}, Cursor{}, 1))
	ignore(tx.Awards(ctx, AwardFilter{Result: x}, Cursor{}, 1))
	ignore(tx.SetVisibility(ctx, x, Public))
	ignore(tx.Revoke(ctx, x, x, time.Unix(1, 0)))
	ignore(tx.Edition(ctx, x))
	ignore(tx.Editions(ctx, x))
	ignore(tx.SetSealed(ctx, x, 1, x, x, x))
	ignore(tx.StatusList(ctx, x))
	ignore(tx.StatusLists(ctx, x))
	ignore(tx.SetIndexes(ctx, x))
	ignore(tx.TouchStatusList(ctx, x))
	ignore(tx.PutStatusCredential(ctx, x, 1, nil, time.Unix(1, 0)))
	ignore(tx.ClaimJobs(ctx, []string{x, "y"}, 1, x, time.Second))
	ignore(tx.KeepJobs(ctx, []string{x, "y"}, x, time.Second))
	ignore(tx.FinishJob(ctx, x, x))
	ignore(tx.RetryJob(ctx, x, x, time.Unix(1, 0), x))
	ignore(tx.Mail(ctx, x))
	ignore(tx.MarkMailFailed(ctx, x, x))
	ignore(tx.ClaimLink(ctx, x))
	ignore(tx.TokenByHash(ctx, x))
	ignore(tx.Idempotency(ctx, x, x))
	ignore(tx.Audits(ctx, 1, 1))
	ignore(tx.AwardsToRemind(ctx, time.Unix(1, 0), 1))
	ignore(tx.AwardsEnded(ctx, time.Unix(1, 0), time.Unix(2, 0), x, 1))
	ignore(tx.AddressesUnseen(ctx, time.Unix(1, 0), 1))
	ignore(tx.AddressAsked(ctx, x, time.Unix(1, 0), time.Unix(1, 0)))
	ignore(tx.AddressSeen(ctx, x, time.Unix(1, 0)))
}
