package verifier

import (
	"fmt"
	"strings"

	"github.com/accolade-badges/accolade/openbadges"
)

// maxProblems bounds how many problems a report lists.
const maxProblems = 20

// checkStructure judges the shape: contexts, types, required members and the
// published schema of the version, and for versions before 3.0 that of the badge
// class and the issuer. Schemas and contexts are our own tables, never fetched.
func (b *badge) checkStructure() {
	if !b.known() {
		b.fail(CheckStructure, Invalid, CodeNotABadge, b.notKnown(), nil)
		return
	}
	var problems []openbadges.Problem
	if b.v.options.Profile == W3C {
		problems = validateW3C(b.json)
		if b.token != nil {
			problems = append(problems, vocabularyW3C(b.json)...)
		}
	} else {
		problems = b.doc.Validate()
	}
	if b.old {
		problems = append(problems, b.linkedProblems()...)
	}
	list, errors := make([]evidence, 0, len(problems)), 0
	var first, lacking openbadges.Problem
	for _, p := range problems {
		switch {
		case p.Severity != openbadges.Error:
		case b.tolerable(p):
			p.Severity = openbadges.Warning
		case incomplete(p):
			lacking = p
		default:
			if errors++; errors == 1 {
				first = p
			}
		}
		if len(list) < maxProblems {
			list = append(list, evidence{"path": clean(p.Path), "code": p.Code, "message": clean(p.Message), "severity": string(p.Severity)})
		}
	}
	var e evidence
	if len(list) > 0 {
		e = evidence{"problems": list}
	}
	switch {
	case errors > 0:
		b.fail(CheckStructure, Invalid, CodeMalformed, fmt.Sprintf("The badge does not have the form that its standard asks for%s: %s.", at(first.Path), sentence(first.Message)), e)
	case lacking.Code != "":
		b.cannot(CheckStructure, CodeIncomplete, "The badge leaves out what its standard asks for"+at(lacking.Path)+", so there is less to confirm than a badge should say.", e)
	case b.old && b.class.why != "":
		b.cannot(CheckStructure, CodeClassUnreachable, "The description of what was achieved could not be got: "+b.class.why+".", e)
	case b.old && b.profile.why != "" && b.profile.view == nil:
		b.cannot(CheckStructure, CodeProfileUnreachable, "The profile of the issuer could not be got: "+b.profile.why+".", e)
	case len(list) > 0:
		b.pass(CheckStructure, CodeWellFormed, "The badge has the form that its standard asks for, with remarks.", e)
	default:
		b.pass(CheckStructure, CodeWellFormed, "The badge has the form that its standard asks for.", nil)
	}
}

// incomplete tells whether all that is wrong is that the badge says too little: a
// signed one that does not say what was achieved, or from when, was not forged,
// but confirms nothing that could be called valid.
func incomplete(p openbadges.Problem) bool {
	return p.Code == "missing_member" && (p.Path == "/credentialSubject/achievement" || p.Path == "/validFrom")
}

// tolerable tells whether a broken rule is one that issuers of the day broke as a
// habit, so that it is only told.
func (b *badge) tolerable(p openbadges.Problem) bool {
	switch {
	case b.doc.Version == openbadges.OB10 || b.doc.Version == openbadges.OB11:
		// Before 2.0 a recipient without a type was an address.
		return p.Path == "/recipient/type" && p.Code == "missing_member"
	case b.doc.Kind == openbadges.KindCLR:
		// Badges inside a learner record may be tokens; each is judged by itself.
		rest, inside := strings.CutPrefix(p.Path, "/credentialSubject/verifiableCredential/")
		return inside && p.Code == "wrong_type" && !strings.Contains(rest, "/")
	}
	return false
}

// known tells whether the document is of a kind that can be judged at all.
func (b *badge) known() bool {
	switch b.doc.Kind {
	case openbadges.KindAssertion, openbadges.KindBadgeClass, openbadges.KindProfile, openbadges.KindAchievement,
		openbadges.KindEndorsement, openbadges.KindCredential, openbadges.KindCLR, openbadges.KindPresentation:
		return true
	case openbadges.KindPlain:
		return b.v.options.Profile == W3C || b.doc.Version == openbadges.OB30VC1 || b.doc.Version == openbadges.OB30VC2
	case openbadges.KindStatusList:
		return b.v.options.Profile == W3C || b.inner
	}
	return false
}

// notKnown says what a document that is no badge is.
func (b *badge) notKnown() string {
	switch b.doc.Kind {
	case openbadges.KindStatusList:
		return "This is an issuer's list of revoked badges, not a badge."
	case openbadges.KindRevocationList, openbadges.KindEdTechRevocations:
		return "This is an issuer's list of revoked badges, not a badge."
	case openbadges.KindKey:
		return "This is an issuer's key, not a badge."
	case openbadges.KindPlain:
		return "This is a verifiable credential, but not an Open Badge."
	}
	return "This is JSON, but not an Open Badge of any version."
}

// notABadge tells whether nobody is said to have earned anything: a badge class,
// a profile, an achievement alone, or nothing of the field at all.
func (b *badge) notABadge() bool {
	switch b.doc.Kind {
	case openbadges.KindAssertion, openbadges.KindCredential, openbadges.KindEndorsement, openbadges.KindCLR, openbadges.KindPresentation, openbadges.KindPlain:
		return false
	}
	return !b.inner && b.v.options.Profile != W3C
}

// linkedProblems judges what an old badge consists of besides its hosted copy:
// the file in hand, the badge class and the issuer.
func (b *badge) linkedProblems() []openbadges.Problem {
	var all []openbadges.Problem
	check := func(doc *openbadges.Document, want openbadges.Kind, at, what string) {
		if doc == nil {
			return
		}
		if doc.Kind != want {
			all = append(all, openbadges.Problem{Path: at, Code: "linked_wrong_kind", Message: "what is linked as " + what + " is none", Severity: openbadges.Error})
			return
		}
		for _, p := range doc.Validate() {
			p.Path = at + p.Path
			all = append(all, p)
		}
	}
	if b.inHand != nil {
		all = append(all, b.inHand.Validate()...)
	}
	check(b.class.doc, openbadges.KindBadgeClass, "/badge", "the badge class")
	issuer := "/badge/issuer"
	if b.doc.Kind == openbadges.KindEndorsement {
		issuer = "/issuer"
	}
	check(b.profile.doc, openbadges.KindProfile, issuer, "the issuer")
	return all
}

func at(path string) string {
	if path == "" {
		return ""
	}
	return " (at " + printable(path) + ")"
}

// sentence trims what ends a message, so that it fits into one of ours.
func sentence(s string) string {
	s = printable(s)
	for len(s) > 0 && s[len(s)-1] == '.' {
		s = s[:len(s)-1]
	}
	return s
}
