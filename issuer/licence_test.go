package issuer_test

import (
	"fmt"
	"regexp"
	"testing"

	"github.com/accolade-badges/accolade/issuer"
)

func TestLicenceNumberIsShortAndItsAwardsAlone(t *testing.T) {
	form := regexp.MustCompile(`^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){2}$`)
	seen := map[string]string{}
	for i := range 20_000 {
		id := fmt.Sprintf("award%d", i)
		n := issuer.LicenceNumber(id)
		if !form.MatchString(n) {
			t.Fatalf("LicenceNumber(%s) = %q, want three groups of four without I, L, O and U", id, n)
		}
		if other, has := seen[n]; has {
			t.Fatalf("%s and %s share the licence number %s", id, other, n)
		}
		seen[n] = id
	}
	if a, b := issuer.LicenceNumber("9xQe"), issuer.LicenceNumber("9xQe"); a != b {
		t.Errorf("two numbers for one award: %s, %s", a, b)
	}
}
