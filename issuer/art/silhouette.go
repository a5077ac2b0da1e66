package art

import "math"

// side is the width and height of a badge drawing.
const side = 1000

var centre = point{side / 2, side / 2}

// silhouette is the outer form of a kind; outlines of growing insets are
// parallel to it.
type silhouette struct {
	corners []corner
	radius  float64 // a circle when not 0
	notch   float64 // a ticket when not 0: height of the notches at its sides
}

func silhouetteOf(k Kind) silhouette {
	switch k {
	case Fundamentals:
		return silhouette{radius: 494}
	case Associate:
		s := silhouette{}
		for i := range 6 {
			s.corners = append(s.corners, corner{polar(centre, 505, float64(i)*math.Pi/3), 72})
		}
		return s
	case Expert:
		s := silhouette{}
		for i := range 16 {
			r, round := 500.0, 20.0
			if i%2 == 1 {
				r, round = 412, 26
			}
			s.corners = append(s.corners, corner{polar(centre, r, float64(i)*math.Pi/8), round})
		}
		return s
	case Specialty:
		const reach, cut = 592, 494
		const half = reach - cut
		s := silhouette{}
		for _, p := range []point{
			{-half, -cut},
			{half, -cut},
			{cut, -half},
			{cut, half},
			{half, cut},
			{-half, cut},
			{-cut, half},
			{-cut, -half},
		} {
			s.corners = append(s.corners, corner{point{centre.X + p.X, centre.Y + p.Y}, 34})
		}
		return s
	case Exam:
		return silhouette{notch: 585}
	default:
		return silhouette{corners: []corner{
			{point{78, 10}, 78},
			{point{922, 10}, 78},
			{point{922, 690}, 190},
			{point{500, 1008}, 80},
			{point{78, 690}, 190},
		}}
	}
}

// Measures of the ticket.
const (
	ticketX0, ticketX1 = 6, 994
	ticketY0, ticketY1 = 138, 862
	ticketCorner       = 64
	ticketNotch        = 58
)

func (s silhouette) outline(inset float64) *path {
	switch {
	case s.radius > 0:
		p := &path{}
		p.circle(centre.X, centre.Y, s.radius-inset)
		return p
	case s.notch > 0:
		return s.ticket(inset)
	}
	return rounded(s.corners, inset)
}

// ticket is a rectangle with a bite out of either side.
func (s silhouette) ticket(d float64) *path {
	x0, x1, y0, y1 := ticketX0+d, ticketX1-d, ticketY0+d, ticketY1-d
	r := math.Max(0, ticketCorner-d)
	bite := ticketNotch + d
	reach := math.Sqrt(bite*bite - d*d)
	angle := math.Atan2(reach, d)
	p := &path{}
	p.move(x0+r, y0)
	p.line(x1-r, y0)
	p.arc(point{x1 - r, y0 + r}, r, 0, math.Pi/2)
	p.line(x1, s.notch-reach)
	p.arc(point{ticketX1, s.notch}, bite, -math.Pi/2+angle, -math.Pi/2-angle)
	p.line(x1, y1-r)
	p.arc(point{x1 - r, y1 - r}, r, math.Pi/2, math.Pi)
	p.line(x0+r, y1)
	p.arc(point{x0 + r, y1 - r}, r, math.Pi, 3*math.Pi/2)
	p.line(x0, s.notch+reach)
	p.arc(point{ticketX0, s.notch}, bite, math.Pi/2+angle, math.Pi/2-angle)
	p.line(x0, y0+r)
	p.arc(point{x0 + r, y0 + r}, r, 3*math.Pi/2, 2*math.Pi)
	p.close()
	return p
}

// arc goes on from the pen, which stands at angle from (see polar), to the
// angle to, around c.
func (p *path) arc(c point, r, from, to float64) {
	if r <= 0 {
		return
	}
	n := int(math.Ceil(math.Abs(to-from)/(math.Pi/2) - 1e-9))
	step := (to - from) / float64(n)
	k := 4.0 / 3.0 * math.Tan(step/4) * r
	for i := range n {
		a, b := from+float64(i)*step, from+float64(i+1)*step
		s, e := polar(c, r, a), polar(c, r, b)
		p.cube(s.X+k*math.Cos(a), s.Y+k*math.Sin(a), e.X-k*math.Cos(b), e.Y-k*math.Sin(b), e.X, e.Y)
	}
}

// rooms tells how wide an outline is, line by line, around the middle.
type rooms struct{ half [side + 1]float64 }

// roomIn measures the outline of a silhouette at an inset.
func roomIn(s silhouette, inset float64) *rooms {
	r := &rooms{}
	polys := s.outline(inset).polygons()
	for y := range r.half {
		fy := float64(y) + 0.25
		left, right := math.Inf(-1), math.Inf(1)
		inside := false
		for _, poly := range polys {
			for i, a := range poly {
				b := poly[(i+1)%len(poly)]
				if (a.Y <= fy) == (b.Y <= fy) {
					continue
				}
				x := a.X + (fy-a.Y)/(b.Y-a.Y)*(b.X-a.X) - centre.X
				if x > 0 {
					right = math.Min(right, x)
				} else {
					left = math.Max(left, x)
				}
				inside = true
			}
		}
		if inside && !math.IsInf(left, 0) && !math.IsInf(right, 0) {
			r.half[y] = math.Min(-left, right)
		}
	}
	return r
}

// width is the room of the narrowest line between two heights.
func (r *rooms) width(y0, y1 float64) float64 {
	from, to := int(math.Floor(y0)), int(math.Ceil(y1))
	if from < 0 || to > side {
		return 0
	}
	least := math.Inf(1)
	for y := from; y <= to; y += 3 {
		least = math.Min(least, r.half[y])
	}
	return 2 * math.Min(least, r.half[to])
}
