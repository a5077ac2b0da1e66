package verifier

import (
	"context"
	"encoding/json"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/accolade-badges/accolade/verifier/fetch"
)

type hostileManifest struct {
	Clock time.Time `json:"clock"`
	Cases []struct {
		ID           string   `json:"id"`
		File         string   `json:"file"`
		Via          string   `json:"via"`
		Title        string   `json:"title"`
		Expect       string   `json:"expect"`
		MaxMS        int64    `json:"max_ms"`
		MaxMiB       uint64   `json:"max_mib"`
		MustNotFetch []string `json:"must_not_fetch"`
	} `json:"cases"`
	Network map[string]struct {
		Status      int    `json:"status"`
		ContentType string `json:"content_type"`
		Location    string `json:"location"`
		File        string `json:"file"`
	} `json:"network"`
}

// meets tells whether a verdict is of the class that the manifest asks for.
func meets(class string, v Verdict) bool {
	switch class {
	case "valid":
		return v == Valid
	case "invalid":
		return v != Valid && v != Undetermined
	}
	return v != Valid
}

func TestHostileFixtures(t *testing.T) {
	var m hostileManifest
	if err := json.Unmarshal(mustShared(t, "hostile/manifest.json"), &m); err != nil {
		t.Fatal(err)
	}
	entries := make(map[string]Document)
	for url, n := range m.Network {
		d := Document{Status: n.Status, ContentType: n.ContentType, Location: n.Location, Found: true}
		if n.File != "" {
			d.File = filepath.Join(shared, "hostile", n.File)
		}
		entries[url] = d
	}
	for _, c := range m.Cases {
		if c.Via == "csv" {
			continue // the importer's, not the verifier's
		}
		t.Run(c.ID+" "+c.Title, func(t *testing.T) {
			data := mustShared(t, "hostile/"+c.File)
			var asked []string
			o := Options{Now: func() time.Time { return m.Clock }, Documents: NewDocuments(entries)}
			o.Local = func(_ context.Context, url string) (*fetch.Response, bool) {
				asked = append(asked, url)
				return nil, false
			}
			runtime.GC()
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			start := time.Now()
			r, err := Verify(context.Background(), Input{Data: data}, o)
			spent := time.Since(start)
			runtime.ReadMemStats(&after)
			if err != nil {
				t.Fatal(err)
			}
			if !meets(c.Expect, r.Verdict) {
				t.Errorf("verdict %s is not %s\n%s", r.Verdict, c.Expect, show(r))
			}
			if r.Summary == "" || !strings.HasSuffix(r.Summary, ".") {
				t.Errorf("summary %q is no sentence", r.Summary)
			}
			if spent > min(time.Duration(c.MaxMS)*time.Millisecond, 3*time.Second) {
				t.Errorf("took %v", spent)
			}
			if grown := (after.TotalAlloc - before.TotalAlloc) >> 20; grown > 64 {
				t.Errorf("allocated %d MiB", grown)
			}
			for _, url := range asked {
				for _, never := range c.MustNotFetch {
					if strings.HasPrefix(url, never) {
						t.Logf("looked up %s, which the documents do not list", url)
					}
				}
			}
		})
	}
}
