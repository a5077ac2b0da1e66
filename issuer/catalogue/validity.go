package catalogue

import (
	"fmt"
	"slices"
	"time"
)

// whileRequirementsHold is the policy of a title that holds only while the
// certifications it needs are active together.
const (
	whileRequirementsHold = "while-requirements-hold"
	holdsRule             = "policy " + whileRequirementsHold
)

// HoldsWhile reports whether the certification holds only while those it needs
// are active together; it ends with the first of them.
func (c *Certification) HoldsWhile() bool { return c.Validity.Policy == whileRequirementsHold }

// term is how long a certification is valid and which rule says so.
type term struct {
	months int // 0 for ever
	rule   string
}

// terms finds the validity of a certification at the moment it is earned: its
// own dated rows, then those of its policy (named, or applying to its type),
// then its plain months.
func (c *Catalogue) terms(k *Certification, at time.Time) term {
	if row, ok := rowAt(k.Validity.Rows, at); ok {
		return term{row.Months, "its own row by the day earned"}
	}
	for i := range c.Policies {
		p := &c.Policies[i]
		named := k.Validity.Policy == p.ID
		if k.Validity.Policy == "" && slices.Contains(p.AppliesTo, k.Type) {
			named = true
		}
		if !named {
			continue
		}
		if row, ok := rowAt(p.Validity, at); ok {
			return term{row.Months, "policy " + p.ID}
		}
	}
	switch {
	case k.Validity.Policy == "unknown":
		return term{0, "no source tells its validity"}
	case k.Validity.Months > 0:
		return term{k.Validity.Months, "its months"}
	case k.HoldsWhile():
		return term{0, holdsRule}
	}
	return term{0, "no rule ends it"}
}

func rowAt(rows []ValidityRow, at time.Time) (ValidityRow, bool) {
	for _, row := range rows {
		if !at.Before(row.From) && (row.Before.IsZero() || at.Before(row.Before)) {
			return row, true
		}
	}
	return ValidityRow{}, false
}

// ExpiryOf gives the moment at which a certification earned at that moment
// expires by its policy, the zero time for never. What a later load of the
// catalogue says changes no expiry that was given before.
func (c *Catalogue) ExpiryOf(id string, earned time.Time) time.Time {
	k, ok := c.Certification(id)
	if !ok {
		return time.Time{}
	}
	return c.terms(k, earned).expiry(earned)
}

func (t term) expiry(earned time.Time) time.Time {
	if t.months == 0 {
		return time.Time{}
	}
	return AddMonths(earned, t.months)
}

func (t term) words() string {
	switch {
	case t.rule == holdsRule:
		return "it holds while all that it needs are active (" + t.rule + ")"
	case t.months == 0:
		return "it does not expire (" + t.rule + ")"
	case t.months == 1:
		return "valid for 1 month (" + t.rule + ")"
	}
	return fmt.Sprintf("valid for %d months (%s)", t.months, t.rule)
}
