package web_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"

	"github.com/accolade-badges/accolade/issuer"
	"github.com/accolade-badges/accolade/issuer/keys"
	"github.com/accolade-badges/accolade/issuer/ledger"
	"github.com/accolade-badges/accolade/web"
)

// An installation as a handler: any server can run it.
func Example() {
	dir, err := os.MkdirTemp("", "")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = os.RemoveAll(dir) }()
	l, err := ledger.Open(context.Background(), ledger.Config{URL: filepath.Join(dir, "ledger.db")})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = l.Close() }()
	master, err := keys.CreateMaster(filepath.Join(dir, "master.key"), "")
	if err != nil {
		fmt.Println(err)
		return
	}
	service, err := issuer.New(issuer.Config{Ledger: l, Master: master, BaseURL: "https://badges.example.org"})
	if err != nil {
		fmt.Println(err)
		return
	}
	handler, err := web.New(web.Config{Issuer: service, VerifyRate: 60})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, address := range []string{"https://badges.example.org/", "https://badges.example.org/badges/unknown", "https://other.example.org/"} {
		answer := httptest.NewRecorder()
		handler.ServeHTTP(answer, httptest.NewRequest(http.MethodGet, address, nil))
		fmt.Println(answer.Code, address)
	}
	// Output:
	// 200 https://badges.example.org/
	// 404 https://badges.example.org/badges/unknown
	// 421 https://other.example.org/
}
