package art

import (
	"fmt"
	"sync"
)

// Config says where a [Studio] finds fonts beside the DejaVu it carries.
type Config struct {
	// FontDirs are searched, with all folders in them, for .ttf, .otf, .ttc
	// and .otc files. Nil means [SystemFontDirs]; an empty slice that is not
	// nil means none. A folder that does not exist is passed over.
	FontDirs []string
}

// Studio draws. Make one with [New] and keep it: it holds parsed fonts and
// glyph outlines. It is safe for concurrent use.
type Studio struct {
	fonts   *fontSet
	setters sync.Pool // *typesetter; shaping holds scratch buffers
}

// New reads the fonts inside and lists (without reading) those of
// c.FontDirs. It fails when a given folder cannot be listed.
func New(c Config) (*Studio, error) {
	dirs, given := c.FontDirs, c.FontDirs != nil
	if !given {
		dirs = SystemFontDirs()
	}
	fonts, err := newFontSet(dirs, given)
	if err != nil {
		return nil, fmt.Errorf("fonts: %w", err)
	}
	s := &Studio{fonts: fonts}
	s.setters.New = func() any { return newTypesetter(fonts) }
	return s, nil
}

// Missing returns the characters of text, each once and in order, that no
// font of the studio can draw. Characters without a picture of their own
// (blanks, joiners, controls) are not counted.
func (s *Studio) Missing(text string) []rune {
	var missing []rune
	seen := map[rune]bool{}
	for _, r := range clean(text, maxRunes) {
		if seen[r] || s.fonts.has(r) {
			continue
		}
		seen[r] = true
		missing = append(missing, r)
	}
	return missing
}

// use lends a typesetter to fn.
func (s *Studio) use(fn func(t *typesetter) error) error {
	t := s.setters.Get().(*typesetter)
	defer s.setters.Put(t)
	return fn(t)
}
