package issuer

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"time"

	"github.com/mr-tron/base58"

	"github.com/accolade-badges/accolade/issuer/ledger"
)

// The kinds of jobs.
const (
	jobSign = "sign" // args: award id
	jobMail = "mail" // args: mail id
	jobSeal = "seal" // args: award id; makes the RSA-signed forms ahead of their first request
)

// Kinds of mail: about an award, and about an account or an address.
const (
	mailNote      = "note" // the programme's own, before the badge mail
	mailBadge     = "badge"
	mailReminder  = "reminder"
	mailRevoked   = "revoked"
	mailCorrected = "corrected"
	mailEnded     = "ended"

	mailConfirm = "confirm"
	mailSignIn  = "sign-in"
	mailFind    = "find"
	mailNotice  = "notice"
)

// newID returns 128 random bits in base58: in no sequence and not guessable.
func (s *Service) newID() string { return base58.Encode(s.random(16)) }

// newOrderedID returns an id that rises with time, for rows that nobody
// addresses from outside: they are appended to their tables' indexes instead of
// being spread over them. 48 bits of milliseconds and 80 random ones, as in
// UUIDv7.
func (s *Service) newOrderedID() string {
	id := make([]byte, 6, 16)
	ms := time.Now().UnixMilli()
	for i := range 6 {
		id[i] = byte(ms >> (40 - 8*i))
	}
	return hex.EncodeToString(append(id, s.random(10)...))
}

// random returns n bytes from the source. That source failing is no situation
// to go on in, as crypto/rand has it.
func (s *Service) random(n int) []byte {
	b := make([]byte, n)
	if _, err := io.ReadFull(s.rand, b); err != nil {
		panic("issuer: the source of randomness failed: " + err.Error())
	}
	return b
}

func (s *Service) awardRef(w ledger.Award) AwardRef {
	return AwardRef{ID: w.ID, URL: s.urls.Badge(w.ID, ""), Achievement: w.Achievement}
}

// attainment is what an award is made of.
type attainment struct {
	kind, code  string
	at, expires time.Time
	rule        time.Time // when the requirement that was met was in force
	results     []string  // ids of those that it stands on
	deciding    string    // id of the one that decided it
}

// award makes an attainment permanent: the award, its place in the status list,
// the results that it stands on and the one that decided it, and the jobs that
// sign and mail it.
func (a *recording) award(ctx context.Context, got attainment) error {
	facts, err := a.achievement(ctx, got)
	if err != nil {
		return err
	}
	w, err := a.newAward(ctx, facts, got.at, got.expires)
	if err != nil {
		return err
	}
	w.Result = got.deciding
	inserted, err := a.grant(ctx, w, got.results, a.sit.Provider)
	if err != nil || !inserted {
		return err
	}
	a.out.Awards = append(a.out.Awards, a.s.awardRef(w))
	return nil
}

// newAward is an award of the recording's candidate, not yet granted. It is tied
// to the address that was reported. Where none was, it goes where the candidate's
// last one went, unless they are known to have an account: see [Service.mailboxOf].
func (a *recording) newAward(ctx context.Context, facts ledger.Achievement, at, expires time.Time) (ledger.Award, error) {
	address, mailbox := a.sit.Candidate.Email, a.sit.folded
	if mailbox == "" && !a.fresh {
		var err error
		if address, mailbox, err = a.addressBefore(ctx); err != nil {
			return ledger.Award{}, err
		}
	}
	return ledger.Award{
		ID: a.s.newID(), Issuer: a.issuer, Candidate: a.candidate.ID, Achievement: facts.Slug,
		AchievementVersion: facts.Version, AttainedAt: at.UTC().Truncate(time.Second), ExpiresAt: expires,
		Name:    FullName(a.candidate.GivenName, a.candidate.FamilyName),
		Address: address, Folded: mailbox, Visibility: ledger.Private, CreatedAt: a.now,
	}, nil
}

// addressBefore is the address that the candidate's newest award is tied to, which
// may have been corrected since it was reported; without awards the one that they
// were last seen with first. It is none where they are known to have an account.
func (a *recording) addressBefore(ctx context.Context) (address, mailbox string, err error) {
	switch _, err := a.tx.CandidateAccount(ctx, a.candidate.ID); {
	case err == nil:
		return "", "", nil
	case !errors.Is(err, ledger.ErrNotFound):
		return "", "", err
	}
	awards, err := a.tx.AwardsOf(ctx, a.candidate.ID)
	if err != nil {
		return "", "", err
	}
	newest := ledger.Award{}
	for _, w := range awards {
		if w.Folded != "" && !w.CreatedAt.Before(newest.CreatedAt) {
			newest = w
		}
	}
	if newest.Folded != "" {
		return newest.Address, newest.Folded, nil
	}
	known, err := a.tx.Addresses(ctx, a.candidate.ID)
	if err != nil || len(known) == 0 {
		return "", "", err
	}
	last := known[len(known)-1]
	return last.Address, last.Folded, nil
}

// grant writes a new award with all that belongs to it. It reports false when the
// candidate has this attainment already.
func (a *recording) grant(ctx context.Context, w ledger.Award, results []string, actor string) (bool, error) {
	s, tx := a.s, a.tx
	list, index, err := s.takeStatusIndex(ctx, tx, w.Issuer, w.ID)
	if err != nil {
		return false, err
	}
	w.StatusList, w.StatusIndex = list, index
	inserted, err := tx.AddAward(ctx, w)
	if err != nil || !inserted {
		return false, err
	}
	if err := tx.AddAwardResults(ctx, w.ID, results); err != nil {
		return false, err
	}
	if err := s.queueMail(ctx, tx, w, firstMail(a.cat.Catalogue), 1, s.job(jobSign, w.ID)); err != nil {
		return false, err
	}
	if err := s.audit(ctx, tx, actor, "award.created", w.ID, w.Achievement); err != nil {
		return false, err
	}
	if a.fresh {
		return true, nil // nobody has an account for them yet
	}
	return true, s.acceptNew(ctx, tx, w)
}

func (s *Service) job(kind, subject string) ledger.Job {
	args, err := json.Marshal(subject)
	if err != nil {
		panic("issuer: a string always marshals: " + err.Error())
	}
	now := time.Now()
	return ledger.Job{
		ID: s.newOrderedID(), Kind: kind, Args: args, Unique: jobName(kind, subject),
		RunAt: now, MaxAttempts: maxAttempts, CreatedAt: now,
	}
}

// jobName is the unique name of the unfinished job of a kind about a subject.
func jobName(kind, subject string) string { return kind + ":" + subject }

// queueMail writes one mail of the given kind for the award's edition, the job
// that sends it, and whatever other jobs go with it.
func (s *Service) queueMail(ctx context.Context, tx *ledger.Tx, w ledger.Award, kind string, edition int, others ...ledger.Job) error {
	return s.queueNumbered(ctx, tx, w, kind, edition, 0, others...)
}

// queueNumbered is [Service.queueMail] for a mail that goes out several times:
// each number once. Where nobody knows an address, there is no mail.
func (s *Service) queueNumbered(ctx context.Context, tx *ledger.Tx, w ledger.Award, kind string, edition, number int, others ...ledger.Job) error {
	to, err := s.mailboxOf(ctx, tx, w)
	if err != nil {
		return err
	}
	if to == "" {
		return tx.AddJobs(ctx, others...)
	}
	id := s.newOrderedID()
	added, err := tx.AddMail(ctx, ledger.Mail{
		ID: id, Award: w.ID, Kind: kind, Edition: edition, Number: number, Recipient: to,
		MessageID: id + "@" + s.urls.mailDomain(), CreatedAt: s.Now(),
	})
	if err != nil {
		return err
	}
	if added {
		others = append(others, s.job(jobMail, id))
	}
	return tx.AddJobs(ctx, others...)
}

// mailboxOf is where mails about an award go: the address that it is tied to, else
// that of the account which has claimed it, or is known to be its candidate's; ""
// where there is none.
func (s *Service) mailboxOf(ctx context.Context, tx *ledger.Tx, w ledger.Award) (string, error) {
	if w.Address != "" || !w.ErasedAt.IsZero() {
		return w.Address, nil
	}
	account, err := accountOfAward(ctx, tx, w)
	if err != nil || account == "" {
		return "", err
	}
	a, err := accountIn(ctx, tx, account)
	if err != nil {
		return "", err
	}
	return a.Primary(), nil
}

// accountOfAward returns the id of the account that has claimed an award, else of
// the one that is known to be its candidate's, or "".
func accountOfAward(ctx context.Context, tx *ledger.Tx, w ledger.Award) (string, error) {
	if w.Account != "" {
		return w.Account, nil
	}
	account, err := tx.CandidateAccount(ctx, w.Candidate)
	if errors.Is(err, ledger.ErrNotFound) {
		return "", nil
	}
	return account, err
}

func (s *Service) audit(ctx context.Context, tx *ledger.Tx, actor, action, subject, detail string) error {
	return tx.AppendAudit(ctx, ledger.Audit{At: s.Now(), Actor: actor, Action: action, Subject: subject, Detail: detail})
}
