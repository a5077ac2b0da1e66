package status

import (
	"encoding/binary"
	"fmt"
	"io"
	"math"
)

// RandomIndex draws an index below n, each with the same probability, from r,
// which should be crypto/rand.Reader: indexes that follow one another would tell
// which badges were issued together (Bitstring Status List v1.0, section 5.2).
// The caller keeps one that is taken from being used twice.
func RandomIndex(r io.Reader, n int) (int, error) {
	if n < 1 {
		return 0, fail(OutOfRange, "an index below %d", n)
	}
	// Values at the top, where the remainder is not even, are drawn again.
	even := math.MaxUint64 - (math.MaxUint64%uint64(n)+1)%uint64(n)
	var b [8]byte
	for {
		if _, err := io.ReadFull(r, b[:]); err != nil {
			return 0, fmt.Errorf("draw a status index: %w", err)
		}
		if v := binary.BigEndian.Uint64(b[:]); v <= even {
			return int(v % uint64(n)), nil
		}
	}
}
