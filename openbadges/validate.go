package openbadges

// Severity says how much a [Problem] weighs.
type Severity string

// An Error makes the document malformed; a Warning is a rule of the published
// schemas, or advice, that documents in good standing break every day.
const (
	Error   Severity = "error"
	Warning Severity = "warning"
)

// Problem is one rule that a document breaks. Path is a JSON Pointer (RFC 6901)
// to the place, "" for the document itself. Code is one of a closed list,
// Message a sentence for a person, Section the title of the section of the
// standard that has the rule.
type Problem struct {
	Path     string
	Code     string
	Message  string
	Section  string
	Severity Severity
}

// Validate judges the document by the rules of its version and kind and returns
// every problem, in the order of the document.
func (d *Document) Validate() []Problem {
	if d.Kind == KindUnknown || d.Version == VersionUnknown {
		return []Problem{{"", "unknown_document", "this is no Open Badges document that we know", "", Error}}
	}
	return nil
}
