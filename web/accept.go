package web

import (
	"strconv"
	"strings"
)

// preferred picks the media type among offers that an Accept header likes best
// (RFC 9110, section 12.5.1). Without a header, or where it likes none, the
// first offer is taken; among equals the first offer wins. The second result
// tells whether the header named anything that is offered.
func preferred(accept string, offers ...string) (string, bool) {
	best, most, specific := offers[0], 0.0, -1
	named := false
	for i, offer := range offers {
		q, how := quality(accept, offer)
		if q > 0 {
			named = true
		}
		if q > most || q == most && q > 0 && how > specific && i > 0 {
			best, most, specific = offer, q, how
		}
	}
	return best, named
}

// quality returns how much an Accept header likes a media type, and how exactly
// it names it: 2 by name, 1 by its group, 0 by */*.
func quality(accept, offer string) (q float64, how int) {
	how = -1
	group, _, _ := strings.Cut(offer, "/")
	for part := range strings.SplitSeq(accept, ",") {
		name, params, _ := strings.Cut(part, ";")
		name = strings.ToLower(strings.TrimSpace(name))
		level := -1
		switch name {
		case offer:
			level = 2
		case group + "/*":
			level = 1
		case "*/*":
			level = 0
		}
		if level > how {
			q, how = weight(params), level
		}
	}
	return q, how
}

func weight(params string) float64 {
	for p := range strings.SplitSeq(params, ";") {
		if v, ok := strings.CutPrefix(strings.TrimSpace(p), "q="); ok {
			q, err := strconv.ParseFloat(v, 64)
			if err != nil || q < 0 || q > 1 {
				return 0
			}
			return q
		}
	}
	return 1
}
