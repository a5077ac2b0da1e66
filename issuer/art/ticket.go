package art

import "math"

// ticket draws the parts of an exam's badge: its code large above the
// perforation, its title on the paper stub below.
func (c *composer) ticket() {
	p := c.colour
	inset := c.frame.face()
	fold := c.form.notch
	c.d.fill(c.stub(inset), solid(p.paper))
	c.d.fill(c.perforation(inset), solid(p.edge))
	pad := 40.0
	if c.how == small {
		pad = 16
	}
	wide := func(y0, y1 float64) float64 { return c.room.width(y0, y1) - 2*pad }
	top, foot := ticketY0+inset, ticketY1-inset
	code := c.label(c.words.brief)
	title := c.title()
	banded := c.b.State.banded()
	switch {
	case c.how == small:
		c.smallTicket(code, title, box{x: 500, width: wide, lines: 2, whole: true}, top, foot)
		return
	case code.empty():
		c.figure(point{500, (top + fold) / 2}, 120)
	default:
		y0, y1 := top+20, fold-24
		if c.how == full {
			y0 = top + 78
		}
		if banded && c.how == full {
			y1 = fold - 116
		}
		c.text(code, true, box{x: 500, y0: y0, y1: y1, width: wide, max: 300, min: 60, lines: 1}, p.ink)
	}
	if c.how == full {
		c.text(c.label(c.words.kicker, c.b.LatinIssuer), false,
			box{x: 500, y0: top + 26, y1: top + 78, width: wide, max: 40, min: 22, lines: 1}, p.soft)
	}
	if banded {
		if c.how == full && !code.empty() { // the band lies on the stub
			c.text(title, true, box{x: 500, y0: fold - 116, y1: fold - 14, width: wide, max: 50, min: 26, lines: 2}, p.ink)
		}
		return
	}
	if code.empty() || string(title.runes) != string(code.runes) {
		room := box{x: 500, y0: fold + 26, y1: foot - 16, width: wide, max: 74, min: 30, lines: 3}
		if c.how == medium {
			room.max, room.min, room.y0 = 84, 46, fold+28
		}
		c.text(title, true, room, p.paperInk)
	}
}

// smallTicket has the code alone, or a word of the title.
func (c *composer) smallTicket(code, title label, word box, top, foot float64) {
	word.max, word.min = 330, 125
	word.y0, word.y1 = top+8, c.form.notch-12
	texts := []label{code}
	for _, text := range openings(string(title.runes)) {
		texts = append(texts, label{[]rune(text), title.foreign})
	}
	drawn := false
	for _, l := range texts {
		if drawn = c.text(l, true, word, c.colour.ink); drawn {
			break
		}
	}
	if !drawn {
		c.figure(point{500, (top + c.form.notch) / 2}, 150)
	}
	if c.b.State.banded() {
		return
	}
	// The stub of a small ticket has three lines in place of words.
	p := &path{}
	y := (c.form.notch + foot) / 2
	p.pill(250, y-34, 750, y-2, 16)
	p.pill(330, y+30, 670, y+62, 16)
	c.d.fill(p, solid(mix(c.colour.paper, c.colour.paperInk, 0.55)))
}

// stub is the part of the face below the perforation.
func (c *composer) stub(d float64) *path {
	y0, y1 := c.form.notch, ticketY1-d
	x0, x1 := ticketX0+d, ticketX1-d
	r := math.Max(0, ticketCorner-d)
	bite := ticketNotch + d
	reach := math.Sqrt(bite*bite - d*d)
	angle := math.Atan2(reach, d)
	p := &path{}
	p.move(ticketX0+bite, y0)
	p.line(ticketX1-bite, y0)
	p.arc(point{ticketX1, y0}, bite, -math.Pi/2, -math.Pi/2-angle)
	p.line(x1, y1-r)
	p.arc(point{x1 - r, y1 - r}, r, math.Pi/2, math.Pi)
	p.line(x0+r, y1)
	p.arc(point{x0 + r, y1 - r}, r, math.Pi, 3*math.Pi/2)
	p.line(x0, y0+reach)
	p.arc(point{ticketX0, y0}, bite, math.Pi/2+angle, math.Pi/2)
	p.close()
	return p
}

// perforation is the row of holes between the two parts.
func (c *composer) perforation(d float64) *path {
	p := &path{}
	x0, x1 := ticketX0+ticketNotch+d, ticketX1-ticketNotch-d
	n, r := 23, 7.0
	if c.how == small {
		n, r = 11, 13
	}
	for i := range n {
		p.circle(x0+(x1-x0)*(float64(i)+0.5)/float64(n), c.form.notch, r)
	}
	return p
}

// roomFor is the room within a form; a ticket's notches are passed over,
// since no text stands beside them.
func roomFor(k Kind, s silhouette, inset float64) *rooms {
	if k != Exam {
		return roomIn(s, inset)
	}
	r := &rooms{}
	for y := range r.half {
		if fy := float64(y); fy > ticketY0+inset-26 && fy < ticketY1-inset+26 {
			r.half[y] = (ticketX1-ticketX0)/2 - inset
		}
	}
	return r
}
