package art

import "math"

// Contrast that the palette keeps, whatever colour the issuer has.
const (
	textContrast = 4.5 // WCAG 2.2, 1.4.3
	formContrast = 3.0 // WCAG 2.2, 1.4.11
)

// palette is every tone of one badge.
type palette struct {
	key          colour // light line around everything: shows the form on black
	edge         colour // dark line within: shows the form on white
	rimA, rimB   colour // the rim, lit from above left
	faceA, faceB colour // the face, top and foot
	dimA, dimB   colour // the face's other facets
	ink          colour // the title, on the face
	soft         colour // small text, on the face
	mark         colour // emblem and level marks, on the face
	plate        colour // plate of the level line
	plateInk     colour
	paper        colour // light ground of the ticket's stub
	paperInk     colour
	accent       colour // bars and lines on paper
}

// gold is the rim of an expert's badge.
var gold = tone{L: 0.80, C: 0.135, H: 85 * math.Pi / 180}

// paletteOf mixes the tones of a kind from the issuer's colour. A badge out
// of force is grey throughout.
func paletteOf(k Kind, issuer colour, grey bool) palette {
	base := toneOf(issuer)
	rim, mark := rimTones(k, base)
	if grey {
		base = tone{L: 0.86}
		rim = tone{L: 0.74}
	}
	p := palette{key: white, paper: base.with(0.97, math.Min(base.C, 0.012)).colour()}
	p.edge = base.with(0.25, math.Min(base.C*0.7, 0.08)).against(white, 10)
	p.rimA = rim.with(math.Min(rim.L+0.12, 0.97), rim.C*0.7).colour()
	p.rimB = rim.with(rim.L-0.16, rim.C).colour()
	p.paperInk = base.with(0.30, math.Min(base.C, 0.09)).against(p.paper, 9)
	p.accent = base.with(0.64, base.C).against(white, formContrast)
	if base.L > 0.80 {
		p.light(base)
		return p
	}
	top := base.with(math.Max(0.36, math.Min(base.L, 0.56)), base.C)
	p.faceA = top.against(white, 5.4)
	top = toneOf(p.faceA)
	const depth = 0.13
	p.faceB = top.with(math.Max(0.20, top.L-depth), top.C*0.95).colour()
	p.dimA = top.with(top.L-0.028, top.C).colour()
	p.dimB = top.with(math.Max(0.18, top.L-depth-0.028), top.C*0.95).colour()
	p.ink = white
	p.soft = top.with(0.93, math.Min(base.C, 0.035)).against(p.faceA, textContrast)
	p.mark = mark.against(p.faceA, formContrast+0.6)
	p.plate = base.with(0.96, math.Min(base.C, 0.02)).colour()
	p.plateInk = base.with(0.32, math.Min(base.C, 0.1)).against(p.plate, 8)
	return p
}

// light mixes the tones for an issuer whose colour is too bright to carry
// white: its own face, dark ink.
func (p *palette) light(base tone) {
	p.faceA = base.with(math.Min(base.L+0.03, 0.95), base.C*0.9).colour()
	p.faceB = base.with(base.L-0.05, base.C).colour()
	p.dimA = base.with(math.Min(base.L+0.03, 0.95)-0.022, base.C*0.9).colour()
	p.dimB = base.with(base.L-0.072, base.C).colour()
	dark := base.with(0.28, math.Min(base.C, 0.07))
	p.ink = dark.against(p.dimB, 8)
	p.soft = base.with(0.38, math.Min(base.C, 0.08)).against(p.dimB, textContrast+0.5)
	p.mark = base.with(0.42, math.Min(base.C, 0.11)).against(p.dimB, textContrast)
	p.rimA = base.with(0.66, base.C).colour()
	p.rimB = base.with(0.42, math.Min(base.C, 0.1)).colour()
	p.plate = dark.with(0.30, math.Min(base.C, 0.06)).colour()
	p.plateInk = base.with(0.96, math.Min(base.C, 0.05)).against(p.plate, 8)
}

// rimTones give each kind a metal: the rim and the marks on the face.
func rimTones(k Kind, base tone) (rim, mark tone) {
	c := math.Min(base.C, 0.12)
	switch k {
	case Fundamentals:
		return base.with(0.84, c*0.28), base.with(0.92, c*0.4)
	case Associate:
		return base.with(0.70, c), base.with(0.88, c*0.8)
	case Expert:
		return gold, gold.with(0.88, 0.12)
	case Specialty:
		other := tone{H: base.H + 0.9}
		return other.with(0.76, math.Max(0.09, c)*sign(base.C)), other.with(0.90, 0.08*sign(base.C))
	}
	return base.with(0.66, c*0.5), base.with(0.91, c*0.5)
}

// sign is 0 for greys, so that they stay grey, and 1 otherwise.
func sign(chroma float64) float64 {
	if chroma < 0.015 {
		return 0
	}
	return 1
}
