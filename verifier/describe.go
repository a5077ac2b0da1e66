package verifier

import (
	"strings"
	"time"

	"github.com/accolade-badges/accolade/openbadges"
	"github.com/accolade-badges/accolade/openbadges/strictjson"
)

// describe fills in what the badge says of itself. It is what was signed, or
// what its issuer hosts; the checks tell whether to believe it.
func (b *badge) describe() {
	r := b.report
	r.Kind = kindNames[b.doc.Kind]
	r.Version, _, _ = strings.Cut(string(b.doc.Version), " (")
	r.Credential = b.doc.Raw
	r.Token = b.text
	switch {
	case b.old:
		b.describeOld()
	case b.doc.Version.Verifiable():
		b.describeCredential(b.json)
	default:
		r.ID, r.Name = clean(b.json.Get("id").Str()), clean(text(b.json.Get("name")))
	}
}

// kindNames are the kinds as the report spells them.
var kindNames = map[openbadges.Kind]string{
	openbadges.KindAssertion: "assertion", openbadges.KindBadgeClass: "badge_class", openbadges.KindProfile: "profile",
	openbadges.KindKey: "key", openbadges.KindRevocationList: "revocation_list", openbadges.KindEndorsement: "endorsement",
	openbadges.KindCredential: "credential", openbadges.KindAchievement: "achievement", openbadges.KindCLR: "clr",
	openbadges.KindPresentation: "presentation", openbadges.KindStatusList: "status_list",
	openbadges.KindEdTechRevocations: "revocation_list", openbadges.KindPlain: "other_credential",
}

func (b *badge) describeCredential(c *strictjson.Value) {
	r := b.report
	r.ID, r.Name = clean(c.Get("id").Str()), clean(text(c.Get("name")))
	if issuer := c.Get("issuer"); issuer != nil {
		r.Issuer = &Issuer{ID: clean(issuerID(c)), Name: clean(text(issuer.Get("name"))), URL: clean(issuer.Get("url").Str()), Binding: Unconfirmed}
	} else if holder := c.Get("holder"); holder != nil {
		r.Issuer = &Issuer{ID: clean(issuerID(c)), Binding: Unconfirmed}
	}
	r.ValidFrom, r.ValidUntil = validity(c)
	r.AwardedDate, _ = parseTime(c.Get("awardedDate").Str())
	subjects := c.Get("credentialSubject").List()
	if len(subjects) == 0 {
		return
	}
	subject := &subjects[0]
	if b.doc.Kind == openbadges.KindEndorsement {
		r.Endorses = endorsed(subject)
	}
	r.Recipient = &Recipient{ID: clean(subject.Get("id").Str()), Match: MatchNotAsked}
	for _, i := range subject.Get("identifier").List() {
		b.describeIdentity(&i)
	}
	if r.Recipient.Name == "" {
		r.Recipient.Name = clean(text(subject.Get("name")))
	}
	achievements := subject.Get("achievement").List()
	if len(achievements) == 0 {
		return
	}
	a := &achievements[0]
	r.Achievement = &Achievement{
		ID: clean(a.Get("id").Str()), Name: clean(text(a.Get("name"))), Description: cleanText(text(a.Get("description"))),
		Type: clean(a.Get("achievementType").Str()), Code: clean(a.Get("humanCode").Str()), Version: clean(a.Get("version").Str()),
		Criteria: cleanText(text(a.Get("criteria").Get("narrative"))), CriteriaURL: clean(a.Get("criteria").Get("id").Str()),
		Image: clean(firstOf(a.Get("image").Get("id").Str(), a.Get("image").Str())),
	}
}

func (b *badge) describeIdentity(i *strictjson.Value) {
	to := b.report.Recipient
	plain, hashed := i.Get("identityHash").Str(), i.Get("hashed").True()
	switch kind := i.Get("identityType").Str(); {
	case hashed:
		to.Hashed = true
	case kind == "name" && to.Name == "":
		to.Name = clean(plain)
	case (kind == "emailAddress" || kind == "email") && to.Email == "":
		to.Email = clean(plain)
	}
}

// endorsed is what an endorsement speaks of: its credentialSubject, before 3.0
// its claim.
func endorsed(v *strictjson.Value) *Endorsed {
	if !v.Is(strictjson.Object) {
		return nil
	}
	return &Endorsed{ID: clean(v.Get("id").Str()), Comment: cleanText(text(v.Get("endorsementComment")))}
}

func (b *badge) describeOld() {
	r := b.report
	if isStatement(b.doc) {
		r.ID = clean(b.said.id)
		r.ValidFrom, _ = b.said.from.Time()
		r.ValidUntil, _ = b.said.until.Time()
	} else {
		r.ID = clean(b.json.Get("id").Str())
	}
	if b.doc.Kind == openbadges.KindEndorsement {
		r.Endorses = endorsed(b.json.Get("claim"))
	}
	if a := b.assertion; a != nil {
		r.AwardedDate = r.ValidFrom
		r.Recipient = &Recipient{Hashed: a.Recipient.Hashed, Match: MatchNotAsked}
		if !a.Recipient.Hashed {
			r.Recipient.Email = clean(a.Recipient.Identity)
		}
	}
	if c := b.class.view; c != nil {
		r.Achievement = &Achievement{ID: clean(b.class.id), Name: clean(c.Name), Description: cleanText(c.Description), Version: clean(c.Version)}
		r.Name = r.Achievement.Name
		if c.Criteria != nil {
			r.Achievement.Criteria, r.Achievement.CriteriaURL = cleanText(c.Criteria.Narrative), clean(c.Criteria.ID)
		}
		if c.Image != nil && len(c.Image.ID) < 4096 {
			r.Achievement.Image = clean(c.Image.ID)
		}
	}
	if p := b.profile.view; p != nil {
		r.Issuer = &Issuer{ID: clean(b.profile.id), Name: clean(p.Name), URL: clean(p.URL), Binding: Unconfirmed}
	} else if b.profile.id != "" {
		r.Issuer = &Issuer{ID: clean(b.profile.id), Binding: Unconfirmed}
	}
}

// issuerID is the id of the issuer of a credential, or of a presentation's
// holder.
func issuerID(c *strictjson.Value) string {
	for _, name := range []string{"issuer", "holder"} {
		if who := c.Get(name); who != nil {
			return firstOf(who.Get("id").Str(), who.Str())
		}
	}
	return ""
}

// validity is the time in which a credential says it holds; validUntil is zero
// when it does not end. The names of VC 1.1 are read too.
func validity(c *strictjson.Value) (from, until time.Time) {
	from, _ = parseTime(firstOf(c.Get("validFrom").Str(), c.Get("issuanceDate").Str()))
	until, _ = parseTime(firstOf(c.Get("validUntil").Str(), c.Get("expirationDate").Str()))
	return from, until
}

// parseTime reads an xsd:dateTimeStamp.
func parseTime(s string) (time.Time, error) {
	t, err := openbadges.DateTime(s).Time()
	return t.UTC(), err
}

// text is a string, or the first value of a language map or value object.
func text(v *strictjson.Value) string {
	switch {
	case v.Is(strictjson.Object):
		if s := v.Get("@value").Str(); s != "" {
			return s
		}
		for _, m := range v.Members() {
			if s := m.Value.Str(); s != "" && m.Name != "@language" && m.Name != "@direction" {
				return s
			}
		}
	case v.Is(strictjson.Array):
		if items := v.Items(); len(items) > 0 {
			return text(&items[0])
		}
	}
	return v.Str()
}

func firstOf(list ...string) string {
	for _, s := range list {
		if s != "" {
			return s
		}
	}
	return ""
}

// maxShown bounds one line of foreign text in a report, in bytes.
const maxShown = 1000

// clean makes foreign text fit for one line: no control or direction-changing
// characters, bounded.
func clean(s string) string { return strip(s, maxShown, false) }

// cleanText does so for a longer text, whose line breaks stay.
func cleanText(s string) string { return strip(s, 20*maxShown, true) }

func strip(s string, limit int, lines bool) string {
	if plain(s, limit) {
		return s
	}
	if len(s) > limit {
		s = strings.ToValidUTF8(s[:limit], "") + "…"
	}
	return strings.Map(func(r rune) rune {
		switch {
		case lines && (r == '\n' || r == '\t'):
			return r
		case r < 0x20, r >= 0x7f && r < 0xa0, r == 0x2028, r == 0x2029:
			return ' '
		case r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069, r == 0x200e, r == 0x200f, r == 0xfeff:
			return -1
		}
		return r
	}, s)
}

// plain tells whether s is short ASCII without control characters, which needs
// no cleaning.
func plain(s string, limit int) bool {
	if len(s) > limit {
		return false
	}
	for i := range len(s) {
		if s[i] < 0x20 || s[i] >= 0x7f {
			return false
		}
	}
	return true
}

// printable is foreign text inside a sentence.
func printable(s string) string { return strip(s, 200, false) }
