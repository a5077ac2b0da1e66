package jsonld_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/accolade-badges/accolade/openbadges/jsonld"
	"github.com/accolade-badges/accolade/openbadges/strictjson"
)

// samples calls f with every shared JSON document that has a @context, without
// its proof.
func samples(t *testing.T, f func(name string, doc strictjson.Value)) {
	mustIndex(t) // skips where nothing is shared
	for _, root := range []string{"fixtures/badges", "fixtures/bench", "fixtures/hostile/inputs", "standards/vectors"} {
		err := filepath.WalkDir(filepath.Join(shared, root), func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			data, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			v, err := strictjson.Parse(data)
			if err != nil || v.Get("@context") == nil || len(v.Members()) == 1 {
				return nil
			}
			f(strings.TrimPrefix(path, shared+"/"), v.Without("proof"))
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// The known faults of json-gold 0.9.1. On every document that shows one, what
// Canonicalize returns was found byte-equal to jsonld.js 9.0.0 with rdf-canonize
// 5.0.0.
const (
	numbers    = "writes numbers from 1e19 up and some below 1e-6 otherwise than JavaScript"
	directions = "leaves the direction of a text out"
	nullScope  = "looks for the container of a term in the context that its own scope makes, which @context null has emptied"
)

var faults = map[string]string{
	"edge-cases/num5_1e-7.json":                  numbers,
	"edge-cases/num6_100000000000000000000.json": numbers,
	"edge-cases/num7_12345678901234567890.json":  numbers,
	"w3c-vcdm2/input/names-and-descriptions/credential-description-language-direction-en-ok.json": directions,
	"w3c-vcdm2/input/names-and-descriptions/credential-name-language-direction-en-ok.json":        directions,
	"w3c-vcdm2/input/names-and-descriptions/issuer-description-language-direction-en-ok.json":     directions,
	"w3c-vcdm2/input/names-and-descriptions/issuer-name-language-direction-en-ok.json":            directions,
	"w3c-vc-jose-cose/input/presentation-selective.json":                                          nullScope,
	"w3c-vc-jose-cose/input/presentation-single.json":                                             nullScope,
	"w3c-vcdm2/input/presentation-context-combo1-ok.json":                                         nullScope,
	"w3c-vcdm2/input/presentation-context-combo2-ok.json":                                         nullScope,
	"w3c-vcdm2/input/presentation-enveloped-vc-ok.json":                                           nullScope,
	"w3c-vcdm2/input/presentation-holder-name-fail.json":                                          nullScope,
	"w3c-vcdm2/input/presentation-holder-object-ok.json":                                          nullScope,
	"w3c-vcdm2/input/presentation-holder-ok.json":                                                 nullScope,
	"w3c-vcdm2/input/presentation-multiple-vc-ok.json":                                            nullScope,
	"w3c-vcdm2/input/presentation-self-asserted-vc-holder-mismatch.json":                          nullScope,
	"w3c-vcdm2/input/presentation-self-asserted-vc-issuer-mismatch.json":                          nullScope,
	"w3c-vcdm2/input/presentation-self-asserted-vc-no-holder.json":                                nullScope,
	"w3c-vcdm2/input/presentation-self-asserted-vc-ok.json":                                       nullScope,
	"w3c-vcdm2/input/presentation-vc-ok.json":                                                     nullScope,
}

// refusals says which samples are refused, and why; a star stands for the rest of
// a name. All others must be accepted.
var refusals = []struct {
	name string
	code jsonld.Code
}{
	// Documents that are wrong on purpose.
	{"standards/vectors/w3c-vcdm2/input/*-fail.json", ""},
	{"fixtures/badges/ob30/1edtech/simple-err-*type.json", jsonld.UndefinedTerm},
	{"fixtures/badges/ob30/1edtech/simple-err-context.json", jsonld.UndefinedTerm},
	{"fixtures/badges/ob20/1edtech/rdf-validation-invalid-class.json", jsonld.UndefinedTerm},
	{"fixtures/badges/ob20/1edtech/basic-assertion-invalid-context.json", jsonld.UnknownContext},
	{"fixtures/hostile/inputs/h23-credential.json", jsonld.UndefinedTerm},
	{"fixtures/hostile/inputs/h25-credential.json", jsonld.UnknownContext},
	{"fixtures/hostile/inputs/h30-credential.json", jsonld.TooComplex},
	{"fixtures/hostile/inputs/h31-credential.json", jsonld.TooComplex},
	{"standards/vectors/edge-cases/ctl.json", jsonld.ControlCharacter},
	{"standards/vectors/edge-cases/prot.json", jsonld.ProtectedRedefinition},
	{"standards/vectors/edge-cases/aka.json", jsonld.UndefinedTerm},
	{"standards/vectors/edge-cases/endjwt.json", jsonld.UndefinedTerm},
	{"standards/vectors/edge-cases/status_noext.json", jsonld.UndefinedTerm},
	{"standards/vectors/edge-cases/unknownprop.json", jsonld.UndefinedTerm},
	// Documents that use what their contexts do not define.
	{"fixtures/badges/documents/digitalcredentials.github.io_vc-test-fixtures_dids_oidf_did.json", jsonld.UndefinedTerm},
	{"fixtures/badges/legacy/validator-core/1_1_basic_assertion.json", jsonld.UndefinedTerm},
	{"standards/vectors/ob3-spec-examples/impl-migrating-upgraded-ob-2-0-assertion-included-within-clr-2-0.json", jsonld.UndefinedTerm},
	{"standards/vectors/w3c-vc-jose-cose/input/presentation-multiple.json", jsonld.BadIRI}, // a line feed in a data: URL
	// A language for a whole document stands in the document, not in its context.
	{"fixtures/badges/documents/example.org_badgeclass-with-language.json", jsonld.BadValue},
	{"fixtures/badges/ob20/1edtech/badge-class-with-language.json", jsonld.BadValue},
	{"fixtures/badges/ob20/1edtech/rdf-validation-badge-class-invalid-issuer-type.json", jsonld.BadValue},
	// Contexts that are not held.
	{"fixtures/badges/clr20/1edtech/simple-noproof.json", jsonld.UnknownContext},
	{"fixtures/badges/ob20/1edtech/assertion-with-extension-node-basic.json", jsonld.UnknownContext},
	{"standards/vectors/ob3-spec-examples/equality-and-comparison-sample-credential-*", jsonld.UnknownContext},
	{"standards/vectors/ob3-spec-examples/readme-sample-assertion-credential.json", jsonld.UnknownContext},
	{"standards/vectors/w3c-di-*/employ*", jsonld.UnknownContext},
	{"standards/vectors/w3c-di-ecdsa/*/prc/*", jsonld.UnknownContext},
	{"standards/vectors/w3c-di-ecdsa/*/*/prc/*", jsonld.UnknownContext},
	{"standards/vectors/w3c-di-ecdsa/prCredUnsigned.json", jsonld.UnknownContext},
	// @base.
	{"standards/vectors/rdf-canon/manifest.jsonld", jsonld.Unsupported},
}

func refusalOf(name string) (jsonld.Code, bool) {
	for _, r := range refusals {
		pattern := strings.Split(r.name, "*")
		rest, ok := strings.CutPrefix(name, pattern[0])
		for _, part := range pattern[1:] {
			at := strings.LastIndex(rest, part)
			ok = ok && at >= 0
			if ok {
				rest = rest[at+len(part):]
			}
		}
		if ok {
			return r.code, true
		}
	}
	return "", false
}

func TestCanonicalizeAgreesWithJSONGoldOnEverySample(t *testing.T) {
	gold := mustOracle(t)
	same, faulty, refused := 0, 0, 0
	samples(t, func(name string, doc strictjson.Value) {
		got, err := jsonld.Canonicalize(&doc, jsonld.Options{})
		code, expected := refusalOf(name)
		var e *jsonld.Error
		if errors.As(err, &e) {
			if !expected || code != "" && e.Code != code {
				t.Errorf("%s: Canonicalize: %s: %v, want it accepted or refused with %q", name, e.Code, e, code)
			}
			refused++
			return
		}
		if expected && code != "" {
			t.Errorf("%s: Canonicalize accepts it, want %s", name, code)
		}
		want, err := gold.canonicalize(doc.Append(nil))
		if err != nil {
			t.Errorf("%s: json-gold: %v", name, err)
			return
		}
		fault := faults[strings.TrimPrefix(name, "standards/vectors/")]
		switch {
		case fault == "" && string(want) != string(got):
			t.Errorf("%s: json-gold (-) and Canonicalize (+) differ:\n%s", name, cmp.Diff(string(want), string(got)))
		case fault == "":
			same++
		case string(want) == string(got):
			t.Errorf("%s: json-gold agrees now, so it no longer %s", name, fault)
		default:
			faulty++
		}
	})
	t.Logf("%d the same, %d where json-gold is at fault, %d refused", same, faulty, refused)
	if same < 250 || faulty != len(faults) {
		t.Errorf("%d the same and %d at fault, want at least 250 and %d", same, faulty, len(faults))
	}
}

// Statements of the walk alone agree as well, whatever the canonical labels.
func TestToRDFHasTheStatementsOfTheCanonicalForm(t *testing.T) {
	for _, name := range []string{"typical", "rich", "full"} {
		doc := mustParse(t, mustRead(t, "fixtures/bench/"+name+".json"))
		d, err := jsonld.ToRDF(doc, jsonld.Options{})
		if err != nil {
			t.Fatal(err)
		}
		read, err := jsonld.ParseNQuads(d.NQuads())
		if err != nil {
			t.Fatal(err)
		}
		want, err := jsonld.Canonicalize(doc, jsonld.Options{})
		if err != nil {
			t.Fatal(err)
		}
		for what, d := range map[string]*jsonld.Dataset{"the dataset": d, "the dataset written and read": read} {
			got, issued, err := d.Canonicalize(jsonld.Options{})
			if err != nil || string(got) != string(want) {
				t.Errorf("%s: %s canonicalizes differently: %v", name, what, err)
			}
			if len(issued) == 0 {
				t.Errorf("%s: %s: no identifiers were issued", name, what)
			}
		}
	}
}
