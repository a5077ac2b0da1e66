package verifier

import (
	"fmt"
	"strings"

	"github.com/accolade-badges/accolade/openbadges"
	"github.com/accolade-badges/accolade/openbadges/strictjson"
)

// checkContents takes each credential inside a CLR or presentation through the
// same steps (CLR 2.0, "ClrSubject"; VC Data Model 2.0, section 4.13). A
// presentation is as good as the worst credential in it; a CLR stands for itself,
// but one that carries what is no genuine badge is not called valid.
func (b *badge) checkContents() {
	found, container := b.contents()
	if !container {
		b.skip(CheckContents, CodeNotApplicable, "There are no other credentials inside.")
		return
	}
	if len(found) == 0 {
		if b.doc.Kind == openbadges.KindPresentation && b.v.options.Profile != W3C {
			b.fail(CheckContents, Invalid, CodeEmpty, "There is no badge inside.", nil)
			return
		}
		b.line(CheckContents, Passed, CodeEmpty, "There are no credentials inside.", nil)
		return
	}
	count, worst := make(map[Verdict]int), Valid
	for i := range found {
		r := b.embedded(&found[i])
		b.report.Contains = append(b.report.Contains, r)
		count[r.Verdict]++
		worst = worse(worst, r.Verdict)
	}
	e := evidence{"verdicts": verdicts(count)}
	if b.doc.Kind == openbadges.KindPresentation {
		b.effect(worst)
	} else if count[Invalid] > 0 {
		b.effect(Undetermined)
	}
	switch {
	case worst == Valid:
		b.pass(CheckContents, CodeContentsHold, fmt.Sprintf("All badges inside are valid (%d).", len(found)), e)
	case worst == Undetermined:
		b.line(CheckContents, Unchecked, CodeContentsUnknown, fmt.Sprintf("%d of %d badges inside could not be checked.", count[Undetermined], len(found)), e)
	default:
		b.line(CheckContents, Failed, CodeContentsBad, fmt.Sprintf("%d of %d badges inside %s.", count[worst], len(found), insideWords[worst]), e)
	}
}

// insideWords say what is wrong with badges inside, after their number.
var insideWords = map[Verdict]string{
	Invalid: "are not genuine", Revoked: "were revoked", Suspended: "are suspended", NotYetValid: "do not hold yet", Expired: "have expired",
}

// contents are the credentials inside a CLR or presentation.
func (b *badge) contents() (found []strictjson.Value, container bool) {
	switch {
	case b.old:
		return nil, false
	case b.doc.Kind == openbadges.KindCLR:
		for _, subject := range b.json.Get("credentialSubject").List() {
			found = append(found, subject.Get("verifiableCredential").List()...)
		}
		return found, true
	case b.doc.Kind == openbadges.KindPresentation:
		return b.json.Get("verifiableCredential").List(), true
	}
	return nil, false
}

// embedded judges a credential inside this one.
func (b *badge) embedded(v *strictjson.Value) *Report {
	inner := &badge{v: b.v, report: b.v.newReport(), depth: b.depth + 1, byHolder: b.selfAsserted(v)}
	if inner.depth > maxDepth || b.v.exhausted() {
		inner.report.Format = formatJSON
		inner.cannot(CheckIntake, CodeBudget, "There was too much inside to look at all of it.", nil)
	} else if inner.take(v) {
		inner.judge()
	} else {
		inner.nothing()
	}
	inner.conclude()
	return inner.report
}

// take makes an embedded value the badge: an object, or a token in a string.
func (b *badge) take(v *strictjson.Value) bool {
	if v.Is(strictjson.String) {
		return b.open([]byte(strings.TrimSpace(v.Str())), "")
	}
	b.report.Format = formatJSON
	if !v.Is(strictjson.Object) {
		b.fail(CheckIntake, Invalid, CodeNotABadge, "What stands in the place of a credential is none.", nil)
		return false
	}
	doc := openbadges.FromTree(v)
	if doc.Kind == openbadges.KindUnknown && v.Get("type").Contains(openbadges.TypeOB2Endorsement) {
		// Inside a document of 2.0 an endorsement needs no @context of its own.
		doc.Version, doc.Kind = openbadges.OB20, openbadges.KindEndorsement
	}
	return b.openTree(doc)
}

var verdictOrder = [...]Verdict{Invalid, Revoked, Suspended, NotYetValid, Expired, Undetermined, Valid}

// worse returns the one of two verdicts that is given first.
func worse(a, b Verdict) Verdict {
	for _, v := range verdictOrder {
		if a == v || b == v {
			return v
		}
	}
	return b
}

func verdicts(count map[Verdict]int) evidence {
	e := make(evidence, len(count))
	for v, n := range count {
		e[string(v)] = n
	}
	return e
}
