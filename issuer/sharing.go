package issuer

import (
	"net/url"
	"strings"
	"unicode"
)

// ShareLinks lead to where an award can be told about. Each is a plain link:
// nothing of these sites is loaded before somebody follows it.
type ShareLinks struct {
	LinkedIn string // a post
	Facebook string
	X        string
	Mail     string // mailto:, without a recipient
}

// NewShareLinks returns the links that tell about the page at address: subject
// is its title in a few words, text a sentence about it, both plain text in the
// language of whoever shares.
func NewShareLinks(address, subject, text string) ShareLinks {
	return ShareLinks{
		LinkedIn: "https://www.linkedin.com/sharing/share-offsite/?" + encodeQuery("url", address),
		Facebook: "https://www.facebook.com/sharer/sharer.php?" + encodeQuery("u", address),
		X:        "https://twitter.com/intent/tweet?" + encodeQuery("text", fitPost(text, address), "url", address),
		Mail:     "mailto:?" + encodeQuery("subject", subject, "body", text+"\r\n\r\n"+address),
	}
}

// encodeQuery writes names and values as a query, percent-encoded once, with %20
// for a blank: some who read it take a plus for a plus.
func encodeQuery(pairs ...string) string {
	var b strings.Builder
	for i := 0; i < len(pairs); i += 2 {
		if i > 0 {
			b.WriteByte('&')
		}
		b.WriteString(pairs[i] + "=" + strings.ReplaceAll(url.QueryEscape(pairs[i+1]), "+", "%20"))
	}
	return b.String()
}

// What X takes: 280 characters, of which a link takes 23 however long it is. An
// address that is longer is counted as it is, for whoever counts plainly.
const (
	postLength = 280
	postLink   = 23
)

// fitPost shortens text so that it makes a post together with a blank and the
// address.
func fitPost(text, address string) string {
	room := postLength - 1 - 1 - max(postLink, len(address))
	if postWeight(text) <= room {
		return text
	}
	var b strings.Builder
	used := postWeight("…")
	for _, r := range text {
		if used += postWeight(string(r)); used > room {
			break
		}
		b.WriteRune(r)
	}
	cut := b.String()
	if at := strings.LastIndexFunc(cut, unicode.IsSpace); at > len(cut)/2 { // rather between two words
		cut = cut[:at]
	}
	cut = strings.TrimRightFunc(cut, func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsPunct(r) || unicode.Is(unicode.M, r) || r == '\u200d'
	})
	return cut + "…"
}

// postWeight counts text as X does: most of what is not of a European script
// counts twice.
func postWeight(text string) int {
	n := 0
	for _, r := range text {
		switch {
		case r <= 0x10FF, r >= 0x2000 && r <= 0x200D, r >= 0x2010 && r <= 0x201F, r >= 0x2032 && r <= 0x2037:
			n++
		default:
			n += 2
		}
	}
	return n
}
