package art

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Bounds on foreign text: what is longer is cut before it is shaped.
const (
	maxRunes = 400
	maxMarks = 4 // marks stacked on one letter
)

// clean makes foreign text fit for one paragraph: composed, blanks folded,
// without controls, direction overrides and picture selectors, with towers
// of marks cut.
func clean(text string, limit int) []rune {
	if len(text) > limit*16 {
		text = text[:limit*16]
	}
	text = norm.NFC.String(strings.ToValidUTF8(text, ""))
	out := make([]rune, 0, len(text))
	marks := 0
	for _, r := range text {
		switch {
		case unicode.IsSpace(r) || unicode.IsControl(r):
			if len(out) > 0 && out[len(out)-1] != ' ' {
				out = append(out, ' ')
			}
			continue
		case dropped(r):
			continue
		case unicode.In(r, unicode.Mn, unicode.Me):
			if len(out) == 0 || out[len(out)-1] == ' ' {
				continue // nothing to stand on
			}
			if marks++; marks > maxMarks {
				continue
			}
		default:
			marks = 0
		}
		out = append(out, r)
		if len(out) >= limit {
			break
		}
	}
	for len(out) > 0 && out[len(out)-1] == ' ' {
		out = out[:len(out)-1]
	}
	return out
}

// plain is clean for text that is written, not drawn.
func plain(text string) string { return string(clean(text, maxRunes)) }

// dropped says whether r only steers others: direction overrides could show
// a name in another order than it is stored, selectors ask for emoji.
func dropped(r rune) bool {
	switch {
	case r == 0x200E, r == 0x200F, r == 0x061C, r >= 0x202A && r <= 0x202E, r >= 0x2066 && r <= 0x206F:
		return true
	case r >= 0xFE00 && r <= 0xFE0F, r >= 0xE0000 && r <= 0xE0FFF:
		return true
	case r == 0xFEFF, r == 0x00AD, r == 0xFFFC, r == 0xFFFD, r >= 0xFFF9 && r <= 0xFFFB:
		return true
	}
	return unicode.In(r, unicode.Cs, unicode.Co) || !unicode.IsGraphic(r) && !joins(r)
}

// joins are the two characters that shape their neighbours.
func joins(r rune) bool { return r == 0x200C || r == 0x200D }

// blank says whether r has no picture of its own.
func blank(r rune) bool { return r == ' ' || joins(r) || r == 0x00A0 || unicode.Is(unicode.Zs, r) }
