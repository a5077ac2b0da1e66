package catalogue

import "fmt"

// Level says what a [Finding] does to the file it was found in.
type Level int

const (
	// Warning lets the file load.
	Warning Level = iota
	// Error refuses the file.
	Error
)

// String gives "warning" or "error".
func (l Level) String() string {
	if l == Error {
		return "error"
	}
	return "warning"
}

// Finding is one remark of the lint about a catalogue.
type Finding struct {
	// Level tells whether the finding refuses the file.
	Level Level
	// Row is the JSON path of the faulty value with the id of its row, such as
	// "exams[12].retiredOn (AZ-104)".
	Row string
	// Rule is the short name of the rule: S-03, S-06, S-07, S-12, S-81, or one
	// of json, format, shape, member, date, duplicate, unknown-code, cycle,
	// title, requires, practical, validity, history, retired, status, mail.
	Rule string
	// Message says what is wrong, Remedy what to do about it.
	Message, Remedy string
}

// String gives the finding as one line.
func (f Finding) String() string {
	s := fmt.Sprintf("%s: %s: %s: %s", f.Level, f.Row, f.Rule, f.Message)
	if f.Remedy != "" {
		s += "; " + f.Remedy
	}
	return s
}

// log collects findings while a file is read.
type log struct {
	findings []Finding
	failed   bool
}

func (l *log) error(row, rule, message, remedy string) {
	l.failed = true
	l.findings = append(l.findings, Finding{Error, row, rule, message, remedy})
}

func (l *log) warn(row, rule, message, remedy string) {
	l.findings = append(l.findings, Finding{Warning, row, rule, message, remedy})
}
