package issuer

import (
	"hash/maphash"
	"strings"
)

// Lanes spreads results over a number of workers, so that those of one candidate
// are recorded in the order in which they came: whoever shares a candidate number
// or an address with a result before goes where that went. It is for one goroutine.
type Lanes struct {
	n    uint64
	seed maphash.Seed
	seen map[uint64]uint16 // lanes by the hash of a number or an address
}

// NewLanes makes n lanes, at most 65,536.
func NewLanes(n int) *Lanes {
	return &Lanes{n: uint64(n), seed: maphash.MakeSeed(), seen: map[uint64]uint16{}}
}

// Of returns the lane of a result, from 0.
func (l *Lanes) Of(r Result) int {
	number := maphash.String(l.seed, "n"+strings.TrimSpace(r.Candidate.Number))
	address := maphash.String(l.seed, "a"+strings.ToLower(strings.TrimSpace(r.Candidate.Email)))
	hasNumber, hasAddress := strings.TrimSpace(r.Candidate.Number) != "", strings.TrimSpace(r.Candidate.Email) != ""
	lane, known := uint16(0), false
	if hasNumber {
		lane, known = l.seen[number]
	}
	if !known && hasAddress {
		lane, known = l.seen[address]
	}
	if !known {
		lane = uint16((number ^ address) % l.n)
	}
	if hasNumber {
		l.seen[number] = lane
	}
	if hasAddress {
		l.seen[address] = lane
	}
	return int(lane)
}
