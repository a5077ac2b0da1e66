package art

import "math"

// point is a place in drawing units, y growing downwards.
type point struct{ X, Y float64 }

// rect is a box; empty when X1 < X0.
type rect struct{ X0, Y0, X1, Y1 float64 }

func (r rect) empty() bool { return r.X1 < r.X0 || r.Y1 < r.Y0 }

func (r rect) union(o rect) rect {
	if r.empty() {
		return o
	}
	if o.empty() {
		return r
	}
	return rect{math.Min(r.X0, o.X0), math.Min(r.Y0, o.Y0), math.Max(r.X1, o.X1), math.Max(r.Y1, o.Y1)}
}

var emptyRect = rect{math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)}

// matrix maps x to A*x + C*y + E and y to B*x + D*y + F.
type matrix struct{ A, B, C, D, E, F float64 }

var identity = matrix{A: 1, D: 1}

func scaleBy(s float64) matrix      { return matrix{A: s, D: s} }
func translate(x, y float64) matrix { return matrix{A: 1, D: 1, E: x, F: y} }
func rotate(radians float64) matrix {
	s, c := math.Sincos(radians)
	return matrix{A: c, B: s, C: -s, D: c}
}

// then returns the map that applies m first and n second.
func (m matrix) then(n matrix) matrix {
	return matrix{
		A: n.A*m.A + n.C*m.B, B: n.B*m.A + n.D*m.B,
		C: n.A*m.C + n.C*m.D, D: n.B*m.C + n.D*m.D,
		E: n.A*m.E + n.C*m.F + n.E, F: n.B*m.E + n.D*m.F + n.F,
	}
}

func (m matrix) apply(p point) point {
	return point{m.A*p.X + m.C*p.Y + m.E, m.B*p.X + m.D*p.Y + m.F}
}

type verb uint8

const (
	moveTo verb = iota // 1 point
	lineTo             // 1
	quadTo             // 2
	cubeTo             // 3
	closed             // 0
)

var verbPoints = [...]int{moveTo: 1, lineTo: 1, quadTo: 2, cubeTo: 3, closed: 0}

// path is a filled outline; what a contour in the other direction encloses
// is cut out (non-zero rule).
type path struct {
	verbs  []verb
	points []point
}

func (p *path) move(x, y float64) { p.add(moveTo, point{x, y}) }
func (p *path) line(x, y float64) { p.add(lineTo, point{x, y}) }
func (p *path) close()            { p.add(closed) }
func (p *path) quad(x1, y1, x, y float64) {
	p.add(quadTo, point{x1, y1}, point{x, y})
}

func (p *path) cube(x1, y1, x2, y2, x, y float64) {
	p.add(cubeTo, point{x1, y1}, point{x2, y2}, point{x, y})
}

func (p *path) add(v verb, points ...point) {
	p.verbs = append(p.verbs, v)
	p.points = append(p.points, points...)
}

// append adds q, moved by m.
func (p *path) append(q *path, m matrix) {
	p.verbs = append(p.verbs, q.verbs...)
	for _, at := range q.points {
		p.points = append(p.points, m.apply(at))
	}
}

func (p *path) transform(m matrix) *path {
	out := &path{}
	out.append(p, m)
	return out
}

func (p *path) empty() bool { return len(p.verbs) == 0 }

// each calls fn with every segment: its verb, where the pen is, its points.
func (p *path) each(fn func(v verb, pen point, points []point)) {
	var pen, start point
	i := 0
	for _, v := range p.verbs {
		n := verbPoints[v]
		pts := p.points[i : i+n]
		fn(v, pen, pts)
		i += n
		switch v {
		case moveTo:
			pen, start = pts[0], pts[0]
		case closed:
			pen = start
		default:
			pen = pts[n-1]
		}
	}
}

// bounds is the box of the control points, which holds the outline.
func (p *path) bounds() rect {
	r := emptyRect
	for _, at := range p.points {
		r = r.union(rect{at.X, at.Y, at.X, at.Y})
	}
	return r
}

// polygons flattens the path; curves become a fixed number of pieces.
func (p *path) polygons() [][]point {
	const pieces = 12
	var all [][]point
	var cur []point
	p.each(func(v verb, pen point, pts []point) {
		switch v {
		case moveTo:
			if len(cur) > 0 {
				all = append(all, cur)
			}
			cur = []point{pts[0]}
		case lineTo:
			cur = append(cur, pts[0])
		case quadTo:
			for k := 1; k <= pieces; k++ {
				t := float64(k) / pieces
				u := 1 - t
				cur = append(cur, point{
					u*u*pen.X + 2*u*t*pts[0].X + t*t*pts[1].X,
					u*u*pen.Y + 2*u*t*pts[0].Y + t*t*pts[1].Y,
				})
			}
		case cubeTo:
			for k := 1; k <= pieces; k++ {
				t := float64(k) / pieces
				u := 1 - t
				a, b, c, d := u*u*u, 3*u*u*t, 3*u*t*t, t*t*t
				cur = append(cur, point{
					a*pen.X + b*pts[0].X + c*pts[1].X + d*pts[2].X,
					a*pen.Y + b*pts[0].Y + c*pts[1].Y + d*pts[2].Y,
				})
			}
		}
	})
	if len(cur) > 0 {
		all = append(all, cur)
	}
	return all
}

// reversed returns the path drawn the other way round, so that it cuts a hole.
func (p *path) reversed() *path {
	out := &path{}
	type segment struct {
		v   verb
		pen point
		pts []point
	}
	var segs []segment
	flush := func() {
		if len(segs) == 0 {
			return
		}
		last := segs[len(segs)-1]
		out.add(moveTo, last.pts[len(last.pts)-1])
		for i := len(segs) - 1; i >= 0; i-- {
			s := segs[i]
			switch s.v {
			case lineTo:
				out.add(lineTo, s.pen)
			case quadTo:
				out.add(quadTo, s.pts[0], s.pen)
			case cubeTo:
				out.add(cubeTo, s.pts[1], s.pts[0], s.pen)
			}
		}
		out.close()
		segs = nil
	}
	p.each(func(v verb, pen point, pts []point) {
		switch v {
		case moveTo:
			flush()
		case closed:
		default:
			segs = append(segs, segment{v, pen, pts})
		}
	})
	flush()
	return out
}

const arcK = 0.5522847498307936 // control distance of a quarter circle

// circle adds a full circle, clockwise.
func (p *path) circle(cx, cy, r float64) {
	k := arcK * r
	p.move(cx+r, cy)
	p.cube(cx+r, cy+k, cx+k, cy+r, cx, cy+r)
	p.cube(cx-k, cy+r, cx-r, cy+k, cx-r, cy)
	p.cube(cx-r, cy-k, cx-k, cy-r, cx, cy-r)
	p.cube(cx+k, cy-r, cx+r, cy-k, cx+r, cy)
	p.close()
}

// ring adds a circle of radius r with one of radius inner cut out.
func (p *path) ring(cx, cy, r, inner float64) {
	p.circle(cx, cy, r)
	hole := &path{}
	hole.circle(cx, cy, inner)
	p.append(hole.reversed(), identity)
}

// polygon adds straight edges through pts.
func (p *path) polygon(pts ...point) {
	for i, at := range pts {
		if i == 0 {
			p.move(at.X, at.Y)
		} else {
			p.line(at.X, at.Y)
		}
	}
	p.close()
}

// pill adds a rectangle with corners of radius r, clockwise.
func (p *path) pill(x0, y0, x1, y1, r float64) {
	c := []corner{{point{x0, y0}, r}, {point{x1, y0}, r}, {point{x1, y1}, r}, {point{x0, y1}, r}}
	p.append(rounded(c, 0), identity)
}

// corner is a vertex of a polygon and the radius of its rounding.
type corner struct {
	point
	R float64
}

// rounded returns the polygon through corners (clockwise on the page), moved
// inwards by inset, with rounded vertices. Roundings shrink with the inset
// where the outline is convex and grow where it is not, so that outlines of
// different insets are parallel.
func rounded(corners []corner, inset float64) *path {
	n := len(corners)
	out := &path{}
	pts := make([]point, n)
	for i := range corners {
		pts[i] = insetVertex(corners[(i+n-1)%n].point, corners[i].point, corners[(i+1)%n].point, inset)
	}
	for i := range corners {
		a, b, c := pts[(i+n-1)%n], pts[i], pts[(i+1)%n]
		ux, uy, la := unit(b, a)
		vx, vy, lc := unit(b, c)
		cos := ux*vx + uy*vy
		half := math.Acos(math.Max(-1, math.Min(1, cos))) / 2
		convex := ux*vy-uy*vx < 0
		r := corners[i].R
		if r > 0 {
			if convex {
				r = math.Max(0, r-inset)
			} else {
				r += inset
			}
		}
		tan := math.Tan(half)
		cut := 0.0
		if tan > 1e-9 {
			cut = math.Min(r/tan, math.Min(la, lc)*0.499)
		}
		if i == 0 {
			out.move(b.X+ux*cut, b.Y+uy*cut)
		} else {
			out.line(b.X+ux*cut, b.Y+uy*cut)
		}
		if cut > 0.01 {
			// A circular arc of the turned angle as one cubic.
			turn := math.Pi - 2*half
			k := 4.0 / 3.0 * math.Tan(turn/4) * cut * tan
			out.cube(b.X+ux*(cut-k), b.Y+uy*(cut-k), b.X+vx*(cut-k), b.Y+vy*(cut-k), b.X+vx*cut, b.Y+vy*cut)
		}
	}
	out.close()
	return out
}

// insetVertex moves b inwards so that both its edges move by d.
func insetVertex(a, b, c point, d float64) point {
	if d == 0 {
		return b
	}
	ux, uy, _ := unit(a, b)
	vx, vy, _ := unit(b, c)
	// Clockwise on a page whose y grows down: inwards is to the right hand.
	nx, ny := -uy, ux
	mx, my := -vy, vx
	det := ux*vy - uy*vx
	if math.Abs(det) < 1e-9 {
		return point{b.X + nx*d, b.Y + ny*d}
	}
	// b + n*d + u*t lies on the second edge moved by d.
	dx, dy := (mx-nx)*d, (my-ny)*d
	t := (dx*vy - dy*vx) / det
	return point{b.X + nx*d + ux*t, b.Y + ny*d + uy*t}
}

func unit(a, b point) (x, y, length float64) {
	x, y = b.X-a.X, b.Y-a.Y
	length = math.Hypot(x, y)
	if length == 0 {
		return 0, 0, 0
	}
	return x / length, y / length, length
}

// polar is the point at distance r from c; 0 points up, angles turn clockwise.
func polar(c point, r, radians float64) point {
	s, k := math.Sincos(radians)
	return point{c.X + r*s, c.Y - r*k}
}
