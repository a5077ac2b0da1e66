package issuer_test

import (
	"bytes"
	"encoding/binary"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/accolade-badges/accolade/issuer"
	"github.com/accolade-badges/accolade/issuer/ledger"
)

func TestSignatureIsWhatMailProgramsKeep(t *testing.T) {
	const hostile = `<script>alert(1)</script>"><img src=x onerror=alert(2)>`
	for _, c := range []struct {
		name string
		g    issuer.Signature
	}{
		{"plain", issuer.Signature{
			Title: "Cloud Administrator Associate", Line: "Sample Institute · valid until 9 February 2027", Alt: "Cloud Administrator Associate, Sample Institute, valid until 9 February 2027. Verify",
			Link: "Verify: ", Page: "https://badges.example.org/badges/x", Picture: "https://badges.example.org/badges/x/image.png?size=192", Size: 96, Lang: "en",
		}},
		{"hostile and long", issuer.Signature{
			Title: strings.Repeat(hostile, 40), Line: strings.Repeat("<b>", 2000), Alt: strings.Repeat(`"`, 9000), Link: hostile,
			Page: `https://badges.example.org/"><script>`, Picture: `https://badges.example.org/"onerror="`, Size: 120, Lang: `"x`,
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			text := c.g.HTML()
			if len(text) >= 8<<10 {
				t.Errorf("it has %d bytes, want less than 8 KB", len(text))
			}
			if n := strings.Count(text, "color:inherit;"); n != strings.Count(text, "<a ") {
				t.Errorf("%d of its links are of the colour of the text: %s", n, text)
			}
			text = strings.ReplaceAll(text, "color:inherit;", "")
			for _, bad := range []string{"class=", "<!--", "flex", "background", "<style", "<script", "color:", "data:"} {
				if strings.Contains(text, bad) {
					t.Errorf("it has %q: %s", bad, text)
				}
			}
			doc, err := html.Parse(strings.NewReader(text))
			if err != nil {
				t.Fatal(err)
			}
			count := map[string]int{}
			var img map[string]string
			for n := range doc.Descendants() {
				if n.Type != html.ElementNode {
					continue
				}
				count[n.Data]++
				attr := map[string]string{}
				for _, a := range n.Attr {
					attr[a.Key] = a.Val
					if strings.HasPrefix(a.Key, "on") {
						t.Errorf("%s has %s", n.Data, a.Key)
					}
				}
				if n.Data == "table" && (attr["role"] != "presentation" || attr["cellpadding"] != "0" || attr["cellspacing"] != "0" || attr["border"] != "0") {
					t.Errorf("the table has %v", attr)
				}
				if n.Data == "a" && attr["href"] != c.g.Page {
					t.Errorf("a link leads to %s", attr["href"])
				}
				if n.Data == "td" && !strings.Contains(attr["style"], "width:"+attr["width"]+"px") {
					t.Errorf("a cell has %v, want its width as attribute and style", attr)
				}
				if n.Data == "img" {
					img = attr
				}
			}
			if count["table"] != 1 || count["img"] != 1 || count["td"] != 3 || count["a"] != 2 || count["script"] != 0 {
				t.Errorf("its elements: %v", count)
			}
			if img["width"] != img["height"] || img["src"] != c.g.Picture || img["border"] != "0" || img["alt"] == "" ||
				!strings.Contains(img["style"], "display:block;width:"+img["width"]+"px;height:"+img["width"]+"px") {
				t.Errorf("the picture has %v", img)
			}
		})
	}
}

func TestSignaturePicturesAreSmallAndSharp(t *testing.T) {
	h := mustHouse(t, "", "2026-03-01T12:00:00Z")
	h.mustLoadDemo(t, unchanged)
	out := h.mustRecord(t, pass("1", "CL-220", "2025-03-10T10:00:00Z"))
	id := out.Awards[0].ID
	if err := h.SetVisibility(t.Context(), "test", id, ledger.Public); err != nil {
		t.Fatal(err)
	}
	for _, size := range issuer.SignatureSizes() {
		for name, get := range map[string]func() (*issuer.Document, error){
			"live": func() (*issuer.Document, error) { return h.LivePicture(t.Context(), id, 2*size) },
			"fixed": func() (*issuer.Document, error) {
				return h.AchievementPictureIn(t.Context(), "", out.Awards[0].Achievement, 2*size)
			},
		} {
			d, err := get()
			if err != nil {
				t.Fatal(err)
			}
			if w := int(binary.BigEndian.Uint32(d.Body[16:])); w != 2*size {
				t.Errorf("%s at %d: the file is %d pixels wide, want twice the size", name, size, w)
			}
			if len(d.Body) >= 30<<10 {
				t.Errorf("%s at %d: %d bytes, want less than 30 KB", name, size, len(d.Body))
			}
			if !bytes.Contains(d.Body, []byte("pHYs\x00\x00\x0e\xc4\x00\x00\x0e\xc4\x01")) {
				t.Errorf("%s at %d: the file does not say 96 dpi", name, size)
			}
			if d.Cache != "public, max-age=300" || d.ETag == "" {
				t.Errorf("%s at %d: %s, ETag %s", name, size, d.Cache, d.ETag)
			}
		}
	}
}
