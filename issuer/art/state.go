package art

import "math"

// outOfForce says whether the body is drawn grey.
func (s State) outOfForce() bool {
	return s == Expired || s == Revoked || s == Suspended
}

// banded says whether the state's own form covers the foot of the badge.
func (s State) banded() bool { return s.outOfForce() || s == ExpiresSoon }

// Colours of the states. Each stands with its light line on anything.
var (
	inkAmber   = colour{0xff, 0xb7, 0x03}
	inkNight   = colour{0x1f, 0x1b, 0x10}
	inkAsh     = colour{0x3b, 0x40, 0x48}
	inkCrimson = colour{0xb0, 0x12, 0x2b}
	inkIndigo  = colour{0x3d, 0x2f, 0x7d}
	inkMist    = colour{0xf4, 0xf1, 0xff}
)

// icon is the state's sign, radius 1 around the origin; nil for none.
func (s State) icon() *path {
	p := &path{}
	switch s {
	case ExpiresSoon:
		p.ring(0, 0, 1, 0.76)
		p.pill(-0.12, -0.58, 0.12, 0.12, 0.1)
		hand := &path{}
		hand.pill(-0.12, -0.12, 0.56, 0.12, 0.1)
		p.append(hand, rotate(math.Pi/5))
	case Expired:
		p.pill(-0.72, -1, 0.72, -0.76, 0.1)
		p.pill(-0.72, 0.76, 0.72, 1, 0.1)
		p.move(-0.54, -0.76)
		p.line(0.54, -0.76)
		p.cube(0.54, -0.3, 0.13, -0.2, 0.13, 0)
		p.cube(0.13, 0.2, 0.54, 0.3, 0.54, 0.76)
		p.line(-0.54, 0.76)
		p.cube(-0.54, 0.3, -0.13, 0.2, -0.13, 0)
		p.cube(-0.13, -0.2, -0.54, -0.3, -0.54, -0.76)
		p.close()
		hole := &path{}
		hole.move(-0.3, -0.6)
		hole.line(0.3, -0.6)
		hole.quad(0.22, -0.38, 0.1, -0.26)
		hole.line(-0.1, -0.26)
		hole.quad(-0.22, -0.38, -0.3, -0.6)
		hole.close()
		p.append(hole.reversed(), identity)
	case Suspended:
		p.pill(-0.72, -0.9, -0.2, 0.9, 0.12)
		p.pill(0.2, -0.9, 0.72, 0.9, 0.12)
	case Revoked:
		bar := &path{}
		bar.pill(-1.05, -0.24, 1.05, 0.24, 0.1)
		p.append(bar, rotate(math.Pi/4))
		p.append(bar, rotate(-math.Pi/4))
	default:
		return nil
	}
	return p
}

// state draws the state's form over the badge.
func (c *composer) state() {
	s := c.b.State
	y := c.bandHeight()
	switch {
	case s == Revoked && c.how == small:
		c.cross()
	case s == Revoked:
		c.band(tilted, y, inkCrimson, white)
	case s == Expired:
		c.band(swallowtail, y, inkAsh, white)
	case s == Suspended:
		c.band(barrier, y, inkMist, inkIndigo)
	case s == ExpiresSoon && c.how == small:
		c.seal()
	case s == ExpiresSoon:
		c.band(capsule, y, inkAmber, inkNight)
	}
}

// bandHeight returns the middle and half the height of the band.
func (c *composer) bandHeight() [2]float64 {
	y := [2]float64{698, 68}
	switch {
	case c.kind == Exam && c.how == small:
		return [2]float64{700, 112}
	case c.kind == Exam:
		return [2]float64{716, 78}
	case c.how == small:
		y = [2]float64{650, 118}
	case c.how == medium:
		y = [2]float64{700, 80}
	}
	if c.kind == Professional {
		y[0] -= 20
	}
	return y
}

// bandTop is where the band begins, at the edge of the title.
func (c *composer) bandTop() float64 {
	y := c.bandHeight()
	if c.b.State == Revoked {
		return y[0] - y[1] - 330*math.Tan(tilt)
	}
	return y[0] - y[1]
}

// tilt is the angle at which a revoked badge is struck through.
const tilt = 0.15

// bandForm is the outline of a band: which one tells the state even where
// neither word nor colour can be seen.
type bandForm uint8

const (
	swallowtail bandForm = iota // expired: a ribbon with cut ends
	tilted                      // revoked: struck through aslant
	barrier                     // suspended: a bar with square, striped ends
	capsule                     // expires soon: within the badge, with round ends
)

// band draws the band with the state's icon and word.
func (c *composer) band(form bandForm, y [2]float64, ground, ink colour) {
	mid, half := y[0], y[1]
	const x0, x1 = 14.0, 986.0
	turn := identity
	key := c.frame.key * 0.9
	outline := func(grow float64) *path {
		p := &path{}
		a, b, top, foot := x0-grow, x1+grow, mid-half-grow, mid+half+grow
		switch form {
		case swallowtail:
			bite := 62 - grow*0.9
			p.polygon(point{a, top}, point{b, top}, point{b - bite, mid}, point{b, foot}, point{a, foot}, point{a + bite, mid})
		case capsule:
			const w = capsuleHalf
			p.pill(500-w-grow, top, 500+w+grow, foot, half+grow)
		case tilted:
			p.polygon(point{a - 20, top}, point{b + 20, top}, point{b + 20, foot}, point{a - 20, foot})
		default:
			p.pill(a, top, b, foot, 6)
		}
		return p.transform(turn)
	}
	if form == tilted {
		turn = translate(-500, -mid).then(scaleBy(0.985)).then(rotate(-tilt)).then(translate(500, mid))
	}
	c.d.fill(outline(0), solid(white))
	if form == barrier { // the one light band, with a dark line around
		c.d.fill(outline(-key), solid(ink))
		key += c.frame.edge
	}
	c.d.fill(outline(-key), solid(ground))
	if form == barrier {
		c.d.fill(stripes(x0+key, x1-key, mid-half+key, mid+half-key), solid(ink))
	}
	c.bandText(form, y, c.frame.key*0.9, ink, turn)
}

// capsuleHalf is half the width of the capsule.
const capsuleHalf = 345

// stripes are the slanted bars at both ends of a barrier.
func stripes(x0, x1, y0, y1 float64) *path {
	p := &path{}
	h := (y1 - y0) * 0.5
	for i := range 2 {
		d := 6 + float64(i)*62
		for _, flip := range []bool{false, true} {
			pts := []point{{x0 + d + h, y0}, {x0 + d + h + 30, y0}, {x0 + d + 30, y1}, {x0 + d, y1}}
			if flip {
				for k := range pts {
					pts[k].X = x0 + x1 - pts[k].X
				}
				pts[0], pts[1], pts[2], pts[3] = pts[3], pts[2], pts[1], pts[0]
			}
			p.polygon(pts...)
		}
	}
	return p
}

// bandText sets icon and word side by side, or the icon alone.
func (c *composer) bandText(form bandForm, y [2]float64, key float64, ink colour, turn matrix) {
	mid, half := y[0], y[1]-key
	icon := c.b.State.icon()
	r := half * 0.56
	wide := 640.0
	switch form {
	case capsule:
		wide = 2*capsuleHalf - half*1.1
	case swallowtail:
		wide = 760
	}
	var k *block
	gap := half * 0.5
	if word := c.label(c.b.StateText); !word.empty() && c.how != small {
		room := box{
			x: 0, y0: mid - half, y1: mid + half, max: half * 1.12, min: half * 0.42, lines: 1, align: start,
			width: func(float64, float64) float64 { return wide - 2*r - gap },
		}
		k = c.t.fit(word, style{bold: true, language: c.b.Language}, room)
	}
	if k == nil {
		if c.how == small {
			r = half * 0.68
		}
		c.d.fill(icon.transform(scaleBy(r).then(translate(500, mid)).then(turn)), solid(ink))
		return
	}
	length := k.width()
	left := 500 - (2*r+gap+length)/2
	c.d.fill(icon.transform(scaleBy(r).then(translate(left+r, mid)).then(turn)), solid(ink))
	k.shift(translate(left+2*r+gap, 0).then(turn))
	c.d.setBlock(k, solid(ink), true)
}

// cross strikes a small badge out from corner to corner.
func (c *composer) cross() {
	x := func(half, reach float64) *path {
		p, bar := &path{}, &path{}
		bar.pill(-reach, -half, reach, half, 8)
		p.append(bar, rotate(math.Pi/4).then(translate(500, 500)))
		p.append(bar, rotate(-math.Pi/4).then(translate(500, 500)))
		return p
	}
	c.d.fill(x(88, 640), solid(white))
	c.d.fill(x(64, 616), solid(inkCrimson))
}

// seal is the clock on a small badge that expires soon.
func (c *composer) seal() {
	at := point{770, 770}
	for _, ring := range []struct {
		r float64
		c colour
	}{{226, white}, {204, inkNight}, {188, inkAmber}} {
		p := &path{}
		p.circle(at.X, at.Y, ring.r)
		c.d.fill(p, solid(ring.c))
	}
	c.d.fill(c.b.State.icon().transform(scaleBy(126).then(translate(at.X, at.Y))), solid(inkNight))
}
