package bake

import (
	"bytes"
	"encoding/json"
	"strings"
)

// The namespaces of badges in SVG pictures. Open Badges 3.0, section "Baking
// SVG"; Open Badges 2.0 Baking Specification, "SVG".
const (
	NamespaceOB3 = "https://purl.imsglobal.org/ob/v3p0"
	NamespaceOB2 = "http://openbadges.org"
	namespaceCLR = "https://purl.imsglobal.org/clr/v2p0"
)

// badgeElement tells which generation of badge an element holds.
func badgeElement(n name) (Generation, bool) {
	switch {
	case n.local == "credential" && (n.space == NamespaceOB3 || n.space == "http"+NamespaceOB3[len("https"):]):
		return OB3, true
	case n.local == "assertion" && n.space == NamespaceOB2:
		return OB2, true
	case n.local == "credential" && n.space == namespaceCLR:
		return CLR, true
	}
	return "", false
}

// Element is one badge to bake into an SVG. For OB3 give either Verify, a
// compact JWS, or JSON, a credential with an embedded proof. For OB2 give
// Verify, the address of the hosted assertion or its JWS, and for a hosted one
// the assertion as JSON too.
type Element struct {
	Generation Generation
	Verify     string
	JSON       []byte
}

func (e Element) check() *Error {
	switch {
	case e.Generation != OB3 && e.Generation != OB2:
		return fail(BadBadge, -1, "", "%q is not a generation that is baked: use %s or %s", e.Generation, OB3, OB2)
	case e.Generation == OB3 && (e.Verify == "") == (len(e.JSON) == 0):
		return fail(BadBadge, -1, "", "an SVG carries either a JWS or a credential as JSON")
	case e.Generation == OB2 && e.Verify == "":
		return fail(BadBadge, -1, "", "an assertion in an SVG needs the address or the JWS by which it is verified")
	case len(e.JSON) > 0 && (!json.Valid(e.JSON) || bytes.TrimSpace(e.JSON)[0] != '{'):
		return fail(BadBadge, -1, "", "the badge is not a JSON object")
	case len(e.JSON)+len(e.Verify) > 1<<20:
		return fail(BadBadge, -1, "", "the badge has more than the %d bytes that readers take", 1<<20)
	}
	for i := 0; i < len(e.Verify); i++ {
		if e.Verify[i] <= ' ' || e.Verify[i] > '~' {
			return fail(BadBadge, -1, "", "neither a JWS nor an address has the character %q", e.Verify[i])
		}
	}
	return nil
}

func (e Element) name() (namespace, local string) {
	if e.Generation == OB3 {
		return NamespaceOB3, "credential"
	}
	return NamespaceOB2, "assertion"
}

// SVG returns the picture with the badge as the first child of its root. A
// badge of the same generation that is already there is replaced; all else stays
// as it is. The prefix openbadges is declared on the root, as the standard
// shows it, unless it means something else there. The error is always an
// [*Error].
func SVG(picture []byte, e Element) ([]byte, error) {
	if err := e.check(); err != nil {
		return nil, err
	}
	plan, err := planSVG(picture, e)
	if err != nil {
		return nil, err
	}
	out := make([]byte, 0, len(picture)+len(e.Verify)+len(e.JSON)+256)
	out = append(out, picture[:plan.rootName]...)
	if plan.declare {
		namespace, _ := e.name()
		out = append(out, ` xmlns:openbadges="`+namespace+`"`...)
	}
	root := picture[plan.rootName:plan.rootEnd]
	if plan.rootEmpty {
		root = append(bytes.TrimRight(root[:len(root)-2:len(root)-2], " \t\r\n"), '>')
	}
	out = append(out, root...)
	out = e.append(out, plan.prefix, !plan.declare && plan.prefix != "openbadges")
	kept := plan.rootEnd
	for _, old := range plan.old {
		out = append(out, picture[kept:old[0]]...)
		kept = old[1]
	}
	if plan.rootEmpty {
		out = append(out, "</"+plan.root+">"...)
	}
	return append(out, picture[kept:]...), nil
}

// svgPlan says where a badge goes in a picture and what it replaces.
type svgPlan struct {
	root      string // its name as spelled
	rootName  int    // where that name ends
	rootEnd   int    // where its start tag ends
	rootEmpty bool
	declare   bool   // the root lacks the prefix
	prefix    string // of the new element
	old       [][2]int
}

func planSVG(picture []byte, e Element) (svgPlan, *Error) {
	var p svgPlan
	l := Limits{}.withDefaults()
	x, err := openSVG(picture, l)
	if err != nil {
		return p, err
	}
	namespace, _ := e.name()
	oldStart, oldDepth := -1, 0
	for {
		t, ok, err := x.next()
		if err != nil {
			return p, err
		}
		if !ok {
			return p, nil
		}
		switch t.kind {
		case startTag:
			if x.depth == 1 {
				if err := checkRoot(t); err != nil {
					return p, err
				}
				p.root = x.open[0].name
				p.rootName = t.start + 1 + len(p.root)
				p.rootEnd, p.rootEmpty = t.end, t.empty
				bound, there := x.lookup("openbadges")
				switch {
				case !there:
					p.declare, p.prefix = true, "openbadges"
				case bound == namespace:
					p.prefix = "openbadges"
				default:
					p.prefix = string(e.Generation)
				}
				continue
			}
			if g, is := badgeElement(t.name); is && g == e.Generation && oldStart < 0 {
				oldStart, oldDepth = t.start, x.depth
			}
		case endTag:
			if oldStart >= 0 && x.depth == oldDepth-1 {
				p.old = append(p.old, [2]int{oldStart, t.end})
				oldStart = -1
			}
		}
	}
}

func openSVG(data []byte, l Limits) (*xmlReader, *Error) {
	if head := bytes.TrimLeft(bytes.TrimPrefix(data, []byte("\ufeff")), " \t\r\n"); len(head) == 0 ||
		head[0] != '<' && !bytes.HasPrefix(head, []byte("\xff\xfe")) && !bytes.HasPrefix(head, []byte("\xfe\xff")) {
		return nil, notPicture(data, "SVG")
	}
	return newXML(data, l)
}

// checkRoot wants an svg element, in the namespace of SVG or in none: some
// drawings lack the declaration and are shown all the same by what reads them.
func checkRoot(t token) *Error {
	if t.name.local != "svg" || t.name.space != spaceSVG && t.name.space != "" {
		return fail(NotPicture, t.start, "", "this is XML, but its root is %s and not svg", t.name.local)
	}
	return nil
}

// append writes the element. With own it declares its namespace itself.
func (e Element) append(dst []byte, prefix string, own bool) []byte {
	namespace, local := e.name()
	tag := prefix + ":" + local
	dst = append(dst, "<"+tag...)
	if own {
		dst = append(dst, ` xmlns:`+prefix+`="`+namespace+`"`...)
	}
	if e.Verify != "" {
		dst = append(dst, ` verify="`...)
		dst = append(dst, attributeEscaper.Replace(e.Verify)...)
		dst = append(dst, '"')
	}
	dst = append(dst, '>')
	if len(e.JSON) > 0 {
		dst = append(dst, "<![CDATA["...)
		dst = appendCDATA(dst, bytes.TrimSpace(e.JSON))
		dst = append(dst, "]]>"...)
	}
	return append(dst, "</"+tag+">"...)
}

var attributeEscaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "'", "&apos;")

// appendCDATA writes JSON so that it can stand in CDATA: in strings, the only
// place where they can be, "]]>" and characters that XML lacks become escapes.
func appendCDATA(dst, text []byte) []byte {
	for i := 0; i < len(text); i++ {
		switch {
		case text[i] == '>' && i >= 2 && text[i-1] == ']' && text[i-2] == ']':
			dst = append(dst, `\u003e`...)
		case bytes.HasPrefix(text[i:], []byte("\ufffe")):
			dst = append(dst, `\ufffe`...)
			i += 2
		case bytes.HasPrefix(text[i:], []byte("\uffff")):
			dst = append(dst, `\uffff`...)
			i += 2
		default:
			dst = append(dst, text[i])
		}
	}
	return dst
}
