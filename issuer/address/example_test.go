package address_test

import (
	"fmt"

	"github.com/accolade-badges/accolade/issuer/address"
)

func ExampleFold() {
	fmt.Println(address.Fold("Kim@Example.org"))
	fmt.Println(address.Fold("kim@xn--mnchen-3ya.example"))
	// Output:
	// kim@example.org
	// kim@münchen.example
}
