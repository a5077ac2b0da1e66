package issuer

import "fmt"

// EarnerError is a fault in what an earner typed or chose. Its code says which,
// for whoever tells it in the earner's language.
type EarnerError struct {
	Field string // of the form
	Code  string // one of those of earnerFaults
	Most  int    // characters, or things that there may be, where the code is about that
}

// earnerFaults are the codes of an [EarnerError] with what each means. %d is its
// Most.
var earnerFaults = map[string]string{
	"long":             "has more than %d characters",
	"control":          "has a line break or another character that cannot be seen; write one line of plain text",
	"missing":          "is missing",
	"until-over":       "is over already; choose a later day, or none",
	"until-far":        "is more than ten years away; choose an earlier day, or none",
	"until-form":       "is no day; write it like 2027-01-31",
	"many-shares":      "there are %d open links already; close some that nobody needs any more",
	"many-collections": "there are %d collections already; remove one first",
	"visibility":       "is none; use private, unlisted or public",
	"letters":          "may have the letters a to z, digits and hyphens, nothing else",
	"length":           "must have 3 to %d letters and digits",
	"hyphens":          "may have a hyphen only between two letters or digits",
	"digits":           "must have a letter",
	"reserved":         "is kept for this site, or looks like a word that is; choose another",
	"imitates":         "looks like the name of an issuer; choose another",
	"taken":            "is taken; choose another",
	"alike":            "looks like one that is taken; choose another that cannot be mistaken for it",
}

func (e *EarnerError) Error() string {
	text := earnerFaults[e.Code]
	if e.Most > 0 {
		text = fmt.Sprintf(text, e.Most)
	}
	return e.Field + " " + text
}
