package art

import (
	"encoding/binary"
	"fmt"
	"strings"

	qrcode "github.com/skip2/go-qrcode"
)

// maxQR is the longest address that a QR code is drawn for: at 300 bytes its
// dots are still a third of a millimetre on a certificate.
const maxQR = 300

// modules returns the dots of the QR code of an address, quiet zone of four
// dots around it included. Recovery level M, which survives a seal or a fold.
func modules(url string) ([][]bool, error) {
	if len(url) > maxQR {
		return nil, fmt.Errorf("QR code of %d bytes: an address may have %d", len(url), maxQR)
	}
	if !strings.HasPrefix(url, "https://") && !strings.HasPrefix(url, "http://") {
		return nil, fmt.Errorf("QR code of %.40q: only https and http addresses are drawn", url)
	}
	code, err := qrcode.New(url, qrcode.Medium)
	if err != nil {
		return nil, fmt.Errorf("QR code: %w", err)
	}
	return code.Bitmap(), nil
}

// QR draws the QR code of an https or http address as a black and white PNG
// of size pixels. Dots are whole pixels; what remains widens the quiet zone.
func (s *Studio) QR(url string, size int) ([]byte, error) {
	bits, err := modules(url)
	if err != nil {
		return nil, err
	}
	n := len(bits)
	if size < n || size > 4096 {
		return nil, fmt.Errorf("QR code of %d pixels: this address needs %d to 4096", size, n)
	}
	return bitPNG(bits, size/n, size), nil
}

// bitPNG writes dots of scale pixels in the middle of a square of size, at
// one bit a pixel.
func bitPNG(bits [][]bool, scale, size int) []byte {
	n := len(bits)
	margin := (size - n*scale) / 2
	row := make([]byte, 1+(size+7)/8) // the first byte is the filter, none
	clear := func() {
		for i := range row[1:] {
			row[1+i] = 0xff
		}
	}
	z := newRowDeflater(n*len(row)*2 + 256)
	clear()
	z.rows(row, margin)
	for _, line := range bits {
		clear()
		x := margin
		for _, dark := range line {
			if dark {
				for k := x; k < x+scale; k++ {
					row[1+k/8] &^= 0x80 >> (k % 8)
				}
			}
			x += scale
		}
		z.rows(row, scale)
	}
	clear()
	z.rows(row, size-margin-n*scale)
	packed := z.close()

	head := []byte("IHDR")
	head = binary.BigEndian.AppendUint32(head, uint32(size))
	head = binary.BigEndian.AppendUint32(head, uint32(size))
	head = append(head, 1, 0, 0, 0, 0) // one bit of grey
	out := make([]byte, 0, len(packed)+100)
	out = append(out, "\x89PNG\r\n\x1a\n"...)
	out = appendChunk(out, head)
	out = append(out, densityChunk()...)
	out = appendChunk(out, append([]byte("IDAT"), packed...))
	return appendChunk(out, []byte("IEND"))
}

// eachRun calls fn for every row of dark dots.
func eachRun(bits [][]bool, fn func(x, y, length int)) {
	for y, row := range bits {
		for x := 0; x < len(row); x++ {
			if !row[x] {
				continue
			}
			from := x
			for x < len(row) && row[x] {
				x++
			}
			fn(from, y, x-from)
		}
	}
}

// qrPath is a QR code as an outline of one unit a dot, and its side.
func qrPath(url string) (*path, float64, error) {
	bits, err := modules(url)
	if err != nil {
		return nil, 0, err
	}
	p := &path{}
	eachRun(bits, func(x, y, length int) {
		x0, y0, x1, y1 := float64(x), float64(y), float64(x+length), float64(y+1)
		p.polygon(point{x0, y0}, point{x1, y0}, point{x1, y1}, point{x0, y1})
	})
	return p, float64(len(bits)), nil
}
