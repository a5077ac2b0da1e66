package catalogue

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Kinds of achievement.
const (
	KindCertification = "certification"
	KindExam          = "exam"
)

// AchievementFacts is what a badge says was achieved, in the words that were in
// use at a moment.
type AchievementFacts struct {
	// Kind is [KindCertification] or [KindExam]; Code the id or the exam code.
	Kind, Code string
	// Title is the title in use at the moment, Titles that title in other
	// languages by language tag (nil when only another title is translated).
	Title  string
	Titles map[string]string
	// Description is plain text, Descriptions the same in other languages;
	// Criteria is Markdown and tells what has to be met.
	Description, Criteria string
	Descriptions          map[string]string
	// Skills are English where the catalogue has English ones, otherwise all of
	// one other language.
	Skills []Skill
	// Level is the level as the catalogue words it, "" when it says none.
	Level string
	// Shape is the badge's shape: fundamentals, associate, expert, specialty,
	// exam or professional.
	Shape string
	// Type is the certification's family, "" for an exam.
	Type            string
	Roles, Products []string
	// Languages are those in which the exams can be taken; for several exams,
	// those that all of them share.
	Languages []string
	// Exams are the codes of the exams that count, for an exam its own.
	Exams []string
	// Months is the validity of what is earned at that moment, 0 for ever, and
	// Validity says it in words.
	Months   int
	Validity string
	// Links and Preparation lead to the programme's pages.
	Links       Links
	Preparation []Preparation
}

// AchievementOf gives what a badge for the certification or the exam says when
// it is earned at that moment, under the requirement in force then. It is false
// when the catalogue has none of that kind and code.
func (c *Catalogue) AchievementOf(kind, code string, at time.Time) (AchievementFacts, bool) {
	return c.AchievementUnder(kind, code, at, at)
}

// AchievementUnder is [Catalogue.AchievementOf] for what was earned under the
// requirement in force at another moment, as [Decision] tells it in RuleFrom: a
// replaced requirement goes on to count for a while. An exam has no requirement,
// and rule says nothing about it.
func (c *Catalogue) AchievementUnder(kind, code string, at, rule time.Time) (AchievementFacts, bool) {
	switch kind {
	case KindCertification:
		if k, ok := c.Certification(code); ok {
			return c.certificationFacts(k, at, rule), true
		}
	case KindExam:
		if e, ok := c.Exam(code); ok {
			return c.examFacts(e, at), true
		}
	}
	return AchievementFacts{}, false
}

func (c *Catalogue) examFacts(e *Exam, at time.Time) AchievementFacts {
	f := AchievementFacts{
		Kind: KindExam, Code: e.Code, Title: e.TitleAt(at), Titles: translated(e.Title, e.Titles, e.TitleAt(at)),
		Description: e.Description, Descriptions: e.Descriptions, Skills: oneLanguage(e.Skills), Level: e.Level, Shape: e.Shape(),
		Roles: e.Roles, Products: e.Products, Languages: e.Languages, Exams: []string{e.Code},
		Links: e.Links, Preparation: e.Preparation, Validity: "does not expire",
	}
	name := "exam " + e.Code
	if f.Title != e.Code {
		name += ", " + f.Title
	}
	if f.Description == "" {
		f.Description = fmt.Sprintf("Passed %s, of %s.", name, c.Programme.Name)
	}
	f.Criteria = "Pass " + c.examWords(e.Code, at) + "."
	return f
}

func (c *Catalogue) certificationFacts(k *Certification, at, rule time.Time) AchievementFacts {
	requires := k.RequirementAt(rule)
	f := AchievementFacts{
		Kind: KindCertification, Code: k.ID, Title: k.TitleAt(at), Titles: translated(k.Title, k.Titles, k.TitleAt(at)),
		Description: k.Description, Descriptions: k.Descriptions, Skills: oneLanguage(k.Skills), Level: k.Level, Shape: k.Shape(), Type: k.Type,
		Roles: k.Roles, Products: k.Products, Exams: requires.ExamCodes(),
		Links: k.Links, Preparation: k.Preparation,
	}
	for n, code := range f.Exams {
		e, _ := c.Exam(code)
		if len(k.Skills) == 0 {
			for _, s := range oneLanguage(e.Skills) {
				if !slices.Contains(f.Skills, s) {
					f.Skills = append(f.Skills, s)
				}
			}
		}
		if n == 0 {
			f.Languages = slices.Clone(e.Languages)
		} else {
			f.Languages = slices.DeleteFunc(f.Languages, func(l string) bool { return !slices.Contains(e.Languages, l) })
		}
	}
	if f.Description == "" {
		f.Description = c.describe(k, f.Title)
	}
	terms := c.terms(k, at)
	f.Months = terms.months
	switch {
	case k.HoldsWhile():
		f.Validity = "holds while the certifications that it needs are active together"
	case f.Months == 0:
		f.Validity = "does not expire"
	case f.Months == 1:
		f.Validity = "valid for 1 month from the day earned"
	default:
		f.Validity = fmt.Sprintf("valid for %d months from the day earned", f.Months)
	}
	f.Criteria = c.criteria(requires, at)
	return f
}

func (c *Catalogue) describe(k *Certification, title string) string {
	text := title + " is a certification of " + c.Programme.Name
	if shape := k.Shape(); shape != "professional" {
		text += " at " + shape + " level"
	}
	if len(k.Roles) > 0 {
		text += ", for the role of " + strings.ReplaceAll(strings.Join(k.Roles, ", "), "-", " ")
	}
	return text + "."
}

// translated gives the translations of today's title while that is in use.
func translated(today string, titles map[string]string, inUse string) map[string]string {
	if today != inUse {
		return nil
	}
	return titles
}

// oneLanguage keeps the English skills, or else those of the language that
// comes first.
func oneLanguage(skills []Skill) []Skill {
	if len(skills) == 0 {
		return nil
	}
	keep := skills[0].Lang
	for _, s := range skills {
		if s.Lang == "" || s.Lang == "en" || strings.HasPrefix(s.Lang, "en-") {
			keep = s.Lang
			break
		}
	}
	var list []Skill
	for _, s := range skills {
		if s.Lang == keep {
			list = append(list, s)
		}
	}
	return list
}

// Shape gives the shape of a badge for the exam.
func (e *Exam) Shape() string { return "exam" }

// Shape gives the shape of the certification's badge by its level, and by its
// type where the level is a mere difficulty: fundamentals, associate, expert,
// specialty or professional.
func (c *Certification) Shape() string {
	for _, word := range []string{fold(c.Level), fold(c.Type), fold(c.Difficulty)} {
		switch word {
		case "fundamentals", "beginner", "foundation", "entry":
			return "fundamentals"
		case "associate", "intermediate":
			return "associate"
		case "expert", "advanced":
			return "expert"
		case "specialty", "specialist":
			return "specialty"
		case "professional", "title":
			return "professional"
		}
	}
	return "professional"
}
