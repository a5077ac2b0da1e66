package art

import "unicode"

// PackageFor names the Debian package whose fonts draw r, for advice to
// whoever runs an installation where [Studio.Missing] found r.
func PackageFor(r rune) string {
	switch {
	case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Bopomofo),
		r >= 0x3000 && r <= 0x303F, r >= 0xFF00 && r <= 0xFFEF:
		return "fonts-noto-cjk"
	case unicode.IsLetter(r), unicode.IsMark(r), unicode.IsNumber(r):
		return "fonts-noto-core"
	}
	return "fonts-symbola"
}
