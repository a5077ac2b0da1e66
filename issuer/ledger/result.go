package ledger

import (
	"context"
	"database/sql"
	"time"
)

// Result is one reported sitting of an exam.
type Result struct {
	ID         string
	Issuer     string // slug
	Provider   string // who reported it
	ResultID   string // the provider's own; unique with issuer and provider
	Exam       string // code in the catalogue
	TakenAt    time.Time
	Outcome    string // passed, failed, held or voided
	Score      string // decimal, or ""
	Delivery   string
	Language   string
	Candidate  string // id
	RecordedAt time.Time
	Digest     string // of the report, to tell a repetition from a correction
}

func scanResult(rows *sql.Rows, r *Result) error {
	return rows.Scan(&r.ID, &r.Issuer, &r.Provider, &r.ResultID, &r.Exam, timeColumn{&r.TakenAt}, &r.Outcome, &r.Score,
		&r.Delivery, &r.Language, &r.Candidate, timeColumn{&r.RecordedAt}, &r.Digest)
}

const resultColumns = `id, issuer, provider, result_id, exam, taken_at, outcome, score, delivery, language, candidate, recorded_at, digest`

// AddResult inserts a result, and reports false where issuer, provider and
// result id are known already.
func (tx *Tx) AddResult(ctx context.Context, r Result) (bool, error) {
	n, err := tx.exec(ctx, `insert into result (`+resultColumns+`)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) on conflict (issuer, provider, result_id) do nothing`,
		r.ID, r.Issuer, r.Provider, r.ResultID, r.Exam, r.TakenAt.UnixMicro(), r.Outcome, r.Score, r.Delivery, r.Language,
		r.Candidate, r.RecordedAt.UnixMicro(), r.Digest)
	return n > 0, err
}

// Result returns the result that a provider calls resultID.
func (tx *Tx) Result(ctx context.Context, issuer, provider, resultID string) (Result, error) {
	return one(ctx, tx, scanResult, "result", resultID,
		`select `+resultColumns+` from result where issuer = $1 and provider = $2 and result_id = $3`, issuer, provider, resultID)
}

// ResultByID returns the result with our own id.
func (tx *Tx) ResultByID(ctx context.Context, id string) (Result, error) {
	return one(ctx, tx, scanResult, "result", id, `select `+resultColumns+` from result where id = $1`, id)
}

// ResultsOf returns a candidate's results in the order in which they were taken.
func (tx *Tx) ResultsOf(ctx context.Context, candidate string) ([]Result, error) {
	return list(ctx, tx, scanResult, `select `+resultColumns+` from result where candidate = $1 order by taken_at, id`, candidate)
}

// ChangeResult replaces when and with what outcome, score, delivery and language
// the result with r's id was taken, and its digest.
func (tx *Tx) ChangeResult(ctx context.Context, r Result) error {
	n, err := tx.exec(ctx, `update result set taken_at = $1, outcome = $2, score = $3, delivery = $4, language = $5, digest = $6 where id = $7`,
		r.TakenAt.UnixMicro(), r.Outcome, r.Score, r.Delivery, r.Language, r.Digest, r.ID)
	return must(n, err, "result", r.ID)
}
