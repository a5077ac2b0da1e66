package issuer

import (
	"bytes"
	raster "image"
	"image/color"
	"image/jpeg"
	"image/png"
	"testing"
)

// exif is the segment in which a camera notes how it was held.
func exif(orientation byte) []byte {
	tiff := []byte{'M', 'M', 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0}
	body := append([]byte("Exif\x00\x00"), tiff...)
	return append([]byte{0xff, 0xe1, 0, byte(len(body) + 2)}, body...)
}

// photo is a JPEG whose top left quarter is white and whose rest is black, as the
// sensor saw it.
func photo(tb testing.TB, orientation byte) []byte {
	tb.Helper()
	img := raster.NewGray(raster.Rect(0, 0, 64, 64))
	for y := range 32 {
		for x := range 32 {
			img.SetGray(x, y, color.Gray{Y: 255})
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		tb.Fatal(err)
	}
	return append(append([]byte{0xff, 0xd8}, exif(orientation)...), b.Bytes()[2:]...)
}

func TestPortraitsStandUpright(t *testing.T) {
	t.Parallel()
	const a, z = PortraitSide / 4, PortraitSide * 3 / 4
	// Where the white quarter is once the picture is upright.
	for orientation, want := range map[byte]raster.Point{
		0: {X: a, Y: a}, 1: {X: a, Y: a}, 2: {X: z, Y: a}, 3: {X: z, Y: z}, 4: {X: a, Y: z},
		5: {X: a, Y: a}, 6: {X: z, Y: a}, 7: {X: z, Y: z}, 8: {X: a, Y: z}, 9: {X: a, Y: a},
	} {
		data, err := drawPortrait(photo(t, orientation))
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(data, []byte("Exif")) {
			t.Error("the portrait keeps what the camera noted")
		}
		img, err := png.Decode(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range []raster.Point{{X: a, Y: a}, {X: z, Y: a}, {X: a, Y: z}, {X: z, Y: z}} {
			r, _, _, _ := img.At(p.X, p.Y).RGBA()
			if (r > 0x8000) != (p == want) {
				t.Errorf("orientation %d: light at %v is %x, the white quarter should be at %v", orientation, p, r, want)
			}
		}
	}
}

func FuzzOrientation(f *testing.F) {
	f.Add(exif(6))
	f.Add(photo(f, 3))
	f.Add([]byte{0xff, 0xd8, 0xff, 0xe1, 0, 2})
	f.Fuzz(func(t *testing.T, data []byte) {
		if o := orientation(data); o < 1 || o > 8 {
			t.Errorf("orientation %d", o)
		}
		if o := tiffOrientation(data); o < 1 || o > 8 {
			t.Errorf("orientation %d", o)
		}
	})
}
