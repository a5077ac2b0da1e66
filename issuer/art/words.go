package art

import (
	"slices"
	"strings"
	"unicode"
)

// words are the texts of one badge, taken apart so that nothing is said
// twice: "Example Certified: Cloud Administrator Associate" of level
// "Associate" is a kicker, a title and a level.
type words struct {
	kicker string // small line above the title; may be empty
	title  string
	level  string
	issuer string // empty when the kicker names the issuer
	code   string
	brief  string // code or abbreviation for a small mark; may be empty
}

// maxBrief is the longest code that is drawn large.
const maxBrief = 9

func wordsOf(b Badge) words {
	w := words{
		title: plain(b.Title), level: plain(b.Level), issuer: plain(b.Issuer), code: plain(b.Code),
	}
	if k, rest := splitKicker(w.title); k != "" {
		w.kicker, w.title = k, rest
	}
	w.title = without(w.title, w.level)
	if w.code != "" {
		w.title = strings.TrimSpace(strings.TrimSuffix(w.title, "("+w.code+")"))
	}
	if w.title == "" {
		w.title = plain(b.Title)
	}
	if w.code != "" && strings.Contains(fold(w.kicker), fold(w.code)) {
		w.kicker = ""
	}
	if w.kicker == "" {
		w.kicker, w.issuer = w.issuer, ""
	} else if w.issuer != "" && strings.Contains(fold(w.kicker), fold(w.issuer)) {
		w.issuer = ""
	}
	w.brief = briefly(w.code, plain(b.Title))
	return w
}

func fold(s string) string { return strings.ToLower(s) }

// splitKicker parts "Maker Certified: Title" at its first colon when what
// stands before is short and what follows is not.
func splitKicker(title string) (kicker, rest string) {
	for i, r := range title {
		if r != ':' && r != '：' {
			continue
		}
		kicker, rest = strings.TrimSpace(title[:i]), strings.TrimSpace(title[i+len(string(r)):])
		if n := len([]rune(kicker)); n == 0 || n > 28 || len([]rune(rest)) < 4 {
			return "", ""
		}
		return kicker, rest
	}
	return "", ""
}

// without takes the level off the end of a title that goes on without it.
func without(title, level string) string {
	if level == "" || len(title) <= len(level) {
		return title
	}
	cut := len(title) - len(level)
	if !strings.EqualFold(title[cut:], level) {
		return title
	}
	rest := strings.TrimRight(title[:cut], " ,-–—")
	if rest == "" || len(rest) == cut && !unicode.In(lastRune(rest), unicode.Han) {
		return title // the level is part of a word
	}
	return rest
}

func lastRune(s string) rune {
	r := []rune(s)
	return r[len(r)-1]
}

// briefly is what stands for an achievement where there is room for one
// word: its code when short, or the abbreviation that ends its title.
func briefly(code, title string) string {
	if n := len([]rune(code)); n > 0 && n <= maxBrief {
		return code
	}
	if i := strings.LastIndexByte(title, '('); i > 0 && strings.HasSuffix(title, ")") {
		inner := title[i+1 : len(title)-1]
		if n := len(inner); n >= 2 && n <= 6 && inner == strings.ToUpper(inner) && !strings.Contains(inner, " ") {
			return inner
		}
	}
	return ""
}

// openings are the beginnings of a title at word ends, longest first, never
// more than four words: what a small picture may say in place of it.
func openings(title string) []string {
	fields := strings.Fields(title)
	if len(fields) > 4 {
		fields = fields[:4]
	}
	var out []string
	for n := len(fields); n > 0; n-- {
		out = append(out, strings.TrimRight(strings.Join(fields[:n], " "), ",:;-–—&"))
	}
	return slices.Compact(out)
}
