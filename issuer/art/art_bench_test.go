package art

import (
	"slices"
	"testing"
	"time"

	qrcode "github.com/skip2/go-qrcode"
)

func BenchmarkPNG(b *testing.B) {
	s := MustStudio(b)
	for _, size := range []struct {
		name string
		n    int
	}{{"64", 64}, {"128", 128}, {"240", 240}, {"600", 600}, {"1200", 1200}} {
		b.Run(size.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := s.PNG(sampleBadge(Expert), size.n); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkSVG(b *testing.B) {
	s := MustStudio(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := s.SVG(sampleBadge(Expert)); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCard(b *testing.B) {
	s := MustStudio(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := s.Card(sampleCard()); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCertificate(b *testing.B) {
	s := MustStudio(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := s.Certificate(sampleCertificate()); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkQR times our QR pictures and, turn by turn in the same run, those
// of the library that computes the dots, and compares their medians. The goal
// is a ratio of 0.35 at most.
func BenchmarkQR(b *testing.B) {
	s := MustStudio(b)
	b.Run("png256", func(b *testing.B) {
		var ours, limit []time.Duration
		for b.Loop() {
			start := time.Now()
			if _, err := s.QR(sampleURL, 256); err != nil {
				b.Fatal(err)
			}
			mid := time.Now()
			if _, err := qrcode.Encode(sampleURL, qrcode.Medium, 256); err != nil {
				b.Fatal(err)
			}
			ours, limit = append(ours, mid.Sub(start)), append(limit, time.Since(mid))
		}
		slices.Sort(ours)
		slices.Sort(limit)
		a, z := ours[len(ours)/2], limit[len(limit)/2]
		b.ReportMetric(float64(a.Microseconds()), "us-ours")
		b.ReportMetric(float64(z.Microseconds()), "us-limit")
		b.ReportMetric(float64(a)/float64(z), "ratio")
	})
}
