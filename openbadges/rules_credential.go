package openbadges

// credentials adds the credentials themselves and their subjects.
func (d dataModel) credentials(classes map[string]*class) {
	envelope := func(names ...string) []memberRule {
		members := []memberRule{
			{"@context", d.contexts, required},
			{"id", address(Error), required},
			{"type", d.types(names...), required},
			{"name", text, optional},
			{"description", text, optional},
			{"issuer", profileOr, required},
			{d.from, moment, required},
			{d.until, moment, optional},
			{"proof", d.proof, optional},
			{"credentialSchema", list(one("CredentialSchema")), optional},
			{"credentialStatus", single("CredentialStatus"), optional},
			{"refreshService", single("RefreshService"), optional},
		}
		if !d.one {
			members = append(members,
				memberRule{"awardedDate", moment, optional},
				memberRule{"termsOfUse", list(one("TermsOfUse")), optional})
		}
		return members
	}
	name := func(members []memberRule, n need) []memberRule {
		for i := range members {
			if members[i].name == "name" {
				members[i].need = n
			}
		}
		return members
	}
	nameNeed := optional
	if d.one {
		nameNeed = wanted
	}
	classes["AchievementCredential"] = &class{
		section: "AchievementCredential",
		members: append(name(envelope(TypeVerifiableCredential, TypeAchievementCredential+" "+TypeOpenBadgeCredential), nameNeed),
			memberRule{"credentialSubject", one("AchievementSubject"), required},
			memberRule{"image", picture, optional},
			memberRule{"evidence", list(one("Evidence")), optional},
			memberRule{"endorsement", list(one("EndorsementCredential")), optional},
			memberRule{"endorsementJwt", list(token), optional}),
		extra: d.envelopeExtra,
	}
	endorsementNeed := wanted
	if d.one {
		endorsementNeed = optional
	}
	endorsement := name(append(envelope(TypeVerifiableCredential, TypeEndorsementCredential),
		memberRule{"credentialSubject", one("EndorsementSubject"), required}), endorsementNeed)
	if d.one { // the schema knows neither member, the text knows both
		endorsement = without(endorsement, "name", "description")
	}
	classes["EndorsementCredential"] = &class{section: "EndorsementCredential", members: endorsement, closed: d.closed, extra: d.envelopeExtra}
	classes["EndorsementSubject"] = &class{section: "EndorsementSubject", closed: d.closed, members: []memberRule{
		{"id", address(Error), required},
		{"type", d.types("EndorsementSubject"), required},
		{"endorsementComment", text, optional},
	}}
	classes["AchievementSubject"] = &class{section: "AchievementSubject", closed: d.closed, extra: subjectExtra, members: []memberRule{
		{"id", address(Error), optional},
		{"type", d.types("AchievementSubject"), required},
		{"activityEndDate", moment, optional},
		{"activityStartDate", moment, optional},
		{"creditsEarned", number, optional},
		{"achievement", one("Achievement"), required},
		{"identifier", list(one("IdentityObject")), optional},
		{"image", picture, optional},
		{"licenseNumber", text, optional},
		{"narrative", text, optional},
		{"result", list(one("Result")), optional},
		{"role", text, optional},
		{"source", one("Profile"), optional},
		{"term", text, optional},
	}}
	classes["Evidence"] = &class{section: "Evidence", members: []memberRule{
		{"id", address(Warning), optional},
		{"type", d.types("Evidence"), required},
		{"narrative", text, optional},
		{"name", text, optional},
		{"description", text, optional},
		{"genre", text, optional},
		{"audience", text, optional},
	}}
	classes["IdentityObject"] = &class{section: "IdentityObject", closed: true, extra: identityExtra, members: []memberRule{
		{"type", d.fixedType("IdentityObject"), required},
		{"hashed", boolean, required},
		{"identityHash", text, required},
		{"identityType", anyOf(d.identityTypes...), required},
		{"salt", text, optional},
	}}
}

func without(members []memberRule, names ...string) []memberRule {
	var out []memberRule
next:
	for _, m := range members {
		for _, n := range names {
			if m.name == n {
				continue next
			}
		}
		out = append(out, m)
	}
	return out
}

// identityTypes is the vocabulary of section "IdentifierTypeEnum" without name,
// which joined it with VC Data Model 2.0.
var identityTypes = []string{
	"sourcedId", "systemId", "productId", "userName", "accountId", "emailAddress",
	"nationalIdentityNumber", "isbn", "issn", "lisSourcedId", "oneRosterSourcedId", "sisSourcedId", "ltiContextId",
	"ltiDeploymentId", "ltiToolId", "ltiPlatformId", "ltiUserId", "identifier",
}
