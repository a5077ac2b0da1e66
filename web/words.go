package web

import (
	"fmt"
	"html/template"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/accolade-badges/accolade/issuer/catalogue"
	"github.com/accolade-badges/accolade/issuer/ledger"
	"github.com/accolade-badges/accolade/openbadges/did"
	"github.com/accolade-badges/accolade/verifier"
)

// What the verifier found and what a programme says, in words for people who
// have never seen a badge.

// findings are what templates say of a report, an award and an achievement with.
// A word that has no text is shown as it is.
func (l *locale) findings() template.FuncMap {
	return template.FuncMap{
		"headline":    func(v verifier.Verdict) string { return l.T("verify.verdict." + string(v)) },
		"binding":     func(b verifier.Binding) string { return l.T("verify.binding." + string(b)) },
		"outcome":     func(o verifier.Outcome) string { return l.T("verify.outcome." + string(o)) },
		"status":      func(s any) string { return l.named("status.", fmt.Sprint(s)) },
		"verdicts":    func() []verifier.Verdict { return verdicts },
		"about":       func(v verifier.Verdict) string { return l.T("about." + string(v)) },
		"advice":      l.advice,
		"kind":        l.kind,
		"level":       func(word string) string { return l.named("badge.level.", word) },
		"validity":    l.validity,
		"check":       func(id string) string { return l.named("verify.check.", id) },
		"message":     l.message,
		"particulars": l.particulars,
		"sentence":    l.sentence,
		"called":      l.called,
		"host":        issuerHost,
	}
}

// verdicts are all answers of the verifier, the best first.
var verdicts = []verifier.Verdict{
	verifier.Valid, verifier.Expired, verifier.NotYetValid, verifier.Suspended, verifier.Revoked, verifier.Invalid, verifier.Undetermined,
}

// advice says what to do with a report. A badge that is somebody else's is in order
// as far as its file goes, and one that was issued anew may say what is no longer so.
func (l *locale) advice(r *verifier.Report) string {
	if to := r.Check(verifier.CheckRecipient); r.Verdict == verifier.Invalid && to != nil && to.Code == verifier.CodeRecipientOther {
		for _, c := range r.Checks {
			if c.Outcome == verifier.Failed && c.ID != verifier.CheckRecipient {
				return l.T("verify.advice.invalid")
			}
		}
		return l.T("verify.advice.other")
	}
	if newer := r.Check(verifier.CheckSupersession); r.OK() && newer != nil && newer.Code == verifier.CodeSupersededUnseen {
		return l.T("verify.advice.superseded")
	}
	return l.T("verify.advice." + string(r.Verdict))
}

// named is the text of a word under a prefix, or the word itself.
func (l *locale) named(prefix, word string) string {
	if key := prefix + word; l.known(key) {
		return l.T(key)
	}
	return capital(strings.ReplaceAll(word, "_", " "))
}

// english tells whether this is the language of the verifier and of what
// programmes write.
func (l *locale) english() bool { return l.Tag == languageTags[0].String() }

// kind is what people call a kind of achievement.
func (l *locale) kind(kind string) string {
	if kind == ledger.KindExam {
		return l.T("badge.kind.exam")
	}
	return l.T("badge.kind.certification")
}

// validity says for how long an achievement holds.
func (l *locale) validity(f catalogue.AchievementFacts) string {
	switch {
	case l.english() || f.Validity == "":
		return capital(f.Validity)
	case f.Months > 0:
		return l.T("badge.validity.months", "Count", f.Months)
	case f.Kind == catalogue.KindCertification && strings.HasPrefix(f.Validity, "holds while"):
		return l.T("badge.validity.while")
	}
	return l.T("badge.validity.never")
}

// title is an achievement's title in this language, where the programme has one.
func (l *locale) title(f catalogue.AchievementFacts) string {
	if own := f.Titles[l.Tag]; own != "" {
		return own
	}
	return f.Title
}

// description is an achievement's description in this language, where the
// programme has one.
func (l *locale) description(f catalogue.AchievementFacts) string {
	if own := f.Descriptions[l.Tag]; own != "" {
		return own
	}
	return f.Description
}

// pictureQuery asks for pictures in this language, behind another parameter.
// English ones need no asking.
func (l *locale) pictureQuery() template.URL {
	if l.english() {
		return ""
	}
	return template.URL("&lang=" + l.Tag) //nolint:gosec // a tag of ours
}

// message is what a check found. The verifier says it in English; other
// languages have a text for each of its codes.
func (l *locale) message(c verifier.Check) string {
	if key := l.codeKey(c); key != "" {
		return l.T(key)
	}
	return c.Message
}

// codeKey is the key of what a check found, or empty when only the verifier has
// words for it.
func (l *locale) codeKey(c verifier.Check) string {
	if l.english() {
		return ""
	}
	keys := []string{"report." + c.ID + "." + c.Code, "report.code." + c.Code}
	if i := strings.LastIndexByte(c.Code, '_'); i > 0 {
		keys = append(keys, "report.code.claim"+c.Code[i:]) // of a token: CLAIM_missing, …
	}
	for _, key := range keys {
		if l.known(key) {
			return key
		}
	}
	return ""
}

// plainChecks are the checks whose codes say all that there is to say.
var plainChecks = map[string]bool{
	verifier.CheckDates: true, verifier.CheckRecipient: true, verifier.CheckEndorsements: true, verifier.CheckContents: true,
	verifier.CheckSupersession: true, verifier.CheckTrust: true,
}

// particulars are the verifier's own words about a check that did not pass, in
// English, where the text of its code says less: which address, which reason.
func (l *locale) particulars(c verifier.Check) string {
	if held := verifier.Verdict(c.Code); (held == verifier.Revoked || held == verifier.Suspended) && !strings.Contains(c.Message, ": ") {
		return "" // no reason was given
	}
	if l.codeKey(c) == "" || plainChecks[c.ID] || c.Outcome != verifier.Failed && c.Outcome != verifier.Unchecked {
		return ""
	}
	return c.Message
}

// sentence is a report in one sentence, without the verdict, which stands above
// it.
func (l *locale) sentence(r *verifier.Report) string {
	if !l.english() {
		return l.summary(r)
	}
	verdict, rest, _ := strings.Cut(r.Summary, ": ")
	if rest == "" || strings.ContainsAny(verdict, ".“") {
		return r.Summary
	}
	return capital(rest)
}

// summary says a report in one sentence of this language, as the verifier does
// in English.
func (l *locale) summary(r *verifier.Report) string {
	of := l.subject(r)
	switch r.Verdict {
	case verifier.Valid:
		if r.ValidUntil.IsZero() {
			return l.T("report.summary.valid", "Badge", of)
		}
		return l.T("report.summary.valid-until", "Badge", of, "Date", l.Date(r.ValidUntil))
	case verifier.Expired:
		if !r.ValidUntil.IsZero() {
			return l.T("report.summary.expired", "Badge", of, "Date", l.Date(r.ValidUntil))
		}
	case verifier.NotYetValid:
		if !r.ValidFrom.IsZero() {
			return l.T("report.summary.not_yet_valid", "Badge", of, "Date", l.Date(r.ValidFrom))
		}
	}
	if c := r.Decisive(); c != nil {
		return l.message(*c)
	}
	return l.T("report.summary." + string(r.Verdict))
}

// called is what a badge, or whatever was put in, is called.
func (l *locale) called(r *verifier.Report) string {
	switch {
	case r.Achievement != nil && r.Achievement.Name != "":
		return r.Achievement.Name
	case r.Name != "":
		return r.Name
	}
	return l.T("verify.nameless")
}

// subject names a badge, its earner and its issuer. The issuer's host stands
// beside a name, for names are free to choose.
func (l *locale) subject(r *verifier.Report) string {
	name := r.Name
	if r.Achievement != nil && r.Achievement.Name != "" {
		name = r.Achievement.Name
	}
	of := l.T("report.subject.badge")
	switch r.Kind {
	case "endorsement":
		of = l.T("report.subject.endorsement")
	case "clr":
		of = l.T("report.subject.clr")
	case "presentation":
		of = l.T("report.subject.presentation")
	default:
		if name != "" {
			of = l.T("report.subject.named", "Name", name)
		}
	}
	if is := r.Issuer; is != nil && is.ID != "" {
		where := shorten(issuerHost(is.ID), 60)
		if is.Name == "" {
			of += l.T("report.subject.by", "Issuer", where)
		} else {
			of += l.T("report.subject.by-named", "Issuer", is.Name, "Where", where)
		}
	}
	if to := r.Recipient; to != nil && to.Name+to.Email != "" {
		whom := to.Name
		if whom == "" {
			whom = to.Email
		}
		of += l.T("report.subject.for", "Name", whom)
	}
	return of
}

// issuerHost is the host in an issuer's identifier, or the identifier.
func issuerHost(id string) string {
	address := id
	if strings.HasPrefix(id, "did:web:") {
		if web, err := did.WebURL(id); err == nil {
			address = web
		}
	}
	if u, err := url.Parse(address); err == nil && u.Host != "" {
		return u.Host
	}
	return id
}

// capital begins text with a capital letter, unless it begins with an address.
func capital(text string) string {
	first, size := utf8.DecodeRuneInString(text)
	if size == 0 || strings.HasPrefix(text, "http") {
		return text
	}
	return string(unicode.ToUpper(first)) + text[size:]
}
