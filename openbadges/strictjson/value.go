// Package strictjson reads the JSON of strangers into a tree that keeps what
// encoding/json forgets: the order of members, the spelling of numbers, and
// whether a member stood there twice.
//
// [Parse] is the call that most readers need. It refuses duplicate members,
// invalid UTF-8, lone surrogates, trailing bytes, and whatever exceeds its
// [Limits]; what it returns shares the memory of one string, so a credential of
// three kilobytes costs a handful of allocations. The same tree feeds signature
// checks and display, so the two can never disagree about what a document says.
//
// It does not map JSON onto Go structs: hand the bytes to encoding/json for
// that, after Parse has accepted them.
package strictjson

import "strconv"

// Kind tells which of the six JSON types a [Value] is.
type Kind uint8

// The JSON types. The zero Kind is Null.
const (
	Null Kind = iota
	Bool
	Number
	String
	Array
	Object
)

// String names the kind as JSON does.
func (k Kind) String() string {
	return [...]string{"null", "boolean", "number", "string", "array", "object"}[k]
}

// Value is one JSON value. The zero Value is null. A Value that [Parse]
// returned is immutable by convention: With and Without make copies.
type Value struct {
	text   string  // string content, number literal, or "true"
	inside *inside // of an array or object that is not empty
	kind   Kind
}

// inside is what an array or object holds. It stands apart, for most values hold
// nothing and a tree is made of many.
type inside struct {
	items   []Value
	members []Member
}

// Member is one name and value of an object, in the order of the document.
type Member struct {
	Name  string
	Value Value
}

// NewString returns a JSON string.
func NewString(s string) Value { return Value{kind: String, text: s} }

// NewBool returns true or false.
func NewBool(b bool) Value {
	if b {
		return Value{kind: Bool, text: "true"}
	}
	return Value{kind: Bool}
}

// NewInt returns a JSON number.
func NewInt(n int64) Value { return Value{kind: Number, text: strconv.FormatInt(n, 10)} }

// NewArray returns an array of the given values.
func NewArray(items ...Value) Value { return Value{kind: Array, inside: &inside{items: items}} }

// NewObject returns an object of the given members, in that order. The caller
// sees to it that no name stands twice.
func NewObject(members ...Member) Value {
	return Value{kind: Object, inside: &inside{members: members}}
}

// Kind returns the JSON type; a nil Value is Null.
func (v *Value) Kind() Kind {
	if v == nil {
		return Null
	}
	return v.kind
}

// Is tells whether v stands there and has kind k. A nil Value is of no kind,
// not even Null, so that a member that is absent differs from one that is null.
func (v *Value) Is(k Kind) bool { return v != nil && v.kind == k }

// Str returns the content of a string, and "" for everything else.
func (v *Value) Str() string {
	if v.Is(String) {
		return v.text
	}
	return ""
}

// Literal returns a number as it was spelled, and "" for everything else.
func (v *Value) Literal() string {
	if v.Is(Number) {
		return v.text
	}
	return ""
}

// True tells whether v is the boolean true.
func (v *Value) True() bool { return v.Is(Bool) && v.text == "true" }

// Items returns the items of an array, nil for everything else.
func (v *Value) Items() []Value {
	if v == nil || v.inside == nil {
		return nil
	}
	return v.inside.items
}

// List returns the items of an array, v itself as the only item when it is
// anything else, and nil when it is absent: JSON-LD treats one value and a list
// of one alike.
func (v *Value) List() []Value {
	switch {
	case v == nil:
		return nil
	case v.kind == Array:
		return v.Items()
	}
	return []Value{*v}
}

// Members returns the members of an object, nil for everything else.
func (v *Value) Members() []Member {
	if v == nil || v.inside == nil {
		return nil
	}
	return v.inside.members
}

// Get returns the member called name, or nil when v is no object or has no such
// member. Calls may be chained: v.Get("issuer").Get("id").Str().
func (v *Value) Get(name string) *Value {
	members := v.Members()
	for i := range members {
		if members[i].Name == name {
			return &members[i].Value
		}
	}
	return nil
}

// Contains tells whether v is the string s or an array with that string in it.
func (v *Value) Contains(s string) bool {
	if v.Is(String) {
		return v.text == s
	}
	for _, item := range v.Items() {
		if item.kind == String && item.text == s {
			return true
		}
	}
	return false
}

// Strings returns the strings in v: itself, or those among its items.
func (v *Value) Strings() []string {
	if v.Is(String) {
		return []string{v.text}
	}
	var out []string
	for _, item := range v.Items() {
		if item.kind == String {
			out = append(out, item.text)
		}
	}
	return out
}

// With returns a copy of the object v in which name is set to value: replaced
// where it stood, otherwise added at the end.
func (v *Value) With(name string, value Value) Value {
	members := make([]Member, 0, len(v.Members())+1)
	found := false
	for _, m := range v.Members() {
		if m.Name == name {
			m.Value, found = value, true
		}
		members = append(members, m)
	}
	if !found {
		members = append(members, Member{name, value})
	}
	return NewObject(members...)
}

// Without returns a copy of the object v that lacks the named members.
func (v *Value) Without(names ...string) Value {
	members := make([]Member, 0, len(v.Members()))
next:
	for _, m := range v.Members() {
		for _, name := range names {
			if m.Name == name {
				continue next
			}
		}
		members = append(members, m)
	}
	return NewObject(members...)
}

// Equal tells whether a and b are the same JSON value. Members may stand in any
// order; numbers are compared as they are spelled.
func Equal(a, b *Value) bool {
	if a == nil || b == nil {
		return a == b
	}
	items, members := a.Items(), a.Members()
	if a.kind != b.kind || a.text != b.text || len(items) != len(b.Items()) || len(members) != len(b.Members()) {
		return false
	}
	for i := range items {
		if !Equal(&items[i], &b.Items()[i]) {
			return false
		}
	}
	for i := range members {
		other := b.Get(members[i].Name)
		if other == nil || !Equal(&members[i].Value, other) {
			return false
		}
	}
	return true
}

// MarshalJSON implements [encoding/json.Marshaler].
func (v Value) MarshalJSON() ([]byte, error) { return v.Append(nil), nil }

// UnmarshalJSON implements [encoding/json.Unmarshaler] with the default limits.
func (v *Value) UnmarshalJSON(data []byte) error {
	parsed, err := Parse(data)
	if err != nil {
		return err
	}
	*v = *parsed
	return nil
}

// Append writes v to dst without white space, members in their order, and
// returns the extended slice. Only what JSON demands is escaped.
func (v *Value) Append(dst []byte) []byte {
	switch v.Kind() {
	case Bool:
		if v.text == "true" {
			return append(dst, "true"...)
		}
		return append(dst, "false"...)
	case Number:
		return append(dst, v.text...)
	case String:
		return AppendString(dst, v.text)
	case Array:
		dst = append(dst, '[')
		for i, item := range v.Items() {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = item.Append(dst)
		}
		return append(dst, ']')
	case Object:
		dst = append(dst, '{')
		for i, m := range v.Members() {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = AppendString(dst, m.Name)
			dst = append(dst, ':')
			dst = m.Value.Append(dst)
		}
		return append(dst, '}')
	}
	return append(dst, "null"...)
}

// AppendString writes s to dst as a JSON string, quotes included.
func AppendString(dst []byte, s string) []byte {
	const hex = "0123456789abcdef"
	dst = append(dst, '"')
	start := 0
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= 0x20 && c != '"' && c != '\\' {
			continue
		}
		dst = append(dst, s[start:i]...)
		switch c {
		case '"', '\\':
			dst = append(dst, '\\', c)
		case '\n':
			dst = append(dst, '\\', 'n')
		case '\r':
			dst = append(dst, '\\', 'r')
		case '\t':
			dst = append(dst, '\\', 't')
		default:
			dst = append(dst, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		}
		start = i + 1
	}
	dst = append(dst, s[start:]...)
	return append(dst, '"')
}
