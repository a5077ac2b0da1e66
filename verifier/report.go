package verifier

import "time"

// Verdict is the one word that a report comes down to.
type Verdict string

// The verdicts, in the order in which the first that holds is given.
const (
	Invalid      Verdict = "invalid"       // forged, altered, malformed, for somebody else, or not a badge
	Revoked      Verdict = "revoked"       // taken back by its issuer
	Suspended    Verdict = "suspended"     // set aside by its issuer for now
	NotYetValid  Verdict = "not_yet_valid" // begins later
	Expired      Verdict = "expired"       // has ended
	Undetermined Verdict = "undetermined"  // something essential could not be checked
	Valid        Verdict = "valid"         // everything essential passed, in force now
)

// Outcome is what became of one check.
type Outcome string

// The outcomes of a check.
const (
	Passed        Outcome = "passed"
	Failed        Outcome = "failed"
	Unchecked     Outcome = "unchecked"
	NotApplicable Outcome = "not_applicable"
)

// The ids of the checks, in the order in which they run and are reported. An
// input that is no credential at all stops after the first two; everything else
// gets all of them, also after a failure.
const (
	CheckIntake       = "intake"       // the input was recognised and a badge taken out of it
	CheckStructure    = "structure"    // shape, contexts and schema of its version
	CheckProof        = "proof"        // mathematics and rules of every signature
	CheckIssuer       = "issuer"       // the key belongs to the named issuer
	CheckHosted       = "hosted"       // OB 0.5-2.0: its own copy at its own address, in the issuer's scope
	CheckRefresh      = "refresh"      // the issuer's refresh service was asked, once
	CheckSupersession = "supersession" // whether a newer edition replaces this one
	CheckDates        = "dates"        // begun and not ended
	CheckStatus       = "status"       // not revoked, not suspended
	CheckRecipient    = "recipient"    // issued to whom the caller named
	CheckEndorsements = "endorsements" // each embedded endorsement by the same steps
	CheckContents     = "contents"     // each credential inside a CLR or presentation
	CheckTrust        = "trust"        // whether the operator knows the issuer; never changes the verdict
)

// Binding says how sure it is that the named issuer signed.
type Binding string

// The bindings of a key to an issuer.
const (
	Confirmed    Binding = "confirmed"    // the issuer's own document names the key, for assertions
	Unconfirmed  Binding = "unconfirmed"  // the signature may hold, but nothing ties its key to the issuer
	Contradicted Binding = "contradicted" // the key is somebody else's
)

// Match answers whether a badge was issued to the person the caller named.
type Match string

// The answers to Options.Recipient.
const (
	MatchYes      Match = "yes"
	MatchNo       Match = "no"
	MatchNotAsked Match = "not_asked"
)

// Report is all that a verification found out. Its JSON form is a public
// interface that is only ever added to.
type Report struct {
	Verdict Verdict `json:"verdict"`
	Summary string  `json:"summary"` // one sentence for a person, in English
	// Version of Open Badges or CLR ("3.0", "2.0", "1.1", "1.0", "0.5", "CLR 2.0");
	// empty when no credential was found.
	Version string `json:"version"`
	// Format of the input: json, jwt, jws, png, svg, pdf, html, text.
	Format string `json:"format"`
	// Kind of what was found: assertion, credential, endorsement, clr,
	// presentation, badge_class, profile, status_list, …
	Kind      string    `json:"kind,omitempty"`
	CheckedAt time.Time `json:"checkedAt"` // UTC, whole seconds
	// At is the moment for which dates were judged, when the caller named one.
	At          time.Time    `json:"at,omitzero"`
	ID          string       `json:"id,omitempty"` // of the credential
	Name        string       `json:"name,omitempty"`
	Issuer      *Issuer      `json:"issuer,omitempty"`
	Achievement *Achievement `json:"achievement,omitempty"`
	Recipient   *Recipient   `json:"recipient,omitempty"`
	Endorses    *Endorsed    `json:"endorses,omitempty"` // of an endorsement
	ValidFrom   time.Time    `json:"validFrom,omitzero"`
	ValidUntil  time.Time    `json:"validUntil,omitzero"`
	AwardedDate time.Time    `json:"awardedDate,omitzero"`
	Checks      []Check      `json:"checks"`
	// Contains are the reports on the credentials inside a CLR or presentation.
	Contains []*Report `json:"contains,omitempty"`
	// Endorsements are the reports on embedded endorsements, whatever they came to.
	Endorsements []*Report `json:"endorsements,omitempty"`
	Source       *Source   `json:"source,omitempty"`

	// Credential is the credential that was judged, as JSON; for a token its
	// payload. Nil when none was found.
	Credential []byte `json:"-"`
	// Token is the compact JWS that was judged, when it was one.
	Token string `json:"-"`
}

// Source tells what was put in, so that a report can be tied to it.
type Source struct {
	Name   string `json:"name,omitempty"`
	URL    string `json:"url,omitempty"` // where it was fetched, when it was
	SHA256 string `json:"sha256,omitempty"`
	Bytes  int    `json:"bytes"`
}

// Issuer is who signed, or is said to have signed: Binding tells which.
type Issuer struct {
	ID      string  `json:"id"`
	Name    string  `json:"name,omitempty"`
	URL     string  `json:"url,omitempty"`
	Binding Binding `json:"binding"`
	// Trusted tells whether the issuer is on the operator's list; nil when there
	// is no list. It never changes the verdict.
	Trusted *bool `json:"trusted"`
}

// Achievement is what was achieved, as signed.
type Achievement struct {
	ID          string `json:"id,omitempty"`
	Name        string `json:"name,omitempty"`
	Description string `json:"description,omitempty"`
	Type        string `json:"achievementType,omitempty"`
	Code        string `json:"humanCode,omitempty"`
	Version     string `json:"version,omitempty"`
	Criteria    string `json:"criteria,omitempty"` // Markdown
	CriteriaURL string `json:"criteriaUrl,omitempty"`
	Image       string `json:"image,omitempty"` // never fetched for a verdict
}

// Endorsed is what an endorsement recommends, and in which words, as signed.
type Endorsed struct {
	ID      string `json:"id,omitempty"`      // of a badge, an achievement or an issuer
	Comment string `json:"comment,omitempty"` // Markdown
}

// Recipient is to whom it was issued, as signed.
type Recipient struct {
	ID     string `json:"id,omitempty"`
	Name   string `json:"name,omitempty"`   // where it is there in clear
	Email  string `json:"email,omitempty"`  // where it is there in clear
	Hashed bool   `json:"hashed,omitempty"` // an address is there as a hash
	Match  Match  `json:"match"`
}

// Check is one line of a report.
type Check struct {
	ID      string  `json:"id"`
	Outcome Outcome `json:"outcome"`
	// Code is stable and for programs: see codes.go for the list.
	Code     string         `json:"code"`
	Message  string         `json:"message"` // one sentence for a person
	Evidence map[string]any `json:"evidence,omitempty"`
}

// Check returns the line with the given id, or nil.
func (r *Report) Check(id string) *Check {
	for i := range r.Checks {
		if r.Checks[i].ID == id {
			return &r.Checks[i]
		}
	}
	return nil
}

// OK tells whether the verdict is valid.
func (r *Report) OK() bool { return r.Verdict == Valid }

// ExitStatus is what a command that made this report exits with: 0 valid,
// 2 undetermined, 1 everything else.
func (r *Report) ExitStatus() int {
	switch r.Verdict {
	case Valid:
		return 0
	case Undetermined:
		return 2
	}
	return 1
}
