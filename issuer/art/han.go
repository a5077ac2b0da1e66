package art

import (
	"strings"
	"unicode"
)

// han is the regional form in which Han characters are drawn: the same
// character looks different in Shanghai, Taipei and Tokyo.
type han uint8

const (
	hanSimplified han = iota
	hanTraditional
	hanHongKong
	hanJapanese
	hanKorean
)

// hanOf chooses the form by language, or else by the text's other letters.
func hanOf(language, text string) han {
	tag := strings.ToLower(strings.ReplaceAll(language, "_", "-"))
	base, _, _ := strings.Cut(tag, "-")
	switch {
	case base == "ja":
		return hanJapanese
	case base == "ko":
		return hanKorean
	case strings.HasPrefix(tag, "zh-hk"), strings.HasPrefix(tag, "zh-hant-hk"), base == "yue":
		return hanHongKong
	case strings.HasPrefix(tag, "zh-tw"), strings.HasPrefix(tag, "zh-hant"), strings.HasPrefix(tag, "zh-mo"):
		return hanTraditional
	case base == "zh":
		return hanSimplified
	}
	for _, r := range text {
		switch {
		case unicode.In(r, unicode.Hiragana, unicode.Katakana):
			return hanJapanese
		case unicode.Is(unicode.Hangul, r):
			return hanKorean
		}
	}
	return hanSimplified
}

// distance is 0 for a font family made for the form, more for others.
func (h han) distance(family string) int {
	marks := map[han][]string{
		hanSimplified:  {" sc", " cn", "gb"},
		hanTraditional: {" tc", " tw"},
		hanHongKong:    {" hk", " tc"},
		hanJapanese:    {" jp", " ja"},
		hanKorean:      {" kr", " ko"},
	}
	family = strings.ToLower(family)
	for i, mark := range marks[h] {
		if strings.HasSuffix(family, mark) {
			return i
		}
	}
	return 10
}
