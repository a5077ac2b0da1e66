package web_test

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"testing"
)

// mustSquare draws a small picture.
func mustSquare(tb testing.TB) []byte {
	tb.Helper()
	square := image.NewRGBA(image.Rect(0, 0, 16, 16))
	for i := range 16 {
		square.Set(i, i, color.RGBA{200, 40, 40, 255})
	}
	var b bytes.Buffer
	if err := png.Encode(&b, square); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}
