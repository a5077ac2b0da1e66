package art

import (
	"math"
	"strings"
)

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
		out, err = writePNG(rasterise(d, CardWidth, CardHeight))
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
	d.place(composeBadge(t, c.Badge, full, false), scaleBy(badge/float64(side)).then(translate(122, (CardHeight-badge)/2)))

	if c.URL != "" {
		if err := d.qr(c.URL, rect{964, 450, 1076, 562}); err != nil {
			return nil, err
		}
	}
	col := column{t: t, d: d, language: c.Language, x: 560, wide: 516, y: 92, align: start}
	if c.URL != "" {
		col.beside, col.narrow = 446, 384
	}
	col.put(27, 18, 1, 44, 24, false, p.paperSoft(), c.Headline)
	col.name(62, 30, 150, 34, p.paperInk, c.Earner, c.LatinEarner)
	bar := &path{}
	bar.pill(col.x, col.y-14, col.x+72, col.y-8, 3)
	if rtlLanguage(c.Language) {
		bar = bar.transform(translate(col.wide-72, 0))
	}
	d.fill(bar, solid(p.accent))
	col.y += 10
	col.put(44, 26, 3, 424-col.y, 22, true, p.paperInk, headTitle(c.Badge), c.LatinTitle, c.Code)
	col.y = math.Max(col.y, 430)
	col.put(27, 18, 2, 52, 16, false, p.paperSoft(), c.Issuer, c.LatinIssuer)
	col.y = math.Max(col.y, 492)
	col.put(25, 17, 1, 48, 0, false, p.paperSoft(), c.Line)
	return d, nil
}

// headTitle is the title with its level, without what stands before a colon.
func headTitle(b Badge) string {
	title := plain(b.Title)
	if k, rest := splitKicker(title); k != "" {
		return rest
	}
	return title
}

// column sets texts one below the other.
type column struct {
	t              *typesetter
	d              *drawing
	language       string
	x, wide        float64
	beside, narrow float64 // from this height on the lines are narrow; 0 for never
	y              float64
	align          align
}

// put sets the first of texts that can be drawn and moves on.
func (c *column) put(most, least float64, lines int, height, gap float64, bold bool, with colour, texts ...string) *block {
	b := box{
		x: c.x, y0: c.y, y1: c.y + height, max: most, min: least, lines: lines, align: c.align, top: true, calm: 0.8,
		width: func(_, low float64) float64 {
			if c.beside > 0 && low > c.beside {
				return c.narrow
			}
			return c.wide
		},
	}
	if c.align == start && rtlLanguage(c.language) {
		b.x, b.align = c.x+c.wide, end
	}
	k := c.t.fit(c.t.label(false, texts...), style{bold: bold, language: c.language}, b)
	if k == nil {
		return nil
	}
	c.d.setBlock(k, solid(with), bold)
	c.y = math.Max(k.ink.Y1, b.y0+0.8*k.size) + gap
	return k
}

// name sets a name: rather smaller on one line than large on two.
func (c *column) name(most, least, height, gap float64, with colour, texts ...string) *block {
	one := *c
	w := func(float64, float64) float64 { return c.wide }
	l := c.t.label(false, texts...)
	st := style{bold: true, language: c.language}
	if k := c.t.fit(l, st, box{x: 0, y0: 0, y1: height, max: most, min: most * 0.62, lines: 1, align: start, whole: true, width: w}); k != nil {
		one.put(most, most*0.62, 1, height, gap, true, with, texts...)
		c.y = one.y
		return k
	}
	return c.put(most, least, 3, height, gap, true, with, texts...)
}

// rtlLanguage says whether a language's lines begin at the right.
func rtlLanguage(tag string) bool {
	base, _, _ := strings.Cut(strings.ToLower(strings.ReplaceAll(tag, "_", "-")), "-")
	switch base {
	case "ar", "he", "iw", "fa", "ur", "ps", "sd", "ug", "yi", "dv", "ckb":
		return true
	}
	return false
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
	d.fill(cut, solid(p.accent))
	foot := &path{}
	foot.polygon(point{0, CardHeight - 10}, point{CardWidth, CardHeight - 10}, point{CardWidth, CardHeight}, point{0, CardHeight})
	d.fill(foot, solid(p.edge))
}

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
