package web

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/accolade-badges/accolade/assets"
	"github.com/accolade-badges/accolade/issuer"
	"github.com/accolade-badges/accolade/openbadges/strictjson"
)

// The description of the API, as a document for programs and as a page for
// people. The page is made of the document, so that the two agree.

// apiPage is what api.html shows.
type apiPage struct {
	base
	Intro    string // Markdown
	Document string // address
	Groups   []apiGroup
	Problem  []apiField
}

// apiGroup is the calls about one thing.
type apiGroup struct {
	Name, Text string
	Calls      []apiCall
}

// apiCall is one method at one address.
type apiCall struct {
	Anchor, Method, Path  string
	Summary, Text         string // Text is Markdown
	Scope                 string // "" when no token is needed
	Query, Headers, Body  []apiField
	BodyExample, Answered string // JSON
	Types                 []string
	Answers               []apiAnswer
}

// apiField is one member of a body or one parameter, by its path.
type apiField struct {
	Name, Type, Text string
	Required         bool
}

// apiAnswer is one status that a call may answer with.
type apiAnswer struct{ Status, Text string }

// openAPI serves the description as it is.
func (s *server) openAPI(c echo.Context) error {
	return serveAs(c, s.api.document, issuer.TypeJSON)
}

func (s *server) apiPage(c echo.Context) error {
	p, l := s.api.page, s.language(c)
	p.base = s.base(c, l.T("site.api.title"))
	p.NoIndex, p.Canonical = false, s.Issuer.URLs().Base()+"/api"
	p.Description = l.T("site.api.description")
	p.Document = s.Issuer.URLs().Base() + "/api/v1/openapi.json"
	return s.page(c, http.StatusOK, "api.html", p)
}

// apiDescription is the embedded document, read once.
type apiDescription struct {
	document *issuer.Document
	page     apiPage // without its base
}

func newAPIDescription() (*apiDescription, error) {
	body := assets.OpenAPI()
	root, err := strictjson.Parse(body)
	if err != nil {
		return nil, fmt.Errorf("openapi.json: %w", err)
	}
	r := apiReader{root}
	d := &apiDescription{document: kept(body, issuer.TypeJSON, "no-cache")}
	d.page.Intro = root.Get("info").Get("description").Str()
	for _, tag := range root.Get("tags").Items() {
		d.page.Groups = append(d.page.Groups, apiGroup{Name: tag.Get("name").Str(), Text: tag.Get("description").Str()})
	}
	for _, path := range root.Get("paths").Members() {
		for _, method := range path.Value.Members() {
			if method.Name == "parameters" || method.Name == "options" { // browsers call that one by themselves
				continue
			}
			call := r.call(path.Name, method)
			for i := range d.page.Groups {
				if method.Value.Get("tags").Contains(d.page.Groups[i].Name) {
					d.page.Groups[i].Calls = append(d.page.Groups[i].Calls, call)
				}
			}
		}
	}
	d.page.Problem = r.fields("", root.Get("components").Get("schemas").Get("Problem"))
	return d, nil
}

// apiReader reads the document for the page.
type apiReader struct{ root *strictjson.Value }

// follow resolves a reference within the document; what is none is returned as
// it is.
func (r apiReader) follow(v *strictjson.Value) *strictjson.Value {
	ref := v.Get("$ref").Str()
	if ref == "" {
		return v
	}
	at := r.root
	for part := range strings.SplitSeq(strings.TrimPrefix(ref, "#/"), "/") {
		at = at.Get(part)
	}
	return at
}

func (r apiReader) call(path string, m strictjson.Member) apiCall {
	v := &m.Value
	c := apiCall{
		Anchor: v.Get("operationId").Str(), Method: strings.ToUpper(m.Name), Path: path,
		Summary: v.Get("summary").Str(), Text: v.Get("description").Str(),
	}
	for _, security := range v.Get("security").Items() {
		c.Scope = strings.Join(security.Get("token").Strings(), ", ")
	}
	for _, p := range v.Get("parameters").Items() {
		full := r.follow(&p)
		f := apiField{Name: full.Get("name").Str(), Type: full.Get("schema").Get("type").Str(), Text: full.Get("description").Str()}
		if full.Get("in").Str() == "header" {
			c.Headers = append(c.Headers, f)
		} else {
			c.Query = append(c.Query, f)
		}
	}
	for i, content := range r.follow(v.Get("requestBody")).Get("content").Members() {
		c.Types = append(c.Types, content.Name)
		if i == 0 {
			c.Body = r.fields("", content.Value.Get("schema"))
			c.BodyExample = example(&content.Value)
		}
	}
	for _, answer := range v.Get("responses").Members() {
		full := r.follow(&answer.Value)
		c.Answers = append(c.Answers, apiAnswer{answer.Name, full.Get("description").Str()})
		for _, content := range full.Get("content").Members() {
			if answer.Name[0] == '2' && c.Answered == "" {
				c.Answered = example(&content.Value)
			}
		}
	}
	return c
}

// fields lists the members of a schema, those of inner objects by their path.
// Of alternatives the first is shown.
func (r apiReader) fields(prefix string, schema *strictjson.Value) []apiField {
	schema = r.follow(schema)
	if of := schema.Get("oneOf").Items(); len(of) > 0 {
		return r.fields(prefix, &of[0])
	}
	var list []apiField
	for _, m := range schema.Get("properties").Members() {
		inner := r.follow(&m.Value)
		f := apiField{Name: prefix + m.Name, Type: strings.Join(inner.Get("type").Strings(), " or "), Text: inner.Get("description").Str(), Required: schema.Get("required").Contains(m.Name)}
		if format := inner.Get("format").Str(); format != "" {
			f.Type = format
		}
		if words := given(inner.Get("enum").Strings()); len(words) > 0 {
			f.Type = strings.Join(words, ", ")
		}
		list = append(list, f)
		if inner.Get("type").Str() == "object" {
			list = append(list, r.fields(f.Name+".", inner)...)
		}
		if inner.Get("type").Str() == "array" {
			list = append(list, r.fields(f.Name+"[].", inner.Get("items"))...)
		}
	}
	return list
}

// given leaves out the empty word.
func given(words []string) []string {
	var list []string
	for _, w := range words {
		if w != "" {
			list = append(list, w)
		}
	}
	return list
}

// example returns the example of a body as indented JSON, or "".
func example(content *strictjson.Value) string {
	v := content.Get("example")
	if v == nil {
		return ""
	}
	var b bytes.Buffer
	if json.Indent(&b, v.Append(nil), "", "  ") != nil {
		return ""
	}
	return b.String()
}
