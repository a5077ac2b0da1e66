package art

// drawing is what is between composing and the three outputs: filled
// outlines in the order in which they cover each other.
type drawing struct {
	w, h float64
	ops  []op
}

// op is one filled outline, or text left to the reader's font.
type op struct {
	path  *path
	paint paint
	text  *readerText // SVG only; other outputs pass over it
	said  *saidText   // PDF only
}

// saidText is what an outline says, for search and copy.
type saidText struct {
	text        string
	visual      string  // the same from left to right
	x, y, width float64 // left end of the line, baseline
	size        float64
}

// paint is one colour, or a blend of two along a line.
type paint struct {
	from, to colour
	a, b     point
	blend    bool
}

// readerText is text that no font of the studio has.
type readerText struct {
	text string
	x, y float64 // middle of the line, baseline
	size float64
	bold bool
	rtl  bool
}

func solid(c colour) paint { return paint{from: c} }

func blend(from, to colour, a, b point) paint {
	if from == to {
		return solid(from)
	}
	return paint{from: from, to: to, a: a, b: b, blend: true}
}

func (d *drawing) fill(p *path, with paint) {
	if p != nil && !p.empty() {
		d.ops = append(d.ops, op{path: p, paint: with})
	}
}

// place draws all of e, moved by m, which keeps right angles.
func (d *drawing) place(e *drawing, m matrix) {
	for _, o := range e.ops {
		if o.path == nil {
			continue
		}
		o.path = o.path.transform(m)
		o.paint.a, o.paint.b = m.apply(o.paint.a), m.apply(o.paint.b)
		d.ops = append(d.ops, o)
	}
}
