package web

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/accolade-badges/accolade/assets/programmes"
	"github.com/accolade-badges/accolade/issuer/catalogue"
)

func TestCriteriaInChinese(t *testing.T) {
	t.Parallel()
	english, chinese := mustLanguages(t)
	for text, want := range map[string]string{
		"Pass exam **AB-1**: First Exam.": "通过考试 **AB-1**：First Exam。",
		"Pass exam **AB-1**.":             "通过考试 **AB-1**。",
		"At least 2 of:\n\n- Pass the practical: P-1\n- one of:\n  - Pass exam **AB-1**: First Exam\n  - Hold the certification **A, B**, held at any time": "" +
			"至少满足以下 2 项：\n\n- 通过实操考核：P-1\n- 满足以下任意一项：\n  - 通过考试 **AB-1**：First Exam\n  - 曾持有认证 **A, B**",
		"The programme awards it by its own decision.": "由认证项目自行决定授予。",
		"Something else that somebody wrote.":          "Something else that somebody wrote.",
	} {
		if got := chinese.criteria(text); got != want {
			t.Errorf("the criteria are %q, want %q", got, want)
		}
		if got := english.criteria(text); got != text {
			t.Errorf("in English the criteria are %q, want them unchanged: %q", got, text)
		}
		for _, line := range strings.Split(text, "\n") { // the English texts are the catalogue's own words
			words := strings.TrimLeft(line, " -")
			if got := english.requirement(words); !strings.EqualFold(got, words) {
				t.Errorf("the catalogue's %q is %q", words, got)
			}
		}
	}
}

func TestEveryRequirementOfTheDemoHasAChineseText(t *testing.T) {
	t.Parallel()
	_, chinese := mustLanguages(t)
	c, findings := catalogue.Parse(programmes.Demo())
	if c == nil {
		t.Fatal(findings)
	}
	inEnglish := regexp.MustCompile(`(?m)^[ -]*([Pp]ass|[Hh]old|[Aa]ll of|[Oo]ne of|[Aa]t least|The )`)
	for _, k := range c.Certifications {
		f, _ := c.AchievementOf(catalogue.KindCertification, k.ID, time.Date(2026, 8, 1, 0, 0, 0, 0, time.UTC))
		if got := chinese.criteria(f.Criteria); inEnglish.MatchString(got) {
			t.Errorf("the criteria of %s say in English:\n%s", k.ID, got)
		}
	}
}
