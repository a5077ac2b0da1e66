package jsonld_test

import (
	"encoding/json"
	"testing"

	"github.com/piprate/json-gold/ld"

	"github.com/accolade-badges/accolade/openbadges/jsonld"
)

// BenchmarkCanonicalize measures from a parsed tree, and how many times as long
// json-gold takes from a parsed tree in the same run. Both are taken in processor
// time.
func BenchmarkCanonicalize(b *testing.B) {
	gold := mustOracle(b)
	for _, name := range []string{"typical", "rich", "full"} {
		b.Run(name, func(b *testing.B) {
			data := mustRead(b, "fixtures/bench/"+name+".json")
			doc := mustParse(b, data)
			var tree any
			if err := json.Unmarshal(data, &tree); err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			before := processorTime(b)
			for b.Loop() {
				if _, err := jsonld.Canonicalize(doc, jsonld.Options{}); err != nil {
					b.Fatal(err)
				}
			}
			ours := float64(processorTime(b)-before) / float64(b.N)
			const rounds = 20
			before = processorTime(b)
			for range rounds {
				if _, err := ld.NewJsonLdProcessor().Normalize(tree, gold.options()); err != nil {
					b.Fatal(err)
				}
			}
			theirs := float64(processorTime(b)-before) / rounds
			b.ReportMetric(ours, "cpu-ns/op")
			b.ReportMetric(theirs/ours, "x-json-gold")
		})
	}
}

// BenchmarkAppendCanonical measures what signing and checking cost here: the
// memory of the canonical form is used again.
func BenchmarkAppendCanonical(b *testing.B) {
	doc := mustParse(b, mustRead(b, "fixtures/bench/typical.json"))
	var out []byte
	b.ReportAllocs()
	before := processorTime(b)
	for b.Loop() {
		var err error
		if out, err = jsonld.AppendCanonical(out[:0], doc, jsonld.Options{}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(processorTime(b)-before)/float64(b.N), "cpu-ns/op")
}

// BenchmarkToRDF measures the walk without canonicalization.
func BenchmarkToRDF(b *testing.B) {
	doc := mustParse(b, mustRead(b, "fixtures/bench/typical.json"))
	b.ReportAllocs()
	before := processorTime(b)
	for b.Loop() {
		if _, err := jsonld.ToRDF(doc, jsonld.Options{}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(processorTime(b)-before)/float64(b.N), "cpu-ns/op")
}
