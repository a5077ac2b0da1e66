package catalogue

import "testing"

func BenchmarkDecide(b *testing.B) {
	c := mustParse(b, mustRead(b, "microsoft.json"))
	now := at("2026-11-01")
	for _, bench := range []struct{ name, passes, held string }{
		{"one pass", "AZ-900 2021-07-01", ""},
		{"two exams", "AZ-304 2021-04-01, AZ-303 2021-05-04", ""},
		{"with a prerequisite", "AZ-305 2023-05-01, AZ-104 2022-06-01", ""},
		{"many touched", "PL-200 2023-01-01, MB-230 2023-01-02, MB-210 2023-01-03, MB-220 2023-01-04, MB-240 2023-01-05", ""},
	} {
		b.Run(bench.name, func(b *testing.B) {
			b.ReportAllocs()
			p, h := passes(bench.passes), held(bench.held)
			for b.Loop() {
				if len(c.Decide(p, h, nil, now)) == 0 {
					b.Fatal("nothing decided")
				}
			}
		})
	}
}

func BenchmarkParse(b *testing.B) {
	data := mustRead(b, "microsoft.json")
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		mustParse(b, data)
	}
}
