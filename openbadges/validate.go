package openbadges

// Severity says how much a [Problem] weighs.
type Severity string

// An Error makes the document malformed. A Warning is a rule that documents in
// good standing break every day, or advice; an issuer should take it for an
// error, a verifier should not.
const (
	Error   Severity = "error"
	Warning Severity = "warning"
)

// The codes of problems that the published schemas find too.
const (
	CodeMissing       = "missing_member"  // a required member is absent
	CodeWrongType     = "wrong_type"      // another JSON type than the standard's
	CodeNotAnArray    = "not_an_array"    // one value where an array should stand
	CodeNotAnObject   = "not_an_object"   // an address where an object should stand
	CodeMissingType   = "missing_type"    // type lacks the name of the class
	CodeWrongWord     = "not_in_list"     // a word outside of its vocabulary
	CodeBadDate       = "bad_date"        // no date and time with a zone
	CodeUnknownMember = "unknown_member"  // a member that the class does not have
	CodeContext       = "wrong_context"   // @context is not that of the version
	CodeBadLanguage   = "bad_language"    // no language tag
	CodeBadToken      = "bad_token"       // no compact JWS
	CodeBadAddress    = "bad_address"     // no absolute URI
	CodeBadIdentity   = "bad_identity"    // no hash or address that identifies anyone
	CodeTooFew        = "too_few"         // an array with fewer items than it must have
	CodeDuplicateItem = "duplicate_item"  // a tag that stands twice
	CodeUnknown       = "unknown_version" // no document that we know
)

// The codes of problems that the schemas leave out and this package adds.
const (
	CodeNoEarner       = "no_earner"         // neither id nor identifier in the subject
	CodeDateOrder      = "date_order"        // an end before its beginning
	CodeNoCriteria     = "no_criteria"       // criteria that say nothing
	CodeEmptyArray     = "empty_array"       // should be left out
	CodeNull           = "null_value"        // should be left out
	CodeOldContext     = "old_context"       // a context that has a newer edition
	CodeNoExtension    = "missing_extension" // a 1EdTech type without the context that defines it
	CodeUnknownResult  = "unknown_result"    // names a resultDescription or level that is not there
	CodeResultValue    = "result_value"      // a value that its description does not allow
	CodeNumberSpelling = "number_spelling"   // credits with an exponent
	CodeControl        = "control_character" // a character that text may not contain
	CodeStatusEntry    = "bad_status_entry"  // a credentialStatus that cannot be looked up
	CodeUnfetchable    = "unfetchable"       // an id from which nothing can be fetched
	CodeVersionMixed   = "mixed_versions"    // members of two versions in one document
	CodeTooMany        = "too_many_problems" // the rest is not listed
)

// Problem is one rule that a document breaks. Path is a JSON Pointer (RFC 6901)
// to the place, "" for the document itself. Code is one of the constants above,
// Message a sentence for a person, Section the title of the section of the
// standard that has the rule.
type Problem struct {
	Path     string   `json:"path"`
	Code     string   `json:"code"`
	Message  string   `json:"message"`
	Section  string   `json:"section,omitempty"`
	Severity Severity `json:"severity"`
}

// maxProblems bounds what a hostile document makes us say.
const maxProblems = 100

// Validate judges the document by the rules of its version and kind and returns
// every problem, in the order of the document, at most a hundred. It agrees with
// the published JSON schemas: what they refuse has a problem, and what they
// accept has none but those whose codes are listed as additions.
//
// The kinds that are judged are assertions, badge classes, profiles, keys,
// endorsements, achievements, credentials and learner records; in other kinds
// only characters that cannot be signed are looked for.
func (d *Document) Validate() []Problem {
	c := &checker{doc: d}
	if d.Kind == KindUnknown || d.Version == VersionUnknown {
		c.report(CodeUnknown, Error, "this is no Open Badges document that we know")
		return c.problems
	}
	m, class := d.rules()
	if class == "" {
		c.texts(d.JSON)
		return c.problems
	}
	c.model = m
	c.object(m.classes[class], d.JSON)
	return c.problems
}

// rules returns the tables of the document's version and the class of its root.
func (d *Document) rules() (*model, string) {
	switch d.Version {
	case OB30VC2, CLR20, VC20:
		return modelVC2, map[Kind]string{
			KindCredential: "AchievementCredential", KindEndorsement: "EndorsementCredential",
			KindProfile: "Profile", KindAchievement: "Achievement", KindCLR: "ClrCredential",
		}[d.Kind]
	case OB30VC1, CLR20VC1, VC11:
		return modelVC1, map[Kind]string{
			KindCredential: "AchievementCredential", KindEndorsement: "EndorsementCredential",
			KindProfile: "Profile", KindAchievement: "Achievement", KindCLR: "ClrCredential",
		}[d.Kind]
	case OB20:
		return modelOB2, map[Kind]string{
			KindAssertion: "Assertion", KindBadgeClass: "BadgeClass", KindProfile: "Profile",
			KindKey: "CryptographicKey", KindEndorsement: "Endorsement", KindRevocationList: "RevocationList",
		}[d.Kind]
	case OB11:
		return modelOB1, map[Kind]string{KindAssertion: "Assertion", KindBadgeClass: "BadgeClass", KindProfile: "Issuer"}[d.Kind]
	case OB10:
		return modelOB1, map[Kind]string{KindAssertion: "Assertion 1.0", KindBadgeClass: "BadgeClass", KindProfile: "Issuer"}[d.Kind]
	case OB05:
		return modelOB1, map[Kind]string{KindAssertion: "Assertion 0.5"}[d.Kind]
	}
	return nil, ""
}
