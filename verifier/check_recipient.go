package verifier

import (
	"crypto/sha256"
	"slices"
	"strings"

	"github.com/accolade-badges/accolade/openbadges"
	"github.com/accolade-badges/accolade/openbadges/strictjson"
)

// checkRecipient compares whom the caller named with whom the badge names: an
// id as it is, a name and plain addresses without regard to case and spaces,
// hashes as typed and lower-cased (Open Badges 3.0, section "Identity hash"). A
// badge for somebody else is invalid for this purpose; one that names nobody who
// could be compared leaves it undetermined.
func (b *badge) checkRecipient() {
	asked := strings.TrimSpace(b.v.options.Recipient)
	if asked == "" || b.depth > 0 {
		b.skip(CheckRecipient, CodeNotAsked, "Nobody asked to whom the badge was issued.")
		return
	}
	if b.notABadge() || b.report.Recipient == nil {
		b.skip(CheckRecipient, CodeNotApplicable, "There is no award here that could be somebody's.")
		return
	}
	if !b.mayAsk() {
		b.cannot(CheckRecipient, CodeRecipientGuessed, "Too many people were named for this badge within a short time. Ask again in a few minutes.", nil)
		return
	}
	compared, matched := b.matchRecipient(asked)
	switch {
	case matched:
		b.report.Recipient.Match = MatchYes
		b.pass(CheckRecipient, CodeRecipientMatches, "The badge was issued to the person you named.", nil)
	case compared:
		b.report.Recipient.Match = MatchNo
		b.fail(CheckRecipient, Invalid, CodeRecipientOther, "The badge was issued to somebody other than the person you named.", nil)
	default:
		b.report.Recipient.Match = MatchNo
		b.cannot(CheckRecipient, CodeRecipientUnnamed, "The badge names nobody in a way that could be compared with the person you named.", nil)
	}
}

// mayAsk tells whether one more person may be named for the badge.
func (b *badge) mayAsk() bool {
	if b.v.options.MayAsk == nil {
		return true
	}
	named := b.hashed()
	return named == "" || b.v.options.MayAsk(named)
}

// hashed stands for the hashes by which a badge names people, whatever else it says;
// "" where it names them in clear, or nobody.
func (b *badge) hashed() string {
	var all []string
	add := func(o openbadges.IdentityObject) {
		if o.Hashed {
			all = append(all, o.Salt+"\n"+o.IdentityHash)
		}
	}
	if b.old && b.assertion != nil {
		add(b.assertion.Recipient.Object())
	}
	if !b.old {
		for _, subject := range b.current().Get("credentialSubject").List() {
			for _, i := range subject.Get("identifier").List() {
				add(identityObject(&i))
			}
		}
	}
	if all == nil {
		return ""
	}
	slices.Sort(all)
	sum := sha256.Sum256([]byte(strings.Join(all, "\n")))
	return string(sum[:])
}

// matchRecipient tells whether anything could be compared, and whether it
// matched.
func (b *badge) matchRecipient(asked string) (compared, matched bool) {
	if b.old {
		if b.assertion == nil || b.assertion.Recipient.Identity == "" {
			return false, false
		}
		o := b.assertion.Recipient.Object()
		return true, openbadges.MatchIdentity(o, asked) || openbadges.MatchIdentity(o, strings.TrimPrefix(asked, "mailto:"))
	}
	asked = strings.TrimPrefix(asked, "mailto:")
	for _, subject := range b.current().Get("credentialSubject").List() {
		if id := subject.Get("id").Str(); id != "" {
			if id == asked || strings.EqualFold(id, "mailto:"+asked) {
				return true, true
			}
			compared = compared || absolute(asked) && !strings.Contains(asked, "@")
		}
		for _, i := range subject.Get("identifier").List() {
			kind, address := i.Get("identityType").Str(), strings.Contains(asked, "@")
			if kind == "name" && address || (kind == "emailAddress" || kind == "email") && !address {
				continue
			}
			compared = true
			if openbadges.MatchIdentity(identityObject(&i), asked) || kind == "name" && foldName(i.Get("identityHash").Str()) == foldName(asked) {
				return true, true
			}
		}
		if name := text(subject.Get("name")); name != "" && !strings.Contains(asked, "@") && !absolute(asked) {
			compared = true
			if foldName(name) == foldName(asked) {
				return true, true
			}
		}
	}
	return compared, false
}

func identityObject(i *strictjson.Value) openbadges.IdentityObject {
	o := openbadges.IdentityObject{
		Type: "IdentityObject", Hashed: i.Get("hashed").True(), IdentityHash: i.Get("identityHash").Str(),
		IdentityType: i.Get("identityType").Str(), Salt: i.Get("salt").Str(),
	}
	if o.IdentityType == "email" {
		o.IdentityType = "emailAddress"
	}
	return o
}

// foldName compares names without regard to case and the number of spaces.
func foldName(s string) string { return strings.ToLower(strings.Join(strings.Fields(s), " ")) }
