package bake_test

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/accolade-badges/accolade/openbadges/bake"
)

const drawing = `<?xml version="1.0" encoding="UTF-8"?>
<!-- drawn -->
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">
  <title>A &amp; B</title><path d="M0 0h9v9z"/>
</svg>
`

func ExampleSVG() {
	baked, err := bake.SVG([]byte(`<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0"/></svg>`),
		bake.Element{Generation: bake.OB3, JSON: []byte(`{"id":"urn:uuid:example"}`)})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(string(baked))
	// Output: <svg xmlns:openbadges="https://purl.imsglobal.org/ob/v3p0" xmlns="http://www.w3.org/2000/svg"><openbadges:credential><![CDATA[{"id":"urn:uuid:example"}]]></openbadges:credential><path d="M0 0"/></svg>
}

func TestSVGBakes(t *testing.T) {
	jws := bake.Element{Generation: bake.OB3, Verify: "eyJh.eyJi.c2ln"}
	hosted := bake.Element{Generation: bake.OB2, Verify: "https://example.org/a?b=1&c='2'", JSON: []byte(`{"id":"x"}`)}
	for _, tt := range []struct {
		name, in string
		e        bake.Element
		want     string
	}{
		{"a drawing", drawing, jws, "ob3 svg eyJh.eyJi.c2ln"},
		{"a hosted assertion", drawing, hosted, `ob2 svg {"id":"x"}`},
		{"an address alone", drawing, bake.Element{Generation: bake.OB2, Verify: "https://example.org/a?b=1&c='2'"}, "ob2 svg https://example.org/a?b=1&c='2'"},
		{"an empty root", `<svg xmlns="http://www.w3.org/2000/svg" />`, jws, "ob3 svg eyJh.eyJi.c2ln"},
		{"a prefixed root", `<s:svg xmlns:s="http://www.w3.org/2000/svg"/>`, jws, "ob3 svg eyJh.eyJi.c2ln"},
		{"a root without namespace", `<svg></svg>`, jws, "ob3 svg eyJh.eyJi.c2ln"},
		{"a byte order mark", "\ufeff<svg/>", jws, "ob3 svg eyJh.eyJi.c2ln"},
		{"the document type of a drawing program", `<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd"><svg/>`, jws, "ob3 svg eyJh.eyJi.c2ln"},
		{"the same generation", `<svg xmlns:o="https://purl.imsglobal.org/ob/v3p0"><o:credential verify="old"/><g><o:credential>old</o:credential></g></svg>`, jws, "ob3 svg eyJh.eyJi.c2ln"},
		{
			"the other generation", `<svg xmlns:openbadges="http://openbadges.org"><openbadges:assertion verify="https://example.org/"/></svg>`, jws,
			"ob3 svg eyJh.eyJi.c2ln|ob2 svg https://example.org/",
		},
		{"JSON that would end the section", drawing, bake.Element{Generation: bake.OB3, JSON: []byte("{\"a\":\"x]]>y\uffffz\"}")}, `ob3 svg {"a":"x]]\u003ey\uffffz"}`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			baked, err := bake.SVG([]byte(tt.in), tt.e)
			if err != nil {
				t.Fatal(err)
			}
			wellFormed(t, baked)
			found, err := bake.Extract(baked, bake.Limits{})
			if err != nil {
				t.Fatalf("%v\n%s", err, baked)
			}
			compareFound(t, found, tt.want)
			again, err := bake.SVG(baked, tt.e)
			if err != nil || !bytes.Equal(again, baked) {
				t.Errorf("baking twice gives\n%s\n%v, want\n%s", again, err, baked)
			}
		})
	}
}

// wellFormed asks another reader, and checks that the badge is the first child.
func wellFormed(t *testing.T, svg []byte) {
	t.Helper()
	d := xml.NewDecoder(bytes.NewReader(bytes.TrimPrefix(svg, []byte("\ufeff"))))
	elements := 0
	for {
		tok, err := d.Token()
		if err == io.EOF {
			return
		}
		if err != nil {
			t.Fatalf("encoding/xml: %v in\n%s", err, svg)
		}
		if s, ok := tok.(xml.StartElement); ok {
			if elements++; elements == 2 && s.Name.Local != "credential" && s.Name.Local != "assertion" {
				t.Errorf("the first child is %s", s.Name.Local)
			}
		}
	}
}

func TestSVGRefusesBadges(t *testing.T) {
	for _, tt := range []struct {
		name string
		e    bake.Element
	}{
		{"no generation", bake.Element{Verify: "a.b.c"}},
		{"a generation that is only read", bake.Element{Generation: bake.CLR, Verify: "a.b.c"}},
		{"nothing", bake.Element{Generation: bake.OB3}},
		{"both forms", bake.Element{Generation: bake.OB3, Verify: "a.b.c", JSON: []byte("{}")}},
		{"an assertion without its address", bake.Element{Generation: bake.OB2, JSON: []byte("{}")}},
		{"bad JSON", bake.Element{Generation: bake.OB3, JSON: []byte("{")}},
		{"JSON that is no object", bake.Element{Generation: bake.OB3, JSON: []byte("[]")}},
		{"an address with a blank", bake.Element{Generation: bake.OB2, Verify: "https://example.org/a b"}},
		{"an address that is not ASCII", bake.Element{Generation: bake.OB2, Verify: "https://example.org/é"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := bake.SVG([]byte(drawing), tt.e); codeOf(err) != bake.BadBadge {
				t.Errorf("SVG = %v, want %s", err, bake.BadBadge)
			}
		})
	}
}

func TestExtractSVGRefuses(t *testing.T) {
	const open = `<svg xmlns:o="https://purl.imsglobal.org/ob/v3p0">`
	for _, tt := range []struct {
		name, in string
		code     bake.Code
	}{
		{"nothing", "", bake.NotPicture},
		{"no XML", "badge", bake.NotPicture},
		{"HTML", "<html></html>", bake.NotPicture},
		{"another namespace", `<svg xmlns="urn:x"/>`, bake.NotPicture},
		{"an internal subset", `<!DOCTYPE svg [<!ENTITY e "x">]><svg/>`, bake.Doctype},
		{"an external subset", `<!DOCTYPE svg SYSTEM "http://127.0.0.1:9/a.dtd"><svg/>`, bake.Doctype},
		{"an unknown public subset", `<!DOCTYPE svg PUBLIC "-//X//Y" "http://127.0.0.1:9/a.dtd"><svg/>`, bake.Doctype},
		{"a late document type", `<svg/><!DOCTYPE svg>`, bake.Doctype},
		{"an entity", `<svg>&e;</svg>`, bake.BadXML},
		{"a NUL by reference", `<svg>&#0;</svg>`, bake.BadXML},
		{"half a surrogate by reference", `<svg>&#xd800;</svg>`, bake.BadXML},
		{"a control character", "<svg>\x01</svg>", bake.BadXML},
		{"UTF-16", "\xff\xfe<\x00s\x00v\x00g\x00/\x00>\x00", bake.BadEncoding},
		{"a declared encoding", `<?xml version="1.0" encoding="UTF-7"?><svg/>`, bake.BadEncoding},
		{"bad UTF-8", "<svg>\xff</svg>", bake.BadEncoding},
		{"an open element", "<svg><g>", bake.Truncated},
		{"half a tag", "<svg a='", bake.Truncated},
		{"crossed elements", "<svg><a><b></a></b></svg>", bake.BadXML},
		{"two roots", "<svg/><svg/>", bake.BadXML},
		{"text behind the root", "<svg/>text", bake.BadXML},
		{"an attribute twice", `<svg a="1" a="2"/>`, bake.BadXML},
		{"an attribute twice by two prefixes", `<svg xmlns:p="urn:x" xmlns:q="urn:x" p:a="1" q:a="2"/>`, bake.BadXML},
		{"an undeclared prefix", `<svg><o:credential verify="x"/></svg>`, bake.BadXML},
		{"a bare ampersand", `<svg a="a&b"/>`, bake.BadXML},
		{"attributes that touch", `<svg a="1"b="2"/>`, bake.BadXML},
		{"depth 257", strings.Repeat("<svg>", 257) + strings.Repeat("</svg>", 257), bake.TooLarge},
		{"too many attributes", "<svg " + strings.Repeat(`a="" `, 300) + "/>", bake.TooLarge},
		{"a badge in a badge", open + `<o:credential><o:credential/></o:credential></svg>`, bake.BadXML},
		{"seventeen badges", open + strings.Repeat(`<o:credential verify="x"/>`, 17) + `</svg>`, bake.TooLarge},
		{"a badge beyond the limit", open + `<o:credential>` + strings.Repeat("x", 1<<20+1) + `</o:credential></svg>`, bake.TooLarge},
		{"six mebibytes", "<svg>" + strings.Repeat(" ", 6<<20) + "</svg>", bake.TooLarge},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if found, err := bake.ExtractSVG([]byte(tt.in), bake.Limits{}); codeOf(err) != tt.code {
				t.Errorf("ExtractSVG = %v, %v, want the code %s", found, err, tt.code)
			}
		})
	}
}

func TestExtractSVGFinds(t *testing.T) {
	for _, tt := range []struct{ name, in, want string }{
		{"no badge", drawing, ""},
		{"another namespace", `<svg xmlns:openbadges="urn:x"><openbadges:credential verify="x"/></svg>`, ""},
		{"the default namespace", `<svg><credential xmlns="https://purl.imsglobal.org/ob/v3p0" verify="x"/></svg>`, "ob3 svg x"},
		{"a prefix bound again", `<svg xmlns:o="urn:x"><g xmlns:o="http://openbadges.org"><o:assertion verify="y"/></g><o:assertion verify="z"/></svg>`, "ob2 svg y"},
		{"a learner record", `<svg xmlns:c="https://purl.imsglobal.org/clr/v2p0"><c:credential verify="x"/></svg>`, "clr svg x"},
		{"text in pieces", `<svg><credential xmlns="https://purl.imsglobal.org/ob/v3p0"> {"a":<![CDATA["<x>"]]>,"b":"&amp;&#x41;"<!-- c -->} </credential></svg>`, `ob3 svg {"a":"<x>","b":"&A"}`},
		{"two", `<svg xmlns:o="https://purl.imsglobal.org/ob/v3p0"><o:credential verify="x"/><o:credential>{}</o:credential></svg>`, "ob3 svg x|ob3 svg {}"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			found, err := bake.ExtractSVG([]byte(tt.in), bake.Limits{})
			if err != nil {
				t.Fatal(err)
			}
			compareFound(t, found, tt.want)
		})
	}
}

func TestCheckArt(t *testing.T) {
	const ok = bake.Code("")
	for _, tt := range []struct {
		name, inner string
		code        bake.Code
	}{
		{"shapes", `<g id="a"><path d="M0 0h9" fill="url(#p)" style="stroke:#fff"/></g>`, ok},
		{"gradients", `<defs><linearGradient id="p"><stop offset="0"/></linearGradient></defs><use href="#a" xlink:href="#a"/>`, ok},
		{"a bitmap", `<image href="data:image/png;base64,AAAA"/>`, ok},
		{"an inner style sheet", `<style>.a{fill:url(#p)}</style>`, ok},
		{"what drawing programs leave", `<metadata><x:x xmlns:x="urn:x"/></metadata>`, ok},
		{"a script", `<script>alert(1)</script>`, bake.Active},
		{"a script under a prefix", `<s:script xmlns:s="http://www.w3.org/2000/svg"/>`, bake.Active},
		{"foreign markup", `<foreignObject/>`, bake.Active},
		{"HTML", `<h:div xmlns:h="http://www.w3.org/1999/xhtml"/>`, bake.Active},
		{"an event handler", `<path onload="x()"/>`, bake.Active},
		{"an event handler in capitals", `<path ONCLICK="x()"/>`, bake.Active},
		{"a link", `<a href="https://example.org/"><path/></a>`, bake.Active},
		{"an animation", `<animate attributeName="href"/>`, bake.Active},
		{"a setting", `<set attributeName="onclick" to="x()"/>`, bake.Active},
		{"an outer use", `<use href="https://example.org/a.svg#b"/>`, bake.Active},
		{"an outer bitmap", `<image xlink:href="https://example.org/a.png"/>`, bake.Active},
		{"a picture in the picture", `<image href="data:image/svg+xml,%3Csvg/%3E"/>`, bake.Active},
		{"a script address", `<use href="javascript:x()"/>`, bake.Active},
		{"an outer fill", `<path fill="url(https://example.org/a#b)"/>`, bake.Active},
		{"an outer fill in quotes", `<path style="fill:url( 'https://example.org/a' )"/>`, bake.Active},
		{"an outer fill with an escape", `<path style="fill:\75rl(https://example.org/a)"/>`, bake.Active},
		{"an import", `<style>@import "https://example.org/a.css";</style>`, bake.Active},
		{"an import by references", `<style>&#64;import "https://example.org/a.css";</style>`, bake.Active},
		{"an import in a section", `<style><![CDATA[@IMPORT "x";]]></style>`, bake.Active},
		{"an outer font", `<style>@font-face{src:url(https://example.org/f)}</style>`, bake.Active},
		{"a base", `<g xml:base="https://example.org/"/>`, bake.Active},
		{"a style sheet instruction", `<?xml-stylesheet href="https://example.org/a.css"?>`, bake.Active},
	} {
		t.Run(tt.name, func(t *testing.T) {
			svg := `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">` + tt.inner + `</svg>`
			if err := bake.CheckArt([]byte(svg), bake.Limits{}); codeOf(err) != tt.code {
				t.Errorf("CheckArt = %v, want the code %q", err, tt.code)
			}
		})
	}
	if err := bake.CheckArt([]byte("<!DOCTYPE svg><svg/>"), bake.Limits{}); codeOf(err) != bake.Doctype {
		t.Errorf("CheckArt of a DOCTYPE = %v, want %s", err, bake.Doctype)
	}
}

// TestPublishedSVG walks the baked pictures of other projects.
func TestPublishedSVG(t *testing.T) {
	root := "../../../shared/fixtures/"
	if _, err := os.Stat(root); err != nil {
		t.Skip("the collection of published pictures is not here: ", err)
	}
	for _, tt := range []struct {
		file, want string
		code       bake.Code
	}{
		{"badges/ob30/1edtech/simple-jwt.svg", "ob3 svg eyJhbGciOiJSUzI1NiIs", ""},
		{"badges/baked/mozbake/baked.svg", `ob2 svg {"verify":{"url"`, ""},
		{"badges/baked/mozbake/bad-json.svg", "ob2 svg ", ""},
		{"hostile/inputs/h04-badge.svg", "ob3 svg eyJ", ""},
		{"hostile/inputs/h45-badge.svg", "", bake.Doctype},
		{"hostile/inputs/h46-badge.svg", "", bake.Doctype},
		{"hostile/inputs/h47-badge.svg", "ob3 svg eyJ", ""},
		{"hostile/inputs/h48-badge.svg", "", bake.TooLarge},
		{"hostile/inputs/h49-badge.svg", "", ""},
	} {
		t.Run(filepath.Base(tt.file), func(t *testing.T) {
			data, err := os.ReadFile(root + tt.file)
			if err != nil {
				t.Fatal(err)
			}
			found, err := bake.Extract(data, bake.Limits{})
			if codeOf(err) != tt.code {
				t.Fatalf("Extract = %v, want the code %q", err, tt.code)
			}
			compareFound(t, found, tt.want)
		})
	}
	script, err := os.ReadFile(root + "hostile/inputs/h47-badge.svg")
	if err != nil {
		t.Fatal(err)
	}
	if err := bake.CheckArt(script, bake.Limits{}); codeOf(err) != bake.Active {
		t.Errorf("CheckArt of a picture with a script = %v, want %s", err, bake.Active)
	}
}

func FuzzExtractSVG(f *testing.F) {
	f.Add([]byte(drawing))
	f.Add([]byte(`<svg xmlns:o="https://purl.imsglobal.org/ob/v3p0"><o:credential verify="a&amp;b">x<![CDATA[y]]></o:credential></svg>`))
	f.Add([]byte(`<!DOCTYPE svg [<!ENTITY e "x">]><svg>&e;</svg>`))
	f.Add([]byte(`<svg xmlns:openbadges="urn:x" />`))
	f.Fuzz(func(t *testing.T, in []byte) {
		_ = bake.CheckArt(in, bake.Limits{}) // must not panic
		_, err := bake.ExtractSVG(in, bake.Limits{})
		if err != nil {
			return
		}
		e := bake.Element{Generation: bake.OB3, JSON: []byte(`{"x":"]]>"}`)}
		baked, err := bake.SVG(in, e)
		if err != nil {
			t.Fatalf("SVG refuses what ExtractSVG accepts: %v", err)
		}
		found, err := bake.ExtractSVG(baked, bake.Limits{Picture: 6 << 20, Found: 17})
		if err != nil || len(found) == 0 || string(found[0].Text) != `{"x":"]]\u003e"}` {
			t.Fatalf("after baking, ExtractSVG = %v, %v in\n%s", found, err, baked)
		}
		for _, f := range found[1:] {
			if f.Generation == bake.OB3 {
				t.Fatal("a badge of the same generation survived baking")
			}
		}
	})
}

func BenchmarkSVG(b *testing.B) {
	art := []byte(`<svg xmlns="http://www.w3.org/2000/svg">` + strings.Repeat(`<path d="M107.644,470.877 74.633,100.62 437.367,100.62" fill="#fff"/>`, 280) + `</svg>`)
	e := bake.Element{Generation: bake.OB3, JSON: []byte(`{"id":"` + strings.Repeat("x", 3000) + `"}`)}
	baked, err := bake.SVG(art, e)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("bake", func(b *testing.B) {
		b.SetBytes(int64(len(art)))
		b.ReportAllocs()
		for b.Loop() {
			if _, err := bake.SVG(art, e); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("extract", func(b *testing.B) {
		b.SetBytes(int64(len(baked)))
		b.ReportAllocs()
		for b.Loop() {
			if _, err := bake.ExtractSVG(baked, bake.Limits{}); err != nil {
				b.Fatal(err)
			}
		}
	})
}
