package art

import (
	"fmt"
)

// Kind is what a badge is for; each has a silhouette of its own.
type Kind string

// The kinds. Any other value, the empty one too, is drawn as [Professional].
const (
	Fundamentals Kind = "fundamentals" // a coin
	Associate    Kind = "associate"    // a hexagon
	Expert       Kind = "expert"       // a star of eight points
	Specialty    Kind = "specialty"    // a cut diamond
	Professional Kind = "professional" // a shield, also for any other certification
	Exam         Kind = "exam"         // a ticket
)

// State is what a live picture shows of an award's status.
type State string

// The states. Any other value is drawn as [Current].
const (
	Current     State = ""
	ExpiresSoon State = "expires_soon" // a seal with a clock
	Expired     State = "expired"      // grey, a ribbon with an hourglass
	Suspended   State = "suspended"    // grey, a barrier with two bars
	Revoked     State = "revoked"      // grey, crossed out
)

// DefaultColour is the colour of a badge whose issuer has none.
const DefaultColour = "#1d4f91"

// Limits of a picture's side in pixels.
const (
	MinSize = 64
	MaxSize = 1200
)

// Badge is what a badge picture is drawn from.
type Badge struct {
	Title  string // the achievement's name; fitted, never cut where it can be helped
	Level  string // small line such as "Associate"; may be empty
	Issuer string // the issuer's name; may be empty
	Code   string // exam code or short id such as "AX-104"; drawn where it is short
	Figure string // what chooses the figure, the same in every language; empty: the code, or else the title

	// LatinTitle and LatinIssuer are drawn in PNG and PDF in place of Title
	// and Issuer when no font has their letters. Empty: the code is drawn.
	LatinTitle, LatinIssuer string

	Kind   Kind
	Colour string // #rgb or #rrggbb; anything else means [DefaultColour]

	State     State
	StateText string // the word for State in the badge's language, such as "Expired"

	Language string // BCP 47 tag of the texts; chooses Han forms and marks the SVG
}

// PNG draws the badge as a square picture of size pixels, [MinSize] to
// [MaxSize], transparent around the shape, with a density of 96 dpi.
// The composition follows the pixels: for a signature of 64 shown at twice
// the density ask for 128.
func (s *Studio) PNG(b Badge, size int) ([]byte, error) {
	if size < MinSize || size > MaxSize {
		return nil, fmt.Errorf("badge picture of %d pixels: the side must be %d to %d", size, MinSize, MaxSize)
	}
	var out []byte
	err := s.use(func(t *typesetter) error {
		d := composeBadge(t, b, compositionFor(size), false)
		var err error
		out, err = encodePNG(rasterise(d, size, size))
		return err
	})
	return out, err
}

// SVG draws the badge as outlines in a view box of 1000 by 1000, with title
// and description for those who do not see it, and no script, style or
// outside reference. Text that no font has is left to the reader's font.
func (s *Studio) SVG(b Badge) ([]byte, error) {
	var out []byte
	err := s.use(func(t *typesetter) error {
		d := composeBadge(t, b, full, true)
		out = encodeSVG(d, svgInfo{Title: plain(b.Title), Description: b.describe(), Language: b.Language})
		return nil
	})
	return out, err
}

// describe joins what the picture says, the state first after the title.
func (b Badge) describe() string {
	text := ""
	for _, part := range []string{b.Title, b.StateText, b.Level, b.Issuer, b.Code} {
		part = plain(part)
		if part == "" {
			continue
		}
		if text != "" {
			text += " · "
		}
		text += part
	}
	return text
}
