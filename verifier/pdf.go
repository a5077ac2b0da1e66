package verifier

import (
	"bytes"
	"compress/zlib"
	"io"
)

// maxAttachments bounds how many files inside a PDF are looked at.
const maxAttachments = 8

// openPDF takes the credential out of a certificate of ours, which carries it as
// an attached file. What is printed on the page proves nothing.
func (b *badge) openPDF(data []byte) bool {
	for _, attached := range pdfAttachments(data) {
		switch sniff(attached) {
		case formatJSON, formatJWT:
			return b.open(attached, "")
		}
	}
	b.fail(CheckIntake, Invalid, CodePDFEmpty, "This PDF has no badge attached; a printed or signed page is not a badge. Ask for the badge's own file or link.", nil)
	return false
}

// pdfAttachments returns the embedded files of a PDF (ISO 32000-1, section
// 7.11.4), plain or packed by Flate, each up to a mebibyte. It looks for their
// streams instead of reading the document's structure: a reader of nothing else
// needs no more, and a hostile structure has nothing to hold on to.
func pdfAttachments(data []byte) [][]byte {
	var out [][]byte
	rest := data
	for len(out) < maxAttachments {
		i := bytes.Index(rest, []byte("/EmbeddedFile"))
		if i < 0 {
			return out
		}
		rest = rest[i+len("/EmbeddedFile"):]
		if len(rest) > 0 && rest[0] == 's' { // the name tree /EmbeddedFiles
			continue
		}
		start := bytes.Index(rest[:min(len(rest), 4096)], []byte("stream"))
		if start < 0 {
			continue
		}
		dictionary, body := rest[:start], rest[start+len("stream"):]
		body = bytes.TrimPrefix(body, []byte("\r"))
		body = bytes.TrimPrefix(body, []byte("\n"))
		end := bytes.Index(body, []byte("endstream"))
		if end < 0 {
			return out
		}
		content := body[:end]
		rest = body[end:]
		if bytes.Contains(dictionary, []byte("FlateDecode")) {
			var ok bool
			if content, ok = inflate(content, 1<<20); !ok {
				continue
			}
		}
		out = append(out, content)
	}
	return out
}

// inflate unpacks a zlib stream of at most limit bytes.
func inflate(packed []byte, limit int64) ([]byte, bool) {
	z, err := zlib.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, false
	}
	defer z.Close()
	out, err := io.ReadAll(io.LimitReader(z, limit+1))
	return out, err == nil && int64(len(out)) <= limit
}
