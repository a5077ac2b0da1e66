package art

import (
	"slices"
	"unicode"

	"github.com/go-text/typesetting/di"
	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/language"
	"github.com/go-text/typesetting/segmenter"
	"github.com/go-text/typesetting/shaping"
	"golang.org/x/image/math/fixed"
)

// shapeSize is the size at which text is shaped, in pixels; everything kept
// is divided by it, so that one em is one unit.
const shapeSize = 1000

// style is how text looks, its size aside.
type style struct {
	bold     bool
	language string
}

// typesetter turns text into placed outlines. It holds scratch buffers and
// is used by one goroutine at a time.
type typesetter struct {
	fonts  *fontSet
	shaper shaping.HarfbuzzShaper
	runs   shaping.Segmenter
	wrap   shaping.LineWrapper
	breaks segmenter.Segmenter
	faces  map[*font.Font]*font.Face
	want   choice // of the text being shaped
}

func newTypesetter(fonts *fontSet) *typesetter {
	return &typesetter{fonts: fonts, faces: map[*font.Font]*font.Face{}}
}

// ResolveFace implements [shaping.Fontmap].
func (t *typesetter) ResolveFace(r rune) *font.Face {
	want := t.want
	want.r = r
	f := t.fonts.pick(want)
	if f == nil {
		f = t.fonts.regular
	}
	face := t.faces[f]
	if face == nil {
		face = font.NewFace(f)
		t.faces[f] = face
	}
	return face
}

// label is text ready to be set.
type label struct {
	runes   []rune
	foreign bool // has letters that no font has: for the reader's font
}

func (l label) empty() bool { return len(l.runes) == 0 }

// label returns the first of texts that can be drawn: characters that no
// font has are left out when they are ornaments, and a text whose letters
// are missing is passed over, unless it may be left to the reader's font.
func (t *typesetter) label(reader bool, texts ...string) label {
	for _, text := range texts {
		runes := clean(text, maxRunes)
		missing, letters := 0, false
		for _, r := range runes {
			if !t.fonts.has(r) {
				missing++
				letters = letters || unicode.In(r, unicode.L, unicode.M, unicode.N)
			}
		}
		if missing > 0 && reader {
			return label{runes: runes, foreign: true}
		}
		if letters {
			continue
		}
		if missing > 0 {
			runes = slices.DeleteFunc(runes, func(r rune) bool { return !t.fonts.has(r) })
			runes = clean(string(runes), maxRunes)
		}
		if len(runes) > 0 {
			return label{runes: runes}
		}
	}
	return label{}
}

// direction is that of the first strong letter.
func direction(runes []rune) di.Direction {
	for _, r := range runes {
		if unicode.In(r, unicode.Arabic, unicode.Hebrew, unicode.Syriac, unicode.Thaana, unicode.Nko, unicode.Adlam) && unicode.IsLetter(r) {
			return di.DirectionRTL
		}
		if unicode.IsLetter(r) {
			return di.DirectionLTR
		}
	}
	return di.DirectionLTR
}

// narrow is the width to which DejaVu's western letters are pressed: drawn
// as they are they are too broad for a badge.
const narrow = 0.92

func narrowing(run shaping.Output, script language.Script, fonts *fontSet) float64 {
	if run.Face.Font != fonts.regular && run.Face.Font != fonts.bold {
		return 1
	}
	switch script {
	case language.Latin, language.Greek, language.Cyrillic, language.Armenian, language.Georgian, language.Common:
		return narrow
	}
	return 1
}

// shapedRun is one run of one font and direction.
type shapedRun struct {
	shaping.Output
	squeeze float64
}

// shape shapes runes in logical order.
func (t *typesetter) shape(runes []rune, st style, dir di.Direction) []shapedRun {
	t.want = choice{bold: st.bold, han: hanOf(st.language, string(runes))}
	in := shaping.Input{
		Text: runes, RunEnd: len(runes), Direction: dir,
		Size: fixed.I(shapeSize), Language: language.NewLanguage(st.language),
	}
	var out []shapedRun
	for _, piece := range t.runs.Split(in, t) {
		run := t.shaper.ShapeNoExtents(piece)
		out = append(out, shapedRun{run, narrowing(run, piece.Script, t.fonts)})
	}
	return out
}

func em(v fixed.Int26_6) float64 { return float64(v) / 64 / shapeSize }

// textLine is one set line at one unit per em, its pen starting at 0,0.
type textLine struct {
	outline *path
	width   float64
	ink     rect
	visual  []rune // the text from left to right
}

// line sets runes as one line, in visual order.
func (t *typesetter) line(runes []rune, st style, dir di.Direction) textLine {
	out := textLine{outline: &path{}, ink: emptyRect}
	if len(runes) == 0 {
		return out
	}
	shaped := t.shape(runes, st, dir)
	plainRuns := make([]shaping.Output, len(shaped))
	for i := range shaped {
		plainRuns[i] = shaped[i].Output
	}
	order := t.visual(plainRuns, runes, dir)
	for _, i := range order {
		run := shaped[i]
		cluster := -1
		for _, g := range run.Glyphs {
			if at := g.TextIndex(); at != cluster {
				cluster = at
				part := slices.Clone(runes[at : at+g.RunesCount()])
				if run.Direction == di.DirectionRTL {
					slices.Reverse(part)
				}
				out.visual = append(out.visual, part...)
			}
			shape := t.fonts.outline(run.Face, g.GlyphID)
			at := matrix{A: run.squeeze, D: 1, E: out.width + em(g.XOffset)*run.squeeze, F: -em(g.YOffset)}
			out.outline.append(shape, at)
			out.width += em(g.Advance) * run.squeeze
		}
	}
	out.ink = out.outline.bounds()
	return out
}

// visual returns the indexes of runs from left to right.
func (t *typesetter) visual(runs []shaping.Output, runes []rune, dir di.Direction) []int {
	if len(runs) == 1 {
		return []int{0}
	}
	byOffset := make(map[int]int, len(runs))
	for i, r := range runs {
		byOffset[r.Runes.Offset] = i
	}
	lines, _ := t.wrap.WrapParagraphF(shaping.WrapConfig{Direction: dir, BreakPolicy: shaping.Never, DisableTrailingWhitespaceTrim: true},
		fixed.Int26_6(1<<30), runes, shaping.NewSliceIterator(runs))
	var order []int
	for _, l := range lines {
		sorted := slices.Clone(l)
		slices.SortFunc(sorted, func(a, b shaping.Output) int { return int(a.VisualIndex - b.VisualIndex) })
		for _, r := range sorted {
			if i, ok := byOffset[r.Runes.Offset]; ok {
				order = append(order, i)
			}
		}
	}
	if len(order) != len(runs) { // a mandatory break inside: keep logical order
		order = order[:0]
		for i := range runs {
			order = append(order, i)
		}
	}
	return order
}

// paragraph is text measured once, to be broken at any size.
type paragraph struct {
	label
	style style
	dir   di.Direction
	width []float64 // of runes[:i]
	legal []int     // places where a line may end
	soft  []int     // places between letters, for when nothing else helps

	spaced bool // has blanks
}

func (t *typesetter) paragraph(l label, st style) *paragraph {
	p := &paragraph{label: l, style: st, dir: direction(l.runes), spaced: slices.ContainsFunc(l.runes, blank)}
	own := make([]float64, len(l.runes))
	if l.foreign {
		for i, r := range l.runes {
			own[i] = guessWidth(r)
		}
	} else {
		for _, run := range t.shape(l.runes, st, p.dir) {
			for _, g := range run.Glyphs {
				own[g.TextIndex()] += em(g.Advance) * run.squeeze
			}
		}
	}
	p.width = make([]float64, len(own)+1)
	for i, w := range own {
		p.width[i+1] = p.width[i] + w
	}
	t.breaks.Init(l.runes)
	for it := t.breaks.LineIterator(); it.Next(); {
		l := it.Line()
		p.legal = append(p.legal, l.Offset+len(l.Text))
	}
	for it := t.breaks.GraphemeIterator(); it.Next(); {
		g := it.Grapheme()
		if at := g.Offset + len(g.Text); p.severable(at) {
			p.soft = append(p.soft, at)
		}
	}
	return p
}

// guessWidth is a careful guess at a letter's width in a font that we do not
// know.
func guessWidth(r rune) float64 {
	switch {
	case r == ' ':
		return 0.35
	case unicode.In(r, unicode.Mn, unicode.Me) || joins(r):
		return 0
	case r >= 0x1100 && r <= 0x11FF, r >= 0x2E80 && r <= 0xD7FF, r >= 0xF900 && r <= 0xFAFF, r >= 0xFF00 && r <= 0xFF60, r >= 0x1F000:
		return 1.05
	}
	return 0.72
}

// span is the width of runes[i:j] without blanks at its end.
func (p *paragraph) span(i, j int) float64 {
	for j > i && blank(p.runes[j-1]) {
		j--
	}
	return p.width[j] - p.width[i]
}

// severable says whether a word may be parted at j: not within three letters
// of either end, where western letters are.
func (p *paragraph) severable(j int) bool {
	const least = 3
	if !p.hyphenated(j) {
		return true
	}
	for d := 1; d < least; d++ {
		if j-d <= 0 || j+d >= len(p.runes) || !p.hyphenated(j-d) || !p.hyphenated(j+d) {
			return false
		}
	}
	return true
}

// hyphenated says whether a line that ends at j within a word takes a hyphen.
func (p *paragraph) hyphenated(j int) bool {
	if j <= 0 || j >= len(p.runes) {
		return false
	}
	a, b := p.runes[j-1], p.runes[j]
	western := func(r rune) bool {
		return unicode.In(r, unicode.Latin, unicode.Greek, unicode.Cyrillic, unicode.Armenian)
	}
	return western(a) && western(b)
}
