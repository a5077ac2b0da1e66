package catalogue

import (
	"fmt"
	"slices"
)

func parseExam(o object) Exam {
	o.id = o.text("code")
	o.known("code", "title", "titleNote", "titles", "titleHistory", "description", "descriptions", "level", "roles", "products", "languages",
		"providers", "skills", "skillsAsOf", "status", "statusNote", "availableFrom", "retiredOn", "retirementStatements",
		"retiredSource", "replacedBy", "replacedBySource", "noDirectReplacement", "contentUpdates", "seenInDocs",
		"seenInWeeklyList", "sources", "delivery", "kind", "note", "links", "preparation", "badge")
	statementDates(o)
	return Exam{
		Code: o.code("code"), Title: o.text("title"), Titles: o.languages("titles"), TitleHistory: parseTitles(o),
		Description: o.text("description"), Descriptions: o.languages("descriptions"), Level: o.text("level"), Status: o.text("status"),
		Roles: o.texts("roles"), Products: o.texts("products"), Languages: o.texts("languages"), Providers: o.texts("providers"),
		Skills: parseSkills(o, "skills"), AvailableFrom: o.date("availableFrom"), RetiredOn: o.date("retiredOn"),
		ReplacedBy: o.texts("replacedBy"), Links: parseLinks(o), Preparation: parsePreparation(o), Badge: parseBadge(o),
	}
}

func parseCertification(o object) Certification {
	o.id = o.text("id")
	o.known("id", "idNote", "title", "titles", "titleHistory", "titleStatements", "description", "descriptions", "type", "level", "difficulty",
		"roles", "products", "skills", "requires", "requirementsHistory", "requirementsConfidence", "validity", "renewal",
		"status", "statusNote", "retiredOn", "retiredSource", "retirementStatements", "legacyOf", "hidden", "succeededBy",
		"continues", "migratesTo", "sources", "seenInDocs", "seenInWeeklyList", "order", "prerequisites", "note", "links",
		"preparation", "badge")
	statementDates(o)
	c := Certification{
		ID: o.code("id"), Title: o.text("title"), Titles: o.languages("titles"), TitleHistory: parseTitles(o),
		Description: o.text("description"), Descriptions: o.languages("descriptions"), Type: o.text("type"), Level: o.text("level"), Difficulty: o.text("difficulty"),
		Status: o.text("status"), Roles: o.texts("roles"), Products: o.texts("products"), Skills: parseSkills(o, "skills"),
		RetiredOn: o.date("retiredOn"), Links: parseLinks(o), Preparation: parsePreparation(o), Badge: parseBadge(o),
		Hidden: o.truth("hidden"), LegacyOf: o.text("legacyOf"), Continues: o.text("continues"),
	}
	if n, ok := o.members["requires"]; !ok {
		o.l.error(o.row("requires"), "shape", `the member "requires" is missing`, "write an expression, or null when no source tells it")
	} else {
		c.Requires = parseRequirement(o, "requires", n, 0)
	}
	if s, ok := o.object("succeededBy"); ok {
		c.SucceededBy, c.SucceededOn = s.required("id"), s.date("seenFrom")
	}
	for _, h := range o.objects("requirementsHistory") {
		c.History = append(c.History, parseHistory(h, len(c.History) == 0))
	}
	slices.SortStableFunc(c.History, func(a, b HistoryRow) int { return a.SeenFrom.Compare(b.SeenFrom) })
	for i := 1; i < len(c.History); i++ {
		if c.History[i].SeenFrom.Equal(c.History[i-1].SeenFrom) {
			o.l.error(o.row("requirementsHistory"), "duplicate",
				"two rows are seen from "+day(c.History[i].SeenFrom), "keep one row for a day")
		}
	}
	c.Validity = parseValidity(o)
	if r, ok := o.object("renewal"); ok {
		c.Renewal = Renewal{Kind: r.text("kind"), Minutes: r.whole("minutes", 0), Languages: r.texts("languages"), Skills: parseSkills(r, "skills")}
	}
	return c
}

func parseHistory(h object, first bool) HistoryRow {
	h.known("seenFrom", "requires", "source", "sources", "confidence", "note")
	row := HistoryRow{SeenFrom: h.date("seenFrom"), Confidence: h.text("confidence"), Source: h.text("source")}
	if _, ok := h.member("seenFrom"); !ok && !first {
		h.l.error(h.row("seenFrom"), "date", "is missing", "say from which day the requirement was in force")
	}
	if n, ok := h.members["requires"]; !ok {
		h.l.error(h.row("requires"), "shape", `the member "requires" is missing`, "write an expression, or null when no source tells it")
	} else {
		row.Requires = parseRequirement(h, "requires", n, 0)
	}
	return row
}

func parseValidity(o object) Validity {
	v, ok := o.object("validity")
	if !ok {
		return Validity{}
	}
	v.known("months", "policy", "validityMonths", "note", "confidence", "source")
	return Validity{Policy: v.text("policy"), Months: v.whole("months", 1), Rows: parseValidityRows(v)}
}

// maxExpression bounds how deep an expression nests; the deepest real one has
// four levels.
const maxExpression = 16

// parseRequirement reads one expression. It is strict about members, because
// one that is not read would change what is asked.
func parseRequirement(o object, name string, n *node, depth int) *Requirement {
	if n.kind == nullNode && depth == 0 {
		return nil
	}
	if n.kind != objectNode {
		o.shape(name, "a requirement such as {\"exam\": …}", n.kind)
		return nil
	}
	e := object{n, o.l, join(o.path, name), o.id}
	if depth > maxExpression {
		e.l.error(e.row(""), "shape", fmt.Sprintf("nests deeper than %d levels", maxExpression), "write it flatter")
		return nil
	}
	ops := []Op{OpExam, OpCertification, OpAll, OpAny, OpAtLeast, OpPractical}
	var op Op
	for _, m := range e.names {
		switch {
		case slices.Contains(ops, Op(m)) && op == "":
			op = Op(m)
		case slices.Contains(ops, Op(m)):
			e.l.error(e.row(m), "shape", fmt.Sprintf("stands beside %q", op), "put both into {\"all\": […]} or {\"any\": […]}")
		case m != "note" && !(slices.Contains(e.names, "certification") && (m == "mustBe" || m == "when")):
			e.l.error(e.row(m), "shape", fmt.Sprintf("the member %q has no meaning in this requirement", m), "take it out or correct its spelling")
		}
	}
	r := &Requirement{Op: op, row: e.row("")}
	switch op {
	case "":
		e.l.error(e.row(""), "shape", "names none of exam, certification, all, any, atLeast, practical", "write one of them")
	case OpExam:
		r.Code = e.required("exam")
	case OpCertification:
		r.Code = e.required("certification")
		parseMustBe(e, r)
	case OpPractical:
		r.Code = e.required("practical")
	case OpAtLeast:
		s, ok := e.object("atLeast")
		if !ok {
			if s, there := e.members["atLeast"]; there && s.kind == nullNode {
				e.shape("atLeast", "an object {n, of}", nullNode)
			}
			return r
		}
		s.known("n", "of", "note")
		r.Of = parseParts(s, "of", depth)
		r.N = s.whole("n", 1)
		if _, ok := s.member("n"); !ok {
			s.l.error(s.row("n"), "shape", `the member "n" is missing`, "say how many of the parts are needed")
		} else if r.N > len(r.Of) {
			s.l.error(s.row("n"), "shape", fmt.Sprintf("asks for %d of %d parts", r.N, len(r.Of)), "write a number from 1 to the number of parts")
		}
	default:
		r.Of = parseParts(e, string(op), depth)
	}
	return r
}

func parseParts(o object, name string, depth int) []*Requirement {
	n, ok := o.members[name]
	if !ok || n.kind != arrayNode {
		got := nullNode
		if ok {
			got = n.kind
		}
		o.shape(name, "a list of requirements", got)
		return nil
	}
	if len(n.items) == 0 {
		o.l.error(o.row(name), "shape", "is empty", "name at least one requirement")
	}
	var parts []*Requirement
	for i, item := range n.items {
		if part := parseRequirement(o, fmt.Sprintf("%s[%d]", name, i), item, depth+1); part != nil {
			parts = append(parts, part)
		}
	}
	return parts
}

func parseMustBe(e object, r *Requirement) {
	switch mustBe := e.text("mustBe"); mustBe {
	case "", "active":
	case "held":
		r.Held = true
	default:
		e.l.error(e.row("mustBe"), "shape", fmt.Sprintf("%q is not known", mustBe), `write "active", or "held" when an expired one is enough`)
	}
	r.WhenText = e.text("when")
	switch fold(r.WhenText) {
	case "", "at the same time", "at the time of the award", "award":
	case "at the time of the exam", "on the day of the exam", "exam":
		r.When = WhenExamTaken
	default:
		e.l.warn(e.row("when"), "requires", fmt.Sprintf("%q is not understood and is read as the moment of the award", r.WhenText),
			`write "at the time of the exam" or "at the same time"`)
	}
}
