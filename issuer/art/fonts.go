package art

import (
	"bytes"
	"cmp"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/go-fonts/dejavu/dejavusans"
	"github.com/go-fonts/dejavu/dejavusansbold"
	"github.com/go-text/typesetting/font"
	ot "github.com/go-text/typesetting/font/opentype"
	"github.com/go-text/typesetting/font/opentype/tables"
)

// Bounds on what is taken from the font folders.
const (
	maxFontFiles = 4000
	maxFontBytes = 64 << 20
)

// SystemFontDirs returns the folders in which this system keeps fonts.
func SystemFontDirs() []string {
	var dirs []string
	home, _ := os.UserHomeDir() // no home, no fonts of its own
	switch runtime.GOOS {
	case "windows":
		dirs = append(dirs, filepath.Join(os.Getenv("WINDIR"), "Fonts"))
	case "darwin":
		dirs = append(dirs, "/System/Library/Fonts", "/Library/Fonts")
		if home != "" {
			dirs = append(dirs, filepath.Join(home, "Library", "Fonts"))
		}
	default:
		dirs = append(dirs, "/usr/share/fonts", "/usr/local/share/fonts")
		if home != "" {
			dirs = append(dirs, filepath.Join(home, ".local", "share", "fonts"), filepath.Join(home, ".fonts"))
		}
	}
	return dirs
}

// fontSet is the two fonts inside and, in order of preference, those of the
// system. System fonts are opened when a character first needs them.
type fontSet struct {
	regular, bold *font.Font
	files         []string

	scanOnce sync.Once
	found    []*systemFont

	mu     sync.Mutex
	chosen map[choice]*font.Font // nil: no font has it
	shapes map[glyphKey]*path
}

// choice is what decides about the font of a character.
type choice struct {
	r    rune
	bold bool
	han  han
}

type glyphKey struct {
	font *font.Font
	gid  font.GID
}

// maxShapes bounds the outlines kept; a full store starts anew.
const maxShapes = 20000

// systemFont is one font of a file.
type systemFont struct {
	file   string
	index  int
	bold   bool
	family string
	rank   int
	covers font.Cmap

	once sync.Once
	font *font.Font // nil when it turned out to be damaged
}

func newFontSet(dirs []string, must bool) (*fontSet, error) {
	s := &fontSet{chosen: map[choice]*font.Font{}, shapes: map[glyphKey]*path{}}
	regular, err := font.ParseTTF(bytes.NewReader(dejavusans.TTF))
	if err != nil {
		return nil, fmt.Errorf("read DejaVu Sans: %w", err)
	}
	bold, err := font.ParseTTF(bytes.NewReader(dejavusansbold.TTF))
	if err != nil {
		return nil, fmt.Errorf("read DejaVu Sans Bold: %w", err)
	}
	s.regular, s.bold = regular.Font, bold.Font
	for _, dir := range dirs {
		info, err := os.Stat(dir)
		if err == nil && !info.IsDir() {
			err = fmt.Errorf("%s is a file: name the folder it is in", dir)
		}
		if err == nil {
			err = s.list(dir)
		}
		if err != nil && must && !os.IsNotExist(err) {
			return nil, fmt.Errorf("list font folder: %w", err)
		}
	}
	return s, nil
}

// list collects the font files under dir.
func (s *fontSet) list(dir string) error {
	return filepath.WalkDir(dir, func(name string, e fs.DirEntry, err error) error {
		if err != nil {
			if name == dir {
				return err
			}
			return nil // a folder inside that may not be read holds no font for us
		}
		if len(s.files) >= maxFontFiles {
			return filepath.SkipAll
		}
		switch strings.ToLower(filepath.Ext(name)) {
		case ".ttf", ".otf", ".ttc", ".otc":
			if !e.IsDir() {
				s.files = append(s.files, name)
			}
		}
		return nil
	})
}

// scan reads name, weight and coverage of every listed font with outlines.
func (s *fontSet) scan() {
	for _, name := range s.files {
		s.found = append(s.found, describe(name)...)
	}
	slices.SortStableFunc(s.found, func(a, b *systemFont) int {
		return cmp.Or(cmp.Compare(a.rank, b.rank), cmp.Compare(a.family, b.family),
			cmp.Compare(a.file, b.file), cmp.Compare(a.index, b.index))
	})
}

// describe reads a font file's head data; a damaged file has no fonts.
func describe(name string) []*systemFont {
	f, err := os.Open(name)
	if err != nil {
		return nil
	}
	defer f.Close()
	if info, err := f.Stat(); err != nil || info.Size() > maxFontBytes {
		return nil
	}
	loaders, err := ot.NewLoaders(f)
	if err != nil {
		return nil
	}
	var out []*systemFont
	for i, ld := range loaders {
		if !ld.HasTable(ot.MustNewTag("glyf")) && !ld.HasTable(ot.MustNewTag("CFF ")) && !ld.HasTable(ot.MustNewTag("CFF2")) {
			continue
		}
		d, _ := font.Describe(ld, nil)
		rank := rankFamily(d)
		if rank < 0 {
			continue
		}
		raw, err := ld.RawTable(ot.MustNewTag("cmap"))
		if err != nil {
			continue
		}
		table, _, err := tables.ParseCmap(raw)
		if err != nil {
			continue
		}
		covers, _, err := font.ProcessCmap(table, tables.FPNone)
		if err != nil {
			continue
		}
		out = append(out, &systemFont{
			file: name, index: i, bold: d.Aspect.Weight >= font.WeightSemibold,
			family: d.Family, rank: rank, covers: covers,
		})
	}
	return out
}

// rankFamily orders fonts by how well they stand beside DejaVu Sans; a
// negative rank leaves the font out.
func rankFamily(d font.Description) int {
	family := strings.ToLower(d.Family)
	rank := 10
	switch {
	case strings.Contains(family, "lastresort"), strings.Contains(family, "last resort"), strings.Contains(family, "emoji"):
		return -1 // boxes, or pictures in colours that outlines do not have
	case strings.Contains(family, "noto sans"), strings.Contains(family, "source han sans"):
		rank = 0
	case strings.Contains(family, "dejavu"):
		rank = 2
	case strings.Contains(family, "sans"):
		rank = 4
	}
	if strings.Contains(family, "mono") {
		rank += 20
	}
	if strings.Contains(family, "serif") {
		rank += 5
	}
	if d.Aspect.Style == font.StyleItalic {
		rank += 40
	}
	if d.Aspect.Weight < font.WeightNormal || d.Aspect.Weight > font.WeightBold {
		rank += 30
	}
	return rank
}

// has says whether any font draws r.
func (s *fontSet) has(r rune) bool {
	return blank(r) || s.pick(choice{r: r}) != nil
}

// pick returns the font for a character, nil when there is none.
func (s *fontSet) pick(c choice) *font.Font {
	inside := s.regular
	if c.bold {
		inside = s.bold
	}
	if _, ok := inside.NominalGlyph(c.r); ok {
		return inside
	}
	if _, ok := s.regular.NominalGlyph(c.r); ok {
		return s.regular
	}
	s.scanOnce.Do(s.scan)
	s.mu.Lock()
	f, known := s.chosen[c]
	s.mu.Unlock()
	if known {
		return f
	}
	f = s.search(c)
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.chosen) >= maxShapes {
		clear(s.chosen)
	}
	s.chosen[c] = f
	return f
}

func (s *fontSet) search(c choice) *font.Font {
	var covering []*systemFont
	for _, f := range s.found {
		if _, ok := f.covers.Lookup(c.r); ok {
			covering = append(covering, f)
		}
	}
	slices.SortStableFunc(covering, func(a, b *systemFont) int {
		return cmp.Compare(a.distance(c), b.distance(c))
	})
	for _, f := range covering {
		if loaded := f.load(); loaded != nil {
			return loaded
		}
	}
	return nil
}

// distance orders the fonts that have a character: kind of font first, then
// weight, then the form of Han characters.
func (f *systemFont) distance(c choice) int {
	d := f.rank * 100
	if f.bold != c.bold {
		d += 50
	}
	return d + c.han.distance(f.family)
}

func (f *systemFont) load() *font.Font {
	f.once.Do(func() {
		file, err := os.Open(f.file)
		if err != nil {
			return
		}
		defer file.Close()
		loaders, err := ot.NewLoaders(file)
		if err != nil || f.index >= len(loaders) {
			return
		}
		f.font, _ = font.NewFont(loaders[f.index]) // damaged: stays nil, the next font serves
	})
	return f.font
}

// outline returns a glyph's outline for one unit per em, y growing down.
func (s *fontSet) outline(face *font.Face, gid font.GID) *path {
	key := glyphKey{face.Font, gid}
	s.mu.Lock()
	p, ok := s.shapes[key]
	s.mu.Unlock()
	if ok {
		return p
	}
	p = trackOutline(face, gid)
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.shapes) >= maxShapes {
		clear(s.shapes)
	}
	s.shapes[key] = p
	return p
}

func trackOutline(face *font.Face, gid font.GID) *path {
	p := &path{}
	data, ok := face.GlyphDataOutline(gid)
	if !ok {
		return p
	}
	k := 1 / float64(face.Upem())
	at := func(q ot.SegmentPoint) point { return point{float64(q.X) * k, -float64(q.Y) * k} }
	open := false
	for _, seg := range data.Segments {
		switch seg.Op {
		case ot.SegmentOpMoveTo:
			if open {
				p.close()
			}
			open = true
			p.add(moveTo, at(seg.Args[0]))
		case ot.SegmentOpLineTo:
			p.add(lineTo, at(seg.Args[0]))
		case ot.SegmentOpQuadTo:
			p.add(quadTo, at(seg.Args[0]), at(seg.Args[1]))
		case ot.SegmentOpCubeTo:
			p.add(cubeTo, at(seg.Args[0]), at(seg.Args[1]), at(seg.Args[2]))
		}
	}
	if open {
		p.close()
	}
	return p
}
