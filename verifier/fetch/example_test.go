package fetch_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/accolade-badges/accolade/verifier/fetch"
)

func Example() {
	client, err := fetch.New(fetch.Config{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer client.Close()
	_, err = client.Get(context.Background(), "https://169.254.169.254/latest/meta-data", "application/json")
	var refused *fetch.Error
	fmt.Println(errors.As(err, &refused), refused.Code, refused.Forbidden())
	// Output: true address_forbidden true
}
