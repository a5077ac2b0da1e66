package art

import (
	"math"
	"strconv"
)

// colour is an opaque sRGB colour. Drawings hold no other: tones are mixed
// beforehand, so that PNG, SVG and PDF agree.
type colour struct{ R, G, B uint8 }

var (
	white = colour{255, 255, 255}
	black = colour{0, 0, 0}
)

// parseColour reads #rgb or #rrggbb.
func parseColour(s string) (colour, bool) {
	if len(s) == 4 && s[0] == '#' {
		s = string([]byte{'#', s[1], s[1], s[2], s[2], s[3], s[3]})
	}
	if len(s) != 7 || s[0] != '#' {
		return colour{}, false
	}
	n, err := strconv.ParseUint(s[1:], 16, 32)
	if err != nil {
		return colour{}, false
	}
	return colour{uint8(n >> 16), uint8(n >> 8), uint8(n)}, true
}

func (c colour) hex() string {
	const digits = "0123456789abcdef"
	h := [6]byte{digits[c.R>>4], digits[c.R&15], digits[c.G>>4], digits[c.G&15], digits[c.B>>4], digits[c.B&15]}
	if h[0] == h[1] && h[2] == h[3] && h[4] == h[5] {
		return "#" + string([]byte{h[0], h[2], h[4]})
	}
	return "#" + string(h[:])
}

func linear(v uint8) float64 {
	f := float64(v) / 255
	if f <= 0.04045 {
		return f / 12.92
	}
	return math.Pow((f+0.055)/1.055, 2.4)
}

func gamma(f float64) uint8 {
	if f <= 0.0031308 {
		f *= 12.92
	} else {
		f = 1.055*math.Pow(f, 1/2.4) - 0.055
	}
	return uint8(math.Round(math.Max(0, math.Min(1, f)) * 255))
}

// luminance is the relative luminance of WCAG 2.2.
func (c colour) luminance() float64 {
	return 0.2126*linear(c.R) + 0.7152*linear(c.G) + 0.0722*linear(c.B)
}

// contrast is the contrast ratio of WCAG 2.2, 1 to 21.
func contrast(a, b colour) float64 {
	x, y := a.luminance(), b.luminance()
	if x < y {
		x, y = y, x
	}
	return (x + 0.05) / (y + 0.05)
}

// tone is a colour in OKLCh: lightness 0 to 1, chroma, hue in radians.
// Steps of lightness look even in it, whatever the hue.
type tone struct{ L, C, H float64 }

func toneOf(c colour) tone {
	r, g, b := linear(c.R), linear(c.G), linear(c.B)
	l := math.Cbrt(0.4122214708*r + 0.5363325363*g + 0.0514459929*b)
	m := math.Cbrt(0.2119034982*r + 0.6806995451*g + 0.1073969566*b)
	s := math.Cbrt(0.0883024619*r + 0.2817188376*g + 0.6299787005*b)
	a := 1.9779984951*l - 2.4285922050*m + 0.4505937099*s
	bb := 0.0259040371*l + 0.7827717662*m - 0.8086757660*s
	return tone{
		L: 0.2104542553*l + 0.7936177850*m - 0.0040720468*s,
		C: math.Hypot(a, bb), H: math.Atan2(bb, a),
	}
}

// colour returns the nearest sRGB colour of that lightness and hue, with as
// much of the chroma as exists.
func (t tone) colour() colour {
	t.L = math.Max(0, math.Min(1, t.L))
	lo, hi := 0.0, t.C
	if c, ok := t.exact(); ok {
		return c
	}
	for range 16 {
		mid := (lo + hi) / 2
		t.C = mid
		if _, ok := t.exact(); ok {
			lo = mid
		} else {
			hi = mid
		}
	}
	t.C = lo
	c, _ := t.exact()
	return c
}

func (t tone) exact() (colour, bool) {
	s, k := math.Sincos(t.H)
	a, b := t.C*k, t.C*s
	l := t.L + 0.3963377774*a + 0.2158037573*b
	m := t.L - 0.1055613458*a - 0.0638541728*b
	n := t.L - 0.0894841775*a - 1.2914855480*b
	l, m, n = l*l*l, m*m*m, n*n*n
	r := 4.0767416621*l - 3.3077115913*m + 0.2309699292*n
	g := -1.2684380046*l + 2.6097574011*m - 0.3413193965*n
	bl := -0.0041960863*l - 0.7034186147*m + 1.7076147010*n
	const e = 1e-4
	ok := r > -e && r < 1+e && g > -e && g < 1+e && bl > -e && bl < 1+e
	return colour{gamma(r), gamma(g), gamma(bl)}, ok
}

func (t tone) with(l, c float64) tone { return tone{l, c, t.H} }

// against darkens or lightens t, step by step, until it has the wanted
// contrast to other, and returns the colour.
func (t tone) against(other colour, want float64) colour {
	step := -0.01
	if other.luminance() < 0.18 {
		step = 0.01
	}
	for t.L > 0 && t.L < 1 {
		if c := t.colour(); contrast(c, other) >= want {
			return c
		}
		t.L += step
	}
	if step < 0 {
		return black
	}
	return white
}

// mix blends a part of b into a.
func mix(a, b colour, part float64) colour {
	f := func(x, y uint8) uint8 {
		return uint8(math.Round(float64(x) + (float64(y)-float64(x))*part))
	}
	return colour{f(a.R, b.R), f(a.G, b.G), f(a.B, b.B)}
}
