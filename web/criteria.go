package web

import (
	"regexp"
	"strings"
)

// requirements are the lines with which the catalogue tells what a badge takes,
// each with the key of its text, and names of its parts.
var requirements = []struct {
	line  *regexp.Regexp
	key   string
	parts []string
}{
	{regexp.MustCompile(`^Pass exam (\*\*.+?\*\*): (.+)$`), "badge.criteria.exam-titled", []string{"Code", "Title"}},
	{regexp.MustCompile(`^Pass exam (\*\*.+?\*\*)$`), "badge.criteria.exam", []string{"Code"}},
	{regexp.MustCompile(`^Pass the practical: (.+)$`), "badge.criteria.practical", []string{"Code"}},
	{regexp.MustCompile(`^Hold the certification (\*\*.+\*\*), active$`), "badge.criteria.active", []string{"Title"}},
	{regexp.MustCompile(`^Hold the certification (\*\*.+\*\*), active when the exam is taken$`), "badge.criteria.active-then", []string{"Title"}},
	{regexp.MustCompile(`^Hold the certification (\*\*.+\*\*), held at any time$`), "badge.criteria.held", []string{"Title"}},
	{regexp.MustCompile(`^[Aa]ll of:$`), "badge.criteria.all", nil},
	{regexp.MustCompile(`^[Oo]ne of:$`), "badge.criteria.any", nil},
	{regexp.MustCompile(`^[Aa]t least (\d+) of:$`), "badge.criteria.some", []string{"Count"}},
	{regexp.MustCompile(`^The programme awards it by its own decision$`), "badge.criteria.decision", nil},
}

// criteria tells in this language what a badge takes. The catalogue says it in
// English, in Markdown; a line that it does not write stays as it is.
func (l *locale) criteria(text string) string {
	if l.english() {
		return text
	}
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		words := strings.TrimLeft(line, " -")
		lines[i] = line[:len(line)-len(words)] + l.requirement(words)
	}
	return strings.Join(lines, "\n")
}

// requirement says one line of criteria.
func (l *locale) requirement(line string) string {
	words, ended := strings.CutSuffix(line, ".")
	for _, r := range requirements {
		found := r.line.FindStringSubmatch(words)
		if found == nil {
			continue
		}
		var args []any
		for i, part := range r.parts {
			args = append(args, part, found[i+1])
		}
		text := l.T(r.key, args...)
		if ended {
			text += l.T("badge.criteria.end")
		}
		return text
	}
	return line
}
