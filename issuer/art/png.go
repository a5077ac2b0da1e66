package art

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"image/png"
)

// perMetre is 96 dots per inch. Some mail programs draw a picture without a
// density at another size than its pixels.
const perMetre = 3780

// ihdrEnd is where the header chunk of every PNG ends: signature and IHDR.
const ihdrEnd = 8 + 12 + 13

// encodePNG writes img with at most 256 colours, and its density.
func encodePNG(img *image.RGBA) ([]byte, error) {
	return writePNG(paletted(img))
}

func writePNG(img image.Image) ([]byte, error) {
	var buf bytes.Buffer
	enc := png.Encoder{CompressionLevel: png.DefaultCompression}
	if err := enc.Encode(&buf, img); err != nil {
		return nil, fmt.Errorf("encode picture: %w", err)
	}
	return withDensity(buf.Bytes()), nil
}

// withDensity puts a pHYs chunk after the header of a PNG.
func withDensity(data []byte) []byte {
	out := make([]byte, 0, len(data)+21)
	out = append(out, data[:ihdrEnd]...)
	out = append(out, densityChunk()...)
	return append(out, data[ihdrEnd:]...)
}

func densityChunk() []byte {
	body := []byte("pHYs")
	body = binary.BigEndian.AppendUint32(body, perMetre)
	body = binary.BigEndian.AppendUint32(body, perMetre)
	body = append(body, 1) // the unit is the metre
	return appendChunk(nil, body)
}

// appendChunk adds the chunk whose type and data are body.
func appendChunk(dst, body []byte) []byte {
	dst = binary.BigEndian.AppendUint32(dst, uint32(len(body)-4))
	dst = append(dst, body...)
	return binary.BigEndian.AppendUint32(dst, crc32.ChecksumIEEE(body))
}
