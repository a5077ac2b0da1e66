package art

// composition is how much a picture says: the fewer pixels, the fewer and
// larger its parts.
type composition uint8

const (
	small  composition = iota // a mark and one or two words
	medium                    // emblem, title, level
	full                      // all
)

// Up to these sides in pixels a picture is small, or medium. A picture for a
// signature has twice the pixels that it is shown at: 64, 96 and 120 are
// asked for as 128, 192 and 240.
const (
	smallUpTo  = 128
	mediumUpTo = 256
)

func compositionFor(size int) composition {
	switch {
	case size <= smallUpTo:
		return small
	case size <= mediumUpTo:
		return medium
	}
	return full
}

// frame is the widths of the lines around the face.
type frame struct{ key, edge, rim, line float64 }

func (c composition) frame() frame {
	switch c {
	case small:
		return frame{key: 20, edge: 16, rim: 40, line: 12}
	case medium:
		return frame{key: 15, edge: 11, rim: 44, line: 9}
	}
	return frame{key: 12, edge: 9, rim: 44, line: 7}
}

func (f frame) face() float64 { return f.key + f.edge + f.rim + f.line }

// composer holds what the parts of one badge share.
type composer struct {
	t      *typesetter
	d      *drawing
	b      Badge
	words  words
	how    composition
	reader bool // text without a font may be left to the reader
	colour palette
	form   silhouette
	frame  frame
	room   *rooms
	kind   Kind
}

// composeBadge draws b in a square of side by side.
func composeBadge(t *typesetter, b Badge, how composition, reader bool) *drawing {
	issuer, ok := parseColour(b.Colour)
	if !ok {
		issuer, _ = parseColour(DefaultColour)
	}
	c := &composer{
		t: t, d: &drawing{w: side, h: side}, b: b, words: wordsOf(b), how: how, reader: reader,
		kind: knownKind(b.Kind), frame: how.frame(),
	}
	c.colour = paletteOf(c.kind, issuer, b.State.outOfForce())
	c.form = silhouetteOf(c.kind)
	pad := 26.0
	if how == small {
		pad = 18
	}
	c.room = roomFor(c.kind, c.form, c.frame.face()+pad)
	c.body()
	if c.kind == Exam {
		c.ticket()
	} else {
		c.medal()
	}
	c.state()
	return c.d
}

func knownKind(k Kind) Kind {
	switch k {
	case Fundamentals, Associate, Expert, Specialty, Exam:
		return k
	}
	return Professional
}

// body draws the silhouette from outside in, and the face.
func (c *composer) body() {
	f, p := c.frame, c.colour
	light, foot := point{180, 60}, point{820, 940}
	c.d.fill(c.form.outline(0), solid(p.key))
	c.d.fill(c.form.outline(f.key), solid(p.edge))
	c.d.fill(c.form.outline(f.key+f.edge), blend(p.rimA, p.rimB, light, foot))
	c.d.fill(c.form.outline(f.key+f.edge+f.rim), solid(p.edge))
	top, end := point{500, 100}, point{500, 900}
	c.d.fill(c.form.outline(f.face()), blend(p.faceA, p.faceB, top, end))
	if c.kind != Exam {
		c.d.fill(c.facets(), blend(p.dimA, p.dimB, top, end))
	}
	if c.kind == Fundamentals && c.how == full {
		c.d.fill(c.milling(), solid(p.edge))
	}
}

// text fits l into b and draws it; it says whether anything was drawn.
func (c *composer) text(l label, bold bool, b box, with colour) bool {
	k := c.t.fit(l, style{bold: bold, language: c.b.Language}, b)
	if k == nil {
		return false
	}
	c.d.setBlock(k, solid(with), bold)
	return true
}

// setBlock draws a fitted text.
func (d *drawing) setBlock(k *block, with paint, bold bool) {
	d.fill(k.path, with)
	for i := range k.said {
		d.ops = append(d.ops, op{said: &k.said[i]})
	}
	for i := range k.readers {
		r := k.readers[i]
		r.bold = bold
		d.ops = append(d.ops, op{paint: with, text: &r})
	}
}

// label returns a text, or the first of what may stand for it.
func (c *composer) label(texts ...string) label { return c.t.label(c.reader, texts...) }

// title is the text of the title, or what stands for it.
func (c *composer) title() label {
	latin := wordsOf(Badge{Title: c.b.LatinTitle, Level: c.b.Level, Code: c.b.Code}).title
	return c.label(c.words.title, latin, c.words.code)
}

// boxIn is a box around the middle line with the room of the form.
func (c *composer) boxIn(y0, y1, most, least float64, lines int) box {
	return box{x: centre.X, y0: y0, y1: y1, width: c.room.width, max: most, min: least, lines: lines}
}
