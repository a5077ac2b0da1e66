package catalogue

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"unicode/utf8"
)

// maxSize and maxDepth bound what Parse reads: the largest real catalogue is
// under half a megabyte and nests eight levels deep.
const (
	maxSize  = 32 << 20
	maxDepth = 64
)

type nodeKind int

const (
	nullNode nodeKind = iota
	boolNode
	numberNode
	stringNode
	arrayNode
	objectNode
)

func (k nodeKind) String() string {
	return [...]string{"null", "true or false", "a number", "text", "a list", "an object"}[k]
}

// node is one JSON value. Members keep their order, so that findings come in
// the order of the file.
type node struct {
	kind    nodeKind
	text    string
	truth   bool
	items   []*node
	names   []string
	members map[string]*node
}

// readTree builds the tree of a whole file. Duplicate members are told in l;
// an error means that the bytes are no JSON of a bearable size.
func readTree(data []byte, l *log) (*node, error) {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if len(data) > maxSize {
		return nil, fmt.Errorf("the file has %d bytes, more than the %d that are read", len(data), maxSize)
	}
	if !utf8.Valid(data) {
		return nil, errors.New("the file is not UTF-8")
	}
	var whole json.RawMessage
	if err := json.Unmarshal(data, &whole); err != nil {
		var syntax *json.SyntaxError
		if errors.As(err, &syntax) {
			line, column := position(data, int(syntax.Offset))
			return nil, fmt.Errorf("line %d, column %d: %w", line, column, err)
		}
		return nil, err
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	return readValue(d, l, "", 0)
}

func readValue(d *json.Decoder, l *log, path string, depth int) (*node, error) {
	if depth > maxDepth {
		return nil, fmt.Errorf("%s: nested deeper than %d levels", path, maxDepth)
	}
	token, err := d.Token()
	if err != nil {
		return nil, err
	}
	switch t := token.(type) {
	case bool:
		return &node{kind: boolNode, truth: t}, nil
	case json.Number:
		return &node{kind: numberNode, text: t.String()}, nil
	case string:
		return &node{kind: stringNode, text: t}, nil
	case json.Delim:
		if t == '[' {
			return readArray(d, l, path, depth)
		}
		return readObject(d, l, path, depth)
	}
	return &node{kind: nullNode}, nil
}

func readArray(d *json.Decoder, l *log, path string, depth int) (*node, error) {
	n := &node{kind: arrayNode}
	for d.More() {
		item, err := readValue(d, l, fmt.Sprintf("%s[%d]", path, len(n.items)), depth+1)
		if err != nil {
			return nil, err
		}
		n.items = append(n.items, item)
	}
	_, err := d.Token()
	return n, err
}

func readObject(d *json.Decoder, l *log, path string, depth int) (*node, error) {
	n := &node{kind: objectNode, members: map[string]*node{}}
	for d.More() {
		token, err := d.Token()
		if err != nil {
			return nil, err
		}
		name, _ := token.(string)
		value, err := readValue(d, l, join(path, name), depth+1)
		if err != nil {
			return nil, err
		}
		if _, twice := n.members[name]; twice {
			l.error(join(path, name), "duplicate", fmt.Sprintf("the member %q stands twice in one object", name),
				"keep one of the two")
			continue
		}
		n.names = append(n.names, name)
		n.members[name] = value
	}
	_, err := d.Token()
	return n, err
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

// position turns a byte offset into a line and a column, both counted from one.
func position(data []byte, offset int) (line, column int) {
	head := data[:min(max(offset, 0), len(data))]
	line = 1 + bytes.Count(head, []byte("\n"))
	column = utf8.RuneCount(head[bytes.LastIndexByte(head, '\n')+1:])
	return line, max(column, 1)
}
