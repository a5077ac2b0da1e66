package art

import (
	"math"
)

// emblem draws the figure that tells one achievement from another of its
// kind, and is the same wherever its seed is. Radius 1 around the origin. No
// figure is a star of six points, which is a sign of faith.
func emblem(seed string) *path {
	n := hash(seed)
	n ^= n >> 29
	take := func(of uint64) int {
		v := n % of
		n /= of
		return int(v)
	}
	arms := []int{5, 6, 7, 8}[take(4)]
	p := &path{}
	switch take(6) {
	case 0:
		petals(p, arms, 0.34, 1)
	case 1:
		beads(p, arms)
	case 2:
		starburst(p, arms)
	case 3:
		orbit(p, arms)
	case 4:
		arrows(p, arms)
	default:
		weave(p, arms)
	}
	switch take(3) {
	case 0:
		p.circle(0, 0, 0.17)
	case 1:
		p.ring(0, 0, 0.22, 0.11)
	default:
		gem(p, arms, 0.21)
	}
	return p
}

// petals are leaves that point outwards.
func petals(p *path, n int, inner, outer float64) {
	half := math.Pi / float64(n) * 0.78
	mid := (inner + outer) / 2
	for i := range n {
		a := 2 * math.Pi * float64(i) / float64(n)
		from, to := polar(point{}, inner, a), polar(point{}, outer, a)
		l, r := polar(point{}, mid*1.12, a-half), polar(point{}, mid*1.12, a+half)
		p.move(from.X, from.Y)
		p.quad(l.X, l.Y, to.X, to.Y)
		p.quad(r.X, r.Y, from.X, from.Y)
		p.close()
	}
}

// beads are discs in a ring.
func beads(p *path, n int) {
	r := math.Min(0.25, 0.68*math.Sin(math.Pi/float64(n))*0.84)
	for i := range n {
		c := polar(point{}, 1-r, 2*math.Pi*float64(i)/float64(n))
		p.circle(c.X, c.Y, r)
	}
}

// starburst is a star with its middle cut out.
func starburst(p *path, n int) {
	if n == 6 {
		n = 9
	}
	var pts []point
	for i := range 2 * n {
		r := 1.0
		if i%2 == 1 {
			r = 0.62
		}
		pts = append(pts, polar(point{}, r, math.Pi*float64(i)/float64(n)))
	}
	p.polygon(pts...)
	hole := &path{}
	hole.circle(0, 0, 0.40)
	p.append(hole.reversed(), identity)
}

// orbit is a ring broken into arcs, with a bead in each gap.
func orbit(p *path, n int) {
	step := 2 * math.Pi / float64(n)
	for i := range n {
		a, b := float64(i)*step+step*0.22, float64(i+1)*step-step*0.22
		s := polar(point{}, 0.94, a)
		p.move(s.X, s.Y)
		p.arc(point{}, 0.94, a, b)
		e := polar(point{}, 0.66, b)
		p.line(e.X, e.Y)
		p.arc(point{}, 0.66, b, a)
		p.close()
		c := polar(point{}, 0.8, float64(i)*step)
		p.circle(c.X, c.Y, 0.115)
	}
}

// arrows are chevrons that point outwards.
func arrows(p *path, n int) {
	half := math.Pi / float64(n) * 0.8
	for i := range n {
		a := 2 * math.Pi * float64(i) / float64(n)
		p.polygon(polar(point{}, 1, a), polar(point{}, 0.66, a+half), polar(point{}, 0.42, a+half),
			polar(point{}, 0.70, a), polar(point{}, 0.42, a-half), polar(point{}, 0.66, a-half))
	}
}

// weave is two polygon rings, one turned.
func weave(p *path, n int) {
	sides := 5 + n%3
	for turn := range 2 {
		var outer, inner []point
		for i := range sides {
			a := 2*math.Pi*float64(i)/float64(sides) + float64(turn)*math.Pi/float64(sides)
			outer = append(outer, polar(point{}, 1, a))
			inner = append([]point{polar(point{}, 0.74, a)}, inner...)
		}
		p.polygon(outer...)
		p.polygon(inner...)
	}
}

// gem is a small polygon.
func gem(p *path, n int, r float64) {
	var pts []point
	for i := range n {
		pts = append(pts, polar(point{}, r, 2*math.Pi*float64(i)/float64(n)))
	}
	p.polygon(pts...)
}

// levelMarks draws the rank: one, two or three chevrons, a spark for a
// specialty, a bar of three beads otherwise. It fits height 1 around the
// origin and up to 2.4 in width.
func levelMarks(k Kind) *path {
	p := &path{}
	chevron := func(x float64) {
		p.polygon(point{x - 0.48, 0.42}, point{x, -0.12}, point{x + 0.48, 0.42},
			point{x + 0.48, 0.06}, point{x, -0.48}, point{x - 0.48, 0.06})
	}
	switch k {
	case Fundamentals:
		chevron(0)
	case Associate:
		chevron(-0.6)
		chevron(0.6)
	case Expert:
		chevron(-1.2)
		chevron(0)
		chevron(1.2)
	case Specialty:
		p.move(0, -0.55)
		p.quad(0.09, -0.09, 0.55, 0)
		p.quad(0.09, 0.09, 0, 0.55)
		p.quad(-0.09, 0.09, -0.55, 0)
		p.quad(-0.09, -0.09, 0, -0.55)
		p.close()
	case Exam:
	default:
		for _, x := range []float64{-0.8, 0, 0.8} {
			p.circle(x, 0, 0.26)
		}
	}
	return p
}
