package web_test

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/accolade-badges/accolade/assets"
	"github.com/accolade-badges/accolade/issuer"
	"github.com/accolade-badges/accolade/issuer/ledger"
	"github.com/accolade-badges/accolade/web"
)

// mustOpenAPI loads the description as its users do.
func mustOpenAPI(t *testing.T) *openapi3.T {
	t.Helper()
	doc, err := openapi3.NewLoader().LoadFromData(assets.OpenAPI())
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func TestOpenAPIIsSound(t *testing.T) {
	t.Parallel()
	if err := mustOpenAPI(t).Validate(context.Background()); err != nil {
		t.Error(err)
	}
}

// described tells whether a route is part of the API, which the VC-API is too.
func described(path string) bool {
	return strings.HasPrefix(path, "/api/v1") || path == "/issuers" || strings.HasPrefix(path, "/credentials/") || strings.HasPrefix(path, "/presentations/")
}

func TestOpenAPIListsEveryCall(t *testing.T) {
	t.Parallel()
	doc := mustOpenAPI(t)
	routed := map[string]bool{}
	for _, r := range web.Routes() {
		if !described(r.Path) {
			continue
		}
		path := strings.ReplaceAll(r.Path, ":id", "{id}")
		routed[r.Method+" "+path] = true
		item := doc.Paths.Value(path)
		if item == nil || item.GetOperation(r.Method) == nil {
			t.Errorf("%s %s is not described", r.Method, path)
			continue
		}
		op := item.GetOperation(r.Method)
		scope := ""
		for _, requirement := range *op.Security {
			scope = strings.Join(requirement["token"], ",")
		}
		if scope != r.Scope {
			t.Errorf("%s %s is described with the scope %q and needs %q", r.Method, path, scope, r.Scope)
		}
		if op.Summary == "" || op.Description == "" || op.OperationID == "" {
			t.Errorf("%s %s lacks a summary, description or operationId", r.Method, path)
		}
	}
	for path, item := range doc.Paths.Map() {
		for method := range item.Operations() {
			if !routed[method+" "+path] {
				t.Errorf("%s %s is described and not there", method, path)
			}
		}
	}
}

// schema compiles what the description says of an answer.
func schema(t *testing.T, pointer string) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(assets.OpenAPI()))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("openapi.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("openapi.json#" + pointer)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// fits fails unless a body is as the description says.
func fits(t *testing.T, pointer string, body []byte) {
	t.Helper()
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(body))
	if err != nil {
		t.Fatalf("%s: %v in %s", pointer, err, body)
	}
	if err := schema(t, pointer).Validate(v); err != nil {
		t.Errorf("%s: %v\n%s", pointer, err, body)
	}
}

func TestAnswersFitTheOpenAPI(t *testing.T) {
	t.Parallel()
	h := mustHouse(t, nil)
	token := h.mustToken(t, issuer.Scopes()...)
	const results, awards, one = "/paths/~1api~1v1~1results/post", "/paths/~1api~1v1~1awards/get", "/components/schemas/Award"
	answer := func(operation, status string) string {
		return operation + "/responses/" + status + "/content/application~1json/schema"
	}
	r := passed("1", "CL-100", 3, kim)
	r.Score, r.Delivery, r.Language = "812.5", "online", "en"
	sent, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	fits(t, results+"/requestBody/content/application~1json/schema", sent)
	fits(t, answer(results, "201"), h.call(t, "POST", "/api/v1/results", token, r).body)
	fits(t, answer(results, "200"), h.call(t, "POST", "/api/v1/results", token, r).body)
	bad := passed("2", "XX-1", 3, kim)
	fits(t, answer(results, "200"), h.call(t, "POST", "/api/v1/results", token, []issuer.Result{passed("3", "DL-210", 3, kim), bad}).body)
	fits(t, "/components/schemas/Problem", h.call(t, "POST", "/api/v1/results", token, bad).body)
	if _, err := h.Drain(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	list := h.call(t, "GET", "/api/v1/awards", token, nil)
	fits(t, answer(awards, "200"), list.body)
	fits(t, answer(awards, "200"), h.call(t, "GET", "/api/v1/awards?limit=1", token, nil).body)
	for _, w := range mustJSON[struct{ Items []award }](t, list, 200).Items {
		path := "/api/v1/awards/" + w.ID
		fits(t, one, h.call(t, "GET", path, token, nil).body)
		for _, act := range []string{"suspend", "reinstate", "revoke"} {
			fits(t, one, h.call(t, "POST", path+"/"+act, token, `{"reason":"A test"}`).body)
		}
		h.mustShow(t, w.ID, ledger.Public)
		credential := h.do(t, "GET", "/badges/"+w.ID+".json", nil).body
		fits(t, "/components/schemas/Report", h.do(t, "POST", "/api/v1/verify", credential).body)
	}
	for _, body := range []string{"hello", `{"input":"hello"}`, `{"inputs":[{"input":"hello"}]}`} {
		fits(t, answer("/paths/~1api~1v1~1verify/post", "200"), h.do(t, "POST", "/api/v1/verify", []byte(body)).body)
	}
	served := h.do(t, "GET", "/api/v1/openapi.json", nil)
	if !bytes.Equal(served.body, assets.OpenAPI()) {
		t.Error("what is served is not the description")
	}
}

func TestExamplesFitTheOpenAPI(t *testing.T) {
	t.Parallel()
	doc := mustOpenAPI(t)
	check := func(pointer string, content openapi3.Content) {
		for mediaType, c := range content {
			if c.Example == nil {
				continue
			}
			body, err := json.Marshal(c.Example)
			if err != nil {
				t.Fatal(err)
			}
			fits(t, pointer+"/content/"+strings.ReplaceAll(mediaType, "/", "~1")+"/schema", body)
		}
	}
	for path, item := range doc.Paths.Map() {
		for method, op := range item.Operations() {
			pointer := "/paths/" + strings.ReplaceAll(path, "/", "~1") + "/" + strings.ToLower(method)
			if op.RequestBody != nil && op.RequestBody.Ref == "" {
				check(pointer+"/requestBody", op.RequestBody.Value.Content)
			}
			for status, response := range op.Responses.Map() {
				if response.Ref == "" {
					check(pointer+"/responses/"+status, response.Value.Content)
				}
			}
		}
	}
	for name, response := range doc.Components.Responses {
		check("/components/responses/"+name, response.Value.Content)
	}
}

func TestAPIPageShowsEveryCall(t *testing.T) {
	t.Parallel()
	h := mustHouse(t, nil)
	page := h.page(t, "/api")
	for _, r := range web.Routes() {
		if described(r.Path) && r.Method != "OPTIONS" && !strings.Contains(page, "<b class=\"method\">"+r.Method+"</b> "+strings.ReplaceAll(r.Path, ":id", "{id}")) {
			t.Errorf("the page does not show %s %s", r.Method, r.Path)
		}
	}
}
