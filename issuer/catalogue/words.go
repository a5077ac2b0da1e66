package catalogue

import (
	"fmt"
	"strings"
	"time"
)

// Words gives a requirement as one phrase with the titles in use at a moment:
// "all of: exam AZ-303 (…), exam AZ-304 (…)". Nil gives "no stated
// requirement".
func (c *Catalogue) Words(r *Requirement, at time.Time) string {
	if r == nil {
		return "no stated requirement"
	}
	switch r.Op {
	case OpExam:
		text := "exam " + r.Code
		if e, ok := c.Exam(r.Code); ok && e.TitleAt(at) != e.Code {
			text += " (" + e.TitleAt(at) + ")"
		}
		return text
	case OpCertification:
		text := "certification " + r.Code
		if k, ok := c.Certification(r.Code); ok && k.TitleAt(at) != k.ID {
			text += " (" + k.TitleAt(at) + ")"
		}
		return text + r.activeWords()
	case OpPractical:
		return "practical: " + r.Code
	}
	var parts []string
	for _, part := range r.Of {
		words := c.Words(part, at)
		if len(part.Of) > 0 {
			words = "(" + words + ")"
		}
		parts = append(parts, words)
	}
	return r.groupWords() + " " + strings.Join(parts, ", ")
}

func (r *Requirement) groupWords() string {
	switch r.Op {
	case OpAll:
		return "all of:"
	case OpAny:
		return "one of:"
	}
	return fmt.Sprintf("at least %d of:", r.N)
}

func (r *Requirement) activeWords() string {
	switch {
	case r.Held:
		return ", held at any time"
	case r.When == WhenExamTaken:
		return ", active when the exam is taken"
	}
	return ", active"
}

// criteria writes a requirement as Markdown.
func (c *Catalogue) criteria(r *Requirement, at time.Time) string {
	if r == nil {
		return "The programme awards it by its own decision."
	}
	if len(r.Of) == 0 {
		return c.leafWords(r, at) + "."
	}
	var b strings.Builder
	b.WriteString(capital(r.groupWords()) + "\n\n")
	c.list(&b, r, at, "")
	return strings.TrimRight(b.String(), "\n")
}

func (c *Catalogue) list(b *strings.Builder, r *Requirement, at time.Time, indent string) {
	for _, part := range r.Of {
		if len(part.Of) == 0 {
			b.WriteString(indent + "- " + c.leafWords(part, at) + "\n")
			continue
		}
		b.WriteString(indent + "- " + part.groupWords() + "\n")
		c.list(b, part, at, indent+"  ")
	}
}

func (c *Catalogue) leafWords(r *Requirement, at time.Time) string {
	switch r.Op {
	case OpExam:
		return "Pass " + c.examWords(r.Code, at)
	case OpCertification:
		title := r.Code
		if k, ok := c.Certification(r.Code); ok {
			title = k.TitleAt(at)
		}
		return "Hold the certification **" + markdown(title) + "**" + r.activeWords()
	}
	return "Pass the practical: " + markdown(r.Code)
}

func (c *Catalogue) examWords(code string, at time.Time) string {
	text := "exam **" + markdown(code) + "**"
	if e, ok := c.Exam(code); ok && e.TitleAt(at) != e.Code {
		text += ": " + markdown(e.TitleAt(at))
	}
	return text
}

// markdown escapes what Markdown would read as markup, and flattens lines.
func markdown(s string) string {
	var b strings.Builder
	for _, r := range strings.Join(strings.Fields(s), " ") {
		if strings.ContainsRune("\\`*_[]<>#&~|!", r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

func capital(s string) string { return strings.ToUpper(s[:1]) + s[1:] }
