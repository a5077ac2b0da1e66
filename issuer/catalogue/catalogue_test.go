package catalogue

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// mustRead reads one of the real catalogues, which stand beside the repository.
func mustRead(tb testing.TB, name string) []byte {
	tb.Helper()
	path := filepath.Join("..", "..", "..", "shared", "fixtures", "catalogue", name)
	data, err := os.ReadFile(path)
	if err != nil {
		tb.Skipf("the real catalogues are not here: %v", err)
	}
	return data
}

// mustParse reads a catalogue that has no errors.
func mustParse(tb testing.TB, data []byte) *Catalogue {
	tb.Helper()
	c, findings := Parse(data)
	if c == nil {
		for _, f := range findings {
			if f.Level == Error {
				tb.Errorf("Parse: %v", f)
			}
		}
		tb.FailNow()
	}
	return c
}

func mustDemo(tb testing.TB) []byte {
	tb.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "assets", "programmes", "demo.json"))
	if err != nil {
		tb.Fatal(err)
	}
	return data
}

func at(s string) time.Time {
	t, err := ParseDate(s)
	if err != nil {
		panic(err)
	}
	return t
}

func TestTitlesFollowTheDate(t *testing.T) {
	c := mustParse(t, mustDemo(t))
	e, _ := c.Exam("cl-210")
	k, _ := c.Certification("cloud-developer")
	for _, test := range []struct{ name, got, want string }{
		{"before the first row", e.TitleAt(at("2022-01-01")), "Cloud Operations and Administration"},
		{"on the day before the change", e.TitleAt(at("2024-02-29")), "Cloud Operations and Administration"},
		{"on the day of the change", e.TitleAt(at("2024-03-01")), "Cloud Administration"},
		{"certification before", k.TitleAt(at("2023-08-31")), "Sample Certified: Cloud Programmer Associate"},
		{"certification after", k.TitleAt(at("2023-09-01")), "Sample Certified: Cloud Developer Associate"},
	} {
		if test.got != test.want {
			t.Errorf("%s: got %q, want %q", test.name, test.got, test.want)
		}
	}
}

func TestBadgesFollowTheirMark(t *testing.T) {
	c := mustParse(t, mustDemo(t))
	marked, _ := c.Exam("CL-100")
	plain, _ := c.Exam("CL-220")
	k, _ := c.Certification("cloud-foundations")
	for _, test := range []struct {
		name      string
		got, want bool
	}{
		{"an exam before its mark", marked.Badged(at("2021-12-31")), false},
		{"an exam from its mark on", marked.Badged(at("2022-01-01")), true},
		{"an exam without a mark", plain.Badged(at("2025-01-01")), false},
		{"a certification without a mark", k.Badged(at("2001-01-01")), true},
	} {
		if test.got != test.want {
			t.Errorf("%s: got %v, want %v", test.name, test.got, test.want)
		}
	}
	marks := mustParse(t, file(`{"code":"A","title":"A"}`,
		`{"id":"k","title":"K","requires":{"exam":"A"},"badge":{"from":"2020-06-01"}}`))
	for day, want := range map[string]bool{"2020-05-31": false, "2020-06-01": true} {
		d := marks.Decide([]Pass{{"r", "A", at(day)}}, nil, nil, at("2026-01-01"))
		if len(d) != 1 || !d[0].Attained || d[0].Badge != want {
			t.Errorf("Decide on %s: got %+v, want attained with badge %v", day, d, want)
		}
	}
}

func TestS16OnePassEarnsAnExamBadgeAndCounts(t *testing.T) {
	c := mustParse(t, mustDemo(t))
	when := at("2023-05-01")
	e, _ := c.Exam("CL-210")
	d := c.Decide([]Pass{{"r", "CL-210", when}}, nil, []string{"cloud-administrator"}, at("2026-01-01"))
	if !e.Badged(when) || len(d) != 1 || !d[0].Attained || !d[0].Badge {
		t.Errorf("exam badge %v, decision %+v; want both", e.Badged(when), d)
	}
	own, _ := c.AchievementOf(KindExam, "CL-210", when)
	whole, _ := c.AchievementOf(KindCertification, "cloud-administrator", when)
	if own.Shape == whole.Shape || own.Title == whole.Title {
		t.Errorf("the two badges look alike: %q %q and %q %q", own.Shape, own.Title, whole.Shape, whole.Title)
	}
}

func TestAffectedReachesThroughOthers(t *testing.T) {
	c := mustParse(t, mustDemo(t))
	for exam, want := range map[string][]string{
		"CL-200": {"cloud-administrator", "cloud-architect", "reliability-engineer"},
		"cl-220": {"cloud-developer", "reliability-engineer"},
		"CL-400": {"reliability-engineer"},
		"none":   nil,
	} {
		if diff := cmp.Diff(want, c.Affected(exam)); diff != "" {
			t.Errorf("Affected(%s): -want +got\n%s", exam, diff)
		}
	}
}

func TestMonthsAreCalendarMonths(t *testing.T) {
	for _, test := range []struct {
		from string
		n    int
		want string
	}{
		{"2021-08-31", -6, "2021-02-28"},
		{"2020-08-31", -6, "2020-02-29"},
		{"2020-02-29", 12, "2021-02-28"},
		{"2021-06-29", 24, "2023-06-29"},
		{"2021-12-31T23:59:59Z", 2, "2022-02-28T23:59:59Z"},
		{"2021-07-01T01:00:00+02:00", 1, "2021-07-30T23:00:00Z"},
	} {
		if got := AddMonths(at(test.from), test.n); !got.Equal(at(test.want)) {
			t.Errorf("AddMonths(%s, %d) = %v, want %s", test.from, test.n, got, test.want)
		}
	}
}

func TestAchievementSaysWhatTheCatalogueSaysThen(t *testing.T) {
	c := mustParse(t, mustDemo(t))
	f, ok := c.AchievementOf(KindCertification, "cloud-architect", at("2023-05-01"))
	if !ok {
		t.Fatal("AchievementOf(cloud-architect): none")
	}
	criteria := "All of:\n\n" +
		"- Hold the certification **Sample Certified: Cloud Administrator Associate**, active\n" +
		"- Pass exam **CL-301**: Cloud Solution Design\n" +
		"- Pass exam **CL-302**: Cloud Solution Delivery"
	if diff := cmp.Diff(criteria, f.Criteria); diff != "" {
		t.Errorf("criteria: -want +got\n%s", diff)
	}
	if f.Shape != "expert" || f.Months != 24 || f.Validity != "valid for 24 months from the day earned" ||
		f.Titles["zh-CN"] != "示例认证：云架构师（专家级）" || len(f.Skills) != 6 || !slices.Equal(f.Languages, []string{"en", "zh-cn"}) {
		t.Errorf("AchievementOf(cloud-architect) = %+v", f)
	}
	older, _ := c.AchievementOf(KindCertification, "cloud-administrator", at("2022-05-01"))
	if want := "Pass exam **CL-200**: Cloud Operations."; older.Criteria != want {
		t.Errorf("criteria under the older requirement: got %q, want %q", older.Criteria, want)
	}
	renamed, _ := c.AchievementOf(KindExam, "CL-210", at("2023-05-01"))
	if renamed.Title != "Cloud Operations and Administration" || renamed.Titles != nil || renamed.Shape != "exam" {
		t.Errorf("AchievementOf(CL-210) before the rename = %+v", renamed)
	}
	for _, kind := range []string{KindCertification, KindExam, "other"} {
		if _, ok := c.AchievementOf(kind, "nothing", at("2023-05-01")); ok {
			t.Errorf("AchievementOf(%s, nothing) gave one", kind)
		}
	}
}

func TestAchievementOfEveryRealRow(t *testing.T) {
	for _, name := range []string{"microsoft.json", "second.json", "third.json"} {
		c := mustParse(t, mustRead(t, name))
		check := func(kind, code string) {
			f, ok := c.AchievementOf(kind, code, at("2026-01-01"))
			if !ok || f.Title == "" || f.Description == "" || f.Criteria == "" || f.Shape == "" || f.Validity == "" {
				t.Errorf("%s: AchievementOf(%s, %s) = %+v, %v", name, kind, code, f, ok)
			}
		}
		for _, e := range c.Exams {
			check(KindExam, e.Code)
		}
		for _, k := range c.Certifications {
			check(KindCertification, k.ID)
		}
	}
}

func TestCriteriaEscapesMarkup(t *testing.T) {
	c := mustParse(t, file(`{"code":"A","title":"<b>_x_</b> [y](z)\n# w"}`, `{"id":"k","title":"K","requires":{"exam":"A"}}`))
	f, _ := c.AchievementOf(KindCertification, "k", at("2026-01-01"))
	want := `Pass exam **A**: \<b\>\_x\_\</b\> \[y\](z) \# w.`
	if f.Criteria != want {
		t.Errorf("criteria: got %q, want %q", f.Criteria, want)
	}
}

func TestAchievementUnderTheRequirementThatCounted(t *testing.T) {
	c := mustParse(t, mustDemo(t))
	for _, test := range []struct{ name, pass, rule, exam string }{
		{"the requirement in force", "CL-210 2023-05-01", "2023-01-01", "CL-210"},
		{"a replaced requirement", "CL-200 2023-05-01", "2021-01-01", "CL-200"},
		{"a requirement that was in force then", "CL-200 2022-05-01", "2021-01-01", "CL-200"},
	} {
		d := c.Decide(passes(test.pass), nil, []string{"cloud-administrator"}, at("2026-11-01"))
		if len(d) != 1 || !d[0].Attained || !d[0].RuleFrom.Equal(at(test.rule)) {
			t.Errorf("%s: Decide = %+v, want it attained under the row of %s", test.name, d, test.rule)
			continue
		}
		f, ok := c.AchievementUnder(KindCertification, "cloud-administrator", d[0].AttainedAt, d[0].RuleFrom)
		if !ok || !slices.Equal(f.Exams, []string{test.exam}) || !strings.Contains(f.Criteria, test.exam) {
			t.Errorf("%s: AchievementUnder = %+v, %v; want exam %s", test.name, f, ok, test.exam)
		}
	}
	always := mustParse(t, file(`{"code":"A","title":"A"}`, `{"id":"k","title":"K","requires":{"exam":"A"}}`))
	d := always.Decide(passes("A 2023-05-01"), nil, nil, at("2026-11-01"))
	if f, ok := always.AchievementUnder(KindCertification, "k", d[0].AttainedAt, d[0].RuleFrom); !d[0].RuleFrom.IsZero() || !ok || !slices.Equal(f.Exams, []string{"A"}) {
		t.Errorf("of a requirement that counts since ever: %v, %+v", d[0].RuleFrom, f)
	}
}
