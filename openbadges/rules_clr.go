package openbadges

import (
	"strconv"
	"strings"

	"github.com/accolade-badges/accolade/openbadges/strictjson"
)

// learnerRecords adds Comprehensive Learner Records. The one published schema
// is that of VC Data Model 1.1; on 2.0 the record follows the rules of a badge
// there.
func (d dataModel) learnerRecords(classes map[string]*class) {
	badge := classes["AchievementCredential"]
	members := without(badge.members, "@context", "type", "name", "credentialSubject", "evidence")
	contexts := d.contexts
	if !d.one {
		contexts = contextsCLR
	}
	classes["ClrCredential"] = &class{section: "ClrCredential", extra: d.envelopeExtra, members: append(members,
		memberRule{"@context", contexts, required},
		memberRule{"type", d.types(TypeVerifiableCredential, TypeClrCredential), required},
		memberRule{"name", text, required},
		memberRule{"partial", boolean, optional},
		memberRule{"credentialSubject", one("ClrSubject"), required})}
	classes["ClrSubject"] = &class{section: "ClrSubject", members: []memberRule{
		{"id", address(Warning), optional},
		{"type", d.types("ClrSubject"), required},
		{"identifier", list(one("IdentityObject")), optional},
		{"achievement", list(one("Achievement")), optional},
		{"verifiableCredential", atLeastOne(list(one("VerifiableCredential"))), required},
		{"association", list(one("Association")), optional},
	}}
	classes["Association"] = &class{section: "Association", closed: true, members: []memberRule{
		{"type", typeWord, required},
		{"associationType", word(Warning, "exactMatchOf", "isChildOf", "isParentOf", "isPartOf", "isPeerOf", "isRelatedTo", "precedes", "replacedBy"), required},
		{"sourceId", text, required},
		{"targetId", text, required},
	}}
	embedded := []memberRule{
		{"@context", embeddedContexts, required},
		{"id", text, optional},
		{"type", d.types(TypeVerifiableCredential), required},
		{"issuer", profileOr, required},
		{d.from, moment, required},
		{d.until, moment, optional},
		{"credentialSubject", one("CredentialSubject"), required},
		{"proof", d.proof, optional},
		{"credentialSchema", list(one("CredentialSchema")), optional},
		{"credentialStatus", single("CredentialStatus"), optional},
		{"refreshService", single("RefreshService"), optional},
	}
	classes["VerifiableCredential"] = &class{section: "VerifiableCredential", members: embedded}
	classes["CredentialSubject"] = &class{section: "CredentialSubject", members: []memberRule{{"id", text, optional}}}
}

func atLeastOne(r rule) rule {
	return func(c *checker, v *strictjson.Value) {
		if v.Is(strictjson.Array) && len(v.Items()) == 0 {
			c.report(CodeTooFew, Error, "%s is an empty array", c.name())
			return
		}
		r(c, v)
	}
}

// contextsCLR is the @context of a learner record on VC Data Model 2.0: that of
// credentials, then those of CLR and of Open Badges.
func contextsCLR(c *checker, v *strictjson.Value) {
	items, ok := contextItems(c, v)
	if !ok {
		return
	}
	if len(items) == 0 || items[0].Str() != ContextVC2 {
		c.report(CodeContext, Error, "the first context should be %s", ContextVC2)
	}
	for _, prefix := range []string{prefixCLR2, prefixOB3} {
		if !contextAnywhere(v, prefix) {
			c.report(CodeContext, Warning, "no context begins with %s", prefix)
		}
	}
}

// embeddedContexts is that of a credential inside a record, of any vocabulary.
func embeddedContexts(c *checker, v *strictjson.Value) {
	items, ok := contextItems(c, v)
	if !ok {
		return
	}
	if len(items) == 0 {
		c.report(CodeTooFew, Error, "@context is an empty array")
		return
	}
	for i := range items {
		if !items[i].Is(strictjson.String) {
			c.at(strconv.Itoa(i), func() {
				c.report(CodeWrongType, Warning, "a context is a %s where an address should stand", items[i].Kind())
			})
		}
	}
	if !strings.HasPrefix(items[0].Str(), "https://www.w3.org/") {
		c.report(CodeContext, Error, "the first context should be that of verifiable credentials")
	}
}
