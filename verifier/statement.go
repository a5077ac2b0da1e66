package verifier

import "github.com/accolade-badges/accolade/openbadges"

// statement is what an assertion of 0.5 to 2.0 and an endorsement of 2.0 have in
// common: somebody says something, and either hosts it or signs it (Open Badges
// 2.0, sections "Assertion" and "Endorsement").
type statement struct {
	id, uid      string
	verification openbadges.OB2Verification
	from, until  openbadges.OB2DateTime // an endorsement has no end
}

// statementOf reads an assertion or an endorsement; of anything else only the id
// can be told.
func statementOf(doc *openbadges.Document) statement {
	if doc.Kind != openbadges.KindEndorsement {
		a, _ := doc.Assertion()
		return statement{a.ID, a.UID, a.Verification, a.IssuedOn, a.Expires}
	}
	e, _ := doc.OB2Endorsement()
	s := statement{id: e.ID, from: e.IssuedOn}
	if e.Verification != nil {
		s.verification = *e.Verification
	}
	return s
}

// isStatement tells whether the document is one of the two.
func isStatement(doc *openbadges.Document) bool {
	return doc.Kind == openbadges.KindAssertion || !doc.Version.Verifiable() && doc.Kind == openbadges.KindEndorsement
}

// read makes doc, an assertion or an endorsement before 3.0, the badge.
func (b *badge) read(doc *openbadges.Document) {
	b.doc, b.json = doc, doc.JSON
	b.said = statementOf(doc)
	if doc.Kind == openbadges.KindAssertion {
		b.assertion, _ = doc.Assertion()
	}
}

// hostedKind tells whether the badge is verified by its copy: it says so, or it
// carries no signature and says nothing, as in 0.5.
func (b *badge) hostedKind() bool {
	v := b.said.verification
	return b.jws == nil && !v.Signed() || v.Hosted()
}
