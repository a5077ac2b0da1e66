package catalogue

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// file wraps exam and certification rows into a whole catalogue without
// policies. Several rows of a kind are separated by commas.
func file(exams, certifications string) []byte {
	return []byte(fmt.Sprintf(`{"format":"catalogue/1","programme":{"id":"p","name":"Sample"},"asOf":"2026-01-01",
"sources":[],"policies":[],"exams":[%s],"certifications":[%s]}`, exams, certifications))
}

func TestRealCataloguesLoadWithWarningsOnly(t *testing.T) {
	for _, test := range []struct {
		name                  string
		exams, certifications int
		rules                 map[string]int // some of the warnings, by rule
	}{
		{"microsoft.json", 221, 175, map[string]int{"title": 32, "validity": 8, "date": 2, "S-03": 175}},
		{"second.json", 15, 16, map[string]int{"S-03": 16}},
		{"third.json", 12, 4, map[string]int{"requires": 1, "practical": 1}},
	} {
		c, findings := Parse(mustRead(t, test.name))
		rules := map[string]int{}
		for _, f := range findings {
			rules[f.Rule]++
			if f.Level == Error {
				t.Errorf("%s: %v", test.name, f)
			}
			if f.Row == "" || f.Message == "" || f.Remedy == "" {
				t.Errorf("%s: a finding without row, message or remedy: %+v", test.name, f)
			}
		}
		if c == nil {
			t.Fatalf("%s does not load", test.name)
		}
		if len(c.Exams) != test.exams || len(c.Certifications) != test.certifications {
			t.Errorf("%s: %d exams and %d certifications, want %d and %d", test.name,
				len(c.Exams), len(c.Certifications), test.exams, test.certifications)
		}
		for rule, want := range test.rules {
			if rules[rule] != want {
				t.Errorf("%s: %d warnings of rule %s, want %d", test.name, rules[rule], rule, want)
			}
		}
		if rules["member"] > 0 {
			t.Errorf("%s: %d warnings about members", test.name, rules["member"])
		}
	}
}

func TestDemoLoadsWithoutAnyFinding(t *testing.T) {
	c, findings := Parse(mustDemo(t))
	for _, f := range findings {
		t.Errorf("%v", f)
	}
	if c == nil || len(c.Exams) < 12 || len(c.Certifications) < 10 {
		t.Fatal("the demo programme is too small")
	}
}

func TestErrorsRefuseTheFile(t *testing.T) {
	const exam = `{"code":"A","title":"A"}`
	cert := func(members string) string { return `{"id":"k","title":"K",` + members + `}` }
	for _, test := range []struct {
		name  string
		data  []byte
		wants []string // row and rule
	}{
		{"no JSON", []byte(`{"format":`), []string{"$ json"}},
		{"no UTF-8", []byte("{\"format\":\"\xff\"}"), []string{"$ json"}},
		{"a list", []byte(`[]`), []string{"$ shape"}},
		{"an empty object", []byte(`{}`), []string{"format format", "programme shape", "exams shape", "certifications shape"}},
		{"another form", []byte(strings.Replace(string(file("", "")), "catalogue/1", "catalogue/2", 1)), []string{"format format"}},
		{"a member twice", file(`{"code":"A","title":"A","title":"B"}`, ""), []string{"exams[0].title duplicate"}},
		{"an exam twice", file(exam+`,{"code":"a","title":"B"}`, ""), []string{"exams[1] (a) duplicate"}},
		{"a certification twice", file(exam, cert(`"requires":{"exam":"A"}`)+","+cert(`"requires":null`)), []string{"certifications[1] (k) duplicate"}},
		{"an exam without a code", file(`{"title":"A"}`, ""), []string{"exams[0].code shape"}},
		{"a code that breaks addresses", file(`{"code":"A/B","title":"A"}`, ""), []string{"exams[0].code (A/B) shape"}},
		{"a title that is a number", file(`{"code":"A","title":5}`, ""), []string{"exams[0].title (A) shape"}},
		{"an exam that is text", file(`"A"`, ""), []string{"exams[0] shape"}},
		{"a date that is none", file(`{"code":"A","title":"A","retiredOn":"2021-02-30"}`, ""), []string{"exams[0].retiredOn (A) date"}},
		{
			"a date with day and month swapped", file(exam, cert(`"requires":{"exam":"A"},"requirementsHistory":[{"seenFrom":"2020-31-12","requires":{"exam":"A"}}]`)),
			[]string{"certifications[0].requirementsHistory[0].seenFrom (k) date"},
		},
		{"a badge without a day", file(`{"code":"A","title":"A","badge":{}}`, ""), []string{"exams[0].badge.from (A) shape"}},
		{"an unknown exam", file(exam, cert(`"requires":{"all":[{"exam":"A"},{"exam":"B"}]}`)), []string{"certifications[0].requires.all[1] (k) unknown-code"}},
		{
			"an unknown exam in the history", file(exam, cert(`"requires":{"exam":"A"},"requirementsHistory":[{"seenFrom":"2020-01-01","requires":{"exam":"B"}},{"seenFrom":"2021-01-01","requires":{"exam":"A"}}]`)),
			[]string{"certifications[0].requirementsHistory[0].requires (k) unknown-code"},
		},
		{"an unknown certification", file(exam, cert(`"requires":{"certification":"x"}`)), []string{"certifications[0].requires (k) unknown-code"}},
		{"an unknown policy", file(exam, cert(`"requires":{"exam":"A"},"validity":{"policy":"x"}`)), []string{"certifications[0].validity.policy (k) unknown-code"}},
		{"an unknown successor", file(exam, cert(`"requires":{"exam":"A"},"succeededBy":{"id":"x","seenFrom":"2020-01-01"}`)), []string{"certifications[0].succeededBy.id (k) unknown-code"}},
		{"an unknown replacement", file(`{"code":"A","title":"A","replacedBy":["B"]}`, ""), []string{"exams[0].replacedBy[0] (A) unknown-code"}},
		{"no requirement at all", file(exam, `{"id":"k","title":"K"}`), []string{"certifications[0].requires (k) shape"}},
		{"an empty expression", file(exam, cert(`"requires":{}`)), []string{"certifications[0].requires (k) shape"}},
		{"two expressions in one", file(exam, cert(`"requires":{"exam":"A","any":[{"exam":"A"}]}`)), []string{"certifications[0].requires.any (k) shape"}},
		{"a member that has no meaning", file(exam, cert(`"requires":{"exam":"A","mustBe":"active"}`)), []string{"certifications[0].requires.mustBe (k) shape"}},
		{"an empty list", file(exam, cert(`"requires":{"all":[]}`)), []string{"certifications[0].requires.all (k) shape"}},
		{"null inside an expression", file(exam, cert(`"requires":{"all":[{"exam":"A"},null]}`)), []string{"certifications[0].requires.all[1] (k) shape"}},
		{"more than there are", file(exam, cert(`"requires":{"atLeast":{"n":2,"of":[{"exam":"A"}]}}`)), []string{"certifications[0].requires.atLeast.n (k) shape"}},
		{
			"less than one", file(exam, cert(`"requires":{"atLeast":{"n":0,"of":[{"exam":"A"}]}}`)),
			[]string{"certifications[0].requires.atLeast.n (k) shape"},
		},
		{"no number", file(exam, cert(`"requires":{"atLeast":{"of":[{"exam":"A"}]}}`)), []string{"certifications[0].requires.atLeast.n (k) shape"}},
		{"an unknown state", file(exam, cert(`"requires":{"certification":"k","mustBe":"shiny"}`)), []string{"certifications[0].requires.mustBe (k) shape"}},
		{"a certification that needs itself", file(exam, cert(`"requires":{"any":[{"exam":"A"},{"certification":"k"}]}`)), []string{"certifications[0].requires (k) cycle"}},
		{
			"two that need each other", file(exam, `{"id":"a","title":"A","requires":{"certification":"b"}},{"id":"b","title":"B","requires":{"all":[{"certification":"a"},{"exam":"A"}]}}`),
			[]string{"certifications[0].requires (a) cycle"},
		},
		{
			"two rows of one day", file(exam, cert(`"requires":{"exam":"A"},"requirementsHistory":[{"seenFrom":"2020-01-01","requires":{"exam":"A"}},{"seenFrom":"2020-01-01","requires":{"exam":"A"}}]`)),
			[]string{"certifications[0].requirementsHistory (k) duplicate"},
		},
		{
			"validity rows that overlap", file(exam, cert(`"requires":{"exam":"A"},"validity":{"validityMonths":[{"earnedFrom":null,"earnedBefore":null,"months":12},{"earnedFrom":"2020-01-01","earnedBefore":null,"months":24}]}`)),
			[]string{"certifications[0].validity.validityMonths (k) validity"},
		},
		{"a link that runs script", file(`{"code":"A","title":"A","links":{"page":"javascript:alert(1)"}}`, ""), []string{"exams[0].links.page (A) shape"}},
		{
			"nested too deep", file(exam, cert(`"requires":`+strings.Repeat(`{"all":[`, 20)+`{"exam":"A"}`+strings.Repeat(`]}`, 20))),
			[]string{"certifications[0].requires" + strings.Repeat(".all[0]", 17) + " (k) shape"},
		},
		{"several faults at once", file(exam+`,`+exam+`,{"code":"B","title":7,"retiredOn":"soon"}`, cert(`"requires":{"exam":"Z"}`)), []string{
			"exams[2].title (B) shape", "exams[2].retiredOn (B) date", "exams[1] (A) duplicate", "certifications[0].requires (k) unknown-code",
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			c, findings := Parse(test.data)
			if c != nil {
				t.Error("the file was not refused")
			}
			var got []string
			for _, f := range findings {
				if f.Level == Error {
					got = append(got, f.Row+" "+f.Rule)
				}
				if f.Message == "" || f.Remedy == "" {
					t.Errorf("a finding without message or remedy: %+v", f)
				}
			}
			if diff := cmp.Diff(test.wants, got); diff != "" {
				t.Errorf("errors: -want +got\n%s\n%v", diff, findings)
			}
		})
	}
}

func TestWarningsLoadTheFile(t *testing.T) {
	const exam = `{"code":"A","title":"A"}`
	cert := func(members string) string { return `{"id":"k","title":"K","requires":{"exam":"A"},` + members + `}` }
	for _, test := range []struct {
		name string
		data []byte
		want string
	}{
		{"a missing title", file(`{"code":"A","title":null}`, ""), "exams[0].title (A) title"},
		{"a certification without a title", file(exam, `{"id":"k","title":null,"requires":{"exam":"A"}}`), "certifications[0].title (k) title"},
		{"no requirement told", file(exam, `{"id":"k","title":"K","requires":null}`), "certifications[0].requires (k) requires"},
		{"a practical", file(exam, `{"id":"k","title":"K","requires":{"all":[{"exam":"A"},{"practical":"lab"}]}}`), "certifications[0].requires (k) practical"},
		{"an unknown validity", file(exam, cert(`"validity":{"policy":"unknown"}`)), "certifications[0].validity.policy (k) validity"},
		{"no validity", file(exam, cert(`"status":"active"`)), "certifications[0].validity (k) validity"},
		{"S-03, no details", file(exam, cert(`"status":"active"`)), "certifications[0] (k) S-03"},
		{"S-06, no study guide", file(exam, cert(`"type":"role-based"`)), "exams[0].links.studyGuide (A) S-06"},
		{"S-06, no list of skills", file(exam, cert(`"type":"mos"`)), "exams[0].links.skillsList (A) S-06"},
		{"S-07, an unknown preparation", file(`{"code":"A","title":"A","preparation":[{"kind":"prayer","url":"https://example.org/a"}]}`, ""), "exams[0].preparation[0].kind (A) S-07"},
		{"S-12, a link to another exam", file(exam+`,{"code":"AZ-9","title":"B","links":{"page":"https://example.org/exams/a/?campaign=x"}}`, ""), "exams[1].links (AZ-9) S-12"},
		{"S-12, a certification's link", file(exam+`,{"code":"B","title":"B"}`, cert(`"links":{"page":"https://example.org/en-us/exams/b"}`)), "certifications[0].links (k) S-12"},
		{"S-81, languages unknown", file(exam, cert(`"renewal":{"kind":"online-assessment"}`)), "certifications[0].renewal (k) S-81"},
		{"S-81, a language is missing", file(`{"code":"A","title":"A","languages":["en","ja"]}`, cert(`"renewal":{"kind":"online-assessment","languages":["en"]}`)), "certifications[0].renewal.languages (k) S-81"},
		{"a member of another form", file(`{"code":"A","title":"A","colour":"red"}`, ""), "exams[0].colour (A) member"},
		{"a stated date that is none", file(`{"code":"A","title":"A","retirementStatements":[{"date":"2019-31-12"}]}`, ""), "exams[0].retirementStatements[0].date (A) date"},
		{"an unknown when", file(exam+`,{"code":"B","title":"B"}`, cert(`"status":"active"`)+`,{"id":"m","title":"M","requires":{"certification":"k","when":"at full moon"}}`), "certifications[1].requires.when (m) requires"},
		{"today differs from the history", file(exam+`,{"code":"B","title":"B"}`, cert(`"requirementsHistory":[{"seenFrom":"2020-01-01","requires":{"exam":"B"}}]`)), "certifications[0].requires (k) history"},
		{"an active one whose exam retired", file(`{"code":"A","title":"A","retiredOn":"2020-01-01"}`, cert(`"status":"active"`)), "certifications[0].status (k) retired"},
		{"an unknown status", file(`{"code":"A","title":"A","status":"ripe"}`, ""), "exams[0].status (A) status"},
	} {
		t.Run(test.name, func(t *testing.T) {
			c, findings := Parse(test.data)
			if c == nil {
				t.Fatalf("the file was refused: %v", findings)
			}
			for _, f := range findings {
				if f.Row+" "+f.Rule == test.want {
					return
				}
			}
			t.Errorf("no warning %q in %v", test.want, findings)
		})
	}
}

func TestLinksToTheOwnExamAreFine(t *testing.T) {
	data := file(`{"code":"AZ-90","title":"A","links":{"page":"https://example.org/de-de/exams/az-90/"}},
		{"code":"AZ-900","title":"B","links":{"page":"https://example.org/exams/az-900?from=az-90"}}`, "")
	_, findings := Parse(data)
	for _, f := range findings {
		if f.Rule == "S-12" {
			t.Errorf("unexpected: %v", f)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(file(`{"code":"A","title":"A"}`, `{"id":"k","title":"K","requires":{"any":[{"exam":"A"},{"practical":"x"}]}}`))
	f.Add(file(`{"code":"A","title":"A","badge":{"from":"2020-01-01"}}`, `{"id":"k","title":"K","requires":null,"requirementsHistory":[{"seenFrom":"2020-01-01","requires":{"exam":"A"}}]}`))
	f.Add([]byte(`{"format":"catalogue/1"}`))
	f.Add([]byte("\ufeff[]"))
	f.Fuzz(func(t *testing.T, data []byte) {
		c, findings := Parse(data)
		failed := false
		for _, x := range findings {
			failed = failed || x.Level == Error
		}
		if failed != (c == nil) {
			t.Fatalf("catalogue %v with findings %v", c != nil, findings)
		}
		if c == nil {
			return
		}
		var passes []Pass
		for _, e := range c.Exams {
			passes = append(passes, Pass{"r" + e.Code, e.Code, at("2024-05-01")})
		}
		c.Decide(passes, nil, nil, at("2026-01-01"))
		if changes := Diff(c, c); len(changes) > 0 {
			t.Fatalf("a catalogue differs from itself: %v", changes)
		}
	})
}
