package jsonld

import (
	"slices"
	"sync/atomic"

	"github.com/accolade-badges/accolade/openbadges/strictjson"
)

// root returns the active context that the outermost @context makes. Leading
// addresses are compiled once for all documents, the rest for this one.
func (w *writer) root(v *strictjson.Value, edition string) (*context, *Error) {
	if edition != "" && !slices.Contains(editions(), edition) {
		return nil, refuse(UnknownContext, "there is no edition %s of any context", quote(edition))
	}
	var buf [256]byte
	key := append(append(buf[:0], edition...), '\n')
	list := v.List()
	known := 0
	for known < len(list) && list[known].Is(strictjson.String) {
		key = append(append(key, list[known].Str()...), '\n')
		known++
	}
	ctx, err := contexts.root(key, func() (*context, *Error) {
		first := 0
		if !v.Is(strictjson.Array) {
			first = -1
		}
		return w.process(&context{edition: edition}, addresses(list[:known]), first, false, true)
	})
	if err != nil || known == len(list) {
		return ctx, err
	}
	return w.inline(ctx, v, known)
}

// inline applies the elements of v from index first on.
func (w *writer) inline(ctx *context, v *strictjson.Value, first int) (*context, *Error) {
	list, err := parseLocal(v)
	if err != nil {
		return nil, err
	}
	if !v.Is(strictjson.Array) {
		return w.process(ctx, list, -1, false, true)
	}
	return w.process(ctx, list[first:], first, false, true)
}

func addresses(list []strictjson.Value) []localContext {
	out := make([]localContext, len(list))
	for i := range list {
		out[i].url = list[i].Str()
	}
	return out
}

// process compiles a context on the account of the document at hand.
func (w *writer) process(active *context, list []localContext, first int, overrides, propagates bool) (*context, *Error) {
	made, err := process(active, list, first, overrides, propagates)
	if err != nil {
		return nil, err
	}
	if w.compiled += len(made.terms) + 1; w.compiled > maxCompiled {
		return nil, refuse(TooComplex, "the document needs too many different contexts: they define more than %d terms", maxCompiled)
	}
	return made, nil
}

// nested returns what a @context inside the document makes of ctx.
func (w *writer) nested(ctx *context, v *strictjson.Value) (*context, *Error) {
	list := v.List()
	if len(list) == 0 || slices.ContainsFunc(list, func(v strictjson.Value) bool { return !v.Is(strictjson.String) }) {
		return w.inline(ctx, v, 0)
	}
	var key []byte
	for i := range list {
		key = append(append(key, list[i].Str()...), '\n')
	}
	ctx.mu.Lock()
	kept := ctx.nested[string(key)]
	ctx.mu.Unlock()
	if kept != nil {
		return kept, nil
	}
	made, err := w.inline(ctx, v, 0)
	if err != nil {
		return nil, err
	}
	contexts.grow(made)
	ctx.mu.Lock()
	defer ctx.mu.Unlock()
	if ctx.nested == nil {
		ctx.nested = map[string]*context{}
	}
	ctx.nested[string(key)] = made
	return made, nil
}

// lead follows the scope of a term to the active context in slot, compiling it
// from parent the first time.
func (w *writer) lead(slot *atomic.Pointer[context], parent *context, scope []localContext, overrides bool) (*context, *Error) {
	if made := slot.Load(); made != nil {
		return made, nil
	}
	made, err := w.process(parent, scope, -1, overrides, overrides)
	if err != nil {
		return nil, err
	}
	contexts.grow(made)
	slot.Store(made)
	return made, nil
}

// scoped returns the active context for the value of property b: ctx, or the one
// before it when back is set, with the scope of b applied.
func (w *writer) scoped(ctx *context, b *binding, back bool) (*context, *Error) {
	slot, parent := &b.led.property, ctx
	if back {
		slot, parent = &b.led.propertyBack, ctx.previous
	}
	return w.lead(slot, parent, b.scope, true)
}

// enter returns the active context for the members of an object that is the
// value of b, or stands in a graph when b is nil, and the one that its types are
// looked up in (json-ld11-api, section 5.1.2, steps 7 to 11).
func (w *writer) enter(ctx *context, b *binding, v *strictjson.Value) (inner, typed *context, err *Error) {
	inner = ctx
	back := ctx.previous != nil && !keepsContext(ctx, v.Members())
	if back {
		inner = ctx.previous
	}
	if b != nil && b.led != nil {
		if inner, err = w.scoped(ctx, b, back); err != nil {
			return nil, nil, err
		}
	}
	if local := v.Get("@context"); local != nil {
		if inner, err = w.nested(inner, local); err != nil {
			return nil, nil, err.under("@context")
		}
	}
	typed = inner
	inner, err = w.types(inner, v)
	return inner, typed, err
}

// keepsContext tells whether a type-scoped context reaches into an object: into
// values and bare references it does.
func keepsContext(ctx *context, members []strictjson.Member) bool {
	for i := range members {
		switch ctx.keyword(members[i].Name) {
		case atValue:
			return true
		case atID:
			if len(members) == 1 {
				return true
			}
		}
	}
	return false
}

// types applies the scopes of the types of an object, in alphabetical order.
func (w *writer) types(ctx *context, v *strictjson.Value) (*context, *Error) {
	var buf [8]string
	names := buf[:0]
	scoped := func(s string) {
		if b := ctx.terms[s]; b != nil && b.led != nil {
			names = append(names, s)
		}
	}
	members := v.Members()
	for i := range members {
		if ctx.keyword(members[i].Name) != atType {
			continue
		}
		if m := &members[i].Value; m.Is(strictjson.String) {
			scoped(m.Str())
		} else {
			for j := range m.Items() {
				scoped(m.Items()[j].Str())
			}
		}
	}
	if len(names) > 1 {
		slices.Sort(names)
	}
	inner := ctx
	for _, name := range names {
		var err *Error
		b := ctx.terms[name]
		if same := inner.terms[name]; same != nil && same.term == b.term {
			inner, err = w.lead(&same.led.typed, inner, b.scope, false)
		} else {
			inner, err = w.process(inner, b.scope, -1, false, false)
		}
		if err != nil {
			return nil, err
		}
	}
	return inner, nil
}

// rebind returns what the property b means in ctx, which may differ from where
// it was found.
func rebind(ctx *context, b *binding) *binding {
	if here := ctx.terms[b.name]; here != nil {
		return here
	}
	return &binding{term: &term{}, name: b.name}
}
