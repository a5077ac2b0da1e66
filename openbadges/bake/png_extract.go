package bake

import (
	"bytes"
	"compress/zlib"
	"errors"
	"io"
	"unicode/utf8"
)

// keywordCLR is that of Comprehensive Learner Records, which are read.
const keywordCLR = "clrcredential"

// ExtractPNG takes all badges out of a PNG, in the order in which they stand
// there: iTXt chunks as the standard wants them, and packed iTXt, zTXt and tEXt
// as old bakers wrote them. The chunks are walked to the end; the checksums of
// the header and of the badges are checked, those of the picture data are not,
// for they say nothing about the badge. A picture without a badge gives none
// and no error. The error is always an [*Error].
func ExtractPNG(data []byte, l Limits) ([]Found, error) {
	l = l.withDefaults()
	w, err := walk(data, l)
	if err != nil {
		return nil, err
	}
	var found []Found
	for {
		c, more, err := w.next()
		if err != nil {
			return nil, err
		}
		if !more {
			return found, nil
		}
		if !c.text() {
			continue
		}
		keyword := c.keyword(data)
		if keyword == "" {
			continue
		}
		if len(found) == l.Found {
			return nil, fail(TooLarge, c.start, "", "the picture has more than %d badges inside", l.Found)
		}
		f, err := readText(data, c, keyword, l)
		if err != nil {
			return nil, err
		}
		found = append(found, f)
	}
}

func readText(png []byte, c chunk, keyword string, l Limits) (Found, *Error) {
	f := Found{Where: c.kind.String(), Keyword: keyword, Offset: c.start}
	switch keyword {
	case KeywordOB3:
		f.Generation = OB3
	case KeywordOB2:
		f.Generation = OB2
	default:
		f.Generation = CLR
	}
	if err := c.checksum(png); err != nil {
		return f, err
	}
	body := c.data(png)[len(keyword)+1:]
	method := byte(0)
	switch c.kind {
	case kindITXT:
		if len(body) < 2 {
			return f, fail(BadChunk, c.start, again, "the badge chunk is cut short")
		}
		f.Compressed, method = body[0] != 0, body[1]
		body = body[2:]
		for range 2 { // language tag, translated keyword
			i := bytes.IndexByte(body, 0)
			if i < 0 {
				return f, fail(BadChunk, c.start, again, "the badge chunk is cut short")
			}
			body = body[i+1:]
		}
	case kindZTXT:
		if len(body) < 1 {
			return f, fail(BadChunk, c.start, again, "the badge chunk is cut short")
		}
		f.Compressed, method = true, body[0]
		body = body[1:]
	}
	if f.Compressed && method != 0 {
		return f, fail(BadChunk, c.start, "", "the badge is packed by an unknown method, %d", method)
	}
	if f.Compressed {
		var err *Error
		if body, err = inflate(body, c, l.Text); err != nil {
			return f, err
		}
	}
	if len(body) > l.Text {
		return f, fail(TooLarge, c.start, "", "the badge has %d bytes, more than the %d allowed", len(body), l.Text)
	}
	if !utf8.Valid(body) {
		if c.kind == kindITXT {
			return f, fail(BadEncoding, c.start, again, "the badge is not UTF-8 text")
		}
		body = fromLatin1(body) // PNG sections 11.3.3.2 and 11.3.3.3
	}
	f.Text = bytes.TrimSpace(body)
	return f, nil
}

// inflate unpacks at most limit bytes.
func inflate(packed []byte, c chunk, limit int) ([]byte, *Error) {
	broken := func(err error) *Error {
		return fail(Damaged, c.start, again, "the packed badge cannot be unpacked: %v", err)
	}
	z, err := zlib.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, broken(err)
	}
	out, err := io.ReadAll(io.LimitReader(z, int64(limit)+1))
	if len(out) > limit {
		return nil, fail(TooLarge, c.start, "", "the packed badge unpacks to more than the %d bytes allowed", limit)
	}
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, broken(err)
	}
	return out, nil
}

func fromLatin1(b []byte) []byte {
	runes := make([]rune, len(b))
	for i, c := range b {
		runes[i] = rune(c)
	}
	return []byte(string(runes))
}
