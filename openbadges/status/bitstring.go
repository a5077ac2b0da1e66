package status

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"errors"
	"io"
	"strings"
	"sync"
)

// MinimumLength is the number of entries that a list must have at least, so
// that asking for it tells little. Bitstring Status List v1.0, section 3.1.
const MinimumLength = 131_072

// Limits bounds what [Limits.Decode] accepts. A zero field takes its default.
// ShortLists is for verifiers that would rather say "this list is too short for
// the earners' privacy" than leave a badge undecided: the lists of some wallets
// have 100,000 entries, and what they say about a badge is no less true.
type Limits struct {
	Encoded    int  // characters of encodedList; default 6 MiB
	Bytes      int  // unpacked; default 4 MiB, that is 33,554,432 bits
	ShortLists bool // accept fewer than MinimumLength bits
}

// List is an unpacked list. Its bits are counted from the left-most of the
// first byte.
type List struct{ bits []byte }

// Decode unpacks an encodedList within the given limits; see [Limits.Decode].
func Decode(encoded string, l Limits) (*List, error) { return l.Decode(encoded) }

// Decode unpacks an encodedList: "u", then base64url without padding, of GZIP.
// The lists of StatusList2021, which lack the "u", are read too. No more is
// unpacked than l allows. The error is always an [*Error].
func (l Limits) Decode(encoded string) (*List, error) {
	if l.Encoded == 0 {
		l.Encoded = 6 << 20
	}
	if l.Bytes == 0 {
		l.Bytes = 4 << 20
	}
	if len(encoded) > l.Encoded {
		return nil, fail(TooLarge, "the encoded list has %d characters, more than the %d allowed", len(encoded), l.Encoded)
	}
	text, found := strings.CutPrefix(encoded, "u")
	if !found && !strings.HasPrefix(encoded, "H4sI") {
		return nil, fail(Malformed, "the encoded list does not begin with u, the sign of base64url")
	}
	packed, err := base64.RawURLEncoding.Strict().DecodeString(strings.TrimRight(text, "="))
	if err != nil {
		return nil, fail(Malformed, "the encoded list is not base64url: %v", err)
	}
	bits, failure := gunzip(packed, l.Bytes)
	if failure != nil {
		return nil, failure
	}
	if !l.ShortLists && len(bits)*8 < MinimumLength {
		return nil, fail(TooShort, "the list has %d entries, fewer than the %d that the standard demands", len(bits)*8, MinimumLength)
	}
	return &List{bits}, nil
}

func gunzip(packed []byte, limit int) ([]byte, *Error) {
	z, ok := readers.Get().(*gzip.Reader)
	if !ok {
		z = new(gzip.Reader)
	}
	defer readers.Put(z)
	if err := z.Reset(bytes.NewReader(packed)); err != nil {
		return nil, fail(Malformed, "the list is not GZIP: %v", err)
	}
	out := bytes.NewBuffer(make([]byte, 0, min(limit, MinimumLength/8)+bytes.MinRead))
	n, err := out.ReadFrom(io.LimitReader(z, int64(limit)+1))
	switch {
	case n > int64(limit):
		return nil, fail(TooLarge, "the list unpacks to more than the %d bytes allowed", limit)
	case err != nil && !errors.Is(err, io.EOF):
		return nil, fail(Malformed, "the list cannot be unpacked: %v", err)
	}
	return out.Bytes(), nil
}

// The GZIP states are large and hold nothing between uses.
var (
	readers sync.Pool
	writers sync.Pool
)

// Len returns the number of bits.
func (l *List) Len() int { return len(l.bits) * 8 }

// Get returns bit i; index 0 is the left-most bit of the first byte. The error
// is an [*Error] with code [OutOfRange].
func (l *List) Get(i int) (bool, error) {
	if i < 0 || i >= l.Len() {
		return false, fail(OutOfRange, "the list has no entry %d, its last is %d", i, l.Len()-1)
	}
	return l.bits[i/8]>>(7-i%8)&1 == 1, nil
}

// Value returns entry i of a list whose entries are size bits wide, 1 to 31:
// Bitstring Status List v1.0, statusSize.
func (l *List) Value(i, size int) (int, error) {
	if size < 1 || size > 31 {
		return 0, fail(Malformed, "entries of %d bits", size)
	}
	if i < 0 || i >= l.Len()/size {
		return 0, fail(OutOfRange, "the list has no entry %d, its last is %d", i, l.Len()/size-1)
	}
	value := 0
	for bit := i * size; bit < (i+1)*size; bit++ {
		value = value<<1 | int(l.bits[bit/8]>>(7-bit%8)&1)
	}
	return value, nil
}

// Encode packs a list of n bits, of which those are set for which set answers
// true. n is a multiple of 8 and at least [MinimumLength]. The same bits always
// give the same text.
func Encode(set func(i int) bool, n int) (string, error) {
	bits, err := newBits(n)
	if err != nil {
		return "", err
	}
	for i := range n {
		if set(i) {
			bits[i/8] |= 1 << (7 - i%8)
		}
	}
	return EncodeBits(bits)
}

// EncodeIndexes packs a list of n bits of which the given ones are set; see
// [Encode]. An index outside of the list is an error with code [OutOfRange].
func EncodeIndexes(indexes []int, n int) (string, error) {
	bits, err := newBits(n)
	if err != nil {
		return "", err
	}
	for _, i := range indexes {
		if i < 0 || i >= n {
			return "", fail(OutOfRange, "a list of %d entries has no entry %d", n, i)
		}
		bits[i/8] |= 1 << (7 - i%8)
	}
	return EncodeBits(bits)
}

func newBits(n int) ([]byte, error) {
	if n < MinimumLength {
		return nil, fail(TooShort, "a list of %d entries; the standard demands at least %d", n, MinimumLength)
	}
	if n%8 != 0 || n > 8*(4<<20) {
		return nil, fail(Malformed, "a list of %d entries; it should be a multiple of 8, at most %d", n, 8*(4<<20))
	}
	return make([]byte, n/8), nil
}

// EncodeBits packs the given bytes, at least [MinimumLength] bits.
func EncodeBits(bits []byte) (string, error) {
	if len(bits)*8 < MinimumLength {
		return "", fail(TooShort, "a list of %d entries; the standard demands at least %d", len(bits)*8, MinimumLength)
	}
	z, ok := writers.Get().(*gzip.Writer)
	if !ok {
		z = gzip.NewWriter(nil)
	}
	defer writers.Put(z)
	var packed bytes.Buffer
	z.Reset(&packed)
	if _, err := z.Write(bits); err != nil {
		return "", fail(Malformed, "pack the list: %v", err)
	}
	if err := z.Close(); err != nil {
		return "", fail(Malformed, "pack the list: %v", err)
	}
	out := make([]byte, 1, 1+base64.RawURLEncoding.EncodedLen(packed.Len()))
	out[0] = 'u'
	return string(base64.RawURLEncoding.AppendEncode(out, packed.Bytes())), nil
}
