package verifier

import (
	"fmt"
	"strings"
	"time"

	"github.com/accolade-badges/accolade/openbadges"
)

// summary is the report in one sentence for somebody who has never seen a badge.
func (b *badge) summary() string {
	r := b.report
	subject := b.subject()
	switch r.Verdict {
	case Valid:
		return fmt.Sprintf("Valid: %s%s%s%s.", subject, b.toWhom(), b.by(), b.inForce())
	case Expired:
		if b.end().IsZero() {
			return "Expired: " + b.because("it has ended")
		}
		return fmt.Sprintf("Expired: %s%s%s ended on %s.", subject, b.toWhom(), b.by(), day(b.end()))
	case NotYetValid:
		if b.begin().IsZero() {
			return "Not yet valid: " + b.because("it begins later")
		}
		return fmt.Sprintf("Not yet valid: %s%s%s begins on %s.", subject, b.toWhom(), b.by(), day(b.begin()))
	case Revoked:
		return "Revoked: " + b.because("its issuer has taken this badge back")
	case Suspended:
		return "Suspended: " + b.because("its issuer has set this badge aside for now")
	case Undetermined:
		return "Undetermined: " + b.because("not everything about this badge could be checked")
	}
	return "Invalid: " + b.because("this is not a genuine badge")
}

// because is the message of the line that decided the verdict: its first
// sentence, and of what could not be checked also the second, which says what is
// missing.
func (b *badge) because(otherwise string) string {
	c := b.report.Decisive()
	if c == nil {
		return otherwise + "."
	}
	first, rest, _ := strings.Cut(c.Message, ". ")
	text := uncapital(strings.TrimSuffix(first, "."))
	if second, _, _ := strings.Cut(rest, ". "); b.report.Verdict == Undetermined && second != "" {
		text += ": " + uncapital(strings.TrimSuffix(second, "."))
	}
	return text + "."
}

func (b *badge) subject() string {
	what, name := "", b.report.Name
	switch b.kind() {
	case openbadges.KindEndorsement:
		what = "this endorsement"
	case openbadges.KindCLR:
		what = "this learner record"
	case openbadges.KindPresentation:
		what = "this presentation"
	}
	if a := b.report.Achievement; a != nil && a.Name != "" {
		name = a.Name
	}
	switch {
	case what != "":
		return what
	case name != "":
		return "“" + printable(name) + "”"
	}
	return "this badge"
}

func (b *badge) toWhom() string {
	r := b.report.Recipient
	switch {
	case r == nil:
		return ""
	case r.Name != "":
		return " for " + printable(r.Name)
	case r.Email != "":
		return " for " + printable(r.Email)
	}
	return ""
}

// by names the issuer with the identifier that was verified, for names are free
// to choose.
func (b *badge) by() string {
	i := b.report.Issuer
	if i == nil {
		return ""
	}
	where := issuerHost(i.ID)
	if where == "" {
		where = i.ID
	}
	if len(where) > 60 {
		where = where[:60] + "…"
	}
	if i.Name == "" {
		return ", issued by " + printable(where)
	}
	return ", issued by " + printable(i.Name) + " (" + printable(where) + ")"
}

func (b *badge) inForce() string {
	switch {
	case b.kind() == openbadges.KindPresentation:
		return " holds, with every badge in it"
	case b.report.ValidUntil.IsZero():
		return ", is genuine and in force"
	}
	return ", is genuine and in force until " + day(b.report.ValidUntil)
}

func (b *badge) begin() time.Time {
	from, _, _ := b.dates()
	return from
}

func (b *badge) end() time.Time {
	_, until, _ := b.dates()
	return until
}

func uncapital(s string) string {
	if s == "" || len(s) > 1 && strings.ToUpper(s[1:2]) == s[1:2] && s[1] != ' ' {
		return s
	}
	return strings.ToLower(s[:1]) + s[1:]
}

// kind is that of the document, if one was read.
func (b *badge) kind() openbadges.Kind {
	if b.doc == nil {
		return openbadges.KindUnknown
	}
	return b.doc.Kind
}
