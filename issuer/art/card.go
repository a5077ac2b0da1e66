package art

import "math"

// Card size in pixels, as link previews want it.
const (
	CardWidth  = 1200
	CardHeight = 630
)

// Card is what a link preview is drawn from: the badge, and beside it who
// earned it.
type Card struct {
	Badge
	Earner      string // the earner's name, any script
	LatinEarner string // drawn in its place when no font has its letters
	Headline    string // small line above the name, such as "Verified credential"; may be empty
	Line        string // small line at the foot, such as "Awarded 5 March 2026"; may be empty
	URL         string // when not empty, its QR code is drawn
}

// Card draws a PNG of [CardWidth] by [CardHeight] pixels, opaque. What
// matters stands in the middle four fifths, since previews cut the margins.
// A URL that is no https or http address is an error.
func (s *Studio) Card(c Card) ([]byte, error) {
	var out []byte
	err := s.use(func(t *typesetter) error {
		d, err := composeCard(t, c)
		if err != nil {
			return err
		}
		out, err = encodePNG(rasterise(d, CardWidth, CardHeight))
		return err
	})
	return out, err
}

func composeCard(t *typesetter, c Card) (*drawing, error) {
	d := &drawing{w: CardWidth, h: CardHeight}
	issuer, ok := parseColour(c.Colour)
	if !ok {
		issuer, _ = parseColour(DefaultColour)
	}
	p := paletteOf(Professional, issuer, c.State.outOfForce())
	cardGround(d, p)
	const badge = 400
	d.place(composeBadge(t, c.Badge, full, false), scaleBy(badge/float64(side)).then(translate(112, (CardHeight-badge)/2)))

	left, wide := 556.0, 530.0
	foot := 540.0
	if c.URL != "" {
		if err := d.qr(c.URL, rect{976, 454, 1088, 566}); err != nil {
			return nil, err
		}
	}
	w := wordsOf(c.Badge)
	room := func(y0, y1, most, least float64, lines int) box {
		return box{x: left, y0: y0, y1: y1, max: most, min: least, lines: lines, align: start, top: true,
			width: func(_, low float64) float64 {
				if c.URL != "" && low > 446 {
					return 400
				}
				return wide
			}}
	}
	y := 92.0
	put := func(bold bool, with colour, b box, gap float64, texts ...string) {
		k := t.fit(t.label(false, texts...), style{bold: bold, language: c.Language}, b)
		if k == nil {
			return
		}
		d.fill(k.path, solid(with))
		y = math.Max(k.ink.Y1, b.y0+0.8*k.size) + gap
	}
	put(false, p.paperSoft(), room(y, y+44, 27, 18, 1), 24, c.Headline)
	put(true, p.paperInk, room(y, y+150, 62, 34, 2), 34, c.Earner, c.LatinEarner)
	bar := &path{}
	bar.pill(left, y-14, left+72, y-8, 3)
	d.fill(bar, solid(p.accent()))
	y += 10
	title := w.title
	if w.level != "" && plain(c.Title) != title {
		title = plain(c.Title)
		if k, rest := splitKicker(title); k != "" {
			title = rest
		}
	}
	put(true, p.paperInk, room(y, 424, 44, 26, 3), 22, title, c.LatinTitle, c.Code)
	put(false, p.paperSoft(), room(math.Max(y, 436), 480, 27, 18, 1), 16, c.Issuer, c.LatinIssuer)
	put(false, p.paperSoft(), room(math.Max(y, 490), foot, 25, 17, 1), 0, c.Line)
	return d, nil
}

// cardGround is light paper with the issuer's colour at its left.
func cardGround(d *drawing, p palette) {
	sheet := &path{}
	sheet.polygon(point{0, 0}, point{CardWidth, 0}, point{CardWidth, CardHeight}, point{0, CardHeight})
	d.fill(sheet, solid(p.paper))
	field := &path{}
	field.polygon(point{0, 0}, point{392, 0}, point{232, CardHeight}, point{0, CardHeight})
	d.fill(field, blend(p.faceA, p.faceB, point{0, 0}, point{0, CardHeight}))
	cut := &path{}
	cut.polygon(point{392, 0}, point{416, 0}, point{256, CardHeight}, point{232, CardHeight})
	d.fill(cut, solid(p.accent()))
	foot := &path{}
	foot.polygon(point{0, CardHeight - 10}, point{CardWidth, CardHeight - 10}, point{CardWidth, CardHeight}, point{0, CardHeight})
	d.fill(foot, solid(p.edge))
}

// accent is the rim's middle tone, for bars and lines on paper.
func (p palette) accent() colour { return mix(p.rimA, p.rimB, 0.6) }

// paperSoft is the tone of small text on paper.
func (p palette) paperSoft() colour {
	return toneOf(mix(p.paperInk, p.paper, 0.3)).against(p.paper, textContrast+0.5)
}

// qr draws the QR code of url into r, on a white field.
func (d *drawing) qr(url string, r rect) error {
	code, n, err := qrPath(url)
	if err != nil {
		return err
	}
	field := &path{}
	field.pill(r.X0, r.Y0, r.X1, r.Y1, (r.X1-r.X0)*0.04)
	d.fill(field, solid(white))
	d.fill(code.transform(scaleBy((r.X1-r.X0)/n).then(translate(r.X0, r.Y0))), solid(black))
	return nil
}
