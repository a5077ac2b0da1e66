package verifier

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"strings"
	"testing"

	"github.com/accolade-badges/accolade/openbadges/bake"
)

func TestSniff(t *testing.T) {
	for input, want := range map[string]string{
		"\x89PNG\r\n\x1a\nrest": formatPNG,
		"%PDF-1.7 rest":         formatPDF,
		` {"a": 1}`:             formatJSON,
		"\xef\xbb\xbf[1]":       formatJSON,
		`<svg xmlns="http://www.w3.org/2000/svg">`: formatSVG,
		`<?xml version="1.0"?><!-- x --><svg>`:     formatSVG,
		"<!DOCTYPE html><html><body><svg></svg>":   formatHTML,
		"<html>":                                   formatHTML,
		"eyJhbGciOiJub25lIn0.e30.":                 formatJWT,
		"https://example.org/badge":                formatURL,
		"file:///etc/hostname":                     formatURL,
		"gopher://127.0.0.1:9/_x":                  formatURL,
		"did:web:example.org":                      formatURL,
		"https://example.org/a and more":           formatText,
		"hello":                                    formatText,
		"":                                         formatText,
		"<p>":                                      formatText,
	} {
		if got := sniff([]byte(input)); got != want {
			t.Errorf("sniff(%q) = %s, want %s", input, got, want)
		}
	}
}

func TestPictures(t *testing.T) {
	w := newWorld(t)
	first, second := w.signed(w.credential()), w.signed(w.statusless(issuerDW))
	baked := func(texts ...[]byte) []byte {
		out, err := bake.PNG(nil, minimalPNG(t), bake.Chunk{Keyword: bake.KeywordOB3, Text: texts[0]})
		w.must(err)
		for _, text := range texts[1:] {
			one, err := bake.PNG(nil, minimalPNG(t), bake.Chunk{Keyword: bake.KeywordOB3, Text: text})
			w.must(err)
			chunk := one[bytes.Index(one, []byte("iTXt"))-4 : bytes.Index(one, []byte("IDAT"))-4]
			end := bytes.Index(out, []byte("IDAT")) - 4
			out = append(append(append([]byte{}, out[:end]...), chunk...), out[end:]...)
		}
		return out
	}
	for _, c := range []struct {
		name    string
		data    []byte
		verdict Verdict
		code    string
	}{
		{"one badge", baked(first.Append(nil)), Valid, CodeRead},
		{"the same badge twice", baked(first.Append(nil), first.Append(nil)), Valid, CodeRead},
		{"a second chunk that is no badge", baked(first.Append(nil), []byte("rubbish")), Valid, CodeRead},
		{"a second, different badge", baked(first.Append(nil), second.Append(nil)), Invalid, CodePictureAmbiguous},
		{"a token and a different badge", baked([]byte(w.token(w.credential())), second.Append(nil)), Invalid, CodePictureAmbiguous},
		{"rubbish first", baked([]byte("rubbish"), first.Append(nil)), Invalid, CodePictureAmbiguous},
		{"rubbish alone", baked([]byte("rubbish")), Invalid, CodeNotABadge},
		{"no badge", minimalPNG(t), Invalid, CodePictureEmpty},
		{"cut short", baked(first.Append(nil))[:200], Invalid, CodePictureBad},
	} {
		t.Run(c.name, func(t *testing.T) {
			wantVerdict(t, w.verify(c.data), c.verdict, CheckIntake, c.code)
		})
	}
}

func TestPDF(t *testing.T) {
	w := newWorld(t)
	signed := w.signed(w.credential())
	var packed bytes.Buffer
	z := zlib.NewWriter(&packed)
	_, err := z.Write(signed.Append(nil))
	w.must(err)
	w.must(z.Close())
	pdf := func(filter string, content []byte) []byte {
		return []byte(fmt.Sprintf("%%PDF-1.7\n1 0 obj\n<</Type /Catalog /Names <</EmbeddedFiles 2 0 R>>>>\nendobj\n3 0 obj\n<</Type /EmbeddedFile %s/Length %d>>\nstream\n%s\nendstream\nendobj\n", filter, len(content), content))
	}
	wantVerdict(t, w.verify(pdf("/Filter /FlateDecode ", packed.Bytes())), Valid, CheckIntake, CodeRead)
	r := w.verify(pdf("", signed.Append(nil)))
	wantVerdict(t, r, Valid, CheckIntake, CodeRead)
	if r.Format != "pdf" {
		t.Errorf("format %s", r.Format)
	}
	wantVerdict(t, w.verify([]byte("%PDF-1.7\nnothing")), Invalid, CheckIntake, CodePDFEmpty)
	bomb := zlibBomb(t, 64<<20)
	wantVerdict(t, w.verify(pdf("/Filter /FlateDecode ", bomb)), Invalid, CheckIntake, CodePDFEmpty)
}

func zlibBomb(tb testing.TB, size int) []byte {
	tb.Helper()
	var packed bytes.Buffer
	z := zlib.NewWriter(&packed)
	for range size >> 20 {
		if _, err := z.Write(make([]byte, 1<<20)); err != nil {
			tb.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		tb.Fatal(err)
	}
	return packed.Bytes()
}

func TestPageHints(t *testing.T) {
	page := `<!doctype html><html><head><base href="https://example.org/b/">
		<link rel="stylesheet" type="text/css" href="x.css"><link rel="alternate" type="application/rss+xml" href="feed">
		<link rel="Alternate" type="application/ld+json; charset=utf-8" href="1.json">
		<meta property="og:image" content="/pictures/1.png"><meta name="twitter:image" content="javascript:alert(1)">
		<script type="application/ld+json">{"@type": "EducationalOccupationalCredential", "url": "https://example.org/b/1", "contentUrl": "https://example.org/b/1.jwt"}</script>
		<script>{"type": "VerifiableCredential"}</script></head></html>`
	var got []string
	for _, h := range pageHints([]byte(page), "https://example.org/b/1", []string{`<https://example.org/b/1.jwt>; rel="alternate"; type="application/vc+jwt"`}) {
		got = append(got, h.url+string(h.data))
	}
	want := "https://example.org/b/1.jwt https://example.org/b/1.json https://example.org/pictures/1.png"
	if strings.Join(got, " ") != want {
		t.Errorf("hints %q, want %s", got, want)
	}
	w := newWorld(t)
	signed := w.signed(w.credential())
	inside := `<html><script type="application/ld+json">` + string(signed.Append(nil)) + `</script></html>`
	wantVerdict(t, w.verify([]byte(inside)), Valid, CheckIntake, CodeRead)
}

func TestHonestMistakes(t *testing.T) {
	w := newWorld(t)
	for input, want := range map[string]string{
		"\xff\xd8\xff\xe0 a photograph": "there is no badge in it",
		"hello":                         "there is no badge in it",
		`{"name": "x"}`:                 "not an Open Badge",
		`{"name": "x"`:                  "cannot be read as JSON",
		"eyJhbGciOiJSU0EifQ.a.b.c.d":    "encrypted",
	} {
		r := w.verify([]byte(input))
		if r.Verdict != Invalid || !strings.Contains(r.Summary, want) {
			t.Errorf("%q: %s %q, want a sentence with %q", input, r.Verdict, r.Summary, want)
		}
	}
	if r := w.verify(make([]byte, maxInput+1)); r.Check(CheckIntake).Code != CodeTooLarge {
		t.Errorf("too large: %+v", r.Checks[0])
	}
}

// TestForeignTextIsDefused puts markup, control and direction characters into
// every name that a report shows.
func TestForeignTextIsDefused(t *testing.T) {
	w := newWorld(t)
	v := replace(t, w.credential(), "Sample Badge", `Sample\u202egdaB\u0007\r\nX`)
	r := w.verify([]byte(w.token(v)))
	for _, s := range []string{r.Summary, r.Name, r.Achievement.Name} {
		if strings.ContainsAny(s, "\u202e\a\r\n") {
			t.Errorf("%q", s)
		}
	}
	long := replace(t, w.credential(), "Sample Badge", strings.Repeat("x", 100_000))
	if r := w.verify([]byte(w.token(long))); len(r.Summary) > 2000 || len(r.Name) > 1100 {
		t.Errorf("summary of %d bytes, name of %d", len(r.Summary), len(r.Name))
	}
}

func TestEmptyFile(t *testing.T) {
	w := newWorld(t)
	for _, data := range [][]byte{{}, []byte(" \n")} {
		wantVerdict(t, w.verify(data), Invalid, CheckIntake, CodeEmpty)
	}
	if _, err := Verify(t.Context(), Input{}, w.options()); err == nil {
		t.Error("no input at all is no error")
	}
}
