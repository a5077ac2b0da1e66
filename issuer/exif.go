package issuer

import (
	"bytes"
	"encoding/binary"
)

// orientation returns how a camera was held for a JPEG: 1 to 8 as in Exif 2.32,
// section 4.6.4. It is 1, upright, where the file does not say.
func orientation(data []byte) int {
	if !bytes.HasPrefix(data, []byte{0xff, 0xd8}) {
		return 1
	}
	for data = data[2:]; len(data) >= 4 && data[0] == 0xff; {
		size := int(binary.BigEndian.Uint16(data[2:]))
		if size < 2 || len(data) < 2+size {
			return 1
		}
		body := data[4 : 2+size]
		if data[1] == 0xe1 && bytes.HasPrefix(body, []byte("Exif\x00\x00")) {
			return tiffOrientation(body[6:])
		}
		if data[1] == 0xda { // the picture itself begins
			return 1
		}
		data = data[2+size:]
	}
	return 1
}

// tiffOrientation finds the tag Orientation (0x0112) in the first directory.
func tiffOrientation(t []byte) int {
	var order binary.ByteOrder = binary.BigEndian
	if len(t) < 8 {
		return 1
	}
	if t[0] == 'I' {
		order = binary.LittleEndian
	}
	at := uint64(order.Uint32(t[4:]))
	if at+2 > uint64(len(t)) {
		return 1
	}
	entries := t[at+2:]
	for range order.Uint16(t[at:]) {
		if len(entries) < 12 {
			return 1
		}
		if order.Uint16(entries) == 0x0112 {
			if v := int(order.Uint16(entries[8:])); v >= 1 && v <= 8 {
				return v
			}
			return 1
		}
		entries = entries[12:]
	}
	return 1
}
