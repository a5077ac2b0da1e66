package art

import (
	"bytes"
	"image"
	"image/png"
	"sync"
	"testing"
)

const sampleURL = "https://badges.example.org/badges/7Yp9mXq2Lc4RtVw8"

// onlyInside is a studio without fonts of the system, so that its pictures
// are the same on every machine.
var onlyInside = sync.OnceValues(func() (*Studio, error) { return New(Config{FontDirs: []string{}}) })

// MustStudio returns a studio with the fonts inside only.
func MustStudio(tb testing.TB) *Studio {
	tb.Helper()
	s, err := onlyInside()
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

var allKinds = []Kind{Fundamentals, Associate, Expert, Specialty, Professional, Exam}

var allStates = []State{Current, ExpiresSoon, Expired, Suspended, Revoked}

func sampleBadge(k Kind) Badge {
	b := Badge{
		Title: "Example Certified: Cloud Solutions Architect Expert", Level: "Expert",
		Issuer: "Example Programme", Kind: k, Language: "en",
	}
	if k == Exam {
		b.Title, b.Level, b.Code = "Designing Cloud Solutions", "", "AX-305"
	}
	return b
}

func sampleCard() Card {
	return Card{
		Badge: sampleBadge(Expert), Earner: "Zoë Sample-Muster", Headline: "Verified credential",
		Line: "Awarded 5 March 2026", URL: sampleURL,
	}
}

func sampleCertificate() Certificate {
	return Certificate{
		Badge: sampleBadge(Expert), Earner: "Zoë Sample-Muster", Statement: "This certifies that",
		Achieved: "has earned the certification", Lines: []string{"Awarded 5 March 2026", "Valid until 5 March 2027"},
		URL: sampleURL, Verify: "Verify at", Credential: []byte(`{"type":["VerifiableCredential"]}`),
	}
}

// MustDecode decodes a PNG.
func MustDecode(tb testing.TB, data []byte) image.Image {
	tb.Helper()
	img, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		tb.Fatal(err)
	}
	return img
}

// MustPNG draws and decodes a badge.
func MustPNG(tb testing.TB, s *Studio, b Badge, size int) image.Image {
	tb.Helper()
	data, err := s.PNG(b, size)
	if err != nil {
		tb.Fatalf("PNG(%+v, %d): %v", b, size, err)
	}
	return MustDecode(tb, data)
}
