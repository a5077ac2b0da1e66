package bake

import "fmt"

// Code says which rule a picture or a call broke.
type Code string

// The reasons for which a picture is refused.
const (
	NotPicture  Code = "not_a_picture"  // neither PNG nor SVG
	Truncated   Code = "truncated"      // ends too early
	Damaged     Code = "damaged"        // a checksum is wrong, or a transfer changed bytes
	BadOrder    Code = "bad_order"      // chunks where they may not stand
	BadChunk    Code = "bad_chunk"      // a chunk that breaks the rules of its type
	TooLarge    Code = "too_large"      // beyond Limits
	BadXML      Code = "bad_xml"        // not well-formed
	Doctype     Code = "doctype"        // a DOCTYPE that defines or fetches something
	BadEncoding Code = "bad_encoding"   // not UTF-8
	Active      Code = "active_content" // art that acts or loads: see CheckArt
	BadBadge    Code = "bad_badge"      // what should be baked cannot be
)

// Error tells what is wrong with a picture, where, and what to do about it.
// Offset counts bytes from 0; -1 when it is no place in a picture.
type Error struct {
	Code   Code
	Offset int
	Reason string
	Advice string // a sentence for the person who has the picture; may be empty
}

func (e *Error) Error() string {
	s := e.Reason
	if e.Offset >= 0 {
		s = fmt.Sprintf("%s (at byte %d)", s, e.Offset)
	}
	if e.Advice != "" {
		s += "; " + e.Advice
	}
	return s
}

func fail(code Code, offset int, advice, format string, args ...any) *Error {
	return &Error{code, offset, fmt.Sprintf(format, args...), advice}
}

const (
	again    = "the file was cut short or changed on its way: download the badge again from where it was issued"
	original = "pictures that passed through a social network, a chat or a photo library lose the badge inside: use the file as it was issued, or its JSON or link"
	export   = "save the picture again with an image editor and try once more"
)
