package verifier

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// The formats of an input.
const (
	formatPNG  = "png"
	formatSVG  = "svg"
	formatPDF  = "pdf"
	formatHTML = "html"
	formatJSON = "json"
	formatJWT  = "jwt" // compact JWS; becomes "jws" when it turns out to be OB 1.x or 2.0
	formatJWS  = "jws"
	formatURL  = "url"
	formatText = "text"
)

// sniff tells the format from the bytes alone: file names and media types lie.
func sniff(data []byte) string {
	switch {
	case bytes.HasPrefix(data, []byte("\x89PNG\r\n\x1a\n")):
		return formatPNG
	case bytes.HasPrefix(data, []byte("%PDF-")):
		return formatPDF
	}
	text := trimText(data)
	if len(text) == 0 {
		return formatText
	}
	switch text[0] {
	case '{', '[':
		return formatJSON
	case '<':
		return sniffMarkup(text)
	}
	switch {
	case isToken(text):
		return formatJWT
	case isURL(text):
		return formatURL
	}
	return formatText
}

// trimText cuts white space and a byte order mark from both ends.
func trimText(data []byte) []byte {
	return bytes.TrimSpace(bytes.TrimPrefix(bytes.TrimSpace(data), []byte("\xef\xbb\xbf")))
}

// sniffMarkup tells SVG from HTML by the first element, or what announces it.
func sniffMarkup(text []byte) string {
	head := text[:min(len(text), 64<<10)]
	lower := bytes.ToLower(head)
	svg, page := bytes.Index(lower, []byte("<svg")), bytes.Index(lower, []byte("<html"))
	if doctype := bytes.Index(lower, []byte("<!doctype html")); doctype >= 0 && (page < 0 || doctype < page) {
		page = doctype
	}
	if svg < 0 {
		// A prefixed root such as <s:svg> is rare and still SVG.
		svg = bytes.Index(lower, []byte(":svg"))
	}
	if svg >= 0 && (page < 0 || svg < page) {
		return formatSVG
	}
	if page >= 0 || bytes.HasPrefix(lower, []byte("<!--")) || bytes.HasPrefix(lower, []byte("<head")) || bytes.HasPrefix(lower, []byte("<meta")) {
		return formatHTML
	}
	if bytes.HasPrefix(lower, []byte("<?xml")) || bytes.HasPrefix(lower, []byte("<!")) {
		return formatSVG
	}
	return formatText
}

// isToken tells whether text looks like a compact JWS: two dots between
// base64url, the last part possibly empty. Four dots are a JWE, which is told
// apart later so that it can be named.
func isToken(text []byte) bool {
	dots := 0
	for _, c := range text {
		switch {
		case c == '.':
			dots++
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c == '-', c == '_', c == '=':
		case c == '\n', c == '\r', c == ' ', c == '\t':
		default:
			return false
		}
	}
	return dots >= 2 && bytes.HasPrefix(text, []byte("ey"))
}

// isURL tells whether text is nothing but one absolute address.
func isURL(text []byte) bool {
	if len(text) > 4096 || !utf8.Valid(text) {
		return false
	}
	scheme, rest, ok := strings.Cut(string(text), ":")
	if !ok || scheme == "" || rest == "" || strings.ContainsAny(rest, " \t\r\n<>\"{}") {
		return false
	}
	for i, c := range scheme {
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
		if !letter && (i == 0 || !(c >= '0' && c <= '9' || c == '+' || c == '-' || c == '.')) {
			return false
		}
	}
	return strings.HasPrefix(rest, "//") || strings.EqualFold(scheme, "did")
}
