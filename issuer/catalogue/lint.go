package catalogue

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// linter looks for what a catalogue may lack without being refused.
type linter struct {
	*log
	c *Catalogue
	// families holds, for each exam, the types of the certifications that name
	// it themselves.
	families [][]string
}

// lint adds the warnings about a catalogue that has no errors.
func lint(c *Catalogue, l *log, exams, certifications []object) {
	t := &linter{log: l, c: c, families: make([][]string, len(c.Exams))}
	for i, k := range c.Certifications {
		for _, e := range c.index.rules[i].exams {
			if k.Type != "" && !slices.Contains(t.families[e], k.Type) {
				t.families[e] = append(t.families[e], k.Type)
			}
		}
	}
	for i := range c.Exams {
		t.exam(i, exams[i])
	}
	for i := range c.Certifications {
		k, o := &c.Certifications[i], certifications[i]
		if k.Title == "" {
			t.warn(o.row("title"), "title", "has no title", "its id is shown instead; add a title")
		}
		t.requirement(k, o)
		t.validity(k, o)
		t.details(i, o)
		t.certificationLinks(i, o)
		t.renewal(i, o)
		t.status(k.Status, o)
		t.retired(i, o)
	}
}

func (t *linter) exam(i int, o object) {
	e := &t.c.Exams[i]
	if e.Title == "" {
		t.warn(o.row("title"), "title", "has no title", "its code is shown instead; add a title")
	}
	// S-06: role-based, specialty and fundamentals exams point to a study
	// guide, MOS exams to a list of skills.
	needsGuide := slices.ContainsFunc(t.families[i], func(f string) bool {
		return f == "role-based" || f == "specialty" || f == "fundamentals"
	})
	if needsGuide && e.Links.StudyGuide == "" {
		t.warn(o.row("links.studyGuide"), "S-06", "an exam of its family needs a study guide", "add the link")
	}
	if slices.Contains(t.families[i], "mos") && e.Links.SkillsList == "" {
		t.warn(o.row("links.skillsList"), "S-06", "an exam of its family needs a list of skills", "add the link")
	}
	own := []string{e.Code}
	t.foreign(o.row("links"), e.Links, own)
	t.foreignPreparation(o.row("preparation"), e.Preparation, own)
	t.status(e.Status, o)
}

func (t *linter) status(status string, o object) {
	if status != "" && !slices.Contains([]string{"active", "beta", "retiring", "retired", "renamed", "unknown"}, status) {
		t.warn(o.row("status"), "status", fmt.Sprintf("%q is not known", status), "use active, beta, retiring, retired, renamed or unknown")
	}
}

// requirement warns about certifications that no rule can award.
func (t *linter) requirement(k *Certification, o object) {
	if k.Requires == nil {
		t.warn(o.row("requires"), "requires", "tells no requirement: it is never awarded by rule", "add the expression when a source tells it")
		return
	}
	if len(k.Requires.codes(OpPractical)) > 0 {
		t.warn(o.row("requires"), "practical", "asks for a practical: it is never awarded by rule", "award it by hand")
	}
}

func (t *linter) validity(k *Certification, o object) {
	v := k.Validity
	if v.Policy == "unknown" {
		t.warn(o.row("validity.policy"), "validity", "no source tells the validity: it is awarded without expiry", "name a policy when it is known")
		return
	}
	if v.Policy == "" && v.Months == 0 && len(v.Rows) == 0 &&
		!slices.ContainsFunc(t.c.Policies, func(p Policy) bool { return slices.Contains(p.AppliesTo, k.Type) }) {
		t.warn(o.row("validity"), "validity", "says nothing: it is awarded without expiry", "name a policy")
	}
	if p, ok := t.c.Policy(v.Policy); ok && len(p.AppliesTo) > 0 && !slices.Contains(p.AppliesTo, k.Type) {
		t.warn(o.row("validity.policy"), "validity", fmt.Sprintf("the policy %q does not apply to the type %q", p.ID, k.Type), "correct the type or the policy")
	}
}

// details checks S-03: the exams required, the skills measured, how to prepare
// and where to register.
func (t *linter) details(i int, o object) {
	k := &t.c.Certifications[i]
	var lacks []string
	skills, preparation, register := len(k.Skills) > 0, len(k.Preparation) > 0, k.Links.Register != ""
	exams := t.c.index.rules[i].exams
	for _, e := range exams {
		x := &t.c.Exams[e]
		skills = skills || len(x.Skills) > 0
		preparation = preparation || len(x.Preparation) > 0 || x.Links.StudyGuide != ""
		register = register || x.Links.Register != ""
	}
	if len(exams) == 0 {
		lacks = append(lacks, "an exam of its own")
		register = true // nothing to register for
	}
	for _, need := range []struct {
		there bool
		what  string
	}{{skills, "the skills measured"}, {preparation, "how to prepare"}, {register, "a link to register"}} {
		if !need.there {
			lacks = append(lacks, need.what)
		}
	}
	if len(lacks) > 0 {
		t.warn(o.row(""), "S-03", "its details page lacks "+strings.Join(lacks, ", "), "add skills, preparation and links.register to it or to its exams")
	}
}

func (t *linter) certificationLinks(i int, o object) {
	k := &t.c.Certifications[i]
	var own []string
	for _, e := range t.c.index.rules[i].exams {
		own = append(own, t.c.Exams[e].Code)
	}
	t.foreign(o.row("links"), k.Links, own)
	t.foreignPreparation(o.row("preparation"), k.Preparation, own)
}

func (t *linter) foreign(row string, l Links, own []string) {
	for _, address := range []string{l.Page, l.Register, l.StudyGuide, l.SkillsList} {
		t.foreignLink(row, address, own)
	}
}

func (t *linter) foreignPreparation(row string, list []Preparation, own []string) {
	for _, p := range list {
		t.foreignLink(row, p.URL, own)
	}
}

// foreignLink checks S-12: a link that leads to another exam's page. Only the
// path counts, so that locale and campaign parts of an address do not matter.
func (t *linter) foreignLink(row, address string, own []string) {
	u, err := url.Parse(address)
	if address == "" || err != nil {
		return
	}
	path := strings.ToLower(u.Path)
	for _, code := range own {
		if namesCode(path, fold(code)) {
			return
		}
	}
	for _, e := range t.c.Exams {
		if namesCode(path, fold(e.Code)) {
			t.warn(row, "S-12", fmt.Sprintf("the link %s leads to %s, not to %s", address, e.Code, strings.Join(own, " or ")), "correct the link or the code")
			return
		}
	}
}

// namesCode finds a code in a path, not as a piece of a longer word.
func namesCode(path, code string) bool {
	for rest, offset := path, 0; ; {
		at := strings.Index(rest, code)
		if at < 0 {
			return false
		}
		start, end := offset+at, offset+at+len(code)
		if (start == 0 || !alphanumeric(path[start-1])) && (end == len(path) || !alphanumeric(path[end])) {
			return true
		}
		offset = start + 1
		rest = path[offset:]
	}
}

func alphanumeric(b byte) bool { return b >= 'a' && b <= 'z' || b >= '0' && b <= '9' }

// renewal checks S-81: the languages of a renewal assessment are those of the
// exam.
func (t *linter) renewal(i int, o object) {
	k := &t.c.Certifications[i]
	if k.Renewal.Kind != "online-assessment" || k.Requires == nil {
		return
	}
	for _, code := range k.Requires.ExamCodes() {
		e, _ := t.c.Exam(code)
		if len(e.Languages) == 0 {
			t.warn(o.row("renewal"), "S-81", fmt.Sprintf("exam %s lists no languages, so those of the assessment are not known", e.Code), "add the languages of the exam")
			continue
		}
		if len(k.Renewal.Languages) == 0 {
			continue
		}
		var gap []string
		for _, language := range e.Languages {
			if !slices.Contains(k.Renewal.Languages, language) {
				gap = append(gap, language)
			}
		}
		if len(gap) > 0 {
			t.warn(o.row("renewal.languages"), "S-81", fmt.Sprintf("the assessment lacks languages of exam %s: %s", e.Code, strings.Join(gap, ", ")), "add them, or take them from the exam")
		}
	}
}

// retired warns about a certification that is told to be active while an exam
// that it cannot do without has retired.
func (t *linter) retired(i int, o object) {
	k := &t.c.Certifications[i]
	if k.Status != "active" || k.Requires == nil {
		return
	}
	if !t.possible(k.Requires) {
		t.warn(o.row("status"), "retired", "is told to be active, but exams that it needs have retired",
			"correct retiredOn of the exams, or the requirement")
	}
}

// possible reports whether a requirement can be met without a retired exam.
func (t *linter) possible(r *Requirement) bool {
	if r.Op == OpExam {
		e, _ := t.c.Exam(r.Code)
		return e.RetiredOn.IsZero()
	}
	if len(r.Of) == 0 {
		return true
	}
	n := 0
	for _, part := range r.Of {
		if t.possible(part) {
			n++
		}
	}
	return r.Op == OpAll && n == len(r.Of) || r.Op == OpAny && n > 0 || r.Op == OpAtLeast && n >= r.N
}
