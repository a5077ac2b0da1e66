package ledger

import (
	"context"
	"database/sql"
)

// Known is what the ledger knows of a report before it is recorded. A nil
// candidate is one that is not there.
type Known struct {
	Result    bool       // the provider reported a result with this id
	ByNumber  *Candidate // who has the candidate number
	ByAddress *Candidate // who had the address first
}

// Known looks up, in one statement, all that a report may be about: its result,
// and the candidates to whom its number and its folded address lead. An empty
// number leads to nobody.
func (tx *Tx) Known(ctx context.Context, issuer, provider, resultID, number, folded string) (Known, error) {
	var k Known
	err := tx.each(ctx, false, func(rows *sql.Rows) error {
		var how string
		var c Candidate
		err := rows.Scan(&how, &c.ID, &c.Issuer, textColumn{&c.Number}, &c.GivenName, &c.FamilyName, &c.Locale, timeColumn{&c.CreatedAt})
		switch how {
		case "result":
			k.Result = true
		case "number":
			k.ByNumber = &c
		case "address":
			k.ByAddress = &c
		}
		return err
	}, `select 'number' as how, id, issuer, number, given_name, family_name, locale, created_at
			from candidate where issuer = $1 and number = $2
		union all select * from (
			select 'address' as how, c.id, c.issuer, c.number, c.given_name, c.family_name, c.locale, c.created_at
			from address a join candidate c on c.id = a.candidate
			where a.issuer = $1 and a.folded = $3 order by a.candidate limit 1) as mailbox
		union all select 'result' as how, id, issuer, cast(null as text), '', '', '', recorded_at
			from result where issuer = $1 and provider = $4 and result_id = $5`,
		issuer, number, folded, provider, resultID)
	return k, err
}
