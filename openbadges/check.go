package openbadges

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/accolade-badges/accolade/openbadges/strictjson"
)

// model is the tables of one version: its classes by name.
type model struct {
	classes map[string]*class
}

// class is the table of one class of the standard.
type class struct {
	section string
	members []memberRule
	closed  bool // other members are refused
	extra   func(c *checker, v *strictjson.Value)
}

type memberRule struct {
	name string
	rule rule
	need need
}

// need says whether a member must be there.
type need uint8

const (
	optional need = iota
	required
	wanted // required by the standard, but absent from documents in good standing
)

// rule judges one value.
type rule func(c *checker, v *strictjson.Value)

// checker goes through one document.
type checker struct {
	doc      *Document
	model    *model
	path     []string
	section  string
	problems []Problem
}

func (c *checker) report(code string, s Severity, format string, args ...any) {
	if len(c.problems) >= maxProblems {
		if len(c.problems) == maxProblems {
			c.problems = append(c.problems, Problem{"", CodeTooMany, "there are more problems; these are the first", "", Warning})
		}
		return
	}
	var path strings.Builder
	for _, segment := range c.path {
		path.WriteByte('/')
		path.WriteString(pointerEscaper.Replace(segment))
	}
	c.problems = append(c.problems, Problem{path.String(), code, fmt.Sprintf(format, args...), c.section, s})
}

var pointerEscaper = strings.NewReplacer("~", "~0", "/", "~1")

// at runs f one step further down.
func (c *checker) at(segment string, f func()) {
	c.path = append(c.path, segment)
	f()
	c.path = c.path[:len(c.path)-1]
}

// name is the member that is judged, for messages.
func (c *checker) name() string {
	for i := len(c.path) - 1; i >= 0; i-- {
		if _, err := strconv.Atoi(c.path[i]); err != nil {
			return c.path[i]
		}
	}
	return "the document"
}

func (c *checker) wrongType(v *strictjson.Value, want string) {
	c.report(CodeWrongType, Error, "%s is a %s where %s should stand", c.name(), v.Kind(), want)
}

// object judges an object by a class.
func (c *checker) object(k *class, v *strictjson.Value) {
	if !v.Is(strictjson.Object) {
		c.wrongType(v, "an object")
		return
	}
	outer := c.section
	c.section = k.section
	defer func() { c.section = outer }()
	members := v.Members()
	for i := range members {
		m := &members[i]
		r := k.member(m.Name)
		switch {
		case r != nil && r.rule != nil:
			c.at(m.Name, func() { r.rule(c, &m.Value) })
		case r == nil && k.closed:
			c.at(m.Name, func() {
				c.report(CodeUnknownMember, Warning, "%s is no member of this object", m.Name)
			})
		default:
			c.at(m.Name, func() { c.foreign(&m.Value) })
		}
	}
	for i := range k.members {
		r := &k.members[i]
		if r.need == optional || v.Get(r.name) != nil {
			continue
		}
		severity := Error
		if r.need == wanted {
			severity = Warning
		}
		c.at(r.name, func() { c.report(CodeMissing, severity, "%s is missing", r.name) })
	}
	if k.extra != nil {
		k.extra(c, v)
	}
}

func (k *class) member(name string) *memberRule {
	for i := range k.members {
		if k.members[i].name == name {
			return &k.members[i]
		}
	}
	return nil
}

// foreign judges a member that the class does not describe: null is said by
// leaving out (section "Serialization/JSON").
func (c *checker) foreign(v *strictjson.Value) {
	if v.Is(strictjson.Null) {
		c.report(CodeNull, Warning, "%s is null; leave it out", c.name())
	}
	c.texts(v)
}

// texts looks for characters that cannot be signed, at any depth.
func (c *checker) texts(v *strictjson.Value) {
	switch v.Kind() {
	case strictjson.String:
		c.control(v.Str())
	case strictjson.Array:
		items := v.Items()
		for i := range items {
			c.at(strconv.Itoa(i), func() { c.texts(&items[i]) })
		}
	case strictjson.Object:
		members := v.Members()
		for i := range members {
			c.at(members[i].Name, func() { c.texts(&members[i].Value) })
		}
	}
}

func (c *checker) control(s string) {
	for i := range len(s) {
		if b := s[i]; b < 0x20 && b != '\t' && b != '\n' && b != '\r' || b == 0x7f {
			c.report(CodeControl, Warning, "%s contains the control character U+%04X", c.name(), b)
			return
		}
	}
}
