package verifier

import (
	"fmt"
	"slices"

	"github.com/accolade-badges/accolade/openbadges"
	"github.com/accolade-badges/accolade/openbadges/strictjson"
)

// maxEndorsements bounds how many embedded endorsements are judged.
const maxEndorsements = 16

// checkEndorsements takes each embedded endorsement through the same steps, and
// asks whether it is about this badge at all. What others say of a badge never
// changes its own verdict.
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
	endorsable := b.endorsable()
	count, another := make(map[Verdict]int), 0
	for i := range found {
		r := b.endorsement(&found[i])
		b.report.Endorsements = append(b.report.Endorsements, r)
		count[r.Verdict]++
		if r.Verdict == Valid && (r.Endorses == nil || !slices.Contains(endorsable, r.Endorses.ID)) {
			another++
		}
	}
	e := evidence{"verdicts": verdicts(count)}
	if another > 0 {
		e["ofAnother"] = another
	}
	if left > 0 {
		e["left"] = left
	}
	switch bad := len(found) - count[Valid] - count[Undetermined]; {
	case bad > 0:
		b.line(CheckEndorsements, Failed, CodeEndorsementsBad, fmt.Sprintf("%d of %d endorsements do not hold; the badge itself is judged without them.", bad, len(found)), e)
	case another > 0:
		b.line(CheckEndorsements, Failed, CodeEndorsementsOther, fmt.Sprintf("%d of %d endorsements are not about this badge, its achievement or its issuer; the badge itself is judged without them.", another, len(found)), e)
	case count[Undetermined] > 0 || left > 0:
		b.line(CheckEndorsements, Unchecked, CodeEndorsementsUnknown, fmt.Sprintf("%d of %d endorsements could not be checked; the badge itself is judged without them.", count[Undetermined]+left, len(found)+left), e)
	default:
		b.pass(CheckEndorsements, CodeEndorsementsHold, fmt.Sprintf("All endorsements hold (%d).", len(found)), e)
	}
}

// endorsement judges one embedded endorsement. One of which there is only the
// address, the usual form before 3.0, is a link, and links are not followed to
// judge a badge.
func (b *badge) endorsement(v *strictjson.Value) *Report {
	if address := v.Str(); isWeb(address) {
		named := &badge{v: b.v, report: b.v.newReport(), depth: b.depth + 1}
		named.report.Kind, named.report.Format, named.report.ID = kindNames[openbadges.KindEndorsement], formatURL, clean(address)
		named.cannot(CheckIntake, CodeEndorsementNamed, "Of this endorsement only the address is here, and links are not followed to judge a badge; to have it checked, give its own address.", evidence{"url": clean(address)})
		named.nothing()
		named.conclude()
		return named.report
	}
	return b.embedded(v)
}

// embeddedEndorsements are those on the credential, its issuer, its achievement
// and who made that, before 3.0 on the assertion, its badge class and its issuer;
// as objects, as tokens and as addresses.
func (b *badge) embeddedEndorsements() []strictjson.Value {
	if b.doc.Kind == openbadges.KindPresentation {
		return nil
	}
	var found []strictjson.Value
	for _, place := range b.endorsablePlaces() {
		found = append(found, place.Get("endorsement").List()...)
		found = append(found, place.Get("endorsementJwt").List()...)
	}
	return found
}

// endorsablePlaces are the parts of a badge that may be endorsed.
func (b *badge) endorsablePlaces() []*strictjson.Value {
	c := b.json
	if b.old {
		return b.endorsableOld()
	}
	places := []*strictjson.Value{c, c.Get("issuer")}
	subjects := c.Get("credentialSubject").List()
	for i := range subjects {
		achievements := subjects[i].Get("achievement").List()
		for j := range achievements {
			places = append(places, &achievements[j], achievements[j].Get("creator"))
		}
	}
	return slices.DeleteFunc(places, func(v *strictjson.Value) bool { return !v.Is(strictjson.Object) })
}

// endorsableOld are those of a badge before 3.0, which may be documents of their
// own. Of an endorsement only itself is looked at: whoever endorses may be endorsed
// by somebody else, without end.
func (b *badge) endorsableOld() []*strictjson.Value {
	if b.depth > 0 {
		return []*strictjson.Value{b.json}
	}
	class := b.json.Get("badge")
	if b.class.doc != nil {
		class = b.class.doc.JSON
	}
	issuer := class.Get("issuer")
	if b.profile.doc != nil {
		issuer = b.profile.doc.JSON
	}
	return slices.DeleteFunc([]*strictjson.Value{b.json, class, issuer}, func(v *strictjson.Value) bool { return !v.Is(strictjson.Object) })
}

// endorsable lists the ids that an endorsement of this badge may name: those of
// its parts and of whom it was issued to.
func (b *badge) endorsable() []string {
	ids := []string{b.class.id, b.profile.id, b.said.id}
	for _, place := range b.endorsablePlaces() {
		ids = append(ids, clean(place.Get("id").Str()))
	}
	subjects := b.json.Get("credentialSubject").List()
	for i := range subjects {
		ids = append(ids, clean(subjects[i].Get("id").Str()))
	}
	return slices.DeleteFunc(append(ids, issuerID(b.json)), func(id string) bool { return id == "" })
}
