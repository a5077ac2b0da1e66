package issuer

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/accolade-badges/accolade/issuer/ledger"
)

// Recorded is what became of a reported result.
type Recorded struct {
	Status    string     `json:"-"` // RowNew, RowSeen or RowChanged
	Result    Result     `json:"result"`
	Decisions []Decision `json:"decisions"`
	Awards    []AwardRef `json:"awards"`
}

// Decision says whether a certification is attained, and why or why not yet.
type Decision struct {
	Certification string   `json:"certification"`
	Attained      bool     `json:"attained"`
	Reasons       []string `json:"reasons"`
}

// AwardRef names an award.
type AwardRef struct {
	ID          string `json:"id"`
	URL         string `json:"url"`
	Achievement string `json:"achievement"`
}

// Why puts the reasons of the decisions that attained nothing into a sentence.
func (r *Recorded) Why() string {
	var parts []string
	for _, d := range r.Decisions {
		if !d.Attained {
			parts = append(parts, d.Certification+": "+strings.Join(d.Reasons, ", "))
		}
	}
	return strings.Join(parts, "; ")
}

// ConflictError says that a result id was used before for something else.
type ConflictError struct{ Message string }

func (e *ConflictError) Error() string { return e.Message }

// RecordResult records one sitting for the issuer and awards what it attains,
// in one transaction; signing and mailing follow by job. It is idempotent by
// provider and result id: the same report again changes nothing and answers as
// before. A report with the same id and another outcome corrects the first: a
// held result is released, a pass is voided (which revokes what needed it).
//
// Errors: [*InvalidError] for a bad report, [*ConflictError] when the id stands
// for another sitting, ledger errors otherwise; in each case nothing was
// recorded.
func (s *Service) RecordResult(ctx context.Context, issuer string, r Result) (*Recorded, error) {
	now := s.Now()
	sit, err := r.normalise(now)
	if err != nil {
		return nil, err
	}
	cat, err := s.currentCatalogue(ctx, issuer)
	if err != nil {
		return nil, err
	}
	exam, known := cat.Exam(sit.Exam)
	if !known {
		return nil, &InvalidError{[]FieldError{{"exam", fmt.Sprintf("the programme has no exam %q; check the code, or load a catalogue that has it", sit.Exam)}}}
	}
	sit.Exam = exam.Code
	sit.digest = digestOf(sit)
	var a *recording
	err = s.ledger.Update(ctx, func(tx *ledger.Tx) error {
		a = &recording{s: s, tx: tx, issuer: issuer, cat: cat, sit: sit, now: now}
		return a.run(ctx)
	})
	if err != nil {
		return nil, err
	}
	s.versions.keep(a.versions)
	out := &a.out
	if out.Status != RowSeen {
		s.poke()
		s.log.Info("result recorded", "issuer", issuer, "provider", sit.Provider, "result", sit.ResultID, "exam", sit.Exam, "outcome", string(sit.Outcome), "awards", len(out.Awards))
	}
	return out, nil
}

// recording is one run of a RecordResult transaction. The ledger may run it
// again from the start.
type recording struct {
	s      *Service
	tx     *ledger.Tx
	issuer string
	cat    *loadedCatalogue
	sit    sitting
	now    time.Time

	candidate ledger.Candidate
	fresh     bool // the candidate was made by this recording, and has nothing else
	result    ledger.Result
	versions  []ledger.Achievement // that awards were made with
	out       Recorded
}

func (a *recording) run(ctx context.Context) error {
	a.out = Recorded{Status: RowNew, Result: a.sit.Result, Decisions: []Decision{}, Awards: []AwardRef{}}
	known, err := a.known(ctx)
	if err != nil {
		return err
	}
	if known.Result {
		before, err := a.tx.Result(ctx, a.issuer, a.sit.Provider, a.sit.ResultID)
		if err != nil {
			return err
		}
		return a.again(ctx, before)
	}
	if err := a.findCandidate(ctx, known); err != nil {
		return err
	}
	a.result = ledger.Result{
		ID: a.s.newOrderedID(), Issuer: a.issuer, Provider: a.sit.Provider, ResultID: a.sit.ResultID,
		Exam: a.sit.Exam, TakenAt: a.sit.takenAt, Outcome: string(a.sit.Outcome), Score: a.sit.Score,
		Delivery: a.sit.Delivery, Language: a.sit.Language, Candidate: a.candidate.ID, RecordedAt: a.now,
		Digest: a.sit.digest,
	}
	if _, err := a.tx.AddResult(ctx, a.result); err != nil {
		return err
	}
	if a.sit.Outcome != Passed {
		return nil
	}
	return a.attain(ctx)
}

// again handles a result id that is known: the same report is answered as
// before, another one corrects it where that makes sense.
func (a *recording) again(ctx context.Context, before ledger.Result) error {
	a.result = before
	var err error
	if a.candidate, err = a.tx.Candidate(ctx, before.Candidate); err != nil {
		return err
	}
	if before.Digest == a.sit.digest || before.Digest == ledger.ErasedDigest {
		a.out.Status = RowSeen
		return a.answerAsBefore(ctx)
	}
	was := Outcome(before.Outcome)
	where := fmt.Sprintf("result %s of provider %s", a.sit.ResultID, a.sit.Provider)
	switch {
	case before.Exam != a.sit.Exam:
		return &ConflictError{fmt.Sprintf("%s was recorded for exam %s, this report says %s; a result id stands for one sitting", where, before.Exam, a.sit.Exam)}
	case !before.TakenAt.Equal(a.sit.takenAt) && was != Held:
		return &ConflictError{fmt.Sprintf("%s was recorded as taken at %s, this report says %s; a result id stands for one sitting", where, before.TakenAt.Format(time.RFC3339), a.sit.TakenAt)}
	case was == Voided:
		return &ConflictError{where + " was voided; report the sitting under a new result id if it counts after all"}
	case a.sit.Outcome == Held && was != Held:
		return &ConflictError{fmt.Sprintf("%s was recorded as %s and cannot become held; void it instead", where, was)}
	}
	if err := a.refuseAnother(ctx, where); err != nil {
		return err
	}
	if err := a.update(ctx, a.candidate); err != nil {
		return err
	}
	a.out.Status = RowChanged
	a.result.Outcome, a.result.Score, a.result.TakenAt = string(a.sit.Outcome), a.sit.Score, a.sit.takenAt
	a.result.Delivery, a.result.Language, a.result.Digest = a.sit.Delivery, a.sit.Language, a.sit.digest
	if err := a.tx.ChangeResult(ctx, a.result); err != nil {
		return err
	}
	detail := fmt.Sprintf("%s to %s", was, a.sit.Outcome)
	if err := a.s.audit(ctx, a.tx, a.sit.Provider, "result.corrected", a.result.ID, detail); err != nil {
		return err
	}
	switch {
	case a.sit.Outcome == Passed && was != Passed:
		return a.attain(ctx)
	case was == Passed && a.sit.Outcome != Passed:
		return a.withdraw(ctx)
	}
	if err := a.readdress(ctx, before.Digest); err != nil {
		return err
	}
	return a.answerAsBefore(ctx)
}

// readdress moves what the result attained, and nobody has claimed, from the address
// that the report before gave, which may be a stranger's, to the one that takes its
// place. A report in which more has changed, or that gives an address which the desk
// has corrected, moves nothing.
func (a *recording) readdress(ctx context.Context, before string) error {
	awards, err := a.tx.AwardsByResult(ctx, a.result.ID)
	if err != nil {
		return err
	}
	from := ""
	for _, w := range awards {
		if w.Folded != "" && w.Folded != a.sit.folded && a.sit.digestWith(w.Folded) == before {
			from = w.Folded
		}
	}
	if a.sit.folded == "" || from == "" {
		return nil
	}
	c := changes{email: a.sit.Candidate.Email, mailbox: a.sit.folded, first: firstMail(a.cat.Catalogue)}
	reason := "Result " + a.sit.ResultID + " was reported with another address."
	for _, x := range awards {
		w, err := a.tx.Award(ctx, x.ID) // it may have come along with the one before
		if err != nil {
			return err
		}
		if w.Account != "" || !w.RevokedAt.IsZero() || w.Folded != from {
			continue
		}
		if err := a.s.correct(ctx, a.tx, a.sit.Provider, w, c, reason); err != nil {
			return err
		}
		if err := a.s.leaveAddress(ctx, a.tx, a.sit.Provider, w, c, reason); err != nil {
			return err
		}
	}
	return nil
}

// refuseAnother refuses a correction that names another candidate.
func (a *recording) refuseAnother(ctx context.Context, where string) error {
	c, number := a.candidate, a.sit.Candidate.Number
	if number != "" && c.Number != "" && number != c.Number {
		return &ConflictError{fmt.Sprintf("%s was recorded for candidate %s, this report says %s; void it and report the sitting anew", where, c.Number, number)}
	}
	known, err := a.known(ctx)
	if err != nil {
		return err
	}
	if other := cmp.Or(known.ByNumber, known.ByAddress); other != nil && other.ID != c.ID {
		return &ConflictError{fmt.Sprintf("%s was recorded for somebody else than %s; void it and report the sitting anew", where, cmp.Or(a.sit.Candidate.Email, number))}
	}
	return nil
}

// known looks up what the report may be about.
func (a *recording) known(ctx context.Context) (ledger.Known, error) {
	return a.tx.Known(ctx, a.issuer, a.sit.Provider, a.sit.ResultID, a.sit.Candidate.Number, a.sit.folded)
}

// findCandidate finds the person by number, then by address, or makes them. A
// candidate exists without an account.
func (a *recording) findCandidate(ctx context.Context, known ledger.Known) error {
	in := a.sit.Candidate
	if known.ByNumber != nil {
		return a.update(ctx, *known.ByNumber)
	}
	// An address that is known under another number leads to somebody else:
	// two people may share a mailbox, the number tells them apart.
	if c := known.ByAddress; c != nil && (in.Number == "" || c.Number == "") {
		return a.update(ctx, *c)
	}
	a.fresh = true
	a.candidate = ledger.Candidate{
		ID: a.s.newOrderedID(), Issuer: a.issuer, Number: in.Number, GivenName: in.GivenName,
		FamilyName: in.FamilyName, Locale: in.Locale, CreatedAt: a.now,
	}
	if err := a.tx.AddCandidate(ctx, a.candidate); err != nil {
		return err
	}
	return a.addAddress(ctx)
}

// addAddress notes the address that the report gives, if it gives one. Awards that
// waited for nobody knew where go there.
func (a *recording) addAddress(ctx context.Context) error {
	in := a.sit.Candidate
	if a.sit.folded == "" {
		return nil
	}
	added, err := a.tx.AddAddress(ctx, a.candidate, in.Email, a.sit.folded, a.now)
	if err != nil || !added || a.fresh {
		return err
	}
	awards, err := a.tx.AwardsOf(ctx, a.candidate.ID)
	if err != nil {
		return err
	}
	for _, w := range awards {
		if !unaddressed(w) || w.Account != "" || !w.RevokedAt.IsZero() {
			continue
		}
		c := changes{email: in.Email, mailbox: a.sit.folded, first: firstMail(a.cat.Catalogue)}
		if err := a.s.correct(ctx, a.tx, a.sit.Provider, w, c, "The address was reported with result "+a.sit.ResultID+"."); err != nil {
			return err
		}
	}
	return nil
}

// update notes what the report says of a candidate who is known.
func (a *recording) update(ctx context.Context, found ledger.Candidate) error {
	in := a.sit.Candidate
	changed := found
	changed.GivenName, changed.FamilyName = in.GivenName, in.FamilyName
	if in.Number != "" {
		changed.Number = in.Number
	}
	if in.Locale != "" {
		changed.Locale = in.Locale
	}
	if changed != found {
		if err := a.tx.UpdateCandidate(ctx, changed); err != nil {
			return err
		}
	}
	a.candidate = changed
	return a.addAddress(ctx)
}

// answerAsBefore fills the answer to a repeated report from the ledger.
func (a *recording) answerAsBefore(ctx context.Context) error {
	awards, err := a.tx.AwardsByResult(ctx, a.result.ID)
	if err != nil {
		return err
	}
	for _, w := range awards {
		a.out.Awards = append(a.out.Awards, a.s.awardRef(w))
	}
	if Outcome(a.result.Outcome) != Passed {
		return nil
	}
	h, err := a.history(ctx)
	if err != nil {
		return err
	}
	for _, d := range a.cat.Decide(h.passes, h.held(), a.cat.Affected(a.sit.Exam), a.now) {
		a.out.Decisions = append(a.out.Decisions, Decision{d.Certification, d.Attained, d.Reasons})
	}
	return nil
}

// digestWith is the digest of the same report with another address.
func (s sitting) digestWith(folded string) string {
	s.folded = folded
	return digestOf(s)
}

// digestOf tells two reports of one result id apart.
func digestOf(s sitting) string {
	s.Candidate.Email = s.folded
	s.Candidate.Locale = "" // a preference, not part of the result
	data, err := json.Marshal(s.Result)
	if err != nil {
		panic("issuer: a Result always marshals: " + err.Error())
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}
