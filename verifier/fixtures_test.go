package verifier

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/accolade-badges/accolade/openbadges/bake"
)

// shared is the folder of samples beside the repository.
const shared = "../../shared/fixtures"

func mustShared(tb testing.TB, path string) []byte {
	tb.Helper()
	if _, err := os.Stat(shared); err != nil {
		tb.Skip("the samples in ../shared/fixtures are not here")
	}
	data, err := os.ReadFile(filepath.Join(shared, filepath.FromSlash(path)))
	if err != nil {
		tb.Fatal(err)
	}
	return data
}

type badgeCase struct {
	ID     string `json:"id"`
	File   string `json:"file"`
	Expect struct {
		Verdict       string `json:"verdict"`
		Structure     string `json:"structure"`
		Signature     string `json:"signature"`
		Revoked       any    `json:"revoked"`
		Expired       bool   `json:"expired"`
		NotYetValid   bool   `json:"notYetValid"`
		IssuerBinding string `json:"issuerBinding"`
		Proofs        []struct {
			KeyFrom string `json:"keyFrom"`
		} `json:"proofs"`
	} `json:"expect"`
	Needs []struct {
		URL  string `json:"url"`
		File string `json:"file"`
		Self bool   `json:"self"`
	} `json:"needs"`
}

// want is the verdict that the manifest means, in our words.
func (c badgeCase) want() Verdict {
	e := c.Expect
	good := !strings.Contains(e.Signature, "invalid") && e.Signature != "none" && e.Structure != "bad"
	switch {
	case e.Verdict == "invalid" && good && e.Revoked == true:
		return Revoked
	case e.Verdict == "invalid" && good && e.NotYetValid:
		return NotYetValid
	case e.Verdict == "invalid" && good && e.Expired:
		return Expired
	case e.Verdict == "valid":
		for _, p := range e.Proofs {
			if p.KeyFrom == "URL fragment only" || p.KeyFrom == "jwk in the header" {
				return Undetermined
			}
		}
		if e.IssuerBinding != "" {
			return Undetermined
		}
	}
	return Verdict(e.Verdict)
}

// arguable are the cases for which another verdict than the manifest's is the
// honest one, and why.
var arguable = map[string]struct {
	verdict Verdict
	why     string
}{
	"badgr-2_0_assertion_embedded_badgeclass-json":       {Undetermined, "a hosted assertion whose hosted copy is not among the documents"},
	"obvcore-0_5_assertion":                              {Undetermined, "a hosted assertion that does not say where its copy lies"},
	"obvcore-1_1_basic_assertion":                        {Undetermined, "a hosted assertion whose hosted copy is not among the documents"},
	"1edtech-ob20-badge-class-with-language-json":        {Undetermined, "a badge class says nothing about anybody having earned it"},
	"1edtech-ob20-rdf-validation-valid-badge-class-json": {Undetermined, "a badge class says nothing about anybody having earned it"},
	"spec-achievementAlignmentCe":                        {Invalid, "a credential of 3.0 without any proof"},
	"spec-basicOpenBadgeCredential":                      {Invalid, "a credential of 3.0 without any proof"},
	"spec-skillAssertionCtdl":                            {Invalid, "a credential of 3.0 without any proof"},
}

func TestBadgeFixtures(t *testing.T) {
	var manifest struct {
		CheckedOn string      `json:"checkedOn"`
		Cases     []badgeCase `json:"cases"`
	}
	if err := json.Unmarshal(mustShared(t, "badges/manifest.json"), &manifest); err != nil {
		t.Fatal(err)
	}
	on, err := time.Parse(time.DateOnly, manifest.CheckedOn)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range manifest.Cases {
		t.Run(c.ID, func(t *testing.T) {
			data := mustShared(t, "badges/"+c.File)
			docs, err := LoadDocuments(filepath.Join(shared, "badges", "documents.json"))
			if err != nil {
				t.Fatal(err)
			}
			for _, need := range c.Needs {
				d := Document{File: filepath.Join(shared, "badges", need.File), Found: need.File != ""}
				if need.Self {
					d = Document{Body: assertionOf(t, data), Found: true}
				}
				docs.entries[bare(need.URL)] = d
				docs.entries[strings.Replace(strings.Replace(need.URL, "/v11/", "/", 1), "/vc20/", "/", 1)] = d
			}
			r, err := Verify(context.Background(), Input{Data: data, Name: c.File}, Options{
				Now: func() time.Time { return on }, Documents: docs,
			})
			if err != nil {
				t.Fatal(err)
			}
			want := c.want()
			if a, ok := arguable[c.ID]; ok {
				if want == a.verdict {
					t.Errorf("no longer arguable: the manifest says %s too", want)
				}
				want = a.verdict
			}
			if r.Verdict != want {
				t.Errorf("verdict %s, want %s\n%s", r.Verdict, want, show(r))
			}
		})
	}
}

// assertionOf is what a hosted assertion's own address serves.
func assertionOf(t *testing.T, data []byte) []byte {
	t.Helper()
	if sniff(data) == formatPNG {
		found, err := bake.Extract(data, bake.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		return found[0].Payload()
	}
	return data
}

func show(r *Report) string {
	out, err := json.MarshalIndent(r, "", " ")
	if err != nil {
		return err.Error()
	}
	return string(out)
}
