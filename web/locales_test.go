package web

import (
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/accolade-badges/accolade/assets"
)

// mustTexts reads every text of a language, plural forms joined.
func mustTexts(t *testing.T, tag string) map[string]string {
	t.Helper()
	names, err := fs.Glob(assets.Locales(), "*."+tag+".json")
	if err != nil || len(names) == 0 {
		t.Fatalf("words in %s: %v %v", tag, names, err)
	}
	texts := map[string]string{}
	for _, name := range names {
		body, err := fs.ReadFile(assets.Locales(), name)
		if err != nil {
			t.Fatal(err)
		}
		var file map[string]any
		if err := json.Unmarshal(body, &file); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		area, _, _ := strings.Cut(name, ".")
		for key, value := range file {
			if !strings.HasPrefix(key, area+".") {
				t.Errorf("%s: the key %s does not begin with the area", name, key)
			}
			if _, twice := texts[key]; twice {
				t.Errorf("%s: the key %s stands in two files", name, key)
			}
			switch v := value.(type) {
			case string:
				texts[key] = v
			case map[string]any:
				for form, text := range v {
					s, ok := text.(string)
					if !ok || !slices.Contains([]string{"one", "other"}, form) {
						t.Errorf("%s: %s has a form %s that is no text", name, key, form)
					}
					texts[key] += s + "\n"
				}
			default:
				t.Errorf("%s: %s is neither a text nor plural forms", name, key)
			}
		}
	}
	return texts
}

func TestLanguagesSayTheSame(t *testing.T) {
	t.Parallel()
	english := mustTexts(t, languageTags[0].String())
	field := regexp.MustCompile(`\{\{\.(\w+)\}\}`)
	fields := func(text string) []string {
		var names []string
		for _, m := range field.FindAllStringSubmatch(text, -1) {
			if !slices.Contains(names, m[1]) && m[1] != "Count" {
				names = append(names, m[1])
			}
		}
		slices.Sort(names)
		return names
	}
	for _, tag := range languageTags[1:] {
		texts := mustTexts(t, tag.String())
		for key := range texts { // what the verifier itself says in English
			if strings.HasPrefix(key, "report.") {
				delete(texts, key)
			}
		}
		for key, text := range english {
			other, ok := texts[key]
			switch {
			case !ok:
				t.Errorf("%s has no text %s", tag, key)
			case strings.TrimSpace(text) == "" || strings.TrimSpace(other) == "":
				t.Errorf("the text %s is empty", key)
			case !slices.Equal(fields(text), fields(other)):
				t.Errorf("%s: %s holds %v in English, %v in %s", key, key, fields(text), fields(other), tag)
			}
		}
		for key := range texts {
			if _, ok := english[key]; !ok {
				t.Errorf("%s has a text %s that English lacks", tag, key)
			}
		}
	}
}

// mustSources reads the templates of pages and the code of this package.
func mustSources(t *testing.T) map[string]string {
	t.Helper()
	sources := map[string]string{}
	pages, err := fs.Glob(assets.Pages(), "*.html")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range pages {
		body, err := fs.ReadFile(assets.Pages(), name)
		if err != nil {
			t.Fatal(err)
		}
		sources[name] = string(body)
	}
	code, err := filepath.Glob("*.go")
	if err != nil || len(code) == 0 {
		t.Fatal("the code of this package: ", err)
	}
	for _, name := range code {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		body, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		sources[name] = string(body)
	}
	return sources
}

// A key is used when it stands somewhere in quotes, when a beginning of it that
// ends with a full stop does (the rest is put to it), or, for the title and
// detail of a fault, when what is before them does.
func TestEveryTextIsUsed(t *testing.T) {
	t.Parallel()
	var all strings.Builder
	for _, source := range mustSources(t) {
		all.WriteString(source)
	}
	sources := all.String()
	for key := range mustTexts(t, languageTags[1].String()) {
		ways := []string{key}
		for i, r := range key {
			if r == '.' {
				ways = append(ways, key[:i+1])
			}
		}
		for _, end := range []string{".title", ".detail"} {
			if short, ok := strings.CutSuffix(key, end); ok {
				ways = append(ways, short)
			}
		}
		if !slices.ContainsFunc(ways, func(w string) bool { return strings.Contains(sources, `"`+w+`"`) }) {
			t.Errorf("the text %s is used nowhere", key)
		}
	}
}

func TestEveryKeyIsKnown(t *testing.T) {
	t.Parallel()
	texts := mustTexts(t, languageTags[1].String())
	said := regexp.MustCompile(`(?:\bt|\bmarkup|\.T\(|\.markup\() ?"([\w.-]+)"`)
	faults := regexp.MustCompile(`key: +"([\w.-]+)"`)
	for name, source := range mustSources(t) {
		for _, m := range said.FindAllStringSubmatch(source, -1) {
			if _, ok := texts[m[1]]; !ok && !strings.HasSuffix(m[1], ".") {
				t.Errorf("%s says %s, which has no text", name, m[1])
			}
		}
		for _, m := range faults.FindAllStringSubmatch(source, -1) {
			for _, end := range []string{".title", ".detail"} {
				if _, ok := texts[m[1]+end]; !ok {
					t.Errorf("%s: the fault %s has no text %s", name, m[1], m[1]+end)
				}
			}
		}
	}
}

func TestTextsAreFilledIn(t *testing.T) {
	t.Parallel()
	all, err := newLanguages()
	if err != nil {
		t.Fatal(err)
	}
	l := all.list[0]
	if got := l.T("nobody.said.this"); got != "nobody.said.this" {
		t.Errorf("an unknown key says %q", got)
	}
	if _, err := l.text("site.foot", []any{"Name"}); err == nil {
		t.Error("a name without a value is taken")
	}
	if _, err := l.text("nobody.said.this", nil); err == nil {
		t.Error("a template may say an unknown key")
	}
	if l.known("nobody.said.this") || !l.known("site.skip") {
		t.Error("known keys are not told from unknown ones")
	}
}
