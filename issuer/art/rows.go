package art

import (
	"encoding/binary"
	"hash/adler32"
	"math/bits"
)

// rowDeflater compresses picture rows that often repeat the one above them
// (RFC 1950 and 1951, fixed codes): a QR code has few rows of its own, and a
// general compressor spends longer on setting itself up than on them.
type rowDeflater struct {
	out   []byte
	hold  uint64
	held  uint
	check adlerSum
}

// adlerSum is the part of [hash.Hash32] that is used.
type adlerSum interface {
	Write([]byte) (int, error)
	Sum32() uint32
}

func newRowDeflater(room int) *rowDeflater {
	d := &rowDeflater{out: make([]byte, 0, room), check: adler32.New()}
	d.out = append(d.out, 0x78, 0x01) // window of 32 KB, no dictionary
	d.put(1, 1)                       // the last block
	d.put(1, 2)                       // of fixed codes
	return d
}

// put adds n bits, lowest first.
func (d *rowDeflater) put(v uint64, n uint) {
	d.hold |= v << d.held
	d.held += n
	for d.held >= 8 {
		d.out = append(d.out, byte(d.hold))
		d.hold >>= 8
		d.held -= 8
	}
}

// code adds a Huffman code of n bits, highest first.
func (d *rowDeflater) code(v uint64, n uint) {
	d.put(bits.Reverse64(v)>>(64-n), n)
}

// rows adds row n times.
func (d *rowDeflater) rows(row []byte, n int) {
	if n <= 0 {
		return
	}
	for _, b := range row {
		if b < 144 {
			d.code(0x30+uint64(b), 8)
		} else {
			d.code(0x190+uint64(b)-144, 9)
		}
	}
	for range n {
		_, _ = d.check.Write(row) // a hash takes everything
	}
	for left := len(row) * (n - 1); left > 0; {
		length := min(258, left)
		if rest := left - length; rest > 0 && rest < 3 {
			length -= 3 // the shortest repeat is of three bytes
		}
		d.repeat(length, len(row))
		left -= length
	}
}

// repeat adds the length bytes, 3 to 258, that stand distance bytes back.
func (d *rowDeflater) repeat(length, distance int) {
	l := uint64(length - 3)
	switch {
	case length == 258:
		d.symbol(285)
	case l < 8:
		d.symbol(257 + l)
	default:
		n := uint(bits.Len64(l)) - 3
		d.symbol(257 + 4*uint64(n+1) + l>>n&3)
		d.put(l&(1<<n-1), n)
	}
	at := uint64(distance - 1)
	if at < 4 {
		d.code(at, 5)
		return
	}
	n := uint(bits.Len64(at)) - 2
	d.code(2*uint64(n+1)+at>>n&1, 5)
	d.put(at&(1<<n-1), n)
}

// symbol adds a length code, 256 to 285.
func (d *rowDeflater) symbol(s uint64) {
	if s < 280 {
		d.code(s-256, 7)
	} else {
		d.code(0xc0+s-280, 8)
	}
}

// close ends the stream and returns it.
func (d *rowDeflater) close() []byte {
	d.symbol(256)
	if d.held > 0 {
		d.put(0, 8-d.held)
	}
	return binary.BigEndian.AppendUint32(d.out, d.check.Sum32())
}
