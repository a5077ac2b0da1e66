package jsonld

import (
	"embed"
	"fmt"
	"strings"
	"sync"
)

// The tables in vocab state the facts of published contexts, one term a line:
//
//	# what the context is
//	url ADDRESS            an address that it answers to; may be repeated
//	edition NAME           another edition under the same address
//	sha256 DIGEST          of the published file that the table was proven equal to
//	let NAME PREFIX        {NAME} below stands for PREFIX; * after it for the term
//
//	@version, @protected, @vocab IRI
//	TERM = IRI             a simple term
//	TERM : IRI ^TYPE %CONTAINER (null)
//	TERM : IRI (           a term with a scope, which ends at ")"
//	next                   the next element of a list of contexts
//	context ADDRESS        an element that is another context
//
//go:embed vocab/*.txt
var vocabFiles embed.FS

// vocabulary is one table, read when its address is first met.
type vocabulary struct {
	name, edition, sha256 string
	urls                  []string
	body                  []string
	prefixes              map[string]string
	contexts              func() []localContext
}

// vocabularies returns the tables by address and edition.
var vocabularies = sync.OnceValue(func() map[edition]*vocabulary {
	files, err := vocabFiles.ReadDir("vocab")
	if err != nil {
		panic(err)
	}
	all := make(map[edition]*vocabulary, len(files))
	for _, f := range files {
		data, err := vocabFiles.ReadFile("vocab/" + f.Name())
		if err != nil {
			panic(err)
		}
		v := parseHeader(f.Name(), string(data))
		for _, url := range v.urls {
			all[edition{url, v.edition}] = v
		}
	}
	return all
})

// edition names a table: the address of a context, and which edition of it.
type edition struct{ url, name string }

// find returns the table of a context in the given edition, or in the current
// one when there is no such edition of it.
func find(url, name string) *vocabulary {
	if name != "" {
		if v := vocabularies()[edition{url, name}]; v != nil {
			return v
		}
	}
	return vocabularies()[edition{url, ""}]
}

// Known tells whether this package holds the context of that address.
func Known(contextURL string) bool { return find(contextURL, "") != nil }

// CatchAll tells whether the context of that address defines every term there
// is, so that nothing in a document is undefined. Such contexts are for drafts
// and test suites: a badge that names one should be refused.
func CatchAll(contextURL string) bool {
	v := find(contextURL, "")
	if v == nil {
		return false
	}
	for _, c := range v.contexts() {
		if c.vocab.set && !c.vocab.null {
			return true
		}
	}
	return false
}

func parseHeader(name, data string) *vocabulary {
	head, body, _ := strings.Cut(data, "\n\n")
	v := &vocabulary{name: strings.TrimSuffix(name, ".txt"), body: strings.Split(strings.TrimSpace(body), "\n"), prefixes: map[string]string{}}
	for _, line := range strings.Split(head, "\n") {
		f := strings.Fields(line)
		switch f[0] {
		case "#":
		case "url":
			v.urls = append(v.urls, f[1])
		case "edition":
			v.edition = f[1]
		case "sha256":
			v.sha256 = f[1]
		case "let":
			v.prefixes["{"+f[1]+"}"] = f[2]
		default:
			panic(fmt.Sprintf("vocabulary %s: %s", name, line))
		}
	}
	v.contexts = sync.OnceValue(func() []localContext {
		list, rest := v.parseScope(v.body)
		if len(rest) != 0 {
			panic(fmt.Sprintf("vocabulary %s: %s", name, rest[0]))
		}
		return list
	})
	return v
}

// parseScope reads lines up to the end of the scope and returns what follows.
func (v *vocabulary) parseScope(lines []string) ([]localContext, []string) {
	list := []localContext{{}}
	for len(lines) > 0 {
		f := strings.Fields(lines[0])
		lines = lines[1:]
		c := &list[len(list)-1]
		switch f[0] {
		case ")":
			return list, lines
		case "next":
			list = append(list, localContext{})
		case "context":
			c.url = f[1]
		case "@version":
		case "@protected":
			c.protected = true
		case "@vocab":
			c.vocab = setting{set: true, value: f[1]}
		default:
			var t localTerm
			t, lines = v.parseTerm(f, lines)
			c.terms = append(c.terms, t)
		}
	}
	return list, lines
}

func (v *vocabulary) parseTerm(f, lines []string) (localTerm, []string) {
	t := localTerm{name: f[0], simple: f[1] == "=", id: setting{set: true, value: v.iri(f[0], f[2])}}
	for _, option := range f[3:] {
		switch option[0] {
		case '^':
			t.typ = v.iri(f[0], option[1:])
		case '%':
			c, ok := containerOf("@" + option[1:])
			if !ok {
				panic(fmt.Sprintf("vocabulary %s: %s", v.name, option))
			}
			t.container = c
		default:
			if option == "(null)" {
				t.scope = []localContext{{null: true}}
				continue
			}
			t.scope, lines = v.parseScope(lines)
		}
	}
	return t, lines
}

func (v *vocabulary) iri(term, s string) string {
	if s[0] != '{' {
		return s
	}
	end := strings.IndexByte(s, '}') + 1
	prefix, ok := v.prefixes[s[:end]]
	if !ok {
		panic(fmt.Sprintf("vocabulary %s: %s", v.name, s))
	}
	if s[end:] == "*" {
		return prefix + term
	}
	return prefix + s[end:]
}

// editions lists the names of the editions that are not the current ones.
var editions = sync.OnceValue(func() []string {
	var names []string
	for e := range vocabularies() {
		if e.name != "" {
			names = append(names, e.name)
		}
	}
	return names
})
