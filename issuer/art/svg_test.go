package art

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
)

// checkSVG refuses what is not well formed or does more than to show.
func checkSVG(tb testing.TB, data []byte) (ids []string) {
	tb.Helper()
	d := xml.NewDecoder(bytes.NewReader(data))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return ids
		}
		if err != nil {
			tb.Fatalf("not well formed: %v", err)
		}
		e, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		switch e.Name.Local {
		case "svg", "title", "desc", "defs", "linearGradient", "stop", "path", "text":
		default:
			tb.Fatalf("element %s", e.Name.Local)
		}
		for _, a := range e.Attr {
			if strings.HasPrefix(a.Name.Local, "on") || a.Name.Local == "href" || a.Name.Local == "style" {
				tb.Fatalf("attribute %s", a.Name.Local)
			}
			if a.Name.Local == "id" {
				ids = append(ids, a.Value)
			}
		}
	}
}

func TestSVGIsSmallAndOnlyOutlines(t *testing.T) {
	s := MustStudio(t)
	for _, k := range allKinds {
		for _, state := range allStates {
			b := sampleBadge(k)
			b.Title, b.State, b.StateText = hostile["long"], state, "Expires soon"
			data, err := s.SVG(b)
			if err != nil {
				t.Fatal(err)
			}
			checkSVG(t, data)
			if len(data) >= 60_000 {
				t.Errorf("%s, %q: %d bytes", k, state, len(data))
			}
			if bytes.Contains(data, []byte("<text")) {
				t.Errorf("%s, %q: text that DejaVu has is not drawn as outlines", k, state)
			}
			if !bytes.Contains(data, []byte(`viewBox="0 0 1000 1000"`)) || !bytes.Contains(data, []byte(` lang="en"`)) {
				t.Errorf("%s: no view box or language", k)
			}
		}
	}
}

func TestSVGSaysWhatItShows(t *testing.T) {
	b := Badge{Title: `Risk & "Control" <Basics>`, Level: "Associate", Issuer: "Example Programme", Code: "AX-1", StateText: "Expired", State: Expired}
	data, err := MustStudio(t).SVG(b)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`>Risk &amp; &quot;Control&quot; &lt;Basics&gt;</title>`,
		`· Expired · Associate · Example Programme · AX-1</desc>`,
	} {
		if !bytes.Contains(data, []byte(want)) {
			t.Errorf("no %s in %.600s", want, data)
		}
	}
}

func TestSVGIdsDoNotCollide(t *testing.T) {
	s := MustStudio(t)
	seen := map[string]Kind{}
	for _, k := range allKinds {
		b := sampleBadge(k)
		b.Title += string(k)
		data, err := s.SVG(b)
		if err != nil {
			t.Fatal(err)
		}
		for _, id := range checkSVG(t, data) {
			if other, taken := seen[id]; taken {
				t.Errorf("id %s is in %s and %s", id, other, k)
			}
			seen[id] = k
		}
	}
}

func TestSVGLeavesTextWithoutFontToTheReader(t *testing.T) {
	data, err := MustStudio(t).SVG(Badge{Title: "云计算管理员", Kind: Associate, LatinTitle: "Cloud"})
	if err != nil {
		t.Fatal(err)
	}
	checkSVG(t, data)
	if !bytes.Contains(data, []byte(`font-family="sans-serif"`)) || !bytes.Contains(data, []byte("云计算")) {
		t.Errorf("the Chinese title is not left to the reader's font")
	}
}

func TestSVGRefusesALanguageThatIsNone(t *testing.T) {
	data, err := MustStudio(t).SVG(Badge{Title: "X", Language: `en" onload="x`})
	if err != nil {
		t.Fatal(err)
	}
	checkSVG(t, data)
	if bytes.Contains(data, []byte("lang=")) {
		t.Error("a broken language tag was written")
	}
}
