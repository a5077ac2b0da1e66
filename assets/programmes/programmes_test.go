package programmes

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestDemoIsSampleDataAtExampleOrg(t *testing.T) {
	if !json.Valid(Demo()) {
		t.Fatal("demo.json is no JSON")
	}
	for rest := string(Demo()); ; {
		_, after, found := strings.Cut(rest, "://")
		if !found {
			break
		}
		host, _, _ := strings.Cut(after, "/")
		if !strings.HasSuffix(host, "example.org") {
			t.Errorf("an address outside example.org: %s", host)
		}
		rest = after
	}
}

func TestDemoGivesACopy(t *testing.T) {
	Demo()[0] = 'x'
	if Demo()[0] != '{' {
		t.Error("a change of one copy reached the next")
	}
}
