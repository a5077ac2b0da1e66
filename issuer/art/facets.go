package art

import (
	"hash/fnv"
	"math"
)

// facets returns the part of the face that is a shade darker: cut as a
// stone is, each kind in its own way.
func (c *composer) facets() *path {
	face := c.form.outline(c.frame.face())
	switch c.kind {
	case Fundamentals:
		p := &path{}
		p.ring(centre.X, centre.Y, c.form.radius-c.frame.face(), c.form.radius-c.frame.face()-58)
		return p
	case Associate:
		return sectors(face, 6, 0)
	case Expert:
		return sectors(face, 16, 0)
	case Specialty:
		return sectors(face, 8, math.Pi/8)
	}
	return sectors(face, 2, 0)
}

// sectors cuts every second of n equal slices out of an outline that the
// middle of the badge sees whole.
func sectors(outline *path, n int, turn float64) *path {
	polys := outline.polygons()
	p := &path{}
	if len(polys) != 1 {
		return p
	}
	step := 2 * math.Pi / float64(n)
	for i := 0; i < n; i += 2 {
		a, b := turn+float64(i)*step, turn+float64(i+1)*step
		pts := []point{centre}
		pieces := max(2, int(math.Ceil((b-a)/(math.Pi/40))))
		for k := range pieces + 1 {
			at := a + (b-a)*float64(k)/float64(pieces)
			pts = append(pts, polar(centre, reach(polys[0], at), at))
		}
		p.polygon(pts...)
	}
	return p
}

// reach is how far the outline is from the middle, at an angle.
func reach(poly []point, angle float64) float64 {
	far := polar(centre, 2*side, angle)
	dx, dy := far.X-centre.X, far.Y-centre.Y
	best := 0.0
	for i, a := range poly {
		b := poly[(i+1)%len(poly)]
		ex, ey := b.X-a.X, b.Y-a.Y
		det := dx*ey - dy*ex
		if det == 0 {
			continue
		}
		t := ((a.X-centre.X)*ey - (a.Y-centre.Y)*ex) / det
		u := ((a.X-centre.X)*dy - (a.Y-centre.Y)*dx) / det
		if t > 0 && u >= -1e-9 && u <= 1+1e-9 {
			best = math.Max(best, t*2*side)
		}
	}
	return best
}

// milling is the small beads within the rim of a coin.
func (c *composer) milling() *path {
	p := &path{}
	r := c.form.radius - c.frame.key - c.frame.edge - c.frame.rim/2
	const n = 72
	for i := range n {
		at := polar(centre, r, 2*math.Pi*float64(i)/n)
		p.circle(at.X, at.Y, 5)
	}
	return p
}

// hash is a number that depends on the text alone.
func hash(text string) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(text)) // a hash takes everything
	return h.Sum64()
}
