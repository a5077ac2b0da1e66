package catalogue

import (
	"strings"
	"time"
)

// Format is the form this package reads.
const Format = "catalogue/1"

// Catalogue is a programme as its file tells it. Treat it as read-only; it is
// made by [Parse] alone, which also builds the index that the lookups need.
type Catalogue struct {
	Programme Programme
	// AsOf is the day of the facts, as the file words it.
	AsOf     string
	Sources  []Source
	Policies []Policy
	Exams    []Exam
	// Certifications come in the order of the file.
	Certifications []Certification
	// Mail holds the programme's own texts for its mails.
	Mail Mail

	index *index
}

// Programme names the programme and its owner.
type Programme struct {
	ID, Name, Owner string
	// Names holds the name in other languages, by language tag.
	Names map[string]string
	// URL is the programme's page, or "".
	URL string
}

// Source is where facts of the catalogue were read.
type Source struct{ ID, What, Date, Kind string }

// Policy is a named rule of the programme, such as how long a certification
// is valid.
type Policy struct {
	ID, Rule string
	// AppliesTo lists the types of certification whose rows fall under the
	// policy when they name none themselves.
	AppliesTo []string
	// Validity is keyed by the day earned; empty when the policy is not about
	// validity.
	Validity []ValidityRow
	// Months is the plain number of months that the policy states, or 0.
	Months int
}

// ValidityRow says how long a certification earned in [From, Before) is valid.
// A zero From or Before leaves that side open. Months 0 means for ever.
type ValidityRow struct {
	From, Before time.Time
	Months       int
}

// Skill is one line of what an exam or a certification measures.
type Skill struct {
	// Lang is the language tag of Text, or "" when the file does not say.
	Lang, Text string
}

// TitleRow is a title and the day from which it was in use.
type TitleRow struct {
	Title    string
	SeenFrom time.Time
}

// Links are the web addresses of an exam or a certification; each may be "".
type Links struct{ Page, Register, StudyGuide, SkillsList string }

// Preparation is one way to prepare (S-07). Kind is one of
// [PreparationKinds].
type Preparation struct{ Kind, Title, URL string }

// PreparationKinds lists the kinds of preparation that a catalogue may name.
func PreparationKinds() []string {
	return []string{"video", "training", "instructor-led", "practice-assessment", "publisher", "sandbox"}
}

// Badge marks an exam or a certification as having a badge of its own for what
// is earned from a day on.
type Badge struct{ From time.Time }

// Exam is one exam of the programme.
type Exam struct {
	Code string
	// Title is today's title, "" when no source prints one.
	Title string
	// Titles holds today's title in other languages, by language tag.
	Titles       map[string]string
	TitleHistory []TitleRow
	// Description is the programme's own sentence about the exam, or "";
	// Descriptions are the same in other languages, by language tag.
	Description                           string
	Descriptions                          map[string]string
	Level, Status                         string
	Roles, Products, Languages, Providers []string
	Skills                                []Skill
	AvailableFrom, RetiredOn              time.Time
	ReplacedBy                            []string
	Links                                 Links
	Preparation                           []Preparation
	Badge                                 *Badge
}

// Certification is one certification of the programme.
type Certification struct {
	ID, Title    string
	Titles       map[string]string
	TitleHistory []TitleRow
	// Description is the programme's own sentence about it, or "";
	// Descriptions are the same in other languages, by language tag.
	Description  string
	Descriptions map[string]string
	// Type is the family (role-based, fundamentals, specialty …).
	Type, Level, Difficulty, Status string
	Roles, Products                 []string
	Skills                          []Skill
	// Requires is today's requirement, nil when the source tells none.
	Requires *Requirement
	// History holds the requirement rows by date, oldest first. It has at least
	// one row; a certification without a history gets one that is always open.
	History     []HistoryRow
	Validity    Validity
	Renewal     Renewal
	RetiredOn   time.Time
	Links       Links
	Preparation []Preparation
	Badge       *Badge
	// Hidden certifications are legacy versions that are not awarded any more.
	Hidden bool
	// LegacyOf names the certification that this one is an older version of.
	LegacyOf string
	// SucceededBy names the page under which the line goes on from SucceededOn.
	SucceededBy string
	SucceededOn time.Time
	// Continues names the page whose line this one goes on with.
	Continues string
}

// HistoryRow is a requirement and the day from which it counted. A zero
// SeenFrom means always.
type HistoryRow struct {
	SeenFrom           time.Time
	Requires           *Requirement
	Confidence, Source string
}

// Validity says how long a certification is valid. Rows win over the rows of
// the policy, and those over Months.
type Validity struct {
	// Policy is the id of a policy, "unknown", or "" when none is named.
	Policy string
	// Months is the plain number, or 0 for null.
	Months int
	Rows   []ValidityRow
}

// Renewal says how a certification is renewed.
type Renewal struct {
	Kind      string
	Minutes   int
	Languages []string
	Skills    []Skill
}

// Exam finds an exam by its code, whatever its case.
func (c *Catalogue) Exam(code string) (*Exam, bool) {
	i, ok := c.index.exams[fold(code)]
	if !ok {
		return nil, false
	}
	return &c.Exams[i], true
}

// Certification finds a certification by its id, whatever its case.
func (c *Catalogue) Certification(id string) (*Certification, bool) {
	i, ok := c.index.certifications[fold(id)]
	if !ok {
		return nil, false
	}
	return &c.Certifications[i], true
}

// Policy finds a policy by its id.
func (c *Catalogue) Policy(id string) (*Policy, bool) {
	for i := range c.Policies {
		if c.Policies[i].ID == id {
			return &c.Policies[i], true
		}
	}
	return nil, false
}

// Affected lists the certifications whose requirement, today's or an older one,
// names the exam, directly or through another certification; in the order of
// the file.
func (c *Catalogue) Affected(exam string) []string {
	i, ok := c.index.exams[fold(exam)]
	if !ok {
		return nil
	}
	var ids []string
	for k := range c.Certifications {
		if c.index.touches[i].has(k) {
			ids = append(ids, c.Certifications[k].ID)
		}
	}
	return ids
}

// BadgeFrom gives the day from which results in the exam earn a badge of its
// own; exams have none unless the catalogue marks them.
func (e *Exam) BadgeFrom() (time.Time, bool) {
	if e.Badge == nil {
		return time.Time{}, false
	}
	return e.Badge.From, true
}

// BadgeFrom gives the day from which the certification has a badge. Without a
// mark it always has one: the zero time and true.
func (c *Certification) BadgeFrom() (time.Time, bool) {
	if c.Badge == nil {
		return time.Time{}, true
	}
	return c.Badge.From, true
}

// Badged reports whether passing the exam at that moment earns a badge.
func (e *Exam) Badged(at time.Time) bool {
	from, ok := e.BadgeFrom()
	return ok && !at.Before(from)
}

// Badged reports whether attaining the certification at that moment earns a
// badge.
func (c *Certification) Badged(at time.Time) bool {
	from, ok := c.BadgeFrom()
	return ok && !at.Before(from)
}

// TitleAt gives the title in use at that moment, the code when there is none.
func (e *Exam) TitleAt(at time.Time) string {
	return titleAt(e.Title, e.TitleHistory, at, e.Code)
}

// TitleAt gives the title in use at that moment, the id when there is none.
func (c *Certification) TitleAt(at time.Time) string {
	return titleAt(c.Title, c.TitleHistory, at, c.ID)
}

// titleAt takes the row in use at a moment. Before the first row that row
// counts, and from the last row on today's title does.
func titleAt(today string, rows []TitleRow, at time.Time, otherwise string) string {
	title := today
	for i := 0; i+1 < len(rows); i++ {
		if at.Before(rows[i+1].SeenFrom) {
			title = rows[i].Title
			break
		}
	}
	if title == "" {
		return otherwise
	}
	return title
}

func fold(s string) string { return strings.ToLower(strings.TrimSpace(s)) }
