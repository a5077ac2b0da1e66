package art

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestWordsSayNothingTwice(t *testing.T) {
	for _, c := range []struct {
		name string
		b    Badge
		want words
	}{
		{
			"maker before the colon, level at the end",
			Badge{Title: "Example Certified: Cloud Administrator Associate", Level: "Associate", Issuer: "Example"},
			words{kicker: "Example Certified", title: "Cloud Administrator", level: "Associate"},
		},
		{
			"issuer that the kicker does not name",
			Badge{Title: "Sample Certified: Cloud", Issuer: "Example Programme"},
			words{kicker: "Sample Certified", title: "Cloud", issuer: "Example Programme"},
		},
		{
			"no colon",
			Badge{Title: "Network Professional", Level: "Professional", Issuer: "Example"},
			words{kicker: "Example", title: "Network", level: "Professional"},
		},
		{
			"nothing but the level",
			Badge{Title: "Expert", Level: "Expert"},
			words{title: "Expert", level: "Expert"},
		},
		{
			"level inside a word",
			Badge{Title: "Nonexpert", Level: "Expert"},
			words{title: "Nonexpert", level: "Expert"},
		},
		{
			"abbreviation at the end",
			Badge{Title: "Certified Sample Administrator (CSA)"},
			words{title: "Certified Sample Administrator (CSA)", brief: "CSA"},
		},
		{
			"code at the end and in front",
			Badge{Title: "Exam AX-1: Sample Administration (AX-1)", Code: "AX-1"},
			words{title: "Sample Administration", code: "AX-1", brief: "AX-1"},
		},
		{
			"code too long for a mark",
			Badge{Title: "Sample", Code: "sample-administrator"},
			words{title: "Sample", code: "sample-administrator"},
		},
	} {
		got := wordsOf(c.b)
		if diff := cmp.Diff(c.want, got, cmp.AllowUnexported(words{})); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

func TestCleanText(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"blanks fold", "  a \t\n b  ", "a b"},
		{"composed", "e\u0301", "é"},
		{"override", "\u202eabc\u202c", "abc"},
		{"joiner kept", "क्\u200dष", "क्\u200dष"},
		{"mark without a letter", "\u0489 a", "a"},
		{"broken", "a\xffb", "ab"},
	} {
		if got := plain(c.in); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
	if n := len(clean(strings.Repeat("a", 10_000), maxRunes)); n != maxRunes {
		t.Errorf("%d letters kept, want %d", n, maxRunes)
	}
}

func TestHanForm(t *testing.T) {
	for _, c := range []struct {
		lang, text string
		want       han
	}{
		{"zh-CN", "", hanSimplified},
		{"zh-Hant-TW", "", hanTraditional},
		{"zh_HK", "", hanHongKong},
		{"ja", "", hanJapanese},
		{"", "管理かな", hanJapanese},
		{"en", "한국어", hanKorean},
		{"", "管理", hanSimplified},
	} {
		if got := hanOf(c.lang, c.text); got != c.want {
			t.Errorf("hanOf(%q, %q) = %d, want %d", c.lang, c.text, got, c.want)
		}
	}
}
