package catalogue

import (
	"fmt"
	"slices"
)

// Parse reads a catalogue. Errors refuse the file, and all of them are listed:
// the catalogue is nil exactly when one of the findings is an [Error].
// Warnings let it load. Findings come in the order of the file, those of the
// checks across rows after those of the rows.
func Parse(data []byte) (*Catalogue, []Finding) {
	l := &log{}
	root, err := readTree(data, l)
	if err != nil {
		l.error("$", "json", err.Error(), "save the catalogue as JSON in UTF-8")
		return nil, l.findings
	}
	if root.kind != objectNode {
		l.error("$", "shape", "must be an object, is "+root.kind.String(), "start the file with {")
		return nil, l.findings
	}
	o := object{node: root, l: l}
	if format := o.text("format"); format != Format {
		l.error("format", "format", fmt.Sprintf("is %q", format), fmt.Sprintf("write %q; no other form is read", Format))
	}
	o.known("format", "programme", "asOf", "sources", "policies", "exams", "certifications", "renewalRoadmap2021", "mail", "note")
	c := &Catalogue{AsOf: o.text("asOf"), Programme: parseProgramme(o), Mail: parseMail(o)}
	for _, s := range o.objects("sources") {
		s.id = s.text("id")
		c.Sources = append(c.Sources, Source{s.code("id"), s.text("what"), s.text("date"), s.text("kind")})
	}
	for _, p := range o.objects("policies") {
		c.Policies = append(c.Policies, parsePolicy(p))
	}
	for _, list := range []string{"exams", "certifications"} {
		if _, ok := o.members[list]; !ok {
			l.error(list, "shape", "the list is missing", "add it; an empty list is []")
		} else if root.members[list].kind == nullNode {
			o.shape(list, "a list of objects", nullNode)
		}
	}
	exams, certifications := o.objects("exams"), o.objects("certifications")
	for i, e := range exams {
		c.Exams = append(c.Exams, parseExam(e))
		exams[i].id = c.Exams[i].Code
	}
	for i, k := range certifications {
		c.Certifications = append(c.Certifications, parseCertification(k))
		certifications[i].id = c.Certifications[i].ID
	}
	checkReferences(c, l, exams, certifications)
	if l.failed {
		return nil, l.findings
	}
	c.complete(l, certifications)
	checkCycles(c, l, certifications)
	if l.failed {
		return nil, l.findings
	}
	c.index = newIndex(c)
	lint(c, l, exams, certifications)
	return c, l.findings
}

func parseProgramme(root object) Programme {
	o, ok := root.object("programme")
	if !ok {
		if _, there := root.member("programme"); !there {
			root.l.error("programme", "shape", "the object is missing", `add {"id": …, "name": …}`)
		}
		return Programme{}
	}
	o.known("id", "name", "names", "owner", "url", "testVendors", "earnerId", "note", "description")
	o.id = o.text("id")
	return Programme{ID: o.code("id"), Name: o.required("name"), Names: o.languages("names"), Owner: o.text("owner"), URL: o.link("url")}
}

// parsePolicy reads what the rules need; policies carry any number of further
// facts, which are not judged.
func parsePolicy(o object) Policy {
	o.id = o.text("id")
	return Policy{
		ID: o.code("id"), Rule: o.text("rule"), AppliesTo: o.texts("appliesTo"),
		Validity: parseValidityRows(o), Months: o.whole("months", 1),
	}
}

func parseValidityRows(o object) []ValidityRow {
	var rows []ValidityRow
	for _, r := range o.objects("validityMonths") {
		r.known("earnedFrom", "earnedBefore", "months", "note", "source", "sources")
		row := ValidityRow{From: r.date("earnedFrom"), Before: r.date("earnedBefore"), Months: r.whole("months", 1)}
		if _, ok := r.members["months"]; !ok {
			r.l.error(r.row("months"), "shape", `the member "months" is missing`, "write a number of months, or null for a validity without end")
		}
		if !row.From.IsZero() && !row.Before.IsZero() && !row.From.Before(row.Before) {
			r.l.error(r.row("earnedBefore"), "date", "is not after earnedFrom", "put the two dates in order")
		}
		rows = append(rows, row)
	}
	slices.SortStableFunc(rows, func(a, b ValidityRow) int { return a.From.Compare(b.From) })
	for i := 1; i < len(rows); i++ {
		if rows[i-1].Before.IsZero() || rows[i].From.Before(rows[i-1].Before) {
			o.l.error(o.row("validityMonths"), "validity", "two rows count for the same day", "end one row where the next begins")
		}
	}
	return rows
}

// parseSkills reads skills as texts or as {lang, text}.
func parseSkills(o object, name string) []Skill {
	n, ok := o.member(name)
	if !ok {
		return nil
	}
	if n.kind != arrayNode {
		o.shape(name, "a list of skills", n.kind)
		return nil
	}
	var skills []Skill
	for i, item := range n.items {
		at := fmt.Sprintf("%s[%d]", name, i)
		switch item.kind {
		case stringNode:
			skills = append(skills, Skill{Text: item.text})
		case objectNode:
			s := object{item, o.l, join(o.path, at), o.id}
			skills = append(skills, Skill{Lang: s.text("lang"), Text: s.required("text")})
		default:
			o.shape(at, "text or {lang, text}", item.kind)
		}
	}
	return skills
}

func parseTitles(o object) []TitleRow {
	var rows []TitleRow
	for _, t := range o.objects("titleHistory") {
		row := TitleRow{Title: t.required("title"), SeenFrom: t.date("seenFrom")}
		if row.SeenFrom.IsZero() && len(rows) > 0 {
			t.l.error(t.row("seenFrom"), "date", "is missing", "say from which day the title was in use")
		}
		rows = append(rows, row)
	}
	slices.SortStableFunc(rows, func(a, b TitleRow) int { return a.SeenFrom.Compare(b.SeenFrom) })
	return rows
}

func parseLinks(o object) Links {
	s, ok := o.object("links")
	if !ok {
		return Links{}
	}
	s.known("page", "register", "studyGuide", "skillsList")
	return Links{Page: s.link("page"), Register: s.link("register"), StudyGuide: s.link("studyGuide"), SkillsList: s.link("skillsList")}
}

// parsePreparation drops entries of an unknown kind with a warning (S-07).
func parsePreparation(o object) []Preparation {
	var list []Preparation
	for _, p := range o.objects("preparation") {
		p.known("kind", "title", "url")
		entry := Preparation{Kind: p.required("kind"), Title: p.text("title"), URL: p.link("url")}
		if !slices.Contains(PreparationKinds(), entry.Kind) {
			p.l.warn(p.row("kind"), "S-07", fmt.Sprintf("%q is no kind of preparation; the entry is left out", entry.Kind),
				fmt.Sprintf("use one of %q", PreparationKinds()))
			continue
		}
		list = append(list, entry)
	}
	return list
}

func parseBadge(o object) *Badge {
	s, ok := o.object("badge")
	if !ok {
		return nil
	}
	s.known("from", "note")
	if _, ok := s.members["from"]; !ok {
		s.l.error(s.row("from"), "shape", `the member "from" is missing`, "say from which day results earn a badge")
	}
	return &Badge{From: s.date("from")}
}

// statementDates warns about stated dates that are none: they tell what a
// source printed and decide nothing.
func statementDates(o object) {
	for _, s := range o.objects("retirementStatements") {
		text := s.text("date")
		if _, err := ParseDate(text); err != nil {
			s.l.warn(s.row("date"), "date", err.Error(), "it decides nothing; correct it or leave it as the source prints it")
		}
	}
}
