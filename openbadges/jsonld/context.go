package jsonld

import (
	"sync"
	"sync/atomic"
)

// keyword is what a member name stands for when it is no property.
type keyword uint8

const (
	noKeyword keyword = iota
	atID
	atType
	atValue
	atLanguage
	atDirection
	atGraph
	atList
	atSet
	atContext
	atNone
	// atOther is any keyword that this package does not take in a document.
	atOther
)

func keywordOf(s string) keyword {
	switch s {
	case "@id":
		return atID
	case "@type":
		return atType
	case "@value":
		return atValue
	case "@language":
		return atLanguage
	case "@direction":
		return atDirection
	case "@graph":
		return atGraph
	case "@list":
		return atList
	case "@set":
		return atSet
	case "@context":
		return atContext
	case "@none":
		return atNone
	case "@base", "@import", "@included", "@index", "@json", "@nest", "@prefix", "@propagate", "@protected", "@reverse", "@version", "@vocab":
		return atOther
	}
	return noKeyword
}

// coercion is what the @type of a term definition does to its values.
type coercion uint8

const (
	untyped   coercion = iota
	toID               // @id
	toVocab            // @vocab
	toJSON             // @json
	toNone             // @none
	toLiteral          // a datatype
)

// term is a finished term definition. It is immutable.
type term struct {
	iri       string // empty when the term is mapped to null or to a keyword
	keyword   keyword
	coercion  coercion
	datatype  string // of toLiteral
	suffix    string // what N-Quads writes after a literal of that datatype
	container container
	language  setting
	textDir   setting
	prefix    bool
	protected bool
	scope     []localContext
}

// same tells whether two definitions agree in everything but protection
// (json-ld11-api, section 4.2.2, step 27).
func (t *term) same(u *term) bool {
	return t.iri == u.iri && t.keyword == u.keyword && t.coercion == u.coercion && t.datatype == u.datatype &&
		t.container == u.container && t.language == u.language && t.textDir == u.textDir && t.prefix == u.prefix && sameScope(t.scope, u.scope)
}

// binding is a term within one active context, with the contexts that its scope
// leads to from there.
type binding struct {
	*term
	name string
	led  *ledTo // nil when the term has no scope
}

// ledTo keeps what the scope of a term makes of the active context: as a type,
// as a property, and as a property whose value went back to the previous context.
type ledTo struct{ typed, property, propertyBack atomic.Pointer[context] }

// alias is a term that stands for a keyword.
type alias struct {
	name    string
	keyword keyword
}

// context is an active context (json-ld11-api, section 4.1). Its terms are
// immutable; the contexts that follow from it are found once and kept.
type context struct {
	edition           string
	terms             map[string]*binding
	aliases           []alias
	vocab             string
	language, textDir string
	protects          bool // some term is protected
	previous          *context

	mu     sync.Mutex
	nested map[string]*context // by the addresses of an @context inside a document
}

// keyword returns the keyword that a member name stands for.
func (c *context) keyword(name string) keyword {
	if len(name) > 0 && name[0] == '@' {
		return keywordOf(name)
	}
	for i := range c.aliases {
		if c.aliases[i].name == name {
			return c.aliases[i].keyword
		}
	}
	return noKeyword
}

// cache keeps the active contexts of known context lists. Strangers choose the
// lists and the order of types, so that when it holds too many it starts afresh.
type cache struct {
	mu    sync.RWMutex
	roots map[string]*context
	size  atomic.Int64
}

// cacheSize is how many terms, over all active contexts, are kept. A term takes
// about 150 bytes, a badge's contexts have some 5,000 terms.
const cacheSize = 200_000

// contexts is shared by all calls, since compiling takes a hundred times as long
// as canonicalizing. It holds nothing but what follows from the tables.
var contexts = &cache{roots: map[string]*context{}}

// root returns the kept active context of a list of addresses; make it with
// build when there is none.
func (k *cache) root(key []byte, build func() (*context, *Error)) (*context, *Error) {
	k.mu.RLock()
	c := k.roots[string(key)]
	k.mu.RUnlock()
	if c != nil {
		return c, nil
	}
	c, err := build()
	if err != nil {
		return nil, err
	}
	k.grow(c)
	k.mu.Lock()
	defer k.mu.Unlock()
	if kept := k.roots[string(key)]; kept != nil {
		return kept, nil
	}
	k.roots[string(key)] = c
	return c, nil
}

// grow counts the terms of one more context and forgets all of them when they are
// too many.
func (k *cache) grow(c *context) {
	if k.size.Add(int64(len(c.terms))) <= cacheSize {
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.size.Store(0)
	k.roots = map[string]*context{}
}
