package verifier

import (
	"fmt"

	"github.com/accolade-badges/accolade/openbadges"
	"github.com/accolade-badges/accolade/openbadges/strictjson"
)

// maxEndorsements bounds how many embedded endorsements are judged.
const maxEndorsements = 16

// checkEndorsements takes each embedded endorsement through the same steps. What
// others say of a badge never changes its own verdict.
func (b *badge) checkEndorsements() {
	found := b.embeddedEndorsements()
	if len(found) == 0 {
		b.skip(CheckEndorsements, CodeNone, "The badge carries no endorsements.")
		return
	}
	left := 0
	if len(found) > maxEndorsements {
		found, left = found[:maxEndorsements], len(found)-maxEndorsements
	}
	count := make(map[Verdict]int)
	for i := range found {
		r := b.embedded(&found[i])
		b.report.Endorsements = append(b.report.Endorsements, r)
		count[r.Verdict]++
	}
	e := evidence{"verdicts": verdicts(count)}
	if left > 0 {
		e["left"] = left
	}
	switch bad := count[Invalid] + count[Revoked] + count[Suspended] + count[Expired] + count[NotYetValid]; {
	case bad > 0:
		b.line(CheckEndorsements, Failed, CodeEndorsementsBad, fmt.Sprintf("%d of %d endorsements do not hold; the badge itself is judged without them.", bad, len(found)), e)
	case count[Undetermined] > 0 || left > 0:
		b.line(CheckEndorsements, Unchecked, CodeEndorsementsUnknown, fmt.Sprintf("%d of %d endorsements could not be checked; the badge itself is judged without them.", count[Undetermined]+left, len(found)+left), e)
	default:
		b.pass(CheckEndorsements, CodeEndorsementsHold, fmt.Sprintf("All endorsements hold (%d).", len(found)), e)
	}
}

// embeddedEndorsements are those on the credential, its issuer and its
// achievement, as objects and as tokens.
func (b *badge) embeddedEndorsements() []strictjson.Value {
	if b.old || b.doc.Kind == openbadges.KindPresentation {
		return nil
	}
	c := b.json
	places := []*strictjson.Value{c, c.Get("issuer")}
	for _, subject := range c.Get("credentialSubject").List() {
		for _, a := range subject.Get("achievement").List() {
			places = append(places, &a)
		}
	}
	var found []strictjson.Value
	for _, place := range places {
		if place.Is(strictjson.Object) {
			found = append(found, place.Get("endorsement").List()...)
			found = append(found, place.Get("endorsementJwt").List()...)
		}
	}
	return found
}
