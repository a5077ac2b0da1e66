package web

import (
	"strconv"
	"strings"
)

// How exactly an Accept header names a media type.
const (
	notAtAll = iota - 1
	anything // */*
	itsGroup // image/*
	exactly
)

// preferred picks the media type among offers that an Accept header likes best
// (RFC 9110, section 12.5.1), and tells how much, from 0 to 1. Where it likes
// none, the first offer is taken; among equals the one that is named more
// exactly, then the first.
func preferred(accept string, offers ...string) (best string, q float64) {
	best, exactness := offers[0], notAtAll
	for _, offer := range offers {
		liked, how := quality(accept, offer)
		if liked > q || liked == q && liked > 0 && how > exactness {
			best, q, exactness = offer, liked, how
		}
	}
	return best, q
}

// quality returns how much an Accept header likes a media type, and how exactly
// it names it.
func quality(accept, offer string) (q float64, how int) {
	how = notAtAll
	group, _, _ := strings.Cut(offer, "/")
	for part := range strings.SplitSeq(accept, ",") {
		name, params, _ := strings.Cut(part, ";")
		level := notAtAll
		switch strings.ToLower(strings.TrimSpace(name)) {
		case offer:
			level = exactly
		case group + "/*":
			level = itsGroup
		case "*/*":
			level = anything
		}
		if level > how {
			q, how = weight(params), level
		}
	}
	return q, how
}

// weight reads the q parameter of a media range.
func weight(params string) float64 {
	for p := range strings.SplitSeq(params, ";") {
		name, v, _ := strings.Cut(strings.TrimSpace(p), "=")
		if !strings.EqualFold(name, "q") {
			continue
		}
		q, err := strconv.ParseFloat(v, 64)
		if err != nil || q < 0 || q > 1 {
			return 0
		}
		return q
	}
	return 1
}
