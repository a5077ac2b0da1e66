package art

import (
	"cmp"
	"math"
)

// stack is where the parts of a medal stand, from top to foot.
type stack struct {
	emblemY, emblemR float64
	kicker           [2]float64
	title            [2]float64
	plate            [2]float64
	issuer           [2]float64
}

// stackOf returns the places for a kind and composition. The foot stays
// empty: most forms are narrow there.
func stackOf(k Kind, how composition) stack {
	drop := 0.0
	switch k {
	case Specialty, Expert:
		drop = 12 // their tops are narrow too
	case Professional:
		drop = -18
	}
	s := stack{
		emblemY: 190, emblemR: 86, kicker: [2]float64{300, 346}, title: [2]float64{358, 606},
		plate: [2]float64{626, 704}, issuer: [2]float64{726, 770},
	}
	if how == medium {
		s = stack{emblemY: 202, emblemR: 96, title: [2]float64{318, 604}, plate: [2]float64{624, 726}}
	}
	s.emblemY += drop
	switch k {
	case Professional:
		s.emblemY += 12
	case Expert:
		s.emblemR *= 0.88
		s.emblemY += 10
	}
	for _, zone := range []*[2]float64{&s.kicker, &s.title, &s.plate, &s.issuer} {
		zone[0] += drop
		zone[1] += drop
	}
	return s
}

// medal draws the parts of every kind but the ticket.
func (c *composer) medal() {
	if c.how == small {
		c.smallMedal()
		return
	}
	s := stackOf(c.kind, c.how)
	banded := c.b.State.banded()
	c.figure(point{500, s.emblemY}, s.emblemR)
	title := s.title
	if c.how == full {
		kicker := c.label(c.words.kicker, c.b.LatinIssuer)
		if !c.text(kicker, false, c.boxIn(s.kicker[0], s.kicker[1], 40, 22, 1), c.colour.soft) {
			title[0] = s.kicker[0]
		}
	}
	level := c.label(c.words.level)
	switch {
	case banded:
		title[1] = c.bandTop() - 16
	case level.empty():
		title[1] = s.plate[1] - 10
	}
	most, least := 128.0, 40.0
	if c.how == medium {
		most, least = 140, 58
	}
	room := c.boxIn(title[0], title[1], most, least, 4)
	drawn := false
	if c.how == medium {
		// Rather the whole title small than part of it large, down to a
		// size that is no longer read.
		room.min, room.whole, room.lines = 44, true, 5
		drawn = c.text(c.title(), true, room, c.colour.ink)
		room.min, room.whole, room.lines = least, false, 4
	}
	if !drawn {
		c.text(c.title(), true, room, c.colour.ink)
	}
	if banded {
		return
	}
	if !level.empty() {
		c.plate(level, s.plate)
	}
	if c.how == full {
		foot := c.boxIn(s.issuer[0], s.issuer[1]+24, 36, 20, 2)
		foot.top = true
		c.text(c.label(c.words.issuer, c.b.LatinIssuer), false, foot, c.colour.soft)
	}
}

// plate draws the level marks and the level on a light bar as wide as they
// need.
func (c *composer) plate(level label, y [2]float64) {
	h := y[1] - y[0]
	wide := c.room.width(y[0], y[1])
	r := h * 0.40
	marks := levelMarks(c.kind)
	ink := marks.bounds()
	lead := (ink.X1-ink.X0)*r + h*0.28
	if ink.empty() {
		lead = 0
	}
	text := box{
		x: 0, y0: y[0], y1: y[1], max: h * 0.56, min: h * 0.36, lines: 1, align: start,
		width: func(float64, float64) float64 { return wide - h*0.9 - lead },
	}
	text.whole = true
	k := c.t.fit(level, style{bold: true, language: c.b.Language}, text)
	if k == nil { // rather the whole word than the marks
		marks, lead, text.whole = &path{}, 0, false
		k = c.t.fit(level, style{bold: true, language: c.b.Language}, text)
	}
	if k == nil {
		return
	}
	length := lead + k.width()
	half := math.Min(math.Max(wide*0.30, length/2+h*0.45), wide/2)
	p := &path{}
	p.pill(500-half, y[0], 500+half, y[1], h/2)
	c.d.fill(p, solid(c.colour.plate))
	left := 500 - length/2
	c.d.fill(marks.transform(scaleBy(r).then(translate(left-ink.X0*r, (y[0]+y[1])/2))), solid(c.colour.plateInk))
	k.shift(translate(left+lead, 0))
	c.d.setBlock(k, solid(c.colour.plateInk), true)
}

// figure draws the emblem, or in its place what a state says.
func (c *composer) figure(at point, r float64) {
	if icon := c.b.State.icon(); icon != nil && c.b.State.outOfForce() {
		ring := &path{}
		ring.ring(0, 0, 1, 0.84)
		ring.append(icon, scaleBy(0.56))
		c.d.fill(ring.transform(scaleBy(r).then(translate(at.X, at.Y))), solid(c.colour.mark))
		return
	}
	c.d.fill(emblem(cmp.Or(c.b.Figure, c.words.code, c.words.title)).transform(scaleBy(r).then(translate(at.X, at.Y))), solid(c.colour.mark))
}

func (c *composer) marks(at point, r float64) {
	m := levelMarks(c.kind)
	b := m.bounds()
	for range 30 {
		if (b.X1-b.X0)*r <= c.room.width(at.Y+b.Y0*r, at.Y+b.Y1*r)*0.86 {
			break
		}
		r *= 0.95
	}
	c.d.fill(m.transform(scaleBy(r).then(translate(at.X, at.Y))), solid(c.colour.mark))
}

// smallMedal has a large figure, a word or two where they can be read, and
// the level marks.
func (c *composer) smallMedal() {
	lift := 0.0
	switch c.kind {
	case Professional:
		lift = -30
	case Specialty, Expert:
		lift = 10
	}
	word := c.boxIn(420+lift, 632+lift, 215, 118, 2)
	word.whole = true
	if c.b.State.banded() {
		word.y0, word.y1 = 296+lift, 506+lift
	}
	var k *block
	for _, text := range c.smallWords() {
		if k = c.t.fit(c.label(text), style{bold: true, language: c.b.Language}, word); k != nil {
			break
		}
	}
	if k != nil {
		c.d.setBlock(k, solid(c.colour.ink), true)
	}
	if c.b.State.banded() {
		if k == nil {
			c.figure(point{500, 370 + lift}, 165)
		}
		return
	}
	if k == nil {
		c.figure(point{500, 400 + lift}, 225)
		c.marks(point{500, 720 + lift}, 112)
		return
	}
	c.figure(point{500, 272 + lift}, 138)
	c.marks(point{500, 716 + lift}, 118)
}

func (c *composer) smallWords() []string {
	var out []string
	if c.words.brief != "" {
		out = append(out, c.words.brief)
	}
	if title := c.title(); !title.empty() {
		out = append(out, openings(string(title.runes))...)
	}
	return out
}
