package art

import (
	"cmp"
	"encoding/binary"
	"image"
	"image/color"
	"slices"
)

// shade is one colour of a picture, premultiplied, and its pixels.
type shade struct {
	c [4]uint8
	n int
}

// paletted returns img with at most 256 colours, chosen so that the most
// used stay exactly as they are: a badge has few tones beside its blends and
// the edges of its forms, and is a third of the size this way.
func paletted(img *image.RGBA) *image.Paletted {
	count := make(map[uint32]int, 4096)
	last, run := uint32(0), 0
	for i := 0; i < len(img.Pix); i += 4 {
		key := binary.BigEndian.Uint32(img.Pix[i:])
		if key == last {
			run++
			continue
		}
		if run > 0 {
			count[last] += run
		}
		last, run = key, 1
	}
	count[last] += run
	shades := make([]shade, 0, len(count))
	for key, n := range count {
		s := shade{n: n}
		binary.BigEndian.PutUint32(s.c[:], key)
		shades = append(shades, s)
	}
	slices.SortFunc(shades, func(a, b shade) int {
		return cmp.Compare(binary.BigEndian.Uint32(a.c[:]), binary.BigEndian.Uint32(b.c[:]))
	})
	boxes := medianCut(shades, 256)
	out := image.NewPaletted(img.Rect, make(color.Palette, 0, len(boxes)))
	index := make(map[uint32]uint8, len(shades))
	for i, b := range boxes {
		top := b[0]
		for _, s := range b {
			index[binary.BigEndian.Uint32(s.c[:])] = uint8(i)
			if s.n > top.n {
				top = s
			}
		}
		out.Palette = append(out.Palette, straight(top.c))
	}
	last, at := ^binary.BigEndian.Uint32(img.Pix), uint8(0)
	for i := 0; i < len(img.Pix); i += 4 {
		key := binary.BigEndian.Uint32(img.Pix[i:])
		if key != last {
			last, at = key, index[key]
		}
		out.Pix[i/4] = at
	}
	return out
}

// straight takes the alpha out of a premultiplied colour.
func straight(c [4]uint8) color.NRGBA {
	a := uint32(c[3])
	if a == 0 {
		return color.NRGBA{}
	}
	part := func(v uint8) uint8 { return uint8(min(255, (uint32(v)*255+a/2)/a)) }
	return color.NRGBA{part(c[0]), part(c[1]), part(c[2]), c[3]}
}

// medianCut parts the shades into at most limit boxes of like colours.
func medianCut(shades []shade, limit int) [][]shade {
	boxes := []cut{newCut(shades)}
	for len(boxes) < limit {
		worst := 0
		for i, b := range boxes {
			if b.cost > boxes[worst].cost {
				worst = i
			}
		}
		b := boxes[worst]
		if b.cost == 0 {
			break
		}
		slices.SortStableFunc(b.shades, func(x, y shade) int { return cmp.Compare(x.c[b.axis], y.c[b.axis]) })
		at := b.split()
		boxes[worst] = newCut(b.shades[:at])
		boxes = append(boxes, newCut(b.shades[at:]))
	}
	out := make([][]shade, len(boxes))
	for i, b := range boxes {
		out[i] = b.shades
	}
	return out
}

// cut is a box of shades, the channel in which they differ most, and how
// much is lost when they become one.
type cut struct {
	shades []shade
	axis   int
	cost   float64
}

func newCut(shades []shade) cut {
	b := cut{shades: shades}
	n := 0.0
	var sum, square [4]float64
	for _, s := range shades {
		w := float64(s.n)
		n += w
		for k, v := range s.c {
			f := float64(v)
			sum[k] += f * w
			square[k] += f * f * w
		}
	}
	most := 0.0
	for k := range 4 {
		spread := square[k] - sum[k]*sum[k]/n
		if spread > most+1e-6 {
			most, b.axis = spread, k
		}
		b.cost += spread
	}
	if most == 0 || len(shades) < 2 {
		b.cost = 0
	}
	return b
}

// split is where the box parts in two of the least loss along its axis.
func (b cut) split() int {
	var n, sum, square float64
	for _, s := range b.shades {
		w, f := float64(s.n), float64(s.c[b.axis])
		n, sum, square = n+w, sum+f*w, square+f*f*w
	}
	var ln, ls, lq float64
	best, at := -1.0, 1
	for i, s := range b.shades[:len(b.shades)-1] {
		w, f := float64(s.n), float64(s.c[b.axis])
		ln, ls, lq = ln+w, ls+f*w, lq+f*f*w
		if b.shades[i+1].c[b.axis] == s.c[b.axis] {
			continue
		}
		rn, rs, rq := n-ln, sum-ls, square-lq
		loss := lq - ls*ls/ln + rq - rs*rs/rn
		if best < 0 || loss < best {
			best, at = loss, i+1
		}
	}
	return at
}
