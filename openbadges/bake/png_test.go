package bake_test

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/png"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/accolade-badges/accolade/openbadges/bake"
)

// picture returns a PNG of noise, which does not compress, of about 3n² bytes.
func picture(tb testing.TB, n int) []byte {
	tb.Helper()
	img := image.NewNRGBA(image.Rect(0, 0, n, n))
	r := rand.New(rand.NewPCG(1, 2))
	for y := range n {
		for x := range n {
			img.SetNRGBA(x, y, color.NRGBA{uint8(r.Uint32()), uint8(r.Uint32()), uint8(r.Uint32()), 255})
		}
	}
	var buf bytes.Buffer
	if err := png.Encode(&buf, img); err != nil {
		tb.Fatal(err)
	}
	return buf.Bytes()
}

// part writes one chunk.
func part(kind, data string) string {
	b := binary.BigEndian.AppendUint32(nil, uint32(len(data)))
	b = append(b, kind...)
	b = append(b, data...)
	return string(binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:])))
}

const sign = "\x89PNG\r\n\x1a\n"

var (
	ihdr = part("IHDR", "\x00\x00\x00\x01\x00\x00\x00\x01\x08\x00\x00\x00\x00")
	idat = part("IDAT", packed("\x00\x00"))
	iend = part("IEND", "")
)

func packed(s string) string {
	var buf bytes.Buffer
	z := zlib.NewWriter(&buf)
	_, _ = z.Write([]byte(s)) // a buffer takes everything
	_ = z.Close()
	return buf.String()
}

func chunks(t *testing.T, data []byte) (kinds []string) {
	t.Helper()
	for at := 8; at < len(data); {
		n := int(binary.BigEndian.Uint32(data[at:]))
		if got, want := binary.BigEndian.Uint32(data[at+8+n:]), crc32.ChecksumIEEE(data[at+4:at+8+n]); got != want {
			t.Fatalf("the checksum of %s is %x, want %x", data[at+4:at+8], got, want)
		}
		kinds = append(kinds, string(data[at+4:at+8]))
		at += 12 + n
	}
	return kinds
}

func codeOf(err error) bake.Code {
	var e *bake.Error
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

func ExamplePNG() {
	art := sign + ihdr + idat + iend
	baked, err := bake.PNG(nil, []byte(art), bake.Chunk{Keyword: bake.KeywordOB3, Text: []byte(`{"id":"urn:uuid:example"}`)})
	if err != nil {
		fmt.Println(err)
		return
	}
	found, err := bake.Extract(baked, bake.Limits{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, f := range found {
		fmt.Println(f.Keyword, f.Where, string(f.Payload()))
	}
	// Output: openbadgecredential iTXt {"id":"urn:uuid:example"}
}

func TestPNGKeepsThePicture(t *testing.T) {
	art := []byte(sign + ihdr + part("tEXt", "Title\x00hello") + idat + part("iTXt", "Other\x00\x00\x00\x00\x00kept") + iend)
	baked, err := bake.PNG(nil, art,
		bake.Chunk{Keyword: bake.KeywordOB3, Text: []byte(`{"a":"é"}`)},
		bake.Chunk{Keyword: bake.KeywordOB2, Text: []byte("e30.e30.sig")})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := fmt.Sprint(chunks(t, baked)), "[IHDR iTXt iTXt tEXt IDAT iTXt IEND]"; got != want {
		t.Errorf("the chunks are %s, want %s", got, want)
	}
	plain, err := bake.PNG(nil, baked, bake.Chunk{Keyword: bake.KeywordOB3}, bake.Chunk{Keyword: bake.KeywordOB2})
	if err != nil || !bytes.Equal(plain, art) {
		t.Errorf("without its badges the picture is %q, %v, want the original", plain, err)
	}
	if _, err := png.Decode(bytes.NewReader(baked)); err != nil {
		t.Errorf("the baked picture cannot be decoded: %v", err)
	}
}

func TestPNGReplacesOnlyItsKeyword(t *testing.T) {
	art := []byte(sign + ihdr +
		part("tEXt", "openbadges\x00https://example.org/old") +
		part("iTXt", "openbadgecredential\x00\x00\x00\x00\x00{}") + idat +
		part("zTXt", "openbadgecredential\x00\x00"+packed("{}")) + iend)
	baked, err := bake.PNG(nil, art, bake.Chunk{Keyword: bake.KeywordOB3, Text: []byte(`{"new":1}`)})
	if err != nil {
		t.Fatal(err)
	}
	found, err := bake.ExtractPNG(baked, bake.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	got := ""
	for _, f := range found {
		got += f.Where + " " + f.Keyword + " " + string(f.Text) + "\n"
	}
	if want := "iTXt openbadgecredential {\"new\":1}\ntEXt openbadges https://example.org/old\n"; got != want {
		t.Errorf("found\n%swant\n%s", got, want)
	}
}

func TestPNGAppends(t *testing.T) {
	art := picture(t, 8)
	c := bake.Chunk{Keyword: bake.KeywordOB3, Text: []byte("{}")}
	alone, err := bake.PNG(nil, art, c)
	if err != nil {
		t.Fatal(err)
	}
	behind, err := bake.PNG([]byte("before"), art, c)
	if err != nil || string(behind) != "before"+string(alone) {
		t.Errorf("PNG behind other bytes: %v, want them followed by the same picture", err)
	}
	buf := make([]byte, 0, len(alone))
	if n := testing.AllocsPerRun(100, func() {
		if _, err := bake.PNG(buf, art, c); err != nil {
			t.Fatal(err)
		}
	}); n != 0 {
		t.Errorf("baking into a kept buffer allocates %v times, want 0", n)
	}
}

func TestPNGRefusesBadges(t *testing.T) {
	for _, tt := range []struct {
		name   string
		chunks []bake.Chunk
	}{
		{"an unknown keyword", []bake.Chunk{{Keyword: "Comment", Text: []byte("x")}}},
		{"a keyword twice", []bake.Chunk{{Keyword: bake.KeywordOB3, Text: []byte("{}")}, {Keyword: bake.KeywordOB3, Text: []byte("{}")}}},
		{"an empty badge", []bake.Chunk{{Keyword: bake.KeywordOB3, Text: []byte(" \n")}}},
		{"a NUL", []bake.Chunk{{Keyword: bake.KeywordOB3, Text: []byte("a\x00b")}}},
		{"bad UTF-8", []bake.Chunk{{Keyword: bake.KeywordOB3, Text: []byte("\xff")}}},
		{"a huge badge", []bake.Chunk{{Keyword: bake.KeywordOB3, Text: bytes.Repeat([]byte("a"), 1<<20+1)}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := bake.PNG(nil, []byte(sign+ihdr+idat+iend), tt.chunks...); codeOf(err) != bake.BadBadge {
				t.Errorf("PNG = %v, want %s", err, bake.BadBadge)
			}
		})
	}
}

func TestExtractPNGReadsOldBakers(t *testing.T) {
	for _, tt := range []struct {
		name, chunk, text string
		compressed        bool
	}{
		{"iTXt", part("iTXt", "openbadges\x00\x00\x00\x00\x00 {\"é\":1}\n"), "{\"é\":1}", false},
		{"iTXt with a language", part("iTXt", "openbadges\x00\x00\x00en\x00badge\x00{}"), "{}", false},
		{"packed iTXt", part("iTXt", "openbadges\x00\x01\x00\x00\x00"+packed("{}")), "{}", true},
		{"zTXt", part("zTXt", "openbadges\x00\x00"+packed("https://example.org/a")), "https://example.org/a", true},
		{"tEXt", part("tEXt", "openbadges\x00https://example.org/a"), "https://example.org/a", false},
		{"tEXt in Latin-1", part("tEXt", "openbadges\x00{\"n\":\"\xe9\"}"), "{\"n\":\"é\"}", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			found, err := bake.ExtractPNG([]byte(sign+ihdr+tt.chunk+idat+iend), bake.Limits{})
			if err != nil || len(found) != 1 {
				t.Fatalf("ExtractPNG = %v, %v, want one badge", found, err)
			}
			if f := found[0]; string(f.Text) != tt.text || f.Compressed != tt.compressed || f.Generation != bake.OB2 {
				t.Errorf("found %q, compressed %v, %s, want %q, %v, ob2", f.Text, f.Compressed, f.Generation, tt.text, tt.compressed)
			}
		})
	}
}

func TestExtractPNGRefuses(t *testing.T) {
	badge := part("iTXt", "openbadges\x00\x00\x00\x00\x00{}")
	bomb := packed(strings.Repeat("\x00", 2<<20))
	flip := func(s string, at int) string { return s[:at] + string(s[at]^1) + s[at+1:] }
	for _, tt := range []struct {
		name, in string
		code     bake.Code
	}{
		{"nothing", "", bake.NotPicture},
		{"a JPEG", "\xff\xd8\xff\xe0 JFIF", bake.NotPicture},
		{"a part of the signature", sign[:5], bake.Truncated},
		{"a transfer as text", "\x89PNG\n\x1a\n" + ihdr, bake.Damaged},
		{"only a signature", sign, bake.Truncated},
		{"no end", sign + ihdr + badge + idat, bake.Truncated},
		{"half a chunk", sign + ihdr + badge[:20], bake.Truncated},
		{"a length beyond the file", sign + ihdr + "\x00\xff\xff\xffiTXtopenbadges\x00\x00\x00\x00\x00", bake.Truncated},
		{"a negative length", sign + ihdr + "\xff\xff\xff\xf4iTXt" + badge, bake.Truncated},
		{"a type that is no letters", sign + ihdr + part("i Xt", "") + idat + iend, bake.Damaged},
		{"a badge before the header", sign + badge + ihdr + idat + iend, bake.BadOrder},
		{"two headers", sign + ihdr + ihdr + badge + idat + iend, bake.BadOrder},
		{"no picture data", sign + ihdr + badge + iend, bake.BadOrder},
		{"interrupted picture data", sign + ihdr + idat + badge + idat + iend, bake.BadOrder},
		{"a late palette", sign + ihdr + idat + part("PLTE", "abc") + iend, bake.BadOrder},
		{"a badge behind the end", sign + ihdr + idat + iend + badge, bake.BadOrder},
		{"an end that is not empty", sign + ihdr + idat + part("IEND", "x"), bake.BadChunk},
		{"a broken header", sign + flip(ihdr, 12) + idat + iend, bake.Damaged},
		{"a header of another length", sign + part("IHDR", "\x00\x00\x00\x01") + idat + iend, bake.BadChunk},
		{"no pixels", sign + part("IHDR", "\x00\x00\x00\x00\x00\x00\x00\x01\x08\x00\x00\x00\x00") + idat + iend, bake.BadChunk},
		{"a plane of pixels", sign + part("IHDR", "\x00\x03\x00\x00\x00\x03\x00\x00\x08\x00\x00\x00\x00") + idat + iend, bake.TooLarge},
		{"a changed badge", sign + ihdr + flip(badge, 25) + idat + iend, bake.Damaged},
		{"a badge chunk without text", sign + ihdr + part("iTXt", "openbadges\x00") + idat + iend, bake.BadChunk},
		{"a badge chunk without its empty fields", sign + ihdr + part("iTXt", "openbadges\x00\x00\x00x") + idat + iend, bake.BadChunk},
		{"bad UTF-8", sign + ihdr + part("iTXt", "openbadges\x00\x00\x00\x00\x00\xff") + idat + iend, bake.BadEncoding},
		{"an unknown packing", sign + ihdr + part("zTXt", "openbadges\x00\x07"+packed("{}")) + idat + iend, bake.BadChunk},
		{"packed rubbish", sign + ihdr + part("zTXt", "openbadges\x00\x00rubbish") + idat + iend, bake.Damaged},
		{"an iTXt bomb", sign + ihdr + part("iTXt", "openbadgecredential\x00\x01\x00\x00\x00"+bomb) + idat + iend, bake.TooLarge},
		{"a zTXt bomb", sign + ihdr + part("zTXt", "openbadges\x00\x00"+bomb) + idat + iend, bake.TooLarge},
		{"seventeen badges", sign + ihdr + strings.Repeat(badge, 17) + idat + iend, bake.TooLarge},
		{"too many chunks", sign + ihdr + strings.Repeat(part("aaAa", ""), 20_001) + idat + iend, bake.TooLarge},
		{"six mebibytes", sign + ihdr + part("aaAa", strings.Repeat("x", 6<<20)) + idat + iend, bake.TooLarge},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if found, err := bake.ExtractPNG([]byte(tt.in), bake.Limits{}); codeOf(err) != tt.code {
				t.Errorf("ExtractPNG = %v, %v, want the code %s", found, err, tt.code)
			}
		})
	}
}

func TestSetDensity(t *testing.T) {
	art := []byte(sign + ihdr + part("pHYs", "\x00\x00\x00\x01\x00\x00\x00\x01\x00") + idat + part("tEXt", "a\x00b") + iend)
	out, err := bake.SetDensity(art, 96)
	if err != nil {
		t.Fatal(err)
	}
	if want := sign + ihdr + part("pHYs", "\x00\x00\x0e\xc4\x00\x00\x0e\xc4\x01") + idat + part("tEXt", "a\x00b") + iend; string(out) != want {
		t.Errorf("SetDensity = %q, want %q", out, want)
	}
	if _, err := bake.SetDensity(art, 0); err == nil {
		t.Error("SetDensity takes a density of 0")
	}
	if _, err := bake.SetDensity(art[:30], 96); codeOf(err) != bake.Truncated {
		t.Errorf("SetDensity of a cut picture: %v, want %s", err, bake.Truncated)
	}
}

// TestPublishedPNG walks the baked pictures of other projects.
func TestPublishedPNG(t *testing.T) {
	root := "../../../shared/fixtures/"
	if _, err := os.Stat(root); err != nil {
		t.Skip("the collection of published pictures is not here: ", err)
	}
	for _, tt := range []struct {
		file, want string
		code       bake.Code
	}{
		{"badges/baked/bp/404.png", "ob2 tEXt https://example.org/404", ""},
		{"badges/baked/csbake/baked_heart.png", `ob2 iTXt {"uid":"123"`, ""},
		{"badges/made/baked-ob20-signed.png", "ob2 iTXt eyJhbGciOiJSUzI1NiJ9.", ""},
		{"badges/made/baked-two-chunks.png", `ob2 iTXt eyJhbGciOiJSUzI1NiJ9.|ob2 iTXt {"not":"a badge"}`, ""},
		{"badges/made/unbaked.png", "", ""},
		{"badges/ob20/1edtech/simple-badge.png", `ob2 iTXt {"@context":"https://w3id`, ""},
		{"badges/ob30/1edtech/simple-json.png", `ob3 iTXt {`, ""},
		{"badges/ob30/1edtech/simple-jwt_v1.png", "ob3 iTXt eyJ", ""},
		{"hostile/inputs/h03-badge.png", "ob3 iTXt {", ""},
		{"hostile/inputs/h36-badge.png", "", ""},
		{"hostile/inputs/h37-badge.png", "ob3 iTXt eyJ", ""},
		{"hostile/inputs/h38-badge.png", "ob3 iTXt eyJ|ob3 iTXt {", ""},
		{"hostile/inputs/h39-badge.png", "", bake.TooLarge},
		{"hostile/inputs/h40-badge.png", "", bake.TooLarge},
		{"hostile/inputs/h41-badge.png", "", bake.TooLarge},
		{"hostile/inputs/h42-badge.png", "", bake.Truncated},
		{"hostile/inputs/h43-badge.png", "ob2 iTXt http://127.0.0.1:9/", ""},
		{"hostile/inputs/h44-badge.png", "", bake.BadOrder},
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
}

// compareFound wants the badges that are listed, by the beginning of each text.
func compareFound(t *testing.T, found []bake.Found, want string) {
	t.Helper()
	var wants []string
	if want != "" {
		wants = strings.Split(want, "|")
	}
	if len(found) != len(wants) {
		t.Fatalf("found %d badges, want %d", len(found), len(wants))
	}
	for i, f := range found {
		if got := fmt.Sprintf("%s %s %s", f.Generation, f.Where, f.Payload()); !strings.HasPrefix(got, wants[i]) {
			t.Errorf("badge %d is %.80s, want %s", i, got, wants[i])
		}
	}
}

func FuzzExtractPNG(f *testing.F) {
	f.Add([]byte(sign + ihdr + part("iTXt", "openbadges\x00\x00\x00\x00\x00{}") + idat + iend))
	f.Add([]byte(sign + ihdr + part("zTXt", "openbadgecredential\x00\x00"+packed("{}")) + idat + iend))
	f.Add([]byte(sign + ihdr + idat + part("tEXt", "openbadges\x00x") + iend))
	f.Fuzz(func(t *testing.T, in []byte) {
		found, err := bake.ExtractPNG(in, bake.Limits{Text: 1 << 16})
		total := 0
		for _, f := range found {
			total += len(f.Text)
		}
		if total > 16*2<<16 {
			t.Fatalf("%d bytes of badges came out of %d", total, len(in))
		}
		if err != nil {
			return
		}
		baked, err := bake.PNG(nil, in, bake.Chunk{Keyword: bake.KeywordOB3, Text: []byte(`{"x":1}`)})
		if err != nil {
			t.Fatalf("PNG refuses what ExtractPNG accepts: %v", err)
		}
		again, err := bake.ExtractPNG(baked, bake.Limits{Text: 1 << 16, Picture: 6 << 20, Chunks: 20_001, Found: 17})
		if err != nil || len(again) == 0 || again[0].Keyword != bake.KeywordOB3 || string(again[0].Text) != `{"x":1}` {
			t.Fatalf("after baking, ExtractPNG = %v, %v", again, err)
		}
		for _, f := range again[1:] {
			if f.Keyword == bake.KeywordOB3 {
				t.Fatal("a badge of the same keyword survived baking")
			}
		}
	})
}

// BenchmarkPNG bakes a credential of 3 kB into a picture of 45 kB. Compare
// splice with copy: the goal is twice its time at most.
func BenchmarkPNG(b *testing.B) {
	art := picture(b, 122)
	badge := bake.Chunk{Keyword: bake.KeywordOB3, Text: []byte(`{"id":"` + strings.Repeat("x", 3000) + `"}`)}
	baked, err := bake.PNG(nil, art, badge)
	if err != nil {
		b.Fatal(err)
	}
	buf := make([]byte, 0, len(baked))
	b.Run("copy", func(b *testing.B) {
		b.SetBytes(int64(len(baked)))
		for b.Loop() {
			buf = append(buf[:0], baked...)
		}
	})
	b.Run("splice", func(b *testing.B) {
		b.SetBytes(int64(len(baked)))
		b.ReportAllocs()
		for b.Loop() {
			if buf, err = bake.PNG(buf[:0], art, badge); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("extract", func(b *testing.B) {
		b.SetBytes(int64(len(baked)))
		b.ReportAllocs()
		for b.Loop() {
			if _, err := bake.ExtractPNG(baked, bake.Limits{}); err != nil {
				b.Fatal(err)
			}
		}
	})
}
