package jsonld

import (
	"slices"
	"strings"
)

// compiler makes one active context out of another (json-ld11-api, section 4.1.2).
type compiler struct {
	out       *context
	terms     map[string]*term
	loading   []string // addresses on the way to the element at hand
	overrides bool     // a property-scoped context may redefine protected terms
}

// maxTerms bounds what the contexts of one document may define.
const maxTerms = 5000

// process applies a list of local contexts to an active context. It takes
// overrides for property-scoped contexts, and propagates unless the list is
// type-scoped or says otherwise. Errors count the elements from first, or leave
// their place out when first is negative.
func process(active *context, list []localContext, first int, overrides, propagates bool) (*context, *Error) {
	if len(list) == 1 && list[0].propagate != nil {
		propagates = *list[0].propagate
	}
	c := &compiler{overrides: overrides}
	c.start(active)
	if !propagates && c.out.previous == nil {
		c.out.previous = active
	}
	for i := range list {
		if err := c.element(&list[i], propagates); err != nil {
			if first >= 0 {
				err.under(first + i)
			}
			return nil, err
		}
	}
	return c.finish(), nil
}

func (c *compiler) start(active *context) {
	c.out = &context{edition: active.edition, vocab: active.vocab, language: active.language, textDir: active.textDir, protects: active.protects, previous: active.previous}
	c.terms = make(map[string]*term, len(active.terms)+16)
	for name, b := range active.terms {
		c.terms[name] = b.term
	}
}

func (c *compiler) finish() *context {
	out := c.out
	out.terms = make(map[string]*binding, len(c.terms))
	all := make([]binding, 0, len(c.terms))
	for name, t := range c.terms {
		b := binding{term: t, name: name}
		if t.scope != nil {
			b.led = new(ledTo)
		}
		all = append(all, b)
		out.terms[name] = &all[len(all)-1]
		out.protects = out.protects || t.protected
		if t.keyword != noKeyword {
			out.aliases = append(out.aliases, alias{name, t.keyword})
		}
	}
	slices.SortFunc(out.aliases, func(a, b alias) int { return strings.Compare(a.name, b.name) })
	return out
}

func (c *compiler) element(l *localContext, propagates bool) *Error {
	switch {
	case l.null:
		return c.clear(propagates)
	case l.url != "":
		return c.remote(l.url, propagates)
	}
	if l.vocab.set {
		vocab, err := c.vocabIRI(l)
		if err != nil {
			return err.under("@vocab")
		}
		c.out.vocab = vocab
	}
	if l.language.set {
		language, err := languageTag(l.language.value, l.language.null)
		if err != nil {
			return err.under("@language")
		}
		c.out.language = language
	}
	if l.textDir.set {
		if err := checkDirection(l.textDir); err != nil {
			return err.under("@direction")
		}
		c.out.textDir = l.textDir.value
	}
	d := definer{compiler: c, local: l, done: make(map[string]bool, len(l.terms))}
	d.index()
	for i := range l.terms {
		if err := d.define(l.terms[i].name); err != nil {
			return err.under(l.terms[i].name)
		}
	}
	if len(c.terms) > maxTerms {
		return refuse(TooComplex, "the contexts define more than %d terms", maxTerms)
	}
	return nil
}

func (c *compiler) clear(propagates bool) *Error {
	if !c.overrides {
		for name, t := range c.terms {
			if t.protected {
				return refuse(ProtectedRedefinition, "null would clear the protected term %s", quote(name))
			}
		}
	}
	before := c.out.previous
	c.out = &context{edition: c.out.edition}
	if !propagates {
		c.out.previous = before
	}
	clear(c.terms)
	return nil
}

func (c *compiler) remote(url string, propagates bool) *Error {
	v := find(url, c.out.edition)
	if v == nil {
		return refuse(UnknownContext, "the context %s is not among those held here, and contexts are never fetched", quote(url))
	}
	if slices.Contains(c.loading, url) {
		return nil
	}
	c.loading = append(c.loading, url)
	defer func() { c.loading = c.loading[:len(c.loading)-1] }()
	list := v.contexts()
	for i := range list {
		if err := c.element(&list[i], propagates); err != nil {
			return err
		}
	}
	return nil
}

func (c *compiler) vocabIRI(l *localContext) (string, *Error) {
	s := l.vocab.value
	if l.vocab.null {
		return "", nil
	}
	if t := c.terms[s]; t != nil && t.iri != "" {
		return t.iri, nil
	}
	if i := strings.IndexByte(s, ':'); i > 0 && !strings.HasPrefix(s[i+1:], "//") {
		if t := c.terms[s[:i]]; t != nil && t.prefix {
			s = t.iri + s[i+1:]
		}
	}
	return s, checkIRI(s)
}

// languageTag checks a tag (RFC 5646, section 2.1, in outline) and folds it as
// other processors do.
func languageTag(s string, null bool) (string, *Error) {
	if null {
		return "", nil
	}
	for i, part := range strings.Split(s, "-") {
		letters := "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
		if i > 0 {
			letters += "0123456789"
		}
		if part == "" || len(part) > 8 || strings.Trim(part, letters) != "" {
			return "", refuse(BadValue, "%s is not a language tag", quote(s))
		}
	}
	return strings.ToLower(s), nil
}

func checkDirection(s setting) *Error {
	if !s.null && s.value != "ltr" && s.value != "rtl" {
		return refuse(BadContext, "a direction is ltr or rtl, not %s", quote(s.value))
	}
	return nil
}

// sameScope compares two scoped contexts as they are written.
func sameScope(a, b []localContext) bool {
	return (a == nil) == (b == nil) && slices.EqualFunc(a, b, func(x, y localContext) bool {
		return x.null == y.null && x.url == y.url && x.protected == y.protected && samePointer(x.propagate, y.propagate) &&
			x.vocab == y.vocab && x.language == y.language && x.textDir == y.textDir && sameTerms(x.terms, y.terms)
	})
}

func sameTerms(a, b []localTerm) bool {
	if len(a) != len(b) {
		return false
	}
	if len(a) > 0 && &a[0] == &b[0] {
		return true
	}
	byName := make(map[string]*localTerm, len(b))
	for i := range b {
		byName[b[i].name] = &b[i]
	}
	for i := range a {
		x, y := &a[i], byName[a[i].name]
		if y == nil || x.id != y.id || x.typ != y.typ || x.container != y.container || x.language != y.language || x.textDir != y.textDir ||
			!samePointer(x.protected, y.protected) || !samePointer(x.prefix, y.prefix) || x.simple != y.simple || !sameScope(x.scope, y.scope) {
			return false
		}
	}
	return true
}

func samePointer(a, b *bool) bool { return a == b || a != nil && b != nil && *a == *b }
