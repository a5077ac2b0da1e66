package openbadges

// achievementTypes is the vocabulary of section "AchievementType".
var achievementTypes = []string{
	"Achievement", "ApprenticeshipCertificate", "Assessment", "Assignment",
	"AssociateDegree", "Award", "Badge", "BachelorDegree", "Certificate", "CertificateOfCompletion", "Certification",
	"CommunityService", "Competency", "Course", "CoCurricular", "Degree", "Diploma", "DoctoralDegree", "Fieldwork",
	"GeneralEducationDevelopment", "JourneymanCertificate", "LearningProgram", "License", "Membership",
	"ProfessionalDoctorate", "QualityAssuranceCredential", "MasterCertificate", "MasterDegree", "MicroCredential",
	"ResearchDoctorate", "SecondarySchoolDiploma",
}

// achievements adds achievements and what hangs on them.
func (d dataModel) achievements(classes map[string]*class) {
	classes["Achievement"] = &class{section: "Achievement", members: []memberRule{
		{"id", address(Error), required},
		{"type", d.types("Achievement"), required},
		{"alignment", list(one("Alignment")), optional},
		{"achievementType", anyOf(achievementTypes...), optional},
		{"creator", one("Profile"), optional},
		{"creditsAvailable", number, optional},
		{"criteria", one("Criteria"), required},
		{"description", text, required},
		{"endorsement", list(one("EndorsementCredential")), optional},
		{"endorsementJwt", list(token), optional},
		{"fieldOfStudy", text, optional},
		{"humanCode", text, optional},
		{"image", picture, optional},
		{d.language, language, optional},
		{"name", text, required},
		{"otherIdentifier", list(one("IdentifierEntry")), optional},
		{"related", list(one("Related")), optional},
		{"resultDescription", list(one("ResultDescription")), optional},
		{"specialization", text, optional},
		{"tag", list(text), optional},
		{"version", text, optional},
	}}
	classes["Criteria"] = &class{section: "Criteria", extra: criteriaExtra, members: []memberRule{
		{"id", address(Warning), optional},
		{"narrative", text, optional},
	}}
	classes["Alignment"] = &class{section: "Alignment", members: []memberRule{
		{"type", d.types("Alignment"), required},
		{"targetCode", text, optional},
		{"targetDescription", text, optional},
		{"targetName", text, required},
		{"targetFramework", text, optional},
		{"targetType", anyOf("ceasn:Competency", "ceterms:Credential", "CFItem", "CFRubric", "CFRubricCriterion", "CFRubricCriterionLevel", "CTDL"), optional},
		{"targetUrl", address(Warning), required},
	}}
	related := &class{section: "Related", closed: d.closed, members: []memberRule{
		{"id", address(Warning), required},
		{d.language, language, optional},
		{"version", text, optional},
	}}
	if !d.one {
		related.members = append(related.members, memberRule{"type", types("Related"), required})
	}
	classes["Related"] = related
	classes["Image"] = &class{section: "Image", closed: true, members: []memberRule{
		{"id", address(Warning), required},
		{"type", d.fixedType("Image"), required},
		{"caption", text, optional},
	}}
}

// profiles adds profiles and what hangs on them.
func (d dataModel) profiles(classes map[string]*class) {
	classes["Profile"] = &class{section: "Profile", members: []memberRule{
		{"id", address(Error), required},
		{"type", d.types("Profile"), required},
		{"name", text, optional},
		{"url", address(Warning), optional},
		{"phone", text, optional},
		{"description", text, optional},
		{"endorsement", list(one("EndorsementCredential")), optional},
		{"endorsementJwt", list(token), optional},
		{"image", picture, optional},
		{"email", text, optional},
		{"address", one("Address"), optional},
		{"otherIdentifier", list(one("IdentifierEntry")), optional},
		{"official", text, optional},
		{"parentOrg", one("Profile"), optional},
		{"familyName", text, optional},
		{"givenName", text, optional},
		{"additionalName", text, optional},
		{"patronymicName", text, optional},
		{"honorificPrefix", text, optional},
		{"honorificSuffix", text, optional},
		{"familyNamePrefix", text, optional},
		{"dateOfBirth", d.birth, optional},
	}}
	classes["IdentifierEntry"] = &class{section: "IdentifierEntry", closed: true, members: []memberRule{
		{"type", d.fixedType("IdentifierEntry"), required},
		{"identifier", text, required},
		{"identifierType", anyOf(d.identityTypes...), required},
	}}
	classes["Address"] = &class{section: "Address", closed: d.closed, members: []memberRule{
		{"type", d.types("Address"), required},
		{"addressCountry", text, optional},
		{"addressCountryCode", text, optional},
		{"addressRegion", text, optional},
		{"addressLocality", text, optional},
		{"streetAddress", text, optional},
		{"postOfficeBoxNumber", text, optional},
		{"postalCode", text, optional},
		{"geo", one("GeoCoordinates"), optional},
	}}
	classes["GeoCoordinates"] = &class{section: "GeoCoordinates", closed: d.closed, members: []memberRule{
		{"type", d.fixedType("GeoCoordinates"), required},
		{"latitude", number, required},
		{"longitude", number, required},
	}}
}

// results adds results and their descriptions.
func (d dataModel) results(classes map[string]*class) {
	classes["Result"] = &class{section: "Result", members: []memberRule{
		{"type", d.types("Result"), required},
		{"achievedLevel", text, optional},
		{"alignment", list(one("Alignment")), optional},
		{"resultDescription", text, optional},
		{"status", word(Warning, d.resultStates...), optional},
		{"value", text, optional},
	}}
	classes["ResultDescription"] = &class{section: "ResultDescription", members: []memberRule{
		{"id", address(Warning), required},
		{"type", d.types("ResultDescription"), required},
		{"alignment", list(one("Alignment")), optional},
		{"allowedValue", list(text), optional},
		{"name", text, required},
		{"requiredLevel", text, optional},
		{"requiredValue", text, optional},
		{"resultType", anyOf("GradePointAverage", "LetterGrade", "Percent", "PerformanceLevel", "PredictedScore", "RawScore",
			"Result", "RubricCriterion", "RubricCriterionLevel", "RubricScore", "ScaledScore", "Status"), required},
		{"rubricCriterionLevel", list(one("RubricCriterionLevel")), optional},
		{"valueMax", text, optional},
		{"valueMin", text, optional},
	}}
	classes["RubricCriterionLevel"] = &class{section: "RubricCriterionLevel", members: []memberRule{
		{"id", address(Warning), required},
		{"type", d.types("RubricCriterionLevel"), required},
		{"alignment", list(one("Alignment")), optional},
		{"description", text, optional},
		{"level", text, optional},
		{"name", text, required},
		{"points", text, optional},
	}}
}

// services adds proofs, status, refresh, schema and terms.
func (d dataModel) services(classes map[string]*class) {
	proof := []memberRule{
		{"type", typeWord, required},
		{"created", moment, optional},
		{"challenge", text, optional},
		{"domain", text, optional},
		{"nonce", text, optional},
		{"proofPurpose", text, optional},
		{"proofValue", text, optional},
		{"verificationMethod", text, optional},
	}
	if !d.one {
		proof = append(proof, memberRule{"cryptosuite", text, optional})
	}
	classes["Proof"] = &class{section: "Proof", members: proof}
	classes["CredentialStatus"] = &class{section: "CredentialStatus", closed: d.closed, extra: statusExtra, members: []memberRule{
		{"id", text, wanted},
		{"type", typeWord, required},
	}}
	classes["RefreshService"] = &class{section: "RefreshService", members: []memberRule{
		{"id", address(Warning), required},
		{"type", typeWord, required},
	}}
	classes["CredentialSchema"] = &class{section: "CredentialSchema", closed: d.closed, members: []memberRule{
		{"id", address(Warning), required},
		{"type", typeWord, required},
	}}
	classes["TermsOfUse"] = &class{section: "TermsOfUse", members: []memberRule{
		{"id", address(Warning), optional},
		{"type", typeWord, required},
	}}
}
