package catalogue

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// Change is one difference between two catalogues.
type Change struct {
	// Op is "added", "removed" or "changed".
	Op string
	// Kind is "programme", "policy", "exam" or "certification"; Code its code.
	Kind, Code string
	// Field is what changed, "" for what was added or removed.
	Field string
	// Old and New are the values in words.
	Old, New string
}

// String gives the change as one line.
func (c Change) String() string {
	switch c.Op {
	case "added":
		return fmt.Sprintf("+ %s %s: %s", c.Kind, c.Code, c.New)
	case "removed":
		return fmt.Sprintf("- %s %s: %s", c.Kind, c.Code, c.Old)
	}
	return fmt.Sprintf("~ %s %s: %s: %s → %s", c.Kind, c.Code, c.Field, none(c.Old), none(c.New))
}

func none(s string) string {
	if s == "" {
		return "none"
	}
	return s
}

// Diff lists what changed from one catalogue to another: the programme, then
// policies, exams and certifications in the order of the new file, each kind
// followed by what was removed. Only what decides or is shown is compared. An
// award that was made under the old catalogue stays as it is.
func Diff(old, new *Catalogue) []Change {
	d := &differ{}
	d.rows("programme", []row{programmeRow(old)}, []row{programmeRow(new)})
	d.rows("policy", policyRows(old), policyRows(new))
	d.rows("exam", examRows(old), examRows(new))
	d.rows("certification", certificationRows(old), certificationRows(new))
	return d.changes
}

type differ struct{ changes []Change }

// row is one entry as named values in words, in the order to tell them.
type row struct {
	code, title string
	fields      []field
}

type field struct{ name, value string }

func (d *differ) rows(kind string, old, new []row) {
	before := map[string]row{}
	for _, r := range old {
		before[fold(r.code)] = r
	}
	after := map[string]bool{}
	for _, r := range new {
		after[fold(r.code)] = true
		was, there := before[fold(r.code)]
		if !there {
			d.changes = append(d.changes, Change{Op: "added", Kind: kind, Code: r.code, New: r.title})
			continue
		}
		for i, f := range r.fields {
			if f.value != was.fields[i].value {
				d.changes = append(d.changes, Change{"changed", kind, r.code, f.name, was.fields[i].value, f.value})
			}
		}
	}
	for _, r := range old {
		if !after[fold(r.code)] {
			d.changes = append(d.changes, Change{Op: "removed", Kind: kind, Code: r.code, Old: r.title})
		}
	}
}

func programmeRow(c *Catalogue) row {
	p := c.Programme
	return row{p.ID, p.Name, []field{{"name", p.Name}, {"names", mapWords(p.Names)}, {"owner", p.Owner}, {"url", p.URL}}}
}

func policyRows(c *Catalogue) []row {
	var rows []row
	for _, p := range c.Policies {
		months := ""
		if p.Months > 0 {
			months = fmt.Sprint(p.Months)
		}
		rows = append(rows, row{p.ID, none(p.Rule), []field{
			{"rule", p.Rule}, {"applies to", strings.Join(p.AppliesTo, ", ")}, {"validity", validityWords(p.Validity)}, {"months", months},
		}})
	}
	return rows
}

func examRows(c *Catalogue) []row {
	var rows []row
	for i := range c.Exams {
		e := &c.Exams[i]
		rows = append(rows, row{e.Code, none(e.Title), []field{
			{"title", e.Title},
			{"titles", mapWords(e.Titles)},
			{"title history", titleWords(e.TitleHistory)},
			{"description", e.Description},
			{"descriptions", mapWords(e.Descriptions)},
			{"level", e.Level},
			{"status", e.Status},
			{"languages", strings.Join(e.Languages, ", ")},
			{"skills", skillWords(e.Skills)},
			{"available from", dateWords(e.AvailableFrom)},
			{"retired on", dateWords(e.RetiredOn)},
			{"replaced by", strings.Join(e.ReplacedBy, ", ")},
			{"links", linkWords(e.Links)},
			{"preparation", preparationWords(e.Preparation)},
			{"badge", badgeWords(e.Badge)},
		}})
	}
	return rows
}

func certificationRows(c *Catalogue) []row {
	var rows []row
	for i := range c.Certifications {
		k := &c.Certifications[i]
		validity := k.Validity.Policy
		if k.Validity.Months > 0 {
			validity = strings.TrimSpace(fmt.Sprintf("%s %d months", validity, k.Validity.Months))
		}
		if len(k.Validity.Rows) > 0 {
			validity = strings.TrimSpace(validity + " " + validityWords(k.Validity.Rows))
		}
		var history []string
		for _, h := range k.History {
			history = append(history, none(dateWords(h.SeenFrom))+": "+c.Words(h.Requires, endOfTime))
		}
		succession := k.SucceededBy
		if !k.SucceededOn.IsZero() {
			succession += " from " + day(k.SucceededOn)
		}
		rows = append(rows, row{k.ID, none(k.Title), []field{
			{"title", k.Title},
			{"titles", mapWords(k.Titles)},
			{"title history", titleWords(k.TitleHistory)},
			{"description", k.Description},
			{"descriptions", mapWords(k.Descriptions)},
			{"type", k.Type},
			{"level", k.Level},
			{"status", k.Status},
			{"skills", skillWords(k.Skills)},
			{"requirement", c.Words(k.Requires, endOfTime)},
			{"requirement history", strings.Join(history, "; ")},
			{"validity", validity},
			{"renewal", k.Renewal.Kind},
			{"retired on", dateWords(k.RetiredOn)},
			{"links", linkWords(k.Links)},
			{"preparation", preparationWords(k.Preparation)},
			{"badge", badgeWords(k.Badge)},
			{"hidden", fmt.Sprint(k.Hidden)},
			{"legacy of", k.LegacyOf},
			{"succeeded by", succession},
			{"continues", k.Continues},
		}})
	}
	return rows
}

// endOfTime is a moment at which today's titles are in use.
var endOfTime = time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)

func dateWords(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return day(t)
}

func validityWords(rows []ValidityRow) string {
	var parts []string
	for _, r := range rows {
		months := "for ever"
		if r.Months > 0 {
			months = fmt.Sprintf("%d months", r.Months)
		}
		if !r.From.IsZero() {
			months += " from " + day(r.From)
		}
		if !r.Before.IsZero() {
			months += " before " + day(r.Before)
		}
		parts = append(parts, months)
	}
	return strings.Join(parts, "; ")
}

func titleWords(rows []TitleRow) string {
	var parts []string
	for _, r := range rows {
		parts = append(parts, fmt.Sprintf("%q from %s", r.Title, none(dateWords(r.SeenFrom))))
	}
	return strings.Join(parts, "; ")
}

func skillWords(skills []Skill) string {
	var parts []string
	for _, s := range skills {
		parts = append(parts, strings.TrimSpace(s.Lang+" "+s.Text))
	}
	return strings.Join(parts, "; ")
}

func preparationWords(list []Preparation) string {
	var parts []string
	for _, p := range list {
		parts = append(parts, strings.TrimSpace(p.Kind+" "+p.Title+" "+p.URL))
	}
	return strings.Join(parts, "; ")
}

func linkWords(l Links) string {
	var parts []string
	for _, f := range []field{{"page", l.Page}, {"register", l.Register}, {"study guide", l.StudyGuide}, {"skills list", l.SkillsList}} {
		if f.value != "" {
			parts = append(parts, f.name+" "+f.value)
		}
	}
	return strings.Join(parts, "; ")
}

func badgeWords(b *Badge) string {
	if b == nil {
		return ""
	}
	return "from " + day(b.From)
}

func mapWords(m map[string]string) string {
	var parts []string
	for _, key := range slices.Sorted(maps.Keys(m)) {
		parts = append(parts, key+" "+m[key])
	}
	return strings.Join(parts, "; ")
}
