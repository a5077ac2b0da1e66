package jsonld_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/accolade-badges/accolade/openbadges/jsonld"
)

func TestCanonicalizeAgreesWithJSONGoldOnTheBenchmarkDocuments(t *testing.T) {
	gold := mustOracle(t)
	for _, name := range []string{"typical", "rich", "full"} {
		t.Run(name, func(t *testing.T) {
			data := mustRead(t, "fixtures/bench/"+name+".json")
			got, err := jsonld.Canonicalize(mustParse(t, data), jsonld.Options{})
			if err != nil {
				t.Fatal(err)
			}
			want, err := gold.canonicalize(data)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), string(got)); diff != "" {
				t.Errorf("json-gold (-) and Canonicalize (+) differ:\n%s", diff)
			}
		})
	}
}
