package bake

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"math"
	"unicode/utf8"
)

// The keywords under which badges stand in PNG pictures. Open Badges 3.0,
// section "Baking PNG"; Open Badges 2.0 Baking Specification, "PNG".
const (
	KeywordOB3 = "openbadgecredential"
	KeywordOB2 = "openbadges"
)

const signature = "\x89PNG\r\n\x1a\n"

// kind is the type of a chunk, its four letters as one number.
type kind uint32

const (
	kindIHDR kind = 'I'<<24 | 'H'<<16 | 'D'<<8 | 'R'
	kindPLTE kind = 'P'<<24 | 'L'<<16 | 'T'<<8 | 'E'
	kindIDAT kind = 'I'<<24 | 'D'<<16 | 'A'<<8 | 'T'
	kindIEND kind = 'I'<<24 | 'E'<<16 | 'N'<<8 | 'D'
	kindITXT kind = 'i'<<24 | 'T'<<16 | 'X'<<8 | 't'
	kindTEXT kind = 't'<<24 | 'E'<<16 | 'X'<<8 | 't'
	kindZTXT kind = 'z'<<24 | 'T'<<16 | 'X'<<8 | 't'
	kindPHYS kind = 'p'<<24 | 'H'<<16 | 'Y'<<8 | 's'
)

// String spells the type. Those of text are constants, so that reading a badge
// does not allocate for them.
func (k kind) String() string {
	switch k {
	case kindITXT:
		return "iTXt"
	case kindTEXT:
		return "tEXt"
	case kindZTXT:
		return "zTXt"
	}
	return string([]byte{byte(k >> 24), byte(k >> 16), byte(k >> 8), byte(k)})
}

// letters tells whether the type is four ASCII letters, as PNG section 5.3 wants.
func (k kind) letters() bool {
	for range 4 {
		if c := byte(k) | 0x20; c < 'a' || c > 'z' {
			return false
		}
		k >>= 8
	}
	return true
}

// chunk is one chunk of a PNG: its bytes are png[start:end], its data
// png[start+8:end-4].
type chunk struct {
	start, end int
	kind       kind
}

func (c chunk) data(png []byte) []byte { return png[c.start+8 : c.end-4] }

func (c chunk) checksum(png []byte) *Error {
	if crc32.ChecksumIEEE(png[c.start+4:c.end-4]) != binary.BigEndian.Uint32(png[c.end-4:]) {
		return fail(Damaged, c.start, again, "the checksum of the %s chunk is wrong", c.kind)
	}
	return nil
}

func (c chunk) text() bool { return c.kind == kindITXT || c.kind == kindTEXT || c.kind == kindZTXT }

// keyword returns the keyword of a text chunk, "" when it has none.
func (c chunk) keyword(png []byte) string {
	data := c.data(png)
	if len(data) > 80 {
		data = data[:80]
	}
	if i := bytes.IndexByte(data, 0); i > 0 {
		switch string(data[:i]) {
		case KeywordOB3:
			return KeywordOB3
		case KeywordOB2:
			return KeywordOB2
		case keywordCLR:
			return keywordCLR
		}
	}
	return ""
}

// walker goes through the chunks of a PNG and holds it to the order that PNG
// section 5.6 demands: IHDR first, one run of IDAT, PLTE before it, IEND last.
type walker struct {
	png    []byte
	at     int
	count  int
	state  int // 0 before IHDR, 1 before IDAT, 2 in the run of IDAT, 3 after it, 4 after IEND
	limits Limits
}

func walk(png []byte, l Limits) (walker, *Error) {
	switch {
	case len(png) > l.Picture:
		return walker{}, fail(TooLarge, -1, "", "the picture has %d bytes, more than the %d allowed", len(png), l.Picture)
	case len(png) < len(signature) || string(png[:len(signature)]) != signature:
		return walker{}, notPicture(png, "PNG")
	}
	return walker{png: png, at: len(signature), limits: l}, nil
}

// next returns the next chunk; more is false after IEND.
func (w *walker) next() (c chunk, more bool, err *Error) {
	if w.state == 4 {
		if w.at != len(w.png) {
			return c, false, fail(BadOrder, w.at, export, "%d bytes follow the end of the picture", len(w.png)-w.at)
		}
		return c, false, nil
	}
	rest := w.png[w.at:]
	if len(rest) < 12 {
		return c, false, fail(Truncated, w.at, again, "the picture ends before its IEND chunk")
	}
	if w.count++; w.count > w.limits.Chunks {
		return c, false, fail(TooLarge, w.at, export, "the picture has more than %d chunks", w.limits.Chunks)
	}
	size := binary.BigEndian.Uint32(rest)
	k := kind(binary.BigEndian.Uint32(rest[4:]))
	if !k.letters() {
		return c, false, fail(Damaged, w.at, again, "a chunk whose type is not four letters")
	}
	if size > math.MaxInt32 || int64(size)+12 > int64(len(rest)) {
		return c, false, fail(Truncated, w.at, again, "the %s chunk claims %d bytes, the file has %d more", k, size, len(rest)-12)
	}
	c = chunk{start: w.at, end: w.at + 12 + int(size), kind: k}
	if err := w.order(c); err != nil {
		return c, false, err
	}
	w.at = c.end
	return c, true, nil
}

func (w *walker) order(c chunk) *Error {
	if w.state == 0 {
		if c.kind != kindIHDR {
			return fail(BadOrder, c.start, "", "the %s chunk stands before the header", c.kind)
		}
		w.state = 1
		return w.header(c)
	}
	switch c.kind {
	case kindIHDR:
		return fail(BadOrder, c.start, "", "a second header")
	case kindPLTE:
		if w.state > 1 {
			return fail(BadOrder, c.start, "", "the palette stands behind the picture data")
		}
	case kindIDAT:
		if w.state == 3 {
			return fail(BadOrder, c.start, "", "the picture data is interrupted by other chunks")
		}
		w.state = 2
		return nil
	case kindIEND:
		if w.state == 1 {
			return fail(BadOrder, c.start, again, "the picture has no picture data")
		}
		if c.end-c.start != 12 {
			return fail(BadChunk, c.start, "", "an IEND chunk that is not empty")
		}
		w.state = 4
		return nil
	}
	if w.state == 2 {
		w.state = 3
	}
	return nil
}

// header checks IHDR and the declared size: a viewer would make room for it.
func (w *walker) header(c chunk) *Error {
	if c.end-c.start != 12+13 {
		return fail(BadChunk, c.start, again, "a header of %d bytes instead of 13", c.end-c.start-12)
	}
	if err := c.checksum(w.png); err != nil {
		return err
	}
	data := c.data(w.png)
	width, height := binary.BigEndian.Uint32(data), binary.BigEndian.Uint32(data[4:])
	if width == 0 || height == 0 || width > math.MaxInt32 || height > math.MaxInt32 {
		return fail(BadChunk, c.start, "", "a picture of %d by %d pixels", width, height)
	}
	if int64(width)*int64(height) > w.limits.Pixels {
		return fail(TooLarge, c.start, "", "a picture of %d by %d pixels, more than the %d allowed", width, height, w.limits.Pixels)
	}
	return nil
}

// Chunk is one badge to bake: plain JSON or a compact JWS under one of the
// keywords. With a nil Text the badge of that keyword is removed.
type Chunk struct {
	Keyword string
	Text    []byte
}

// PNG appends to dst the picture with the given chunks right behind its header,
// uncompressed, and returns the extended slice; pass a kept buffer cut to zero
// length to bake without allocating. Badges that already stand under the same
// keywords are replaced, every other chunk is kept byte for byte. The picture is
// not decoded and its data not checked: do that once, when it is uploaded. The
// error is always an [*Error].
func PNG(dst, picture []byte, chunks ...Chunk) ([]byte, error) {
	for i, c := range chunks {
		if err := c.check(chunks[:i]); err != nil {
			return dst, err
		}
	}
	w, err := walk(picture, Limits{}.withDefaults())
	if err != nil {
		return dst, err
	}
	header, _, err := w.next()
	if err != nil {
		return dst, err
	}
	base := len(dst)
	size := len(picture)
	for _, c := range chunks {
		if c.Text != nil {
			size += 12 + len(c.Keyword) + 5 + len(c.Text)
		}
	}
	dst = grow(dst, size)
	dst = append(dst, picture[:header.end]...)
	for _, c := range chunks {
		dst = c.append(dst)
	}
	kept := header.end // everything before it is written, or dropped on purpose
	for {
		c, more, err := w.next()
		if err != nil {
			return dst[:base], err
		}
		if !more {
			break
		}
		if c.text() && replaces(chunks, c.keyword(picture)) {
			dst = append(dst, picture[kept:c.start]...)
			kept = c.end
		}
	}
	return append(dst, picture[kept:]...), nil
}

func grow(dst []byte, n int) []byte {
	if cap(dst)-len(dst) >= n {
		return dst
	}
	return append(make([]byte, 0, len(dst)+n), dst...)
}

func replaces(chunks []Chunk, keyword string) bool {
	if keyword == "" {
		return false
	}
	for _, c := range chunks {
		if c.Keyword == keyword {
			return true
		}
	}
	return false
}

func (c Chunk) check(before []Chunk) error {
	switch {
	case c.Keyword != KeywordOB3 && c.Keyword != KeywordOB2:
		return fail(BadBadge, -1, "", "%q is not the keyword of a badge: use %s or %s", c.Keyword, KeywordOB3, KeywordOB2)
	case replaces(before, c.Keyword):
		return fail(BadBadge, -1, "", "two badges under the keyword %s: a picture may carry one", c.Keyword)
	case c.Text != nil && len(bytes.TrimSpace(c.Text)) == 0:
		return fail(BadBadge, -1, "", "the badge is empty")
	case len(c.Text) > 1<<20:
		return fail(BadBadge, -1, "", "the badge has %d bytes, more than the %d that readers take", len(c.Text), 1<<20)
	case !utf8.Valid(c.Text) || bytes.IndexByte(c.Text, 0) >= 0:
		return fail(BadBadge, -1, "", "the badge is not UTF-8 text")
	}
	return nil
}

// append writes the iTXt chunk of PNG section 11.3.3.4: keyword, NUL,
// compression flag and method 0, empty language and translated keyword, text.
func (c Chunk) append(dst []byte) []byte {
	if c.Text == nil {
		return dst
	}
	dst = binary.BigEndian.AppendUint32(dst, uint32(len(c.Keyword)+5+len(c.Text)))
	start := len(dst)
	dst = append(dst, "iTXt"...)
	dst = append(dst, c.Keyword...)
	dst = append(dst, 0, 0, 0, 0, 0)
	dst = append(dst, c.Text...)
	return binary.BigEndian.AppendUint32(dst, crc32.ChecksumIEEE(dst[start:]))
}

// SetDensity returns the picture with its density set to dpi dots per inch
// (chunk pHYs): without one, Outlook takes the wrong size. An existing density
// is replaced.
func SetDensity(png []byte, dpi int) ([]byte, error) {
	if dpi < 1 || dpi > 10_000 {
		return nil, fail(BadBadge, -1, "", "a density of %d dots per inch", dpi)
	}
	w, err := walk(png, Limits{Picture: math.MaxInt}.withDefaults())
	if err != nil {
		return nil, err
	}
	perMetre := uint32(math.Round(float64(dpi) / 0.0254))
	density := binary.BigEndian.AppendUint32([]byte("\x00\x00\x00\x09pHYs"), perMetre)
	density = binary.BigEndian.AppendUint32(density, perMetre)
	density = append(density, 1)
	density = binary.BigEndian.AppendUint32(density, crc32.ChecksumIEEE(density[4:]))

	out := make([]byte, 0, len(png)+len(density))
	out = append(out, signature...)
	for {
		c, more, err := w.next()
		if err != nil {
			return nil, err
		}
		if !more {
			return out, nil
		}
		if c.kind == kindPHYS {
			continue
		}
		out = append(out, png[c.start:c.end]...)
		if c.kind == kindIHDR {
			out = append(out, density...)
		}
	}
}
