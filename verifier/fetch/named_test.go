package fetch_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/accolade-badges/accolade/verifier/fetch"
)

func TestNamedAddressesAreBounded(t *testing.T) {
	t.Parallel()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/away" {
			http.Redirect(w, r, "/", http.StatusFound)
			return
		}
		_, _ = w.Write(bytes.Repeat([]byte{'x'}, 2<<20))
	}))
	t.Cleanup(srv.Close)
	client := fetch.Named(10 * time.Second)
	res, err := client.Get(srv.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	if body, err := io.ReadAll(res.Body); err != nil || len(body) != 1<<20 {
		t.Errorf("%d bytes, %v", len(body), err)
	}
	if res, err := client.Get(srv.URL + "/away"); err == nil {
		_ = res.Body.Close()
		t.Error("a redirect was followed")
	}
}
