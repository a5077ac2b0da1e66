package bake

// Limits bounds what the readers accept. A zero field takes its default.
type Limits struct {
	Picture int   // bytes of the picture; default 5 MiB
	Text    int   // bytes of one badge, unpacked; default 1 MiB
	Chunks  int   // chunks of a PNG; default 20,000
	Pixels  int64 // width times height of a PNG; default 100 million
	Depth   int   // nesting of elements of an SVG; default 256
	Found   int   // badges in one picture; default 16
}

func (l Limits) withDefaults() Limits {
	set := func(p *int, n int) {
		if *p == 0 {
			*p = n
		}
	}
	set(&l.Picture, 5<<20)
	set(&l.Text, 1<<20)
	set(&l.Chunks, 20_000)
	set(&l.Depth, 256)
	set(&l.Found, 16)
	if l.Pixels == 0 {
		l.Pixels = 100_000_000
	}
	return l
}

// Generation says which standard a baked badge follows.
type Generation string

// The generations that are baked and read.
const (
	OB3 Generation = "ob3"
	OB2 Generation = "ob2" // and older
	CLR Generation = "clr" // read only
)

// Found is one badge that was taken out of a picture.
type Found struct {
	Generation Generation
	Where      string // "iTXt", "zTXt", "tEXt" or "svg"
	Keyword    string // of a PNG chunk; the element of an SVG
	Compressed bool   // the text was packed, which the standard forbids
	Verify     string // the verify attribute of an SVG element: a JWS or an address
	Text       []byte // a JWS, JSON or an address; trimmed of white space
	Offset     int    // where the chunk or element begins
}

// Payload returns the badge to verify: the JWS in the verify attribute of an
// SVG element if it has one, otherwise the text, otherwise the attribute.
func (f Found) Payload() []byte {
	if len(f.Text) == 0 || looksLikeJWS(f.Verify) {
		return []byte(f.Verify)
	}
	return f.Text
}

func looksLikeJWS(s string) bool {
	dots := 0
	for i := 0; i < len(s); i++ {
		if s[i] == '.' {
			dots++
		}
	}
	return dots == 2 && len(s) > 2 && s[:2] == "ey"
}

// Extract takes all badges out of a PNG or SVG, in the order in which they
// stand there. A picture without a badge gives none and no error. The error is
// always an [*Error].
func Extract(data []byte, l Limits) ([]Found, error) {
	if Format(data) == "svg" {
		return ExtractSVG(data, l)
	}
	return ExtractPNG(data, l)
}
