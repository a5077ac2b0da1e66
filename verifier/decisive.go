package verifier

// Decisive returns the line that made the verdict, of several the most telling
// one; nil where none did, as for a valid badge.
func (r *Report) Decisive() *Check {
	for _, id := range r.telling() {
		if c := r.Check(id); c != nil && c.Message != "" && r.decidedBy(c) {
			return c
		}
	}
	return nil
}

// decidedBy tells whether a line can have made the verdict. A learner record is
// left undetermined by a badge inside that is no genuine one.
func (r *Report) decidedBy(c *Check) bool {
	if r.Verdict == Undetermined {
		return c.Outcome == Unchecked || c.ID == CheckContents && c.Outcome == Failed
	}
	return c.Outcome == Failed
}

// telling lists the checks that could have made the verdict, the most telling
// first.
func (r *Report) telling() []string {
	switch r.Verdict {
	case Valid:
		return nil
	case Revoked, Suspended:
		return []string{CheckStatus, CheckContents}
	case Undetermined:
		if c := r.Check(CheckProof); c != nil && (c.Code == CodeSuiteUnknown || c.Code == CodeContextUnknown || c.Code == CodeContextOwn) {
			return []string{CheckProof} // which is why its issuer is not certain either
		}
		return []string{CheckIntake, CheckHosted, CheckIssuer, CheckProof, CheckStatus, CheckStructure, CheckContents, CheckRecipient}
	}
	return []string{CheckIntake, CheckProof, CheckIssuer, CheckHosted, CheckStructure, CheckDates, CheckRecipient, CheckContents}
}
