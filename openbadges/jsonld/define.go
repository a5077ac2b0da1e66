package jsonld

import "strings"

// definer creates the term definitions of one local context (json-ld11-api,
// section 4.2.2).
type definer struct {
	*compiler
	local *localContext
	terms map[string]*localTerm
	done  map[string]bool // false while a definition is under way
}

func (d *definer) index() {
	d.terms = make(map[string]*localTerm, len(d.local.terms))
	for i := range d.local.terms {
		d.terms[d.local.terms[i].name] = &d.local.terms[i]
	}
}

func (d *definer) define(name string) *Error {
	if done, begun := d.done[name]; done {
		return nil
	} else if begun {
		return refuse(BadContext, "the definition of %s refers to itself", quote(name))
	}
	d.done[name] = false
	l := d.terms[name]
	if err := checkName(name, l); err != nil {
		return err
	}
	previous := d.compiler.terms[name]
	delete(d.compiler.terms, name)
	t := &term{container: l.container, scope: l.scope, protected: d.local.protected}
	if l.protected != nil {
		t.protected = *l.protected
	}
	if err := d.coerce(t, l); err != nil {
		return err
	}
	if err := d.target(t, l); err != nil {
		return err
	}
	if err := d.decorate(t, l); err != nil {
		return err
	}
	if previous != nil && previous.protected && !d.overrides {
		if !t.same(previous) {
			return refuse(ProtectedRedefinition, "%s is a protected term and cannot be given another meaning", quote(name))
		}
		t = previous
	}
	d.compiler.terms[name] = t
	d.done[name] = true
	return nil
}

func checkName(name string, l *localTerm) *Error {
	switch {
	case name == "":
		return refuse(BadContext, "a term cannot be empty")
	case name == "@type":
		if l.simple || l.id.set || l.typ != "" || l.container != setContainer || l.scope != nil || l.language.set || l.textDir.set {
			return refuse(BadContext, "the keyword @type can only be given the container @set")
		}
	case looksLikeKeyword(name):
		return refuse(BadContext, "the keyword %s cannot be redefined", quote(name))
	}
	return nil
}

// coerce sets the type mapping.
func (d *definer) coerce(t *term, l *localTerm) *Error {
	switch l.typ {
	case "":
	case "@id":
		t.coercion = toID
	case "@vocab":
		t.coercion = toVocab
	case "@json":
		t.coercion = toJSON
	case "@none":
		t.coercion = toNone
	default:
		iri, kw, err := d.expand(l.typ)
		if err == nil && kw != noKeyword {
			err = refuse(BadContext, "the keyword %s is not a datatype", l.typ)
		}
		if err == nil {
			err = checkIRI(iri)
		}
		if err != nil {
			return err.under("@type")
		}
		t.coercion, t.datatype, t.suffix = toLiteral, iri, datatypeSuffix(iri)
	}
	return nil
}

func datatypeSuffix(iri string) string {
	if iri == xsdString {
		return ""
	}
	return "^^<" + iri + ">"
}

// target sets what the term is mapped to: an IRI, a keyword, or null.
func (d *definer) target(t *term, l *localTerm) *Error {
	name := l.name
	if l.id.null {
		return nil
	}
	if l.id.set && l.id.value != name {
		iri, kw, err := d.expand(l.id.value)
		if err == nil && kw == atContext {
			err = refuse(BadContext, "@context cannot have another name")
		}
		if err == nil && kw == noKeyword {
			err = checkIRI(iri)
		}
		if err != nil {
			return err.under("@id")
		}
		t.iri, t.keyword = iri, kw
		compact := strings.Contains(strings.Trim(name, ":"), ":") || strings.Contains(name, "/")
		if compact {
			d.done[name] = true
			if own, _, err := d.expand(name); err != nil || own != iri {
				return refuse(BadContext, "%s looks like an IRI and cannot stand for another one", quote(name))
			}
		} else if l.simple && kw == noKeyword && strings.IndexByte(":/?#[]@", iri[len(iri)-1]) >= 0 {
			t.prefix = true
		}
		return nil
	}
	if name == "@type" {
		t.keyword = atType
		return nil
	}
	if strings.IndexByte(name, ':') > 0 {
		d.done[name] = true
		iri, _, err := d.expand(name)
		if err != nil {
			return err
		}
		t.iri = iri
		return checkIRI(iri)
	}
	if d.out.vocab == "" {
		return refuse(BadContext, "%s is given no IRI", quote(name))
	}
	t.iri = d.out.vocab + name
	return checkIRI(t.iri)
}

// decorate sets language, direction and prefix flag.
func (d *definer) decorate(t *term, l *localTerm) *Error {
	if l.language.set && l.typ == "" {
		tag, err := languageTag(l.language.value, l.language.null)
		if err != nil {
			return err.under("@language")
		}
		t.language = setting{set: true, null: l.language.null, value: tag}
	}
	if l.textDir.set && l.typ == "" {
		if err := checkDirection(l.textDir); err != nil {
			return err.under("@direction")
		}
		t.textDir = l.textDir
	}
	if l.prefix != nil {
		if strings.ContainsAny(l.name, ":/") || *l.prefix && t.iri == "" {
			return refuse(BadContext, "%s cannot be a prefix", quote(l.name)).under("@prefix")
		}
		t.prefix = *l.prefix
	}
	return nil
}

// expand resolves an IRI, a compact IRI, a term or a keyword within the local
// context, defining on the way what it depends on (json-ld11-api, section 5.2.2
// with a local context).
func (d *definer) expand(s string) (string, keyword, *Error) {
	if kw := keywordOf(s); kw != noKeyword {
		return "", kw, nil
	}
	if looksLikeKeyword(s) {
		return "", 0, refuse(BadContext, "%s has the form of a keyword but is none", quote(s))
	}
	if err := d.need(s); err != nil {
		return "", 0, err
	}
	if t := d.compiler.terms[s]; t != nil {
		return t.iri, t.keyword, nil
	}
	if i := strings.IndexByte(s, ':'); i > 0 && !strings.HasPrefix(s[i+1:], "//") && s[:i] != "_" {
		prefix := s[:i]
		if err := d.need(prefix); err != nil {
			return "", 0, err
		}
		if t := d.compiler.terms[prefix]; t != nil && t.iri != "" && t.prefix {
			return t.iri + s[i+1:], noKeyword, nil
		}
		return s, noKeyword, nil
	}
	if d.out.vocab != "" && !strings.Contains(s, ":") {
		return d.out.vocab + s, noKeyword, nil
	}
	return s, noKeyword, nil
}

// need defines name first when the same local context has it.
func (d *definer) need(name string) *Error {
	if d.terms[name] == nil || d.done[name] {
		return nil
	}
	return d.define(name)
}
