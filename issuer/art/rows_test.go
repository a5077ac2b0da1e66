package art

import (
	"bytes"
	"compress/zlib"
	"io"
	"testing"

	"pgregory.net/rapid"
)

func TestRowsComeBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		width := rapid.IntRange(5, 520).Draw(t, "width")
		d := newRowDeflater(64)
		var want []byte
		for range rapid.IntRange(1, 5).Draw(t, "rows") {
			row := rapid.SliceOfN(rapid.Byte(), width, width).Draw(t, "row")
			n := rapid.IntRange(0, 30).Draw(t, "times")
			d.rows(row, n)
			want = append(want, bytes.Repeat(row, n)...)
		}
		r, err := zlib.NewReader(bytes.NewReader(d.close()))
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Fatalf("%d bytes came back differently", len(want))
		}
	})
}
