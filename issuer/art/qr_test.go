package art

import (
	"strings"
	"testing"

	qrcode "github.com/skip2/go-qrcode"
)

func dots(tb testing.TB, url string) [][]bool {
	tb.Helper()
	code, err := qrcode.New(url, qrcode.Medium)
	if err != nil {
		tb.Fatal(err)
	}
	return code.Bitmap()
}

func TestQRPictureHasEveryDot(t *testing.T) {
	s := MustStudio(t)
	want := dots(t, sampleURL)
	n := len(want)
	for _, size := range []int{n, n + 1, 100, 256, 511} {
		data, err := s.QR(sampleURL, size)
		if err != nil {
			t.Fatal(err)
		}
		img := MustDecode(t, data)
		if img.Bounds().Dx() != size || img.Bounds().Dy() != size {
			t.Fatalf("QR(%d) is %v", size, img.Bounds())
		}
		scale := size / n
		margin := (size - n*scale) / 2
		for y := range size {
			for x := range size {
				mx, my := (x-margin)/scale, (y-margin)/scale
				dark := x >= margin && y >= margin && mx < n && my < n && want[my][mx]
				if r, _, _, _ := img.At(x, y).RGBA(); (r == 0) != dark {
					t.Fatalf("QR(%d): pixel %d,%d is wrong", size, x, y)
				}
			}
		}
	}
}

func TestQRHasItsQuietZone(t *testing.T) {
	for y, row := range dots(t, sampleURL) {
		for x, dark := range row {
			if edge := min(x, y, len(row)-1-x, len(row)-1-y); dark && edge < 4 {
				t.Fatalf("dark dot %d,%d within four dots of the edge", x, y)
			}
		}
	}
}

func TestQRRefuses(t *testing.T) {
	s := MustStudio(t)
	for _, c := range []struct {
		name, url string
		size      int
	}{
		{"too few pixels", sampleURL, 20},
		{"too many pixels", sampleURL, 5000},
		{"a telephone number", "tel:1", 200},
		{"text", "pay 100 to me", 200},
		{"a script", "javascript:alert(1)", 200},
		{"nothing", "", 200},
		{"a long address", "https://example.org/" + strings.Repeat("a", 300), 200},
	} {
		if _, err := s.QR(c.url, c.size); err == nil {
			t.Errorf("%s was drawn", c.name)
		}
	}
}
