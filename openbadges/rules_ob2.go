package openbadges

import (
	"strings"

	"github.com/accolade-badges/accolade/openbadges/strictjson"
)

// modelOB2 is the tables of Open Badges 2.0, for which no schema was published:
// they follow the tables of its text and the reference validator.
var modelOB2 = &model{classes: map[string]*class{
	"Assertion": {section: "Open Badges 2.0, Assertion", extra: assertionExtra, members: []memberRule{
		{"@context", contextsOB2, required},
		{"type", typesLoose(TypeOB2Assertion), required},
		{"id", address(Error), required},
		{"recipient", one("IdentityObject"), required},
		{"badge", addressOr("BadgeClass", Error), required},
		{"verification", one("VerificationObject"), optional},
		{"verify", one("VerificationObject"), optional},
		{"issuedOn", moment, required},
		{"expires", moment, optional},
		{"image", addressOr("Image", Warning), optional},
		{"evidence", oneOrMore(addressOr("Evidence", Warning)), optional},
		{"narrative", text, optional},
		{"related", oneOrMore(addressOr("Related", Warning)), optional},
		{"endorsement", oneOrMore(addressOr("Endorsement", Warning)), optional},
		{"revoked", boolean, optional},
		{"revocationReason", text, optional},
		{"uid", text, optional},
	}},
	"IdentityObject": {section: "Open Badges 2.0, IdentityObject", extra: recipientExtra, members: []memberRule{
		{"type", typeWord, required},
		{"hashed", boolean, required},
		{"identity", text, required},
		{"salt", text, optional},
	}},
	"VerificationObject": {section: "Open Badges 2.0, VerificationObject", members: []memberRule{
		{"type", typeWord, optional},
		{"creator", address(Warning), optional},
		{"url", address(Warning), optional},
		{"verificationProperty", text, optional},
		{"startsWith", oneOrMore(text), optional},
		{"allowedOrigins", oneOrMore(text), optional},
	}},
	"BadgeClass": {section: "Open Badges 2.0, BadgeClass", members: []memberRule{
		{"@context", contextsOB2, optional},
		{"type", typesLoose(TypeOB2BadgeClass), required},
		{"id", address(Error), wanted},
		{"name", text, required},
		{"description", text, wanted},
		{"image", addressOr("Image", Warning), wanted},
		{"criteria", addressOr("Criteria", Warning), wanted},
		{"issuer", addressOr("Profile", Error), required},
		{"alignment", oneOrMore(one("AlignmentObject")), optional},
		{"tags", oneOrMore(text), optional},
		{"version", text, optional},
		{"related", oneOrMore(addressOr("Related", Warning)), optional},
		{"endorsement", oneOrMore(addressOr("Endorsement", Warning)), optional},
	}},
	"Criteria": {section: "Open Badges 2.0, Criteria", extra: criteriaExtra, members: []memberRule{
		{"id", address(Warning), optional},
		{"type", typesLoose(), optional},
		{"narrative", text, optional},
	}},
	"Image": {section: "Open Badges 2.0, Image", members: []memberRule{
		{"id", address(Warning), wanted},
		{"type", typesLoose(), optional},
		{"caption", text, optional},
		{"author", address(Warning), optional},
	}},
	"Evidence": {section: "Open Badges 2.0, Evidence", members: []memberRule{
		{"id", text, optional},
		{"type", typesLoose(), optional},
		{"narrative", text, optional},
		{"name", text, optional},
		{"description", text, optional},
		{"genre", text, optional},
		{"audience", text, optional},
	}},
	"AlignmentObject": {section: "Open Badges 2.0, AlignmentObject", members: []memberRule{
		{"type", typesLoose(), optional},
		{"targetName", text, required},
		{"targetUrl", address(Warning), required},
		{"targetDescription", text, optional},
		{"targetFramework", text, optional},
		{"targetCode", text, optional},
	}},
	"Related": {section: "Open Badges 2.0, Linked Data", members: []memberRule{
		{"id", address(Warning), wanted},
		{"type", typesLoose(), optional},
		{"version", text, optional},
	}},
	"Profile": {section: "Open Badges 2.0, Profile", members: []memberRule{
		{"@context", contextsOB2, optional},
		{"type", typesLoose(TypeOB2Profile + " " + TypeOB2Issuer + " IssuerOrg"), required},
		{"id", address(Error), wanted},
		{"name", text, required},
		{"url", address(Warning), wanted},
		{"email", text, wanted},
		{"telephone", text, optional},
		{"description", text, optional},
		{"image", addressOr("Image", Warning), optional},
		{"publicKey", oneOrMore(addressOr("CryptographicKey", Error)), optional},
		{"verification", one("VerificationObject"), optional},
		{"revocationList", address(Error), optional},
		{"related", oneOrMore(addressOr("Related", Warning)), optional},
		{"endorsement", oneOrMore(addressOr("Endorsement", Warning)), optional},
	}},
	"CryptographicKey": {section: "Open Badges 2.0, CryptographicKey", members: []memberRule{
		{"@context", contextsOB2, optional},
		{"type", typesLoose(TypeOB2CryptographicKey + " Key"), wanted},
		{"id", address(Error), required},
		{"owner", address(Error), required},
		{"publicKeyPem", text, required},
	}},
	"Endorsement": {section: "Open Badges 2.0, Endorsement", members: []memberRule{
		{"@context", contextsOB2, optional},
		{"type", typesLoose(TypeOB2Endorsement), required},
		{"id", address(Error), required},
		{"claim", one("Claim"), required},
		{"issuer", addressOr("Profile", Error), required},
		{"issuedOn", moment, required},
		{"verification", one("VerificationObject"), wanted},
	}},
	"Claim": {section: "Open Badges 2.0, Endorsement", members: []memberRule{
		{"id", address(Error), required},
		{"endorsementComment", text, optional},
	}},
	"RevocationList": {section: "Open Badges 2.0, RevocationList", members: []memberRule{
		{"@context", contextsOB2, wanted},
		{"type", typesLoose(TypeOB2RevocationList), required},
		{"id", address(Error), required},
		{"issuer", addressOr("Profile", Error), wanted},
		{"revokedAssertions", oneOrMore(addressOr("Revoked", Warning)), required},
	}},
	"Revoked": {section: "Open Badges 2.0, RevocationList", members: []memberRule{
		{"id", address(Warning), optional},
		{"uid", text, optional},
		{"revocationReason", text, optional},
	}},
}}

// contextsOB2 is the @context of 2.0, alone or among others.
func contextsOB2(c *checker, v *strictjson.Value) {
	switch {
	case !v.Is(strictjson.String) && !v.Is(strictjson.Array) && !v.Is(strictjson.Object):
		c.wrongType(v, "an address or an array of them")
	case v.Is(strictjson.Object):
		c.report(CodeContext, Warning, "@context is written out where %s should stand", ContextOB2)
	case !v.Contains(ContextOB2):
		c.report(CodeContext, Error, "@context is not that of version 2.0, %s", ContextOB2)
	}
}

func assertionExtra(c *checker, v *strictjson.Value) {
	c.order(v, "issuedOn", "expires")
	how := v.Get("verification")
	if how == nil {
		how = v.Get("verify")
	}
	if how == nil {
		c.at("verification", func() { c.report(CodeMissing, Error, "verification is missing") })
		return
	}
	kinds := []string{"HostedBadge", "hosted", "SignedBadge", "signed"}
	known := false
	for _, k := range kinds {
		known = known || how.Get("type").Contains(k)
	}
	if !known {
		c.at("verification", func() {
			c.report(CodeWrongWord, Error, "the type of verification should be HostedBadge or SignedBadge")
		})
	}
	hosted := how.Get("type").Contains(kinds[0]) || how.Get("type").Contains(kinds[1])
	if id := v.Get("id").Str(); hosted && id != "" && !strings.HasPrefix(id, "http") {
		c.at("id", func() {
			c.report(CodeUnfetchable, Error, "a hosted assertion needs an id that can be fetched, not %q", id)
		})
	}
}

func recipientExtra(c *checker, v *strictjson.Value) {
	identity := v.Get("identity").Str()
	if identity == "" || !v.Get("hashed").Is(strictjson.Bool) {
		return
	}
	switch {
	case v.Get("hashed").True():
		if !isHash(identity, "sha256", "md5", "sha1") {
			c.at("identity", func() { c.report(CodeBadIdentity, Error, "identity is no hash") })
		}
	case v.Get("type").Contains("email") && !strings.Contains(identity, "@"):
		c.at("identity", func() { c.report(CodeBadIdentity, Error, "identity is no mail address") })
	}
}
