package verifier

import (
	"github.com/accolade-badges/accolade/openbadges"
	"github.com/accolade-badges/accolade/openbadges/proof"
	"github.com/accolade-badges/accolade/openbadges/strictjson"
)

// badge is one credential under judgement. Each check reads what the ones
// before it found out, and adds one line to the report.
type badge struct {
	v      *verification
	report *Report
	depth  int // 0 for the input itself

	from     string // where it was fetched; empty for bytes
	fromPage bool   // from was found through a page

	text      string               // the compact form, when it came as a token
	token     *proof.JWT           // OB 3.0 and W3C tokens
	enveloped bool                 // the token stands in an envelope of VC Data Model 2.0
	jws       *proof.JWS           // OB 1.x and 2.0 tokens
	doc       *openbadges.Document // what is judged, as JSON
	json      *strictjson.Value    // its tree
	old       bool                 // OB 0.5 to 2.0

	signatures []signature       // of check proof, judged again by check issuer
	newer      *strictjson.Value // the newest edition, when the refresh service has one

	// Of OB 0.5 to 2.0:
	said      statement
	assertion *openbadges.OB2Assertion // nil for an endorsement
	inHand    *openbadges.Document     // what was put in, when a hosted copy took its place
	hosted    *hostedCopy
	class     linked[openbadges.OB2BadgeClass]
	profile   linked[openbadges.OB2Profile]

	inner    bool     // a status list, which is no badge but judged like one
	byHolder bool     // secured by the presentation around it, see selfAsserted
	picture  evidence // what intake says of the picture
	hops     int      // addresses followed so far

	effects map[Verdict]bool
}

// checks run in this order, each once, also after a failure.
// Intake comes before them, and structure first, because they make what the
// others judge.
func checks() [12]namedCheck {
	return [...]namedCheck{
		{CheckStructure, (*badge).checkStructure},
		{CheckProof, (*badge).checkProof},
		{CheckIssuer, (*badge).checkIssuer},
		{CheckHosted, (*badge).checkHosted},
		{CheckRefresh, (*badge).checkRefresh},
		{CheckSupersession, (*badge).checkSupersession},
		{CheckDates, (*badge).checkDates},
		{CheckStatus, (*badge).checkStatus},
		{CheckRecipient, (*badge).checkRecipient},
		{CheckEndorsements, (*badge).checkEndorsements},
		{CheckContents, (*badge).checkContents},
		{CheckTrust, (*badge).checkTrust},
	}
}

type namedCheck struct {
	id  string
	run func(*badge)
}

func (b *badge) judge() {
	b.v.judged++
	b.load()
	b.describe()
	for _, check := range checks() {
		check.run(b)
	}
}

// nothing completes the report of an input in which there is no badge to judge.
func (b *badge) nothing() {
	for _, check := range checks() {
		if b.report.Check(check.id) == nil {
			b.skip(check.id, CodeNoBadge, "There was no badge to check.")
		}
	}
}

// conclude gives the first verdict that holds, and the sentence.
func (b *badge) conclude() {
	if !b.vouched() {
		b.effect(Undetermined)
	}
	b.report.Verdict = Valid
	for _, v := range [...]Verdict{Invalid, Revoked, Suspended, NotYetValid, Expired, Undetermined} {
		if b.effects[v] {
			b.report.Verdict = v
			break
		}
	}
	b.report.Summary = b.summary()
}

// vouched tells whether anybody stands for the badge: the confirmed issuer by a
// signature or by hosting it, or, for a presentation that nobody signed, the
// badges in it. Whatever the checks leave open, nothing is valid without.
func (b *badge) vouched() bool {
	passed := func(id string) bool {
		c := b.report.Check(id)
		return c != nil && c.Outcome == Passed
	}
	if b.kind() == openbadges.KindPresentation && len(b.signatures) == 0 {
		return passed(CheckContents)
	}
	return b.report.Issuer != nil && b.report.Issuer.Binding == Confirmed && (passed(CheckProof) || passed(CheckHosted))
}

// current is the edition that is in force: the refreshed one, or the one in hand.
func (b *badge) current() *strictjson.Value {
	if b.newer != nil {
		return b.newer
	}
	return b.json
}

type evidence = map[string]any

func (b *badge) line(id string, outcome Outcome, code, message string, e evidence) {
	b.report.Checks = append(b.report.Checks, Check{id, outcome, code, message, e})
}

func (b *badge) pass(id, code, message string, e evidence) { b.line(id, Passed, code, message, e) }

func (b *badge) skip(id, code, message string) { b.line(id, NotApplicable, code, message, nil) }

// fail adds a failure that makes the verdict effect, or something earlier in
// the order of verdicts.
func (b *badge) fail(id string, effect Verdict, code, message string, e evidence) {
	b.effect(effect)
	b.line(id, Failed, code, message, e)
}

// cannot adds something essential that could not be checked.
func (b *badge) cannot(id, code, message string, e evidence) {
	b.effect(Undetermined)
	b.line(id, Unchecked, code, message, e)
}

func (b *badge) effect(v Verdict) {
	if b.effects == nil {
		b.effects = make(map[Verdict]bool, 2)
	}
	b.effects[v] = true
}
