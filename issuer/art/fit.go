package art

import (
	"math"
	"slices"
)

// align is where lines stand in their box.
type align uint8

const (
	middle align = iota
	start        // box.x is the left end
	end          // box.x is the right end
)

// box is the room for a text.
type box struct {
	x        float64 // the middle of the lines, or one end
	y0, y1   float64 // room from top to bottom
	width    func(y0, y1 float64) float64
	max, min float64 // sizes
	lines    int     // at most
	align    align
	top      bool    // stand at y0 instead of in the middle
	whole    bool    // better nothing than text in part
	calm     float64 // down to this part of the largest size, fewer lines are better; 0 for never
}

// Measures of a line, in parts of its size.
const (
	ascent  = 0.76
	descent = 0.24
	leading = 1.16
)

// block is text set into a box.
type block struct {
	path    *path
	readers []readerText
	size    float64
	ink     rect
	lines   []rect // ink of each line
	said    []saidText
}

// breaking is one way to break a paragraph.
type breaking struct {
	ends []int
	size float64
}

// fit sets the text as large as its box allows: sizes go down until some
// balanced breaking fits, then words may break, and only then is the end
// cut. It returns nil when nothing can be drawn.
func (t *typesetter) fit(l label, st style, b box) *block {
	if l.empty() {
		return nil
	}
	p := t.paragraph(l, st)
	if br, ok := p.search(b, p.legal, b.max); ok {
		return t.set(p, br, b)
	}
	if b.whole {
		return nil
	}
	if br, ok := p.search(b, p.soft, b.min*1.3); ok {
		return t.set(p, br, b)
	}
	if br, cut := t.shorten(p, b); cut != nil {
		return t.set(cut, br, b)
	}
	return nil
}

// search tries sizes from the largest down.
func (p *paragraph) search(b box, ends []int, from float64) (breaking, bool) {
	for size := min(from, b.max); ; size *= 0.955 {
		size = math.Max(size, b.min)
		if br, ok := p.breakAt(b, ends, size); ok {
			return p.calmer(b, ends, br), true
		}
		if size <= b.min {
			return breaking{}, false
		}
	}
}

// calmer looks for a breaking with fewer lines that is not much smaller.
func (p *paragraph) calmer(b box, ends []int, br breaking) breaking {
	if b.calm == 0 {
		return br
	}
	least := math.Max(b.min, br.size*b.calm)
	for size := br.size; len(br.ends) > 1 && size >= least; size *= 0.97 {
		fewer := b
		fewer.lines = len(br.ends) - 1
		if found, ok := p.breakAt(fewer, ends, size); ok {
			br = found
		}
	}
	return br
}

// breakAt finds the most even breaking at one size.
func (p *paragraph) breakAt(b box, ends []int, size float64) (breaking, bool) {
	best, found := breaking{}, false
	bestCost := math.Inf(1)
	for n := 1; n <= b.lines; n++ {
		if n > 1 && n > len(ends) {
			break
		}
		if float64(n-1)*leading*size+(ascent+descent)*size > b.y1-b.y0+0.01 {
			break
		}
		if e, cost, ok := p.even(b.widths(n, size), ends); ok && cost < bestCost {
			best, bestCost, found = breaking{e, size}, cost, true
		}
	}
	return best, found
}

// widths are the rooms of n lines of a size, in parts of the size.
func (b box) widths(n int, size float64) []float64 {
	base := b.baseline(n, size)
	out := make([]float64, n)
	for i := range out {
		y := base + float64(i)*leading*size
		out[i] = b.width(y-ascent*size, y+descent*size*0.9) / size
	}
	return out
}

// baseline is that of the first of n lines.
func (b box) baseline(n int, size float64) float64 {
	if b.top {
		return b.y0 + ascent*size
	}
	return (b.y0+b.y1)/2 - float64(n-1)*leading*size/2 + (ascent-descent*0.5)/2*size
}

// even breaks the paragraph into exactly len(room) lines that fit and differ
// as little as possible in length.
func (p *paragraph) even(room []float64, ends []int) ([]int, float64, bool) {
	n := len(room)
	mean := p.span(0, len(p.runes)) / float64(n)
	last := len(ends) - 1
	cost := make([]float64, len(ends)) // of the lines so far, ending at ends[i]
	from := make([][]int, n)           // from[k][i]: index of the end before
	const none = -2
	for k := range n {
		next := make([]float64, len(ends))
		from[k] = make([]int, len(ends))
		for i := range next {
			next[i], from[k][i] = math.Inf(1), none
		}
		for s := -1; s < last; s++ {
			begin, before := 0, 0.0
			if s >= 0 {
				begin, before = ends[s], cost[s]
			}
			if (k == 0) != (s < 0) || math.IsInf(before, 1) {
				continue
			}
			for e := s + 1; e <= last; e++ {
				w := p.span(begin, ends[e])
				hyphen := 0.0
				if e < last && p.hyphenated(ends[e]) {
					hyphen = 0.38
				}
				if w+hyphen > room[k] {
					if w > room[k] {
						break
					}
					continue
				}
				d := (w - mean) / math.Max(room[k], 0.01)
				c := before + d*d
				switch {
				case hyphen > 0:
					c += 0.5
				case e < last && p.spaced && !blank(p.runes[ends[e]-1]):
					c += 0.1 // between letters that need no blank: rather at one
				}
				if c < next[e] {
					next[e], from[k][e] = c, s
				}
			}
		}
		cost = next
	}
	if math.IsInf(cost[last], 1) {
		return nil, 0, false
	}
	out := make([]int, n)
	at := last
	for k := n - 1; k >= 0; k-- {
		out[k] = ends[at]
		at = from[k][at]
	}
	return out, cost[last] / float64(n), true
}

// shorten cuts the end of the text until it fits with an ellipsis.
func (t *typesetter) shorten(p *paragraph, b box) (breaking, *paragraph) {
	lo, hi := 0, len(p.soft)-1
	var best breaking
	var cut *paragraph
	for lo < hi {
		mid := (lo + hi) / 2
		keep := slices.Clone(p.runes[:p.soft[mid]])
		for len(keep) > 0 && blank(keep[len(keep)-1]) {
			keep = keep[:len(keep)-1]
		}
		q := t.paragraph(label{append(keep, '…'), p.foreign}, p.style)
		br, ok := q.search(b, q.legal, b.min)
		if !ok {
			br, ok = q.search(b, q.soft, b.min)
		}
		if ok {
			best, cut = br, q
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return best, cut
}

// set draws a breaking. Ink that leaves the room (towers of marks, letters
// with long tails) makes the whole block smaller.
func (t *typesetter) set(p *paragraph, br breaking, b box) *block {
	lines := make([]textLine, len(br.ends))
	texts := make([]string, len(br.ends))
	begin := 0
	for i, end := range br.ends {
		runes := p.runes[begin:end]
		for len(runes) > 0 && blank(runes[len(runes)-1]) {
			runes = runes[:len(runes)-1]
		}
		if p.hyphenated(end) {
			runes = append(slices.Clone(runes), '-')
		}
		texts[i] = string(runes)
		if p.foreign {
			lines[i] = textLine{outline: &path{}, width: p.span(begin, end), ink: emptyRect}
		} else {
			lines[i] = t.line(runes, p.style, p.dir)
		}
		begin = end
	}
	size := br.size
	for range 40 {
		out := b.draw(p, lines, texts, size)
		if b.holds(out) {
			return out
		}
		size *= 0.93
	}
	return nil
}

// draw places lines at a size, the distance between them growing where
// their ink needs it.
func (b box) draw(p *paragraph, lines []textLine, texts []string, size float64) *block {
	n := len(lines)
	ys := make([]float64, n)
	for i := 1; i < n; i++ {
		gap := leading
		if need := lines[i-1].ink.Y1 - lines[i].ink.Y0 + 0.08; !math.IsInf(need, 0) && need > gap {
			gap = need
		}
		ys[i] = ys[i-1] + gap*size
	}
	first := b.y0 + ascent*size
	if !b.top {
		first = (b.y0+b.y1)/2 - ys[n-1]/2 + (ascent-descent*0.5)/2*size
	} else if lines[0].ink.Y0 < -ascent && !lines[0].ink.empty() {
		first = b.y0 - lines[0].ink.Y0*size
	}
	out := &block{path: &path{}, size: size, ink: emptyRect}
	for i, l := range lines {
		x, y := b.x, first+ys[i]
		switch b.align {
		case middle:
			x -= l.width * size / 2
		case end:
			x -= l.width * size
		}
		if p.foreign {
			out.readers = append(out.readers, readerText{
				text: texts[i], x: x + l.width*size/2, y: y, size: size, bold: p.style.bold, rtl: p.dir != 0,
			})
			continue
		}
		out.said = append(out.said, saidText{text: texts[i], visual: string(l.visual), x: x, y: y, width: l.width * size, size: size})
		m := matrix{A: size, D: size, E: x, F: y}
		out.path.append(l.outline, m)
		if l.ink.empty() {
			continue
		}
		ink := rect{l.ink.X0*size + x, l.ink.Y0*size + y, l.ink.X1*size + x, l.ink.Y1*size + y}
		out.lines = append(out.lines, ink)
		out.ink = out.ink.union(ink)
	}
	return out
}

// holds says whether all ink is within the box.
func (b box) holds(k *block) bool {
	const slack = 2 // units; side bearings
	for _, l := range k.lines {
		room := b.width(l.Y0, l.Y1)
		left, right := b.x, b.x+room
		switch b.align {
		case middle:
			left, right = b.x-room/2, b.x+room/2
		case end:
			left, right = b.x-room, b.x
		}
		over := 0.06 * k.size
		if l.X0 < left-slack-over || l.X1 > right+slack+over || l.Y0 < b.y0-over-slack || l.Y1 > b.y1+over+slack {
			return false
		}
	}
	return true
}

// width is the length of a block that starts at 0.
func (k *block) width() float64 {
	w := math.Max(0, k.ink.X1)
	for _, r := range k.readers {
		w = math.Max(w, 2*r.x)
	}
	return w
}

// shift moves a block.
func (k *block) shift(m matrix) {
	k.path = k.path.transform(m)
	k.ink = k.path.bounds()
	for i := range k.readers {
		at := m.apply(point{k.readers[i].x, k.readers[i].y})
		k.readers[i].x, k.readers[i].y = at.X, at.Y
	}
}
