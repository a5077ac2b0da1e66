package issuer

import (
	"fmt"
	"net/mail"
	"regexp"
	"strings"
	"time"

	"golang.org/x/text/language"
	"golang.org/x/text/unicode/norm"

	"github.com/accolade-badges/accolade/issuer/address"
)

// FieldError says what is wrong with one member of an input and what to do.
type FieldError struct {
	Field   string // JSON name, such as "takenAt" or "candidate.email"
	Message string
}

func (e FieldError) Error() string { return e.Field + ": " + e.Message }

// InvalidError lists everything that is wrong with an input. Nothing was
// recorded.
type InvalidError struct{ Fields []FieldError }

func (e *InvalidError) Error() string {
	parts := make([]string, len(e.Fields))
	for i, f := range e.Fields {
		parts[i] = f.Error()
	}
	return strings.Join(parts, "; ")
}

// Outcome is what came of an exam sitting.
type Outcome string

// The outcomes. A held result waits for its exam to go live; a voided one
// counts no longer.
const (
	Passed Outcome = "passed"
	Failed Outcome = "failed"
	Held   Outcome = "held"
	Voided Outcome = "voided"
)

// Result is one exam sitting as its provider reports it, in the shape of
// POST /api/v1/results.
type Result struct {
	Provider  string    `json:"provider"` // 1-64 of a-z, 0-9 and hyphen; made on first use
	ResultID  string    `json:"resultId"` // the provider's own id; makes the report safe to repeat
	Exam      string    `json:"exam"`     // code in the programme's catalogue
	TakenAt   string    `json:"takenAt"`  // RFC 3339
	Outcome   Outcome   `json:"outcome"`
	Score     string    `json:"score,omitempty"`    // decimal; kept, never published
	Delivery  string    `json:"delivery,omitempty"` // online, centre or empty
	Language  string    `json:"language,omitempty"` // BCP 47
	Candidate Candidate `json:"candidate"`
}

// Candidate is a person as the provider knows them.
type Candidate struct {
	Number     string `json:"number,omitempty"` // the programme's candidate number; identifies before the address does
	Email      string `json:"email,omitempty"`  // may be left out where there is a number; see [Service.MakeClaimCode]
	GivenName  string `json:"givenName"`
	FamilyName string `json:"familyName"`
	Locale     string `json:"locale,omitempty"` // BCP 47; language of mails
}

// sitting is a normalised Result.
type sitting struct {
	Result
	takenAt time.Time
	folded  string // the address as it is compared
	digest  string // of the report, see [digestOf]
}

var (
	providerName = regexp.MustCompile(`^[a-z0-9-]{1,64}$`)
	decimal      = regexp.MustCompile(`^-?[0-9]{1,9}([.][0-9]{1,6})?$`)
)

// clockSkew is how far ahead of our clock a provider's may be.
const clockSkew = 5 * time.Minute

// normalise trims and checks r against the clock; it collects every fault.
func (r Result) normalise(now time.Time) (sitting, error) {
	var bad []FieldError
	fault := func(field, format string, args ...any) {
		bad = append(bad, FieldError{field, fmt.Sprintf(format, args...)})
	}
	text := func(field string, s *string, most int, required bool) {
		*s = strings.TrimSpace(norm.NFC.String(*s))
		switch {
		case *s == "" && required:
			fault(field, "is missing")
		case len([]rune(*s)) > most:
			fault(field, "has more than %d characters", most)
		case strings.ContainsFunc(*s, isControl):
			fault(field, "has a line break or another control character; send plain text")
		}
	}
	text("provider", &r.Provider, 64, true)
	text("resultId", &r.ResultID, 200, true)
	text("exam", &r.Exam, 64, true)
	text("score", &r.Score, 20, false)
	text("delivery", &r.Delivery, 20, false)
	text("candidate.number", &r.Candidate.Number, 64, false)
	text("candidate.email", &r.Candidate.Email, 254, false)
	if r.Candidate.Email == "" && r.Candidate.Number == "" {
		fault("candidate.email", "is missing; give the candidate's address, or the number that the programme knows them by")
	}
	text("candidate.givenName", &r.Candidate.GivenName, 200, false)
	text("candidate.familyName", &r.Candidate.FamilyName, 200, false)
	if r.Candidate.GivenName == "" && r.Candidate.FamilyName == "" {
		fault("candidate.familyName", "is missing; a badge needs a name, in givenName or familyName")
	}
	r.Provider = strings.ToLower(r.Provider)
	if r.Provider != "" && !providerName.MatchString(r.Provider) {
		fault("provider", "%q is no provider name; use 1 to 64 of a-z, 0-9 and hyphen", r.Provider)
	}
	r.Outcome = Outcome(strings.ToLower(strings.TrimSpace(string(r.Outcome))))
	switch r.Outcome {
	case Passed, Failed, Held, Voided:
	case "":
		fault("outcome", "is missing; use passed, failed, held or voided")
	default:
		fault("outcome", "%q is no outcome; use passed, failed, held or voided", string(r.Outcome))
	}
	if r.Score != "" && !decimal.MatchString(r.Score) {
		fault("score", "%q is no number; write it like 742 or 74.5, or leave it empty", r.Score)
	}
	switch r.Delivery = strings.ToLower(r.Delivery); r.Delivery {
	case "", "online", "centre":
	case "center", "test-center", "test-centre":
		r.Delivery = "centre"
	default:
		fault("delivery", "%q is no delivery; use online, centre, or leave it empty", r.Delivery)
	}
	r.Language = languageTag("language", r.Language, fault)
	r.Candidate.Locale = languageTag("candidate.locale", r.Candidate.Locale, fault)

	out := sitting{}
	switch at, err := time.Parse(time.RFC3339Nano, strings.TrimSpace(r.TakenAt)); {
	case strings.TrimSpace(r.TakenAt) == "":
		fault("takenAt", "is missing; write it like 2026-03-14T09:26:53Z")
	case err != nil:
		fault("takenAt", "%q is no RFC 3339 time; write it like 2026-03-14T09:26:53Z", r.TakenAt)
	case at.After(now.Add(clockSkew)):
		fault("takenAt", "%s lies in the future (it is %s here); correct the date or the clock", r.TakenAt, now.UTC().Format(time.RFC3339))
	case at.Year() < 1980:
		fault("takenAt", "%s is too long ago to be a sitting; correct the date", r.TakenAt)
	default:
		out.takenAt = at.UTC().Truncate(time.Second)
	}
	r.TakenAt = out.takenAt.Format(time.RFC3339)
	if r.Candidate.Email != "" {
		folded, err := FoldAddress(r.Candidate.Email)
		if err != nil {
			fault("candidate.email", "%s", err)
		}
		out.folded = folded
	}
	out.Result = r
	if bad != nil {
		return sitting{}, &InvalidError{bad}
	}
	return out, nil
}

func languageTag(field, s string, fault func(string, string, ...any)) string {
	s = strings.ReplaceAll(strings.TrimSpace(s), "_", "-")
	if s == "" {
		return ""
	}
	tag, err := language.Parse(s)
	if err != nil {
		fault(field, "%q is no language tag; write it like en or zh-CN", s)
		return ""
	}
	return tag.String()
}

func isControl(r rune) bool {
	return r < 0x20 || r >= 0x7f && r < 0xa0 || r == '\u2028' || r == '\u2029' || r == '\ufffd'
}

// FoldAddress checks a mail address and returns the form in which addresses are
// compared and hashed; see [address.Fold]. It refuses lists, display names,
// comments and addresses without a domain.
func FoldAddress(typed string) (string, error) {
	typed = norm.NFC.String(strings.TrimSpace(typed))
	parsed, err := mail.ParseAddress(typed)
	if err != nil || parsed.Address != typed || strings.ContainsFunc(typed, isControl) || strings.ContainsAny(typed, " <>,;\"()") {
		return "", fmt.Errorf("%q is no mail address; write it like name@example.org", typed)
	}
	local, domain, ok := strings.Cut(typed, "@")
	if !ok || local == "" || !strings.Contains(domain, ".") && domain != "localhost" || strings.HasPrefix(domain, ".") || strings.HasSuffix(domain, ".") || strings.Contains(domain, "..") {
		return "", fmt.Errorf("%q has no domain that mail could go to; write it like name@example.org", typed)
	}
	return address.Fold(typed), nil
}

// FullName joins the parts of a name as its script does: family name first and
// without a space where both are written in Han characters.
func FullName(given, family string) string {
	if isHan(given) && isHan(family) {
		return family + given
	}
	return strings.TrimSpace(given + " " + family)
}

func isHan(s string) bool {
	for _, r := range s {
		if r < 0x3400 || r > 0x9fff && r < 0x20000 {
			return false
		}
	}
	return s != ""
}
