package strictjson

import (
	"bytes"
	"fmt"
	"strconv"
	"sync"
	"unicode/utf16"
	"unicode/utf8"
)

// Limits bounds what [Limits.Parse] accepts. A zero field takes its default.
type Limits struct {
	Bytes  int // length of the document; default 1 MiB
	Depth  int // nesting of arrays and objects; default 64
	Values int // values in all, members and items included; default 100,000
}

// Code says which rule a document broke.
type Code string

// The reasons for which Parse refuses a document.
const (
	TooLarge        Code = "too_large"
	TooDeep         Code = "too_deep"
	TooMany         Code = "too_many_values"
	BadUTF8         Code = "invalid_utf8"
	BadSyntax       Code = "syntax"
	DuplicateMember Code = "duplicate_member"
)

// Error tells what is wrong with a document and where. Line and Column count
// from 1, Column in bytes; Offset counts bytes from 0.
type Error struct {
	Code         Code
	Reason       string
	Offset       int
	Line, Column int
}

func (e *Error) Error() string {
	return fmt.Sprintf("line %d, column %d: %s", e.Line, e.Column, e.Reason)
}

// Parse reads one JSON document within the default [Limits]. The error is
// always an [*Error].
func Parse(data []byte) (*Value, error) { return Limits{}.Parse(data) }

// Parse reads one JSON document within l.
func (l Limits) Parse(data []byte) (*Value, error) {
	if l.Bytes == 0 {
		l.Bytes = 1 << 20
	}
	if l.Depth == 0 {
		l.Depth = 64
	}
	if l.Values == 0 {
		l.Values = 100_000
	}
	if len(data) > l.Bytes {
		return nil, &Error{TooLarge, fmt.Sprintf("the document has %d bytes, more than the %d allowed", len(data), l.Bytes), 0, 1, 1}
	}
	p := parsers.Get().(*parser)
	defer p.release()
	p.in, p.limits, p.tree = string(data), l, arenaFor(len(data))
	if !utf8.ValidString(p.in) {
		return nil, p.fail(BadUTF8, firstInvalid(p.in), "not valid UTF-8; save the document as UTF-8")
	}
	v, err := p.value(0)
	if err != nil {
		return nil, err
	}
	p.space()
	if p.pos != len(p.in) {
		return nil, p.fail(BadSyntax, p.pos, "something follows the end of the document")
	}
	return &v, nil
}

type parser struct {
	in     string
	pos    int
	count  int
	limits Limits
	// Containers are built on these stacks, whose memory the next parser uses again.
	items   []Value
	members []Member
	tree    arena
}

// parsers keeps the stacks of finished ones.
var parsers = sync.Pool{New: func() any { return new(parser) }}

// release gives the parser back without anything of its document, and not at all
// after an unusually large one.
func (p *parser) release() {
	if cap(p.items)+cap(p.members) > 1024 {
		return
	}
	clear(p.items[:cap(p.items)])
	clear(p.members[:cap(p.members)])
	*p = parser{items: p.items[:0], members: p.members[:0]}
	parsers.Put(p)
}

func (p *parser) fail(code Code, at int, format string, args ...any) *Error {
	before := p.in[:at]
	line := 1 + bytes.Count([]byte(before), []byte("\n"))
	column := at + 1
	for i := at - 1; i >= 0; i-- {
		if before[i] == '\n' {
			column = at - i
			break
		}
	}
	return &Error{code, fmt.Sprintf(format, args...), at, line, column}
}

func firstInvalid(s string) int {
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && n == 1 {
			return i
		}
		i += n
	}
	return 0
}

func (p *parser) space() {
	for p.pos < len(p.in) {
		switch p.in[p.pos] {
		case ' ', '\t', '\n', '\r':
			p.pos++
		default:
			return
		}
	}
}

// value returns its result, for a pointer to it would move each value to the
// heap once more.
func (p *parser) value(depth int) (Value, *Error) {
	p.space()
	if p.count++; p.count > p.limits.Values {
		return Value{}, p.fail(TooMany, p.pos, "more than %d values", p.limits.Values)
	}
	if p.pos == len(p.in) {
		return Value{}, p.fail(BadSyntax, p.pos, "the document ends where a value should stand")
	}
	switch c := p.in[p.pos]; {
	case c == '"':
		s, err := p.str()
		return Value{kind: String, text: s}, err
	case c == '{':
		return p.object(depth + 1)
	case c == '[':
		return p.array(depth + 1)
	case c == '-' || c >= '0' && c <= '9':
		return p.number()
	}
	for _, w := range [...]struct {
		word string
		v    Value
	}{{"true", NewBool(true)}, {"false", NewBool(false)}, {"null", Value{}}} {
		if len(p.in)-p.pos >= len(w.word) && p.in[p.pos:p.pos+len(w.word)] == w.word {
			p.pos += len(w.word)
			return w.v, nil
		}
	}
	r, _ := utf8.DecodeRuneInString(p.in[p.pos:])
	return Value{}, p.fail(BadSyntax, p.pos, "%q where a value should stand", r)
}

func (p *parser) enter(depth int) *Error {
	if depth > p.limits.Depth {
		return p.fail(TooDeep, p.pos, "nested more than %d levels deep", p.limits.Depth)
	}
	p.pos++
	p.space()
	return nil
}

// more reads the comma or the closing bracket after an element.
func (p *parser) more(closing byte) (bool, *Error) {
	p.space()
	if p.pos < len(p.in) {
		switch p.in[p.pos] {
		case ',':
			p.pos++
			return true, nil
		case closing:
			p.pos++
			return false, nil
		}
	}
	return false, p.fail(BadSyntax, p.pos, "expected ',' or '%c'", closing)
}

func (p *parser) array(depth int) (Value, *Error) {
	if err := p.enter(depth); err != nil {
		return Value{}, err
	}
	if p.pos < len(p.in) && p.in[p.pos] == ']' {
		p.pos++
		return Value{kind: Array}, nil
	}
	base := len(p.items)
	for {
		item, err := p.value(depth)
		if err != nil {
			return Value{}, err
		}
		p.items = append(p.items, item)
		again, err := p.more(']')
		if err != nil {
			return Value{}, err
		}
		if !again {
			break
		}
	}
	v := Value{kind: Array, inside: p.tree.hold(p.items[base:], nil)}
	p.items = p.items[:base]
	return v, nil
}

func (p *parser) object(depth int) (Value, *Error) {
	if err := p.enter(depth); err != nil {
		return Value{}, err
	}
	if p.pos < len(p.in) && p.in[p.pos] == '}' {
		p.pos++
		return Value{kind: Object}, nil
	}
	base := len(p.members)
	var seen map[string]struct{}
	for {
		p.space()
		if p.pos == len(p.in) || p.in[p.pos] != '"' {
			return Value{}, p.fail(BadSyntax, p.pos, "expected a member name in double quotes")
		}
		at := p.pos
		name, err := p.str()
		if err != nil {
			return Value{}, err
		}
		if p.twice(name, base, &seen) {
			return Value{}, p.fail(DuplicateMember, at, "member %q stands twice in one object", name)
		}
		p.space()
		if p.pos == len(p.in) || p.in[p.pos] != ':' {
			return Value{}, p.fail(BadSyntax, p.pos, "expected ':' after member name %q", name)
		}
		p.pos++
		value, err := p.value(depth)
		if err != nil {
			return Value{}, err
		}
		p.members = append(p.members, Member{name, value})
		again, err := p.more('}')
		if err != nil {
			return Value{}, err
		}
		if !again {
			break
		}
	}
	v := Value{kind: Object, inside: p.tree.hold(nil, p.members[base:])}
	p.members = p.members[:base]
	return v, nil
}

// twice tells whether the object whose members begin at base already has name.
// Small objects are searched; large ones keep a set.
func (p *parser) twice(name string, base int, seen *map[string]struct{}) bool {
	open := p.members[base:]
	if len(open) < 16 {
		for i := range open {
			if open[i].Name == name {
				return true
			}
		}
		return false
	}
	if *seen == nil {
		*seen = make(map[string]struct{}, 2*len(open))
		for i := range open {
			(*seen)[open[i].Name] = struct{}{}
		}
	}
	if _, there := (*seen)[name]; there {
		return true
	}
	(*seen)[name] = struct{}{}
	return false
}

func (p *parser) number() (Value, *Error) {
	start := p.pos
	if p.in[p.pos] == '-' {
		p.pos++
	}
	whole := p.digits()
	if whole == 0 {
		return Value{}, p.fail(BadSyntax, start, "a number without digits")
	}
	if first := p.pos - whole; whole > 1 && p.in[first] == '0' {
		return Value{}, p.fail(BadSyntax, start, "a number with a leading zero")
	}
	if p.pos < len(p.in) && p.in[p.pos] == '.' {
		p.pos++
		if p.digits() == 0 {
			return Value{}, p.fail(BadSyntax, start, "a number without digits after its point")
		}
	}
	if p.pos < len(p.in) && (p.in[p.pos] == 'e' || p.in[p.pos] == 'E') {
		p.pos++
		if p.pos < len(p.in) && (p.in[p.pos] == '+' || p.in[p.pos] == '-') {
			p.pos++
		}
		if p.digits() == 0 {
			return Value{}, p.fail(BadSyntax, start, "a number without digits in its exponent")
		}
	}
	return Value{kind: Number, text: p.in[start:p.pos]}, nil
}

func (p *parser) digits() int {
	start := p.pos
	for p.pos < len(p.in) && p.in[p.pos] >= '0' && p.in[p.pos] <= '9' {
		p.pos++
	}
	return p.pos - start
}

// str reads a string. Without escapes, which is nearly always, it is a slice of
// the document.
func (p *parser) str() (string, *Error) {
	p.pos++
	start := p.pos
	for p.pos < len(p.in) {
		switch c := p.in[p.pos]; {
		case c == '"':
			s := p.in[start:p.pos]
			p.pos++
			return s, nil
		case c == '\\':
			return p.escaped(start)
		case c < 0x20:
			return "", p.fail(BadSyntax, p.pos, "a control character in a string; write it as \\u%04x", c)
		}
		p.pos++
	}
	return "", p.fail(BadSyntax, start-1, "a string that does not end")
}

func (p *parser) escaped(start int) (string, *Error) {
	buf := append(make([]byte, 0, 64), p.in[start:p.pos]...)
	for p.pos < len(p.in) {
		c := p.in[p.pos]
		switch {
		case c == '"':
			p.pos++
			return string(buf), nil
		case c < 0x20:
			return "", p.fail(BadSyntax, p.pos, "a control character in a string; write it as \\u%04x", c)
		case c != '\\':
			buf = append(buf, c)
			p.pos++
			continue
		}
		at := p.pos
		if p.pos++; p.pos == len(p.in) {
			break
		}
		c = p.in[p.pos]
		p.pos++
		switch c {
		case '"', '\\', '/':
			buf = append(buf, c)
		case 'b':
			buf = append(buf, '\b')
		case 'f':
			buf = append(buf, '\f')
		case 'n':
			buf = append(buf, '\n')
		case 'r':
			buf = append(buf, '\r')
		case 't':
			buf = append(buf, '\t')
		case 'u':
			r, err := p.unicode(at)
			if err != nil {
				return "", err
			}
			buf = utf8.AppendRune(buf, r)
		default:
			return "", p.fail(BadSyntax, at, "an escape that JSON does not have: \\%c", c)
		}
	}
	return "", p.fail(BadSyntax, start-1, "a string that does not end")
}

// unicode reads the digits of a \u escape, and the second half of a pair.
func (p *parser) unicode(at int) (rune, *Error) {
	high, ok := p.hex4()
	if !ok {
		return 0, p.fail(BadSyntax, at, "\\u needs four hexadecimal digits")
	}
	if !utf16.IsSurrogate(high) {
		return high, nil
	}
	if len(p.in)-p.pos >= 2 && p.in[p.pos] == '\\' && p.in[p.pos+1] == 'u' {
		p.pos += 2
		if low, ok := p.hex4(); ok {
			if r := utf16.DecodeRune(high, low); r != utf8.RuneError {
				return r, nil
			}
		}
	}
	return 0, p.fail(BadUTF8, at, "half of a surrogate pair stands alone")
}

func (p *parser) hex4() (rune, bool) {
	if len(p.in)-p.pos < 4 {
		return 0, false
	}
	digits := p.in[p.pos : p.pos+4]
	for i := range 4 {
		switch c := digits[i]; {
		case c >= '0' && c <= '9', c >= 'a' && c <= 'f', c >= 'A' && c <= 'F':
		default:
			return 0, false
		}
	}
	n, err := strconv.ParseUint(digits, 16, 16)
	if err != nil {
		return 0, false
	}
	p.pos += 4
	return rune(n), true
}
