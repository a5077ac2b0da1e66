package catalogue

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// object is one JSON object under the reader's hand: it gives members by the
// shape they must have and tells in the log where they have another.
type object struct {
	*node
	l        *log
	path, id string
}

// row names a member of the object, or the object itself for "".
func (o object) row(member string) string {
	path := o.path
	if member != "" {
		path = join(path, member)
	}
	if o.id == "" {
		return path
	}
	return path + " (" + o.id + ")"
}

func (o object) shape(member, want string, got nodeKind) {
	o.l.error(o.row(member), "shape", fmt.Sprintf("must be %s, is %s", want, got), "write "+want)
}

// member gives a member that is there and not null.
func (o object) member(name string) (*node, bool) {
	n, ok := o.members[name]
	return n, ok && n.kind != nullNode
}

// text gives a text member, "" where it is absent or null.
func (o object) text(name string) string {
	n, ok := o.member(name)
	if !ok {
		return ""
	}
	if n.kind != stringNode {
		o.shape(name, "text", n.kind)
		return ""
	}
	return n.text
}

// required gives a text member that must be there and say something.
func (o object) required(name string) string {
	n, ok := o.members[name]
	if !ok {
		o.l.error(o.row(name), "shape", fmt.Sprintf("the member %q is missing", name), "add it as text")
		return ""
	}
	if n.kind != stringNode {
		o.shape(name, "text", n.kind)
		return ""
	}
	if strings.TrimSpace(n.text) == "" {
		o.l.error(o.row(name), "shape", "is empty", "write text")
	}
	return n.text
}

// code gives a required text that serves as a key: an exam code, an id.
func (o object) code(name string) string {
	s := o.required(name)
	if s == "" {
		return ""
	}
	bad := func(r rune) bool { return r < ' ' || r == 0x7f || strings.ContainsRune(`/\?#"'<>`, r) }
	if strings.TrimSpace(s) != s || len(s) > 120 || strings.ContainsFunc(s, bad) {
		o.l.error(o.row(name), "shape", fmt.Sprintf("%q is no usable code", s),
			`use at most 120 characters without / \ ? # quotes, angle brackets, control characters or spaces at the ends`)
	}
	return s
}

func (o object) truth(name string) bool {
	n, ok := o.member(name)
	if !ok {
		return false
	}
	if n.kind != boolNode {
		o.shape(name, "true or false", n.kind)
	}
	return n.truth
}

// whole gives a whole number of at least low, zero where it is absent or null.
func (o object) whole(name string, low int) int {
	n, ok := o.member(name)
	if !ok {
		return 0
	}
	if n.kind != numberNode {
		o.shape(name, "a whole number", n.kind)
		return 0
	}
	i, err := strconv.Atoi(n.text)
	if err != nil || i < low || i > 10000 {
		o.l.error(o.row(name), "shape", fmt.Sprintf("%s is no whole number from %d to 10000", n.text, low), "correct it")
		return 0
	}
	return i
}

func (o object) texts(name string) []string {
	n, ok := o.member(name)
	if !ok {
		return nil
	}
	if n.kind != arrayNode {
		o.shape(name, "a list of text", n.kind)
		return nil
	}
	var list []string
	for i, item := range n.items {
		if item.kind != stringNode {
			o.shape(fmt.Sprintf("%s[%d]", name, i), "text", item.kind)
			continue
		}
		list = append(list, item.text)
	}
	return list
}

// date gives a date or an instant, the zero time where it is absent or null.
func (o object) date(name string) time.Time {
	s := o.text(name)
	if s == "" {
		return time.Time{}
	}
	t, err := ParseDate(s)
	if err != nil {
		o.l.error(o.row(name), "date", err.Error(), "write a day as 2006-01-31 or an instant as 2006-01-31T00:00:00Z")
	}
	return t
}

// link gives an absolute web address.
func (o object) link(name string) string {
	s := o.text(name)
	if s == "" {
		return ""
	}
	u, err := url.Parse(s)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" || u.User != nil {
		o.l.error(o.row(name), "shape", fmt.Sprintf("%q is no web address", s), "write a whole address that starts with https://")
		return ""
	}
	return s
}

// object gives a member that is an object.
func (o object) object(name string) (object, bool) {
	n, ok := o.member(name)
	if !ok {
		return object{}, false
	}
	if n.kind != objectNode {
		o.shape(name, "an object", n.kind)
		return object{}, false
	}
	return object{n, o.l, join(o.path, name), o.id}, true
}

// objects gives the objects of a list member; what is none is told.
func (o object) objects(name string) []object {
	n, ok := o.member(name)
	if !ok {
		return nil
	}
	if n.kind != arrayNode {
		o.shape(name, "a list of objects", n.kind)
		return nil
	}
	var list []object
	for i, item := range n.items {
		at := fmt.Sprintf("%s[%d]", name, i)
		if item.kind != objectNode {
			o.shape(at, "an object", item.kind)
			continue
		}
		list = append(list, object{item, o.l, join(o.path, at), o.id})
	}
	return list
}

// languages gives a map from language tag to text.
func (o object) languages(name string) map[string]string {
	sub, ok := o.object(name)
	if !ok {
		return nil
	}
	texts := map[string]string{}
	for _, tag := range sub.names {
		if s := sub.text(tag); s != "" {
			texts[tag] = s
		}
	}
	return texts
}

// known warns about members that the form does not have.
func (o object) known(names ...string) {
	for _, name := range o.names {
		if !slices.Contains(names, name) {
			o.l.warn(o.row(name), "member", fmt.Sprintf("the member %q is not part of catalogue/1 and is not read", name),
				"check its spelling or take it out")
		}
	}
}
