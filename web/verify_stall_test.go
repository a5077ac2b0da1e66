package web_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/accolade-badges/accolade/verifier/fetch"
	"github.com/accolade-badges/accolade/web"
)

// Strangers' servers that answer a byte at a time hold up those who asked for
// them, and nobody else.
func TestStalledVerificationsDelayNobodyElse(t *testing.T) {
	t.Parallel()
	stalled, end := make(chan struct{}, 64), make(chan struct{})
	slow := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		stalled <- struct{}{}
		for {
			_, _ = w.Write([]byte(" "))
			_ = http.NewResponseController(w).Flush()
			select {
			case <-time.After(200 * time.Millisecond):
			case <-end:
				return
			case <-r.Context().Done():
				return
			}
		}
	}))
	t.Cleanup(slow.Close)
	client, err := fetch.New(fetch.Config{AllowHosts: []string{strings.TrimPrefix(slow.URL, "http://")}})
	if err != nil {
		t.Fatal(err)
	}
	h := mustHouse(t, func(c *web.Config) { c.Fetch = client })
	var all sync.WaitGroup
	for i := range cap(stalled) {
		all.Go(func() {
			h.do(t, "POST", "/api/v1/verify", fmt.Appendf(nil, `{"input":"%s/%d"}`, slow.URL, i), "Content-Type", "application/json")
		})
	}
	for range cap(stalled) {
		<-stalled
	}
	began := time.Now()
	got := h.do(t, "POST", "/api/v1/verify", []byte(`{"hello":"world"}`), "Content-Type", "application/json")
	if took := time.Since(began); got.status != http.StatusOK || took > 5*time.Second {
		t.Errorf("status %d after %v", got.status, took)
	}
	close(end)
	all.Wait()
}
