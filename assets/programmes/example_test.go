package programmes_test

import (
	"encoding/json"
	"fmt"

	"github.com/accolade-badges/accolade/assets/programmes"
)

func ExampleDemo() {
	var file struct {
		Format    string
		Programme struct{ Name string }
	}
	if err := json.Unmarshal(programmes.Demo(), &file); err != nil {
		fmt.Println(err)
	}
	fmt.Println(file.Format, "of the", file.Programme.Name)
	// Output: catalogue/1 of the Sample Cloud Certification Programme
}
