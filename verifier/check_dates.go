package verifier

import (
	"time"

	"github.com/accolade-badges/accolade/openbadges"
)

// skew is by how much clocks may differ before a badge counts as not begun. An
// end is an end.
const skew = 5 * time.Minute

// checkDates judges the time in which the badge holds: validFrom and validUntil
// (VC Data Model 2.0, section 4.9; issuanceDate and expirationDate in 1.1),
// issuedOn and expires before 3.0. Of a refreshed badge the newest edition's
// count.
func (b *badge) checkDates() {
	from, until, bad := b.dates()
	e := evidence{"at": b.v.at.Format(time.RFC3339)}
	if !from.IsZero() {
		e["validFrom"] = from.Format(time.RFC3339Nano)
	}
	if !until.IsZero() {
		e["validUntil"] = until.Format(time.RFC3339Nano)
	}
	switch {
	case b.notABadge():
		b.skip(CheckDates, CodeNotApplicable, "There is no award here whose dates could be judged.")
	case bad != "":
		b.fail(CheckDates, Invalid, CodeDateMalformed, "The badge gives a date that is none: "+printable(bad)+".", e)
	case !until.IsZero() && until.Before(from):
		b.fail(CheckDates, Invalid, CodeDatesReversed, "The badge ends before it begins.", e)
	case !from.IsZero() && from.After(b.v.at.Add(skew)):
		b.fail(CheckDates, NotYetValid, CodeNotYetValid, "The badge begins on "+day(from)+".", e)
	case !until.IsZero() && !b.v.at.Before(until):
		b.fail(CheckDates, Expired, CodeExpired, "The badge ended on "+day(until)+".", e)
	case until.IsZero():
		b.pass(CheckDates, CodeInForce, "The badge is in force and has no end.", e)
	default:
		b.pass(CheckDates, CodeInForce, "The badge is in force until "+day(until)+".", e)
	}
}

// dates returns when the badge begins and ends, zero for never said, and the
// first date that cannot be read.
func (b *badge) dates() (from, until time.Time, bad string) {
	if b.old {
		if !isStatement(b.doc) {
			return
		}
		return b.oldDates()
	}
	c := b.current()
	for _, d := range []struct {
		to   *time.Time
		text string
	}{
		{&from, firstOf(c.Get("validFrom").Str(), c.Get("issuanceDate").Str())},
		{&until, firstOf(c.Get("validUntil").Str(), c.Get("expirationDate").Str())},
	} {
		if d.text == "" {
			continue
		}
		t, err := parseTime(d.text)
		if err != nil {
			return from, until, d.text
		}
		*d.to = t
	}
	return b.tokenDates(from, until)
}

// tokenDates narrows the time to that of the token around the edition in hand:
// both must hold. Where the credential gives a date too, package proof has
// compared them.
func (b *badge) tokenDates(from, until time.Time) (time.Time, time.Time, string) {
	if b.token == nil || b.newer != nil {
		return from, until, ""
	}
	begins, ends, err := b.token.Window()
	if err != nil {
		return from, until, err.Error()
	}
	if begins.After(from) {
		from = begins
	}
	if !ends.IsZero() && (until.IsZero() || ends.Before(until)) {
		until = ends
	}
	return from, until, ""
}

func (b *badge) oldDates() (from, until time.Time, bad string) {
	for _, d := range []struct {
		to   *time.Time
		text openbadges.OB2DateTime
	}{{&from, b.said.from}, {&until, b.said.until}} {
		if d.text == "" {
			continue
		}
		t, err := d.text.Time()
		if err != nil {
			return from, until, string(d.text)
		}
		*d.to = t
	}
	return from, until, ""
}

func day(t time.Time) string { return t.Format("2 January 2006") }
